//! The lists of the EU's gateway (dgc-gateway, `TrustListDto`), as JSON.
//!
//! Each entry carries a fingerprint and a detached CMS signature over the certificate: by the
//! country's upload certificate for a DSC, by the gateway's trust anchor for everything else.
//! The list as a whole carries none; it came over a connection with client certificates.

use hcert::{base64, limits::Limits, x509::Certificate};
use serde_json::Value;
use sha2::{Digest, Sha256};
use trust_list::import::{self, Form, Listed, Listing, Role};

use crate::{ImportError, Imported, Vouch, cms};

/// Whose signatures entries are checked with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Signers<'a> {
    /// The gateway's trust anchor.
    pub anchor: Option<&'a Certificate>,
    /// Upload certificates of the countries.
    pub upload: &'a [Certificate],
}

impl Signers<'_> {
    fn is_empty(&self) -> bool {
        self.anchor.is_none() && self.upload.is_empty()
    }
}

/// Reads a list. Without signers the operator vouches; with any, only entries whose signature
/// holds are taken, and the others are refused one by one.
pub fn read(bytes: &[u8], signers: &Signers<'_>, limits: &Limits) -> Result<Imported, ImportError> {
    let form = Form::Gateway;
    let document = import::json(bytes, limits)?;
    let entries = match &document {
        Value::Array(entries) => entries,
        other => other["certificates"]
            .as_array()
            .ok_or_else(|| ImportError::form(form, "it is no list"))?,
    };
    let mut listing = Listing::new(form);
    for (index, value) in entries.iter().enumerate() {
        let kid = value["kid"].as_str();
        let name = kid.map_or_else(|| format!("entry {}", index + 1), str::to_owned);
        listing.take(&name, entry(&name, value, signers));
    }
    let vouch = match signers.is_empty() {
        true => Vouch::Operator,
        false => Vouch::Proof {
            signer: "the signers of its entries".to_owned(),
            at: None,
        },
    };
    Ok(Imported { listing, vouch })
}

fn entry(name: &str, value: &Value, signers: &Signers<'_>) -> Result<Listed, String> {
    let mut key = import::gateway_entry(name, value)?;
    key.domain.get_or_insert_with(|| "DCC".to_owned());
    if let Some(stated) = value["thumbprint"].as_str() {
        let own = hexadecimal(&Sha256::digest(key.der()));
        if !own.eq_ignore_ascii_case(stated.trim()) {
            return Err("its fingerprint is of another certificate".to_owned());
        }
    }
    if !signers.is_empty() {
        check(&key, value, signers)?;
    }
    Ok(key)
}

fn check(key: &Listed, value: &Value, signers: &Signers<'_>) -> Result<(), String> {
    let signature = value["signature"].as_str().unwrap_or_default();
    let signature = base64::decode(signature)
        .filter(|signature| !signature.is_empty())
        .ok_or("it has no readable signature")?;
    // A country's upload certificate speaks for that country's signers and for nothing else.
    let country = key.country.as_deref();
    let upload = signers.upload.iter().filter(|signer| {
        key.role == Role::Signer && country.is_some() && signer.country().as_deref() == country
    });
    let anchor = signers.anchor.filter(|_| key.role != Role::Signer);
    let mut why = format!(
        "no signer is known for a {} of {}",
        key.role,
        country.unwrap_or("?")
    );
    for signer in anchor.into_iter().chain(upload) {
        match cms::check_detached(&signature, key.der(), signer) {
            Ok(()) => return Ok(()),
            Err(error) => why = format!("its signature by {}: {error}", signer.subject()),
        }
    }
    Err(why)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
