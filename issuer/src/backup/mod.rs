//! Everything in the database in one file, and back: while the service goes on, and from SQLite to
//! PostgreSQL or the other way.
//!
//! A backup is read in one transaction, so that it shows one moment. Inside ([`container`]) it is gzip,
//! sealed with a passphrase if one is given; inside that lines of JSON ([`dump`]): a head, then for each
//! table its name and its rows, and at the end how many rows there were and SHA-256 over all lines
//! before. Sessions and leases are of a running service, and stay out.
//!
//! What is sealed in the database (site keys, secrets of one-time codes) opens with the service's secret
//! file alone, which is not in the backup: the head holds a probe, so that a restore with another secret
//! file is refused before anything is written.

mod container;
mod dump;
mod restore;
mod schema;
mod value;

pub use container::{ContainerError, Passphrase};
pub use dump::{Written, dump};
pub use restore::restore;
pub use schema::SchemaError;

use crate::store::StoreError;

/// Why a backup was not made or not restored. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The file can't be written or read.
    #[error("{file}: {error}")]
    File {
        /// Its path.
        file: String,
        /// The system's words.
        error: std::io::Error,
    },
    /// The file is not a backup, is damaged, or does not open.
    #[error(transparent)]
    Container(#[from] ContainerError),
    /// A line that a backup does not have.
    #[error("line {line} of the backup: {why}")]
    Line {
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        why: String,
    },
    /// The end is missing, or the digest is another one.
    #[error("the backup is cut off or was changed: {0}")]
    Digest(&'static str),
    /// Another form of tables.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The database to restore into has something in it.
    #[error("the database is not empty (there are rows in {0}): name a new one")]
    NotEmpty(String),
    /// The secret file is another one.
    #[error(
        "secret_file is not the one of this backup: the keys of the sites could not be opened with \
         it; name the secret file that belongs to the database the backup was made of"
    )]
    Secret,
    /// The audit log of the backup does not hold.
    #[error("the audit log in the backup does not hold: {0}")]
    Audit(#[from] crate::store::BrokenChain),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] service::vault::VaultError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the probe says, sealed by the vault for this purpose.
const PROBE: (&str, &[u8]) = ("backup:probe", b"hcert issuer backup");
/// The form of the lines.
const FORMAT: u64 = 1;
