//! From bytes to text, whatever the encoding.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1258};
use std::borrow::Cow;

use super::TableError;

/// UTF-8 with or without a mark, UTF-16, and what else is left: Windows-1258.
pub(super) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, TableError> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let bytes = bytes.get(mark..).unwrap_or_default();
        return Ok(encoding.decode_without_bom_handling(bytes).0);
    }
    if let Some(encoding) = utf16(bytes) {
        return Ok(encoding.decode_without_bom_handling(bytes).0);
    }
    if let Some(text) = UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        return if text.contains('\0') {
            Err(TableError::NotATable)
        } else {
            Ok(text)
        };
    }
    if bytes.contains(&0) {
        return Err(TableError::NotATable);
    }
    let (text, _) = WINDOWS_1258.decode_without_bom_handling(bytes);
    if is_legacy_font(&text) {
        return Err(TableError::LegacyFont);
    }
    Ok(text)
}

/// UTF-16 without a mark: every second byte of a table's separators and digits is zero.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..bytes.len().min(512))?;
    let zeros = |odd: usize| {
        start
            .iter()
            .enumerate()
            .filter(|(at, byte)| at % 2 == odd && **byte == 0)
            .count()
    };
    let half = start.len() / 2;
    // Two thirds, since Vietnamese letters have other high bytes.
    let most = |zeros: usize| half > 8 && zeros * 3 > half * 2;
    match (most(zeros(0)), most(zeros(1))) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

/// Signs that stand within words only where a font drew Vietnamese letters in their place.
fn is_legacy_font(text: &str) -> bool {
    const SIGNS: &str = "¸µ¶·¹¨»¾¼½©ª«¬®×÷¤¦§";
    let mut inside = 0;
    let mut before = ' ';
    let mut letters = 0;
    for c in text.chars().take(20_000) {
        if c.is_alphabetic() {
            letters += 1;
        }
        if before.is_alphabetic() && SIGNS.contains(c) {
            inside += 1;
        }
        before = c;
    }
    inside > 2 && inside * 50 > letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        let text = "Họ tên;Ngày sinh\nNguyễn Văn Đức;26/02/1998\n";
        let wide = |big: bool| -> Vec<u8> {
            let bytes = |unit: u16| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            };
            text.encode_utf16().flat_map(bytes).collect()
        };
        let marked = |mark: &[u8], rest: &[u8]| [mark, rest].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            marked(b"\xef\xbb\xbf", text.as_bytes()),
            wide(false),
            wide(true),
            marked(b"\xff\xfe", &wide(false)),
            marked(b"\xfe\xff", &wide(true)),
        ] {
            assert_eq!(super::text(&bytes).as_deref(), Ok(text));
        }
        // ễ is ê and a mark; Đ and ư have letters of their own.
        let old = b"Ho\xf2 t\xean;Nguy\xea\xden V\xe3n \xd0\xfd\xecc";
        let read = super::text(old).unwrap();
        let composed: String =
            unicode_normalization::UnicodeNormalization::nfc(read.chars()).collect();
        assert_eq!(composed, "Họ tên;Nguyễn Văn Đức");
        assert_eq!(super::text(b"a\0\0\0b"), Err(TableError::NotATable));
        // The same name in TCVN3.
        let font = b"H\xe4 t\xaan;Nguy\xd4n V\xa8n \xa7\xf8c\n";
        assert_eq!(super::text(&font.repeat(3)), Err(TableError::LegacyFont));
    }
}
