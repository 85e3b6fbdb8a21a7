//! Our own keys as a DID document in the shape of the network, with proof.

use hcert::{
    base64,
    keys::{Algorithm, SignError, Signer},
    time::Timestamp,
    x509::Certificate,
};
use serde_json::{Value, json};
use trust_list::import::Role;

use super::{proof, statements};
use crate::{ProofError, jwks, signature};

/// Where a document stands.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Host and path in front of `:v2:trustlist`, as DIDs write them: `trust.health.gov.vn`.
    pub host: &'a str,
    /// The trust domain, such as `DCC`.
    pub domain: &'a str,
    /// The participant's alpha-3 code.
    pub participant: &'a str,
}

/// A certificate to publish.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The certificate.
    pub certificate: &'a Certificate,
    /// Its CSCA, which is published beside it.
    pub authority: Option<&'a Certificate>,
}

/// Why a document can't be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The network's proofs are ES256 only.
    #[error("the proof of a DID document has to be made with an ES256 key, not {0}")]
    Algorithm(Algorithm),
    /// A part of the place or of the proof can't stand in an identifier.
    #[error(transparent)]
    Place(#[from] ProofError),
    /// A certificate's key can't be written as a JWK.
    #[error("the certificate {subject} can't be published: {why}")]
    Key {
        /// Its subject.
        subject: String,
        /// Why.
        why: String,
    },
    /// The key failed.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// Makes a document of these certificates with the proof of `key`, which others know as `signer`
/// (a DID). `nonce` is any text that is new each time. The usage of each entry is its
/// certificate's: CSCA for an authority, else DSC.
pub fn export(
    place: &Place<'_>,
    entries: &[Entry<'_>],
    (signer, key): (&str, &dyn Signer),
    created: Timestamp,
    nonce: &str,
) -> Result<Value, ExportError> {
    let Place {
        host,
        domain,
        participant,
    } = place;
    let id = format!("did:web:{host}:v2:trustlist:{domain}:{participant}");
    let mut methods = Vec::new();
    for entry in entries {
        methods.push(method(&id, place, entry)?);
    }
    let document = json!({
        "@context": [statements::DID, statements::JWS_2020, statements::NETWORK[0].0],
        "id": id,
        "controller": format!("did:web:{host}:v2:trustlist:{domain}"),
        "verificationMethod": methods,
    });
    sign(document, (signer, key), created, nonce)
}

/// Puts a proof on any document of the network's vocabulary, such as one by reference.
pub fn sign(
    mut document: Value,
    (signer, key): (&str, &dyn Signer),
    created: Timestamp,
    nonce: &str,
) -> Result<Value, ExportError> {
    if key.algorithm() != Algorithm::Es256 {
        return Err(ExportError::Algorithm(key.algorithm()));
    }
    let mut options = json!({
        "type": "JsonWebSignature2020",
        "created": created.to_string(),
        "nonce": nonce,
        "proofPurpose": "assertionMethod",
        "verificationMethod": signer,
    });
    let header = base64::encode_url(proof::HEADER.as_bytes());
    let message = proof::message(&header, &document, &options)?;
    let signature = base64::encode_url(&signature::sign_der(key, &message)?);
    options["jws"] = format!("{header}..{signature}").into();
    document["proof"] = options;
    Ok(document)
}

fn method(id: &str, place: &Place<'_>, entry: &Entry<'_>) -> Result<Value, ExportError> {
    let certificate = entry.certificate;
    let (role, path) = match certificate.is_authority() {
        true => (Role::Authority, "SCA"),
        false => (Role::Signer, "DSC"),
    };
    let usage = if role == Role::Authority {
        "#CSCA"
    } else {
        "#DSC"
    };
    let jwk =
        jwks::of_certificate(certificate, entry.authority).map_err(|error| ExportError::Key {
            subject: certificate.subject().to_owned(),
            why: error.to_string(),
        })?;
    Ok(json!({
        "id": format!("{id}:{path}#{}", certificate.kid()),
        "type": "JsonWebKey2020",
        "controller": id,
        "publicKeyJwk": jwk,
        "domain": { "code": format!("#{}", place.domain) },
        "participant": { "code": format!("#{}", place.participant) },
        "keyusage": { "code": usage },
    }))
}
