//! What waits: for the officer of the site, for the authority.

use super::{
    Issuer, Refusal,
    desk::{Made, Whom},
};
use crate::{actor::Actor, id::Id};

/// One record of a queue: which, and as it was when it was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The record.
    pub record: Id,
    /// Its revision.
    pub revision: i64,
}

impl Issuer {
    /// The officer approves; the site's key signs. One outcome for each, in order.
    pub async fn approve(
        &self,
        actor: &Actor,
        records: &[Seen],
    ) -> Result<Vec<Result<(), Refusal>>, Refusal> {
        let _ = (actor, records);
        todo!()
    }

    /// The officer or the authority sends a record back, with a reason.
    pub async fn send_back(
        &self,
        actor: &Actor,
        record: Seen,
        reason: &str,
    ) -> Result<(), Refusal> {
        let _ = (actor, record, reason);
        todo!()
    }

    /// The authority certifies; the DSC signs, and the certificate exists. Approvals are verified first.
    pub async fn certify(
        &self,
        actor: &Actor,
        records: &[Seen],
    ) -> Result<Vec<Result<Made, Refusal>>, Refusal> {
        let _ = (actor, records);
        todo!()
    }

    /// A clerk mends a record that is not certified yet: it is recorded anew, with the next revision.
    pub async fn amend(
        &self,
        actor: &Actor,
        record: Seen,
        content: &intake::record::Record,
        whom: Whom,
        confirmed: bool,
    ) -> Result<(), Refusal> {
        let _ = (actor, record, content, whom, confirmed);
        todo!()
    }

    /// Takes back a record that is not certified yet.
    pub async fn withdraw(&self, actor: &Actor, record: Seen, reason: &str) -> Result<(), Refusal> {
        let _ = (actor, record, reason);
        todo!()
    }
}
