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

#[cfg(test)]
mod tests {
    use super::*;

    fn hex<const N: usize>(text: &str) -> [u8; N] {
        core::array::from_fn(|i| u8::from_str_radix(&text[2 * i..][..2], 16).unwrap())
    }

    /// The example of `specs/revocation.md`, which was computed by another program.
    #[test]
    fn as_specified() {
        let month = "2026-03".parse().unwrap();
        let kid = Kid::from_bytes(&[1, 2, 3, 4, 5, 6, 7, 8]);
        let salt = Salt::new(Role::Base, 0, month, &kid);
        let expected = "0bd98a90d2329f7ac6f6915ee5c091d86063dbcf58ee6b5879ee661cb6e3bcc7";
        assert_eq!(salt.0, hex(expected));
        let id = RevocationId::of_identifier("URN:UVCI:01:VN:3");
        assert_eq!(*id.as_bytes(), hex("838e98872e5c52637534bd0a2e816a49"));
        let point = salt.point(&id);
        assert_eq!(point.position, 0xc5d7_bc87_9eba_e30e);
        assert_eq!(point.coefficients[0], 0xa685_e0a9_1922_6d8d);
        let last = u64::from_le_bytes(hex("b6634d0ef16c4ba7"));
        assert_eq!(point.coefficients[3], last);
        assert_eq!([1, 2, 1000].map(|rows| point.start(rows)), [0, 1, 772]);
    }

    #[test]
    fn each_thing_makes_another_salt() {
        let (a, b) = (Kid::from_bytes(b"a"), Kid::from_bytes(b"b"));
        let [march, april] = ["2026-03", "2026-04"].map(|month| month.parse().unwrap());
        let salts = [
            Salt::new(Role::Base, 0, march, &a),
            Salt::new(Role::Layer, 0, march, &a),
            Salt::new(Role::Base, 1, march, &a),
            Salt::new(Role::Base, 0, april, &a),
            Salt::new(Role::Base, 0, march, &b),
        ];
        for (number, salt) in salts.iter().enumerate() {
            let before = &salts[..number];
            assert!(before.iter().all(|other| other.0 != salt.0), "{number}");
        }
    }

    #[test]
    fn sums_bits_across_words() {
        let column = [1_u64 << 63, 0b101, 1].map(u64::to_le_bytes).concat();
        let sum = |coefficients: [u64; 4], start, width| {
            let point = Point {
                position: 0,
                coefficients,
            };
            !point.is_zero_in(&column, start, width)
        };
        // Bits 63, 64, 66 and 128 are set.
        for (start, width, mask, odd) in [
            (0, 1, 1 << 63, true),
            (63, 1, 0b1, true),
            (63, 1, 0b11, false),
            (63, 1, 0b1011, true),
            (64, 1, 0b101, false),
            (65, 1, 1 << 63, true),
            (65, 1, 0, false),
            (128, 1, 1, true),
            (192, 1, u64::MAX, false),
            (u64::MAX, 1, u64::MAX, false),
        ] {
            assert_eq!(sum([mask, 0, 0, 0], start, width), odd, "{start} {mask:b}");
        }
        assert!(sum([0, 0b1, 0, 0], 0, 2) && !sum([0, 0b1, 0, 0], 0, 1));
        assert!(sum([0, 1 << 63, 0, 0], 1, 2));
    }
}
