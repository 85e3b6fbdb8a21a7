//! JSON that lists trusted keys: kid to certificate, JWKS, DID documents, gateway lists, and
//! revocation batches.

use hcert::{base64, keys::PublicKey, kid::Kid, x509::Certificate};
use serde_json::{Map, Value};

use super::{FileError, TrustBuilder, TrustedKey};
use crate::revocation::Batch;

impl TrustBuilder {
    pub(super) fn add_json(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let document: Value =
            serde_json::from_slice(bytes).map_err(|error| FileError::Json(error.to_string()))?;
        match &document {
            Value::Array(entries) => self.add_list(entries),
            Value::Object(object) => {
                let list = |name: &str| object.get(name).and_then(Value::as_array);
                if let Some(keys) = list("keys") {
                    for (index, jwk) in keys.iter().enumerate() {
                        self.add_jwk(&format!("key {}", index + 1), jwk, None);
                    }
                } else if let Some(methods) = list("verificationMethod") {
                    for (index, method) in methods.iter().enumerate() {
                        self.add_verification_method(index, method);
                    }
                } else if object.contains_key("hashType") {
                    self.add_revocation(&document);
                } else if object.contains_key("kty") {
                    self.add_jwk("the key", &document, None);
                } else if let Some(certificates) = list("certificates") {
                    self.add_list(certificates)?;
                } else if !object.is_empty() && object.values().all(is_certificates) {
                    self.add_kid_map(object);
                } else {
                    return Err(FileError::Unrecognised);
                }
                Ok(())
            }
            _ => Err(FileError::Unrecognised),
        }
    }

    /// `{ "kid-base64": "certificate-DER-base64" }`; a kid with several certificates has an array.
    fn add_kid_map(&mut self, object: &Map<String, Value>) {
        for (name, value) in object {
            let Some(kid) = Kid::from_base64(name) else {
                self.refuse(name, "the kid is not base64");
                continue;
            };
            let single = core::slice::from_ref(value);
            for certificate in value.as_array().map_or(single, Vec::as_slice) {
                let text = certificate.as_str().unwrap_or_default();
                match certificate_of(text) {
                    Ok(certificate) => self.add_certificate(certificate, Some(kid.clone())),
                    Err(why) => self.refuse(name, why),
                }
            }
        }
    }

    /// Lists of the gateways: objects with `rawData` and perhaps `kid` and `certificateType`; or
    /// revocation batches.
    fn add_list(&mut self, entries: &[Value]) -> Result<(), FileError> {
        for (index, entry) in entries.iter().enumerate() {
            let name = format!("entry {}", index + 1);
            if entry.get("hashType").is_some() {
                self.add_revocation(entry);
                continue;
            }
            if entry.get("kty").is_some() {
                self.add_jwk(&name, entry, None);
                continue;
            }
            let text = entry["rawData"].as_str().or(entry.as_str());
            let Some(text) = text else {
                return Err(FileError::Unrecognised);
            };
            match certificate_of(text) {
                Ok(certificate) => {
                    let kid = entry["kid"].as_str().and_then(Kid::from_base64);
                    self.add_certificate(certificate, kid);
                }
                Err(why) => self.refuse(name, why),
            }
        }
        Ok(())
    }

    fn add_revocation(&mut self, batch: &Value) {
        match Batch::from_json(batch) {
            Ok(batch) => self.revocations.add(batch),
            Err(error) => self.refuse("revocation batch", error),
        }
    }

    /// One entry of a DID document. Its identifier ends with `#` and the kid; an entry that is
    /// only a link to another document is left alone, because links are never followed.
    fn add_verification_method(&mut self, index: usize, method: &Value) {
        let id = method["id"].as_str().unwrap_or_default();
        let entry = if id.is_empty() {
            format!("entry {}", index + 1)
        } else {
            id.to_owned()
        };
        if method.is_string() {
            return;
        }
        let kid = id
            .rsplit_once('#')
            .and_then(|(_, kid)| Kid::from_base64(kid));
        match method.get("publicKeyJwk") {
            Some(jwk) => self.add_jwk(&entry, jwk, kid),
            None => self.refuse(entry, "no publicKeyJwk"),
        }
    }

    /// A JSON Web Key (RFC 7517). Where it carries a certificate (x5c), that is taken: it says
    /// until when and for what.
    fn add_jwk(&mut self, entry: &str, jwk: &Value, kid: Option<Kid>) {
        let kid = kid.or_else(|| jwk["kid"].as_str().and_then(Kid::from_base64));
        if let Some(text) = jwk["x5c"][0].as_str() {
            match certificate_of(text) {
                Ok(certificate) => {
                    return self.add_certificate(certificate, kid);
                }
                Err(why) => return self.refuse(entry, why),
            }
        }
        match key_of(jwk) {
            Ok(key) => self.keys.push(TrustedKey::bare(key, kid)),
            Err(why) => self.refuse(entry, why),
        }
    }
}

/// Whether a value can be one or several certificates.
fn is_certificates(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Array(values) => values.iter().all(Value::is_string),
        _ => false,
    }
}

fn certificate_of(text: &str) -> Result<Certificate, String> {
    let der = base64::decode(text).ok_or("the certificate is not base64")?;
    Certificate::from_der(&der).map_err(|error| error.to_string())
}

fn key_of(jwk: &Value) -> Result<PublicKey, String> {
    let number = |name: &str| {
        let text = jwk[name]
            .as_str()
            .ok_or_else(|| format!("the JWK has no {name}"))?;
        base64::decode(text).ok_or_else(|| format!("{name} of the JWK is not base64"))
    };
    let text = |name: &str| jwk[name].as_str().unwrap_or_default();
    match (text("kty"), text("crv")) {
        ("EC", "P-256") => {
            let (x, y) = (field_element(&number("x")?)?, field_element(&number("y")?)?);
            PublicKey::from_p256_coordinates(&x, &y).map_err(|error| error.to_string())
        }
        ("OKP", "Ed25519") => {
            let key = number("x")?;
            let key = key
                .as_slice()
                .try_into()
                .map_err(|_| "x of the JWK is not 32 bytes")?;
            PublicKey::from_ed25519(key).map_err(|error| error.to_string())
        }
        ("RSA", _) => {
            PublicKey::from_rsa(&number("n")?, &number("e")?).map_err(|error| error.to_string())
        }
        (kty, crv) => Err(format!(
            "keys of type {kty} {crv} are not used for health certificates"
        )),
    }
}

/// 32 bytes from a number that may have leading zeros too many or too few, as three quarters of
/// the coordinates in WHO's list have.
fn field_element(number: &[u8]) -> Result<[u8; 32], &'static str> {
    let digits: Vec<u8> = number
        .iter()
        .copied()
        .skip_while(|byte| *byte == 0)
        .collect();
    let mut out = [0; 32];
    let start = out
        .len()
        .checked_sub(digits.len())
        .ok_or("a coordinate of the JWK is too long")?;
    out[start..].copy_from_slice(&digits);
    Ok(out)
}
