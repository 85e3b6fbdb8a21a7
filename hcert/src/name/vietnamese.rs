//! What is particular to Vietnamese names.

use alloc::string::String;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A Vietnamese name in two parts, as a certificate needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitName {
    /// The family name, `họ`.
    pub family: String,
    /// Middle and given names, `tên đệm` and `tên`; empty for a name of one word.
    pub given: String,
}

/// Splits a full name written family name first, as on Vietnamese identity cards.
///
/// The first word is the family name, all others are given names. This is a proposal that the
/// person at the desk may correct: compound family names are not told apart from middle names.
/// A name of one word is all family name, as Doc 9303 asks of people with one name. `None` if
/// there is no word.
///
/// The parts are in NFC, with single spaces.
pub fn split_vietnamese(name: &str) -> Option<SplitName> {
    let name: String = name.nfc().collect();
    let mut words = name.split_whitespace();
    let family = words.next()?.into();
    let mut given = String::new();
    for word in words {
        if !given.is_empty() {
            given.push(' ');
        }
        given.push_str(word);
    }
    Some(SplitName { family, given })
}

/// Whether a letter is used that no other common alphabet has; see
/// [`Transliteration::detect`](super::Transliteration::detect).
pub(super) fn has_vietnamese_letter(name: &str) -> bool {
    const CIRCUMFLEX: char = '\u{302}';
    const BREVE: char = '\u{306}';
    const HOOK_ABOVE: char = '\u{309}';
    const HORN: char = '\u{31B}';
    const DOT_BELOW: char = '\u{323}';
    let mut is_vowel = false;
    let mut shaped = false;
    let mut toned = false;
    for c in name.nfd() {
        if !is_combining_mark(c) {
            is_vowel = matches!(c.to_ascii_uppercase(), 'A' | 'E' | 'I' | 'O' | 'U' | 'Y');
            (shaped, toned) = (false, false);
            continue;
        }
        shaped |= matches!(c, CIRCUMFLEX | BREVE);
        toned |= matches!(c, '\u{300}' | '\u{301}' | '\u{303}');
        let only_vietnamese = matches!(c, HOOK_ABOVE | HORN | DOT_BELOW) || (shaped && toned);
        if is_vowel && only_vietnamese {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_is_the_family_name() {
        for (name, family, given) in [
            ("Nguyễn Văn Đức", "Nguyễn", "Văn Đức"),
            ("  Đỗ\u{a0}Thị  Hồng Nhung ", "Đỗ", "Thị Hồng Nhung"),
            ("NGUYỄN VĂN A", "NGUYỄN", "VĂN A"),
            ("Nguye\u{302}\u{303}n An", "Nguyễn", "An"),
            ("Nhung", "Nhung", ""),
        ] {
            let split = split_vietnamese(name).unwrap();
            assert_eq!(
                (split.family.as_str(), split.given.as_str()),
                (family, given)
            );
        }
        assert_eq!(split_vietnamese("  "), None);
    }
}
