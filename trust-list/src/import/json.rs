//! JSON that lists keys, told apart by its members.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

use hcert::kid::Kid;
use serde_json::{Map, Value};

use super::{FileError, Form, Listed, Listing, Role, did, jwk, x509};

pub(super) fn read(bytes: &[u8]) -> Result<Listing, FileError> {
    let document: Value =
        serde_json::from_slice(bytes).map_err(|error| FileError::Json(error.to_string()))?;
    match &document {
        Value::Array(list) => entries(list),
        Value::Object(object) => {
            let list = |name: &str| object.get(name).and_then(Value::as_array);
            if let Some(keys) = list("keys") {
                let mut listing = Listing::new(Form::Jwks);
                for (index, key) in keys.iter().enumerate() {
                    let entry = format!("key {}", index + 1);
                    let key = jwk::listed(&entry, key, None);
                    listing.take(&entry, key);
                }
                Ok(listing)
            } else if object.contains_key("verificationMethod") {
                Ok(did::read(&document))
            } else if object.contains_key("hashType") {
                let mut listing = Listing::new(Form::Revocation);
                listing.batches.push(document);
                Ok(listing)
            } else if object.contains_key("kty") {
                let mut listing = Listing::new(Form::Jwks);
                listing.take("the key", jwk::listed("the key", &document, None));
                Ok(listing)
            } else if let Some(certificates) = list("certificates") {
                entries(certificates)
            } else if !object.is_empty() && object.values().all(is_certificates) {
                Ok(kid_map(object))
            } else {
                Err(FileError::Unrecognised)
            }
        }
        _ => Err(FileError::Unrecognised),
    }
}

/// `{ "kid-base64": "certificate-DER-base64" }`; a kid with several certificates has an array.
fn kid_map(object: &Map<String, Value>) -> Listing {
    let mut listing = Listing::new(Form::KidMap);
    for (name, value) in object {
        let Some(kid) = Kid::from_base64(name) else {
            listing.refuse(name, "the kid is not base64");
            continue;
        };
        let single = core::slice::from_ref(value);
        for certificate in value.as_array().map_or(single, Vec::as_slice) {
            let text = certificate.as_str().unwrap_or_default();
            let key = x509::certificate(text).map(|certificate| {
                Listed::of_certificate(name, certificate).with_kid(Some(kid.clone()))
            });
            listing.take(name, key);
        }
    }
    listing
}

/// Lists of the gateways: objects with `rawData` and perhaps `kid`, `country` and
/// `certificateType`; plain base64 certificates; JWKs; or revocation batches.
pub fn entries(list: &[Value]) -> Result<Listing, FileError> {
    let mut listing = Listing::new(Form::Gateway);
    for (index, value) in list.iter().enumerate() {
        let entry = format!("entry {}", index + 1);
        if value.get("hashType").is_some() {
            listing.batches.push(value.clone());
        } else if value.get("kty").is_some() {
            listing.take(&entry, jwk::listed(&entry, value, None));
        } else if value["rawData"].is_string() || value.is_string() {
            listing.take(&entry, gateway_entry(&entry, value));
        } else {
            return Err(FileError::Unrecognised);
        }
    }
    if listing.keys.is_empty() && listing.refused.is_empty() && !listing.batches.is_empty() {
        listing.form = Form::Revocation;
    }
    Ok(listing)
}

/// One entry of a gateway's list (dgc-gateway, TrustListDto). Its country and type go before the
/// certificate's: a list of upload certificates must not become a list of signers.
pub fn gateway_entry(entry: &str, value: &Value) -> Result<Listed, String> {
    let text = |name: &str| value[name].as_str();
    let raw = text("rawData").or(value.as_str()).unwrap_or_default();
    let kid = text("kid").and_then(Kid::from_base64);
    let mut key = Listed::of_certificate(entry, x509::certificate(raw)?).with_kid(kid);
    if let Some(country) = text("country") {
        key.participant = Some(country.to_owned());
        key.country = Some(country.to_ascii_uppercase());
    }
    if let Some(word) = text("certificateType") {
        key.role = Role::from_word(word);
    }
    // Of the network's gateway only (TrustedCertificateTrustListDto).
    key.domain = text("domain").map(str::to_owned);
    Ok(key)
}

/// Whether a value can be one or several certificates.
fn is_certificates(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Array(values) => values.iter().all(Value::is_string),
        _ => false,
    }
}
