//! What the service is told at its start: a TOML file and a few environment variables.
//!
//! Read whole and checked before anything else happens. A fault names the line or the key, and
//! says what to write instead.

mod file;

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use service::language::Language;
use zeroize::Zeroizing;

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
        key: &'static str,
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
    /// File with the key under which secrets lie in the database.
    pub secret_file: PathBuf,
    /// What publishing needs.
    pub publish: Publish,
    /// The private keys held here.
    pub keys: Vec<KeyFile>,
    /// The pages for phones, if they are served here.
    pub pages: Option<Pages>,
    /// Public keys and certificates to check lists of others with: name and file.
    pub pins: Vec<(String, PathBuf)>,
}

/// The pages for phones.
#[derive(Debug, Clone)]
pub struct Pages {
    /// The folder with them.
    pub folder: PathBuf,
    /// Where citizens fetch their certificates: the issuer's page.
    pub claim: Option<String>,
}

/// What publishing needs.
#[derive(Debug, Clone)]
pub struct Publish {
    /// Where the files go.
    pub site: SiteAddress,
    /// Folder with the signed roots, `1.cose`, `2.cose` ...
    pub roots: PathBuf,
    /// Seconds from issue to soft expiry.
    pub soft_expiry: i64,
    /// Seconds from issue to hard expiry.
    pub hard_expiry: i64,
    /// Seconds for which a key list is good.
    pub key_list: i64,
    /// A new publication after this many seconds, if given.
    pub republish_every: Option<u64>,
    /// Seconds for which parts stay after the last manifest that named them.
    pub keep: i64,
}

/// Where the files go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SiteAddress {
    /// A directory.
    Directory(PathBuf),
    /// An S3-like store; its credentials come from the environment (`AWS_ACCESS_KEY_ID` ...).
    S3(S3),
}

/// An S3-like store.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    /// The bucket.
    pub bucket: String,
    /// Its region.
    #[serde(default)]
    pub region: Option<String>,
    /// Its address, where it is not Amazon's.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// A folder within the bucket.
    #[serde(default)]
    pub prefix: Option<String>,
    /// Plain HTTP, for a store on the same machine.
    #[serde(default)]
    pub allow_http: bool,
}

/// A private key held here.
#[derive(Clone)]
pub struct KeyFile {
    /// The sealed key, as `hcert keys` writes it.
    pub file: PathBuf,
    /// What opens it.
    pub passphrase: Zeroizing<String>,
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

    /// Whether only this machine can reach the service.
    pub fn is_loopback(&self) -> bool {
        match self.listen.ip() {
            IpAddr::V4(address) => address.is_loopback(),
            IpAddr::V6(address) => address.is_loopback(),
        }
    }
}

impl std::fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyFile")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}
