//! From rows to records.

use std::collections::HashMap;

use ::csv::StringRecord;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{Column, Grid, Header, Limits, unguard};
use crate::{
    draft::{Draft, Settings},
    field::Field,
    finding::{Finding, Form, Problem, any_error, any_warning},
    plausibility::{self, Earlier, Known},
    record::{Event, Person, Record},
};

/// Asks for the doses of a person that were reported before.
pub type History<'a> = &'a dyn Fn(&Person) -> Vec<Earlier>;

/// What reading a table needs to know.
pub struct Options<'a> {
    /// How texts are read.
    pub settings: Settings<'a>,
    /// What else is known; [`Known::earlier`] is not used, see `history`.
    pub known: Known<'a>,
    /// The doses reported before; `None` if nothing is to be asked.
    pub history: Option<History<'a>>,
    /// A secret of the service, by which fingerprints are made: without it, whoever sees one could
    /// find the person by trying.
    pub secret: &'a [u8; 32],
    /// How much a table may be.
    pub limits: Limits,
}

/// A table that was read.
#[derive(Debug)]
pub struct Table {
    pub(super) header: Header,
    pub(super) rows: Vec<Row>,
    pub(super) separator: u8,
}

impl Table {
    /// The columns.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The rows below the header that are not empty.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The rows that were accepted.
    pub fn accepted(&self) -> impl Iterator<Item = (&Row, &Accepted)> {
        self.rows
            .iter()
            .filter_map(|row| row.outcome.as_ref().ok().map(|accepted| (row, accepted)))
    }

    /// The rows that were not.
    pub fn refused(&self) -> impl Iterator<Item = (&Row, &[Finding])> {
        self.rows.iter().filter_map(|row| {
            row.outcome
                .as_ref()
                .err()
                .map(|findings| (row, findings.as_slice()))
        })
    }

    /// Refuses the rows that have a warning, because nobody has said yet that it is right. How many.
    pub fn hold_warned(&mut self) -> usize {
        let mut held = 0;
        for row in &mut self.rows {
            let Ok(accepted) = &mut row.outcome else {
                continue;
            };
            if any_warning(&accepted.warnings) {
                row.outcome = Err(core::mem::take(&mut accepted.warnings));
                held += 1;
            }
        }
        held
    }
}

/// One row.
pub struct Row {
    /// The line it begins on, from 1.
    pub line: u64,
    /// What tells it from others, also when it is sent again: the sender's key, or one made of its
    /// content. What was once accepted under a key is not made again.
    pub key: String,
    pub(super) cells: StringRecord,
    /// A record, or what is wrong.
    pub outcome: Result<Accepted, Vec<Finding>>,
}

impl core::fmt::Debug for Row {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Row")
            .field("line", &self.line)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

/// A record, and what a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The record.
    pub record: Record,
    /// Of the person and the event, whatever key the sender gave: two reports with the same
    /// fingerprint are the same event of the same person.
    pub fingerprint: String,
    /// Warnings and notes.
    pub warnings: Vec<Finding>,
}

pub(super) fn read(grid: Grid, header: Header, at: usize, options: &Options<'_>) -> Table {
    let rows = grid.rows.into_iter().skip(at + 1);
    let rows = rows.filter(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()));
    let mut rows: Vec<Row> = rows
        .map(|row| {
            let draft = draft(&header, &row.cells);
            let outcome = draft.read(&options.settings).map(|read| Accepted {
                fingerprint: fingerprint(&read.record, options.secret),
                record: read.record,
                warnings: read.notes,
            });
            let (key, outcome) = match key(&draft) {
                Ok(Some(key)) => (key, outcome),
                Ok(None) => (own_key(&outcome, &row.cells, options.secret), outcome),
                Err(finding) => {
                    let mut findings = outcome.err().unwrap_or_default();
                    findings.insert(0, finding);
                    (
                        hash(options.secret, b"row", row.cells.iter()),
                        Err(findings),
                    )
                }
            };
            drop(draft);
            Row {
                line: row.line,
                key,
                cells: row.cells,
                outcome,
            }
        })
        .collect();
    check(&mut rows, options);
    twice(&mut rows);
    pools(&mut rows);
    Table {
        header,
        rows,
        separator: grid.separator,
    }
}

