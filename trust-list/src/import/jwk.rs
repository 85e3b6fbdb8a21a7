//! JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037).

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

use hcert::{base64, keys::PublicKey, kid::Kid};
use serde_json::Value;

use super::{Listed, Refused, x509};

/// One key. Where it carries a certificate (x5c), that is taken and nothing else of it: it says
/// until when and for what, and the numbers beside it are often badly written.
pub fn listed(entry: &str, jwk: &Value, kid: Option<Kid>) -> Result<Listed, String> {
    // RFC 7518 sections 6.2.2 and 6.3.2: d is the secret of every kind.
    if jwk.get("d").is_some() {
        return Err(Refused::PRIVATE_KEY.to_owned());
    }
    let kid = kid.or_else(|| jwk["kid"].as_str().and_then(Kid::from_base64));
    let Some(text) = jwk["x5c"][0].as_str() else {
        return Ok(Listed::of_key(entry, &key(jwk)?).with_kid(kid));
    };
    let mut listed = Listed::of_certificate(entry, x509::certificate(text)?).with_kid(kid);
    let above = jwk["x5c"].as_array().into_iter().flatten().skip(1);
    // One that can't be read proves nothing, and says nothing against the key.
    listed.above = above
        .filter_map(|text| x509::certificate(text.as_str()?).ok())
        .collect();
    Ok(listed)
}

/// The key of its numbers.
pub fn key(jwk: &Value) -> Result<PublicKey, String> {
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
