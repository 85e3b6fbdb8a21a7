//! The EU's partial variable hash filter (dgca-partialvarhashfilter): the first bytes of each
//! hash, as many as the rate of false alarms asks for.
//!
//! ```text
//! int16 version (1) | f32 p | i32 n | u8 size | n x size bytes          big endian
//! ```

use alloc::{vec, vec::Vec};
use core::ops::Deref;

use super::{bloom::FilterError, hashes::contains_sorted};

/// What comes before the hashes.
const HEADER: usize = 11;

/// How much of a hash is spent on finding the filter: the modes of the EU's slices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// No partition.
    Point,
    /// Partitions by the first hexadecimal digit.
    Vector,
    /// Partitions by the first two.
    Coordinate,
}

/// An opened filter.
#[derive(Debug, Clone)]
pub struct Partial<P> {
    part: P,
    size: usize,
    sorted: bool,
}

impl<P: Deref<Target = [u8]>> Partial<P> {
    /// Opens a filter. Looks once at all of it: some writers sort bytes as signed numbers, and
    /// searching theirs as if they were sorted would miss revoked certificates.
    ///
    /// # Errors
    /// If it is of another version or not of its length.
    pub fn open(part: P) -> Result<Partial<P>, FilterError> {
        let (header, parts) = part
            .split_first_chunk::<HEADER>()
            .ok_or(FilterError("it is too short"))?;
        let [version1, version2, _, _, _, _, n1, n2, n3, n4, size] = *header;
        if [version1, version2] != [0, 1] {
            return Err(FilterError("its version is not 1"));
        }
        if size == 0 || size > 32 {
            return Err(FilterError("its hashes have no or more than 32 bytes"));
        }
        let count = u64::from(u32::from_be_bytes([n1, n2, n3, n4]));
        if u64::try_from(parts.len()).ok() != count.checked_mul(size.into()) {
            return Err(FilterError("it is not of the length it says"));
        }
        let size = usize::from(size);
        let sorted = parts.chunks_exact(size).is_sorted();
        Ok(Partial { part, size, sorted })
    }

    /// Whether the beginning of the hash is there. One that is shorter than the filter's never is.
    pub fn contains(&self, hash: &[u8]) -> bool {
        let Some(wanted) = hash.get(..self.size) else {
            return false;
        };
        let parts = self.part.get(HEADER..).unwrap_or_default();
        match self.sorted {
            true => contains_sorted(parts, self.size, wanted),
            false => parts.chunks_exact(self.size).any(|part| part == wanted),
        }
    }

    /// The number of bytes of each hash.
    pub fn size(&self) -> usize {
        self.size
    }
}

/// The bytes of each hash in a filter of `n`: at least `least`, else by the original's formula.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast from float saturates"
)]
pub fn partial_size(least: u8, mode: Mode, n: u32, p: f64) -> u8 {
    // The logarithm to base 2, rounded up.
    let bits = u32::BITS - n.saturating_sub(1).leading_zeros();
    let offset = match mode {
        Mode::Point => 0,
        Mode::Vector => 1,
        Mode::Coordinate => 2,
    };
    let size = f64::from(bits / 8 + bits % 8) - f64::from(offset) + p;
    // Rounded up; `f64::ceil` needs std.
    let down = size.clamp(0.0, 255.0) as u8;
    let up = down.saturating_add(u8::from(f64::from(down) < size));
    up.max(least)
}

/// Makes a filter. `None` if a hash is shorter than `size`, or there are too many.
pub fn make_partial(p: f32, size: u8, hashes: &[&[u8]]) -> Option<Vec<u8>> {
    let cut: Option<Vec<&[u8]>> = hashes.iter().map(|hash| hash.get(..size.into())).collect();
    let mut cut = cut?;
    cut.sort_unstable();
    cut.dedup();
    let mut out = vec![0, 1];
    out.extend_from_slice(&p.to_be_bytes());
    out.extend_from_slice(&i32::try_from(cut.len()).ok()?.to_be_bytes());
    out.push(size);
    out.extend(cut.into_iter().flatten());
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_order_is_found_too() {
        let part = [&[0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 1][..], &[0x80, 0xff, 0x01]].concat();
        let filter = Partial::open(part).unwrap();
        for byte in 0..=255_u8 {
            let expected = [0x80, 0xff, 0x01].contains(&byte);
            assert_eq!(filter.contains(&[byte, 7]), expected);
        }
        assert!(!filter.contains(&[]));
    }

    #[test]
    fn refuses_what_is_not_one() {
        let good = make_partial(1e-6, 2, &[b"abc", b"abd", b"bcd"]).unwrap();
        assert_eq!(good.len(), HEADER + 4);
        for (at, value) in [(0, 1), (1, 2), (6, 0xff), (9, 1), (9, 3), (10, 0), (10, 33)] {
            let mut bad = good.clone();
            bad[at] = value;
            assert!(Partial::open(bad.as_slice()).is_err(), "{at}");
        }
        for length in 0..good.len() {
            assert!(Partial::open(&good[..length]).is_err());
        }
        assert_eq!(make_partial(1e-6, 4, &[b"abc"]), None);
    }
}
