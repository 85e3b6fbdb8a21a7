//! A private key in memory.

use hcert::keys::{RsaKey, Signer, SoftwareKey};

/// A private key of one of the three algorithms. Its secret is wiped when dropped.
#[derive(Debug)]
pub enum PrivateKey {
    /// ES256 or EdDSA.
    Software(SoftwareKey),
    /// PS256.
    Rsa(RsaKey),
}

impl PrivateKey {
    /// From DER PKCS #8 (RFC 5958); `None` for keys of other algorithms and for anything else.
    pub fn from_pkcs8(der: &[u8]) -> Option<PrivateKey> {
        match SoftwareKey::from_pkcs8(der) {
            Some(key) => Some(PrivateKey::Software(key)),
            None => RsaKey::from_pkcs8(der).map(PrivateKey::Rsa),
        }
    }

    /// What signs with it.
    pub fn signer(&self) -> &(dyn Signer + Send + Sync) {
        match self {
            PrivateKey::Software(key) => key,
            PrivateKey::Rsa(key) => key,
        }
    }
}
