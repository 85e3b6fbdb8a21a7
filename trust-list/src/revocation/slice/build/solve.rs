//! The two systems of equations, solved by the `clubcard` crate, and their bytes.

use alloc::{rc::Rc, vec, vec::Vec};

use clubcard::{
    AsQuery, Clubcard, Equation, Filterable, Queryable,
    builder::{ApproximateRibbon, ClubcardBuilder, ExactRibbon},
};

use super::{BuildError, Header, List, Sets};
use crate::revocation::{
    RevocationId,
    slice::{equation::Salt, layout::column_bytes},
};

/// Fills in the header, and writes it and what solves the equations.
///
/// Inversion is ours: the solver is given the smaller set as the one to encode. `None` if more than
/// `most` others solve the first system.
pub(super) fn solve<const W: usize, E>(
    header: &mut Header,
    sets: &Sets,
    list: &mut List<'_, E>,
    most: usize,
) -> Result<Option<Vec<u8>>, BuildError<E>> {
    let salt = Rc::new(Salt::new(
        header.role,
        header.seed,
        header.month,
        &header.kid,
    ));
    let item = |id: &RevocationId, encoded| Item {
        id: *id,
        encoded,
        salt: Rc::clone(&salt),
    };
    let mut clubcard = ClubcardBuilder::<W, Item>::new();
    let mut approximate = clubcard.new_approx_builder(&[]);
    for id in &sets.encoded {
        approximate.insert(item(id, true));
    }
    // With a repeated identifier, what was counted may be as much as the set itself; the solver
    // asks for a true part.
    let universe = usize::try_from(sets.issued).unwrap_or(usize::MAX);
    approximate.set_universe_size(universe.max(sets.encoded.len() + 1));
    clubcard.collect_approx_ribbons(vec![ApproximateRibbon::from(approximate)]);

    let mut exact = clubcard.new_exact_builder(&[]);
    for id in &sets.encoded {
        exact.insert(item(id, true));
    }
    // The solver keeps to itself how many it took, but each holds the salt.
    let most = most.saturating_add(Rc::strong_count(&salt));
    let mut jammed = false;
    list(&mut |issued| {
        if issued.revoked == sets.inverted {
            jammed |= Rc::strong_count(&salt) > most;
            if !jammed {
                exact.insert(item(&issued.id, false));
            }
        } else if sets.encoded.binary_search(&issued.id).is_err() {
            return Err(BuildError::Changed);
        }
        Ok(())
    })?;
    if jammed {
        return Ok(None);
    }
    clubcard.collect_exact_ribbons(vec![ExactRibbon::from(exact)]);
    let clubcard: Clubcard<W, (), ()> = clubcard.build::<Item>((), ());

    let meta = clubcard.index.get(&Vec::new()).ok_or(BuildError::Wrong)?;
    let mut exceptions = Vec::with_capacity(meta.exceptions.len());
    for exception in &meta.exceptions {
        let id: [u8; 16] = exception
            .as_slice()
            .try_into()
            .map_err(|_| BuildError::Wrong)?;
        if sets
            .encoded
            .binary_search(&RevocationId::from_bytes(id))
            .is_ok()
        {
            return Err(BuildError::Contradiction);
        }
        exceptions.push(id);
    }
    exceptions.sort_unstable();
    exceptions.dedup();

    let count = |value: usize| u32::try_from(value).map_err(|_| BuildError::TooMany);
    header.width = W;
    header.rank = u8::try_from(meta.approx_filter_rank).map_err(|_| BuildError::TooMany)?;
    header.approximate_rows = count(meta.approx_filter_m)?;
    header.exact_rows = count(meta.exact_filter_m)?;
    header.exceptions = count(exceptions.len())?;
    let mut out = header.write();
    for column in &clubcard.approx_filter {
        write_column(&mut out, column, header.approximate_rows, W).ok_or(BuildError::TooMany)?;
    }
    write_column(&mut out, &clubcard.exact_filter, header.exact_rows, W)
        .ok_or(BuildError::TooMany)?;
    out.extend(exceptions.iter().flatten());
    Ok(Some(out))
}

/// One certificate as the solver sees it.
struct Item {
    id: RevocationId,
    encoded: bool,
    salt: Rc<Salt>,
}

impl<const W: usize> AsQuery<W> for Item {
    fn as_query(&self, rows: usize) -> Equation<W> {
        let point = self.salt.point(&self.id);
        let mut coefficients = [0; W];
        for (to, word) in coefficients.iter_mut().zip(point.coefficients) {
            *to = word;
        }
        let start = point.start(u32::try_from(rows).unwrap_or(u32::MAX));
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        Equation::homogeneous(start, coefficients)
    }

    fn block(&self) -> &[u8] {
        &[]
    }

    fn discriminant(&self) -> &[u8] {
        self.id.as_bytes()
    }
}

impl<const W: usize> Filterable<W> for Item {
    fn included(&self) -> bool {
        self.encoded
    }
}

impl<const W: usize> Queryable<W> for Item {
    type UniverseMetadata = ();
    type PartitionMetadata = ();

    fn in_universe(&self, (): &()) -> bool {
        true
    }
}

/// Writes as many words as equations reach into; the solver may give fewer, which end in zeros,
/// or more, which no equation reads.
fn write_column(out: &mut Vec<u8>, column: &[u64], rows: u32, width: usize) -> Option<()> {
    let words = column_bytes(rows, width)? / 8;
    let padded = column.iter().copied().chain(core::iter::repeat(0));
    for word in padded.take(words) {
        out.extend_from_slice(&word.to_le_bytes());
    }
    // The bits behind the last equation's reach.
    let beyond = words * 64 - (usize::try_from(rows).ok()? + width * 64 - 1);
    let last = out.last_chunk_mut::<8>()?;
    *last = (u64::from_le_bytes(*last) << beyond >> beyond).to_le_bytes();
    Some(())
}
