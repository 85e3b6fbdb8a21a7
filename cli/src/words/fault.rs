//! What a [`Fault`] says: what is so, where, and after a dash what to do.

mod en;
mod field_vi;
mod vi;

use std::io;

use hcert::{date::DateError, dcc::FieldError};
use verifier::wording::{Language, Wording};

use super::Words;
use crate::fault::{BadEntry, EntryProblem, Fault};

/// Of a batch, this many wrong entries are shown.
const MAX_SHOWN: usize = 20;

impl Words {
    /// The whole message; lines after the first are indented.
    pub(crate) fn fault(self, fault: &Fault) -> String {
        let (answer, remedy) = match self.language() {
            Language::English => en::fault(fault),
            Language::Vietnamese => vi::fault(fault),
        };
        let mut message = answer;
        match fault {
            Fault::Entries { total, bad } => self.entries(*total, bad, &mut message),
            Fault::NotVerified {
                failure: Some(failure),
                ..
            } => message += &format!("\n  {}", Wording::new(self.language()).failure(failure)),
            _ => {}
        }
        if !remedy.is_empty() {
            message += &format!("\n  — {remedy}");
        }
        message
    }

    fn entries(self, total: usize, bad: &[BadEntry], message: &mut String) {
        for entry in bad.iter().take(MAX_SHOWN) {
            let mut indent = "  ";
            if total > 1 {
                let number = entry.number;
                *message += &match self.language() {
                    Language::English => format!("\n  entry {number}"),
                    Language::Vietnamese => format!("\n  mục {number}"),
                };
                indent = "    ";
            }
            for problem in &entry.problems {
                *message += &format!("\n{indent}{}", self.problem(problem));
            }
        }
        if bad.len() > MAX_SHOWN {
            let more = bad.len() - MAX_SHOWN;
            *message += &match self.language() {
                Language::English => format!("\n  and {more} more entries"),
                Language::Vietnamese => format!("\n  và {more} mục nữa"),
            };
        }
    }

    /// One thing that is wrong with a payload.
    pub(crate) fn problem(self, problem: &EntryProblem) -> String {
        match (problem, self.language()) {
            (EntryProblem::Field(error), _) => self.field(error),
            (EntryProblem::Kind { kind, allowed }, Language::English) => {
                en::kind(self.kind(*kind), &self.kinds(allowed))
            }
            (EntryProblem::Kind { kind, allowed }, Language::Vietnamese) => {
                vi::kind(self.kind(*kind), &self.kinds(allowed))
            }
            (EntryProblem::SameIdentifier { path, other }, Language::English) => {
                format!("{path} is the same as in entry {other} — each certificate has its own")
            }
            (EntryProblem::SameIdentifier { path, other }, Language::Vietnamese) => {
                format!("{path} trùng với mục {other} — mỗi giấy có mã riêng")
            }
        }
    }

    /// What is wrong with a date.
    pub(crate) fn date_error(self, error: DateError) -> String {
        match self.language() {
            Language::English => error.to_string(),
            Language::Vietnamese => field_vi::date(error),
        }
    }

    /// One field: where, what is wrong, what was found, what is allowed.
    pub(crate) fn field(self, error: &FieldError) -> String {
        let (problem, allowed) = match self.language() {
            Language::English => (error.problem().to_string(), error.allowed().to_owned()),
            Language::Vietnamese => (
                field_vi::problem(error.problem()),
                field_vi::allowed(error.allowed()),
            ),
        };
        let mut line = format!("{} {problem}", error.path());
        if let Some(found) = error.found() {
            // Quoted, so that control characters of the input do nothing to the terminal.
            line += &format!(" ({found:?})");
        }
        if !allowed.is_empty() {
            let label = match self.language() {
                Language::English => "allowed",
                Language::Vietnamese => "cho phép",
            };
            line += &format!(" — {label}: {allowed}");
        }
        line
    }
}

/// The common errors of files in the language; the system's own words for the others.
fn io_error(error: &io::Error, known: fn(io::ErrorKind) -> Option<&'static str>) -> String {
    known(error.kind()).map_or_else(|| error.to_string(), str::to_owned)
}

/// `-` has a name.
pub(super) fn path<'a>(path: &'a str, standard: &'a str) -> &'a str {
    if path == "-" { standard } else { path }
}
