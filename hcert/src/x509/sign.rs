//! Signing X.509 structures with any [`Signer`].

use alloc::vec::Vec;

use der::asn1::{BitString, ObjectIdentifier};
use spki::{AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, EncodePublicKey};
use x509_cert::builder::Builder;

use super::make::{MakeError, encoding};
use crate::keys::{Algorithm, Signer};

/// Lets a key sign what a builder holds.
pub(super) fn build<B: Builder>(
    mut builder: B,
    signer: &dyn Signer,
) -> Result<B::Output, MakeError> {
    let identity = Identity(signer);
    let message = builder.finalize(&identity).map_err(encoding)?;
    let signature = bits(&message, signer)?;
    builder.assemble(signature, &identity).map_err(encoding)
}

/// The signature over a message, in the form of X.509.
pub(super) fn bits(message: &[u8], signer: &dyn Signer) -> Result<BitString, MakeError> {
    let signature = signer.sign(message)?;
    let signature = match signer.algorithm() {
        // X.509 wants the DER form where COSE wants r || s.
        Algorithm::Es256 => p256::ecdsa::Signature::from_slice(&signature)
            .map_err(encoding)?
            .to_der()
            .as_bytes()
            .to_vec(),
        Algorithm::EdDsa | Algorithm::Ps256 => signature,
    };
    BitString::from_bytes(&signature).map_err(encoding)
}

/// How X.509 names the algorithm of a key.
pub(super) fn algorithm(signer: &dyn Signer) -> Result<AlgorithmIdentifierOwned, MakeError> {
    Identity(signer)
        .signature_algorithm_identifier()
        .map_err(encoding)
}

/// What the builder wants to know of the signing key, whatever holds it.
struct Identity<'a>(&'a dyn Signer);

/// A public key as its DER.
#[derive(Clone)]
struct Spki(Vec<u8>);

impl EncodePublicKey for Spki {
    fn to_public_key_der(&self) -> spki::Result<der::Document> {
        Ok(der::Document::try_from(self.0.as_slice())?)
    }
}

impl p256::ecdsa::signature::Keypair for Identity<'_> {
    type VerifyingKey = Spki;

    fn verifying_key(&self) -> Spki {
        Spki(self.0.spki())
    }
}

impl DynSignatureAlgorithmIdentifier for Identity<'_> {
    fn signature_algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        match self.0.algorithm() {
            Algorithm::Es256 => Ok(AlgorithmIdentifierOwned {
                oid: ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"),
                parameters: None,
            }),
            Algorithm::EdDsa => Ok(AlgorithmIdentifierOwned {
                oid: ObjectIdentifier::new_unwrap("1.3.101.112"),
                parameters: None,
            }),
            Algorithm::Ps256 => rsa::pss::get_default_pss_signature_algo_id::<sha2::Sha256>(),
        }
    }
}
