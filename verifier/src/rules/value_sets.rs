//! The value sets that rules look codes up in.

use alloc::{string::String, vec, vec::Vec};

use serde_json::{Map, Value};

/// Named lists of codes, as rules see them under `external.valueSets`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueSets(Value);

/// Why a text holds no value sets.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ValueSetError {
    /// The text is not JSON.
    #[error("value sets are not JSON: {0}")]
    Json(#[source] serde_json::Error),
    /// The JSON has neither of the two forms.
    #[error(
        "value sets are neither an object of lists of codes nor an object with \"valueSetId\" and \"valueSetValues\""
    )]
    Shape,
    /// A list has an element that is not a string.
    #[error("value set \"{0}\" has a code that is not a string")]
    Code(String),
}

impl ValueSets {
    /// No value set. A rule that looks a code up then has no value, and is open.
    pub const EMPTY: Self = Self(Value::Null);

    /// Adds what a JSON text holds, replacing sets of the same name: either one published value set,
    /// `{ "valueSetId": …, "valueSetValues": { code: … } }`, or any number in the compressed form,
    /// `{ name: [code, …], … }`.
    ///
    /// # Errors
    /// The text has neither form; nothing is added then.
    pub fn add_json(&mut self, text: &str) -> Result<(), ValueSetError> {
        let value = serde_json::from_str(text).map_err(ValueSetError::Json)?;
        let Value::Object(object) = value else {
            return Err(ValueSetError::Shape);
        };
        let sets = match (object.get("valueSetId"), object.get("valueSetValues")) {
            (Some(Value::String(name)), Some(Value::Object(values))) => {
                vec![(name.clone(), values.keys().cloned().collect())]
            }
            (None, None) => object
                .into_iter()
                .map(compressed)
                .collect::<Result<Vec<_>, ValueSetError>>()?,
            _ => return Err(ValueSetError::Shape),
        };
        for (name, codes) in sets {
            self.insert(name, codes);
        }
        Ok(())
    }

    /// Adds one value set, replacing one of the same name.
    pub fn insert(&mut self, name: impl Into<String>, codes: Vec<String>) {
        let codes = codes.into_iter().map(Value::String).collect();
        match &mut self.0 {
            Value::Object(sets) => {
                sets.insert(name.into(), codes);
            }
            none => *none = Value::Object(Map::from_iter([(name.into(), codes)])),
        }
    }

    pub(super) fn as_json(&self) -> &Value {
        &self.0
    }
}

fn compressed((name, codes): (String, Value)) -> Result<(String, Vec<String>), ValueSetError> {
    let Value::Array(codes) = codes else {
        return Err(ValueSetError::Shape);
    };
    let strings = codes.into_iter().map(|code| match code {
        Value::String(code) => Some(code),
        _ => None,
    });
    match strings.collect() {
        Some(codes) => Ok((name, codes)),
        None => Err(ValueSetError::Code(name)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_forms() {
        let mut sets = ValueSets::default();
        assert_eq!(sets, ValueSets::EMPTY);
        sets.add_json(r#"{ "colours": ["red"], "sizes": [] }"#)
            .unwrap();
        sets.add_json(
            r#"{ "valueSetId": "colours", "valueSetDate": "2022-01-01",
                 "valueSetValues": { "blue": { "display": "Blue" }, "green": {} } }"#,
        )
        .unwrap();
        assert_eq!(
            sets.as_json(),
            &json!({ "colours": ["blue", "green"], "sizes": [] })
        );
    }

    #[test]
    fn neither_form() {
        for (text, message) in [
            ("[]", "value sets are neither"),
            (r#"{ "valueSetId": "colours" }"#, "value sets are neither"),
            (
                r#"{ "valueSetId": 1, "valueSetValues": {} }"#,
                "value sets are neither",
            ),
            (r#"{ "colours": "red" }"#, "value sets are neither"),
            (
                r#"{ "sizes": [], "colours": [1] }"#,
                "value set \"colours\" has a code",
            ),
            ("{", "value sets are not JSON"),
        ] {
            let mut sets = ValueSets::default();
            let error = sets.add_json(text).expect_err(text).to_string();
            assert!(error.starts_with(message), "{text}: {error}");
            assert_eq!(sets, ValueSets::EMPTY);
        }
    }
}
