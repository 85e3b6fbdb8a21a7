//! The code on the paper: nine random characters and one that checks them.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use service::random::{self, NoRandom};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The characters of a code. No two of them look alike: where two would (`0 O`, `1 I L`, `2 Z`, `5 S`,
/// `8 B`, `V U`), one is here and the other is read as it. There are 29, a prime, which the check
/// character needs.
const ALPHABET: &[u8; 29] = b"0123456789ACDEFGHJKMNPQRTVWXY";
/// As many as the alphabet has.
const MODULUS: u32 = 29;
/// Random characters: 29^9 codes, 43 bits.
const RANDOM: usize = 9;
/// With the check character.
const LENGTH: usize = RANDOM + 1;

/// A claim code. Wiped when dropped; `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct ClaimCode(Zeroizing<[u8; LENGTH]>);

/// The text is no claim code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotACode {
    /// Too few or too many characters.
    #[error("a code has ten characters, as in A3C-DEF-GHJ-K")]
    Length,
    /// A character that no code has.
    #[error("there is a character in it that no code has: compare it with the paper")]
    Character,
    /// The check character says that something was mistyped.
    #[error("there is a typing mistake in the code: compare it with the paper")]
    Mistyped,
}

impl ClaimCode {
    /// A new one.
    pub fn new() -> Result<ClaimCode, NoRandom> {
        let mut code = Zeroizing::new([0; LENGTH]);
        let mut filled = 0;
        while filled < RANDOM {
            for byte in random::bytes::<16>()?.iter() {
                // 232 is eight times 29: what lies above would make some characters likelier.
                let value = byte % 29;
                if *byte < 232
                    && filled < RANDOM
                    && let (Some(place), Some(c)) =
                        (code.get_mut(filled), ALPHABET.get(usize::from(value)))
                {
                    *place = *c;
                    filled += 1;
                }
            }
        }
        if let Some((last, body)) = code.split_last_mut() {
            *last = check_character(body);
        }
        Ok(ClaimCode(code))
    }

    /// As people type it: in either case, with spaces, hyphens or dots anywhere, with characters that
    /// look like those of the alphabet.
    pub fn read(text: &str) -> Result<ClaimCode, NotACode> {
        let mut code = Zeroizing::new([0; LENGTH]);
        let mut places = code.iter_mut();
        for c in text.chars() {
            let byte = match c {
                c if c.is_whitespace() => continue,
                '-' | '.' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' => continue,
                'o' | 'O' => b'0',
                'i' | 'I' | 'l' | 'L' | '|' => b'1',
                'z' | 'Z' => b'2',
                's' | 'S' => b'5',
                'b' | 'B' => b'8',
                'u' | 'U' => b'V',
                c if c.is_ascii_alphanumeric() => c.to_ascii_uppercase() as u8,
                _ => return Err(NotACode::Character),
            };
            *places.next().ok_or(NotACode::Length)? = byte;
        }
        if places.next().is_some() {
            return Err(NotACode::Length);
        }
        match weighted_sum(&code[..]) {
            Some(1) => Ok(ClaimCode(code)),
            Some(_) => Err(NotACode::Mistyped),
            None => Err(NotACode::Character),
        }
    }

    /// How it lies in the database: who reads that knows no code.
    pub fn digest(&self, secret: &[u8; 32]) -> [u8; 32] {
        #[allow(clippy::expect_used, reason = "a MAC takes a key of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any length is right");
        mac.update(&self.0[..]);
        mac.finalize().into_bytes().into()
    }
}

/// The sum that has to be 1, by the pure systems of ISO 7064 (here with modulus 29 and radix 2): each
/// character's value times a power of two, the last one times 1. As 29 is a prime and neither 1, 2 nor
/// 3 is a multiple of it, no single wrong character keeps the sum, no two neighbours that changed
/// places, no two with one between them, and no pair of alike characters that became another pair.
fn weighted_sum(code: &[u8]) -> Option<u32> {
    code.iter().try_fold(0, |sum, c| {
        let value = ALPHABET.iter().position(|own| own == c)?;
        Some((sum * 2 + u32::try_from(value).ok()?) % MODULUS)
    })
}

fn check_character(body: &[u8]) -> u8 {
    // What is there counts twice as much when one more follows.
    let sum = weighted_sum(body).unwrap_or_default() * 2 % MODULUS;
    let value = (MODULUS + 1 - sum) % MODULUS;
    let index = usize::try_from(value).unwrap_or_default();
    ALPHABET.get(index).copied().unwrap_or(b'0')
}

