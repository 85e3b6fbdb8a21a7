//! What became of a rule.

use alloc::string::String;

use serde::Serialize;

use super::certlogic::{EvaluationError, ParseError};
use super::{Descriptions, Version};

/// Whether a certificate meets a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The rule was evaluated and holds.
    Passed,
    /// The rule was evaluated and does not hold.
    Failed,
    /// This engine cannot say; see [`RuleResult::reason`].
    Open,
}

/// Why a rule is open.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenReason {
    /// The rule is written for another engine, or for a newer version of CertLogic.
    #[error("rule is for engine {engine} {version}")]
    Engine {
        /// The engine that the rule names.
        engine: String,
        /// The version of it.
        version: Version,
    },
    /// The rule's condition is no CertLogic expression.
    #[error("logic of the rule is not CertLogic: {0}")]
    Logic(#[source] ParseError),
    /// The rule is written for a schema that the payload's does not satisfy: a newer one, or one of
    /// another major version.
    #[error("rule is for schema {rule}, but the payload has {payload}")]
    Schema {
        /// The version that the rule needs.
        rule: Version,
        /// The version that the payload states.
        payload: Version,
    },
    /// The payload states no schema version.
    #[error("payload has no schema version")]
    NoSchema,
    /// An invalidation rule concerns only certificates of its country, and the issuer is not known.
    #[error("issuer of the certificate is not known")]
    NoIssuer,
    /// The condition has no value over this payload.
    #[error("rule has no value: {0}")]
    Evaluation(#[source] EvaluationError),
    /// The condition has a value that is neither true nor false.
    #[error("value of the rule is neither true nor false")]
    NotBoolean,
}

/// The result of one rule.
///
/// Serialises to `{ "id": "VR-XX-0001", "result": "passed", "description": { "en": "…" } }`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleResult {
    /// The rule's identifier.
    pub id: String,
    /// Whether it is met.
    #[serde(rename = "result")]
    pub outcome: Outcome,
    /// What the rule asks for, by language.
    pub description: Descriptions,
    /// Why it is open, and only then.
    #[serde(skip)]
    pub reason: Option<OpenReason>,
}
