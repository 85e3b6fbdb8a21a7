//! The versions of the schema that can be issued.

use core::fmt;

use super::{FieldError, PersonName, Problem};

/// A version of the DCC schema, `ver`.
///
/// Only those are offered that differ from 1.3.3 in nothing but the rule for names. Earlier ones
/// bound texts and dose numbers more tightly, and need not be issued any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum SchemaVersion {
    /// 1.3.0: the standardised family name is required.
    V1_3_0,
    /// 1.3.1: the standardised family name is required.
    V1_3_1,
    /// 1.3.2: one standardised name is enough.
    V1_3_2,
    /// 1.3.3, the last one.
    #[default]
    V1_3_3,
}

impl SchemaVersion {
    /// All of them, the earliest first.
    pub const ALL: [SchemaVersion; 4] = [
        SchemaVersion::V1_3_0,
        SchemaVersion::V1_3_1,
        SchemaVersion::V1_3_2,
        SchemaVersion::V1_3_3,
    ];

    /// The version as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            SchemaVersion::V1_3_0 => "1.3.0",
            SchemaVersion::V1_3_1 => "1.3.1",
            SchemaVersion::V1_3_2 => "1.3.2",
            SchemaVersion::V1_3_3 => "1.3.3",
        }
    }

    /// The version written so, if it is one of these.
    pub fn parse(text: &str) -> Option<SchemaVersion> {
        SchemaVersion::ALL
            .into_iter()
            .find(|version| version.as_str() == text)
    }

    pub(super) fn check_name(self, name: &PersonName) -> Result<(), FieldError> {
        if self < SchemaVersion::V1_3_2 && name.family_standard().is_none() {
            return Err(FieldError::new(
                "nam.fnt",
                Problem::Missing,
                "required before 1.3.2",
            ));
        }
        Ok(())
    }
}

impl fmt::Display for SchemaVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
