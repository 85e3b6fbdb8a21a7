//! Value sets in the JSON form the European Commission publishes.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
};

use serde_json::Value;

use super::{Entry, Kind};

/// Why a text is not a value set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueSetError {
    /// Not JSON.
    #[error("not JSON at line {line}, column {column}")]
    Json {
        /// The line of the fault, from 1.
        line: usize,
        /// The column of the fault.
        column: usize,
    },
    /// A member is missing or of another type.
    #[error("the value set has no right {member}")]
    Member {
        /// The member.
        member: &'static str,
    },
    /// No [`Kind`] is published under this identifier.
    #[error("the value set {id} is not known")]
    UnknownSet {
        /// The identifier found.
        id: String,
    },
    /// The value set has no code, which would forbid everything.
    #[error("the value set has no codes")]
    NoCodes,
}

/// A value set that was read.
#[derive(Debug, Clone)]
pub(super) struct Table {
    date: String,
    entries: BTreeMap<String, (String, bool)>,
}

impl Table {
    pub(super) fn parse(json: &str) -> Result<(Kind, Table), ValueSetError> {
        let document: Value = serde_json::from_str(json).map_err(|error| ValueSetError::Json {
            line: error.line(),
            column: error.column(),
        })?;
        let member = |member| move || ValueSetError::Member { member };
        let id = document.get("valueSetId").and_then(Value::as_str);
        let id = id.ok_or_else(member("valueSetId"))?;
        let kind = Kind::from_id(id).ok_or_else(|| ValueSetError::UnknownSet {
            id: id.chars().take(80).collect(),
        })?;
        let date = document.get("valueSetDate").and_then(Value::as_str);
        let date = date.ok_or_else(member("valueSetDate"))?.to_string();
        let values = document.get("valueSetValues").and_then(Value::as_object);
        let values = values.ok_or_else(member("valueSetValues"))?;
        if values.is_empty() {
            return Err(ValueSetError::NoCodes);
        }
        let entries = values.iter().map(|(code, value)| {
            // Some copies of the sets leave out what is usual.
            let display = value.get("display").and_then(Value::as_str).unwrap_or(code);
            let active = value.get("active").and_then(Value::as_bool).unwrap_or(true);
            (code.clone(), (display.to_string(), active))
        });
        Ok((
            kind,
            Table {
                date,
                entries: entries.collect(),
            },
        ))
    }

    pub(super) fn date(&self) -> &str {
        &self.date
    }

    pub(super) fn get(&self, code: &str) -> Option<Entry<'_>> {
        self.entries.get_key_value(code).map(entry)
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.entries.iter().map(entry)
    }
}

fn entry<'a>((code, (display, active)): (&'a String, &'a (String, bool))) -> Entry<'a> {
    Entry {
        code,
        display,
        active: *active,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value_set::ValueSets;

    #[test]
    fn a_published_set_replaces_the_built_in_one() {
        let json = r#"{ "valueSetId": "vaccines-covid-19-names", "valueSetDate": "2030-01-01",
            "valueSetValues": {
                "EU/1/20/1528": { "display": "Comirnaty", "lang": "en", "active": false,
                                  "version": "", "system": "" },
                "VN-1": { "display": "Nanocovax" } } }"#;
        let mut sets = ValueSets::builtin();
        assert_eq!(sets.date(Kind::Product), "2022-11-30");
        assert_eq!(sets.update(json), Ok(Kind::Product));
        assert_eq!(sets.date(Kind::Product), "2030-01-01");
        assert_eq!(sets.display(Kind::Product, "VN-1"), Some("Nanocovax"));
        assert_eq!(
            sets.get(Kind::Product, "EU/1/20/1528").map(|e| e.active),
            Some(false)
        );
        assert_eq!(sets.display(Kind::Product, "EU/1/20/1507"), None);
        assert_eq!(sets.entries(Kind::Product).count(), 2);
        assert_eq!(sets.display(Kind::Disease, "840539006"), Some("COVID-19"));
    }

    #[test]
    fn what_is_refused() {
        let mut sets = ValueSets::builtin();
        let member = |member| Err(ValueSetError::Member { member });
        for (json, want) in [
            ("{", Err(ValueSetError::Json { line: 1, column: 1 })),
            ("[]", member("valueSetId")),
            (r#"{"valueSetId":1}"#, member("valueSetId")),
            (
                r#"{"valueSetId":"x"}"#,
                Err(ValueSetError::UnknownSet { id: "x".into() }),
            ),
            (
                r#"{"valueSetId":"country-2-codes"}"#,
                member("valueSetDate"),
            ),
            (
                r#"{"valueSetId":"country-2-codes","valueSetDate":"d"}"#,
                member("valueSetValues"),
            ),
            (
                r#"{"valueSetId":"country-2-codes","valueSetDate":"d","valueSetValues":{}}"#,
                Err(ValueSetError::NoCodes),
            ),
        ] {
            assert_eq!(sets.update(json), want, "{json}");
        }
        assert!(sets.replaced.is_empty());
    }
}