/// As it is printed: `A3C-DEF-GHJ-K`.
impl fmt::Display for ClaimCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, c) in self.0.iter().enumerate() {
            if index > 0 && index.is_multiple_of(3) {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*c))?;
        }
        Ok(())
    }
}

impl fmt::Debug for ClaimCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClaimCode(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(code: &ClaimCode) -> Vec<u8> {
        code.0.to_vec()
    }

    fn read(bytes: &[u8]) -> Result<ClaimCode, NotACode> {
        ClaimCode::read(str::from_utf8(bytes).unwrap())
    }

    #[test]
    fn as_printed_and_as_typed() {
        for _ in 0..200 {
            let code = ClaimCode::new().unwrap();
            let printed = code.to_string();
            assert_eq!(printed.len(), 13);
            assert_eq!(ClaimCode::read(&printed), Ok(code.clone()));
            assert_eq!(ClaimCode::read(&printed.to_lowercase()), Ok(code.clone()));
            let bare = printed.replace('-', "");
            assert_eq!(ClaimCode::read(&bare), Ok(code.clone()));
            assert_eq!(
                ClaimCode::read(&format!(" {} ", printed.replace('-', " – "))),
                Ok(code.clone())
            );
            // Somebody reads a zero as an O, a one as an I or l, and so on.
            let alike: String = bare
                .chars()
                .map(|c| match c {
                    '0' => 'O',
                    '1' => 'l',
                    '2' => 'Z',
                    '5' => 's',
                    '8' => 'B',
                    'V' => 'u',
                    c => c,
                })
                .collect();
            assert_eq!(ClaimCode::read(&alike), Ok(code.clone()), "{alike}");
            assert_eq!(format!("{code:?}"), "ClaimCode(..)");
        }
        for (wrong, why) in [
            ("", NotACode::Length),
            ("A3C-DEF-GHJ", NotACode::Length),
            ("A3C-DEF-GHJ-KK", NotACode::Length),
            ("A3C-DEF-GHJ-Đ", NotACode::Character),
            ("A3C*DEF-GHJ-K", NotACode::Character),
            (&"A".repeat(100_000), NotACode::Length),
        ] {
            assert_eq!(ClaimCode::read(wrong), Err(why));
        }
    }

    #[test]
    fn every_wrong_character_and_every_swap_is_noticed() {
        for _ in 0..100 {
            let code = bytes(&ClaimCode::new().unwrap());
            for at in 0..LENGTH {
                for c in ALPHABET.iter().filter(|c| **c != code[at]) {
                    let mut wrong = code.clone();
                    wrong[at] = *c;
                    assert_eq!(read(&wrong), Err(NotACode::Mistyped));
                }
            }
            for distance in [1, 2] {
                for at in 0..LENGTH - distance {
                    let mut wrong = code.clone();
                    wrong.swap(at, at + distance);
                    if wrong != code {
                        assert_eq!(read(&wrong), Err(NotACode::Mistyped));
                    }
                }
            }
        }
    }

    /// All pairs at all places, not only those that chance brings.
    #[test]
    fn all_swaps_of_all_pairs() {
        for at in 0..LENGTH - 1 {
            for a in ALPHABET {
                for b in ALPHABET.iter().filter(|b| *b != a) {
                    let (mut one, mut other) = ([b'0'; LENGTH], [b'0'; LENGTH]);
                    (one[at], one[at + 1]) = (*a, *b);
                    (other[at], other[at + 1]) = (*b, *a);
                    assert_ne!(weighted_sum(&one), weighted_sum(&other));
                }
            }
        }
    }

    #[test]
    fn characters_are_equally_likely_and_codes_differ() {
        let codes: std::collections::BTreeSet<String> = (0..2000)
            .map(|_| ClaimCode::new().unwrap().to_string())
            .collect();
        assert_eq!(codes.len(), 2000);
        let mut counts = [0_u32; 256];
        for code in &codes {
            for c in code.replace('-', "").bytes() {
                counts[usize::from(c)] += 1;
            }
        }
        // 20,000 characters, 690 of each expected; six standard deviations either way.
        for c in ALPHABET {
            let count = counts[usize::from(*c)];
            assert!((535..=845).contains(&count), "{} {count}", char::from(*c));
        }
    }

    #[test]
    fn digests_are_keyed() {
        let code = ClaimCode::new().unwrap();
        assert_ne!(code.digest(&[1; 32]), code.digest(&[2; 32]));
        assert_ne!(
            code.digest(&[1; 32]),
            ClaimCode::new().unwrap().digest(&[1; 32])
        );
    }
}
