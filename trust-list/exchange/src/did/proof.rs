//! The proof of a document: JsonWebSignature2020 as WHO's gateway makes it.
//!
//! ```text
//! header  = {"b64":false,"crit":["b64"],"alg":"ES256"}           RFC 7797
//! input   = base64url(header) "." SHA-256(proof options) SHA-256(document)
//! jws     = base64url(header) ".." base64url(signature)
//! ```
//!
//! The hashes are 64 raw bytes, over the statements of [`super::statements`]. The signature is
//! DER, where JOSE would have r || s; both are read.

use hcert::{base64, keys::Algorithm, time::Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::statements;
use crate::{Pin, ProofError, signature};

/// The header of proofs made here; the spelling is WHO's.
pub(super) const HEADER: &str = r#"{"b64":false,"crit":["b64"],"alg":"ES256"}"#;

/// Checks a document's proof, and answers when it was made.
pub(super) fn check(document: &Value, pin: &Pin) -> Result<Option<Timestamp>, ProofError> {
    let proof = match document.get("proof") {
        None | Some(Value::Null) => return Err(ProofError::Missing),
        Some(proof) => proof,
    };
    let named = proof["verificationMethod"].as_str().unwrap_or_default();
    if let Some(pinned) = pin.id().filter(|pinned| *pinned != named) {
        return Err(ProofError::OtherSigner {
            named: named.to_owned(),
            pinned: pinned.to_owned(),
        });
    }
    let jws = proof["jws"].as_str().unwrap_or_default();
    let Some((header, signature)) = jws.split_once("..") else {
        return Err(unreadable("its jws is not of the form header..signature"));
    };
    check_header(header)?;
    if pin.key().algorithm() != Algorithm::Es256 {
        return Err(unreadable(
            "it says ES256, and the pinned key is of another kind",
        ));
    }
    let signature =
        base64::decode(signature).ok_or_else(|| unreadable("its signature is not base64"))?;
    let message = message(header, document, proof)?;
    signature::check(pin.key(), &message, &signature)?;
    match proof["created"].as_str() {
        None => Ok(None),
        Some(created) => match created.parse() {
            Ok(created) => Ok(Some(created)),
            Err(_) => Err(unreadable("created is no instant")),
        },
    }
}

/// What is signed.
pub(super) fn message(
    header: &str,
    document: &Value,
    proof: &Value,
) -> Result<Vec<u8>, ProofError> {
    let options = statements::of_proof(document, proof)?;
    let document = statements::of_document(document)?;
    let mut message = Vec::with_capacity(header.len() + 65);
    message.extend_from_slice(header.as_bytes());
    message.push(b'.');
    message.extend_from_slice(&Sha256::digest(options));
    message.extend_from_slice(&Sha256::digest(document));
    Ok(message)
}

/// RFC 7797 section 3: without b64 the payload would have to be base64.
fn check_header(header: &str) -> Result<(), ProofError> {
    let bytes = base64::decode(header).ok_or_else(|| unreadable("its header is not base64"))?;
    let header: Value =
        serde_json::from_slice(&bytes).map_err(|_| unreadable("its header is not JSON"))?;
    if header["alg"].as_str() != Some("ES256") {
        return Err(ProofError::Algorithm(header["alg"].to_string()));
    }
    let critical = header["crit"].as_array().map(Vec::as_slice);
    if header["b64"] != Value::Bool(false) || critical != Some(&[Value::from("b64")]) {
        return Err(unreadable(
            "its header does not say b64 false and nothing else critical",
        ));
    }
    Ok(())
}

fn unreadable(why: &str) -> ProofError {
    ProofError::Unreadable(why.to_owned())
}
