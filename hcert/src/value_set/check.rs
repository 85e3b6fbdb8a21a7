//! Whether the codes of a payload are in force.

use alloc::{format, string::String, vec::Vec};

use serde_json::Value;

use crate::dcc::{Dcc, FieldError, Problem, nearest};

use super::{Entry, Kind, ValueSets};

/// A set of at most this many codes is listed as a whole.
const MAX_LISTED: usize = 12;
/// Of a larger set, this many codes are proposed.
const MAX_PROPOSED: usize = 5;

/// The fields that hold codes: group, key, and the set they are from.
const CODES: &[(&str, &str, Kind)] = &[
    ("v", "tg", Kind::Disease),
    ("v", "vp", Kind::Prophylaxis),
    ("v", "mp", Kind::Product),
    ("v", "ma", Kind::Manufacturer),
    ("v", "co", Kind::Country),
    ("t", "tg", Kind::Disease),
    ("t", "tt", Kind::TestType),
    ("t", "ma", Kind::TestDevice),
    ("t", "tr", Kind::TestResult),
    ("t", "co", Kind::Country),
    ("r", "tg", Kind::Disease),
    ("r", "co", Kind::Country),
];

impl ValueSets {
    /// The codes of a payload that are unknown or no longer in use, each with what is allowed:
    /// all codes of a small set, the nearest ones of a large set (by code, or when a name was
    /// given in place of a code, by name).
    ///
    /// For issuing only. An organisation may stand as `co` by the schema (`UNHCR`), but is in no
    /// value set, and is reported here.
    pub fn check(&self, dcc: &Dcc) -> Vec<FieldError> {
        self.check_json(&dcc.to_json())
    }

    /// As [`ValueSets::check`], of a document that need not keep the schema, so that its unknown
    /// codes can be shown together with its other faults. What is no text where a code belongs
    /// is passed over: that is for [`Dcc::from_json`] to find.
    pub fn check_json(&self, document: &Value) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (group, key, kind) in CODES {
            let Some(code) = document
                .get(group)
                .and_then(|entries| entries.get(0)?.get(key)?.as_str())
            else {
                continue;
            };
            if let Some(problem) = self.problem(*kind, code) {
                let error = FieldError::new(
                    format!("{group}[0].{key}"),
                    problem,
                    self.allowed(*kind, code),
                );
                errors.push(error.with_found(code));
            }
        }
        errors
    }

    fn problem(&self, kind: Kind, code: &str) -> Option<Problem> {
        match self.get(kind, code) {
            None => Some(Problem::UnknownCode { set: kind.id() }),
            Some(entry) if !entry.active => Some(Problem::InactiveCode { set: kind.id() }),
            Some(_) => None,
        }
    }

    /// What to propose in place of a code.
    fn allowed(&self, kind: Kind, code: &str) -> String {
        let active: Vec<Entry<'_>> = self.entries(kind).filter(|entry| entry.active).collect();
        if active.len() <= MAX_LISTED {
            return list(&active);
        }
        let wanted = code.to_lowercase();
        let by_name = |entry: &&Entry<'_>| {
            wanted.chars().count() > 2 && entry.display.to_lowercase().contains(&wanted)
        };
        let mut proposed: Vec<Entry<'_>> = active
            .iter()
            .filter(by_name)
            .take(MAX_PROPOSED)
            .copied()
            .collect();
        for near in nearest(code, active.iter().map(|entry| entry.code), MAX_PROPOSED) {
            if proposed.len() < MAX_PROPOSED && proposed.iter().all(|entry| entry.code != near) {
                proposed.extend(active.iter().find(|entry| entry.code == near));
            }
        }
        let set = kind.id();
        match proposed.as_slice() {
            [] => format!("a code of the value set {set}"),
            proposed => format!("a code of the value set {set}, perhaps {}", list(proposed)),
        }
    }
}

fn list(entries: &[Entry<'_>]) -> String {
    let shown: Vec<String> = entries
        .iter()
        .map(|entry| format!("{} ({})", entry.code, entry.display))
        .collect();
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn vaccination(key: &str, code: &str) -> Vec<FieldError> {
        let mut entry = json!({
            "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
            "dn": 2, "sd": 2, "dt": "2021-12-20", "co": "VN", "is": "Bộ Y tế", "ci": "A"
        });
        entry[key] = code.into();
        check(json!({ "ver": "1.3.3", "nam": { "fn": "A" }, "dob": "", "v": [entry] }))
    }

    fn check(document: Value) -> Vec<FieldError> {
        ValueSets::builtin().check(&Dcc::from_json(&document).unwrap())
    }

    #[test]
    fn codes_in_force_pass() {
        assert_eq!(vaccination("co", "VN"), []);
    }

    #[test]
    fn each_field_is_named_with_what_is_allowed() {
        for (key, code, problem, allowed) in [
            ("tg", "840539007", "unknown_code", "840539006 (COVID-19)"),
            (
                "vp",
                "J07BX03",
                "inactive_code",
                "1119349007 (SARS-CoV-2 mRNA vaccine)",
            ),
            (
                "mp",
                "EU/1/20/1529",
                "unknown_code",
                "EU/1/20/1528 (Comirnaty)",
            ),
            (
                "mp",
                "comirnaty",
                "unknown_code",
                "EU/1/20/1528 (Comirnaty)",
            ),
            (
                "mp",
                "????????????????????????",
                "unknown_code",
                "vaccines-covid-19-names",
            ),
            (
                "ma",
                "ORG-100030216",
                "unknown_code",
                "perhaps ORG-100030215",
            ),
            ("co", "ZZ", "unknown_code", "country-2-codes"),
        ] {
            let errors = vaccination(key, code);
            let [error] = errors.as_slice() else {
                panic!("{key} {code}: {errors:?}")
            };
            assert_eq!(error.path(), format!("v[0].{key}"));
            assert_eq!(error.problem().code(), problem);
            assert_eq!(error.found(), Some(code));
            assert!(error.allowed().contains(allowed), "{error}");
        }
    }

    #[test]
    fn a_document_with_other_faults_too() {
        let sets = ValueSets::builtin();
        let document = json!({ "dob": 7, "v": [{ "mp": "EU/1/20/1529", "ma": 5, "co": "VN" }] });
        let paths: Vec<String> = sets
            .check_json(&document)
            .iter()
            .map(|error| error.path().into())
            .collect();
        assert_eq!(paths, ["v[0].mp"]);
        for other in [json!(null), json!({ "v": {} }), json!({ "v": [] })] {
            assert!(sets.check_json(&other).is_empty());
        }
    }

    #[test]
    fn tests_and_recoveries() {
        let document = json!({ "ver": "1.3.3", "nam": { "fn": "A" }, "dob": "", "t": [{
            "tg": "x", "tt": "LP217198", "ma": "99999", "sc": "2021-06-11T17:30:00Z", "tr": "ok",
            "co": "XX", "is": "i", "ci": "c" }] });
        let paths: Vec<String> = check(document).iter().map(|e| e.path().into()).collect();
        assert_eq!(
            paths,
            ["t[0].tg", "t[0].tt", "t[0].ma", "t[0].tr", "t[0].co"]
        );
        let document = json!({ "ver": "1.3.3", "nam": { "fn": "A" }, "dob": "", "r": [{
            "tg": "840539006", "fr": "2021-06-11", "df": "2021-06-22", "du": "2021-12-08",
            "co": "UNHCR", "is": "i", "ci": "c" }] });
        let paths: Vec<String> = check(document).iter().map(|e| e.path().into()).collect();
        assert_eq!(paths, ["r[0].co"]);
    }
}
