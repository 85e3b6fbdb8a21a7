//! Unique vaccination certificate identifiers, the property `ci`.
//!
//! The eHealth Network's
//! [guidelines](https://health.ec.europa.eu/document/download/739ebd82-4d9b-4a4a-a01c-b8fb0e9a3b26_en)
//! (annex 2) give the form `URN:UVCI:01:<country>:<opaque>#<check character>`, where the opaque
//! part may be written in up to three parts with `/` between: issuer, vaccine, unique string.
//! Certificates in use carry many other forms, which are read as they are.

use alloc::{
    format,
    string::{String, ToString},
};
use core::{fmt, str::FromStr};

/// The longest identifier, in characters (DCC schema 1.3.3).
pub const MAX_UVCI: usize = 80;

const PREFIX: &str = "URN:UVCI:";
const ALPHABET: &[u8; 38] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:";

/// An identifier of 1 to 80 characters without control characters, otherwise as it was received.
///
/// The parts and the check character are hints for showing and searching: identifiers that do
/// not have them are in use, and are to be accepted.
///
/// ```
/// use hcert::uvci::{CheckCharacter, Uvci};
///
/// let made = Uvci::new("VN", "8A1F3C")?;
/// assert!(made.as_str().starts_with("URN:UVCI:01:VN:8A1F3C#"));
/// assert_eq!(made.check_character(), CheckCharacter::Right);
/// assert_eq!(Uvci::parse("urn:uvci:01:CH:1A2B")?.country(), Some("CH"));
/// # Ok::<(), hcert::uvci::UvciError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uvci(String);

/// Why a text cannot be an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UvciError {
    /// There is nothing.
    #[error("the identifier is empty")]
    Empty,
    /// More than [`MAX_UVCI`] characters.
    #[error("the identifier has {length} characters, {MAX_UVCI} are allowed")]
    TooLong {
        /// The number of characters, the check character included.
        length: usize,
    },
    /// A control character, or, when making one, a character outside `A-Z`, `0-9` and `/`.
    #[error("the identifier holds a character that is not allowed")]
    Character {
        /// The first such character.
        found: char,
    },
    /// When making one: the country is not two letters `A` to `Z`.
    #[error("the country is not two letters A to Z")]
    Country,
    /// When making one: the opaque part is empty, has an empty part, or more than three parts.
    #[error("the opaque part is not one to three non-empty parts")]
    Parts,
}

/// What the check character says; never more than a hint.
///
/// Several countries compute it otherwise or put a `#` where it has another meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckCharacter {
    /// It is the one computed from the rest.
    Right,
    /// It is another one, or the rest has characters that cannot be computed with.
    Wrong,
    /// There is no `#` followed by one character at the end.
    Absent,
}

/// Which of the forms of the guidelines the opaque part has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Parts<'a> {
    /// The issuing entity, if there are two parts or more.
    pub issuer: Option<&'a str>,
    /// The vaccine, if there are three parts.
    pub vaccine: Option<&'a str>,
    /// The unique string.
    pub unique: &'a str,
}

impl Uvci {
    /// For reading: takes any text of 1 to 80 characters without control characters, as it is:
    /// revocation hashes are made over exactly this text.
    pub fn parse(text: &str) -> Result<Uvci, UvciError> {
        if text.is_empty() {
            return Err(UvciError::Empty);
        }
        let length = text.chars().count();
        if length > MAX_UVCI {
            return Err(UvciError::TooLong { length });
        }
        match text.chars().find(|c| c.is_control()) {
            Some(found) => Err(UvciError::Character { found }),
            None => Ok(Uvci(text.into())),
        }
    }

