//! Our own keys as JSON Web Keys (RFC 7517), for whoever reads nothing else.

use hcert::{
    base64,
    keys::{Algorithm, KeyError, PublicKey},
    x509::Certificate,
};
use serde_json::{Map, Value, json};
use spki::{SubjectPublicKeyInfoRef, der::Decode as _};

/// `{ "keys": [...] }` of certificates, each with its CSCA if that is given.
pub fn export<'a>(
    certificates: impl IntoIterator<Item = (&'a Certificate, Option<&'a Certificate>)>,
) -> Result<Value, KeyError> {
    let keys = certificates
        .into_iter()
        .map(|(certificate, authority)| of_certificate(certificate, authority))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(json!({ "keys": keys }))
}

/// A certificate as a JWK: its key's numbers, its kid as messages carry it (base64, not the
/// thumbprint of RFC 7638), and the certificate itself as x5c. For a kind of key that signs no
/// health certificates, as some CSCAs have, the numbers are left out, and x5c says it all.
pub fn of_certificate(
    certificate: &Certificate,
    authority: Option<&Certificate>,
) -> Result<Value, KeyError> {
    let mut jwk = match certificate.public_key() {
        Ok(key) => of_key(&key)?,
        Err(KeyError::Unsupported(_)) => Map::from_iter([("kty".to_owned(), "EC".into())]),
        Err(error) => return Err(error),
    };
    let x5c: Vec<_> = core::iter::once(certificate)
        .chain(authority)
        .map(|certificate| base64::encode(certificate.der()))
        .collect();
    jwk.insert("kid".to_owned(), certificate.kid().to_string().into());
    jwk.insert("x5c".to_owned(), x5c.into());
    Ok(Value::Object(jwk))
}

/// A bare key as a JWK.
pub fn of_key(key: &PublicKey) -> Result<Map<String, Value>, KeyError> {
    let spki = SubjectPublicKeyInfoRef::from_der(key.spki()).map_err(|_| KeyError::Encoding)?;
    let bytes = spki
        .subject_public_key
        .as_bytes()
        .ok_or(KeyError::Encoding)?;
    let text = |bytes: &[u8]| base64::encode_url(bytes);
    let jwk = match key.algorithm() {
        Algorithm::Es256 => {
            let point = p256::PublicKey::from_sec1_bytes(bytes).map_err(|_| KeyError::Value)?;
            let point = p256::elliptic_curve::sec1::ToSec1Point::to_sec1_point(&point, false);
            let (x, y) = point
                .as_bytes()
                .get(1..)
                .and_then(|xy| xy.split_at_checked(32))
                .ok_or(KeyError::Value)?;
            json!({ "kty": "EC", "crv": "P-256", "x": text(x), "y": text(y) })
        }
        Algorithm::EdDsa => json!({ "kty": "OKP", "crv": "Ed25519", "x": text(bytes) }),
        Algorithm::Ps256 => {
            let (n, e) = crate::key::rsa_numbers(bytes).ok_or(KeyError::Encoding)?;
            json!({ "kty": "RSA", "n": text(&n), "e": text(&e) })
        }
    };
    match jwk {
        Value::Object(mut jwk) => {
            jwk.insert("use".to_owned(), "sig".into());
            jwk.insert("alg".to_owned(), key.algorithm().name().into());
            Ok(jwk)
        }
        _ => Err(KeyError::Encoding),
    }
}
