//! What the schema allows and cannot be true, or cannot have been meant.

use alloc::vec::Vec;

use crate::{date::Date, time::Timestamp};

use super::{Dcc, Event, FieldError, Problem, Recovery, Test, Text, Vaccination};

/// LOINC: nucleic acid amplification.
const NAAT: &str = "LP6464-4";
/// LOINC: rapid immunoassay.
const RAPID: &str = "LP217198-3";

impl Dcc {
    /// What keeps the schema but contradicts itself or lacks what a reader will want; empty when
    /// all is well. To be shown before issuing.
    ///
    /// Found are: a birth after the event; a recovery valid until before from, or from before the
    /// first positive test; an amplification test without its name (`nm`) and a rapid test
    /// without its device (`ma`); required texts that are empty; spaces around a text; a name of
    /// which the standardised form is missing. The present day is not known here: see
    /// [`Dcc::check_at`]. Codes are checked by
    /// [`ValueSets::check`](crate::value_set::ValueSets::check).
    pub fn check(&self) -> Vec<FieldError> {
        let mut findings = Vec::new();
        self.check_name(&mut findings);
        self.check_birth(&mut findings);
        match &self.event {
            Event::Vaccination(vaccination) => check_vaccination(vaccination, &mut findings),
            Event::Test(test) => check_test(test, &mut findings),
            Event::Recovery(recovery) => check_recovery(recovery, &mut findings),
        }
        findings
    }

    /// What has not happened yet when the certificate is issued: the event, or the birth.
    ///
    /// A day counts as begun when it has begun anywhere on earth, 14 hours before UTC.
    pub fn check_at(&self, issued_at: Timestamp) -> Vec<FieldError> {
        const EASTERNMOST: i64 = 14 * 3600;
        let mut findings = Vec::new();
        let seconds = issued_at.unix().saturating_add(EASTERNMOST);
        let Some(today) = Date::from_unix_seconds(seconds) else {
            return findings;
        };
        let mut note = |path, future: bool, allowed| {
            if future {
                findings.push(FieldError::new(path, Problem::Future, allowed));
            }
        };
        let birth = self.date_of_birth.earliest();
        note(
            "dob",
            birth.is_some_and(|birth| birth > today),
            "a day that has been",
        );
        match &self.event {
            Event::Vaccination(v) => note("v[0].dt", v.date > today, "a day that has been"),
            Event::Test(t) => {
                let future = t.sample_collected.unix_seconds() > issued_at.unix();
                note("t[0].sc", future, "a moment before the issue");
            }
            Event::Recovery(r) => {
                note("r[0].fr", r.first_positive > today, "a day that has been");
            }
        }
        findings
    }

    fn check_name(&self, findings: &mut Vec<FieldError>) {
        let name = &self.name;
        let pairs = [
            ("nam.fn", name.family(), "nam.fnt", name.family_standard()),
            ("nam.gn", name.given(), "nam.gnt", name.given_standard()),
        ];
        for (own_path, own, standard_path, standard) in pairs {
            check_spaces(own_path, own, findings);
            if own.is_some() && standard.is_none() {
                let allowed = "the name in the letters of the passport, A to Z and <";
                findings.push(FieldError::new(standard_path, Problem::Missing, allowed));
            }
        }
    }

    fn check_birth(&self, findings: &mut Vec<FieldError>) {
        let other = match &self.event {
            Event::Vaccination(_) => "v[0].dt",
            Event::Test(_) => "t[0].sc",
            Event::Recovery(_) => "r[0].fr",
        };
        if self
            .date_of_birth
            .earliest()
            .is_some_and(|birth| birth > self.event.date())
        {
            let problem = Problem::Contradiction {
                other,
                why: "the birth is after the event",
            };
            findings.push(FieldError::new("dob", problem, "a day not after the event"));
        }
    }
}

fn check_vaccination(v: &Vaccination, findings: &mut Vec<FieldError>) {
    check_required("v[0].tg", &v.disease, findings);
    check_required("v[0].vp", &v.prophylaxis, findings);
    check_required("v[0].mp", &v.product, findings);
    check_required("v[0].ma", &v.manufacturer, findings);
    check_required("v[0].is", &v.issuer, findings);
}

fn check_test(t: &Test, findings: &mut Vec<FieldError>) {
    check_required("t[0].tg", &t.disease, findings);
    check_required("t[0].tt", &t.test_type, findings);
    check_spaces("t[0].nm", t.name.as_ref(), findings);
    check_spaces("t[0].ma", t.device.as_ref(), findings);
    check_required("t[0].tr", &t.result, findings);
    check_spaces("t[0].tc", t.centre.as_ref(), findings);
    check_required("t[0].is", &t.issuer, findings);
    match t.test_type.as_str() {
        NAAT if t.name.is_none() => {
            let allowed = "the name of the test, for an amplification test (LP6464-4)";
            findings.push(FieldError::new("t[0].nm", Problem::Missing, allowed));
        }
        RAPID if t.device.is_none() => {
            let allowed = "the code of the device, for a rapid test (LP217198-3)";
            findings.push(FieldError::new("t[0].ma", Problem::Missing, allowed));
        }
        _ => {}
    }
}

fn check_recovery(r: &Recovery, findings: &mut Vec<FieldError>) {
    check_required("r[0].tg", &r.disease, findings);
    check_required("r[0].is", &r.issuer, findings);
    if r.valid_until < r.valid_from {
        let why = "the end is before the start";
        let problem = Problem::Contradiction {
            other: "r[0].df",
            why,
        };
        findings.push(FieldError::new("r[0].du", problem, "a day not before df"));
    }
    if r.valid_from < r.first_positive {
        let why = "the start is before the first positive test";
        let problem = Problem::Contradiction {
            other: "r[0].fr",
            why,
        };
        findings.push(FieldError::new("r[0].df", problem, "a day not before fr"));
    }
}

fn check_required(path: &'static str, text: &Text, findings: &mut Vec<FieldError>) {
    if text.as_str().trim().is_empty() {
        findings.push(FieldError::new(path, Problem::Empty, "a text"));
    } else {
        check_spaces(path, Some(text), findings);
    }
}

fn check_spaces(path: &'static str, text: Option<&Text>, findings: &mut Vec<FieldError>) {
    if let Some(text) = text
        && text.as_str().trim().len() != text.as_str().len()
    {
        findings.push(FieldError::new(
            path,
            Problem::OuterSpaces,
            "no spaces around it",
        ));
    }
}
