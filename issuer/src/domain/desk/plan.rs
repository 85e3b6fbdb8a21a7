//! What becomes of each report of a batch: reckoned without the database, from what it said.

use std::{collections::HashMap, sync::Arc};

use hcert::time::Timestamp;
use intake::{
    codes::Catalogue,
    finding::{Finding, Severity},
    plausibility::{self, Known},
    record::{Event, Lot, Record, Site},
};
use keyring::SiteKey;

use super::{
    Asked, Entry, Issuer, Made, Refusal, Upto,
    facts::{First, Lookup, Second},
    sign::ToCertify,
    subjects::Subject,
    write::again,
};
use crate::{
    actor::Actor,
    domain::{
        alarms::{AlarmKind, Raised},
        content, limits,
    },
    id::Id,
    roles::Role,
    store::{PersonRow, PlaceRow, RecordRow},
};

/// What becomes of a report.
pub(super) enum Step {
    /// Nothing is made.
    Answer(Result<Made, Refusal>),
    /// The same as of an earlier report of the batch.
    As(usize, Twin),
    /// A record is made, and what else was asked for.
    Make(Box<Make>),
}

/// What an earlier report of the batch has in common with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Twin {
    /// It is the same request.
    Request,
    /// It tells of the same event.
    Event,
}

/// What is to be made.
pub(super) struct Make {
    pub(super) person: PersonRow,
    pub(super) fresh: bool,
    pub(super) record: Record,
    pub(super) row: RecordRow,
    /// The site's key, if it approves.
    pub(super) key: Option<Arc<SiteKey>>,
    /// The certificate, if it goes so far.
    pub(super) certify: Option<(Id, ToCertify)>,
}

/// A batch, reckoned.
pub(super) struct Plan {
    pub(super) first: First,
    pub(super) second: Second,
    pub(super) subjects: Vec<Result<Subject, Refusal>>,
    pub(super) steps: Vec<Step>,
    pub(super) raised: Vec<Raised>,
}

