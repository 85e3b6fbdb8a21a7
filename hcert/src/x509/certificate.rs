//! One parsed certificate, with what a verdict needs of it.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use der::{
    Decode, Encode, SliceReader, Tag, TagNumber, Tagged,
    asn1::{AnyRef, ObjectIdentifier},
};
use x509_cert::{
    certificate::{CertificateInner, Raw},
    ext::pkix::{BasicConstraints, ExtendedKeyUsage, SubjectKeyIdentifier},
};

use super::{KeyUsage, name, signature};
use crate::{
    keys::{KeyError, PublicKey},
    kid::Kid,
    time::Timestamp,
};

const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
const AUTHORITY_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");

/// Why bytes are not a usable certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// Not a certificate in DER.
    #[error("not a readable X.509 certificate: {0}")]
    Encoding(String),
    /// An extension that matters here can't be read.
    #[error("the certificate's extension {0} can't be read")]
    Extension(&'static str),
}

/// An X.509 certificate: a CSCA or a DSC. Parsing checks no signature and no date.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    inner: CertificateInner<Raw>,
    subject: String,
    usage: KeyUsage,
    authority: bool,
    key_id: Option<Vec<u8>>,
    issuer_key_id: Option<Vec<u8>>,
}

impl Certificate {
    /// From DER. Bytes after the certificate are refused.
    pub fn from_der(der: &[u8]) -> Result<Certificate, CertificateError> {
        let inner = CertificateInner::<Raw>::from_der(der)
            .map_err(|error| CertificateError::Encoding(error.to_string()))?;
        let usage = match extension(&inner, EXTENDED_KEY_USAGE) {
            None => KeyUsage::ANY,
            Some(value) => {
                let usages = ExtendedKeyUsage::from_der(value)
                    .map_err(|_| CertificateError::Extension("extended key usage"))?;
                KeyUsage::of_extended_key_usages(&usages.0)
            }
        };
        let key_id = extension(&inner, SUBJECT_KEY_IDENTIFIER)
            .and_then(|value| SubjectKeyIdentifier::from_der(value).ok())
            .map(|id| id.0.as_bytes().to_vec());
        let issuer_key_id = extension(&inner, AUTHORITY_KEY_IDENTIFIER).and_then(authority_key_id);
        Ok(Certificate {
            subject: name::text(inner.tbs_certificate().subject()),
            authority: is_authority(&inner),
            der: der.to_vec(),
            usage,
            key_id,
            issuer_key_id,
            inner,
        })
    }

    /// The DER it was parsed from.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// First eight bytes of SHA-256 over the DER.
    pub fn kid(&self) -> Kid {
        Kid::of_certificate(&self.der)
    }

    /// The serial number, big endian, as its issuer wrote it (RFC 5280 section 4.1.2.2).
    pub fn serial(&self) -> &[u8] {
        self.inner.tbs_certificate().serial_number().as_bytes()
    }

    /// The subject as RFC 4514 text, such as `CN=DSC of Vietnam,C=VN`.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The issuer as RFC 4514 text.
    pub fn issuer(&self) -> String {
        name::text(self.inner.tbs_certificate().issuer())
    }

    /// The country (C) of the subject, as written: two letters.
    pub fn country(&self) -> Option<String> {
        let country = self.inner.tbs_certificate().subject().country().ok()??;
        Some(country.to_string())
    }

    /// Start of the period in which it may sign.
    pub fn not_before(&self) -> Timestamp {
        timestamp(self.inner.tbs_certificate().validity().not_before)
    }

    /// End of the period in which it may sign.
    pub fn not_after(&self) -> Timestamp {
        timestamp(self.inner.tbs_certificate().validity().not_after)
    }

    /// Whether its own period holds at this instant, both ends included (RFC 5280 section 4.1.2.5).
    pub fn is_valid_at(&self, instant: Timestamp) -> bool {
        (self.not_before()..=self.not_after()).contains(&instant)
    }

