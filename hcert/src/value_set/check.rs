//! Whether the codes of a payload are in force.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::dcc::{Dcc, Event, FieldError, Problem, nearest};

use super::{Entry, Kind, ValueSets};

/// A set of at most this many codes is listed as a whole.
const MAX_LISTED: usize = 12;
/// Of a larger set, this many codes are proposed.
const MAX_PROPOSED: usize = 5;

impl ValueSets {
    /// The codes of a payload that are unknown or no longer in use, each with what is allowed:
    /// all codes of a small set, the nearest ones of a large set (by code, or when a name was
    /// given in place of a code, by name).
    ///
    /// For issuing only. An organisation may stand as `co` by the schema (`UNHCR`), but is in no
    /// value set, and is reported here.
    pub fn check(&self, dcc: &Dcc) -> Vec<FieldError> {
        let codes = match dcc.event() {
            Event::Vaccination(v) => vec![
                ("v[0].tg", Kind::Disease, Some(v.disease.as_str())),
                ("v[0].vp", Kind::Prophylaxis, Some(v.prophylaxis.as_str())),
                ("v[0].mp", Kind::Product, Some(v.product.as_str())),
                ("v[0].ma", Kind::Manufacturer, Some(v.manufacturer.as_str())),
                ("v[0].co", Kind::Country, Some(v.country.as_str())),
            ],
            Event::Test(t) => vec![
                ("t[0].tg", Kind::Disease, Some(t.disease.as_str())),
                ("t[0].tt", Kind::TestType, Some(t.test_type.as_str())),
                (
                    "t[0].ma",
                    Kind::TestDevice,
                    t.device.as_ref().map(|text| text.as_str()),
                ),
                ("t[0].tr", Kind::TestResult, Some(t.result.as_str())),
                ("t[0].co", Kind::Country, Some(t.country.as_str())),
            ],
            Event::Recovery(r) => vec![
                ("r[0].tg", Kind::Disease, Some(r.disease.as_str())),
                ("r[0].co", Kind::Country, Some(r.country.as_str())),
            ],
        };
        let errors = codes.into_iter().filter_map(|(path, kind, code)| {
            let code = code?;
            let problem = self.problem(kind, code)?;
            Some(FieldError::new(path, problem, self.allowed(kind, code)).with_found(code))
        });
        errors.collect()
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
