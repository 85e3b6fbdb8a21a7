//! Production or test: said by every root, manifest and key list.

use core::{fmt, str::FromStr};

/// What a bundle is for. Test keys trusted in production are the field's oldest accident, so a
/// verifier never goes from one to the other by an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Environment {
    /// Real certificates.
    Production,
    /// Trials, training, development.
    Test,
}

/// The text is neither `production` nor `test`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an environment is production or test")]
pub struct NotEnvironment;

impl Environment {
    /// The word in bundles and verdicts.
    pub const fn name(self) -> &'static str {
        match self {
            Environment::Production => "production",
            Environment::Test => "test",
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Environment {
    type Err = NotEnvironment;

    fn from_str(text: &str) -> Result<Environment, NotEnvironment> {
        [Environment::Production, Environment::Test]
            .into_iter()
            .find(|environment| environment.name() == text)
            .ok_or(NotEnvironment)
    }
}
