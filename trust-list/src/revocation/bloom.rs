//! The EU's Bloom filter (dgc-bloomfilter, `BloomFilterImpl`), searched where it lies.
//!
//! ```text
//! int16 version (1) | u8 hashes (k) | u8 hash function (0: SHA-256) | f32 p | i32 n | i32 current n
//! | i32 words | words x i32          all big endian
//! ```

#[cfg(feature = "build")]
use alloc::vec::Vec;
use core::ops::Deref;

use sha2::{Digest, Sha256};

/// What comes before the words.
const HEADER: usize = 20;

/// Why bytes are not a filter of the EU's forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the revocation filter is damaged or of an unknown version: {0}")]
pub struct FilterError(pub &'static str);

/// An opened Bloom filter.
#[derive(Debug, Clone)]
pub struct Bloom<P> {
    part: P,
    hashes: u8,
    bits: u64,
}

impl<P: Deref<Target = [u8]>> Bloom<P> {
    /// Opens a filter.
    ///
    /// # Errors
    /// If it is of another version or hash function, has no bits, or is not of its length.
    pub fn open(part: P) -> Result<Bloom<P>, FilterError> {
        let (header, words) = part
            .split_first_chunk::<HEADER>()
            .ok_or(FilterError("it is too short"))?;
        let [version1, version2, hashes, function, .., w1, w2, w3, w4] = *header;
        if [version1, version2] != [0, 1] {
            return Err(FilterError("its version is not 1"));
        }
        if function != 0 {
            return Err(FilterError("its hash function is not SHA-256"));
        }
        let count = u64::from(u32::from_be_bytes([w1, w2, w3, w4]));
        if count == 0 || hashes == 0 {
            return Err(FilterError("it has no bits or no hashes"));
        }
        if u64::try_from(words.len()).ok() != count.checked_mul(4) {
            return Err(FilterError("it is not of the length it says"));
        }
        Ok(Bloom {
            hashes,
            bits: count * 32,
            part,
        })
    }

    /// Whether the element may have been added.
    pub fn contains(&self, element: &[u8]) -> bool {
        (0..self.hashes).all(|number| {
            let bit = index(element, number, self.bits);
            let byte = usize::try_from(bit / 8).ok();
            // Bit 0 is the highest of the first word, which is written with its highest byte first.
            let byte = byte.and_then(|byte| self.part.get(HEADER.checked_add(byte)?));
            byte.is_some_and(|byte| byte << (bit % 8) & 0x80 != 0)
        })
    }
}

/// The bit of an element: SHA-256 over it and the number, as a signed big-endian integer, modulo
/// the number of bits.
fn index(element: &[u8], number: u8, bits: u64) -> u64 {
    let hash = Sha256::new_with_prefix(element).chain_update([number]);
    let digest: [u8; 32] = hash.finalize().into();
    let (parts, _) = digest.as_chunks::<4>();
    // There are at most 2^37 bits, so nothing here comes near 2^128.
    let bits = u128::from(bits.max(1));
    let times = |value: u128, digit: u32| ((value << 32) + u128::from(digit)) % bits;
    let unsigned = parts
        .iter()
        .fold(0, |value, part| times(value, u32::from_be_bytes(*part)));
    // Negative numbers are 2^256 less than they look.
    let negative = digest.first().is_some_and(|byte| byte & 0x80 != 0);
    let less = match negative {
        true => (0..8).fold(1, |value, _| times(value, 0)) % bits,
        false => 0,
    };
    u64::try_from((unsigned + bits - less) % bits).unwrap_or(0)
}

/// Makes a filter, for tests and comparisons: our own lists are exact.
#[cfg(feature = "build")]
pub fn make_bloom<'a>(
    p: f32,
    elements: impl ExactSizeIterator<Item = &'a [u8]>,
) -> Option<Vec<u8>> {
    let n = u32::try_from(elements.len().max(1)).ok()?;
    let (hashes, words) = sizing(p, n)?;
    let mut out = Vec::new();
    out.extend_from_slice(&[0, 1, hashes, 0]);
    out.extend_from_slice(&p.to_be_bytes());
    out.extend_from_slice(&n.to_be_bytes());
    out.extend_from_slice(&u32::try_from(elements.len()).ok()?.to_be_bytes());
    out.extend_from_slice(&words.to_be_bytes());
    let bytes = usize::try_from(words).ok()?.checked_mul(4)?;
    out.resize(HEADER + bytes, 0);
    for element in elements {
        for number in 0..hashes {
            let bit = index(element, number, u64::from(words) * 32);
            let byte = out.get_mut(HEADER + usize::try_from(bit / 8).ok()?)?;
            *byte |= 0x80 >> (bit % 8);
        }
    }
    Some(out)
}

/// The number of hashes and of words for `n` elements at a rate `p` of false alarms.
#[cfg(feature = "build")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast from float saturates, and what it gives is checked"
)]
fn sizing(p: f32, n: u32) -> Option<(u8, u32)> {
    let ln2 = core::f64::consts::LN_2;
    let n = f64::from(n);
    let bits = (n * f64::from(p).ln() / (1.0 / ln2.exp2()).ln()).ceil();
    let bytes = (bits / 8.0) as u64 + 1;
    // As the original counts: a word for each byte that does not fill one.
    let words = u32::try_from(bytes / 4 + bytes % 4).ok()?;
    let hashes = (f64::from(words) * 32.0 / n * ln2).round().max(1.0);
    (hashes <= 255.0).then_some((hashes as u8, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_of_a_signed_number() {
        // The example of dgc-bloomfilter's own tests; its digest is negative as a number.
        assert_eq!(index(&[0x0b], 1, 100), 75);
    }

    #[test]
    fn refuses_what_is_not_one() {
        let good = [&[0, 1, 3, 0][..], &[0; 12], &[0, 0, 0, 1], &[0xff; 4]].concat();
        assert!(Bloom::open(good.as_slice()).unwrap().contains(b"any"));
        for (at, value) in [(0, 1), (1, 2), (2, 0), (3, 1), (16, 0xff), (19, 0), (19, 2)] {
            let mut bad = good.clone();
            bad[at] = value;
            assert!(Bloom::open(bad.as_slice()).is_err(), "{at}");
        }
        for length in 0..good.len() {
            assert!(Bloom::open(&good[..length]).is_err());
        }
    }
}
