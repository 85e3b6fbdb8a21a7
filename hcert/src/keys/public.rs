//! Public keys, as certificates, trust lists and JWKs carry them.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};

use der::{Decode, Encode, asn1::ObjectIdentifier};
use spki::SubjectPublicKeyInfoRef;

use super::{
    Algorithm, BadSignature,
    backend::{self, Backend, Check},
};

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Fewest bits of an RSA modulus. Some states signed with 1,024; nothing smaller is in the field.
const RSA_BITS_MIN: usize = 1024;
/// Most bits of an RSA modulus: larger ones only cost time.
const RSA_BITS_MAX: usize = 4096;

/// Why a public key can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The encoding is broken.
    #[error("the public key is not a readable SubjectPublicKeyInfo")]
    Encoding,
    /// A kind of key that no algorithm here uses, with its object identifier.
    #[error("keys of type {0} are not used for health certificates")]
    Unsupported(String),
    /// The point is not on the curve, is of small order, or the modulus is even or empty.
    #[error("the public key's value is not valid")]
    Value,
    /// The RSA modulus is too short or too long.
    #[error("an RSA key of {bits} bits is outside {RSA_BITS_MIN} to {RSA_BITS_MAX}")]
    RsaSize {
        /// Bits of the modulus.
        bits: usize,
    },
}

/// A public key with its one algorithm, ready to check signatures.
pub struct PublicKey {
    algorithm: Algorithm,
    spki: Vec<u8>,
    check: Box<dyn Check>,
}

impl PublicKey {
    /// From a DER SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
    pub fn from_spki(der: &[u8]) -> Result<PublicKey, KeyError> {
        PublicKey::with_backend(der, backend::fastest())
    }

    /// As [`PublicKey::from_spki`], on a backend of choice.
    pub fn with_backend(der: &[u8], backend: &dyn Backend) -> Result<PublicKey, KeyError> {
        let spki = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| KeyError::Encoding)?;
        let key = spki
            .subject_public_key
            .as_bytes()
            .ok_or(KeyError::Encoding)?;
        let (algorithm, check) = match spki.algorithm.oid {
            EC => match spki.algorithm.parameters_oid() {
                Ok(P256) => (Algorithm::Es256, backend.es256(key)?),
                Ok(curve) => return Err(KeyError::Unsupported(curve.to_string())),
                Err(_) => return Err(KeyError::Unsupported("EC with explicit parameters".into())),
            },
            RSA | RSA_PSS => {
                let modulus = RsaNumbers::from_der(key).map_err(|_| KeyError::Encoding)?;
                let (n, e) = (modulus.n.as_bytes(), modulus.e.as_bytes());
                let bits = bit_length(n);
                if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) {
                    return Err(KeyError::RsaSize { bits });
                }
                (Algorithm::Ps256, backend.ps256(n, e)?)
            }
            ED25519 => (Algorithm::EdDsa, backend.eddsa(key)?),
            other => return Err(KeyError::Unsupported(other.to_string())),
        };
        Ok(PublicKey {
            algorithm,
            spki: der.to_vec(),
            check,
        })
    }

    /// A P-256 key from its coordinates, 32 bytes each.
    pub fn from_p256_coordinates(x: &[u8; 32], y: &[u8; 32]) -> Result<PublicKey, KeyError> {
        let point = [&[4], &x[..], &y[..]].concat();
        let key = p256::PublicKey::from_sec1_bytes(&point).map_err(|_| KeyError::Value)?;
        PublicKey::encoded(&spki::EncodePublicKey::to_public_key_der(&key))
    }

    /// An Ed25519 key from its 32 bytes (RFC 8032 section 5.1.2).
    pub fn from_ed25519(bytes: &[u8; 32]) -> Result<PublicKey, KeyError> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Value)?;
        PublicKey::encoded(&spki::EncodePublicKey::to_public_key_der(&key))
    }

    /// An RSA key for PS256, from modulus and exponent, big endian.
    pub fn from_rsa(n: &[u8], e: &[u8]) -> Result<PublicKey, KeyError> {
        let numbers = RsaNumbers {
            n: der::asn1::UintRef::new(n).map_err(|_| KeyError::Value)?,
            e: der::asn1::UintRef::new(e).map_err(|_| KeyError::Value)?,
        };
        let key = numbers.to_der().map_err(|_| KeyError::Value)?;
        let spki = SubjectPublicKeyInfoRef {
            algorithm: spki::AlgorithmIdentifierRef {
                oid: RSA,
                parameters: Some(der::asn1::AnyRef::NULL),
            },
            subject_public_key: der::asn1::BitStringRef::from_bytes(&key)
                .map_err(|_| KeyError::Value)?,
        };
        PublicKey::from_spki(&spki.to_der().map_err(|_| KeyError::Value)?)
    }

    fn encoded(spki: &spki::Result<der::Document>) -> Result<PublicKey, KeyError> {
        match spki {
            Ok(spki) => PublicKey::from_spki(spki.as_bytes()),
            Err(_) => Err(KeyError::Value),
        }
    }

    /// The only algorithm this key is used with.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The DER SubjectPublicKeyInfo.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// Checks a signature over `message`. For ES256 it is r || s, 64 bytes; both s and n - s
    /// pass, so a signature is no identity.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        self.check.verify(message, signature)
    }
}

impl core::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PublicKey")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// RSAPublicKey of RFC 8017 appendix A.1.1.
#[derive(der::Sequence)]
struct RsaNumbers<'a> {
    n: der::asn1::UintRef<'a>,
    e: der::asn1::UintRef<'a>,
}

/// Bits of a big-endian number.
pub(crate) fn bit_length(number: &[u8]) -> usize {
    let mut digits = number.iter().skip_while(|byte| **byte == 0);
    match digits.next() {
        Some(first) => digits.count() * 8 + (8 - first.leading_zeros() as usize),
        None => 0,
    }
}
