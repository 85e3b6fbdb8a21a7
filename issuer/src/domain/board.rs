//! What the pages of the desk show: what waits, what was done, and the trail of it. Nothing here
//! changes anything but what a clerk used last.

use std::collections::BTreeMap;

use super::{Issuer, Refusal, lists::reads_audit, queue::Waiting};
use crate::{
    actor::Actor,
    id::Id,
    place::Place,
    roles::Role,
    store::{AuditEntry, BoardPage, CertificateRow, PersonRow, PlaceRow, RecordRow},
};

/// Counts of the actor's place.
#[derive(Debug, Clone, Default)]
pub struct Board {
    /// Records that wait for the officer.
    pub recorded: i64,
    /// Records that were sent back.
    pub sent_back: i64,
    /// Records that wait for the authority.
    pub approved: i64,
    /// Complaints that nobody answered yet.
    pub complaints: i64,
    /// What the actor recorded today.
    pub mine: i64,
    /// What the place issued today.
    pub issued: i64,
}

/// Everything that is recorded of a person and that the actor may see.
#[derive(Debug, Clone)]
pub struct History {
    /// Who.
    pub person: PersonRow,
    /// Newest event first.
    pub records: Vec<RecordRow>,
    /// Newest first.
    pub certificates: Vec<CertificateRow>,
}

/// Which certificates are listed.
#[derive(Debug, Clone, Default)]
pub struct CertificatesOf {
    /// In this place; else in the actor's.
    pub within: Option<Place>,
    /// Of this lot; empty stands for any.
    pub lot: String,
    /// In this state; empty stands for any.
    pub state: String,
    /// Issued before this time.
    pub before: Option<i64>,
}

fn reads(actor: &Actor) -> Result<(), Refusal> {
    let readers = [Role::Clerk, Role::Officer, Role::Authority, Role::Auditor];
    match actor.roles.has_any(&readers) {
        true => Ok(()),
        false => Err(Refusal::Role("clerk, officer, authority or auditor")),
    }
}

impl Issuer {
    /// The first second of the local day.
    pub fn midnight(&self) -> i64 {
        let offset = i64::from(self.settings.offset) * 60;
        let now = self.clock.now().unix() + offset;
        now - now.rem_euclid(86_400) - offset
    }

    /// What waits in the actor's place, and what was done today.
    pub async fn board(&self, actor: &Actor) -> Result<Board, Refusal> {
        let midnight = self.midnight();
        let mut tx = self.store.read().await?;
        let mut board = Board {
            complaints: tx.board_complaints(&actor.place).await?,
            mine: tx.board_recorded_by(&actor.name, midnight).await?,
            issued: tx.board_issued(&actor.place, midnight).await?,
            ..Board::default()
        };
        drop(tx);
        let counts = self.counts(actor).await?;
        let of = |state: &str| counts.get(state).copied().unwrap_or_default();
        (board.recorded, board.sent_back, board.approved) =
            (of("recorded"), of("sent_back"), of("approved"));
        Ok(board)
    }

    /// What the actor recorded today, newest first.
    pub async fn latest(&self, actor: &Actor, most: i64) -> Result<Vec<Waiting>, Refusal> {
        let midnight = self.midnight();
        let mut tx = self.store.read().await?;
        let by = (actor.name.as_str(), actor.place.as_str());
        let records = tx.board_latest_by(by, midnight, most).await?;
        let mut latest = Vec::with_capacity(records.len());
        for record in records {
            if let Some(person) = tx.person(record.person).await? {
                latest.push(Waiting { record, person });
            }
        }
        Ok(latest)
    }

    /// A record that the actor may see, with its person and its newest certificate.
    pub async fn whole_record(
        &self,
        actor: &Actor,
        id: Id,
    ) -> Result<(Waiting, Option<CertificateRow>), Refusal> {
        let waiting = self.record(actor, id).await?;
        let certificate = self.certificate_of_record(actor, id).await?;
        Ok((waiting, certificate))
    }

    /// Everything recorded of a person that the actor may see.
    pub async fn history(&self, actor: &Actor, person: Id) -> Result<History, Refusal> {
        Ok(History {
            person: self.person(actor, person).await?,
            records: self.records_of(actor, person).await?,
            certificates: self.certificates_of(actor, person).await?,
        })
    }

    /// Certificates of the actor's place, newest first, with their people.
    pub async fn certificates_list(
        &self,
        actor: &Actor,
        of: &CertificatesOf,
        most: i64,
    ) -> Result<Vec<(CertificateRow, PersonRow)>, Refusal> {
        reads(actor)?;
        let within = of.within.as_ref().unwrap_or(&actor.place);
        if !actor.sees(within) {
            return Err(Refusal::NotFound("place"));
        }
        let page = BoardPage {
            within,
            lot: &of.lot,
            state: &of.state,
            before: of.before.unwrap_or(i64::MAX),
            most,
        };
        let mut tx = self.store.read().await?;
        let rows = tx.board_certificates(&page).await?;
        let mut list = Vec::with_capacity(rows.len());
        for row in rows {
            if let Some(person) = tx.person(row.person).await? {
                list.push((row, person));
            }
        }
        Ok(list)
    }

    /// A place by its path, whoever asks: names of places are public.
    pub async fn place_of(&self, path: &str) -> Result<Option<PlaceRow>, Refusal> {
        Ok(self.store.read().await?.board_place(path).await?)
    }

    /// The audit log, newest first, or what was done to one subject.
    pub async fn audit_list(
        &self,
        actor: &Actor,
        subject: &str,
        before: i64,
        most: i64,
    ) -> Result<Vec<AuditEntry>, Refusal> {
        reads_audit(actor)?;
        let mut tx = self.store.read().await?;
        Ok(match subject {
            "" => tx.audit_page(before, most).await?,
            subject => {
                let mut deeds = tx.board_deeds(subject).await?;
                deeds.reverse();
                deeds
            }
        })
    }

    /// What a clerk used last: kind, product, lot and the like, by field.
    pub async fn habits(&self, user: &str) -> Result<BTreeMap<String, String>, Refusal> {
        let content = self.store.read().await?.habits(user).await?;
        Ok(content
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }

    /// Remembers it.
    pub async fn keep_habits(
        &self,
        user: &str,
        habits: &BTreeMap<String, String>,
    ) -> Result<(), Refusal> {
        let content = serde_json::to_string(habits).unwrap_or_default();
        let mut tx = self.store.write().await?;
        tx.set_habits(user, &content, self.clock.now().unix())
            .await?;
        tx.commit().await?;
        Ok(())
    }
}
