//! How configuration names a token and a key in it.

use core::{fmt, str::FromStr};

use cryptoki::object::Attribute;

/// Names a token.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TokenName {
    /// By the label it was given when it was initialised.
    Label(String),
    /// By its serial number, which its maker gave it.
    Serial(String),
}

impl fmt::Display for TokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokenName::Label(label) => write!(f, "with the label {label}"),
            TokenName::Serial(serial) => write!(f, "with the serial number {serial}"),
        }
    }
}

/// Names a key in a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyName {
    /// By its CKA_ID; written in hexadecimal digits.
    Id(Vec<u8>),
    /// By its CKA_LABEL.
    Label(String),
}

/// The text is no CKA_ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the id of a key is written in pairs of hexadecimal digits, as in 01 or a3f09c")]
pub struct BadKeyName;

impl KeyName {
    /// By a CKA_ID in hexadecimal digits.
    pub fn from_hex(text: &str) -> Result<KeyName, BadKeyName> {
        let digits = text.as_bytes();
        if digits.is_empty() || digits.len() % 2 != 0 {
            return Err(BadKeyName);
        }
        let pairs = digits.chunks_exact(2).map(|pair| {
            let pair = str::from_utf8(pair).map_err(|_| BadKeyName)?;
            // Else a sign would be taken for a digit.
            if !pair.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return Err(BadKeyName);
            }
            u8::from_str_radix(pair, 16).map_err(|_| BadKeyName)
        });
        pairs.collect::<Result<_, _>>().map(KeyName::Id)
    }

    pub(super) fn attribute(&self) -> Attribute {
        match self {
            KeyName::Id(id) => Attribute::Id(id.clone()),
            KeyName::Label(label) => Attribute::Label(label.clone().into_bytes()),
        }
    }
}

impl FromStr for KeyName {
    type Err = BadKeyName;

    fn from_str(text: &str) -> Result<KeyName, BadKeyName> {
        KeyName::from_hex(text)
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyName::Id(id) => {
                f.write_str("id ")?;
                id.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
            KeyName::Label(label) => write!(f, "label {label}"),
        }
    }
}
