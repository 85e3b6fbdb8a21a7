//! Recording, and issuing in one go: one report or thousands, each batch in one transaction.

use intake::{finding::Finding, record::Record};

use super::{Issuer, Refusal};
use crate::{actor::Actor, id::Id, place::Place};

/// How far a record is taken at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Upto {
    /// It waits for the site's officer.
    Recorded,
    /// It waits for the authority.
    Approved,
    /// The certificate exists.
    Certified,
}

/// Of whom a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// Somebody who was found and chosen.
    Known(Id),
    /// Whoever has the same document, birth date and name; else somebody new.
    Same,
    /// Somebody new, whoever else may look alike.
    New,
}

/// One report that is to become a record.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Person and event, read and right.
    pub record: Record,
    /// Of whom.
    pub whom: Whom,
    /// Where it happened and is answered for.
    pub site: Place,
    /// How far to go.
    pub upto: Upto,
    /// `desk`, `api` or `bulk`.
    pub source: &'static str,
    /// The person at the desk has seen the warnings and says that it is so.
    pub confirmed: bool,
    /// What a repeated request is told by.
    pub once: Option<Once>,
    /// The sender's key of a row: what was accepted under it at this site is not made again.
    pub row_key: Option<String>,
    /// The row of a job whose outcome is noted with it, in the same transaction.
    pub row: Option<(Id, i64)>,
}

/// A request that may come twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Whose keys: `client:NAME` or `user:NAME`.
    pub scope: String,
    /// The Idempotency-Key, 1 to 255 visible characters.
    pub key: String,
    /// SHA-256 of the request.
    pub digest: [u8; 32],
}

/// What came of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The record.
    pub record: Id,
    /// The person.
    pub person: Id,
    /// The certificate, if it went that far.
    pub certificate: Option<Id>,
    /// Whether this call made it; else it was there, made by the same request before.
    pub new: bool,
}

/// What the desk shows before anything is recorded.
#[derive(Debug, Clone)]
pub struct Looked {
    /// Errors, warnings, notes: of the event, with what is known of the person's other doses, the
    /// site's lots, the day.
    pub findings: Vec<Finding>,
    /// People who look like this one.
    pub alike: Vec<super::persons::Alike>,
    /// The same event, if it is recorded already.
    pub recorded: Option<Id>,
}

impl Issuer {
    /// What is to be said of a report, before it is recorded. Changes nothing.
    pub async fn look(
        &self,
        actor: &Actor,
        site: &Place,
        whom: Whom,
        record: &Record,
    ) -> Result<Looked, Refusal> {
        let _ = (actor, site, whom, record);
        todo!()
    }

    /// Takes one report. It shares a transaction with others that come at the same moment, and is
    /// durable when this returns.
    pub async fn take(&self, actor: &Actor, entry: Entry) -> Result<Made, Refusal> {
        let _ = (actor, entry);
        todo!()
    }

    /// Takes many reports in one transaction, each with its own outcome. Either all that have none
    /// against them are there, or (on an error of the database) nothing is.
    pub async fn take_all(
        &self,
        actor: &Actor,
        entries: Vec<Entry>,
    ) -> Result<Vec<Result<Made, Refusal>>, Refusal> {
        let _ = (actor, entries);
        todo!()
    }
}
