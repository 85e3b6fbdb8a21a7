//! What waits: for the officer of the site, for the authority.

use std::collections::HashMap;

use hcert::time::Timestamp;
use intake::record::Record;
use keyring::Approval;
use serde_json::json;

use super::{
    Issuer, Refusal,
    alarms::{AlarmKind, Raised},
    content,
    desk::{self, Made, ToApprove, ToCertify, ToSign, Whom},
    limits,
};
use crate::{
    actor::Actor,
    id::Id,
    place::Place,
    roles::Role,
    store::{After, CertificateRow, PersonRow, PlaceRow, RecordRow, Tx, Within},
};

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

/// A record that is to go a step further, with what that takes.
struct Held {
    row: RecordRow,
    person: PersonRow,
    site: PlaceRow,
    record: Record,
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
        let person = tx.person(record.person).await?.ok_or(Refusal::NotFound("person"))?;
        Ok(Waiting { record, person })
    }

    /// A record as intake knows it: for a form in which it is amended or corrected.
    pub fn content_of(&self, waiting: &Waiting) -> Result<Record, Refusal> {
        let catalogue = self.catalogues.current();
        content::read(&self.reading(&catalogue)?, &waiting.person, &waiting.record.content)
    }

    /// The officer approves; the site's key signs. One outcome for each, in order.
    pub async fn approve(
        &self,
        actor: &Actor,
        records: &[Seen],
    ) -> Result<Vec<Result<(), Refusal>>, Refusal> {
        needs(actor, Role::Officer)?;
        few(records)?;
        let now = self.clock.now();
        let mut held = self.hold(actor, records, "recorded").await?;
        let mut work = Vec::new();
        for one in &mut held {
            let Ok(of) = one else { continue };
            match self.site_key(&of.site) {
                Ok(key) => work.push(ToSign {
                    record: of.record.clone(),
                    approve: Some(ToApprove {
                        key,
                        record: of.row.id,
                        revision: of.row.revision,
                        officer: actor.name.clone(),
                        at: now,
                    }),
                    certify: None,
                    site: of.row.site.clone(),
                }),
                Err(refusal) => *one = Err(refusal),
            }
        }
        let mut signed = self.sign_all(work).await?.into_iter();
        for one in &mut held {
            let Ok(of) = one else { continue };
            match signed.next() {
                Some(Ok(signed)) => {
                    of.row.state = "approved".into();
                    of.row.approved_at = Some(now.unix());
                    of.row.approved_by = Some(actor.name.clone());
                    of.row.approval = signed.approval;
                }
                Some(Err(refusal)) => *one = Err(refusal),
                None => *one = Err(Refusal::Changed),
            }
        }
        let mut tries = 0;
        loop {
            match self.write_steps(actor, &held, "recorded", None, now).await {
                Err(Refusal::Store(error)) if desk::goes_on(&error, &mut tries).await => {}
                Err(refusal) => return Err(refusal),
                Ok(written) => {
                    let outcomes = held.into_iter().zip(written);
                    return Ok(outcomes.map(|(one, right)| outcome(one, right)).collect());
                }
            }
        }
    }

    /// The authority certifies; the DSC signs, and the certificate exists. Approvals are verified first.
    pub async fn certify(
        &self,
        actor: &Actor,
        records: &[Seen],
    ) -> Result<Vec<Result<Made, Refusal>>, Refusal> {
        needs(actor, Role::Authority)?;
        few(records)?;
        let now = self.clock.now();
        let mut held = self.hold(actor, records, "approved").await?;
        let mut raised = self.verify_approvals(&mut held);
        raised.extend(self.person_limits(actor, &mut held, now).await?);
        let (mut work, mut ids) = (Vec::new(), Vec::new());
        for of in held.iter().flatten() {
            let certify = ToCertify {
                uvci: self.new_uvci()?,
                issued_at: now,
                expires_at: self.end_of(&of.record, now),
            };
            ids.push((Id::new(now)?, certify.clone()));
            work.push(ToSign {
                record: of.record.clone(),
                approve: None,
                certify: Some(certify),
                site: of.row.site.clone(),
            });
        }
        let mut signed = self.sign_all(work).await?.into_iter().zip(ids);
        let mut certificates: Vec<Option<CertificateRow>> = Vec::with_capacity(held.len());
        for one in &mut held {
            certificates.push(None);
            let Ok(of) = one else { continue };
            match signed.next() {
                Some((Ok(signed), (id, certify))) => {
                    let replaces = of.row.corrects.as_deref().and_then(Id::from_slice);
                    let made = signed.certified;
                    let row = made.map(|made| desk::certificate_row(id, &of.row, &certify, made, replaces));
                    if let Some(last) = certificates.last_mut() {
                        *last = row;
                    }
                    of.row.state = "certified".into();
                    of.row.certified_at = Some(now.unix());
                    of.row.certified_by = Some(actor.name.clone());
                }
                Some((Err(refusal), _)) => *one = Err(refusal),
                None => *one = Err(Refusal::Changed),
            }
        }
        if !raised.is_empty() {
            let mut tx = self.store.write().await?;
            self.raise(&mut tx, &raised, now).await?;
            tx.commit().await?;
        }
        let mut tries = 0;
        loop {
            match self.write_steps(actor, &held, "approved", Some(&certificates), now).await {
                Err(Refusal::Store(error)) if desk::goes_on(&error, &mut tries).await => {}
                Err(refusal) => return Err(refusal),
                Ok(written) => {
                    let outcomes = held.into_iter().zip(written).zip(certificates);
                    return Ok(outcomes
                        .map(|((one, right), certificate)| {
                            let of: Held = outcome(one, right)?;
                            Ok(Made {
                                record: of.row.id,
                                person: of.row.person,
                                certificate: certificate.map(|row| row.id),
                                new: true,
                            })
                        })
                        .collect());
                }
            }
        }
    }

    /// The officer or the authority sends a record back, with a reason.
    pub async fn send_back(&self, actor: &Actor, record: Seen, reason: &str) -> Result<(), Refusal> {
        if !actor.is(Role::Officer) {
            needs(actor, Role::Authority)?;
        }
        let states = ["recorded", "approved"];
        self.put_aside(actor, record, reason, "sent_back", &states, "record.send_back").await
    }

    /// Takes back a record that is not certified yet.
    pub async fn withdraw(&self, actor: &Actor, record: Seen, reason: &str) -> Result<(), Refusal> {
        if !actor.is(Role::Officer) {
            needs(actor, Role::Clerk)?;
        }
        let states = ["recorded", "sent_back", "approved"];
        self.put_aside(actor, record, reason, "withdrawn", &states, "record.withdraw").await
    }

    /// A clerk mends a record that is not certified yet: it is recorded anew, with the next revision.
    ///
    /// [`Whom::Known`] with the person the record is of mends what is known of the person too, as long
    /// as no certificate says it.
    pub async fn amend(
        &self,
        actor: &Actor,
        record: Seen,
        content: &Record,
        whom: Whom,
        confirmed: bool,
    ) -> Result<(), Refusal> {
        needs(actor, Role::Clerk)?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let states = ["recorded", "sent_back", "approved"];
        let mut row = seen(&mut tx, actor, record, &states).await?;
        let before = (row.revision, row.state.clone());
        let revised = self.revise(&mut tx, actor, &row, (content, whom, confirmed), now).await?;
        if let Some(old) = &revised.before {
            if !tx.certificates_of(old.id).await?.is_empty() {
                return Err(Refusal::State {
                    state: "certified".into(),
                    why: "a certificate has this person's data: correct the certificate",
                });
            }
            self.change_person(&mut tx, actor, old, &revised.subject.person, now).await?;
        } else if revised.subject.fresh {
            tx.add_persons(&[&revised.subject.person]).await?;
        }
        content::set_event(&mut row, &revised.subject.record);
        row.person = revised.subject.person.id;
        row.fingerprint = revised.subject.print;
        "recorded".clone_into(&mut row.state);
        row.revision += 1;
        (row.approval, row.approved_at, row.approved_by) = (None, None, None);
        // Changing the person may have sent this record back already, with the next revision.
        let now_it_is = tx.record(row.id).await?.map(|row| (row.revision, row.state));
        let (revision, state) = now_it_is.unwrap_or(before);
        row.revision = row.revision.max(revision + 1);
        if !tx.change_record(&row, (revision, &state)).await? {
            return Err(Refusal::Changed);
        }
        let detail = json!({ "revision": row.revision, "site": row.site });
        tx.audit(now, &actor.name, "record.amend", &format!("record:{}", row.id), &detail).await?;
        Ok(tx.commit().await?)
    }

    /// Loads what goes a step further: in this state, as it was looked at, by somebody who may see it.
    async fn hold(
        &self,
        actor: &Actor,
        records: &[Seen],
        state: &'static str,
    ) -> Result<Vec<Result<Held, Refusal>>, Refusal> {
        let catalogue = self.catalogues.current();
        let reading = self.reading(&catalogue)?;
        let mut tx = self.store.read().await?;
        let ids: Vec<Id> = records.iter().map(|seen| seen.record).collect();
        let rows = tx.records(&ids).await?;
        let persons = persons_of(&mut tx, &rows).await?;
        let sites: Vec<&str> = rows.iter().map(|row| row.site.as_str()).collect();
        let sites = tx.places_by_path(&sites).await?;
        let sites: HashMap<&str, &PlaceRow> = sites.iter().map(|row| (row.path.as_str(), row)).collect();
        let mut rows: HashMap<Id, RecordRow> = rows.into_iter().map(|row| (row.id, row)).collect();
        let mut held = Vec::with_capacity(records.len());
        for seen in records {
            // One that is named twice is there once.
            let row = rows.remove(&seen.record).ok_or(Refusal::NotFound("record"));
            let one = row.and_then(|row| {
                right(actor, &row, *seen, &[state])?;
                let person = persons.get(&row.person).ok_or(Refusal::NotFound("person"))?;
                let site = sites.get(row.site.as_str()).ok_or(Refusal::NotFound("site"))?;
                Ok(Held {
                    record: content::read(&reading, person, &row.content)?,
                    person: person.clone(),
                    site: (*site).clone(),
                    row,
                })
            });
            held.push(one);
        }
        Ok(held)
    }

    /// What a site approved has to be what is there now; else nobody gets a certificate.
    fn verify_approvals(&self, held: &mut [Result<Held, Refusal>]) -> Vec<Raised> {
        let mut raised = Vec::new();
        for one in held {
            let Ok(of) = one else { continue };
            if is_approved(&of.row, &of.site, &of.record) {
                continue;
            }
            raised.push(tampered(&of.row));
            *one = Err(Refusal::State {
                state: "approved".into(),
                why: "what the site approved is not what is here now: it was changed behind the \
                      service's back, and the authority has been told",
            });
        }
        raised
    }

    /// Refuses certificates beyond a person's limit.
    async fn person_limits(
        &self,
        actor: &Actor,
        held: &mut [Result<Held, Refusal>],
        now: Timestamp,
    ) -> Result<Vec<Raised>, Refusal> {
        let persons: Vec<Id> = held.iter().flatten().map(|of| of.person.id).collect();
        let mut tx = self.store.read().await?;
        let issued = tx.issued_to(&persons, now.unix() - 30 * 86_400).await?;
        let mut had: HashMap<Id, (i64, i64)> = HashMap::new();
        for row in issued {
            let (day, month) = had.entry(row.person).or_default();
            *day += i64::from(row.issued_at > now.unix() - 86_400);
            *month += 1;
        }
        let mut raised = Vec::new();
        for one in held {
            let Ok(of) = one else { continue };
            let (day, month) = had.entry(of.person.id).or_default();
            if let Err(refusal) = limits::of_person(&self.settings.limits, *day) {
                let limit = self.settings.limits.person_day;
                raised.push(limits::reached(&actor.name, &of.row.site, "one person", limit));
                *one = Err(refusal);
                continue;
            }
            (*day, *month) = (*day + 1, *month + 1);
            if *month >= self.settings.limits.person_month_alarm {
                raised.push(Raised {
                    kind: AlarmKind::PersonMany,
                    subject: format!("record:{}", of.row.id),
                    site: of.row.site.clone(),
                    detail: json!({ "in_30_days": *month }),
                });
            }
            if self.is_night(now) {
                raised.push(limits::at_night(&actor.name, &of.row.site));
            }
        }
        Ok(raised)
    }

    /// Writes what goes a step further, in one transaction; says of each whether it was still as it was
    /// looked at.
    async fn write_steps(
        &self,
        actor: &Actor,
        held: &[Result<Held, Refusal>],
        from: &str,
        certificates: Option<&[Option<CertificateRow>]>,
        now: Timestamp,
    ) -> Result<Vec<bool>, Refusal> {
        let mut written = vec![false; held.len()];
        let mut order: Vec<(usize, &Held)> = Vec::new();
        for (at, one) in held.iter().enumerate() {
            if let Ok(of) = one {
                order.push((at, of));
            }
        }
        if order.is_empty() {
            return Ok(written);
        }
        order.sort_by_key(|(_, of)| of.row.id);
        let mut tx = self.store.write().await?;
        // Nobody changes these people meanwhile, and nobody did.
        let ids: Vec<Id> = order.iter().map(|(_, of)| of.person.id).collect();
        let persons = tx.hold_persons(&ids).await?;
        let persons: HashMap<Id, PersonRow> = persons.into_iter().map(|row| (row.id, row)).collect();
        let mut notes = Vec::new();
        for (at, of) in order {
            if persons.get(&of.person.id) != Some(&of.person) {
                continue;
            }
            if !tx.change_record(&of.row, (of.row.revision, from)).await? {
                continue;
            }
            let certificate = certificates.and_then(|all| all.get(at)).and_then(Option::as_ref);
            match certificate {
                Some(row) => {
                    tx.add_certificates(&[row]).await?;
                    self.supersede(&mut tx, actor, row, now).await?;
                    let detail = json!({ "record": of.row.id.to_string(), "site": of.row.site });
                    notes.push(("certificate.issue", format!("certificate:{}", row.id), detail));
                }
                None => {
                    let detail = json!({ "revision": of.row.revision, "site": of.row.site });
                    notes.push(("record.approve", format!("record:{}", of.row.id), detail));
                }
            }
            if let Some(written) = written.get_mut(at) {
                *written = true;
            }
        }
        desk::audit(&mut tx, &actor.name, &notes, now).await?;
        tx.commit().await?;
        Ok(written)
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
        tx.audit(now, &actor.name, action, &format!("record:{}", row.id), &detail).await?;
        Ok(tx.commit().await?)
    }
}

