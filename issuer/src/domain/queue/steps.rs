//! A step further: the officer approves, the authority certifies.

use std::collections::HashMap;

use hcert::time::Timestamp;
use intake::record::Record;
use keyring::Approval;
use serde_json::json;

use super::{Seen, few, needs, persons_of, right};
use crate::{
    actor::Actor,
    domain::{
        Issuer, Refusal,
        alarms::{AlarmKind, Raised},
        content,
        desk::{self, Made, ToApprove, ToCertify, ToSign},
        limits,
    },
    id::Id,
    roles::Role,
    store::{CertificateRow, PersonRow, PlaceRow, RecordRow},
};

/// A record that is to go a step further, with what that takes.
struct Held {
    row: RecordRow,
    person: PersonRow,
    site: PlaceRow,
    record: Record,
}

impl Issuer {
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
                    let row = made
                        .map(|made| desk::certificate_row(id, &of.row, &certify, made, replaces));
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
            match self
                .write_steps(actor, &held, "approved", Some(&certificates), now)
                .await
            {
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
        let sites: HashMap<&str, &PlaceRow> =
            sites.iter().map(|row| (row.path.as_str(), row)).collect();
        let mut rows: HashMap<Id, RecordRow> = rows.into_iter().map(|row| (row.id, row)).collect();
        let mut held = Vec::with_capacity(records.len());
        for seen in records {
            // One that is named twice is there once.
            let row = rows.remove(&seen.record).ok_or(Refusal::NotFound("record"));
            let one = row.and_then(|row| {
                right(actor, &row, *seen, &[state])?;
                let person = persons
                    .get(&row.person)
                    .ok_or(Refusal::NotFound("person"))?;
                let site = sites
                    .get(row.site.as_str())
                    .ok_or(Refusal::NotFound("site"))?;
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
                raised.push(limits::reached(
                    &actor.name,
                    &of.row.site,
                    "one person",
                    limit,
                ));
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
        let persons: HashMap<Id, PersonRow> =
            persons.into_iter().map(|row| (row.id, row)).collect();
        let mut notes = Vec::new();
        for (at, of) in order {
            if persons.get(&of.person.id) != Some(&of.person) {
                continue;
            }
            if !tx.change_record(&of.row, (of.row.revision, from)).await? {
                continue;
            }
            let certificate = certificates
                .and_then(|all| all.get(at))
                .and_then(Option::as_ref);
            match certificate {
                Some(row) => {
                    tx.add_certificates(&[row]).await?;
                    self.supersede(&mut tx, actor, row, now).await?;
                    let detail = json!({ "record": of.row.id.to_string(), "site": of.row.site });
                    notes.push((
                        "certificate.issue",
                        format!("certificate:{}", row.id),
                        detail,
                    ));
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
        let issued = notes.iter().filter(|note| note.0 == "certificate.issue");
        self.counts.issued.add(issued.count());
        Ok(written)
    }
}

/// Whether a site's approval is of this content.
pub(in crate::domain) fn is_approved(row: &RecordRow, site: &PlaceRow, record: &Record) -> bool {
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
pub(in crate::domain) fn tampered(row: &RecordRow) -> Raised {
    Raised {
        kind: AlarmKind::Tampered,
        subject: format!("record:{}", row.id),
        site: row.site.clone(),
        detail: json!({ "revision": row.revision }),
    }
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
