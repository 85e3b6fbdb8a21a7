//! Records, certificates and the audit log, page by page.

use super::{Issuer, Refusal};
use crate::{
    actor::Actor,
    id::Id,
    place::Place,
    roles::Role,
    store::{AuditEntry, BrokenChain, CertificateRow, Listed, RecordRow},
};

/// What to list. Everything that is not said stands for any.
#[derive(Debug, Clone, Default)]
pub struct ListOf {
    /// In this place, or below it; else in the actor's.
    pub within: Option<Place>,
    /// In this state.
    pub state: Option<String>,
    /// `vaccination`, `test`, `recovery`.
    pub kind: Option<String>,
    /// Of this person.
    pub person: Option<Id>,
    /// Beyond this one.
    pub after: Option<Id>,
    /// At most so many.
    pub limit: i64,
}

impl ListOf {
    fn of(&self, actor: &Actor) -> Result<Listed, Refusal> {
        reads(actor)?;
        let within = self.within.as_ref().unwrap_or(&actor.place);
        if !actor.sees(within) {
            return Err(Refusal::NotFound("place"));
        }
        Ok(Listed {
            within: within.clone(),
            state: self.state.clone().unwrap_or_default(),
            kind: self.kind.clone().unwrap_or_default(),
            person: self.person,
            after: self.after,
            limit: self.limit,
        })
    }
}

/// Whoever may look at people, records and certificates.
fn reads(actor: &Actor) -> Result<(), Refusal> {
    let readers = [Role::Clerk, Role::Officer, Role::Authority, Role::Auditor];
    match actor.roles.has_any(&readers) {
        true => Ok(()),
        false => Err(Refusal::Role("clerk, officer, authority or auditor")),
    }
}

/// The audit log is one chain for the whole country, and so are those who read all of it.
pub(super) fn reads_audit(actor: &Actor) -> Result<(), Refusal> {
    match actor.is(Role::Auditor) && actor.place.parent().is_none() {
        true => Ok(()),
        false => Err(Refusal::Role("auditor of the whole country")),
    }
}

impl Issuer {
    /// Records that the actor sees, by identifier.
    pub async fn list_records(
        &self,
        actor: &Actor,
        of: &ListOf,
    ) -> Result<Vec<RecordRow>, Refusal> {
        let listed = of.of(actor)?;
        Ok(self.store.read().await?.list_records(&listed).await?)
    }

    /// Certificates that the actor sees, by identifier.
    pub async fn list_certificates(
        &self,
        actor: &Actor,
        of: &ListOf,
    ) -> Result<Vec<CertificateRow>, Refusal> {
        let listed = of.of(actor)?;
        Ok(self.store.read().await?.list_certificates(&listed).await?)
    }

    /// A record that the actor may see.
    pub async fn one_record(&self, actor: &Actor, id: Id) -> Result<RecordRow, Refusal> {
        reads(actor)?;
        let row = self.store.read().await?.record(id).await?;
        let sees = |row: &RecordRow| row.site.parse().is_ok_and(|site| actor.sees(&site));
        row.filter(sees).ok_or(Refusal::NotFound("record"))
    }

    /// The newest entries of the audit log before one of them, newest first.
    pub async fn audit_page(
        &self,
        actor: &Actor,
        before: i64,
        limit: i64,
    ) -> Result<Vec<AuditEntry>, Refusal> {
        reads_audit(actor)?;
        Ok(self.store.read().await?.audit_page(before, limit).await?)
    }

    /// The entries of the audit log after one of them, oldest first, a thousand at a time.
    pub async fn audit_after(&self, actor: &Actor, seq: i64) -> Result<Vec<AuditEntry>, Refusal> {
        reads_audit(actor)?;
        Ok(self.store.read().await?.audit_after(seq, 1000).await?)
    }

    /// Goes through the whole audit log: how many entries it has, or where it breaks.
    pub async fn audit_check(&self, actor: &Actor) -> Result<Result<i64, BrokenChain>, Refusal> {
        reads_audit(actor)?;
        Ok(self.store.read().await?.audit_check().await?)
    }
}
