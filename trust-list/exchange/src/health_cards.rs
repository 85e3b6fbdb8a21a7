//! SMART Health Cards: the keys of one issuer, and the directory of many.
//!
//! An issuer publishes a JWKS at its address (SMART Health Cards Framework, "Determining keys
//! associated with an issuer"). The snapshot of the VCI directory gathers them:
//! `{ "time", "issuerInfo": [{ "issuer": { "iss", "name" }, "keys": [jwk] }] }`. Keys count for
//! their issuer only.

use hcert::limits::Limits;
use serde_json::Value;
use trust_list::import::{self, Form, Listing, jwk};

use crate::{ImportError, Imported, Vouch};

const DOMAIN: &str = "SHC";

/// Reads a snapshot of the directory. It carries no signature, so the operator vouches.
pub fn directory(bytes: &[u8], limits: &Limits) -> Result<Imported, ImportError> {
    let form = Form::HealthCardDirectory;
    let document = import::json(bytes, limits)?;
    let issuers = document["issuerInfo"]
        .as_array()
        .ok_or_else(|| ImportError::form(form, "it has no list issuerInfo"))?;
    let mut listing = Listing::new(form);
    listing.name = document["directory"].as_str().map(str::to_owned);
    for (index, info) in issuers.iter().enumerate() {
        let Some(issuer) = info["issuer"]["iss"].as_str() else {
            listing.refuse(format!("issuer {}", index + 1), "it has no iss");
            continue;
        };
        add(&mut listing, &info["keys"], Some(issuer));
    }
    Ok(Imported {
        listing,
        vouch: Vouch::Operator,
    })
}

/// Reads the JWKS of one issuer, named by its address; without one, the keys count for any.
pub fn issuer(
    bytes: &[u8],
    issuer: Option<&str>,
    limits: &Limits,
) -> Result<Imported, ImportError> {
    let document = import::json(bytes, limits)?;
    if !document["keys"].is_array() {
        return Err(ImportError::form(Form::Jwks, "it has no list keys"));
    }
    let mut listing = Listing::new(Form::Jwks);
    listing.name = issuer.map(str::to_owned);
    add(&mut listing, &document["keys"], issuer);
    Ok(Imported {
        listing,
        vouch: Vouch::Operator,
    })
}

fn add(listing: &mut Listing, keys: &Value, issuer: Option<&str>) {
    for (index, key) in keys.as_array().into_iter().flatten().enumerate() {
        let number = format!("key {}", index + 1);
        let name = key["kid"].as_str().unwrap_or(&number);
        let entry = issuer.map_or(name.to_owned(), |issuer| format!("{issuer}#{name}"));
        let mut found = check(key).and_then(|()| jwk(&entry, key, None));
        if let Ok(found) = &mut found {
            found.domain = Some(DOMAIN.to_owned());
            found.issuer = issuer.map(str::to_owned);
        }
        listing.take(&entry, found);
    }
}

/// The framework's demands: kty EC, and where they are there, use sig, alg ES256, crv P-256.
fn check(key: &Value) -> Result<(), String> {
    for (name, wanted, required) in [
        ("kty", "EC", true),
        ("use", "sig", false),
        ("alg", "ES256", false),
        ("crv", "P-256", false),
    ] {
        match key[name].as_str() {
            Some(found) if found == wanted => {}
            None if !required => {}
            found => {
                let found = found.unwrap_or("nothing");
                return Err(format!(
                    "{name} has to be {wanted} for SMART Health Cards, not {found}"
                ));
            }
        }
    }
    Ok(())
}
