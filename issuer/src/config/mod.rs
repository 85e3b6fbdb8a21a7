//! What the service is told at its start: a TOML file and a few environment variables.
//!
//! Read whole and checked before anything else happens. A fault names the line or the key, and says
//! what to write instead.

mod file;
mod keys;
mod times;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use keyring::{DscTerms, Source};
use service::language::Language;
use zeroize::Zeroizing;

use crate::domain::settings::Settings;

/// Why the configuration can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file can't be read.
    #[error("{file}: can't be read: {error}; name an existing file with --config")]
    Read {
        /// Its path.
        file: String,
        /// The system's words.
        error: std::io::Error,
    },
    /// Not TOML, or a key that is not known; the message names the line.
    #[error("{file}: {error}")]
    Syntax {
        /// Its path.
        file: String,
        /// With line and column.
        error: String,
    },
    /// A value that can't be used.
    #[error("{file}: {key}: {why}")]
    Value {
        /// Its path.
        file: String,
        /// The key.
        key: String,
        /// What is wrong, and what to write.
        why: String,
    },
}

/// Everything the service is told, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Cookies only over HTTPS, which a proxy in front provides.
    pub https: bool,
    /// The address of a client is what the proxy in front says (`X-Forwarded-For`).
    pub behind_proxy: bool,
    /// Language of the pages for who states none.
    pub language: Language,
    /// Address of the database.
    pub database: String,
    /// The key of the vault.
    pub secret_file: PathBuf,
    /// How this country issues.
    pub settings: Settings,
    /// The document signers.
    pub keys: Vec<Key>,
    /// The trust list, if it is to be told.
    pub trust: Option<Trust>,
    /// Sign-in by OpenID Connect, if there is a provider.
    pub oidc: Option<crate::oidc::Settings>,
}

/// A document signer: where it lies and what it is for.
#[derive(Debug, Clone)]
pub struct Key {
    /// Where key and certificate lie.
    pub source: Source,
    /// What it signs, and when.
    pub terms: DscTerms,
}

/// The trust list that is told what was issued.
#[derive(Clone)]
pub struct Trust {
    /// Its address, as `https://trust.example.vn`, without a path.
    pub url: String,
    /// The key of its API: of a client with the roles `operator` and `issuer`.
    pub key: Zeroizing<String>,
    /// The CSCA above the document signers, told with them.
    pub csca: Option<PathBuf>,
    /// From one telling to the next.
    pub every: Duration,
    /// Whether lots and sites are told as labels, so that the trust list's desk can find by them.
    pub labels: bool,
    /// How long it may take from a signature to its row: of so much time nothing is promised to the
    /// trust list, whose slices speak up to there.
    pub settle: Duration,
}

impl std::fmt::Debug for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trust")
            .field("url", &self.url)
            .field("csca", &self.csca)
            .field("every", &self.every)
            .field("labels", &self.labels)
            .field("settle", &self.settle)
            .finish_non_exhaustive()
    }
}

impl Config {
    /// Reads the file, and what the environment says instead of it.
    pub fn load(
        path: &Path,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Config, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Read {
            file: path.display().to_string(),
            error,
        })?;
        Config::parse(path, &text, environment)
    }

    /// Reads the text of a file; paths in it are relative to its place.
    pub fn parse(
        path: &Path,
        text: &str,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Config, ConfigError> {
        let read = file::Reader {
            file: path.display().to_string(),
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            environment,
        };
        read.config(text)
    }
}
