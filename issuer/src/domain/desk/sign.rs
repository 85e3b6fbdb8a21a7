//! Signatures, of sites and of the authority: off the tasks that wait, on all processors.

use std::sync::Arc;

use hcert::{time::Timestamp, uvci::Uvci};
use intake::record::{self, Event, Record};
use keyring::{Approval, Certified, CertifyError, Profile, SiteKey};
use service::random;
use tokio::task;

use super::{Issuer, Refusal};
use crate::{
    domain::{
        alarms::{AlarmKind, Raised},
        content,
    },
    id::Id,
    store::{CertificateRow, RecordRow, uvci_hash},
};

/// The fewest records that are worth another thread.
const PIECE: usize = 8;
const DAY: i64 = 86_400;

/// A record that is to be signed.
pub(in crate::domain) struct ToSign {
    /// Person and event.
    pub(in crate::domain) record: Record,
    /// By the site's key.
    pub(in crate::domain) approve: Option<ToApprove>,
    /// By the DSCs.
    pub(in crate::domain) certify: Option<ToCertify>,
    /// Where an alarm goes to.
    pub(in crate::domain) site: String,
}

/// What an approval says besides the content.
pub(in crate::domain) struct ToApprove {
    pub(in crate::domain) key: Arc<SiteKey>,
    pub(in crate::domain) record: Id,
    pub(in crate::domain) revision: i64,
    pub(in crate::domain) officer: String,
    pub(in crate::domain) at: Timestamp,
}

/// What a certificate says besides the content.
#[derive(Clone)]
pub(in crate::domain) struct ToCertify {
    pub(in crate::domain) uvci: Uvci,
    pub(in crate::domain) issued_at: Timestamp,
    pub(in crate::domain) expires_at: Timestamp,
}

/// What was signed.
pub(in crate::domain) struct Signed {
    /// The site's approval.
    pub(in crate::domain) approval: Option<Vec<u8>>,
    /// The texts.
    pub(in crate::domain) certified: Option<Certified>,
}

impl Issuer {
    /// Signs them all, each with its own outcome. What its own verification refused raises an alarm, in a
    /// transaction of its own.
    pub(in crate::domain) async fn sign_all(
        &self,
        mut work: Vec<ToSign>,
    ) -> Result<Vec<Result<Signed, Refusal>>, Refusal> {
        if work.is_empty() {
            return Ok(Vec::new());
        }
        let sites: Vec<String> = work.iter().map(|one| one.site.clone()).collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let piece = work.len().div_ceil(threads).max(PIECE);
        let mut tasks = Vec::new();
        while !work.is_empty() {
            let rest = work.split_off(piece.min(work.len()));
            let (me, piece) = (self.me()?, std::mem::replace(&mut work, rest));
            tasks.push(task::spawn_blocking(move || {
                piece.iter().map(|one| me.sign_one(one)).collect::<Vec<_>>()
            }));
        }
        let mut signed = Vec::with_capacity(sites.len());
        for task in tasks {
            let piece = task.await;
            signed.extend(piece.map_err(|_| Refusal::Asked("signing was broken off".into()))?);
        }
        self.alarm_not_verified(&sites, &signed).await?;
        Ok(signed)
    }

    fn sign_one(&self, work: &ToSign) -> Result<Signed, Refusal> {
        let approval = work.approve.as_ref().map(|approve| {
            let revision = u32::try_from(approve.revision).unwrap_or_default();
            let bytes = content::canonical(&work.record);
            let officer = approve.officer.as_str();
            Approval::of(
                (*approve.record.bytes(), revision),
                &bytes,
                work.site.as_str(),
                officer,
                approve.at,
            )
            .and_then(|approval| approval.sign(&approve.key))
            .map_err(|error| Refusal::Asked(error.to_string()))
        });
        let certified = work.certify.as_ref().map(|certify| {
            let issuer = record::Issuer {
                name: self.settings.authority.clone(),
            };
            let dcc = record::to_dcc(&work.record, &issuer, certify.uvci.clone());
            self.certifier.certify(
                &dcc,
                &self.settings.profiles,
                certify.issued_at,
                certify.expires_at,
            )
        });
        Ok(Signed {
            approval: approval.transpose()?,
            certified: certified.transpose()?,
        })
    }

