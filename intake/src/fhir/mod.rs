//! FHIR R4: bundles and NDJSON of patients, immunizations and observations.
//!
//! Each Immunization and each Observation becomes a [`Draft`](crate::draft::Draft) together with the
//! patient it points to within the same document, and is read and checked as a row of a table is.
//! Errors name the element ([FHIRPath](https://hl7.org/fhirpath/)-like: `Bundle.entry[2].resource
//! .occurrenceDateTime`), and [`Reading::outcome`] gives them as an
//! [OperationOutcome](https://hl7.org/fhir/R4/operationoutcome.html).

mod codes;
mod convert;
mod outcome;
mod read;
mod resource;

use hcert::date::DateError;

use crate::{
    field::Field,
    finding::{Finding, Severity},
    table::Accepted,
};

pub use outcome::Wording;
pub use read::read;

/// How much a document may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes.
    pub bytes: usize,
    /// Resources.
    pub resources: usize,
}

impl Limits {
    /// The default ones.
    pub const DEFAULT: Limits = Limits {
        bytes: 64 << 20,
        resources: 200_000,
    };
}

/// Why a document as a whole can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FhirError {
    /// More bytes than [`Limits::bytes`].
    #[error("the document has more than {limit} bytes")]
    TooManyBytes {
        /// The limit.
        limit: usize,
    },
    /// More resources than [`Limits::resources`].
    #[error("the document has more than {limit} resources")]
    TooManyResources {
        /// The limit.
        limit: usize,
    },
    /// No JSON, or not on each line.
    #[error("line {line} is not JSON")]
    Json {
        /// The line, from 1.
        line: usize,
    },
    /// JSON, but no resource of FHIR.
    #[error("the document is neither a Bundle nor lines of resources")]
    NotFhir,
    /// A bundle of another type than transaction, batch, collection or document.
    #[error("the Bundle is neither transaction, batch, collection nor document")]
    BundleType,
    /// Nothing in it can become a record.
    #[error("there is no Immunization and no Observation")]
    NothingToRead,
}

impl FhirError {
    /// A stable name, for interfaces.
    pub fn code(&self) -> &'static str {
        match self {
            FhirError::TooManyBytes { .. } => "too_many_bytes",
            FhirError::TooManyResources { .. } => "too_many_resources",
            FhirError::Json { .. } => "json",
            FhirError::NotFhir => "not_fhir",
            FhirError::BundleType => "bundle_type",
            FhirError::NothingToRead => "nothing_to_read",
        }
    }
}

/// Something wrong with a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The element.
    pub path: String,
    /// What is wrong.
    pub what: What,
}

/// What is wrong with a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// Of the record.
    Finding(Finding),
    /// The element does not have FHIR's own form.
    Structure,
    /// The reference leads to nothing in the document, or to no patient.
    Reference,
    /// Two resources have the same identity.
    SameId,
    /// A code that has no place in the value sets; no other coding of the element has one either.
    Code {
        /// The systems and codes that were there, at most five.
        found: Vec<String>,
    },
    /// The status is none of a finished event.
    Status,
    /// The observation is of no disease test known here; it is left out.
    OtherObservation,
}

impl Issue {
    /// How grave it is.
    pub fn severity(&self) -> Severity {
        match &self.what {
            What::Finding(finding) => finding.severity(),
            What::OtherObservation => Severity::Note,
            _ => Severity::Error,
        }
    }
}

/// One Immunization or Observation.
#[derive(Debug)]
pub struct Item {
    /// Where it is.
    pub path: String,
    /// What tells it from others when it is sent again: its identifier, or a key made of its content.
    pub key: String,
    /// A record, or what is wrong.
    pub outcome: Result<Accepted, Vec<Issue>>,
    /// Warnings and notes of an accepted one.
    pub warnings: Vec<Issue>,
}

/// A document that was read.
#[derive(Debug)]
pub struct Reading {
    /// What can become a record, in order.
    pub items: Vec<Item>,
    /// What is to be said of the document beside them.
    pub notes: Vec<Issue>,
}

impl Reading {
    /// Refuses the items that have a warning, because nobody has said yet that it is right. How many.
    pub fn hold_warned(&mut self) -> usize {
        let mut held = 0;
        for item in &mut self.items {
            let warned = item
                .warnings
                .iter()
                .any(|issue| issue.severity() == Severity::Warning);
            if item.outcome.is_ok() && warned {
                item.outcome = Err(core::mem::take(&mut item.warnings));
                held += 1;
            }
        }
        held
    }
}

/// Which element each field came from, for the paths of findings.
pub(crate) type Paths = Vec<(Field, String)>;

/// Whether a FHIR date is one that a record can hold: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
pub(crate) fn day_of(text: &str) -> Result<String, DateError> {
    // A dateTime's day is the one written, in its own offset.
    let day = text.split('T').next().unwrap_or_default();
    hcert::date::PartialDate::parse(day).map(|date| date.to_string())
}

#[cfg(test)]
mod tests;
