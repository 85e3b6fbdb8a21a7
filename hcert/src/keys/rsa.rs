//! RSA keys, for PS256, on native builds: AWS-LC does the arithmetic.

use alloc::{vec, vec::Vec};

use aws_lc_rs::{
    encoding::{AsDer as _, PublicKeyX509Der},
    rsa::KeyPair,
    signature::{KeyPair as _, RSA_PSS_SHA256},
};
use zeroize::Zeroizing;

use super::{Algorithm, SignError, Signer};

/// An RSA private key in memory.
///
/// PSS puts a random salt into each signature; AWS-LC takes it from the operating system itself.
/// A salt that repeats, or that somebody guesses, gives nothing of the key away.
pub struct RsaKey {
    pair: KeyPair,
    spki: Vec<u8>,
    pkcs8: Zeroizing<Vec<u8>>,
}

impl RsaKey {
    /// From DER PKCS #8 (RFC 5958); `None` if it holds another kind of key, or one of less than
    /// 2,048 or more than 8,192 bits.
    pub fn from_pkcs8(der: &[u8]) -> Option<RsaKey> {
        let pair = KeyPair::from_pkcs8(der).ok()?;
        let spki: PublicKeyX509Der<'_> = pair.public_key().as_der().ok()?;
        Some(RsaKey {
            spki: spki.as_ref().to_vec(),
            pair,
            pkcs8: Zeroizing::new(der.to_vec()),
        })
    }

    /// DER PKCS #8. Encrypt it before it is written anywhere.
    pub fn to_pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }
}

impl Signer for RsaKey {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Ps256
    }

    fn spki(&self) -> Vec<u8> {
        self.spki.clone()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = aws_lc_rs::rand::SystemRandom::new();
        self.pair
            .sign(&RSA_PSS_SHA256, &random, message, &mut signature)
            .map_err(|_| SignError("the RSA key refused the message".into()))?;
        Ok(signature)
    }
}

impl core::fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("RsaKey(PS256)")
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::{encoding::Pkcs8V1Der, rsa::KeySize};

    use super::*;
    use crate::keys::{PublicKey, SoftwareKey, backend};

    #[test]
    fn every_backend_takes_its_signatures() {
        let made = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der: Pkcs8V1Der<'_> = made.as_der().unwrap();
        let key = RsaKey::from_pkcs8(der.as_ref()).unwrap();
        let signature = key.sign(b"message").unwrap();
        assert_eq!(signature.len(), 256);
        assert_ne!(signature, key.sign(b"message").unwrap());
        for (name, backend) in backend::all() {
            let public = PublicKey::with_backend(&key.spki(), backend).unwrap();
            assert_eq!(public.algorithm(), Algorithm::Ps256, "{name}");
            assert_eq!(public.verify(b"message", &signature), Ok(()), "{name}");
            assert!(public.verify(b"massage", &signature).is_err(), "{name}");
        }
        assert!(SoftwareKey::from_pkcs8(der.as_ref()).is_none());
        assert!(RsaKey::from_pkcs8(b"").is_none());
        assert_eq!(format!("{key:?}"), "RsaKey(PS256)");
    }
}
