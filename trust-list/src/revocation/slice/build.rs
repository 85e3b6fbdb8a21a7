//! Making slices, with the `clubcard` crate's solver.
//!
//! The bytes of two slices made from the same input differ, because the solver fills what the
//! equations leave free with randomness of its own; their answers are the same. So a publisher
//! keeps a slice as long as nothing in it changed, and does not make it anew.

mod solve;

use alloc::vec::Vec;
use core::ops::Deref;

use hcert::{kid::Kid, time::Timestamp};
use sha2::{Digest, Sha256};

use super::{
    Role, Slice, SliceError,
    layout::{FIXED, Header, MOST_KID, column_bytes},
};
use crate::revocation::{Month, RevocationId};
use solve::solve;

/// One certificate that was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issued {
    /// Its identifier's hash.
    pub id: RevocationId,
    /// Its time of issue (`iat`).
    pub issued_at: Timestamp,
    /// Whether it is revoked now.
    pub revoked: bool,
}

/// Why a slice could not be made. `E` is the error of who lists the certificates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError<E> {
    /// The certificates could not be listed.
    #[error("the issued certificates could not be listed: {0}")]
    Universe(E),
    /// A certificate of another month than the slice.
    #[error("a certificate of {found} was listed for the slice of {wanted}")]
    Month {
        /// The certificate's month.
        found: Month,
        /// The slice's.
        wanted: Month,
    },
    /// One identifier, listed both as revoked and as not revoked.
    #[error(
        "an identifier is listed both as revoked and as not revoked; one identifier is for one certificate"
    )]
    Contradiction,
    /// The list was not the same each time it was read.
    #[error(
        "the list of issued certificates changed while the slice was made; read it in one transaction"
    )]
    Changed,
    /// More certificates than a slice can hold (2^31 in the smaller of the two sets).
    #[error("too many certificates for one slice")]
    TooMany,
    /// A kid that is empty or longer than 64 bytes.
    #[error("the kid has no or more than 64 bytes")]
    Kid,
    /// The base of a layer is of another kid or month, or a layer itself.
    #[error("the base is not of the same kid and month")]
    OtherBase,
    /// The base does not fit what is listed: a revocation was undone, or a certificate was added
    /// with a time of issue that the base had closed. Make a new base.
    #[error("the base no longer fits the list ({0}); make a new base")]
    BaseOutdated(&'static str),
    /// What was made does not answer as it must. Nothing to do but to report it.
    #[error("the slice that was made is wrong; it must not be published")]
    Wrong,
    /// What was made could not be opened.
    #[error(transparent)]
    Unreadable(SliceError),
}

/// Makes the slices of one kid and month.
///
/// The certificates come from a closure that lists them anew each time it is called: twice to make
/// a slice, now and then oftener, and once more to check every answer of the slice that was made. Only
/// revoked certificates, and about as many others, are held in memory.
#[derive(Debug, Clone)]
pub struct SliceBuilder {
    kid: Kid,
    month: Month,
    until: Timestamp,
}

impl SliceBuilder {
    /// For certificates issued up to `until`; later ones are left out. All certificates with a time
    /// of issue up to `until` must be on the list, and none may be added to it later: leave out the
    /// last minutes, in which a certificate may be signed and not yet stored.
    pub fn new(kid: Kid, month: Month, until: Timestamp) -> SliceBuilder {
        SliceBuilder { kid, month, until }
    }

    /// Makes a base of all that is listed.
    ///
    /// # Errors
    /// If the list fails, is of another month, or contradicts itself.
    pub fn base<E, I>(&self, mut list: impl FnMut() -> I) -> Result<Vec<u8>, BuildError<E>>
    where
        I: IntoIterator<Item = Result<Issued, E>>,
    {
        self.make(Role::Base, [0; 32], &mut |visit| {
            for issued in list() {
                let issued = issued.map_err(BuildError::Universe)?;
                if self.is_in_time(&issued)? {
                    visit(&issued)?;
                }
            }
            Ok(())
        })
    }