    async fn alarm_not_verified(
        &self,
        sites: &[String],
        signed: &[Result<Signed, Refusal>],
    ) -> Result<(), Refusal> {
        let mut raised = Vec::new();
        for (site, signed) in sites.iter().zip(signed) {
            if let Err(Refusal::Certify(CertifyError::NotVerified {
                profile,
                kid,
                stage,
                ..
            })) = signed
            {
                raised.push(Raised {
                    kind: AlarmKind::NotVerified,
                    subject: format!("key:{kid}"),
                    site: site.clone(),
                    detail: serde_json::json!({ "profile": profile.name(), "stage": stage }),
                });
            }
        }
        if raised.is_empty() {
            return Ok(());
        }
        let mut tx = self.store.write().await?;
        self.raise(&mut tx, &raised, self.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Until when a certificate of this record is good.
    pub(in crate::domain) fn end_of(&self, record: &Record, at: Timestamp) -> Timestamp {
        let lives = &self.settings.lives;
        match &record.event {
            Event::Vaccination(_) => at.plus_seconds(lives.vaccination * DAY),
            Event::Test(_) => at.plus_seconds(lives.test * DAY),
            Event::Recovery(recovery) => {
                let epoch = hcert::date::Date::from_unix_seconds(0);
                let days = epoch.map_or(0, |epoch| recovery.valid_until().days_since(epoch));
                // The last second of the day, where it is that day.
                let last = (i64::from(days) + 1) * DAY - 1 - i64::from(self.settings.offset) * 60;
                at.plus_seconds(lives.recovery * DAY)
                    .min(Timestamp::saturating(last))
            }
        }
    }

    /// A new identifier: 26 random characters, of which nobody learns anything.
    pub(in crate::domain) fn new_uvci(&self) -> Result<Uvci, Refusal> {
        new_uvci(&self.settings.country)
    }
}

pub(in crate::domain) fn new_uvci(country: &str) -> Result<Uvci, Refusal> {
    const ALPHABET: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const LENGTH: usize = 26;
    let mut opaque = String::with_capacity(LENGTH);
    while opaque.len() < LENGTH {
        for byte in random::bytes::<32>()?.iter() {
            // 252 is the largest multiple of 36 in a byte: above it, some would come more often.
            let letter = ALPHABET.get(usize::from(byte % 36)).filter(|_| *byte < 252);
            if let Some(letter) = letter.filter(|_| opaque.len() < LENGTH) {
                opaque.push(char::from(*letter));
            }
        }
    }
    Uvci::new(country, &opaque).map_err(|error| Refusal::Asked(error.to_string()))
}

/// The row of a certificate that has been signed.
pub(in crate::domain) fn certificate_row(
    id: Id,
    record: &RecordRow,
    certify: &ToCertify,
    certified: Certified,
    replaces: Option<Id>,
) -> CertificateRow {
    let mut row = CertificateRow {
        id,
        record: record.id,
        person: record.person,
        kind: record.kind.clone(),
        site: record.site.clone(),
        uvci: certify.uvci.as_str().to_owned(),
        uvci_hash: uvci_hash(certify.uvci.as_str()),
        issued_at: certify.issued_at.unix(),
        expires_at: certify.expires_at.unix(),
        national_kid: None,
        national: None,
        international_kid: None,
        international: None,
        state: "valid".into(),
        replaces: replaces.map(|id| id.bytes().to_vec()),
        replaced_by: None,
        reason: None,
        revoked_at: None,
        revoked_by: None,
        prints: 0,
    };
    for code in certified.codes {
        let kid = Some(code.kid.as_bytes().to_vec());
        match code.profile {
            Profile::National => (row.national_kid, row.national) = (kid, Some(code.text)),
            Profile::International => {
                (row.international_kid, row.international) = (kid, Some(code.text));
            }
        }
    }
    row
}
