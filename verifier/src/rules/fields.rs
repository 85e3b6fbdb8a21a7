//! Reading the fields of a rule, with errors that name them.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use serde_json::{Map, Value};

use super::certlogic::DateTime;
use super::{RuleError, Version};

/// The members of a rule's JSON object. The gateway spells them with a capital (`Identifier`), some
/// national services without (`identifier`); otherwise they are alike.
pub(super) struct Fields<'v>(pub(super) &'v Map<String, Value>);

impl<'v> Fields<'v> {
    pub(super) fn value(&self, name: &'static str) -> Option<&'v Value> {
        self.0
            .get(name)
            .or_else(|| self.0.get(&uncapitalised(name)))
    }

    pub(super) fn required(&self, name: &'static str) -> Result<&'v Value, RuleError> {
        self.value(name).ok_or(RuleError::Missing(name))
    }

    pub(super) fn text(&self, name: &'static str) -> Result<&'v str, RuleError> {
        match self.required(name)?.as_str() {
            Some("") | None => Err(RuleError::Invalid(name)),
            Some(text) => Ok(text),
        }
    }

    /// Text that may be absent, `null` or empty, which all mean none.
    pub(super) fn optional_text(&self, name: &'static str) -> Result<Option<&'v str>, RuleError> {
        match self.value(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(RuleError::Invalid(name)),
        }
    }

    pub(super) fn word<T>(
        &self,
        name: &'static str,
        read: fn(&str) -> Option<T>,
    ) -> Result<T, RuleError> {
        read(self.text(name)?).ok_or(RuleError::Invalid(name))
    }

    pub(super) fn version(&self, name: &'static str) -> Result<Version, RuleError> {
        self.text(name)?
            .parse()
            .map_err(|_| RuleError::Invalid(name))
    }

    pub(super) fn instant(&self, name: &'static str) -> Result<DateTime, RuleError> {
        DateTime::parse(self.text(name)?).ok_or(RuleError::Invalid(name))
    }

    pub(super) fn texts(&self, name: &'static str) -> Result<Vec<String>, RuleError> {
        let elements = self
            .required(name)?
            .as_array()
            .ok_or(RuleError::Invalid(name))?;
        let texts = elements
            .iter()
            .map(|element| element.as_str().map(str::to_owned));
        texts.collect::<Option<_>>().ok_or(RuleError::Invalid(name))
    }
}

fn uncapitalised(name: &str) -> String {
    let mut characters = name.chars();
    characters
        .next()
        .map(|first| first.to_ascii_lowercase())
        .into_iter()
        .chain(characters)
        .collect()
}
