//! The Swiss lists: `keys/updates` (all keys there ever were) and `keys/list` (the kids of those
//! that count today), each a JWS whose signer's chain ends at a root that apps carry.
//!
//! Shapes: CovidCertificate-App-Verifier-Service (`KeyControllerV2`, `ClientCert`,
//! `ActiveCertsResponse`); the check of chain and common name: CovidCertificate-SDK-Android
//! (`JwsKeyResolver`). A key that is not among the active kids is left out. How long the lists
//! count is `validDuration` after they were fetched; they carry no date of their own, so their
//! age is the operator's to know.

use std::collections::HashSet;

use hcert::{
    base64, keys::PublicKey, kid::Kid, limits::Limits, time::Timestamp, x509::Certificate,
};
use serde_json::{Value, json};
use trust_list::import::{self, FileError, Form, Listed, Listing, jwk_key};

use crate::{ImportError, Imported, ProofError, Vouch, jws::Jws};

const FORM: Form = Form::Swiss;

/// Whom to expect as signer of the lists.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// The root, obtained on another way.
    pub root: &'a Certificate,
    /// The common name of the signer's certificate, which tells production from test.
    pub common_name: &'a str,
}

/// Reads the pages of `keys/updates` and the `keys/list`. Without a signer, plain JSON is taken
/// as well as a JWS, and the operator vouches.
pub fn read(
    updates: &[&[u8]],
    active: &[u8],
    signer: Option<Signer<'_>>,
    at: Timestamp,
    limits: &Limits,
) -> Result<Imported, ImportError> {
    let mut vouch = Vouch::Operator;
    let mut open = |bytes: &[u8]| -> Result<Value, ImportError> {
        let (value, signed_by) = open(bytes, signer, at, limits)?;
        if let Some(signer) = signed_by {
            vouch = Vouch::Proof { signer, at: None };
        }
        Ok(value)
    };
    let active = open(active)?;
    let kids = active["activeKeyIds"].as_array();
    let kids = kids.ok_or_else(|| ImportError::form(FORM, "the list has no activeKeyIds"))?;
    let active: HashSet<Kid> = kids
        .iter()
        .filter_map(|kid| Kid::from_base64(kid.as_str()?))
        .collect();
    let mut listing = Listing::new(FORM);
    for page in updates {
        let page = open(page)?;
        let certificates = page["certs"].as_array();
        let certificates =
            certificates.ok_or_else(|| ImportError::form(FORM, "the updates have no certs"))?;
        for entry in certificates {
            let name = entry["keyId"].as_str().unwrap_or("without keyId");
            match Kid::from_base64(name).filter(|kid| active.contains(kid)) {
                Some(kid) => listing.take(name, key(name, kid, entry)),
                None => listing.refuse(name, "not among the active keys"),
            }
        }
    }
    Ok(Imported { listing, vouch })
}

/// The content, and who signed it if that was checked.
fn open(
    bytes: &[u8],
    signer: Option<Signer<'_>>,
    at: Timestamp,
    limits: &Limits,
) -> Result<(Value, Option<String>), ImportError> {
    let proof = |why| ImportError::Proof { form: FORM, why };
    let limit = limits.trust_file_bytes;
    if bytes.len() > limit {
        return Err(FileError::TooLarge { limit }.into());
    }
    let jws = str::from_utf8(bytes).ok().and_then(Jws::parse);
    match (jws, signer) {
        (Some(jws), Some(signer)) => {
            let by = jws
                .check(signer.root, signer.common_name, at)
                .map_err(proof)?;
            Ok((jws.payload().clone(), Some(by.subject().to_owned())))
        }
        (Some(jws), None) => Ok((jws.payload().clone(), None)),
        (None, Some(_)) => Err(proof(ProofError::Missing)),
        (None, None) => Ok((import::json(bytes, limits)?, None)),
    }
}

/// One key: numbers as in a JWK but with names of their own, or for iOS the whole key.
fn key(name: &str, kid: Kid, entry: &Value) -> Result<Listed, String> {
    let key = match (
        entry["subjectPublicKeyInfo"].as_str(),
        entry["alg"].as_str(),
    ) {
        (Some(spki), _) => {
            let spki = base64::decode(spki).ok_or("subjectPublicKeyInfo is not base64")?;
            PublicKey::from_spki(&spki).map_err(|error| error.to_string())?
        }
        (None, Some("ES256")) => jwk_key(&json!({ "kty": "EC", "crv": entry["crv"],
            "x": entry["x"], "y": entry["y"] }))?,
        // The list's word for RSA; certificates are signed with PS256 all the same.
        (None, Some("RS256" | "PS256")) => {
            jwk_key(&json!({ "kty": "RSA", "n": entry["n"], "e": entry["e"] }))?
        }
        (None, other) => return Err(format!("keys for {other:?} are not used")),
    };
    let mut listed = Listed::of_key(name, &key).with_kid(Some(kid));
    listed.domain = Some("DCC".to_owned());
    Ok(listed)
}
