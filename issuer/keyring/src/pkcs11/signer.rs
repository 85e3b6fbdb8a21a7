//! A key in a token that signs.

use std::sync::{Arc, Mutex, PoisonError};

use cryptoki::{
    error::Error,
    mechanism::{
        Mechanism,
        eddsa::{EddsaParams, EddsaSignatureScheme},
    },
    object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle},
    session::Session,
};
use hcert::keys::{Algorithm, PublicKey, SignError, Signer};
use trust_list::digest::Digest;

use super::{KeyName, Pkcs11Error, Token};
use crate::dsc::PROBE;

/// A private key in a token: P-256 or Ed25519. Any number of threads may sign with it.
pub struct Pkcs11Signer {
    token: Arc<Token>,
    key: KeyName,
    algorithm: Algorithm,
    spki: Vec<u8>,
    /// The key's handle, and the generation of sessions that it is good for.
    handle: Mutex<Option<(u64, ObjectHandle)>>,
}

impl Pkcs11Signer {
    /// The key of this name, which has to be the private one of `public`: it signs a probe.
    pub fn open(
        token: &Arc<Token>,
        key: &KeyName,
        public: &PublicKey,
    ) -> Result<Pkcs11Signer, Pkcs11Error> {
        let signer = Pkcs11Signer {
            token: Arc::clone(token),
            key: key.clone(),
            algorithm: public.algorithm(),
            spki: public.spki().to_vec(),
            handle: Mutex::default(),
        };
        if signer.algorithm == Algorithm::Ps256 {
            return Err(Pkcs11Error::KeyKind {
                token: token.name().to_owned(),
                key: key.to_string(),
            });
        }
        match signer.sign_in_token(PROBE) {
            Ok(signature) if public.verify(PROBE, &signature).is_ok() => Ok(signer),
            Ok(_) => Err(signer.other_key()),
            // Modules have no common answer to a mechanism of another kind of key.
            Err(error) => match signer.is_of_other_kind() {
                true => Err(signer.other_key()),
                false => Err(error),
            },
        }
    }

    /// The token it lies in.
    pub fn token(&self) -> &Arc<Token> {
        &self.token
    }

    fn sign_in_token(&self, message: &[u8]) -> Result<Vec<u8>, Pkcs11Error> {
        let digest = Digest::of(message);
        let (mechanism, data) = match self.algorithm {
            // Tokens differ in which hashes they know; all sign one.
            Algorithm::Es256 => (Mechanism::Ecdsa, digest.as_bytes().as_slice()),
            _ => {
                let parameters = EddsaParams::new(EddsaSignatureScheme::Ed25519);
                (Mechanism::Eddsa(parameters), message)
            }
        };
        self.token.with_session("sign", |session, generation| {
            let handle = match self.handle(session, generation)? {
                Ok(handle) => handle,
                Err(missing) => return Ok(Err(missing)),
            };
            session.sign(&mechanism, handle, data).map(Ok)
        })?
    }

    fn handle(
        &self,
        session: &Session,
        generation: u64,
    ) -> Result<Result<ObjectHandle, Pkcs11Error>, Error> {
        let known = *self.handle.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, handle)) = known
            && of == generation
        {
            return Ok(Ok(handle));
        }
        let found = self
            .token
            .find(session, ObjectClass::PRIVATE_KEY, &self.key)?;
        if let Ok(handle) = found {
            *self.handle.lock().unwrap_or_else(PoisonError::into_inner) =
                Some((generation, handle));
        }
        Ok(found)
    }

    /// Whether the token says that the key is of another kind than the certificate's.
    fn is_of_other_kind(&self) -> bool {
        let told = self
            .token
            .with_session("show a key", |session, generation| {
                match self.handle(session, generation)? {
                    Ok(handle) => session.get_attributes(handle, &[AttributeType::KeyType]),
                    Err(_) => Ok(Vec::new()),
                }
            });
        let other = match self.algorithm {
            Algorithm::EdDsa => KeyType::EC,
            _ => KeyType::EC_EDWARDS,
        };
        told.is_ok_and(|told| told.contains(&Attribute::KeyType(other)))
    }

    fn other_key(&self) -> Pkcs11Error {
        Pkcs11Error::OtherKey {
            token: self.token.name().to_owned(),
            key: self.key.to_string(),
        }
    }
}

impl Signer for Pkcs11Signer {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn spki(&self) -> Vec<u8> {
        self.spki.clone()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature = self.sign_in_token(message);
        signature.map_err(|error| SignError(error.to_string()))
    }
}

impl core::fmt::Debug for Pkcs11Signer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Pkcs11Signer")
            .field("token", &self.token)
            .field("key", &self.key)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}
