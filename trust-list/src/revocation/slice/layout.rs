//! The bytes of a slice, as `specs/revocation.md` describes them.

#[cfg(feature = "build")]
use alloc::vec::Vec;
use core::ops::Range;

use hcert::{kid::Kid, time::Timestamp};

use super::{Role, SliceError, equation::MOST_WIDTH};
use crate::revocation::Month;

/// The first bytes of every slice of this version.
pub(super) const MAGIC: &[u8; 8] = b"hcertRS1";

/// What comes before the kid.
pub(super) const FIXED: usize = 88;

/// Longest kid of a slice, in bytes. A DSC's has eight.
pub(super) const MOST_KID: usize = 64;

/// Most columns of the first matrix: more would tell apart a trillion from one.
pub(super) const MOST_RANK: u8 = 40;

/// Everything but the matrices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) role: Role,
    pub(super) width: usize,
    pub(super) rank: u8,
    pub(super) inverted: bool,
    pub(super) seed: u8,
    pub(super) month: Month,
    pub(super) approximate_rows: u32,
    pub(super) exact_rows: u32,
    pub(super) exceptions: u32,
    pub(super) until: Timestamp,
    pub(super) issued: u64,
    pub(super) revoked: u64,
    pub(super) base: [u8; 32],
    pub(super) kid: Kid,
}

/// Where the three bodies are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) approximate: Range<usize>,
    pub(super) exact: Range<usize>,
    pub(super) exceptions: Range<usize>,
}

/// The bytes of a column that equations from `rows` rows reach into.
pub(super) fn column_bytes(rows: u32, width: usize) -> Option<usize> {
    if rows == 0 {
        return Some(0);
    }
    let bits = usize::try_from(rows).ok()?.checked_add(width * 64 - 1)?;
    bits.div_ceil(64).checked_mul(8)
}

impl Header {
    /// Where the bodies are; `None` if they can't be addressed on this machine.
    pub(super) fn places(&self) -> Option<Places> {
        let start = FIXED.checked_add(self.kid.as_bytes().len().next_multiple_of(8))?;
        let column = column_bytes(self.approximate_rows, self.width)?;
        let approximate = start.checked_add(column.checked_mul(usize::from(self.rank))?)?;
        let exact = approximate.checked_add(column_bytes(self.exact_rows, self.width)?)?;
        let exceptions = usize::try_from(self.exceptions).ok()?.checked_mul(16)?;
        Some(Places {
            approximate: start..approximate,
            exact: approximate..exact,
            exceptions: exact..exact.checked_add(exceptions)?,
        })
    }

    /// Reads the header and checks that the bytes are of its size and that nothing in it
    /// contradicts the rest.
    pub(super) fn read(bytes: &[u8]) -> Result<(Header, Places), SliceError> {
        let mut reader = Reader(bytes);
        if reader.take::<8>()? != *MAGIC {
            return Err(SliceError::NotASlice);
        }
        let [role, width, rank, inverted, seed, kid_bytes, zero1, zero2] = reader.take()?;
        let role = Role::from_byte(role).ok_or(SliceError::Field("kind of slice"))?;
        let width = usize::from(width);
        if ![1, 2, MOST_WIDTH].contains(&width) {
            return Err(SliceError::Field("width"));
        }
        if rank > MOST_RANK {
            return Err(SliceError::Field("number of columns"));
        }
        if inverted > 1 {
            return Err(SliceError::Field("inversion"));
        }
        if kid_bytes == 0 || usize::from(kid_bytes) > MOST_KID {
            return Err(SliceError::Field("length of the kid"));
        }
        if [zero1, zero2] != [0, 0] {
            return Err(SliceError::Field("filling"));
        }
        let month = Month::from_number(reader.u32()?).ok_or(SliceError::Field("month"))?;
        let [approximate_rows, exact_rows, exceptions] =
            [reader.u32()?, reader.u32()?, reader.u32()?];
        let until = i64::from_le_bytes(reader.take()?);
        let until = Timestamp::from_unix(until).ok_or(SliceError::Field("time"))?;
        let [issued, revoked] = [reader.u64()?, reader.u64()?];
        let base = reader.take()?;
        let kid = Kid::from_bytes(reader.slice(kid_bytes.into())?);
        let filling =
            reader.slice(usize::from(kid_bytes).next_multiple_of(8) - usize::from(kid_bytes))?;
        if filling.iter().any(|byte| *byte != 0) {
            return Err(SliceError::Field("filling"));
        }
        let header = Header {
            role,
            width,
            rank,
            inverted: inverted == 1,
            seed,
            month,
            approximate_rows,
            exact_rows,
            exceptions,
            until,
            issued,
            revoked,
            base,
            kid,
        };
        header.check()?;
        let places = header.places().ok_or(SliceError::Length)?;
        if places.exceptions.end != bytes.len() {
            return Err(SliceError::Length);
        }
        Ok((header, places))
    }

    /// What every writer keeps. A reader that did not ask would still not fail, but two slices
    /// could mean the same.
    fn check(&self) -> Result<(), SliceError> {
        let empty = self.approximate_rows == 0;
        if self.role == Role::Base && self.base != [0; 32] {
            return Err(SliceError::Field("base"));
        }
        if self.revoked > self.issued {
            return Err(SliceError::Field("number revoked"));
        }
        let same = match self.inverted {
            true => self.issued > 0 && self.revoked == self.issued,
            false => self.revoked == 0,
        };
        if empty != same || empty != (self.exact_rows == 0) {
            return Err(SliceError::Field("number of rows"));
        }
        if empty && (self.rank > 0 || self.exceptions > 0) {
            return Err(SliceError::Field("number of rows"));
        }
        Ok(())
    }

    /// The header's bytes.
    #[cfg(feature = "build")]
    pub(super) fn write(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(FIXED + MOST_KID);
        out.extend_from_slice(MAGIC);
        // Width and length are at most 64.
        let small = |value: usize| u8::try_from(value).unwrap_or(u8::MAX);
        out.extend_from_slice(&[
            self.role.byte(),
            small(self.width),
            self.rank,
            self.inverted.into(),
            self.seed,
            small(self.kid.as_bytes().len()),
            0,
            0,
        ]);
        out.extend_from_slice(&self.month.number().to_le_bytes());
        for count in [self.approximate_rows, self.exact_rows, self.exceptions] {
            out.extend_from_slice(&count.to_le_bytes());
        }
        out.extend_from_slice(&self.until.unix().to_le_bytes());
        out.extend_from_slice(&self.issued.to_le_bytes());
        out.extend_from_slice(&self.revoked.to_le_bytes());
        out.extend_from_slice(&self.base);
        out.extend_from_slice(self.kid.as_bytes());
        out.resize(out.len().next_multiple_of(8), 0);
        out
    }
}

/// Takes bytes from the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn slice(&mut self, length: usize) -> Result<&'a [u8], SliceError> {
        let (front, rest) = self.0.split_at_checked(length).ok_or(SliceError::Length)?;
        self.0 = rest;
        Ok(front)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], SliceError> {
        self.slice(N)?.try_into().map_err(|_| SliceError::Length)
    }

    fn u32(&mut self) -> Result<u32, SliceError> {
        Ok(u32::from_le_bytes(self.take()?))
    }

    fn u64(&mut self) -> Result<u64, SliceError> {
        Ok(u64::from_le_bytes(self.take()?))
    }
}