    /// Makes a layer: what was revoked since the base, also among certificates that were issued
    /// since.
    ///
    /// # Errors
    /// As for a base; [`BuildError::BaseOutdated`] where only a new base is right.
    pub fn layer<E, I, P>(
        &self,
        base: &Slice<P>,
        mut list: impl FnMut() -> I,
    ) -> Result<Vec<u8>, BuildError<E>>
    where
        I: IntoIterator<Item = Result<Issued, E>>,
        P: Deref<Target = [u8]>,
    {
        if base.role() != Role::Base || *base.kid() != self.kid || base.month() != self.month {
            return Err(BuildError::OtherBase);
        }
        if self.until < base.until() {
            return Err(BuildError::BaseOutdated("its time lies ahead"));
        }
        let digest = Sha256::digest(base.bytes()).into();
        self.make(Role::Layer, digest, &mut |visit| {
            let (mut within, mut revoked) = (0, 0);
            for issued in list() {
                let issued = issued.map_err(BuildError::Universe)?;
                if !self.is_in_time(&issued)? {
                    continue;
                }
                if issued.issued_at <= base.until() {
                    within += 1;
                    if base.contains(&issued.id) {
                        if !issued.revoked {
                            return Err(BuildError::BaseOutdated("a revocation was undone"));
                        }
                        revoked += 1;
                        continue;
                    }
                }
                visit(&issued)?;
            }
            // The base was built over these and no others, else what it said means nothing.
            if (within, revoked) != (base.issued(), base.revoked()) {
                return Err(BuildError::BaseOutdated("it was made over another list"));
            }
            Ok(())
        })
    }

    fn is_in_time<E>(&self, issued: &Issued) -> Result<bool, BuildError<E>> {
        let (found, wanted) = (Month::of(issued.issued_at), self.month);
        if found != wanted {
            return Err(BuildError::Month { found, wanted });
        }
        Ok(issued.issued_at <= self.until)
    }

    fn make<E>(
        &self,
        role: Role,
        base: [u8; 32],
        list: &mut List<'_, E>,
    ) -> Result<Vec<u8>, BuildError<E>> {
        if !(1..=MOST_KID).contains(&self.kid.as_bytes().len()) {
            return Err(BuildError::Kid);
        }
        let sets = Sets::read(list)?;
        let mut header = Header {
            role,
            width: 1,
            rank: 0,
            inverted: sets.inverted,
            seed: 0,
            month: self.month,
            approximate_rows: 0,
            exact_rows: 0,
            exceptions: 0,
            until: self.until,
            issued: sets.issued,
            revoked: sets.revoked,
            base,
            kid: self.kid.clone(),
        };
        let part = match sets.encoded.is_empty() {
            true => header.write(),
            false => smallest(&mut header, &sets, list)?,
        };
        let slice = Slice::open(part.as_slice()).map_err(BuildError::Unreadable)?;
        let (mut count, mut wrong) = (0, false);
        list(&mut |issued| {
            count += 1;
            wrong |= slice.contains(&issued.id) != issued.revoked;
            Ok(())
        })?;
        // What was not on the list before is answered anyhow, and is not the slice's fault.
        if count != sets.issued {
            return Err(BuildError::Changed);
        }
        if wrong {
            return Err(BuildError::Wrong);
        }
        Ok(part)
    }
}

/// Whether a layer has grown so large beside its base that a new base is due. A base costs every
/// verifier its whole size once, a layer costs its size at every change.
pub fn is_worth_merging(base_bytes: usize, layer_bytes: usize) -> bool {
    layer_bytes > 1024 && layer_bytes > base_bytes / 4
}

/// Lists what a slice is over, to whoever visits.
type List<'a, E> = dyn FnMut(&mut Visit<'_, E>) -> Result<(), BuildError<E>> + 'a;
type Visit<'a, E> = dyn FnMut(&Issued) -> Result<(), BuildError<E>> + 'a;

