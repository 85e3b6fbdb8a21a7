//! Text without what people write differently: case, marks, spaces, punctuation.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Lower-case letters and digits without marks, nothing else: `Họ và tên` -> `hovaten`.
pub fn plain(text: &str) -> String {
    if text.is_ascii() {
        return text
            .bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|byte| char::from(byte.to_ascii_lowercase()))
            .collect();
    }
    text.nfd()
        .filter(|c| !is_combining_mark(*c) && c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

/// Only digits, at least one.
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The text with single spaces, none at its ends, in NFC.
pub fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !tidy.is_empty() {
            tidy.push(' ');
        }
        if word.is_ascii() {
            tidy.push_str(word);
        } else {
            tidy.extend(word.nfc());
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text() {
        for (text, want) in [
            ("Họ và tên", "hovaten"),
            ("HỌ VÀ TÊN (*)", "hovaten"),
            ("Đối tượng", "doituong"),
            ("Ngày-sinh", "ngaysinh"),
            ("Date of birth", "dateofbirth"),
            ("", ""),
        ] {
            assert_eq!(plain(text), want);
        }
        assert_eq!(tidy("  Nguye\u{302}\u{303}n \u{a0} An\t"), "Nguyễn An");
    }
}
