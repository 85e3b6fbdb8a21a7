//! What a rule asks for, in words.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use serde::{Serialize, Serializer};
use serde_json::Value;

/// What a rule asks for, in the languages it is described in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Descriptions(Vec<(String, String)>);

impl Descriptions {
    /// The text in a language, such as `de`.
    pub fn get(&self, language: &str) -> Option<&str> {
        self.iter()
            .find(|(lang, _)| lang.eq_ignore_ascii_case(language))
            .map(|(_, text)| text)
    }

    /// Languages and texts, in the order of the rule.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(language, text)| (language.as_str(), text.as_str()))
    }

    /// Reads `[{ "lang": …, "desc": … }, …]`. The first text of a language counts.
    pub(super) fn from_json(value: &Value) -> Option<Self> {
        let mut descriptions = Self::default();
        for element in value.as_array()? {
            let text = |name| element.get(name).and_then(Value::as_str).map(str::to_owned);
            let (language, text) = (text("lang")?, text("desc")?);
            if descriptions.get(&language).is_none() {
                descriptions.0.push((language, text));
            }
        }
        Some(descriptions)
    }
}

/// As an object of texts by language.
impl Serialize for Descriptions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}
