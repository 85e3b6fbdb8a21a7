//! What happens to a certificate after it was issued. None is ever changed: a correction is a new one.

use intake::record::Record;

use super::{Issuer, Refusal, desk::Made};
use crate::{actor::Actor, id::Id, place::Place, store::CertificateRow};

/// Why a certificate is revoked. The word is part of the audit; the text is the person's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What for.
    pub kind: ReasonKind,
    /// In words, without personal data; may be empty.
    pub text: String,
}

/// What for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReasonKind {
    /// Something in it was wrong; a corrected one takes its place.
    Correction,
    /// It should not exist: issued by mistake.
    Mistake,
    /// It should not exist: a fraud.
    Fraud,
    /// The vaccine was spoiled, the test was no good.
    Lot,
    /// The person asks for it.
    Wish,
}

/// Which certificates are to be revoked.
#[derive(Debug, Clone)]
pub enum Which {
    /// These.
    These(Vec<Id>),
    /// All of one lot.
    Lot(String),
    /// All of a site, issued from the first time to before the second.
    Site(Place, i64, i64),
    /// All of what one clerk or program recorded, likewise.
    By(String, i64, i64),
}

impl Issuer {
    /// A certificate that the actor may see.
    pub async fn certificate(&self, actor: &Actor, id: Id) -> Result<CertificateRow, Refusal> {
        let _ = (actor, id);
        todo!()
    }

    /// How many certificates a revocation would touch, and so how many people at most.
    pub async fn count(&self, actor: &Actor, which: &Which) -> Result<i64, Refusal> {
        let _ = (actor, which);
        todo!()
    }

    /// Revokes them all, if there are as many as expected. The trust list is told.
    pub async fn revoke(
        &self,
        actor: &Actor,
        which: &Which,
        reason: &Reason,
        expect: i64,
    ) -> Result<i64, Refusal> {
        let _ = (actor, which, reason, expect);
        todo!()
    }

    /// A corrected record takes the place of a certified one: a new record, a new certificate as soon as
    /// the steps are done, and the old certificate revoked in the same moment. Both know each other.
    pub async fn correct(
        &self,
        actor: &Actor,
        certificate: Id,
        content: &Record,
        reason: &str,
        confirmed: bool,
    ) -> Result<Made, Refusal> {
        let _ = (actor, certificate, content, reason, confirmed);
        todo!()
    }

    /// A new certificate of the same record, before the old one ends. The old one runs out by itself.
    pub async fn renew(&self, actor: &Actor, certificate: Id) -> Result<Made, Refusal> {
        let _ = (actor, certificate);
        todo!()
    }
}
