//! A piece of bulk work, as the transaction that makes its rows ends it.

use super::{Made, Refusal};
use crate::store::{Done, Lease, RowOutcome};

/// A piece whose end belongs into the transaction that makes its rows.
#[derive(Clone, Copy)]
pub(crate) struct Piece<'a> {
    /// In whose hand it is.
    pub(crate) lease: &'a Lease,
    /// Rows that failed before they came so far.
    pub(crate) failed: &'a [(i64, RowOutcome)],
    /// What the report says of a row that was refused.
    pub(crate) why: fn(&Refusal) -> String,
}

impl Piece<'_> {
    /// What came of a row that was taken.
    pub(super) fn outcome(&self, result: &Result<Made, Refusal>) -> RowOutcome {
        match result {
            Ok(made) if made.new => RowOutcome::Made {
                record: made.record,
                certificate: made.certificate,
            },
            Ok(made) => RowOutcome::Known {
                record: made.record,
                certificate: made.certificate,
            },
            // The same event of the same person: the file says again what is so.
            Err(Refusal::Recorded { record }) => RowOutcome::Known {
                record: *record,
                certificate: None,
            },
            Err(refusal) => RowOutcome::Failed((self.why)(refusal)),
        }
    }
}

/// Counts outcomes.
pub(super) fn count<'a>(rows: impl Iterator<Item = &'a RowOutcome>) -> Done {
    let mut done = Done::default();
    for outcome in rows {
        match outcome {
            RowOutcome::Made { .. } => done.made += 1,
            RowOutcome::Known { .. } => done.known += 1,
            RowOutcome::Failed(_) => done.failed += 1,
        }
    }
    done
}
