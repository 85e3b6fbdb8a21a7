//! Text from outside, made printable.

use unicode_normalization::UnicodeNormalization;

use super::Press;

/// Stands for a letter that the fonts do not have.
const UNKNOWN: char = '\u{FFFD}';

/// The text composed (NFC), so that decomposed Vietnamese uses the glyphs drawn for it; runs of white
/// space as one space; control characters left out; a character without a glyph as its compatible one
/// (`（` as `(`), else as `U+FFFD`.
pub(crate) fn clean(press: &Press, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let visible = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !is_invisible(*c));
    for c in visible.nfc() {
        if c == ' ' {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if press.covers(c) {
            out.push(c);
        } else {
            let start = out.len();
            out.extend(core::iter::once(c).nfkc());
            let covered = out
                .get(start..)
                .is_some_and(|made| made.chars().all(|c| press.covers(c)));
            if !covered {
                out.truncate(start);
                out.push(UNKNOWN);
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Formatting that has no glyph: joiners, marks of direction, variation selectors.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{00AD}')
}

/// Whether the fonts have all letters of a cleaned text.
pub(crate) fn is_whole(clean: &str) -> bool {
    !clean.contains(UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let press = Press::new();
        for (text, expected) in [
            ("Nguye\u{302}\u{303}n", "Nguyễn"),
            ("U\u{31B}\u{323} o\u{31B}\u{309}", "Ự ở"),
            ("  a \t\n b\u{a0}c ", "a b c"),
            ("a\u{0}\u{202e}b\u{200b}", "ab"),
            ("Device（Colloidal Gold）", "Device(Colloidal Gold)"),
            ("王小明", "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ("Đặng Κώστας Иван", "Đặng Κώστας Иван"),
            ("", ""),
        ] {
            assert_eq!(clean(&press, text), expected, "{text:?}");
        }
        assert!(!is_whole(&clean(&press, "王")));
        assert!(is_whole("Ự"));
    }

    #[test]
    fn every_vietnamese_letter_has_a_glyph() {
        let press = Press::new();
        let vowels = "aăâeêioôơuưy";
        for vowel in vowels.chars().chain(vowels.to_uppercase().chars()) {
            for tone in ["", "\u{300}", "\u{301}", "\u{303}", "\u{309}", "\u{323}"] {
                let letter: String = format!("{vowel}{tone}").nfc().collect();
                assert_eq!(letter.chars().count(), 1);
                assert_eq!(clean(&press, &letter), letter);
            }
        }
        assert_eq!(clean(&press, "đĐ₫"), "đĐ₫");
    }
}
