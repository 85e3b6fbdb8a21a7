//! What the database says of a batch, in two looks, and by what it is asked for. Two looks that are equal
//! say that nothing has changed between them.

use std::collections::{HashMap, HashSet};

use hcert::time::Timestamp;
use intake::{
    codes::Catalogue,
    plausibility::Earlier,
    record::{Dose, Event},
};

use super::{
    Asked, Entry, Made, Refusal, Whom,
    plan::{Seen, Step, Twin},
    subjects::{Subject, add_numbers, shares_number},
    write::made_before,
};
use crate::{
    actor::Actor,
    domain::content,
    id::Id,
    store::{
        IssuedRow, KeyRow, LotRow, Numbers, OnceRow, OtherRow, PersonRow, PlaceRow, PrintRow,
        StoreError, Tx,
    },
};

/// What the database says before it is known whom the reports are of.
#[derive(PartialEq)]
pub(super) struct First {
    places: Vec<PlaceRow>,
    once: Vec<OnceRow>,
    keys: Vec<KeyRow>,
    pub(super) persons: Vec<PersonRow>,
    lots: Vec<LotRow>,
}

/// What it says of these people and events.
#[derive(PartialEq)]
pub(super) struct Second {
    prints: Vec<PrintRow>,
    others: Vec<OtherRow>,
    issued: Vec<IssuedRow>,
}

impl First {
    pub(super) async fn look(tx: &mut Tx, asked: &[Asked<'_>]) -> Result<First, StoreError> {
        let entries = || asked.iter().map(|one| one.entry);
        let sites = sorted(entries().map(|entry| entry.site.as_str()));
        let once = entries().filter_map(|entry| entry.once.as_ref());
        let once = sorted(once.map(|once| (once.scope.as_str(), once.key.as_str())));
        let keys =
            entries().filter_map(|entry| Some((entry.site.as_str(), entry.row_key.as_deref()?)));
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

impl First {
    pub(super) fn person(&self, id: Id) -> Option<&PersonRow> {
        let at = self.persons.binary_search_by_key(&id, |row| row.id).ok()?;
        self.persons.get(at)
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

impl Second {
    /// Leaves a record out: it is the one that is changed.
    pub(super) fn without(&mut self, record: Id) {
        self.prints.retain(|row| row.id != record);
        self.others.retain(|row| row.id != record);
    }
}

/// What was looked up, by what it is asked for.
pub(super) struct Lookup<'a> {
    places: HashMap<&'a str, &'a PlaceRow>,
    once: HashMap<(&'a str, &'a str), &'a OnceRow>,
    keys: HashMap<(&'a str, &'a str), &'a KeyRow>,
    /// By the site's code and the product.
    pub(super) lots: HashMap<(&'a str, &'a str), HashSet<&'a str>>,
    pub(super) prints: HashMap<&'a str, &'a PrintRow>,
    others: HashMap<Id, Vec<&'a OtherRow>>,
    issued: HashMap<Id, Vec<i64>>,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(first: &'a First, second: &'a Second) -> Lookup<'a> {
        let mut lots: HashMap<_, HashSet<&str>> = HashMap::new();
        for row in &first.lots {
            let code = row.site.rsplit('/').next().unwrap_or_default();
            lots.entry((code, row.product.as_str()))
                .or_default()
                .insert(&row.lot);
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
            places: first
                .places
                .iter()
                .map(|row| (row.path.as_str(), row))
                .collect(),
            once: once
                .map(|row| ((row.scope.as_str(), row.key.as_str()), row))
                .collect(),
            keys: keys
                .map(|row| ((row.site.as_str(), row.key.as_str()), row))
                .collect(),
            lots,
            prints: second
                .prints
                .iter()
                .map(|row| (row.fingerprint.as_str(), row))
                .collect(),
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
    pub(super) fn repeated(&self, entry: &Entry, seen: &Seen) -> Result<Option<Step>, Refusal> {
        if let Some(once) = &entry.once {
            let key = (once.scope.as_str(), once.key.as_str());
            if let Some(row) = self.once.get(&key) {
                if row.digest != once.digest {
                    return Err(Refusal::OtherContent);
                }
                return Ok(Some(Step::Answer(Ok(made_before(row)?))));
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
    pub(super) fn known(
        &self,
        actor: &Actor,
        entry: &Entry,
        subject: &Subject,
    ) -> Result<(), Refusal> {
        if !matches!(entry.whom, Whom::Known(_)) {
            return Ok(());
        }
        let sees = |path: &str| path.parse().is_ok_and(|place| actor.sees(&place));
        let others = self.others.get(&subject.person.id).into_iter().flatten();
        let reported = &entry.record.person;
        let by_document = || {
            let site = entry.site.as_str();
            let own = content::row_of(
                reported,
                subject.person.id,
                site,
                "",
                Timestamp::saturating(0),
            );
            own.birth == subject.person.birth && shares_number(&own, &subject.person)
        };
        let may = sees(&subject.person.site)
            || others.into_iter().any(|row| sees(&row.site))
            || by_document();
        if may {
            Ok(())
        } else {
            Err(Refusal::NotFound("person"))
        }
    }

    /// The doses of a person that are recorded.
    pub(super) fn earlier(&self, person: Id, catalogue: &Catalogue) -> Vec<Earlier> {
        let rows = self.others.get(&person).into_iter().flatten();
        rows.filter(|row| !row.gone && row.kind == "vaccination")
            .filter_map(|row| {
                let part =
                    |number: Option<i64>| number.and_then(|number| u8::try_from(number).ok());
                Some(Earlier {
                    dose: Dose::new(part(row.dose)?, part(row.total)?)?,
                    product: catalogue.product(row.product.as_deref()?).ok()?,
                    date: row.day.parse().ok()?,
                })
            })
            .collect()
    }

    /// How many certificates a person got from a time on.
    pub(super) fn issued(&self, person: Id, from: i64) -> i64 {
        let times = self.issued.get(&person).into_iter().flatten();
        i64::try_from(times.filter(|at| **at > from).count()).unwrap_or(i64::MAX)
    }
}

/// Sorted, each once: so that two batches ask for, and lock, in one order.
fn sorted<T: Ord>(all: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    all
}
