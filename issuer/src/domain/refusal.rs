//! Why something was not done.

use intake::finding::Finding;
use keyring::CertifyError;
use service::{people::PeopleError, random::NoRandom};

use crate::{id::Id, store::StoreError};

/// Why something was not done. What can be mended by the one who asks, and what can't.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There is no such thing, or none that the one who asks may see.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A fault in what was asked, in words.
    #[error("{0}")]
    Asked(String),
    /// Errors in the data, or warnings that nobody confirmed.
    #[error("the data has {} findings", .0.len())]
    Findings(Vec<Finding>),
    /// The same event of the same person is recorded already.
    #[error("this event of this person is recorded already")]
    Recorded {
        /// The record that is there.
        record: Id,
    },
    /// The thing is in a state in which this can't be done.
    #[error("it is {state}: {why}")]
    State {
        /// The state.
        state: String,
        /// What can be done.
        why: &'static str,
    },
    /// Somebody changed it since it was looked at.
    #[error("it was changed since you looked at it: look again")]
    Changed,
    /// The number typed is not the number hit.
    #[error("this touches {hits}, and {expected} was expected: look again")]
    Count {
        /// How many certificates it would touch.
        hits: i64,
        /// What was typed.
        expected: i64,
    },
    /// More than any honest desk does.
    #[error("{what}: no more than {limit} in {span}; the authority has been told")]
    Limit {
        /// Of whom.
        what: &'static str,
        /// How many.
        limit: i64,
        /// In which time.
        span: &'static str,
    },
    /// The role for it is missing.
    #[error("this needs the role {0}")]
    Role(&'static str),
    /// The same Idempotency-Key with another content.
    #[error("this Idempotency-Key was used before, with another content: take a new one")]
    OtherContent,
    /// A name, code or key that is in use.
    #[error("{0} is there already")]
    Exists(String),
    /// Too many wrong guesses; seconds to wait.
    #[error("too many wrong attempts: wait {0} s")]
    Wait(i64),
    /// The keys can't sign it, or what they signed does not hold.
    #[error(transparent)]
    Certify(#[from] CertifyError),
    /// The paper could not be made.
    #[error("the sheet could not be made: {0}")]
    Print(#[from] print::PrintError),
    /// No random numbers.
    #[error(transparent)]
    Random(#[from] NoRandom),
    /// People and their accounts.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}
