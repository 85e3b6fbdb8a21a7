//! What happens to a certificate after it was issued. None is ever changed: a correction is a new one.

mod correct;
mod revoke;

use hcert::limits::Limits;

use super::{Issuer, Refusal};
use crate::{
    actor::Actor,
    id::Id,
    place::Place,
    store::{After, AuditEntry, CertificateRow, Tx, Within},
};

/// The most certificates of a page.
const PAGE: i64 = 1000;
/// The most certificates that are followed from one to the next.
const LINKS: usize = 64;

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

impl ReasonKind {
    /// All of them.
    pub const ALL: [ReasonKind; 5] = [
        ReasonKind::Correction,
        ReasonKind::Mistake,
        ReasonKind::Fraud,
        ReasonKind::Lot,
        ReasonKind::Wish,
    ];

    /// The word in the database and the API.
    pub const fn name(self) -> &'static str {
        match self {
            ReasonKind::Correction => "correction",
            ReasonKind::Mistake => "mistake",
            ReasonKind::Fraud => "fraud",
            ReasonKind::Lot => "lot",
            ReasonKind::Wish => "wish",
        }
    }

    /// The reason of a word.
    pub fn of(name: &str) -> Option<ReasonKind> {
        ReasonKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Issuer {
    /// A certificate that the actor may see.
    pub async fn certificate(&self, actor: &Actor, id: Id) -> Result<CertificateRow, Refusal> {
        let mut tx = self.store.read().await?;
        let row = tx.certificate(id).await?;
        visible(actor, row)
    }

    /// The certificate of a text as it is scanned (`HC1:...`), or of an UVCI, if the actor may see it.
    /// Nothing is said of the text's signature: the certificate is the one in the database.
    pub async fn certificate_by_text(
        &self,
        actor: &Actor,
        text: &str,
    ) -> Result<CertificateRow, Refusal> {
        let uvci = uvci_in(text).ok_or(Refusal::NotFound("certificate"))?;
        let mut tx = self.store.read().await?;
        let row = tx.certificate_by_uvci(&uvci).await?;
        visible(actor, row)
    }

    /// The newest certificate of a record that the actor may see, if there is one.
    pub async fn certificate_of_record(
        &self,
        actor: &Actor,
        record: Id,
    ) -> Result<Option<CertificateRow>, Refusal> {
        let mut tx = self.store.read().await?;
        let row = tx.certificate_of_record(record).await?;
        Ok(row.filter(|row| Within::of(&actor.place).holds(&row.site)))
    }

    /// The certificates of a place the actor sees, issued from the first time to before the second,
    /// newest first; the page after one.
    pub async fn certificates_in(
        &self,
        actor: &Actor,
        within: &Place,
        between: (i64, i64),
        after: Option<After>,
        most: i64,
    ) -> Result<Vec<CertificateRow>, Refusal> {
        if !actor.sees(within) {
            return Err(Refusal::NotFound("place"));
        }
        let mut tx = self.store.read().await?;
        let within = Within::of(within);
        Ok(tx
            .certificates_in(&within, between, after, most.clamp(1, PAGE))
            .await?)
    }

    /// The certificates before and after one, itself among them, the first one first.
    pub async fn chain(&self, actor: &Actor, id: Id) -> Result<Vec<CertificateRow>, Refusal> {
        let mut tx = self.store.read().await?;
        let own = visible(actor, tx.certificate(id).await?)?;
        linked(&mut tx, own).await
    }

    /// What the audit log has of a certificate: of it, of its record, and of those before and after.
    pub async fn trail(&self, actor: &Actor, id: Id) -> Result<Vec<AuditEntry>, Refusal> {
        let mut tx = self.store.read().await?;
        let own = visible(actor, tx.certificate(id).await?)?;
        let mut subjects = Vec::new();
        for row in linked(&mut tx, own).await? {
            subjects.push(format!("certificate:{}", row.id));
            subjects.push(format!("record:{}", row.record));
        }
        Ok(tx.audit_of(&subjects).await?)
    }
}

/// A certificate, if it is of a place that the actor sees.
pub(super) fn visible(
    actor: &Actor,
    row: Option<CertificateRow>,
) -> Result<CertificateRow, Refusal> {
    let row = row.filter(|row| Within::of(&actor.place).holds(&row.site));
    row.ok_or(Refusal::NotFound("certificate"))
}

/// The UVCI of a text: itself, or in a code. Its signature is not checked.
pub(super) fn uvci_in(text: &str) -> Option<String> {
    let text = text.trim();
    if text.to_ascii_uppercase().starts_with("URN:UVCI:") {
        return Some(text.to_owned());
    }
    let payload = verifier::unverified::payload(text, Limits::default())?;
    let events = ["v", "t", "r"].into_iter().find_map(|key| payload.get(key));
    let uvci = events?.get(0)?.get("ci")?.as_str()?;
    Some(uvci.to_owned())
}

async fn linked(tx: &mut Tx, own: CertificateRow) -> Result<Vec<CertificateRow>, Refusal> {
    let id = |bytes: &Option<Vec<u8>>| bytes.as_deref().and_then(Id::from_slice);
    let mut all = vec![own];
    while let Some(before) = all.first().and_then(|row| id(&row.replaces)) {
        match tx.certificate(before).await? {
            Some(row) if all.len() < LINKS => all.insert(0, row),
            _ => break,
        }
    }
    while let Some(after) = all.last().and_then(|row| id(&row.replaced_by)) {
        match tx.certificate(after).await? {
            Some(row) if all.len() < LINKS => all.push(row),
            _ => break,
        }
    }
    Ok(all)
}
