//! The alarm page: what somebody has to look at.

use std::collections::BTreeMap;

use hcert::time::Timestamp;
use serde_json::{Value, json};

use super::{Issuer, Refusal};
use crate::{
    actor::Actor,
    id::Id,
    roles::Role,
    store::{AlarmRow, Tx, Within},
};

/// The most alarms that are shown at once.
const MOST: i64 = 500;
/// The most characters of a note.
const MAX_NOTE: usize = 500;

/// What is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmKind {
    /// A limit was reached, and issuing refused.
    Limit,
    /// Issued at night.
    Night,
    /// One clerk far above the others of the site.
    ClerkAbove,
    /// Many certificates for one person.
    PersonMany,
    /// A burst from one program's key.
    ClientBurst,
    /// A certificate that its own verification refused: nobody got it.
    NotVerified,
    /// A picture that an independent reader could not read back: nobody got it.
    NotReadable,
    /// The trust list could not be told for an hour.
    TrustList,
    /// A signing key ends soon and nothing comes after it.
    KeyDue,
    /// What a site approved is not what the database holds: it was changed behind the service's back.
    Tampered,
}

impl AlarmKind {
    /// All of them.
    pub const ALL: [AlarmKind; 10] = [
        AlarmKind::Limit,
        AlarmKind::Night,
        AlarmKind::ClerkAbove,
        AlarmKind::PersonMany,
        AlarmKind::ClientBurst,
        AlarmKind::NotVerified,
        AlarmKind::NotReadable,
        AlarmKind::TrustList,
        AlarmKind::KeyDue,
        AlarmKind::Tampered,
    ];

    /// The word in the database and the API.
    pub const fn name(self) -> &'static str {
        match self {
            AlarmKind::Limit => "limit",
            AlarmKind::Night => "night",
            AlarmKind::ClerkAbove => "clerk_above",
            AlarmKind::PersonMany => "person_many",
            AlarmKind::ClientBurst => "client_burst",
            AlarmKind::NotVerified => "not_verified",
            AlarmKind::NotReadable => "not_readable",
            AlarmKind::TrustList => "trust_list",
            AlarmKind::KeyDue => "key_due",
            AlarmKind::Tampered => "tampered",
        }
    }
}

/// Something that was noticed.
#[derive(Debug, Clone)]
pub(crate) struct Raised {
    /// What kind of thing.
    pub(crate) kind: AlarmKind,
    /// A clerk, a site, a client, a certificate, a key; never a person.
    pub(crate) subject: String,
    /// The place that is to look at it.
    pub(crate) site: String,
    /// More of it, without personal data.
    pub(crate) detail: Value,
}

impl Issuer {
    /// Alarms of the actor's place, those not seen first, newest first.
    pub async fn alarms(&self, actor: &Actor, only_open: bool) -> Result<Vec<AlarmRow>, Refusal> {
        let mut tx = self.store.read().await?;
        Ok(tx
            .alarms(&Within::of(&actor.place), only_open, MOST)
            .await?)
    }

    /// How many alarms of the actor's place nobody has looked at.
    pub async fn open_alarms(&self, actor: &Actor) -> Result<i64, Refusal> {
        let mut tx = self.store.read().await?;
        Ok(tx.open_alarms(&Within::of(&actor.place)).await?)
    }

    /// Somebody has looked at it, and says what it was.
    pub async fn see_alarm(&self, actor: &Actor, id: Id, note: &str) -> Result<(), Refusal> {
        if ![Role::Officer, Role::Authority, Role::Administrator]
            .iter()
            .any(|role| actor.is(*role))
        {
            return Err(Refusal::Role("officer"));
        }
        let note = note.trim();
        if note.is_empty() || note.chars().count() > MAX_NOTE {
            return Err(Refusal::Asked(format!(
                "say in 1 to {MAX_NOTE} characters what it was"
            )));
        }
        let mut tx = self.store.write().await?;
        let alarm = tx.alarm(id).await?;
        let alarm = alarm.filter(|alarm| Within::of(&actor.place).holds(&alarm.site));
        let alarm = alarm.ok_or(Refusal::NotFound("alarm"))?;
        let now = self.clock.now();
        tx.see_alarm(id, now.unix(), &actor.name, note).await?;
        let detail = json!({ "kind": alarm.kind, "subject": alarm.subject, "day": alarm.day });
        tx.audit(
            now,
            &actor.name,
            "alarm.see",
            &format!("alarm:{id}"),
            &detail,
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// Raises alarms: one row for each kind, subject and local day, which counts. In a fixed order, so
    /// that no two transactions wait for each other.
    pub(crate) async fn raise(
        &self,
        tx: &mut Tx,
        raised: &[Raised],
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut rows: BTreeMap<(&str, &str), AlarmRow> = BTreeMap::new();
        for one in raised {
            let row = AlarmRow {
                id: Id::new(now)?,
                kind: one.kind.name().to_owned(),
                subject: one.subject.clone(),
                site: one.site.clone(),
                day: self.day(now),
                detail: one.detail.to_string(),
                count: 0,
                raised_at: now.unix(),
                last_at: now.unix(),
                seen_at: None,
                seen_by: None,
                note: None,
            };
            rows.entry((one.kind.name(), &one.subject))
                .or_insert(row)
                .count += 1;
        }
        for row in rows.values() {
            tx.raise(row).await?;
        }
        Ok(())
    }
}
