//! Business rules: what a country asks of a certificate that is authentic.

pub mod certlogic;

mod version;

pub use version::{Version, VersionError};