impl Issuer {
    /// Looks up and reckons. Changes nothing.
    pub(super) async fn plan(&self, asked: &[Asked<'_>], now: Timestamp) -> Result<Plan, Refusal> {
        let catalogue = self.catalogues.current();
        let reading = self.reading(&catalogue)?;
        let mut tx = self.store.read().await?;
        let first = First::look(&mut tx, asked).await?;
        let subjects = self.subjects(asked, &first, &reading, now)?;
        let second = Second::look(&mut tx, &subjects, now).await?;
        drop(tx);
        let mut plan = Plan {
            first,
            second,
            subjects,
            steps: Vec::with_capacity(asked.len()),
            raised: Vec::new(),
        };
        self.reckon(&mut plan, asked, &catalogue, now)?;
        Ok(plan)
    }

    fn reckon(
        &self,
        plan: &mut Plan,
        asked: &[Asked<'_>],
        catalogue: &Catalogue,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let lookup = Lookup::new(&plan.first, &plan.second);
        let mut seen = Seen::default();
        let (mut steps, mut raised) = (Vec::with_capacity(asked.len()), Vec::new());
        for (at, (one, subject)) in asked.iter().zip(&plan.subjects).enumerate() {
            let known = (&lookup, &seen, catalogue);
            let step = match self.step(*one, subject, known, now) {
                Ok(step) => step,
                Err(Refusal::Random(error)) => return Err(error.into()),
                Err(refusal) => {
                    if let Refusal::Limit { what, limit, .. } = &refusal {
                        raised.push(limits::reached(
                            &one.actor.name,
                            one.entry.site.as_str(),
                            what,
                            *limit,
                        ));
                    }
                    Step::Answer(Err(refusal))
                }
            };
            if let Step::Make(make) = &step {
                seen.keep(at, one.entry, make);
                if let Some((certificate, _)) = &make.certify {
                    let issued = seen.issued.entry(make.person.id).or_default();
                    *issued += 1;
                    let month = *issued + lookup.issued(make.person.id, now.unix() - 30 * 86_400);
                    if month >= self.settings.limits.person_month_alarm {
                        raised.push(Raised {
                            kind: AlarmKind::PersonMany,
                            subject: format!("certificate:{certificate}"),
                            site: make.row.site.clone(),
                            detail: serde_json::json!({ "in_30_days": month }),
                        });
                    }
                }
            }
            steps.push(step);
        }
        drop(lookup);
        (plan.steps, plan.raised) = (steps, raised);
        Ok(())
    }

    /// What becomes of one report.
    fn step(
        &self,
        Asked { actor, entry }: Asked<'_>,
        subject: &Result<Subject, Refusal>,
        (lookup, seen, catalogue): (&Lookup<'_>, &Seen, &Catalogue),
        now: Timestamp,
    ) -> Result<Step, Refusal> {
        let site = lookup.site(actor, entry)?;
        self.may(actor, entry.upto, site)?;
        if let Some(step) = lookup.repeated(entry, seen)? {
            return Ok(step);
        }
        let subject = subject.as_ref().map_err(again)?;
        lookup.known(actor, entry, subject)?;
        if let Some(found) = lookup.prints.get(subject.print.as_str()) {
            return Err(Refusal::Recorded { record: found.id });
        }
        if let Some(twin) = seen.prints.get(&subject.print) {
            return Ok(Step::As(*twin, Twin::Event));
        }
        let findings = self.findings(entry.site.code(), subject, lookup, catalogue, now);
        let stops = |finding: &Finding| match finding.severity() {
            Severity::Error => true,
            Severity::Warning => !entry.confirmed,
            Severity::Note => false,
        };
        if findings.iter().any(stops) {
            return Err(Refusal::Findings(findings));
        }
        let certify = if entry.upto == Upto::Certified {
            self.within_person_limit(subject.person.id, lookup, seen, now)?;
            Some((
                Id::new(now)?,
                ToCertify {
                    uvci: self.new_uvci()?,
                    issued_at: now,
                    expires_at: self.end_of(&subject.record, now),
                },
            ))
        } else {
            None
        };
        let key = (entry.upto >= Upto::Approved)
            .then(|| self.site_key(site))
            .transpose()?;
        Ok(Step::Make(Box::new(Make {
            person: subject.person.clone(),
            fresh: subject.fresh,
            row: record_row(actor, entry, subject, now)?,
            record: subject.record.clone(),
            key,
            certify,
        })))
    }

    /// Whether these roles go so far at this site.
    pub(in crate::domain) fn may(
        &self,
        actor: &Actor,
        upto: Upto,
        site: &PlaceRow,
    ) -> Result<(), Refusal> {
        if !actor.is(Role::Clerk) {
            return Err(Refusal::Role("clerk"));
        }
        if self.settings.one_step || site.one_step {
            return Ok(());
        }
        if upto >= Upto::Approved && !actor.is(Role::Officer) {
            return Err(Refusal::Role("officer"));
        }
        if upto >= Upto::Certified && !actor.is(Role::Authority) {
            return Err(Refusal::Role("authority"));
        }
        Ok(())
    }

    fn within_person_limit(
        &self,
        person: Id,
        lookup: &Lookup<'_>,
        seen: &Seen,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let here = seen.issued.get(&person).copied().unwrap_or_default();
        let had = here + lookup.issued(person, now.unix() - 86_400);
        limits::of_person(&self.settings.limits, had)
    }

    /// Everything that is to be said of a report, with what else is known.
    pub(super) fn findings(
        &self,
        code: &str,
        subject: &Subject,
        lookup: &Lookup<'_>,
        catalogue: &Catalogue,
        now: Timestamp,
    ) -> Vec<Finding> {
        let earlier = lookup.earlier(subject.person.id, catalogue);
        let product = match &subject.record.event {
            Event::Vaccination(vaccination) => Some(vaccination.product.as_str()),
            _ => None,
        };
        let lots = product.and_then(|product| lookup.lots.get(&(code, product)));
        let delivered = |_: &Site, lot: &Lot| lots.is_none_or(|lots| lots.contains(lot.as_str()));
        let allowed = |site: &Site| site.as_str() == code;
        let known = Known {
            catalogue,
            now,
            offset: self.settings.offset,
            earlier: &earlier,
            delivered: Some(&delivered),
            allowed: Some(&allowed),
        };
        plausibility::check(&subject.record, &known)
    }
}

/// What the batch has had so far.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) once: HashMap<(String, String), (usize, [u8; 32])>,
    pub(super) keys: HashMap<(String, String), usize>,
    prints: HashMap<String, usize>,
    issued: HashMap<Id, i64>,
}

impl Seen {
    fn keep(&mut self, at: usize, entry: &Entry, make: &Make) {
        if let Some(once) = &entry.once {
            let key = (once.scope.clone(), once.key.clone());
            self.once.insert(key, (at, once.digest));
        }
        if let Some(key) = &entry.row_key {
            self.keys
                .insert((entry.site.as_str().to_owned(), key.clone()), at);
        }
        self.prints.insert(make.row.fingerprint.clone(), at);
    }
}

fn record_row(
    actor: &Actor,
    entry: &Entry,
    subject: &Subject,
    now: Timestamp,
) -> Result<RecordRow, Refusal> {
    let by = |from: Upto| (entry.upto >= from).then(|| actor.name.clone());
    let when = |from: Upto| (entry.upto >= from).then(|| now.unix());
    let mut row = RecordRow {
        id: Id::new(now)?,
        person: subject.person.id,
        kind: String::new(),
        site: entry.site.as_str().to_owned(),
        day: String::new(),
        product: None,
        lot: None,
        dose: None,
        total: None,
        tube: None,
        corrects: None,
        content: String::new(),
        fingerprint: subject.print.clone(),
        revision: 1,
        state: entry.upto.name().to_owned(),
        note: None,
        source: entry.source.to_owned(),
        recorded_at: now.unix(),
        recorded_by: actor.name.clone(),
        approved_at: when(Upto::Approved),
        approved_by: by(Upto::Approved),
        approval: None,
        certified_at: when(Upto::Certified),
        certified_by: by(Upto::Certified),
    };
    content::set_event(&mut row, &subject.record);
    Ok(row)
}
