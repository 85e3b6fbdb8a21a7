//! What becomes of each report of a batch: looked up, and reckoned without the database.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use hcert::time::Timestamp;
use intake::{
    codes::Catalogue,
    draft,
    finding::{Finding, Severity},
    plausibility::{self, Earlier, Known},
    record::{Dose, Event, Person, Record, Site},
    table::fingerprint,
};
use keyring::SiteKey;

use super::{Asked, Entry, Issuer, Made, Refusal, Upto, Whom, sign::ToCertify};
use crate::{
    actor::Actor,
    domain::{
        alarms::{AlarmKind, Raised},
        content, limits,
    },
    id::Id,
    roles::Role,
    store::{
        IssuedRow, KeyRow, LotRow, Numbers, OnceRow, OtherRow, PersonRow, PlaceRow, PrintRow, RecordRow,
        StoreError, Tx,
    },
};

/// What the database says before it is known whom the reports are of.
#[derive(PartialEq)]
pub(super) struct First {
    places: Vec<PlaceRow>,
    once: Vec<OnceRow>,
    keys: Vec<KeyRow>,
    persons: Vec<PersonRow>,
    lots: Vec<LotRow>,
}

/// What it says of these people and events.
#[derive(PartialEq)]
pub(super) struct Second {
    prints: Vec<PrintRow>,
    others: Vec<OtherRow>,
    issued: Vec<IssuedRow>,
}

