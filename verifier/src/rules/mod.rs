//! Business rules: what a country asks of a certificate that is authentic.
//!
//! A country publishes [`Rule`]s, each a condition in [`certlogic`] with the kind of certificate and the
//! time it applies to. A [`RuleSet`] reads them and evaluates those that apply to a payload. No clock and
//! no value set is built in: they come with [`External`].
//!
//! ```
//! use serde_json::json;
//! use time::OffsetDateTime;
//! use verifier::rules::{External, Outcome, RuleSet};
//!
//! let set = RuleSet::parse(r#"{
//!     "Identifier": "VR-XX-0001", "Type": "Acceptance", "Country": "XX", "Version": "1.0.0",
//!     "SchemaVersion": "1.0.0", "Engine": "CERTLOGIC", "EngineVersion": "0.7.5",
//!     "CertificateType": "Vaccination", "AffectedFields": ["v.0", "v.0.dn", "v.0.sd"],
//!     "Description": [{ "lang": "en", "desc": "The vaccination course must be complete." }],
//!     "ValidFrom": "2021-06-01T00:00:00Z", "ValidTo": "2030-06-01T00:00:00Z",
//!     "Logic": { ">=": [{ "var": "payload.v.0.dn" }, { "var": "payload.v.0.sd" }] }
//! }"#)?;
//! assert!(set.refused().is_empty());
//!
//! let payload = json!({ "ver": "1.3.0", "v": [{ "dn": 1, "sd": 2 }] });
//! let external = External::at(OffsetDateTime::from_unix_timestamp(1_640_000_000)?);
//! let results = set.evaluate(&payload, &external);
//! assert_eq!(results[0].outcome, Outcome::Failed);
//! assert_eq!(results[0].description.get("en"), Some("The vaccination course must be complete."));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod certlogic;

mod descriptions;
mod external;
mod fields;
mod outcome;
mod rule;
mod set;
mod value_sets;
mod version;

pub use descriptions::Descriptions;
pub use external::External;
pub use outcome::{OpenReason, Outcome, RuleResult};
pub use rule::{CertificateType, Rule, RuleError, RuleType};
pub use set::{MAX_RULES, RefusedRule, RuleSet, RuleSetError};
pub use value_sets::{ValueSetError, ValueSets};
pub use version::{Version, VersionError};
