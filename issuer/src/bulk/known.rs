//! What is known beyond a file: earlier doses of the people in it, lots delivered to the site.

use std::collections::{HashMap, HashSet};

use hcert::date::Date;
use intake::{
    codes::Catalogue,
    plausibility::Earlier,
    record::{Dose, Person, Record},
};

use crate::store::{DoseRow, Numbers, StoreError, Tx};

/// Which kind of document.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Paper {
    Cccd,
    Cmnd,
    Passport,
    Bhyt,
}

/// Earlier doses, by document.
#[derive(Default)]
pub(super) struct History(HashMap<(Paper, String), Vec<Earlier>>);

fn papers(person: &Person) -> impl Iterator<Item = (Paper, &str)> {
    let documents = &person.documents;
    [
        (Paper::Cccd, documents.cccd.as_ref().map(|d| d.as_str())),
        (Paper::Cmnd, documents.cmnd.as_ref().map(|d| d.as_str())),
        (
            Paper::Passport,
            documents.passport.as_ref().map(|d| d.as_str()),
        ),
        (Paper::Bhyt, documents.bhyt.as_ref().map(|d| d.as_str())),
    ]
    .into_iter()
    .filter_map(|(paper, number)| Some((paper, number?)))
}

/// The numbers of all documents in these records.
pub(super) fn numbers<'a>(records: impl Iterator<Item = &'a Record>) -> Numbers<'a> {
    let mut numbers = Numbers::default();
    let mut seen: HashSet<(Paper, &str)> = HashSet::new();
    for record in records {
        for (paper, number) in papers(&record.person) {
            if !seen.insert((paper, number)) {
                continue;
            }
            let list = match paper {
                Paper::Cccd => &mut numbers.cccd,
                Paper::Cmnd => &mut numbers.cmnd,
                Paper::Passport => &mut numbers.passport,
                Paper::Bhyt => &mut numbers.bhyt,
            };
            list.push(number);
        }
    }
    numbers
}

impl History {
    /// Asks the database, in sets.
    pub(super) async fn fetch(
        tx: &mut Tx,
        numbers: &Numbers<'_>,
        catalogue: &Catalogue,
    ) -> Result<History, StoreError> {
        let mut history = History::default();
        let found = tx.doses_of(numbers).await?;
        let papers = [Paper::Cccd, Paper::Cmnd, Paper::Passport, Paper::Bhyt];
        for (paper, rows) in papers.into_iter().zip(found) {
            for row in rows {
                // A product that is no longer in the value sets says nothing about intervals.
                if let Some(earlier) = earlier(&row, catalogue) {
                    history
                        .0
                        .entry((paper, row.number))
                        .or_default()
                        .push(earlier);
                }
            }
        }
        Ok(history)
    }

    /// Whether nothing is known of anybody.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The doses of a person, each once.
    pub(super) fn of(&self, person: &Person) -> Vec<Earlier> {
        let mut all: Vec<Earlier> = Vec::new();
        for (paper, number) in papers(person) {
            let found = self.0.get(&(paper, number.to_owned()));
            for earlier in found.into_iter().flatten() {
                if !all.contains(earlier) {
                    all.push(earlier.clone());
                }
            }
        }
        all
    }
}

fn earlier(row: &DoseRow, catalogue: &Catalogue) -> Option<Earlier> {
    let part = |part: i64| u8::try_from(part).ok();
    Some(Earlier {
        dose: Dose::new(part(row.dose)?, part(row.total)?)?,
        product: catalogue.product(&row.product).ok()?,
        date: Date::parse(&row.day).ok()?,
    })
}
