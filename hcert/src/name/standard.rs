//! A name in the letters of a machine-readable zone.

use alloc::string::String;
use core::{fmt, str::FromStr};

/// The longest standardised name a certificate can carry, in characters.
pub const MAX_STANDARD_NAME: usize = 80;

/// A standardised name: at most 80 of the characters `A` to `Z` and `<`, as `fnt` and `gnt` of
/// the DCC schema (`^[A-Z<]*$`). May be empty.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct StandardName(String);

/// Why a text is not a standardised name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StandardNameError {
    /// A character other than `A` to `Z` and `<`.
    #[error("only the letters A to Z and < are allowed")]
    Character {
        /// The first such character.
        found: char,
    },
    /// More than [`MAX_STANDARD_NAME`] characters.
    #[error("longer than {MAX_STANDARD_NAME} characters")]
    TooLong,
}

impl StandardName {
    /// Takes the text as it is; to make one from a name in its own letters see
    /// [`Transliteration`](super::Transliteration).
    pub fn parse(text: &str) -> Result<StandardName, StandardNameError> {
        if let Some(found) = text
            .chars()
            .find(|c| !(c.is_ascii_uppercase() || *c == '<'))
        {
            return Err(StandardNameError::Character { found });
        }
        if text.len() > MAX_STANDARD_NAME {
            return Err(StandardNameError::TooLong);
        }
        Ok(StandardName(text.into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no letter at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The parts between the fillers `<`.
    pub fn tokens(&self) -> impl Iterator<Item = &str> {
        self.0.split('<').filter(|token| !token.is_empty())
    }
}

impl fmt::Display for StandardName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for StandardName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl FromStr for StandardName {
    type Err = StandardNameError;

    fn from_str(text: &str) -> Result<StandardName, StandardNameError> {
        StandardName::parse(text)
    }
}

/// Collects letters and part boundaries into a [`StandardName`].
#[derive(Default)]
pub(super) struct Builder(String);

impl Builder {
    /// Adds letters `A` to `Z`.
    pub(super) fn letters(&mut self, letters: &str) {
        debug_assert!(letters.bytes().all(|b| b.is_ascii_uppercase()));
        self.0.push_str(letters);
    }

    /// Ends a part; never at the start, never twice.
    pub(super) fn boundary(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with('<') {
            self.0.push('<');
        }
    }

    /// Cuts to 80 characters: after the last whole part that fits, or inside the part when it is
    /// the only one.
    pub(super) fn finish(self) -> StandardName {
        let mut text = self.0;
        if text.len() > MAX_STANDARD_NAME {
            let ends_whole = text.as_bytes().get(MAX_STANDARD_NAME) == Some(&b'<');
            text.truncate(MAX_STANDARD_NAME);
            if !ends_whole && let Some(boundary) = text.rfind('<') {
                text.truncate(boundary);
            }
        }
        text.truncate(text.trim_end_matches('<').len());
        StandardName(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_keeps_the_schema_pattern() {
        for good in ["", "NGUYEN", "THI<HONG<NHUNG", "<<A<"] {
            assert_eq!(StandardName::parse(good).unwrap().as_str(), good);
        }
        for (bad, found) in [("Nguyen", 'g'), ("A B", ' '), ("A1", '1'), ("ĐO", 'Đ')] {
            let want = Err(StandardNameError::Character { found });
            assert_eq!(StandardName::parse(bad), want);
        }
        assert!(StandardName::parse(&"A".repeat(80)).is_ok());
        assert_eq!(
            StandardName::parse(&"A".repeat(81)),
            Err(StandardNameError::TooLong)
        );
    }
}
