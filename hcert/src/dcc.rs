//! The payload of an EU Digital COVID Certificate, for issuing.
//!
//! The object under claim -260, key 1, by
//! [DCC schema 1.3.3](https://github.com/ehn-dcc-development/eu-dcc-schema). The types here
//! cannot hold what the schema forbids: a [`Dcc`] that exists can be signed. Reading what others
//! have signed is more lenient and is not done with these types.
//!
//! Three questions are kept apart:
//!
//! 1. Does it keep the schema? [`Dcc::from_json`] answers, with all faults at once.
//! 2. Does it contradict itself? [`Dcc::check`].
//! 3. Are the codes those in force? [`ValueSets::check`](crate::value_set::ValueSets::check).

mod event;
mod field_error;
mod nearest;
mod object;
mod person_name;
mod plausibility;
mod read;
mod text;
mod version;
mod write;

use core::fmt;

use crate::date::PartialDate;

pub use event::{Event, Recovery, Test, Vaccination};
pub use field_error::{FieldError, Problem};
pub(crate) use nearest::nearest;
pub use person_name::{NameParts, PersonName};
pub use text::{CountryCode, MAX_TEXT, Text, TextError};
pub use version::SchemaVersion;

/// A payload ready to be signed: one person, one event.
///
/// ```
/// use hcert::dcc::Dcc;
/// use serde_json::json;
///
/// let dcc = Dcc::from_json(&json!({
///     "ver": "1.3.3",
///     "nam": { "fn": "Nguyễn", "gn": "Văn Đức" },
///     "dob": "1998-02-26",
///     "v": [{
///         "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
///         "dn": 2, "sd": 2, "dt": "2021-12-20", "co": "VN", "is": "Bộ Y tế",
///         "ci": "URN:UVCI:01:VN:8A1F3C#U"
///     }]
/// }));
/// let dcc = dcc.expect("all fields keep the schema");
/// assert_eq!(dcc.to_json()["nam"]["gnt"], "VAN<DUC");
/// assert!(dcc.check().is_empty());
///
/// let errors = Dcc::from_json(&json!({ "ver": "1.3.3", "dob": "1998-02-30" }));
/// let paths: Vec<_> = errors.unwrap_err().iter().map(|e| e.path().to_owned()).collect();
/// assert_eq!(paths, ["nam", "dob", "$"]);
/// ```
///
/// The `Debug` output leaves out the person.
#[derive(Clone, PartialEq, Eq)]
pub struct Dcc {
    version: SchemaVersion,
    name: PersonName,
    date_of_birth: PartialDate,
    event: Event,
}

impl Dcc {
    /// A payload of schema 1.3.3. Its parts are right by themselves, so this cannot fail.
    pub fn new(name: PersonName, date_of_birth: PartialDate, event: Event) -> Dcc {
        Dcc {
            version: SchemaVersion::default(),
            name,
            date_of_birth,
            event,
        }
    }

    /// The same payload marked with another schema version. Fails when that version asks for more
    /// than the payload has: before 1.3.2 the standardised family name is required.
    pub fn with_version(self, version: SchemaVersion) -> Result<Dcc, FieldError> {
        version.check_name(&self.name)?;
        Ok(Dcc { version, ..self })
    }

    /// The schema version, `ver`.
    pub fn version(&self) -> SchemaVersion {
        self.version
    }

    /// The name, `nam`.
    pub fn name(&self) -> &PersonName {
        &self.name
    }

    /// The date of birth, `dob`.
    pub fn date_of_birth(&self) -> PartialDate {
        self.date_of_birth
    }

    /// What is certified: the one entry of `v`, `t` or `r`.
    pub fn event(&self) -> &Event {
        &self.event
    }
}

impl fmt::Debug for Dcc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dcc")
            .field("version", &self.version)
            .field("event", &self.event.key())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