    /// Which kinds of certificate it may sign.
    pub fn usage(&self) -> KeyUsage {
        self.usage
    }

    /// Whether it is a CSCA: basic constraints say CA, and key usage, if there, allows to sign
    /// certificates.
    pub fn is_authority(&self) -> bool {
        self.authority
    }

    /// Its public key, ready to check a health certificate's signature.
    pub fn public_key(&self) -> Result<PublicKey, KeyError> {
        PublicKey::from_spki(&self.spki()?)
    }

    /// The DER SubjectPublicKeyInfo.
    pub fn spki(&self) -> Result<Vec<u8>, KeyError> {
        self.inner
            .tbs_certificate()
            .subject_public_key_info()
            .to_der()
            .map_err(|_| KeyError::Encoding)
    }

    /// Whether key usage, if there, allows to sign revocation lists (RFC 5280 section 4.2.1.3).
    pub(super) fn signs_lists(&self) -> bool {
        extension(&self.inner, KEY_USAGE)
            .map(x509_cert::ext::pkix::KeyUsage::from_der)
            .is_none_or(|usage| usage.is_ok_and(|usage| usage.crl_sign()))
    }

    pub(super) fn inner(&self) -> &CertificateInner<Raw> {
        &self.inner
    }

    pub(super) fn key_id(&self) -> Option<&[u8]> {
        self.key_id.as_deref()
    }

    pub(super) fn issuer_key_id(&self) -> Option<&[u8]> {
        self.issuer_key_id.as_deref()
    }

    /// The bytes that the issuer signed, as received.
    pub(super) fn to_be_signed(&self) -> Option<&[u8]> {
        signature::to_be_signed(&self.der)
    }
}

impl core::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Certificate")
            .field("subject", &self.subject)
            .field("kid", &self.kid())
            .finish_non_exhaustive()
    }
}

fn extension(certificate: &CertificateInner<Raw>, oid: ObjectIdentifier) -> Option<&[u8]> {
    let extensions = certificate.tbs_certificate().extensions()?;
    let found = extensions
        .iter()
        .find(|extension| extension.extn_id == oid)?;
    Some(found.extn_value.as_bytes())
}

/// The key identifier of an authority key identifier (RFC 5280 section 4.2.1.1). The other members,
/// which name the issuer in a dozen ways, are not read.
fn authority_key_id(value: &[u8]) -> Option<Vec<u8>> {
    const KEY_IDENTIFIER: Tag = Tag::ContextSpecific {
        constructed: false,
        number: TagNumber(0),
    };
    let whole = AnyRef::from_der(value)
        .ok()
        .filter(|whole| whole.tag() == Tag::Sequence)?;
    let mut members = SliceReader::new(whole.value()).ok()?;
    let first = AnyRef::decode(&mut members).ok()?;
    (first.tag() == KEY_IDENTIFIER).then(|| first.value().to_vec())
}

/// A certificate whose basic constraints are no strict DER (an explicit `cA FALSE`, a path length
/// without `cA`: both are in production) is a DSC: only a readable `cA TRUE` makes an authority.
fn is_authority(certificate: &CertificateInner<Raw>) -> bool {
    let authority = extension(certificate, BASIC_CONSTRAINTS)
        .and_then(|value| BasicConstraints::from_der(value).ok())
        .is_some_and(|constraints| constraints.ca);
    let may_sign = extension(certificate, KEY_USAGE)
        .map(x509_cert::ext::pkix::KeyUsage::from_der)
        .is_none_or(|usage| usage.is_ok_and(|usage| usage.key_cert_sign()));
    authority && may_sign
}

pub(super) fn timestamp(time: x509_cert::time::Time) -> Timestamp {
    let seconds = time.to_unix_duration().as_secs();
    Timestamp::saturating(i64::try_from(seconds).unwrap_or(i64::MAX))
}
