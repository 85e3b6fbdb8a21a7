//! Exact slices of our own: who is revoked among all the certificates of one kid and month.
//!
//! A slice answers rightly for every certificate it was built over, in about a byte for each
//! revoked one. For others its answer means nothing, so every slice says *until* which time of
//! issue it was built over everything. `specs/revocation.md` describes the bytes.
//!
//! The structure is Mozilla's clubcard: two systems of linear equations over GF(2). The first
//! (`rank` columns) is solved by every revoked certificate and by about as many others as there are
//! revoked ones; the second tells these two apart. It is queried where it lies: opening reads the
//! header, and a query a few words of each column.

#[cfg(feature = "build")]
mod build;
mod equation;
mod layout;

use core::ops::Deref;

use hcert::{kid::Kid, time::Timestamp};

#[cfg(feature = "build")]
pub use build::{BuildError, Issued, SliceBuilder, is_worth_merging};

use super::{Month, RevocationId};
use equation::Salt;
use layout::{Header, Places, column_bytes};

/// The part that a slice plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything known when it was built.
    Base,
    /// What was revoked since a base.
    Layer,
}

impl Role {
    const fn byte(self) -> u8 {
        match self {
            Role::Base => 0,
            Role::Layer => 1,
        }
    }

    const fn from_byte(byte: u8) -> Option<Role> {
        match byte {
            0 => Some(Role::Base),
            1 => Some(Role::Layer),
            _ => None,
        }
    }
}

/// Why bytes are not a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SliceError {
    /// They begin otherwise; maybe a later version.
    #[error("this is not a revocation slice, or one of a later version; update this program")]
    NotASlice,
    /// A field of the header is out of its range, or contradicts another.
    #[error("the revocation slice is damaged: its {0} cannot be")]
    Field(&'static str),
    /// More or fewer bytes than the header says.
    #[error("the revocation slice is not of the length it says; fetch it again")]
    Length,
}

/// An opened slice over shared bytes.
///
/// Opening reads only the header; the bytes stay where they are. No content makes a query fail: of
/// a hostile slice the answers are arbitrary, so its digest is to be checked first.
#[derive(Debug, Clone)]
pub struct Slice<P> {
    header: Header,
    places: Places,
    salt: Salt,
    part: P,
}

impl<P: Deref<Target = [u8]>> Slice<P> {
    /// Opens a slice.
    ///
    /// # Errors
    /// If the header is not that of a slice of exactly this length.
    pub fn open(part: P) -> Result<Slice<P>, SliceError> {
        let (header, places) = Header::read(&part)?;
        let salt = Salt::new(header.role, header.seed, header.month, &header.kid);
        Ok(Slice {
            header,
            places,
            salt,
            part,
        })
    }

    /// Whether the certificate is among the revoked. Right for every certificate the slice was
    /// built over, see [`Slice::until`]; arbitrary for any other.
    pub fn contains(&self, id: &RevocationId) -> bool {
        self.is_encoded(id) ^ self.header.inverted
    }

    /// Whether it is of the set that the matrices describe: the smaller of revoked and not revoked.
    fn is_encoded(&self, id: &RevocationId) -> bool {
        let Header {
            approximate_rows,
            exact_rows,
            width,
            ..
        } = self.header;
        if approximate_rows == 0 {
            return false;
        }
        let point = self.salt.point(id);
        // Never zero, because there are rows.
        let bytes = column_bytes(approximate_rows, width).unwrap_or(1).max(1);
        let columns = self.part.get(self.places.approximate.clone());
        let start = point.start(approximate_rows);
        let mut columns = columns.unwrap_or_default().chunks_exact(bytes);
        if !columns.all(|column| point.is_zero_in(column, start, width)) {
            return false;
        }
        let exact = self.part.get(self.places.exact.clone()).unwrap_or_default();
        if !point.is_zero_in(exact, point.start(exact_rows), width) {
            return false;
        }
        let exceptions = self.part.get(self.places.exceptions.clone());
        let (exceptions, _) = exceptions.unwrap_or_default().as_chunks::<16>();
        exceptions.binary_search(id.as_bytes()).is_err()
    }

    /// Base or layer.
    pub fn role(&self) -> Role {
        self.header.role
    }

    /// The kid of its certificates.
    pub fn kid(&self) -> &Kid {
        &self.header.kid
    }

    /// The month of issue of its certificates.
    pub fn month(&self) -> Month {
        self.header.month
    }

    /// It was built over every certificate issued (`iat`) up to this instant, and no later one.
    pub fn until(&self) -> Timestamp {
        self.header.until
    }

    /// Certificates it was built over; of a layer, without those that its base has as revoked.
    pub fn issued(&self) -> u64 {
        self.header.issued
    }

    /// Those of them that are revoked.
    pub fn revoked(&self) -> u64 {
        self.header.revoked
    }

    /// Of a layer: SHA-256 of its base.
    pub fn base(&self) -> Option<[u8; 32]> {
        (self.header.role == Role::Layer).then_some(self.header.base)
    }

    /// The slice's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.part
    }
}