/// Of whom a report is, and what it says of them.
pub(super) struct Subject {
    /// The person.
    pub(super) person: PersonRow,
    /// Not in the database yet.
    pub(super) fresh: bool,
    /// The event, of this person.
    pub(super) record: Record,
    /// Of both.
    pub(super) print: String,
}

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

    /// Of whom each report is: found, or new; two of one batch may be of the same new person.
    pub(super) fn subjects(
        &self,
        asked: &[Asked<'_>],
        first: &First,
        reading: &draft::Settings<'_>,
        now: Timestamp,
    ) -> Result<Vec<Result<Subject, Refusal>>, Refusal> {
        let mut fresh: Vec<PersonRow> = Vec::new();
        let mut by_number: HashMap<(char, String), Vec<usize>> = HashMap::new();
        let mut subjects = Vec::with_capacity(asked.len());
        for Asked { actor, entry } in asked {
            let mut record = entry.record.clone();
            at_site(&mut record, entry.site.code());
            let site = entry.site.as_str();
            let own = content::row_of(&record.person, Id::new(now)?, site, &actor.name, now);
            let found = match entry.whom {
                Whom::Known(id) => match first.persons.iter().find(|row| row.id == id) {
                    Some(row) if row.erased_at.is_none() => Some((row.clone(), false)),
                    _ => {
                        subjects.push(Err(Refusal::NotFound("person")));
                        continue;
                    }
                },
                Whom::Same => {
                    let there = first.persons.iter().find(|row| is_same(row, &own));
                    let of_batch = || {
                        let numbers = numbers(&own);
                        let candidates = numbers.iter().filter_map(|number| by_number.get(number));
                        let mut candidates = candidates.flatten().filter_map(|at| fresh.get(*at));
                        candidates.find(|row| is_same(row, &own))
                    };
                    there
                        .map(|row| (row.clone(), false))
                        .or_else(|| of_batch().map(|row| (row.clone(), true)))
                }
                Whom::New => None,
            };
            let (person, is_fresh) = match found {
                Some((row, is_fresh)) => {
                    // What is certified is what the person's row says.
                    if !content::says_the_same(&row, &own) {
                        match content::of_person(reading, &row, &record) {
                            Ok(read) => record = read,
                            Err(refusal) => {
                                subjects.push(Err(refusal));
                                continue;
                            }
                        }
                    }
                    (row, is_fresh)
                }
                None => {
                    for number in numbers(&own) {
                        by_number.entry(number).or_default().push(fresh.len());
                    }
                    fresh.push(own.clone());
                    (own, true)
                }
            };
            subjects.push(Ok(Subject {
                print: fingerprint(&record, &self.fingerprints),
                person,
                fresh: is_fresh,
                record,
            }));
        }
        Ok(subjects)
    }

    fn reckon(
        &self,
        plan: &mut Plan,
        asked: &[Asked<'_>],
        catalogue: &Catalogue,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let lookup = Lookup::of(plan);
        let mut seen = Seen::default();
        let (mut steps, mut raised) = (Vec::with_capacity(asked.len()), Vec::new());
        for (at, (one, subject)) in asked.iter().zip(&plan.subjects).enumerate() {
            let step = match self.step(at, *one, subject, &lookup, &mut seen, catalogue, now) {
                Ok(step) => step,
                Err(Refusal::Random(error)) => return Err(error.into()),
                Err(refusal) => {
                    if let Refusal::Limit { what, limit, .. } = &refusal {
                        raised.push(limits::reached(&one.actor.name, one.entry.site.as_str(), what, *limit));
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
    #[expect(clippy::too_many_arguments, reason = "what one report is reckoned from")]
    fn step(
        &self,
        _at: usize,
        Asked { actor, entry }: Asked<'_>,
        subject: &Result<Subject, Refusal>,
        lookup: &Lookup<'_>,
        seen: &mut Seen,
        catalogue: &Catalogue,
        now: Timestamp,
    ) -> Result<Step, Refusal> {
        let site = lookup.site(actor, entry)?;
        self.may(actor, entry.upto, site)?;
        if let Some(step) = lookup.repeated(entry, seen)? {
            return Ok(step);
        }
        let subject = subject.as_ref().map_err(super::write::again)?;
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
        let key = (entry.upto >= Upto::Approved).then(|| self.site_key(site)).transpose()?;
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
    pub(super) fn may(&self, actor: &Actor, upto: Upto, site: &PlaceRow) -> Result<(), Refusal> {
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
        let delivered = |_: &Site, lot: &intake::record::Lot| {
            lots.is_none_or(|lots| lots.contains(lot.as_str()))
        };
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

impl First {
    pub(super) async fn look(tx: &mut Tx, asked: &[Asked<'_>]) -> Result<First, StoreError> {
        let entries = || asked.iter().map(|one| one.entry);
        let sites = sorted(entries().map(|entry| entry.site.as_str()));
        let once = entries().filter_map(|entry| entry.once.as_ref());
        let once = sorted(once.map(|once| (once.scope.as_str(), once.key.as_str())));
        let keys = entries().filter_map(|entry| Some((entry.site.as_str(), entry.row_key.as_deref()?)));
        let keys = sorted(keys);
        let mut ids = Vec::new();
        let mut numbers = Numbers::default();
        for entry in entries() {
            match entry.whom {
                Whom::Known(id) => ids.push(id),
                Whom::Same => add_numbers(&mut numbers, &entry.record.person),
                Whom::New => {}
            }
        }
        let products = entries().filter_map(|entry| match &entry.record.event {
            Event::Vaccination(vaccination) if vaccination.lot.is_some() => {
                Some(vaccination.product.as_str())
            }
            _ => None,
        });
        let products = sorted(products);
        let mut persons = Vec::new();
        if !numbers.is_empty() {
            persons = tx.persons_by_numbers(&numbers).await?;
            persons.retain(|row| row.erased_at.is_none());
        }
        if !ids.is_empty() {
            persons.extend(tx.persons(&sorted(ids)).await?);
            persons.sort_by_key(|row| row.id);
            persons.dedup_by_key(|row| row.id);
        }
        Ok(First {
            places: tx.places_by_path(&sites).await?,
            once: tx.once(&once).await?,
            keys: tx.row_keys(&keys).await?,
            persons,
            lots: tx.lots_at(&sites, &products).await?,
        })
    }
}

impl Second {
    pub(super) async fn look(
        tx: &mut Tx,
        subjects: &[Result<Subject, Refusal>],
        now: Timestamp,
    ) -> Result<Second, StoreError> {
        let right = || subjects.iter().filter_map(|subject| subject.as_ref().ok());
        let prints = sorted(right().map(|subject| subject.print.as_str()));
        let known = right().filter(|subject| !subject.fresh);
        let known = sorted(known.map(|subject| subject.person.id));
        let (mut others, mut issued) = (Vec::new(), Vec::new());
        if !known.is_empty() {
            others = tx.others(&known).await?;
            issued = tx.issued_to(&known, now.unix() - 30 * 86_400).await?;
        }
        Ok(Second {
            prints: tx.records_by_fingerprint(&prints).await?,
            others,
            issued,
        })
    }
}

/// What was looked up, by what it is asked for.
pub(super) struct Lookup<'a> {
    places: HashMap<&'a str, &'a PlaceRow>,
    once: HashMap<(&'a str, &'a str), &'a OnceRow>,
    keys: HashMap<(&'a str, &'a str), &'a KeyRow>,
    /// By the site's code and the product.
    lots: HashMap<(&'a str, &'a str), HashSet<&'a str>>,
    pub(super) prints: HashMap<&'a str, &'a PrintRow>,
    others: HashMap<Id, Vec<&'a OtherRow>>,
    issued: HashMap<Id, Vec<i64>>,
}

impl<'a> Lookup<'a> {
    pub(super) fn of(plan: &'a Plan) -> Lookup<'a> {
        Lookup::new(&plan.first, &plan.second)
    }

    pub(super) fn new(first: &'a First, second: &'a Second) -> Lookup<'a> {
        let mut lots: HashMap<_, HashSet<&str>> = HashMap::new();
        for row in &first.lots {
            let code = row.site.rsplit('/').next().unwrap_or_default();
            lots.entry((code, row.product.as_str())).or_default().insert(&row.lot);
        }
        let mut others: HashMap<Id, Vec<&OtherRow>> = HashMap::new();
        for row in &second.others {
            others.entry(row.person).or_default().push(row);
        }
        let mut issued: HashMap<Id, Vec<i64>> = HashMap::new();
        for row in &second.issued {
            issued.entry(row.person).or_default().push(row.issued_at);
        }
        let once = first.once.iter();
        let keys = first.keys.iter();
        Lookup {
            places: first.places.iter().map(|row| (row.path.as_str(), row)).collect(),
            once: once.map(|row| ((row.scope.as_str(), row.key.as_str()), row)).collect(),
            keys: keys.map(|row| ((row.site.as_str(), row.key.as_str()), row)).collect(),
            lots,
            prints: second.prints.iter().map(|row| (row.fingerprint.as_str(), row)).collect(),
            others,
            issued,
        }
    }

    /// The site, if something may be recorded there by this actor.
    pub(super) fn site(&self, actor: &Actor, entry: &Entry) -> Result<&'a PlaceRow, Refusal> {
        let row = self.places.get(entry.site.as_str()).copied();
        let row = row.filter(|row| row.level == "site" && actor.sees(&entry.site));
        match row {
            None => Err(Refusal::NotFound("site")),
            Some(row) if row.disabled => Err(Refusal::State {
                state: "disabled".into(),
                why: "nothing new is recorded at this site",
            }),
            Some(row) => Ok(row),
        }
    }

    /// What came of the same request before, if there was one.
    fn repeated(&self, entry: &Entry, seen: &Seen) -> Result<Option<Step>, Refusal> {
        if let Some(once) = &entry.once {
            let key = (once.scope.as_str(), once.key.as_str());
            if let Some(row) = self.once.get(&key) {
                if row.digest != once.digest {
                    return Err(Refusal::OtherContent);
                }
                return Ok(Some(Step::Answer(Ok(super::write::made_before(row)?))));
            }
            if let Some((twin, digest)) = seen.once.get(&(once.scope.clone(), once.key.clone())) {
                if *digest != once.digest {
                    return Err(Refusal::OtherContent);
                }
                return Ok(Some(Step::As(*twin, Twin::Request)));
            }
        }
        if let Some(key) = &entry.row_key {
            if let Some(row) = self.keys.get(&(entry.site.as_str(), key.as_str())) {
                return Ok(Some(Step::Answer(Ok(Made {
                    record: row.record,
                    person: row.person,
                    certificate: row.certificate.as_deref().and_then(Id::from_slice),
                    new: false,
                }))));
            }
            let key = (entry.site.as_str().to_owned(), key.clone());
            if let Some(twin) = seen.keys.get(&key) {
                return Ok(Some(Step::As(*twin, Twin::Request)));
            }
        }
        Ok(None)
    }

    /// Whether somebody who was chosen may be chosen: the actor's place has to do with them, or the
    /// report has a document of theirs and the birth date.
    pub(super) fn known(&self, actor: &Actor, entry: &Entry, subject: &Subject) -> Result<(), Refusal> {
        if !matches!(entry.whom, Whom::Known(_)) {
            return Ok(());
        }
        let sees = |path: &str| path.parse().is_ok_and(|place| actor.sees(&place));
        let others = self.others.get(&subject.person.id).into_iter().flatten();
        let reported = &entry.record.person;
        let by_document = || {
            let site = entry.site.as_str();
            let own = content::row_of(reported, subject.person.id, site, "", Timestamp::saturating(0));
            own.birth == subject.person.birth && shares_number(&own, &subject.person)
        };
        let may = sees(&subject.person.site) || others.into_iter().any(|row| sees(&row.site)) || by_document();
        if may { Ok(()) } else { Err(Refusal::NotFound("person")) }
    }

    /// The doses of a person that are recorded.
    fn earlier(&self, person: Id, catalogue: &Catalogue) -> Vec<Earlier> {
        let rows = self.others.get(&person).into_iter().flatten();
        rows.filter(|row| !row.gone && row.kind == "vaccination")
            .filter_map(|row| {
                let part = |number: Option<i64>| number.and_then(|number| u8::try_from(number).ok());
                Some(Earlier {
                    dose: Dose::new(part(row.dose)?, part(row.total)?)?,
                    product: catalogue.product(row.product.as_deref()?).ok()?,
                    date: row.day.parse().ok()?,
                })
            })
            .collect()
    }

    /// How many certificates a person got from a time on.
    fn issued(&self, person: Id, from: i64) -> i64 {
        let times = self.issued.get(&person).into_iter().flatten();
        i64::try_from(times.filter(|at| **at > from).count()).unwrap_or(i64::MAX)
    }
}

/// What the batch has had so far.
#[derive(Default)]
struct Seen {
    once: HashMap<(String, String), (usize, [u8; 32])>,
    keys: HashMap<(String, String), usize>,
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
            self.keys.insert((entry.site.as_str().to_owned(), key.clone()), at);
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

/// A report without a site's code is of the site that it comes from.
pub(in crate::domain) fn at_site(record: &mut Record, code: &str) {
    let site = match &mut record.event {
        Event::Vaccination(vaccination) => &mut vaccination.site,
        Event::Test(test) => &mut test.site,
        Event::Recovery(_) => return,
    };
    if site.is_none() {
        *site = Site::new(code).ok();
    }
}

/// Sorted, each once: so that two batches ask for, and lock, in one order.
fn sorted<T: Ord>(all: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn add_numbers<'a>(numbers: &mut Numbers<'a>, person: &'a Person) {
    let documents = &person.documents;
    numbers.cccd.extend(documents.cccd.as_ref().map(|number| number.as_str()));
    numbers.cmnd.extend(documents.cmnd.as_ref().map(|number| number.as_str()));
    numbers.passport.extend(documents.passport.as_ref().map(|number| number.as_str()));
    numbers.bhyt.extend(documents.bhyt.as_ref().map(|number| number.as_str()));
}

/// The numbers of somebody's documents, with a letter for the kind.
pub(super) fn numbers(row: &PersonRow) -> Vec<(char, String)> {
    let all = [('c', &row.cccd), ('m', &row.cmnd), ('p', &row.passport), ('b', &row.bhyt)];
    let all = all.into_iter();
    all.filter_map(|(kind, number)| Some((kind, number.clone()?))).collect()
}

/// Whether two have a document in common.
pub(in crate::domain) fn shares_number(a: &PersonRow, b: &PersonRow) -> bool {
    let same = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
    same(&a.cccd, &b.cccd)
        || same(&a.cmnd, &b.cmnd)
        || same(&a.passport, &b.passport)
        || same(&a.bhyt, &b.bhyt)
}

/// Whether two are one: a document in common, the same birth and the same name.
pub(in crate::domain) fn is_same(a: &PersonRow, b: &PersonRow) -> bool {
    shares_number(a, b) && a.birth == b.birth && a.name_key == b.name_key
}
