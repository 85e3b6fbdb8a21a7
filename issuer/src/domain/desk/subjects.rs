//! Of whom the reports of a batch are.

use std::collections::HashMap;

use hcert::time::Timestamp;
use intake::{
    draft,
    record::{Event, Person, Record, Site},
    table::fingerprint,
};

use super::{Asked, Issuer, Refusal, Whom, facts::First};
use crate::{
    domain::content,
    id::Id,
    store::{Numbers, PersonRow},
};

/// Of whom a report is, and what it says of them.
pub(in crate::domain) struct Subject {
    /// The person.
    pub(in crate::domain) person: PersonRow,
    /// Not in the database yet.
    pub(in crate::domain) fresh: bool,
    /// The event, of this person.
    pub(in crate::domain) record: Record,
    /// Of both.
    pub(in crate::domain) print: String,
}

impl Issuer {
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
        let mut there: HashMap<(char, String), Vec<&PersonRow>> = HashMap::new();
        for row in first.persons.iter().filter(|row| row.erased_at.is_none()) {
            for number in numbers(row) {
                there.entry(number).or_default().push(row);
            }
        }
        let mut subjects = Vec::with_capacity(asked.len());
        for Asked { actor, entry } in asked {
            let mut record = entry.record.clone();
            at_site(&mut record, entry.site.code());
            let site = entry.site.as_str();
            let own = content::row_of(&record.person, Id::new(now)?, site, &actor.name, now);
            let found = match entry.whom {
                Whom::Known(id) => match first.person(id) {
                    Some(row) if row.erased_at.is_none() => Some((row.clone(), false)),
                    _ => {
                        subjects.push(Err(Refusal::NotFound("person")));
                        continue;
                    }
                },
                Whom::Same => {
                    let numbers = numbers(&own);
                    let known = numbers
                        .iter()
                        .filter_map(|number| there.get(number))
                        .flatten();
                    let known = known
                        .filter(|row| is_same(row, &own))
                        .min_by_key(|row| row.id);
                    let of_batch = || {
                        let candidates = numbers.iter().filter_map(|number| by_number.get(number));
                        let mut candidates = candidates.flatten().filter_map(|at| fresh.get(*at));
                        candidates.find(|row| is_same(row, &own))
                    };
                    known
                        .map(|row| ((*row).clone(), false))
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

pub(super) fn add_numbers<'a>(numbers: &mut Numbers<'a>, person: &'a Person) {
    let documents = &person.documents;
    numbers
        .cccd
        .extend(documents.cccd.as_ref().map(|number| number.as_str()));
    numbers
        .cmnd
        .extend(documents.cmnd.as_ref().map(|number| number.as_str()));
    numbers
        .passport
        .extend(documents.passport.as_ref().map(|number| number.as_str()));
    numbers
        .bhyt
        .extend(documents.bhyt.as_ref().map(|number| number.as_str()));
}

/// The numbers of somebody's documents, with a letter for the kind.
pub(super) fn numbers(row: &PersonRow) -> Vec<(char, String)> {
    let all = [
        ('c', &row.cccd),
        ('m', &row.cmnd),
        ('p', &row.passport),
        ('b', &row.bhyt),
    ];
    let all = all.into_iter();
    all.filter_map(|(kind, number)| Some((kind, number.clone()?)))
        .collect()
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
