//! RustCrypto and dalek: no C, any target.

use alloc::boxed::Box;

use p256::ecdsa::signature::Verifier as _;
use rsa::pss;
use sha2::Sha256;

use super::{Backend, BadSignature, Check, KeyError};

/// The pure-Rust backend.
pub struct Pure;

impl Backend for Pure {
    fn es256(&self, point: &[u8]) -> Result<Box<dyn Check>, KeyError> {
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| KeyError::Value)?;
        Ok(Box::new(Es256(key)))
    }

    fn ps256(&self, n: &[u8], e: &[u8]) -> Result<Box<dyn Check>, KeyError> {
        let number = |bytes: &[u8]| rsa::BoxedUint::from_be_slice_vartime(bytes);
        let key = rsa::RsaPublicKey::new(number(n), number(e)).map_err(|_| KeyError::Value)?;
        Ok(Box::new(Ps256(pss::VerifyingKey::new(key))))
    }

    fn eddsa(&self, key: &[u8]) -> Result<Box<dyn Check>, KeyError> {
        let bytes = <&[u8; 32]>::try_from(key).map_err(|_| KeyError::Value)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Value)?;
        if key.is_weak() {
            return Err(KeyError::Value);
        }
        Ok(Box::new(EdDsa(key)))
    }
}

struct Es256(p256::ecdsa::VerifyingKey);

impl Check for Es256 {
    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        let signature = p256::ecdsa::Signature::from_slice(signature).map_err(|_| BadSignature)?;
        self.0.verify(message, &signature).map_err(|_| BadSignature)
    }
}

struct Ps256(pss::VerifyingKey<Sha256>);

impl Check for Ps256 {
    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        let signature = pss::Signature::try_from(signature).map_err(|_| BadSignature)?;
        self.0.verify(message, &signature).map_err(|_| BadSignature)
    }
}

struct EdDsa(ed25519_dalek::VerifyingKey);

impl Check for EdDsa {
    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        let signature =
            ed25519_dalek::Signature::from_slice(signature).map_err(|_| BadSignature)?;
        // `verify` would take signatures whose R is of small order; `verify_strict` does not
        // (RFC 8032 section 8.4 and the dalek documentation on malleability).
        self.0
            .verify_strict(message, &signature)
            .map_err(|_| BadSignature)
    }
}