/// Whether a site's approval is of this content.
pub(super) fn is_approved(row: &RecordRow, site: &PlaceRow, record: &Record) -> bool {
    let (Some(approval), Some(spki)) = (&row.approval, &site.key_spki) else {
        return false;
    };
    let Ok(revision) = u32::try_from(row.revision) else {
        return false;
    };
    let approval = Approval::verify(approval, spki);
    approval.is_ok_and(|approval| {
        approval.is_of((row.id.bytes(), revision), &content::canonical(record))
            && approval.site() == row.site
    })
}

/// The alarm for a record that was changed behind the service's back.
pub(super) fn tampered(row: &RecordRow) -> Raised {
    Raised {
        kind: AlarmKind::Tampered,
        subject: format!("record:{}", row.id),
        site: row.site.clone(),
        detail: json!({ "revision": row.revision }),
    }
}

/// A record that the actor sees, as it was looked at, in one of these states.
async fn seen(
    tx: &mut Tx,
    actor: &Actor,
    seen: Seen,
    states: &[&str],
) -> Result<RecordRow, Refusal> {
    let row = tx.record(seen.record).await?.ok_or(Refusal::NotFound("record"))?;
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
    if actor.is(role) { Ok(()) } else { Err(Refusal::Role(name)) }
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
        return Err(Refusal::Asked(format!("give a reason, in 1 to {MAX_REASON} characters")));
    }
    Ok(reason.to_owned())
}

fn outcome<T: Into<O>, O>(one: Result<T, Refusal>, written: bool) -> Result<O, Refusal> {
    match one {
        Ok(of) if written => Ok(of.into()),
        Ok(_) => Err(Refusal::Changed),
        Err(refusal) => Err(refusal),
    }
}

impl From<Held> for () {
    fn from(_: Held) {}
}
