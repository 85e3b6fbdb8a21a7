//! Base45, RFC 9285: two bytes as three characters of the QR alphanumeric set.
//!
//! Encoding is the `base45` crate's. Decoding is our own table, for two reasons: the crate takes
//! two-character tails above 255 that RFC 9285 section 3 refuses (so that two texts could carry
//! one certificate), and it costs more than everything else around the signature check together.
//! The tests hold ours against the crate.

use alloc::{string::String, vec::Vec};

/// Why a text is not Base45.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Base45Error {
    /// A character outside `0-9 A-Z $%*+-./:` and space.
    #[error("character {position} is not of the Base45 alphabet")]
    Alphabet {
        /// Position in the text without prefix, from 1.
        position: usize,
    },
    /// The length is one more than a multiple of three, which no bytes encode to.
    #[error("a length of {length} characters is not possible in Base45")]
    Length {
        /// Characters in the text without prefix.
        length: usize,
    },
    /// Three characters stand for more than 65,535, or two at the end for more than 255.
    #[error("the group at character {position} stands for a number that is too large")]
    Overflow {
        /// Position of the group's first character, from 1.
        position: usize,
    },
}

const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Larger than any digit by so much that a group with it always exceeds [`u16::MAX`].
const OUTSIDE: u32 = 1 << 24;

/// Digit values by character, already multiplied by 1, 45 and 2025.
const fn table(weight: u32) -> [u32; 256] {
    let mut table = [OUTSIDE; 256];
    let mut digit = 0;
    while digit < 45 {
        table[ALPHABET[digit as usize] as usize] = digit * weight;
        digit += 1;
    }
    table
}

static ONES: [u32; 256] = table(1);
static FORTY_FIVES: [u32; 256] = table(45);
static SQUARES: [u32; 256] = table(2025);

/// Encodes bytes.
pub fn encode(bytes: &[u8]) -> String {
    ::base45::encode(bytes)
}

/// Appends the decoded bytes to `out`. On an error, what `out` holds beyond its former length
/// means nothing.
pub fn decode_into(text: &[u8], out: &mut Vec<u8>) -> Result<(), Base45Error> {
    if text.len() % 3 == 1 {
        return Err(Base45Error::Length { length: text.len() });
    }
    let (triples, tail) = text.as_chunks::<3>();
    let start = out.len();
    out.resize(start + triples.len() * 2, 0);
    let (pairs, _) = out[start..].as_chunks_mut::<2>();
    for (index, (&[a, b, c], pair)) in triples.iter().zip(pairs).enumerate() {
        let value = ONES[usize::from(a)] + FORTY_FIVES[usize::from(b)] + SQUARES[usize::from(c)];
        let Ok(value) = u16::try_from(value) else {
            return Err(fault(text, 3 * index, 3));
        };
        *pair = value.to_be_bytes();
    }
    if let &[a, b] = tail {
        let value = ONES[usize::from(a)] + FORTY_FIVES[usize::from(b)];
        let Ok(value) = u8::try_from(value) else {
            return Err(fault(text, text.len() - 2, 2));
        };
        out.push(value);
    }
    Ok(())
}

/// Tells which of the two faults a refused group has.
#[cold]
fn fault(text: &[u8], start: usize, length: usize) -> Base45Error {
    let group = text.iter().enumerate().skip(start).take(length);
    match group
        .into_iter()
        .find(|(_, c)| ONES[usize::from(**c)] == OUTSIDE)
    {
        Some((position, _)) => Base45Error::Alphabet {
            position: position + 1,
        },
        None => Base45Error::Overflow {
            position: start + 1,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decode(text: &str) -> Result<Vec<u8>, Base45Error> {
        let mut out = Vec::new();
        decode_into(text.as_bytes(), &mut out).map(|()| out)
    }

    #[test]
    fn examples_of_rfc_9285_section_4() {
        for (text, bytes) in [
            ("BB8", "AB"),
            ("%69 VD92EX0", "Hello!!"),
            ("UJCLQE7W581", "base-45"),
            ("QED8WEX0", "ietf!"),
        ] {
            assert_eq!(decode(text).unwrap(), bytes.as_bytes());
            assert_eq!(encode(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn refuses_what_rfc_9285_refuses() {
        use Base45Error::*;
        for (text, error) in [
            ("A", Length { length: 1 }),
            ("BB8A", Length { length: 4 }),
            ("GGW", Overflow { position: 1 }),
            ("BB8:::", Overflow { position: 4 }),
            ("::", Overflow { position: 1 }),
            ("V5", Overflow { position: 1 }),
            ("BB8V5", Overflow { position: 4 }),
            ("bb8", Alphabet { position: 1 }),
            ("BB8B\u{e9}", Alphabet { position: 5 }),
            ("BB8BB_", Alphabet { position: 6 }),
        ] {
            assert_eq!(decode(text), Err(error), "{text}");
        }
        assert_eq!(decode("FGW").unwrap(), [0xff, 0xff]);
        assert_eq!(decode("U5").unwrap(), [0xff]);
    }

    proptest! {
        #[test]
        fn decodes_what_the_crate_encodes(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encode(&bytes)).unwrap(), bytes);
        }

        #[test]
        fn one_text_for_each_value(text in "[0-9A-Z $%*+./:-]{0,40}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }

        #[test]
        fn accepts_nothing_the_crate_refuses(text in ".{0,40}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(::base45::decode(&text).ok(), Some(bytes));
            }
        }
    }
}
