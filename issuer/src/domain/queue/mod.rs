//! What waits: for the officer of the site, for the authority.

mod amend;
mod steps;

use std::collections::HashMap;

use intake::record::Record;
use serde_json::json;

use super::{Issuer, Refusal, content};
use crate::{
    actor::Actor,
    id::Id,
    place::Place,
    roles::Role,
    store::{After, PersonRow, RecordRow, Tx, Within},
};

pub(super) use steps::{is_approved, tampered};

/// The most records of one act or page.
pub const MOST: usize = 1000;
/// The most characters of a reason.
pub(super) const MAX_REASON: usize = 500;

/// One record of a queue: which, and as it was when it was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The record.
    pub record: Id,
    /// Its revision.
    pub revision: i64,
}

/// A record with those it is of.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The record.
    pub record: RecordRow,
    /// The person.
    pub person: PersonRow,
}

impl Issuer {
    /// Records of a state (`recorded`, `approved`, ...) in a place the actor sees, those that wait
    /// longest first; the page after one.
    pub async fn queue(
        &self,
        actor: &Actor,
        within: &Place,
        state: &str,
        after: Option<After>,
        most: i64,
    ) -> Result<Vec<Waiting>, Refusal> {
        if !actor.sees(within) {
            return Err(Refusal::NotFound("place"));
        }
        let most = most.clamp(1, i64::try_from(MOST).unwrap_or(i64::MAX));
        let mut tx = self.store.read().await?;
        let rows = tx.queue(&Within::of(within), state, after, most).await?;
        let persons = persons_of(&mut tx, &rows).await?;
        let with = |record: RecordRow| {
            let person = persons.get(&record.person)?.clone();
            Some(Waiting { record, person })
        };
        Ok(rows.into_iter().filter_map(with).collect())
    }

    /// How many records of each state there are in the actor's place, by the words of the states.
    pub async fn counts(&self, actor: &Actor) -> Result<HashMap<String, i64>, Refusal> {
        let mut tx = self.store.read().await?;
        let rows = tx.record_counts(&Within::of(&actor.place)).await?;
        Ok(rows.into_iter().map(|row| (row.state, row.count)).collect())
    }

    /// A record with its person, if the actor may see it.
    pub async fn record(&self, actor: &Actor, id: Id) -> Result<Waiting, Refusal> {
        let mut tx = self.store.read().await?;
        let row = tx.record(id).await?;
        let row = row.filter(|row| Within::of(&actor.place).holds(&row.site));
        let record = row.ok_or(Refusal::NotFound("record"))?;
        let person = tx
            .person(record.person)
            .await?
            .ok_or(Refusal::NotFound("person"))?;
        Ok(Waiting { record, person })
    }

    /// A record as intake knows it: for a form in which it is amended or corrected.
    pub fn content_of(&self, waiting: &Waiting) -> Result<Record, Refusal> {
        let catalogue = self.catalogues.current();
        content::read(
            &self.reading(&catalogue)?,
            &waiting.person,
            &waiting.record.content,
        )
    }

    /// The officer or the authority sends a record back, with a reason.
    pub async fn send_back(
        &self,
        actor: &Actor,
        record: Seen,
        reason: &str,
    ) -> Result<(), Refusal> {
        if !actor.is(Role::Officer) {
            needs(actor, Role::Authority)?;
        }
        let states = ["recorded", "approved"];
        self.put_aside(
            actor,
            record,
            reason,
            "sent_back",
            &states,
            "record.send_back",
        )
        .await
    }

    /// Takes back a record that is not certified yet.
    pub async fn withdraw(&self, actor: &Actor, record: Seen, reason: &str) -> Result<(), Refusal> {
        if !actor.is(Role::Officer) {
            needs(actor, Role::Clerk)?;
        }
        let states = ["recorded", "sent_back", "approved"];
        self.put_aside(
            actor,
            record,
            reason,
            "withdrawn",
            &states,
            "record.withdraw",
        )
        .await
    }

    async fn put_aside(
        &self,
        actor: &Actor,
        record: Seen,
        reason: &str,
        state: &str,
        from: &[&str],
        action: &str,
    ) -> Result<(), Refusal> {
        let reason = reason_of(reason)?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let mut row = seen(&mut tx, actor, record, from).await?;
        let before = (row.revision, row.state.clone());
        row.state = state.to_owned();
        row.note = Some(reason);
        row.revision += 1;
        (row.approval, row.approved_at, row.approved_by) = (None, None, None);
        if !tx.change_record(&row, (before.0, &before.1)).await? {
            return Err(Refusal::Changed);
        }
        let detail = json!({ "revision": row.revision, "site": row.site });
        tx.audit(
            now,
            &actor.name,
            action,
            &format!("record:{}", row.id),
            &detail,
        )
        .await?;
        Ok(tx.commit().await?)
    }
}

/// A record that the actor sees, as it was looked at, in one of these states.
async fn seen(
    tx: &mut Tx,
    actor: &Actor,
    seen: Seen,
    states: &[&str],
) -> Result<RecordRow, Refusal> {
    let row = tx
        .record(seen.record)
        .await?
        .ok_or(Refusal::NotFound("record"))?;
    right(actor, &row, seen, states)?;
    Ok(row)
}

fn right(actor: &Actor, row: &RecordRow, seen: Seen, states: &[&str]) -> Result<(), Refusal> {
    if !Within::of(&actor.place).holds(&row.site) {
        return Err(Refusal::NotFound("record"));
    }
    if !states.contains(&row.state.as_str()) {
        return Err(Refusal::State {
            state: row.state.clone(),
            why: "another one took it a step further, or put it aside: look again",
        });
    }
    if row.revision != seen.revision {
        return Err(Refusal::Changed);
    }
    Ok(())
}

async fn persons_of(tx: &mut Tx, rows: &[RecordRow]) -> Result<HashMap<Id, PersonRow>, Refusal> {
    let mut ids: Vec<Id> = rows.iter().map(|row| row.person).collect();
    ids.sort_unstable();
    ids.dedup();
    let persons = tx.persons(&ids).await?;
    Ok(persons.into_iter().map(|row| (row.id, row)).collect())
}

pub(super) fn needs(actor: &Actor, role: Role) -> Result<(), Refusal> {
    let name = <Role as service::roles::Role>::name(role);
    if actor.is(role) {
        Ok(())
    } else {
        Err(Refusal::Role(name))
    }
}

fn few(records: &[Seen]) -> Result<(), Refusal> {
    if records.len() <= MOST {
        return Ok(());
    }
    Err(Refusal::Asked(format!("at most {MOST} records at once")))
}

/// A reason that people can read.
pub(super) fn reason_of(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > MAX_REASON {
        return Err(Refusal::Asked(format!(
            "give a reason, in 1 to {MAX_REASON} characters"
        )));
    }
    Ok(reason.to_owned())
}
