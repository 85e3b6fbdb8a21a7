//! Private keys: what signs, and the two kinds that sign in software here.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};

use p256::ecdsa::signature::Signer as _;
use zeroize::Zeroizing;

use super::Algorithm;

/// Why a message could not be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the key could not sign: {0}")]
pub struct SignError(pub String);

/// Anything that signs: a key in memory, or one in an HSM that can only be used.
pub trait Signer {
    /// The one algorithm of this key.
    fn algorithm(&self) -> Algorithm;

    /// The DER SubjectPublicKeyInfo of the public key.
    fn spki(&self) -> Vec<u8>;

    /// Signs a message, in the form COSE wants (r || s for ES256).
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError>;
}

/// A private key in memory: ES256 or EdDSA. Both sign without a random number (RFC 6979,
/// RFC 8032), so a bad one can't give the key away. The secret is wiped when dropped.
pub struct SoftwareKey(Secret);

enum Secret {
    Es256(Box<p256::ecdsa::SigningKey>),
    EdDsa(Box<ed25519_dalek::SigningKey>),
}

impl SoftwareKey {
    /// An Ed25519 key from its 32 secret bytes, which must come from a good source of randomness.
    pub fn eddsa(secret: &Zeroizing<[u8; 32]>) -> SoftwareKey {
        SoftwareKey(Secret::EdDsa(Box::new(
            ed25519_dalek::SigningKey::from_bytes(secret),
        )))
    }

    /// A P-256 key from 32 secret bytes; `None` for zero or a value beyond the group order (one in
    /// 2^32 of random ones: take others).
    pub fn es256(secret: &Zeroizing<[u8; 32]>) -> Option<SoftwareKey> {
        let key = p256::ecdsa::SigningKey::from_slice(&secret[..]).ok()?;
        Some(SoftwareKey(Secret::Es256(Box::new(key))))
    }

    /// From DER PKCS #8 (RFC 5958), `None` if it holds another kind of key.
    pub fn from_pkcs8(der: &[u8]) -> Option<SoftwareKey> {
        use p256::pkcs8::DecodePrivateKey as _;
        if let Ok(key) = p256::ecdsa::SigningKey::from_pkcs8_der(der) {
            return Some(SoftwareKey(Secret::Es256(Box::new(key))));
        }
        let key = ed25519_dalek::SigningKey::from_pkcs8_der(der).ok()?;
        Some(SoftwareKey(Secret::EdDsa(Box::new(key))))
    }

    /// DER PKCS #8, wiped when dropped. Encrypt it before it is written anywhere.
    pub fn to_pkcs8(&self) -> Result<p256::pkcs8::SecretDocument, SignError> {
        use p256::pkcs8::EncodePrivateKey as _;
        match &self.0 {
            Secret::Es256(key) => key.to_pkcs8_der(),
            Secret::EdDsa(key) => {
                // Without the public key, which the second version of PKCS #8 may add: OpenSSL
                // before 3.2 does not read that one.
                let mut alone = ed25519_dalek::pkcs8::KeypairBytes {
                    secret_key: key.to_bytes(),
                    public_key: None,
                };
                let document = alone.to_pkcs8_der();
                zeroize::Zeroize::zeroize(&mut alone.secret_key);
                document
            }
        }
        .map_err(|error| SignError(error.to_string()))
    }
}

impl Signer for SoftwareKey {
    fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Secret::Es256(_) => Algorithm::Es256,
            Secret::EdDsa(_) => Algorithm::EdDsa,
        }
    }

    fn spki(&self) -> Vec<u8> {
        use spki::EncodePublicKey as _;
        let spki = match &self.0 {
            Secret::Es256(key) => key.verifying_key().to_public_key_der(),
            Secret::EdDsa(key) => key.verifying_key().to_public_key_der(),
        };
        // Both encodings are of fixed shape and length and fit.
        spki.map(|document| document.into_vec()).unwrap_or_default()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        Ok(match &self.0 {
            Secret::Es256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            Secret::EdDsa(key) => key.sign(message).to_bytes().to_vec(),
        })
    }
}

impl core::fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "SoftwareKey({})", self.algorithm())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `SEQUENCE { INTEGER 0, ... }`: the first version, which every reader knows.
    #[test]
    fn pkcs8_of_the_first_version_and_back() {
        let secret = Zeroizing::new([7; 32]);
        for key in [
            SoftwareKey::eddsa(&secret),
            SoftwareKey::es256(&secret).unwrap(),
        ] {
            let der = key.to_pkcs8().unwrap();
            let after_head = match der.as_bytes() {
                [0x30, 0x81, _, rest @ ..] | [0x30, _, rest @ ..] => rest,
                _ => &[],
            };
            assert!(after_head.starts_with(&[2, 1, 0]), "{key:?}");
            let read = SoftwareKey::from_pkcs8(der.as_bytes()).unwrap();
            assert_eq!(read.spki(), key.spki());
        }
    }
}
