//! P-256 keys that sign much, on native builds: AWS-LC does the arithmetic.

use alloc::{boxed::Box, vec::Vec};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};

use super::{Algorithm, SignError, Signer, SoftwareKey};

/// An ES256 private key in memory that signs three times as fast as a [`SoftwareKey`], for services.
///
/// Its signatures are not reproducible: AWS-LC takes the secret number of each from its generator with
/// the private key and the message mixed in, so that, as with RFC 6979, a generator that repeats itself
/// does not give the key away.
pub struct Es256Key {
    pair: EcdsaKeyPair,
    spki: Vec<u8>,
}

impl Es256Key {
    /// The same key as `key`; `None` if that is no ES256 key.
    pub fn of(key: &SoftwareKey) -> Option<Es256Key> {
        let der = key.to_pkcs8().ok()?;
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_bytes()).ok()?;
        Some(Es256Key {
            pair,
            spki: key.spki(),
        })
    }
}

impl SoftwareKey {
    /// The same key, signing as fast as this build can; other keys than ES256 stay as they are.
    pub fn quick(self) -> Box<dyn Signer + Send + Sync> {
        match Es256Key::of(&self) {
            Some(quick) => Box::new(quick),
            None => Box::new(self),
        }
    }
}

impl Signer for Es256Key {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Es256
    }

    fn spki(&self) -> Vec<u8> {
        self.spki.clone()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature = self.pair.sign(&SystemRandom::new(), message);
        let signature =
            signature.map_err(|_| SignError("the P-256 key refused the message".into()))?;
        Ok(signature.as_ref().to_vec())
    }
}

impl core::fmt::Debug for Es256Key {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Es256Key(ES256)")
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::keys::{PublicKey, backend};

    #[test]
    fn every_backend_takes_its_signatures() {
        let secret = Zeroizing::new([7; 32]);
        let slow = SoftwareKey::es256(&secret).unwrap();
        let key = Es256Key::of(&slow).unwrap();
        assert_eq!(key.spki(), slow.spki());
        let signature = key.sign(b"message").unwrap();
        assert_eq!(signature.len(), 64);
        assert_ne!(signature, key.sign(b"message").unwrap());
        for (name, backend) in backend::all() {
            let public = PublicKey::with_backend(&key.spki(), backend).unwrap();
            assert_eq!(public.verify(b"message", &signature), Ok(()), "{name}");
            assert!(public.verify(b"massage", &signature).is_err(), "{name}");
        }
        assert_eq!(format!("{key:?}"), "Es256Key(ES256)");
        assert!(Es256Key::of(&SoftwareKey::eddsa(&secret)).is_none());
        assert_eq!(slow.quick().algorithm(), Algorithm::Es256);
        let other = SoftwareKey::eddsa(&secret).quick();
        assert_eq!(other.algorithm(), Algorithm::EdDsa);
    }
}
