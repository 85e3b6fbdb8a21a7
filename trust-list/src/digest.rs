//! SHA-256 as a name: of parts, of manifests, and of the keys in a root.

use alloc::string::{String, ToString};
use core::{fmt, str::FromStr};

use sha2::{Digest as _, Sha256};

/// SHA-256 (FIPS 180-4) over some bytes; written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 in 64 hexadecimal digits")]
pub struct NotDigest;

impl Digest {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(Sha256::digest(bytes).into())
    }

    /// From its 32 bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Digest {
        Digest(bytes)
    }

    /// Its 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first eight digits, for people who compare.
    pub fn short(&self) -> String {
        self.to_string().chars().take(8).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl FromStr for Digest {
    type Err = NotDigest;

    /// Reads 64 hexadecimal digits; spaces and colons between them, as people write fingerprints,
    /// are passed over.
    fn from_str(text: &str) -> Result<Digest, NotDigest> {
        let mut out = [0; 32];
        let mut digits = text
            .chars()
            .filter(|c| !matches!(c, ' ' | ':'))
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()));
        for byte in &mut out {
            let (Some(Some(high)), Some(Some(low))) = (digits.next(), digits.next()) else {
                return Err(NotDigest);
            };
            *byte = high * 16 + low;
        }
        match digits.next() {
            None => Ok(Digest(out)),
            Some(_) => Err(NotDigest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let digest = Digest::of(b"abc");
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest.to_string(), text);
        assert_eq!(text.parse(), Ok(digest));
        assert_eq!(text.to_uppercase().parse(), Ok(digest));
        assert_eq!(text.replace("cfea", ":cf ea").parse(), Ok(digest));
        for wrong in ["", &text[1..], &format!("{text}0"), &text.replace('b', "g")] {
            assert_eq!(wrong.parse::<Digest>(), Err(NotDigest), "{wrong}");
        }
    }
}
