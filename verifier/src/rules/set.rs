//! Sets of rules: reading them, choosing those that apply, evaluating them.

use alloc::{borrow::ToOwned, collections::BTreeMap, string::String, vec::Vec};

use serde_json::Value;

use super::external::{Instants, document};
use super::{
    CertificateType, External, OpenReason, Outcome, Rule, RuleError, RuleResult, RuleType, Version,
};

/// How many rules one text may hold. All rules of all states at the height of the pandemic were some
/// hundreds.
pub const MAX_RULES: usize = 10_000;

/// Rules of one or more countries, and those that were refused on reading.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleSet {
    rules: Vec<Rule>,
    refused: Vec<RefusedRule>,
}

/// A rule that this engine cannot use.
///
/// Where only its condition is at fault ([`RuleError::Logic`]) it is also among the
/// [`rules`](RuleSet::rules), and is open where it applies. Otherwise it is not known what it applies
/// to, and whoever decides should treat its absence as a rule that is open.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("rule {} ({}): {error}", .index + 1, .identifier.as_deref().unwrap_or("no identifier"))]
pub struct RefusedRule {
    /// Its place in the text, counted from 0.
    pub index: usize,
    /// Its identifier, when that could be read.
    pub identifier: Option<String>,
    /// What is wrong with it.
    #[source]
    pub error: RuleError,
}

/// A text that holds no rules at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RuleSetError {
    /// The text is not JSON.
    #[error("rules are not JSON: {0}")]
    Json(#[source] serde_json::Error),
    /// The JSON is neither a rule, nor an array, nor an object with an array `rules`.
    #[error("rules are neither a rule, nor an array of rules, nor an object with \"rules\"")]
    Shape,
    /// There are more than [`MAX_RULES`].
    #[error("{0} rules are more than {MAX_RULES}")]
    TooMany(usize),
}

impl RuleSet {
    /// Reads JSON text: one rule, an array of rules, or an object `{ "rules": [rule, …] }`.
    ///
    /// A rule that cannot be used does not spoil the others: it is listed in
    /// [`refused`](Self::refused).
    ///
    /// # Errors
    /// The text as a whole is not a set of rules.
    pub fn parse(text: &str) -> Result<Self, RuleSetError> {
        let value: Value = serde_json::from_str(text).map_err(RuleSetError::Json)?;
        let values = values(&value).ok_or(RuleSetError::Shape)?;
        if values.len() > MAX_RULES {
            return Err(RuleSetError::TooMany(values.len()));
        }
        let mut set = Self::default();
        for (index, value) in values.iter().enumerate() {
            let error = match Rule::from_json(value) {
                Ok(rule) => {
                    let error = rule.logic_error().cloned().map(RuleError::Logic);
                    set.rules.push(rule);
                    error
                }
                Err(error) => Some(error),
            };
            let refused = |error| RefusedRule {
                index,
                identifier: identifier(value),
                error,
            };
            set.refused.extend(error.map(refused));
        }
        Ok(set)
    }

    /// Adds the rules of another set, and those that it refused.
    pub fn extend(&mut self, other: Self) {
        self.rules.extend(other.rules);
        self.refused.extend(other.refused);
    }

    /// The rules, in the order of the text.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules that cannot be used, and why.
    pub fn refused(&self) -> &[RefusedRule] {
        &self.refused
    }

    /// Evaluates the rules that apply to a payload (the object under claim -260, key 1), in the order
    /// of the set.
    ///
    /// A rule applies when
    /// - it is in force at the validation clock, both ends included, and no newer version of it is;
    /// - it is for all certificates, or for a kind of which the payload has an entry;
    /// - it is an acceptance rule of [`country_code`](External::country_code) (of any country, when that
    ///   is not given), or an invalidation rule of [`issuer_country`](External::issuer_country);
    /// - it is for the whole country, or for [`region`](External::region).
    ///
    /// As in the EU's own engine, a rule needs the schema version it is written for: the same major
    /// version as the payload's and not a newer one. Where it is not met, and where a rule has no value
    /// or cannot be read, it is open: this function never calls a rule passed that did not evaluate to
    /// true.
    ///
    /// No result at all means that no rule applied, not that the certificate was found sufficient.
    pub fn evaluate(&self, payload: &Value, external: &External<'_>) -> Vec<RuleResult> {
        let instants = Instants::of(external);
        let schema = payload
            .get("ver")
            .and_then(Value::as_str)
            .and_then(|ver| ver.parse().ok());
        self.applicable(payload, external)
            .into_iter()
            .map(|rule| {
                let holds = ready(rule, schema, external).and_then(|()| {
                    let data = document(payload, external, &instants);
                    rule.holds_over(&data.map_err(OpenReason::Evaluation)?)
                });
                result(rule, holds)
            })
            .collect()
    }

