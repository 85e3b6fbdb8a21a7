//! Files of trusted keys, recognised by content.

use hcert::{base64, keys::PublicKey, kid::Kid, pem, x509::Certificate};

use super::{TrustBuilder, TrustedKey};

/// Why a whole file can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Larger than [`hcert::limits::Limits::trust_file_bytes`].
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

/// An entry that can't be used, and why. The rest of its file is used all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which entry: its kid or its place.
    pub entry: String,
    /// Why.
    pub why: String,
}

impl TrustBuilder {
    /// Adds whatever the file holds.
    pub fn add_file(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let limit = self.limits.trust_file_bytes;
        if bytes.len() > limit {
            return Err(FileError::TooLarge { limit });
        }
        let (before, refused_before) = (self.count(), self.refused.len());
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        match first {
            None => return Err(FileError::Empty),
            Some(b'{' | b'[') => self.add_json(bytes)?,
            Some(0x30) if self.add_der("the file", bytes) => {}
            _ => self.add_text(bytes)?,
        }
        match self.refused.get(refused_before) {
            Some(refused) if self.count() == before => Err(FileError::NothingUsable(format!(
                "{}: {}",
                refused.entry, refused.why
            ))),
            _ => Ok(()),
        }
    }

    fn count(&self) -> usize {
        self.keys.len() + usize::from(!self.revocations.is_empty())
    }

    pub(super) fn refuse(&mut self, entry: impl Into<String>, why: impl core::fmt::Display) {
        self.refused.push(Refused {
            entry: entry.into(),
            why: why.to_string(),
        });
    }

    /// Takes a certificate as a key, and a CSCA as an authority besides: some states sign health
    /// certificates with a key whose certificate says CA, and who names one as trusted trusts
    /// all that it could sign anyway.
    pub(super) fn add_certificate(&mut self, certificate: Certificate, kid: Option<Kid>) {
        if certificate.is_authority() {
            self.authorities.push(certificate.clone());
        }
        self.keys.push(TrustedKey::of_certificate(certificate, kid));
    }

    /// A certificate or a bare public key in DER; false for anything else.
    fn add_der(&mut self, entry: &str, der: &[u8]) -> bool {
        match Certificate::from_der(der) {
            Ok(certificate) => self.add_certificate(certificate, None),
            Err(not_certificate) => match PublicKey::from_spki(der) {
                Ok(key) => self.keys.push(TrustedKey::bare(key, None)),
                Err(hcert::keys::KeyError::Encoding) => {
                    // Base64 text can begin with the same byte.
                    if der.is_ascii() {
                        return false;
                    }
                    self.refuse(entry, not_certificate);
                }
                Err(error) => self.refuse(entry, error),
            },
        }
        true
    }

    /// PEM blocks, or the base64 of one DER.
    fn add_text(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let text = str::from_utf8(bytes).map_err(|_| FileError::Unrecognised)?;
        if !text.contains("-----BEGIN ") {
            return match base64::decode(text) {
                Some(der) if der.first() == Some(&0x30) && self.add_der("the file", &der) => Ok(()),
                _ => Err(FileError::Unrecognised),
            };
        }
        let mut found = false;
        for (index, block) in pem::blocks(text).enumerate() {
            let entry = format!("block {}", index + 1);
            match block {
                Ok((label, _)) if label.ends_with("PRIVATE KEY") => {
                    return Err(FileError::PrivateKey);
                }
                Ok(("CERTIFICATE" | "PUBLIC KEY", der)) => {
                    found = true;
                    if !self.add_der(&entry, &der) {
                        self.refuse(entry, "neither a certificate nor a public key");
                    }
                }
                // Parameters and the like say nothing about trust.
                Ok(_) => {}
                Err(error) => {
                    found = true;
                    self.refuse(entry, format!("not readable PEM: {error}"));
                }
            }
        }
        if found {
            Ok(())
        } else {
            Err(FileError::Unrecognised)
        }
    }
}
