//! Texts and country codes of a payload.

use alloc::string::String;
use core::fmt;

use unicode_normalization::UnicodeNormalization;

/// The longest text of a payload, in characters.
pub const MAX_TEXT: usize = 80;

/// A text of at most 80 characters (Unicode scalar values), in NFC, without control characters,
/// line breaks and overrides of the text direction. May be empty.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(String);

/// Why a text cannot be in a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// More than [`MAX_TEXT`] characters after normalisation.
    #[error("the text has {length} characters, {MAX_TEXT} are allowed")]
    TooLong {
        /// The number of characters.
        length: usize,
    },
    /// A control character.
    #[error("the text holds a control character")]
    ControlCharacter {
        /// The first such character.
        found: char,
    },
}

impl Text {
    /// Normalises to NFC and checks.
    pub fn new(text: &str) -> Result<Text, TextError> {
        // The bound keeps a hostile text from being held twice; no text of 80 characters in NFC
        // starts with more than 80 others.
        let normal: String = text.nfc().take(MAX_TEXT + 1).collect();
        if normal.chars().count() > MAX_TEXT {
            return Err(TextError::TooLong {
                length: text.nfc().count(),
            });
        }
        match normal.chars().find(|c| is_control(*c)) {
            Some(found) => Err(TextError::ControlCharacter { found }),
            None => Ok(Text(normal)),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no character.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        || c == '\u{FEFF}'
}

/// The country of an event or an issuer: one to ten letters `A` to `Z`, ISO 3166 alpha-2 where
/// possible (`VN`; an organisation may be longer, `UNHCR`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode(String);

impl CountryCode {
    /// `None` if it does not have that form.
    pub fn new(text: &str) -> Option<CountryCode> {
        let right = (1..=10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase());
        right.then(|| CountryCode(text.into()))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eighty_characters_of_any_script() {
        assert_eq!(
            Text::new(&"ễ".repeat(80)).unwrap().as_str().chars().count(),
            80
        );
        let decomposed: String = "ễ".repeat(80).nfd().collect();
        assert_eq!(Text::new(&decomposed).unwrap().as_str(), "ễ".repeat(80));
        assert_eq!(
            Text::new(&"ễ".repeat(81)),
            Err(TextError::TooLong { length: 81 })
        );
        for found in [
            '\0', '\n', '\u{7f}', '\u{85}', '\u{202e}', '\u{2028}', '\u{feff}',
        ] {
            let text = alloc::format!("a{found}b");
            assert_eq!(Text::new(&text), Err(TextError::ControlCharacter { found }));
        }
        assert!(Text::new("").unwrap().is_empty());
        assert!(Text::new("Trạm y tế \u{200c}phường").is_ok());
    }

    #[test]
    fn country_codes() {
        for good in ["VN", "D", "UNHCR", "ABCDEFGHIJ"] {
            assert_eq!(CountryCode::new(good).unwrap().as_str(), good);
        }
        for bad in ["", "vn", "V N", "V1", "ABCDEFGHIJK", "Đ"] {
            assert_eq!(CountryCode::new(bad), None, "{bad}");
        }
    }
}
