//! Identifiers of persons, records, certificates.

use std::{fmt, str::FromStr};

use hcert::time::Timestamp;
use service::random::{self, NoRandom};

/// 16 bytes: 48 bits of the time, which keep an index in order, and 80 random ones, which nobody
/// guesses. Written as 32 hexadecimal digits. Says nothing about a person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; 16]);

impl Id {
    /// A new one.
    pub fn new(now: Timestamp) -> Result<Id, NoRandom> {
        let mut bytes = [0; 16];
        let time = now.unix().saturating_mul(1000).to_be_bytes();
        let (head, tail) = bytes.split_at_mut(6);
        head.copy_from_slice(&time[2..]);
        tail.copy_from_slice(&random::bytes::<10>()?[..]);
        Ok(Id(bytes))
    }

    /// From 16 bytes, as the database has them.
    pub fn from_slice(bytes: &[u8]) -> Option<Id> {
        bytes.try_into().ok().map(Id)
    }

    /// Its bytes.
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({self})")
    }
}

/// The text is no identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no identifier: it has 32 hexadecimal digits")]
pub struct NotAnId;

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Id, NotAnId> {
        let mut bytes = [0; 16];
        if text.len() != 32 || !text.is_ascii() {
            return Err(NotAnId);
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = str::from_utf8(pair).map_err(|_| NotAnId)?;
            if pair.starts_with('+') {
                return Err(NotAnId);
            }
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NotAnId)?;
        }
        Ok(Id(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let now = "2026-11-28T08:00:00Z".parse().unwrap();
        let id = Id::new(now).unwrap();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(Id::from_slice(id.bytes()), Some(id));
        assert!(Id::new(now).unwrap() != id);
        let later: Timestamp = "2026-11-28T08:00:01Z".parse().unwrap();
        assert!(Id::new(later).unwrap() > id);
        for wrong in [
            "",
            "0",
            "+0000000000000000000000000000000",
            &"g".repeat(32),
            &"é".repeat(16),
        ] {
            assert_eq!(wrong.parse::<Id>(), Err(NotAnId), "{wrong}");
        }
    }
}