fn draft<'a>(header: &Header, cells: &'a StringRecord) -> Draft<'a> {
    let mut draft = Draft::default();
    for (column, cell) in header.columns().iter().zip(cells) {
        if let Column::Field(field) = column {
            draft.set(*field, unguard(cell));
        }
    }
    draft
}

/// The sender's key.
fn key(draft: &Draft<'_>) -> Result<Option<String>, Finding> {
    let Some(key) = draft.get(Field::Key) else {
        return Ok(None);
    };
    if key.len() <= 64 && key.chars().all(|c| !c.is_control() && !c.is_whitespace()) {
        Ok(Some(key.to_owned()))
    } else {
        Err(Finding::new(Field::Key, Problem::Form(Form::Key)).with_found(key))
    }
}

/// A key for a row that has none: of what it says, if it is right, so that it is the same in
/// another file; else of its cells, so that the corrected row is told by it.
fn own_key(
    outcome: &Result<Accepted, Vec<Finding>>,
    cells: &StringRecord,
    secret: &[u8; 32],
) -> String {
    match outcome {
        Ok(accepted) => accepted.fingerprint.clone(),
        Err(_) => hash(secret, b"row", cells.iter()),
    }
}

/// What makes an event of a person one: who, what, which dose and when. Made with a secret of the
/// service, without which nobody finds the person by trying.
pub fn fingerprint(record: &Record, secret: &[u8; 32]) -> String {
    let person = &record.person;
    let documents = &person.documents;
    let mut parts: Vec<String> = vec![
        person.name.full().to_lowercase(),
        person.birth.to_string(),
        documents
            .cccd
            .as_ref()
            .map(|number| number.as_str().to_owned())
            .unwrap_or_default(),
        documents
            .cmnd
            .as_ref()
            .map(|number| number.as_str().to_owned())
            .unwrap_or_default(),
        documents
            .passport
            .as_ref()
            .map(|number| number.as_str().to_owned())
            .unwrap_or_default(),
        documents
            .bhyt
            .as_ref()
            .map(|number| number.person().to_owned())
            .unwrap_or_default(),
        record.event.id().to_owned(),
        record.event.date().to_string(),
    ];
    match &record.event {
        Event::Vaccination(vaccination) => {
            parts.push(vaccination.disease.as_str().to_owned());
            parts.push(vaccination.product.as_str().to_owned());
            parts.push(vaccination.dose.number().to_string());
        }
        Event::Test(test) => {
            parts.push(test.disease.as_str().to_owned());
            parts.push(test.test_type().as_str().to_owned());
            parts.push(test.sampled_at().unix_seconds().to_string());
        }
        Event::Recovery(recovery) => parts.push(recovery.disease.as_str().to_owned()),
    }
    hash(secret, b"event", parts.iter().map(String::as_str))
}

/// HMAC-SHA-256 over the parts, each with its length before it, cut to 128 bits. The letter before
/// the digits keeps a spreadsheet from reading a number.
pub(crate) fn hash<'a>(
    secret: &[u8; 32],
    purpose: &[u8],
    parts: impl Iterator<Item = &'a str>,
) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
        // A key of any length is right for HMAC.
        return String::new();
    };
    mac.update(purpose);
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part.as_bytes());
    }
    let digest = mac.finalize().into_bytes();
    let mut text = String::with_capacity(33);
    text.push('k');
    for byte in digest.iter().take(16) {
        for nibble in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(nibble), 16));
        }
    }
    text
}

