//! The private keys that the service holds.

use std::{fmt, sync::Arc};

use hcert::keys::{SignError, Signer};
use keystore::{OpenError, PrivateKey, SealedKey};
use trust_list::{
    digest::Digest,
    envelope::Envelope,
    root::{Role, Root},
};

use crate::config::KeyFile;

/// Why a key file can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HeldError {
    /// The file can't be read.
    #[error("{file}: {error}")]
    Read {
        /// The file.
        file: String,
        /// The system's words.
        error: std::io::Error,
    },
    /// The file holds no key that the passphrase opens.
    #[error("{file}: {error}")]
    Open {
        /// The file.
        file: String,
        /// Why.
        error: OpenError,
    },
}

/// The private keys that the service holds. They sign and are never shown.
#[derive(Clone, Default)]
pub struct HeldKeys(Vec<Arc<PrivateKey>>);

impl HeldKeys {
    /// Opens the files; each takes a fraction of a second, as it should.
    pub fn open(files: &[KeyFile]) -> Result<HeldKeys, HeldError> {
        let open = |key: &KeyFile| {
            let file = || key.file.display().to_string();
            let bytes = std::fs::read(&key.file).map_err(|error| HeldError::Read {
                file: file(),
                error,
            })?;
            SealedKey::parse(&bytes)
                .and_then(|sealed| sealed.open(&key.passphrase))
                .map(Arc::new)
                .map_err(|error| HeldError::Open {
                    file: file(),
                    error,
                })
        };
        Ok(HeldKeys(files.iter().map(open).collect::<Result<_, _>>()?))
    }

    /// Keys that were opened elsewhere.
    pub fn of(keys: impl IntoIterator<Item = PrivateKey>) -> HeldKeys {
        HeldKeys(keys.into_iter().map(Arc::new).collect())
    }

    /// The held keys that a root names for a role.
    pub fn of_role<'h>(
        &'h self,
        root: &'h Root,
        role: Role,
    ) -> impl Iterator<Item = &'h (dyn Signer + Send + Sync)> {
        let members = &root.role(role).keys;
        self.0
            .iter()
            .map(|key| key.signer())
            .filter(|key| members.contains(&Digest::of(&key.spki())))
    }

    /// Whether they are enough to fill a role alone.
    pub fn suffice(&self, root: &Root, role: Role) -> bool {
        self.of_role(root, role).count() >= root.role(role).threshold
    }

    /// Signs with every held key of a role.
    pub fn sign(&self, envelope: &mut Envelope, root: &Root, role: Role) -> Result<(), SignError> {
        self.of_role(root, role)
            .try_for_each(|key| envelope.sign(key))
    }
}

impl fmt::Debug for HeldKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HeldKeys({})", self.0.len())
    }
}