/// The smaller of revoked and not revoked, and how many there are.
struct Sets {
    encoded: Vec<RevocationId>,
    inverted: bool,
    issued: u64,
    revoked: u64,
}

impl Sets {
    fn read<E>(list: &mut List<'_, E>) -> Result<Sets, BuildError<E>> {
        let (mut issued, mut revoked) = (0_u64, 0_u64);
        let mut encoded = Vec::new();
        list(&mut |certificate| {
            issued += 1;
            if certificate.revoked {
                revoked += 1;
                encoded.push(certificate.id);
            }
            Ok(())
        })?;
        let inverted = issued > 0 && revoked > issued / 2;
        if inverted {
            encoded = Vec::new();
            list(&mut |certificate| {
                if !certificate.revoked {
                    encoded.push(certificate.id);
                }
                Ok(())
            })?;
            if u64::try_from(encoded.len()).ok() != issued.checked_sub(revoked) {
                return Err(BuildError::Changed);
            }
        }
        if encoded.len() > 1 << 31 {
            return Err(BuildError::TooMany);
        }
        encoded.sort_unstable();
        encoded.dedup();
        Ok(Sets {
            encoded,
            inverted,
            issued,
            revoked,
        })
    }
}

/// Tries widths and seeds until a slice is as small as the widest should be.
///
/// Narrow equations leave less behind the last row, which counts for small slices. But they jam: the
/// longer the system, the likelier a stretch without a free row, where every certificate solves
/// the equations and has to be told apart by the second system. Then a wider one is tried, and of
/// the widest another seed.
fn smallest<E>(
    header: &mut Header,
    sets: &Sets,
    list: &mut List<'_, E>,
) -> Result<Vec<u8>, BuildError<E>> {
    let plan: &[(usize, u8)] = &[(1, 0), (2, 0), (4, 0), (4, 1), (4, 2), (4, 3)];
    let from = match sets.encoded.len() {
        ..3_000 => 0,
        3_000..15_000 => 1,
        _ => 2,
    };
    let expected = sets.expect().ok_or(BuildError::TooMany)?;
    let mut best: Option<Vec<u8>> = None;
    for (width, seed) in plan.iter().skip(from) {
        header.seed = *seed;
        // What jams is given up, unless nothing else is left.
        let last = *seed == 3 && best.is_none();
        let most = if last {
            usize::MAX
        } else {
            expected.others * 2 + 4096
        };
        let part = match width {
            1 => solve::<1, E>(header, sets, list, most)?,
            2 => solve::<2, E>(header, sets, list, most)?,
            _ => solve::<4, E>(header, sets, list, most)?,
        };
        let Some(part) = part else { continue };
        let small_enough = part.len() <= expected.bytes;
        if best.as_ref().is_none_or(|best| part.len() < best.len()) {
            best = Some(part);
        }
        if small_enough {
            break;
        }
    }
    best.ok_or(BuildError::Wrong)
}

/// What a slice of the widest equations should come to.
struct Expected {
    /// Certificates outside of the encoded set that solve the first system.
    others: usize,
    /// Bytes of the slice, with 2 % for chance.
    bytes: usize,
}

impl Sets {
    fn expect(&self) -> Option<Expected> {
        let encoded = u64::try_from(self.encoded.len()).ok()?;
        let outside = self.issued.saturating_sub(encoded);
        // As many columns as halve the others until they are less than twice the encoded ones.
        let rank = (outside / encoded).checked_ilog2().unwrap_or(0);
        let others = outside >> rank;
        let rows = |count: u64| u32::try_from(count + count / 50).ok();
        let approximate = column_bytes(rows(encoded)?, 4)?.checked_mul(rank.try_into().ok()?)?;
        let exact = column_bytes(rows(encoded + others)?, 4)?;
        let bytes = FIXED + MOST_KID + approximate + exact;
        Some(Expected {
            others: usize::try_from(others).ok()?,
            bytes: bytes + bytes / 50,
        })
    }
}

#[cfg(test)]
mod tests;
