//! A key in a token that signs.

use std::sync::{Arc, Mutex, PoisonError};

use cryptoki::{
    error::{Error, RvError},
    mechanism::{
        Mechanism,
        eddsa::{EddsaParams, EddsaSignatureScheme},
    },
    object::{ObjectClass, ObjectHandle},
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
        let signature = signer.sign_in_token(PROBE)?;
        match public.verify(PROBE, &signature) {
            Ok(()) => Ok(signer),
            Err(_) => Err(signer.other_key()),
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
            match session.sign(&mechanism, handle, data) {
                // The token has a key of this name, and of another kind.
                Err(Error::Pkcs11(RvError::KeyTypeInconsistent, _)) => Ok(Err(self.other_key())),
                signature => signature.map(Ok),
            }
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
