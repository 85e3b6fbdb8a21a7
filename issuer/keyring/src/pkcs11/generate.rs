//! Making a key in a token, and a request for its certificate.

use std::sync::Arc;

use cryptoki::{
    error::Error,
    mechanism::Mechanism,
    object::{Attribute, AttributeType, ObjectClass},
};
use der::{Decode as _, asn1::OctetStringRef};
use hcert::{
    keys::PublicKey,
    x509::{EventKind, make::Subject, request::Request},
};

use super::{KeyName, Pkcs11Error, Pkcs11Signer, Token};

/// prime256v1 (RFC 5480 section 2.1.1.1) in DER.
const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// Ed25519 (RFC 8410 section 3) in DER.
const ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];

/// The kinds of key that sign in a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// For ES256, and international certificates.
    P256,
    /// For EdDSA, and national certificates.
    Ed25519,
}

impl KeyKind {
    fn mechanism(self) -> Mechanism<'static> {
        match self {
            KeyKind::P256 => Mechanism::EccKeyPairGen,
            KeyKind::Ed25519 => Mechanism::EccEdwardsKeyPairGen,
        }
    }

    fn parameters(self) -> Vec<u8> {
        match self {
            KeyKind::P256 => P256.to_vec(),
            KeyKind::Ed25519 => ED25519.to_vec(),
        }
    }
}

/// Makes a key pair in the token: the private key never leaves it (CKA_SENSITIVE, not
/// CKA_EXTRACTABLE). Gives the public key's DER SubjectPublicKeyInfo. `id` is the CKA_ID, which
/// no other key may have; `label` is for people.
pub fn generate(
    token: &Token,
    kind: KeyKind,
    label: &str,
    id: &[u8],
) -> Result<Vec<u8>, Pkcs11Error> {
    const DOING: &str = "make a key";
    let refused = |error: Error| token.refused(DOING, &error);
    let name = KeyName::Id(id.to_vec());
    let session = token.writing()?;
    // A token takes a second key of the same id, and nobody could tell them apart after.
    let there = session.find_objects(&[Attribute::Id(id.to_vec())]);
    if !there.map_err(refused)?.is_empty() {
        return Err(Pkcs11Error::KeyExists {
            token: token.name().to_owned(),
            key: name.to_string(),
        });
    }
    let both = [
        Attribute::Token(true),
        Attribute::Label(label.as_bytes().to_vec()),
        Attribute::Id(id.to_vec()),
    ];
    let mut public = both.to_vec();
    public.extend([
        Attribute::Private(false),
        Attribute::Verify(true),
        Attribute::EcParams(kind.parameters()),
    ]);
    let mut private = both.to_vec();
    private.extend([
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
    ]);
    let pair = session.generate_key_pair(&kind.mechanism(), &public, &private);
    let (public, private) = pair.map_err(refused)?;
    let kept = session
        .get_attributes(
            private,
            &[AttributeType::Sensitive, AttributeType::Extractable],
        )
        .map_err(refused)?;
    let locked = [Attribute::Sensitive(true), Attribute::Extractable(false)];
    if !locked.iter().all(|wanted| kept.contains(wanted)) {
        for key in [private, public] {
            session.destroy_object(key).map_err(refused)?;
        }
        return Err(Pkcs11Error::Extractable(token.name().to_owned()));
    }
    drop(session);
    Ok(token.public_key(&name)?.spki().to_vec())
}

/// Makes a request (PKCS #10) for the certificate of a key in the token, signed by it. `kinds`
/// are those that it asks to sign; none means all.
pub fn request(
    token: &Arc<Token>,
    key: &KeyName,
    subject: &Subject<'_>,
    kinds: &[EventKind],
) -> Result<Request, Pkcs11Error> {
    let signer = Pkcs11Signer::open(token, key, &token.public_key(key)?)?;
    Ok(Request::make(subject, kinds, &signer)?)
}

impl Token {
    /// The public key of this name in the token.
    pub fn public_key(&self, key: &KeyName) -> Result<PublicKey, Pkcs11Error> {
        let attributes = [AttributeType::EcParams, AttributeType::EcPoint];
        let found = self.with_session("show a public key", |session, _| {
            match self.find(session, ObjectClass::PUBLIC_KEY, key)? {
                Ok(handle) => session.get_attributes(handle, &attributes).map(Ok),
                Err(missing) => Ok(Err(missing)),
            }
        })??;
        let (mut point, mut p256) = (None, false);
        for attribute in found {
            match attribute {
                Attribute::EcPoint(bytes) => point = Some(bytes),
                Attribute::EcParams(parameters) => p256 = parameters == P256,
                _ => {}
            }
        }
        point
            .and_then(|point| of_point(&point, p256))
            .ok_or_else(|| Pkcs11Error::KeyKind {
                token: self.name().to_owned(),
                key: key.to_string(),
            })
    }
}

/// A public key from its point: in an OCTET STRING, as the standard says, or bare, as some tokens
/// give it.
fn of_point(bytes: &[u8], p256: bool) -> Option<PublicKey> {
    let length = if p256 { 65 } else { 32 };
    let bare = match <&OctetStringRef>::from_der(bytes) {
        Ok(string) if bytes.len() != length => string.as_bytes(),
        _ => bytes,
    };
    if !p256 {
        return PublicKey::from_ed25519(bare.try_into().ok()?).ok();
    }
    let (form, coordinates) = bare.split_first()?;
    let (x, y) = coordinates.split_at_checked(32)?;
    // Uncompressed (SEC 1 section 2.3.3).
    let uncompressed = *form == 4;
    let key = PublicKey::from_p256_coordinates(x.try_into().ok()?, y.try_into().ok()?).ok();
    key.filter(|_| uncompressed)
}

#[cfg(test)]
mod tests {
    use hcert::keys::{Signer as _, SoftwareKey};
    use zeroize::Zeroizing;

    use super::*;

    #[test]
    fn points_in_both_wrappings() {
        let secret = Zeroizing::new([7; 32]);
        for (key, p256, length) in [
            (SoftwareKey::eddsa(&secret), false, 32),
            (SoftwareKey::es256(&secret).unwrap(), true, 65),
        ] {
            let spki = key.spki();
            let point = &spki[spki.len() - length..];
            let wrapped = [&[4, u8::try_from(length).unwrap()], point].concat();
            for bytes in [point, &wrapped] {
                let public = of_point(bytes, p256).unwrap();
                assert_eq!(public.spki(), spki);
            }
            for bytes in [&[][..], &point[1..], &wrapped[..40.min(length)]] {
                assert!(of_point(bytes, p256).is_none(), "{bytes:?}");
            }
        }
    }
}
