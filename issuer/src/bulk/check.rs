//! A file, checked line by line: what is accepted, and a report of what is not.

use intake::{
    fhir,
    finding::Finding,
    record::Record,
    table::{self, Accepted, Options, TableError},
    words::{Language, Words},
};
use serde_json::json;

use super::{LARGEST, MOST, draft, form::Form};
use crate::store::NewRow;

/// What came of a check.
pub struct Checked {
    /// What kind of file it was.
    pub form: Form,
    /// The rows that were accepted, by line.
    pub rows: Vec<NewRow>,
    /// How many were refused.
    pub refused: usize,
    /// How many have warnings that nobody confirmed.
    pub unconfirmed: usize,
    /// The rows that were not accepted, as CSV or as an OperationOutcome; empty if there are none.
    pub report: Vec<u8>,
}

/// Why a file can't be taken, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// A stable word.
    pub code: &'static str,
    /// What is so and what to do.
    pub text: String,
}

/// A file that was read, before anything is decided about its warnings.
pub(super) enum File {
    /// CSV or XLSX.
    Table(Form, table::Table),
    /// FHIR.
    Fhir(fhir::Reading),
}

impl File {
    /// Reads a file. `options` say what is known; the limits are those of bulk work.
    pub(super) fn read(
        bytes: &[u8],
        options: &Options<'_>,
        language: Language,
    ) -> Result<File, Unusable> {
        let words = Words::new(language);
        match Form::of(bytes) {
            Form::Fhir => {
                let limits = fhir::Limits {
                    bytes: LARGEST,
                    ..fhir::Limits::DEFAULT
                };
                let reading = fhir::read(bytes, options, &limits).map_err(|error| Unusable {
                    code: error.code(),
                    text: words.fhir(&error),
                })?;
                if reading.items.len() > MOST {
                    let error = fhir::FhirError::TooManyResources { limit: MOST };
                    return Err(Unusable {
                        code: error.code(),
                        text: words.fhir(&error),
                    });
                }
                Ok(File::Fhir(reading))
            }
            form => match table::read(bytes, options) {
                Ok(table) => Ok(File::Table(form, table)),
                Err(error) => Err(of_table(&error, words)),
            },
        }
    }

    /// The records that are accepted so far.
    pub(super) fn records(&self) -> Box<dyn Iterator<Item = &Record> + '_> {
        match self {
            File::Table(_, table) => Box::new(table.accepted().map(|(_, row)| &row.record)),
            File::Fhir(reading) => Box::new(
                reading
                    .items
                    .iter()
                    .filter_map(|item| item.outcome.as_ref().ok())
                    .map(|accepted| &accepted.record),
            ),
        }
    }

    /// Decides: rows with warnings only are accepted if somebody says that the warnings are right.
    pub(super) fn decide(self, confirmed: bool, language: Language) -> Checked {
        match self {
            File::Table(form, mut table) => {
                let unconfirmed = if confirmed { 0 } else { table.hold_warned() };
                let rows: Vec<NewRow> = table
                    .accepted()
                    .map(|(row, accepted)| NewRow {
                        line: i64::try_from(row.line).unwrap_or(i64::MAX),
                        key: row.key.clone(),
                        draft: draft::write(&accepted.record),
                    })
                    .collect();
                let refused = table.refused().count() - unconfirmed;
                let report = table::report(&table, language).into_bytes();
                Checked {
                    form,
                    rows,
                    refused,
                    unconfirmed,
                    report,
                }
            }
            File::Fhir(mut reading) => {
                let unconfirmed = if confirmed { 0 } else { reading.hold_warned() };
                let accepted = |item: &fhir::Item| Some(item.outcome.as_ref().ok()?.clone());
                let rows: Vec<NewRow> = (1..)
                    .zip(&reading.items)
                    .filter_map(|(line, item)| {
                        let Accepted { record, .. } = accepted(item)?;
                        Some(NewRow {
                            line,
                            key: item.key.clone(),
                            draft: draft::write(&record),
                        })
                    })
                    .collect();
                let refused = reading.items.len() - rows.len() - unconfirmed;
                let outcome = reading.outcome(fhir::Wording(language));
                let report = match refused + unconfirmed {
                    0 if reading.notes.is_empty() => Vec::new(),
                    // What was just made is JSON.
                    _ => serde_json::to_vec_pretty(&outcome).unwrap_or_default(),
                };
                Checked {
                    form: Form::Fhir,
                    rows,
                    refused,
                    unconfirmed,
                    report,
                }
            }
        }
    }
}

fn of_table(error: &TableError, words: Words) -> Unusable {
    Unusable {
        code: error.code(),
        text: words.table(error),
    }
}

/// Findings in both languages, as JSON without personal data: what a row that failed says of itself.
pub(super) fn said(code: &str, findings: &[Finding]) -> String {
    let text = |language| {
        let words = Words::new(language);
        let said = findings.iter().map(|finding| {
            // Without what was there, which is in the draft and in no other place.
            let finding = Finding::new(finding.field(), finding.problem().clone());
            let field = words.field(finding.field());
            format!(
                "{field}: {} {}",
                words.what(&finding),
                words.remedy(&finding)
            )
        });
        said.collect::<Vec<_>>().join(" | ")
    };
    json!({
        "code": code,
        "vi": text(Language::Vietnamese),
        "en": text(Language::English),
    })
    .to_string()
}
