//! Lists of keys in the forms of the field, told apart by their content.
//!
//! [`read`] takes one file of any form that needs no signature to be read: X.509 certificates and
//! bare keys (PEM or DER), `{ kid: certificate }`, JWKS, DID documents, the lists of the EU's
//! gateway and of those that copy it. It says what stands there, entry by entry, and decides
//! nothing: whose word a list is, and which of its keys are let in, is decided above
//! (`trust_exchange` for an import, `verifier` for a file that a person named).
//!
//! One entry that can't be used is refused with its reason and never drops the rest.

mod country;
mod did;
mod json;
mod jwk;
mod listing;
mod x509;

use alloc::string::{String, ToString};

use hcert::limits::Limits;

pub use country::{alpha2, alpha3, is_test_participant};
pub use did::{DidUrl, method, methods, read as did_document};
pub use json::{entries as gateway_entries, gateway_entry};
pub use jwk::{key as jwk_key, listed as jwk};
pub use listing::{Form, Listed, Listing, Material, Refused, Role};
pub use x509::{certificate as certificate_of_base64, der, text};

/// Why a whole file can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Larger than [`Limits::trust_file_bytes`].
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The bound.
        limit: usize,
    },
    /// Of no known kind.
    #[error(
        "the file is none of: X.509 certificate or public key (PEM or DER), JSON object of kid \
         and certificate, JWKS, DID document, revocation batch"
    )]
    Unrecognised,
    /// Begins like JSON, but is not.
    #[error("the file is not readable JSON: {0}")]
    Json(String),
    /// A private key, which nobody should hand to a verifier.
    #[error("the file holds a private key: give the certificate or the public key instead")]
    PrivateKey,
    /// Recognised, but no entry of it can be used; says why the first can't.
    #[error("no key in the file can be used: {0}")]
    NothingUsable(String),
}

/// Reads a file of any of the forms above. No signature, chain or date is checked.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Listing, FileError> {
    check_size(bytes, limits)?;
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        None => Err(FileError::Empty),
        Some(b'{' | b'[') => json::read(bytes),
        Some(0x30) => match x509::der(bytes) {
            Some(listing) => Ok(listing),
            None => x509::text(bytes),
        },
        _ => x509::text(bytes),
    }
}

/// Parses JSON within the bounds. Of a member that is there twice the last counts, for every
/// reader alike: what a signature is checked over is the parsed value.
pub fn json(bytes: &[u8], limits: &Limits) -> Result<serde_json::Value, FileError> {
    check_size(bytes, limits)?;
    serde_json::from_slice(bytes).map_err(|error| FileError::Json(error.to_string()))
}

fn check_size(bytes: &[u8], limits: &Limits) -> Result<(), FileError> {
    let limit = limits.trust_file_bytes;
    if bytes.len() > limit {
        return Err(FileError::TooLarge { limit });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
