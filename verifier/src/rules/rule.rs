//! One business rule.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use serde_json::Value;
use time::OffsetDateTime;

use super::certlogic::{DateTime, Expression, Item, ParseError, SPECIFICATION};
use super::fields::Fields;
use super::{Descriptions, OpenReason, Version};

const ENGINE: &str = "CERTLOGIC";

/// A business rule as the gateway distributes it: a condition, and what it applies to.
///
/// The form is that of the EU DCC
/// [validation rules](https://health.ec.europa.eu/system/files/2021-07/eu-dcc_validation-rules_en_0.pdf).
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    identifier: String,
    rule_type: RuleType,
    country: String,
    region: Option<String>,
    version: Version,
    schema_version: Version,
    engine: String,
    engine_version: Version,
    certificate_type: CertificateType,
    descriptions: Descriptions,
    valid_from: DateTime,
    valid_to: DateTime,
    affected_fields: Vec<String>,
    logic: Logic,
}

/// Who sets a rule, and for which certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleType {
    /// The country of arrival says which certificates it accepts.
    Acceptance,
    /// The country of issue says which of its own certificates no longer hold.
    Invalidation,
}

/// The kind of certificate a rule applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CertificateType {
    /// Every kind.
    General,
    /// Certificates with a test result (`t`).
    Test,
    /// Certificates with a vaccination (`v`).
    Vaccination,
    /// Certificates with a recovery (`r`).
    Recovery,
}

/// Why a JSON value is not a usable rule.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// The value is not an object.
    #[error("rule is not an object")]
    NotAnObject,
    /// A field is absent.
    #[error("rule has no field \"{0}\"")]
    Missing(&'static str),
    /// A field has a value that it cannot have.
    #[error("rule has a field \"{0}\" that cannot be read")]
    Invalid(&'static str),
    /// The condition is not a CertLogic expression, though the rule's engine is one that is known.
    #[error("logic of the rule is not CertLogic: {0}")]
    Logic(#[source] ParseError),
}

/// The condition, as far as this engine can read it.
#[derive(Clone, Debug, PartialEq)]
enum Logic {
    Known(Expression),
    Broken(ParseError),
    OtherEngine,
}

impl Rule {
    /// Reads a rule. One whose condition alone is at fault is a rule, which evaluates to open;
    /// [`logic_error`](Self::logic_error) tells.
    ///
    /// # Errors
    /// The first field that is absent or cannot be read.
    pub fn from_json(value: &Value) -> Result<Self, RuleError> {
        let fields = Fields(value.as_object().ok_or(RuleError::NotAnObject)?);
        let engine = fields.text("Engine")?;
        let engine_version = fields.version("EngineVersion")?;
        let logic = fields.required("Logic")?;
        Ok(Self {
            identifier: fields.text("Identifier")?.to_owned(),
            rule_type: fields.word("Type", RuleType::from_name)?,
            country: fields.text("Country")?.to_owned(),
            region: fields.optional_text("Region")?.map(str::to_owned),
            version: fields.version("Version")?,
            schema_version: fields.version("SchemaVersion")?,
            engine: engine.to_owned(),
            engine_version,
            certificate_type: fields.word("CertificateType", CertificateType::from_name)?,
            descriptions: Descriptions::from_json(fields.required("Description")?)
                .ok_or(RuleError::Invalid("Description"))?,
            valid_from: fields.instant("ValidFrom")?,
            valid_to: fields.instant("ValidTo")?,
            affected_fields: fields.texts("AffectedFields")?,
            logic: Logic::read(engine, engine_version, logic),
        })
    }

    /// The identifier, such as `VR-AT-0001`: the same for all versions of a rule.
    pub fn identifier(&self) -> &str {
        &self.identifier
    }

    /// Who sets the rule.
    pub fn rule_type(&self) -> RuleType {
        self.rule_type
    }

    /// The country that sets the rule, ISO 3166-1 alpha-2.
    pub fn country(&self) -> &str {
        &self.country
    }

    /// The region of that country, when the rule is not for all of it.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The version of the rule.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The version of the payload's schema that the rule is written for.
    pub fn schema_version(&self) -> Version {
        self.schema_version
    }

    /// The engine that the rule is written for, and its version.
    pub fn engine(&self) -> (&str, Version) {
        (&self.engine, self.engine_version)
    }

    /// The kind of certificate that the rule applies to.
    pub fn certificate_type(&self) -> CertificateType {
        self.certificate_type
    }

    /// What the rule asks for.
    pub fn descriptions(&self) -> &Descriptions {
        &self.descriptions
    }

    /// The first instant at which the rule applies.
    pub fn valid_from(&self) -> OffsetDateTime {
        self.valid_from.instant()
    }

    /// The last instant at which the rule applies.
    pub fn valid_to(&self) -> OffsetDateTime {
        self.valid_to.instant()
    }

    /// The paths in the payload that the rule reads, as its author states them.
    pub fn affected_fields(&self) -> &[String] {
        &self.affected_fields
    }

    /// What is wrong with the condition, when it is not CertLogic although the engine is.
    pub fn logic_error(&self) -> Option<&ParseError> {
        match &self.logic {
            Logic::Broken(error) => Some(error),
            Logic::Known(_) | Logic::OtherEngine => None,
        }
    }

    /// Evaluates the condition over a data document `{ "payload": …, "external": … }`, whatever the rule
    /// applies to. [`RuleSet::evaluate`](super::RuleSet::evaluate) selects the rules that apply.
    ///
    /// # Errors
    /// Why the condition is neither true nor false.
    pub fn holds(&self, data: &Value) -> Result<bool, OpenReason> {
        self.holds_over(&Item::from(data))
    }

    pub(super) fn holds_over<'a>(&'a self, data: &Item<'a>) -> Result<bool, OpenReason> {
        let expression = match &self.logic {
            Logic::Known(expression) => expression,
            Logic::Broken(error) => return Err(OpenReason::Logic(error.clone())),
            Logic::OtherEngine => {
                let (engine, version) = (self.engine.clone(), self.engine_version);
                return Err(OpenReason::Engine { engine, version });
            }
        };
        match expression.evaluate_item(data) {
            Ok(Item::Bool(holds)) => Ok(holds),
            Ok(_) => Err(OpenReason::NotBoolean),
            Err(error) => Err(OpenReason::Evaluation(error)),
        }
    }
}

impl Logic {
    /// Reads the condition only where it is known to be CertLogic: a newer version may have operations
    /// of which this one knows nothing.
    fn read(engine: &str, version: Version, logic: &Value) -> Self {
        if engine != ENGINE || version > SPECIFICATION {
            return Self::OtherEngine;
        }
        Expression::parse(logic).map_or_else(Self::Broken, Self::Known)
    }
}

impl RuleType {
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "Acceptance" => Some(Self::Acceptance),
            "Invalidation" => Some(Self::Invalidation),
            _ => None,
        }
    }
}

impl CertificateType {
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "General" => Some(Self::General),
            "Test" => Some(Self::Test),
            "Vaccination" => Some(Self::Vaccination),
            "Recovery" => Some(Self::Recovery),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
