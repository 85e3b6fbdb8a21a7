//! Certificates (RFC 5280) with every part free to be wrong.

use sha2::{Digest as _, Sha256};

use super::{
    der::{self, sequence, value},
    keys::{self, Key},
};

/// Extended key usages.
pub(super) mod usage {
    pub(in super::super) const TEST: &str = "1.3.6.1.4.1.1847.2021.1.1";
    pub(in super::super) const VACCINATION: &str = "1.3.6.1.4.1.1847.2021.1.2";
    pub(in super::super) const RECOVERY: &str = "1.3.6.1.4.1.1847.2021.1.3";
    /// With the zero that many certificates in the field have.
    pub(in super::super) const OLD_VACCINATION: &str = "1.3.6.1.4.1.0.1847.2021.1.2";
    pub(in super::super) const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
}

/// A certificate to be made.
#[derive(Clone)]
pub(super) struct Draft<'a> {
    /// Common name of the subject.
    pub(super) subject: &'a str,
    /// Common name of the issuer.
    pub(super) issuer: &'a str,
    /// RFC 3339.
    pub(super) period: (&'a str, &'a str),
    /// The subject's key.
    pub(super) spki: Vec<u8>,
    /// The key that the issuer is said to have.
    pub(super) issuer_spki: Vec<u8>,
    /// Extended key usages; none, no extension.
    pub(super) usages: &'a [&'a str],
    /// Whether it is a CSCA.
    pub(super) authority: bool,
}

impl Draft<'_> {
    /// The DER, signed by a P-256 key.
    pub(super) fn sign(&self, key: &Key) -> Vec<u8> {
        let algorithm = sequence(&[der::oid("1.2.840.10045.4.3.2")]);
        let mut serial = keys::bytes::<16>(&format!("serial of {}", self.subject));
        serial[0] = serial[0] & 0x7f | 0x40;
        let to_be_signed = sequence(&[
            value(0xa0, &value(0x02, &[2])),
            der::unsigned(&serial),
            algorithm.clone(),
            name(self.issuer),
            sequence(&[utc(self.period.0), utc(self.period.1)]),
            name(self.subject),
            self.spki.clone(),
            value(0xa3, &sequence(&self.extensions())),
        ]);
        let signature = ecdsa_der(&key.sign(&to_be_signed));
        sequence(&[to_be_signed, algorithm, der::bits(&signature)])
    }

    fn extensions(&self) -> Vec<Vec<u8>> {
        let mut out = vec![
            extension("2.5.29.14", false, &value(0x04, &key_id(&self.spki))),
            extension(
                "2.5.29.35",
                false,
                &sequence(&[value(0x80, &key_id(&self.issuer_spki))]),
            ),
        ];
        // Key usage: keyCertSign and cRLSign, or digitalSignature.
        let bits: &[u8] = if self.authority {
            &[1, 0x06]
        } else {
            &[7, 0x80]
        };
        out.push(extension("2.5.29.15", true, &value(0x03, bits)));
        if self.authority {
            let constraints = [value(0x01, &[0xff]), value(0x02, &[0])];
            out.push(extension("2.5.29.19", true, &sequence(&constraints)));
        }
        if !self.usages.is_empty() {
            let oids: Vec<Vec<u8>> = self.usages.iter().map(|oid| der::oid(oid)).collect();
            out.push(extension("2.5.29.37", false, &sequence(&oids)));
        }
        out
    }
}

fn extension(oid: &str, critical: bool, content: &[u8]) -> Vec<u8> {
    let mut parts = vec![der::oid(oid)];
    if critical {
        parts.push(value(0x01, &[0xff]));
    }
    parts.push(value(0x04, content));
    sequence(&parts)
}

/// RFC 7093 section 2, method 1, but over the whole SubjectPublicKeyInfo.
fn key_id(spki: &[u8]) -> Vec<u8> {
    Sha256::digest(spki)[..20].to_vec()
}

/// CN, O and C. XX is a code that ISO 3166 leaves to its users: no country has it.
fn name(common_name: &str) -> Vec<u8> {
    let part = |oid: &str, value: Vec<u8>| {
        let pair = sequence(&[der::oid(oid), value]);
        der::value(0x31, &pair)
    };
    sequence(&[
        part("2.5.4.6", value(0x13, b"XX")),
        part("2.5.4.10", der::text("TEST hcert vectors")),
        part("2.5.4.3", der::text(common_name)),
    ])
}

/// UTCTime of an RFC 3339 instant in UTC, from 2000 to 2049.
fn utc(instant: &str) -> Vec<u8> {
    let digits: String = instant.chars().filter(char::is_ascii_digit).collect();
    value(0x17, format!("{}Z", &digits[2..]).as_bytes())
}

/// The DER form of r || s.
pub(super) fn ecdsa_der(signature: &[u8]) -> Vec<u8> {
    let (r, s) = signature.split_at(signature.len() / 2);
    sequence(&[der::unsigned(r), der::unsigned(s)])
}
