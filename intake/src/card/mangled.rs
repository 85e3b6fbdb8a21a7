//! What happens to a text on its way through a reader that types it: other keyboards, caps lock, a
//! wrong code page.

use unicode_normalization::UnicodeNormalization as _;

/// A keyboard layout of the computer that the reader does not know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Layout {
    /// Windows' own Vietnamese layout: letters and marks in the row of digits.
    Vietnamese,
    /// French, AZERTY.
    French,
    /// German, QWERTZ.
    German,
}

/// UTF-8 that was read as Windows-1252 or Latin-1, read rightly; `None` if it is not that.
pub(crate) fn from_mojibake(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match u8::try_from(c) {
            Ok(byte) => bytes.push(byte),
            Err(_) => {
                let mut one = [0; 4];
                let (encoded, _, failed) =
                    encoding_rs::WINDOWS_1252.encode(c.encode_utf8(&mut one));
                match encoded.as_ref() {
                    [byte] if !failed => bytes.push(*byte),
                    _ => return None,
                }
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// Upper case for lower case and the other way round.
pub(super) fn swap_case(text: &str) -> String {
    let swap = |c: char| -> String {
        if c.is_lowercase() {
            c.to_uppercase().collect()
        } else {
            c.to_lowercase().collect()
        }
    };
    text.nfc().map(swap).collect()
}

/// The text that was typed on the US layout the reader takes for granted; `None` if a key of it
/// does not exist, or if it can't have been told apart.
pub(super) fn from_layout(layout: Layout, text: &str) -> Option<String> {
    match layout {
        Layout::Vietnamese => from_vietnamese(text),
        Layout::French => text.chars().map(french).collect(),
        Layout::German => Some(text.chars().map(german).collect()),
    }
}

/// Digits become `đăâêô` and five tone marks. Letters typed on other keys stay.
fn from_vietnamese(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let mut base = None;
        let mut marks = String::new();
        for part in core::iter::once(c).nfd() {
            match (part, base) {
                ('\u{300}', _) => marks.push('5'),
                ('\u{309}', _) => marks.push('6'),
                ('\u{303}', _) => marks.push('7'),
                ('\u{301}', _) => marks.push('8'),
                ('\u{323}', _) => marks.push('9'),
                ('\u{306}', Some('a')) => {
                    base = Some('1');
                }
                ('\u{302}', Some('a')) => {
                    base = Some('2');
                }
                ('\u{302}', Some('e')) => {
                    base = Some('3');
                }
                ('\u{302}', Some('o')) => {
                    base = Some('4');
                }
                ('đ', None) => base = Some('0'),
                ('₫', None) => base = Some('='),
                (other, None) => base = Some(other),
                _ => return None,
            }
        }
        // A letter and its tone in one: two keys that something put together. Two tones in one
        // place would have lost their order.
        if marks.len() > 1 {
            return None;
        }
        out.extend(base);
        out.push_str(&marks);
    }
    Some(out)
}

fn french(c: char) -> Option<char> {
    Some(match c {
        '&' => '1',
        'é' => '2',
        '"' => '3',
        '\'' => '4',
        '(' => '5',
        '-' => '6',
        'è' => '7',
        '_' => '8',
        'ç' => '9',
        'à' => '0',
        'a' => 'q',
        'q' => 'a',
        'z' => 'w',
        'w' => 'z',
        'A' => 'Q',
        'Q' => 'A',
        'Z' => 'W',
        'W' => 'Z',
        ',' => 'm',
        '?' => 'M',
        'm' => ';',
        'M' => ':',
        ';' => ',',
        ':' => '.',
        '!' => '/',
        ')' => '-',
        'µ' => '|',
        c if c.is_ascii() && !c.is_ascii_digit() => c,
        _ => return None,
    })
}

fn german(c: char) -> char {
    match c {
        'y' => 'z',
        'z' => 'y',
        'Y' => 'Z',
        'Z' => 'Y',
        '\'' => '|',
        '-' => '/',
        'ß' => '-',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_pages() {
        assert_eq!(from_mojibake("NGUYá»„N").as_deref(), Some("NGUYỄN"));
        assert_eq!(from_mojibake("N\u{e1}\u{bb}\u{af}").as_deref(), Some("Nữ"));
        assert_eq!(from_mojibake("Nguyễn"), None);
        assert_eq!(from_mojibake("Nam"), None);
        assert_eq!(from_mojibake("Lé"), None);
    }

    #[test]
    fn keyboards() {
        let typed = "đđăđ\u{323}đ";
        assert_eq!(
            from_layout(Layout::Vietnamese, typed).as_deref(),
            Some("001090")
        );
        assert_eq!(
            from_layout(Layout::Vietnamese, "ằ|Nam").as_deref(),
            Some("15|Nam")
        );
        assert_eq!(
            from_layout(Layout::French, "àà&à_çµNq,").as_deref(),
            Some("001089|Nam")
        );
        assert_eq!(from_layout(Layout::French, "1"), None);
        assert_eq!(
            from_layout(Layout::German, "NGUZEN'").as_deref(),
            Some("NGUYEN|")
        );
        assert_eq!(swap_case("nGUYỄN vĂN a"), "Nguyễn Văn A");
    }
}
