//! What kind of key there is in a SubjectPublicKeyInfo, and how large.

use der::{Decode as _, asn1::ObjectIdentifier};
use spki::SubjectPublicKeyInfoRef;

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const CURVES: [(ObjectIdentifier, &str, usize); 3] = [
    (
        ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"),
        "P-256",
        256,
    ),
    (ObjectIdentifier::new_unwrap("1.3.132.0.34"), "P-384", 384),
    (ObjectIdentifier::new_unwrap("1.3.132.0.35"), "P-521", 521),
];

/// A kind of key and its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// On a curve that is known here.
    Ec {
        curve: &'static str,
        bits: usize,
    },
    /// On another curve, or on one that is spelled out.
    OtherCurve(String),
    Rsa {
        bits: usize,
    },
    Ed25519,
    Other(String),
}

impl Kind {
    /// `None` for what can't be read.
    pub(crate) fn of_spki(der: &[u8]) -> Option<Kind> {
        let spki = SubjectPublicKeyInfoRef::from_der(der).ok()?;
        Some(match spki.algorithm.oid {
            EC => {
                let oid = spki.algorithm.parameters_oid().ok();
                let known = CURVES.iter().find(|(curve, ..)| Some(*curve) == oid);
                match (known, oid) {
                    (Some((_, curve, bits)), _) => Kind::Ec { curve, bits: *bits },
                    (None, Some(oid)) => Kind::OtherCurve(oid.to_string()),
                    (None, None) => Kind::OtherCurve("parameters spelled out".to_owned()),
                }
            }
            RSA | RSA_PSS => {
                let (n, _) = rsa_numbers(spki.subject_public_key.as_bytes()?)?;
                Kind::Rsa { bits: bits(&n) }
            }
            ED25519 => Kind::Ed25519,
            other => Kind::Other(other.to_string()),
        })
    }
}

impl core::fmt::Display for Kind {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Kind::Ec { curve, .. } => f.write_str(curve),
            Kind::OtherCurve(curve) => write!(f, "an elliptic curve not known here ({curve})"),
            Kind::Rsa { bits } => write!(f, "RSA of {bits} bits"),
            Kind::Ed25519 => f.write_str("Ed25519"),
            Kind::Other(oid) => write!(f, "a key of type {oid}"),
        }
    }
}

/// Modulus and exponent of an RSAPublicKey (RFC 8017 appendix A.1.1), without leading zeros.
pub(crate) fn rsa_numbers(der: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let numbers = RsaNumbers::from_der(der).ok()?;
    Some((numbers.n.as_bytes().to_vec(), numbers.e.as_bytes().to_vec()))
}

#[derive(der::Sequence)]
struct RsaNumbers<'a> {
    n: der::asn1::UintRef<'a>,
    e: der::asn1::UintRef<'a>,
}

fn bits(number: &[u8]) -> usize {
    let mut digits = number.iter().skip_while(|byte| **byte == 0);
    let first = digits.next().map_or(0, |first| 8 - first.leading_zeros());
    digits.count() * 8 + usize::try_from(first).unwrap_or(0)
}
