//! From a certificate to its equation: where it starts, and which of the bits there count.

use sha2::{Digest, Sha256};

use super::Role;
use crate::revocation::{Month, RevocationId};
use hcert::kid::Kid;

/// Most words of 64 coefficients that an equation has.
pub(super) const MOST_WIDTH: usize = 4;

/// Keeps the equations of slices apart, so that nothing learnt of one tells of another.
#[derive(Debug, Clone)]
pub(super) struct Salt([u8; 32]);

/// A certificate in one slice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    position: u64,
    /// The lowest bit of the first is set.
    pub(super) coefficients: [u64; MOST_WIDTH],
}

impl Salt {
    pub(super) fn new(role: Role, seed: u8, month: Month, kid: &Kid) -> Salt {
        let mut hash = Sha256::new_with_prefix(b"hcert revocation slice 1");
        hash.update([role.byte(), seed]);
        hash.update(month.number().to_le_bytes());
        hash.update(kid.as_bytes());
        Salt(hash.finalize().into())
    }

    pub(super) fn point(&self, id: &RevocationId) -> Point {
        // 48 bytes: one block of SHA-256.
        let mut hash = Sha256::new_with_prefix(self.0);
        hash.update(id.as_bytes());
        let digest: [u8; 32] = hash.finalize().into();
        let mut coefficients = [0; MOST_WIDTH];
        for (to, word) in coefficients.iter_mut().zip(words(&digest)) {
            *to = word;
        }
        // The position needs 64 bits beside the digest's 256: the identifier's own, which are
        // independent of them, and the digest's so that another seed moves it.
        let own = words(id.as_bytes()).next().unwrap_or(0);
        let position = own ^ coefficients[0];
        coefficients[0] |= 1;
        Point {
            position,
            coefficients,
        }
    }
}

impl Point {
    /// The first row of the equation, below `rows`.
    pub(super) fn start(&self, rows: u32) -> u64 {
        let product = u128::from(self.position) * u128::from(rows);
        // The upper half of a product of 64 by 32 bits.
        u64::try_from(product >> 64).unwrap_or(u64::MAX)
    }

    /// The sum over GF(2) of the bits that count, from bit `start` of the column on. Words beyond
    /// its end are zero.
    pub(super) fn is_zero_in(&self, column: &[u8], start: u64, width: usize) -> bool {
        let shift = u32::try_from(start % 64).unwrap_or(0);
        let byte = usize::try_from(start / 64 * 8).unwrap_or(usize::MAX);
        let mut rest = words(column.get(byte..).unwrap_or_default());
        let mut low = rest.next().unwrap_or(0);
        let mut sum = 0;
        for coefficients in self.coefficients.iter().take(width) {
            let high = rest.next().unwrap_or(0);
            // Shifted in two steps, because a shift by 64 is none.
            sum ^= (low >> shift | high << 1 << (63 - shift)) & coefficients;
            low = high;
        }
        sum.count_ones() % 2 == 0
    }
}

/// Little-endian words; what does not fill one is left out.
pub(super) fn words(bytes: &[u8]) -> impl Iterator<Item = u64> + '_ {
    let (words, _) = bytes.as_chunks::<8>();
    words.iter().map(|word| u64::from_le_bytes(*word))
}