    fn applicable(&self, payload: &Value, external: &External<'_>) -> Vec<&Rule> {
        let clock = external.validation_clock;
        let in_force = |rule: &Rule| rule.valid_from() <= clock && clock <= rule.valid_to();
        let mut chosen: Vec<&Rule> = Vec::new();
        let mut places = BTreeMap::new();
        for rule in self.rules.iter().filter(|rule| in_force(rule)) {
            let key = (rule.country(), rule.region(), rule.identifier());
            let place = *places.entry(key).or_insert(chosen.len());
            match chosen.get_mut(place) {
                Some(other) if other.version() < rule.version() => *other = rule,
                Some(_) => {}
                None => chosen.push(rule),
            }
        }
        chosen.retain(|rule| concerns(rule, payload) && is_from_here(rule, external));
        chosen
    }
}

fn values(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Array(rules) => Some(rules),
        Value::Object(object) => match object.get("rules") {
            Some(Value::Array(rules)) => Some(rules),
            Some(_) => None,
            None => Some(core::slice::from_ref(value)),
        },
        _ => None,
    }
}

fn identifier(value: &Value) -> Option<String> {
    let identifier = value
        .get("Identifier")
        .or_else(|| value.get("identifier"))?;
    identifier.as_str().map(str::to_owned)
}

/// Whether the payload has an entry of the kind that the rule is about. An entry of a wrong type is one:
/// what is wrong with it is for the rule to find.
fn concerns(rule: &Rule, payload: &Value) -> bool {
    let key = match rule.certificate_type() {
        CertificateType::General => return true,
        CertificateType::Test => "t",
        CertificateType::Vaccination => "v",
        CertificateType::Recovery => "r",
    };
    match payload.get(key) {
        None | Some(Value::Null) => false,
        Some(Value::Array(entries)) => !entries.is_empty(),
        Some(_) => true,
    }
}

fn is_from_here(rule: &Rule, external: &External<'_>) -> bool {
    let country = match rule.rule_type() {
        RuleType::Acceptance => external.country_code,
        RuleType::Invalidation => external.issuer_country,
    };
    let same_country = country.is_none_or(|code| code.eq_ignore_ascii_case(rule.country()));
    let same_region = rule.region().is_none_or(|rule| {
        external
            .region
            .is_some_and(|region| region.trim().eq_ignore_ascii_case(rule.trim()))
    });
    same_country && same_region
}

/// Whether the rule can be asked about this payload at all.
fn ready(rule: &Rule, schema: Option<Version>, external: &External<'_>) -> Result<(), OpenReason> {
    if rule.rule_type() == RuleType::Invalidation && external.issuer_country.is_none() {
        return Err(OpenReason::NoIssuer);
    }
    let payload = schema.ok_or(OpenReason::NoSchema)?;
    if !payload.satisfies(rule.schema_version()) {
        return Err(OpenReason::Schema {
            rule: rule.schema_version(),
            payload,
        });
    }
    Ok(())
}

fn result(rule: &Rule, holds: Result<bool, OpenReason>) -> RuleResult {
    let (outcome, reason) = match holds {
        Ok(true) => (Outcome::Passed, None),
        Ok(false) => (Outcome::Failed, None),
        Err(reason) => (Outcome::Open, Some(reason)),
    };
    RuleResult {
        id: rule.identifier().to_owned(),
        outcome,
        description: rule.descriptions().clone(),
        reason,
    }
}

#[cfg(test)]
mod tests;
