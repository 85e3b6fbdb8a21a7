//! The report, in FHIR's own form.

use serde_json::{Value, json};

use super::{Issue, Reading, What};
use crate::{
    finding::Severity,
    words::{Language, Words},
};

/// The words of a report.
#[derive(Debug, Clone, Copy)]
pub struct Wording(pub Language);

impl Reading {
    /// Everything that is wrong or to be looked at as an
    /// [OperationOutcome](https://hl7.org/fhir/R4/operationoutcome.html): severity, code of the
    /// issue type, text, and the element. "All OK" if there is nothing.
    pub fn outcome(&self, wording: Wording) -> Value {
        let refused = self
            .items
            .iter()
            .filter_map(|item| item.outcome.as_ref().err())
            .flatten();
        let warned = self.items.iter().flat_map(|item| &item.warnings);
        let mut issues: Vec<Value> = refused
            .chain(warned)
            .chain(&self.notes)
            .map(|issue| one(issue, wording))
            .collect();
        if issues.is_empty() {
            issues.push(json!({ "severity": "information", "code": "informational" }));
        }
        json!({ "resourceType": "OperationOutcome", "issue": issues })
    }
}

fn one(issue: &Issue, wording: Wording) -> Value {
    let words = Words::new(wording.0);
    let severity = match issue.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "information",
    };
    let (code, detail) = match &issue.what {
        What::Finding(finding) => match finding.problem().code() {
            "missing" => ("required", finding.problem().code()),
            "unknown_code" | "inactive_code" => ("code-invalid", finding.problem().code()),
            "row_twice" | "key_twice" => ("duplicate", finding.problem().code()),
            "form" | "date" | "control_character" | "too_long" => {
                ("value", finding.problem().code())
            }
            code => ("business-rule", code),
        },
        What::Structure => ("structure", "structure"),
        What::Reference => ("not-found", "reference"),
        What::SameId => ("duplicate", "same_id"),
        What::Code { .. } => ("code-invalid", "unknown_code"),
        What::Status => ("business-rule", "status"),
        What::OtherObservation => ("not-supported", "other_observation"),
    };
    json!({
        "severity": severity,
        "code": code,
        "details": { "coding": [{ "code": detail }], "text": words.issue(&issue.what) },
        "expression": [issue.path],
    })
}
