//! Whose word a list is.

use hcert::{keys::PublicKey, limits::Limits, time::Timestamp, x509::Certificate};
use trust_list::import::{self, FileError, Listing};

/// A list that was read, and who stands behind it.
#[derive(Debug, Clone)]
pub struct Imported {
    /// What it says.
    pub listing: Listing,
    /// Whose word it is.
    pub vouch: Vouch,
}

/// Who stands behind a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vouch {
    /// Its proof was checked against a key that was given beforehand.
    Proof {
        /// The signer: a DID, the subject of a certificate, or the kid of a key.
        signer: String,
        /// When it was signed, if the proof says so. An older list after a newer one is a
        /// rollback: compare.
        at: Option<Timestamp>,
    },
    /// Nobody but the operator who imports it: no key to check it with was given.
    Operator,
}

impl core::fmt::Display for Vouch {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Vouch::Proof {
                signer,
                at: Some(at),
            } => write!(f, "proof by {signer} of {at}"),
            Vouch::Proof { signer, at: None } => write!(f, "proof by {signer}"),
            Vouch::Operator => f.write_str("vouched for by the operator"),
        }
    }
}

/// A key that was obtained beforehand, on another way than the list.
#[derive(Debug)]
pub struct Pin {
    key: PublicKey,
    id: Option<String>,
    certificate: Option<Certificate>,
}

/// Why a file can't be a pin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PinError {
    /// The file can't be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// It holds no key, or several.
    #[error("the file to check with has to hold exactly one key, and holds {0}")]
    Count(usize),
    /// Its key can't be used.
    #[error("the key to check with can't be used: {0}")]
    Key(#[from] hcert::keys::KeyError),
}

impl Pin {
    /// From a file with one key: a certificate or a public key (PEM or DER), a JWK, or a DID
    /// document. Of a DID document the identifier is pinned too.
    pub fn from_file(bytes: &[u8], limits: &Limits) -> Result<Pin, PinError> {
        let mut listing = import::read(bytes, limits)?;
        let key = match (listing.keys.pop(), listing.keys.len()) {
            (Some(key), 0) => key,
            (key, others) => return Err(PinError::Count(others + usize::from(key.is_some()))),
        };
        Ok(Pin {
            key: PublicKey::from_spki(&key.spki()?)?,
            id: listing.name,
            certificate: key.certificate().cloned(),
        })
    }

    /// A bare key.
    pub fn of_key(key: PublicKey) -> Pin {
        Pin {
            key,
            id: None,
            certificate: None,
        }
    }

    /// The key.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The identifier of the signer, if it is pinned.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// What to call the signer.
    pub fn name(&self) -> String {
        match (&self.id, &self.certificate) {
            (Some(id), _) => id.clone(),
            (None, Some(certificate)) => certificate.subject().to_owned(),
            (None, None) => format!(
                "the key {}",
                hcert::kid::Kid::of_certificate(self.key.spki())
            ),
        }
    }
}