    /// Makes version 01 with a check character: `URN:UVCI:01:<country>:<opaque>#<check>`.
    ///
    /// `country` is ISO 3166 alpha-2. `opaque` is given by the caller, who answers for its being
    /// unique and telling nothing about the person: one to three parts of `A-Z` and `0-9` with
    /// `/` between.
    pub fn new(country: &str, opaque: &str) -> Result<Uvci, UvciError> {
        if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(UvciError::Country);
        }
        let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '/';
        if let Some(found) = opaque.chars().find(|c| !allowed(*c)) {
            return Err(UvciError::Character { found });
        }
        if opaque.split('/').any(str::is_empty) || opaque.split('/').count() > 3 {
            return Err(UvciError::Parts);
        }
        let body = format!("{PREFIX}01:{country}:{opaque}");
        let check = check_character(&body).ok_or(UvciError::Parts)?;
        let text = format!("{body}#{check}");
        if text.len() > MAX_UVCI {
            return Err(UvciError::TooLong { length: text.len() });
        }
        Ok(Uvci(text))
    }

    /// As [`Uvci::new`], the opaque part being bytes (a random number, say), written in
    /// upper-case hexadecimal. At most 31 bytes fit.
    pub fn from_bytes(country: &str, opaque: &[u8]) -> Result<Uvci, UvciError> {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        let digit = |nibble: u8| HEX.get(usize::from(nibble)).map(|b| char::from(*b));
        let hex: String = opaque
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
            .flatten()
            .collect();
        Uvci::new(country, &hex)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the check character says.
    pub fn check_character(&self) -> CheckCharacter {
        match self.split_check() {
            (_, None) => CheckCharacter::Absent,
            (body, Some(check)) if check_character(body) == Some(check) => CheckCharacter::Right,
            _ => CheckCharacter::Wrong,
        }
    }

    /// The text without `#` and check character.
    pub fn without_check(&self) -> &str {
        self.split_check().0
    }

    /// The version as written, `01` in all known ones; `None` if the form is another.
    pub fn version(&self) -> Option<&str> {
        self.fields().map(|(version, _, _)| version)
    }

    /// The two letters of the country as written; `None` if the form is another.
    pub fn country(&self) -> Option<&str> {
        self.fields().map(|(_, country, _)| country)
    }

    /// The opaque part; `None` if the form is another.
    pub fn opaque(&self) -> Option<&str> {
        self.fields().map(|(_, _, opaque)| opaque)
    }

    /// The opaque part split at `/`; more than three parts stay in the unique string.
    pub fn parts(&self) -> Option<Parts<'_>> {
        let opaque = self.opaque()?;
        let mut split = opaque.splitn(3, '/');
        Some(match (split.next(), split.next(), split.next()) {
            (Some(issuer), Some(vaccine), Some(unique)) => Parts {
                issuer: Some(issuer),
                vaccine: Some(vaccine),
                unique,
            },
            (Some(issuer), Some(unique), None) => Parts {
                issuer: Some(issuer),
                vaccine: None,
                unique,
            },
            _ => Parts {
                issuer: None,
                vaccine: None,
                unique: opaque,
            },
        })
    }

    fn split_check(&self) -> (&str, Option<char>) {
        if let Some((body, check)) = self.0.rsplit_once('#') {
            let mut chars = check.chars();
            if let (Some(check), None) = (chars.next(), chars.next()) {
                return (body, Some(check));
            }
        }
        (&self.0, None)
    }

    /// Version, country and opaque part: with or without `URN:` and `UVCI:` (any case; `UCI:` and
    /// `DGCI:` occur), the three separated by `:`, by `/` or not at all.
    fn fields(&self) -> Option<(&str, &str, &str)> {
        let rest = without_prefix(self.without_check(), &["URN:"]);
        let rest = without_prefix(rest, &["UVCI:", "UCI:", "DGCI:"]);
        let (version, rest) = rest.split_at_checked(2)?;
        let (country, opaque) = without_separator(rest).split_at_checked(2)?;
        let is_version = matches!(version.as_bytes(), [b'0' | b'V' | b'v', b'0'..=b'9']);
        let is_country = country.bytes().all(|b| b.is_ascii_uppercase());
        (is_version && is_country).then_some((version, country, without_separator(opaque)))
    }
}

/// The text after the first of these prefixes that it has, whatever its case.
fn without_prefix<'a>(text: &'a str, prefixes: &[&str]) -> &'a str {
    let after = prefixes.iter().find_map(|prefix| {
        let (head, rest) = text.split_at_checked(prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then_some(rest)
    });
    after.unwrap_or(text)
}

fn without_separator(text: &str) -> &str {
    text.strip_prefix([':', '/']).unwrap_or(text)
}

impl fmt::Display for Uvci {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Uvci {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl FromStr for Uvci {
    type Err = UvciError;

    fn from_str(text: &str) -> Result<Uvci, UvciError> {
        Uvci::parse(text)
    }
}

impl From<Uvci> for String {
    fn from(uvci: Uvci) -> String {
        uvci.to_string()
    }
}

/// Luhn mod 38 over the whole text without `#`; `None` if a character is outside the alphabet
/// `A-Z`, `0-9`, `/`, `:`.
pub fn check_character(body: &str) -> Option<char> {
    let base = ALPHABET.len();
    let mut sum = 0;
    for (at, byte) in body.bytes().rev().enumerate() {
        let code = ALPHABET.iter().position(|letter| *letter == byte)?;
        let product = if at % 2 == 0 { 2 * code } else { code };
        sum = (sum + product / base + product % base) % base;
    }
    ALPHABET
        .get((base - sum) % base)
        .map(|byte| char::from(*byte))
}

#[cfg(test)]
mod tests;