/// Plausibility of each row, with the doses of the same person in other rows.
fn check(rows: &mut [Row], options: &Options<'_>) {
    let mut doses: HashMap<String, Vec<(usize, Earlier)>> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        if let Ok(accepted) = &row.outcome
            && let Event::Vaccination(vaccination) = &accepted.record.event
            && let Some(who) = document(&accepted.record.person)
        {
            let earlier = Earlier {
                dose: vaccination.dose,
                product: vaccination.product.clone(),
                date: vaccination.date,
            };
            doses.entry(who).or_default().push((at, earlier));
        }
    }
    for (at, row) in rows.iter_mut().enumerate() {
        let Ok(accepted) = &mut row.outcome else {
            continue;
        };
        let person = &accepted.record.person;
        let mut earlier = options
            .history
            .map(|history| history(person))
            .unwrap_or_default();
        let here = document(person).and_then(|who| doses.get(&who));
        let others = here.into_iter().flatten().filter(|(other, _)| *other != at);
        earlier.extend(others.map(|(_, earlier)| earlier.clone()));
        let known = Known {
            earlier: &earlier,
            ..options.known.clone()
        };
        let findings = plausibility::check(&accepted.record, &known);
        accepted.warnings.extend(findings);
        settle(row);
    }
}

/// Only a document makes sure that two rows are one person.
fn document(person: &Person) -> Option<String> {
    let documents = &person.documents;
    let cccd = documents
        .cccd
        .as_ref()
        .map(|number| format!("c{}", number.as_str()));
    let cmnd = || {
        documents
            .cmnd
            .as_ref()
            .map(|number| format!("n{}", number.as_str()))
    };
    let passport = || {
        documents
            .passport
            .as_ref()
            .map(|number| format!("p{}", number.as_str()))
    };
    let bhyt = || {
        documents
            .bhyt
            .as_ref()
            .map(|number| format!("b{}", number.person()))
    };
    cccd.or_else(cmnd).or_else(passport).or_else(bhyt)
}

/// A row with an error among its findings is refused.
fn settle(row: &mut Row) {
    if let Ok(accepted) = &mut row.outcome
        && any_error(&accepted.warnings)
    {
        row.outcome = Err(core::mem::take(&mut accepted.warnings));
    }
}

/// The same key, or the same person and event, a second time.
fn twice(rows: &mut [Row]) {
    let mut keys: HashMap<String, u64> = HashMap::new();
    let mut events: HashMap<String, u64> = HashMap::new();
    for row in rows {
        let event = row
            .outcome
            .as_ref()
            .ok()
            .map(|accepted| accepted.fingerprint.clone());
        let mut problem = None;
        if let Some(event) = event {
            problem = events
                .get(&event)
                .map(|line| Problem::RowTwice { line: *line });
            events.entry(event).or_insert(row.line);
        }
        let own = row
            .outcome
            .as_ref()
            .is_ok_and(|accepted| accepted.fingerprint == row.key);
        if problem.is_none()
            && !own
            && let Some(line) = keys.get(&row.key)
        {
            problem = Some(Problem::KeyTwice { line: *line });
        }
        keys.entry(row.key.clone()).or_insert(row.line);
        if let Some(problem) = problem {
            let field = if matches!(problem, Problem::KeyTwice { .. }) {
                Field::Key
            } else {
                Field::FullName
            };
            let finding = Finding::new(field, problem);
            match &mut row.outcome {
                Ok(accepted) => accepted.warnings.push(finding),
                Err(findings) => findings.push(finding),
            }
            settle(row);
        }
    }
}

fn pools(rows: &mut [Row]) {
    let tested: Vec<usize> = (0..rows.len())
        .filter(|at| rows.get(*at).is_some_and(|row| row.outcome.is_ok()))
        .collect();
    let records = tested.iter().filter_map(|at| {
        let row = rows.get(*at)?;
        Some((row.line, &row.outcome.as_ref().ok()?.record))
    });
    for (index, finding) in plausibility::pools(records) {
        let row = tested.get(index).and_then(|at| rows.get_mut(*at));
        if let Some(row) = row {
            match &mut row.outcome {
                Ok(accepted) => accepted.warnings.push(finding),
                Err(findings) => findings.push(finding),
            }
            settle(row);
        }
    }
}
