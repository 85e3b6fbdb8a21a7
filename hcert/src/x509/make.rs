//! Making a CSCA, the DSCs below it, and what a gateway wants besides (HCERT specification, PKI part; RFC 5280 section 4).

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use core::{str::FromStr as _, time::Duration};

use der::{Decode as _, Encode as _, flagset::FlagSet};
use spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::{
    TbsCertificate,
    builder::{CertificateBuilder, profile::BuilderProfile},
    ext::{
        Extension, ToExtension as _,
        pkix::{
            AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage as KeyUsageBits,
            KeyUsages, SubjectKeyIdentifier,
        },
    },
    name::Name,
    serial_number::SerialNumber,
    time::{Time, Validity},
};

use super::{
    Certificate, CertificateError, EventKind,
    crl::CrlError,
    request::{ProvenRequest, RequestError},
    sign,
};
use crate::{
    keys::{SignError, Signer},
    time::Timestamp,
};

const CLIENT_AUTHENTICATION: der::asn1::ObjectIdentifier =
    der::asn1::ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");

/// What a new certificate says of its subject.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// Common name, such as `DSC Vietnam 1`.
    pub common_name: &'a str,
    /// ISO 3166-1 alpha-2 code.
    pub country: &'a str,
    /// Organisation, if it is to be named.
    pub organisation: Option<&'a str>,
}

/// The period in which a certificate may sign.
#[derive(Debug, Clone, Copy)]
pub struct Period {
    /// First instant.
    pub not_before: Timestamp,
    /// Last instant.
    pub not_after: Timestamp,
}

/// Why a certificate could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MakeError {
    /// The subject's words can't stand in a certificate.
    #[error("the country must be two capital letters, as in VN")]
    Country,
    /// The period ends before it begins, or a DSC would outlive its CSCA.
    #[error("the certificate would be valid outside the period of its authority, or never")]
    Period,
    /// The authority's certificate may not sign others, or is not of the key given.
    #[error("the authority's certificate and key do not belong together, or it is no authority")]
    Authority,
    /// The key failed to sign.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The certificate could not be encoded.
    #[error("the certificate could not be encoded: {0}")]
    Encoding(String),
    /// The result could not be read back.
    #[error(transparent)]
    Result(#[from] CertificateError),
    /// The request made could not be read back.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The revocation list made could not be read back.
    #[error(transparent)]
    Crl(#[from] CrlError),
}

/// Makes a self-signed CSCA that may sign DSCs and nothing below them. `serial` is 16 random bytes.
pub fn csca(
    subject: &Subject<'_>,
    period: Period,
    serial: [u8; 16],
    key: &dyn Signer,
) -> Result<Certificate, MakeError> {
    let name = subject.name()?;
    let profile = Profile {
        subject: name.clone(),
        issuer: name,
        kind: Kind::Csca,
    };
    build(profile, period, serial, &key.spki(), key)
}

/// Makes a DSC for a public key, signed by a CSCA. No `kinds` means that it may sign all kinds.
pub fn dsc(
    subject: &Subject<'_>,
    period: Period,
    serial: [u8; 16],
    spki: &[u8],
    kinds: &[EventKind],
    authority: (&Certificate, &dyn Signer),
) -> Result<Certificate, MakeError> {
    dsc_named(subject.name()?, period, serial, spki, kinds, authority)
}

/// Makes the DSC that a request asks for: its subject and key. Period and kinds are for the CSCA to
/// decide, whatever the request says.
pub fn dsc_of_request(
    request: &ProvenRequest<'_>,
    period: Period,
    serial: [u8; 16],
    kinds: &[EventKind],
    authority: (&Certificate, &dyn Signer),
) -> Result<Certificate, MakeError> {
    let (subject, spki) = (request.name().clone(), request.public_key().spki());
    dsc_named(subject, period, serial, spki, kinds, authority)
}

/// Makes the successor of a DSC: the same subject and kinds, another key and period.
pub fn successor(
    dsc: &Certificate,
    period: Period,
    serial: [u8; 16],
    spki: &[u8],
    authority: (&Certificate, &dyn Signer),
) -> Result<Certificate, MakeError> {
    let subject = dsc.inner().tbs_certificate().subject().clone();
    let kinds: Vec<EventKind> = dsc.usage().limits().collect();
    dsc_named(subject, period, serial, spki, &kinds, authority)
}

fn dsc_named(
    subject: Name,
    period: Period,
    serial: [u8; 16],
    spki: &[u8],
    kinds: &[EventKind],
    (csca, csca_key): (&Certificate, &dyn Signer),
) -> Result<Certificate, MakeError> {
    if !csca.is_authority() || csca.spki().ok() != Some(csca_key.spki()) {
        return Err(MakeError::Authority);
    }
    if !csca.is_valid_at(period.not_before) || !csca.is_valid_at(period.not_after) {
        return Err(MakeError::Period);
    }
    let issuer = csca.inner().tbs_certificate().subject().clone();
    let profile = Profile {
        subject,
        issuer,
        kind: Kind::Dsc(kinds.to_vec()),
    };
    build(profile, period, serial, spki, csca_key)
}

/// What a self-signed certificate besides CSCA and DSC is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Signs what is uploaded to a gateway.
    Upload,
    /// Opens the TLS connection to a gateway, as its client.
    TlsClient,
}

/// Makes a self-signed certificate for the traffic with a gateway (WHO GDHCN, certificate
/// governance, "Certificate templates"). `serial` is 16 random bytes.
pub fn self_signed(
    purpose: Purpose,
    subject: &Subject<'_>,
    period: Period,
    serial: [u8; 16],
    key: &dyn Signer,
) -> Result<Certificate, MakeError> {
    let name = subject.name()?;
    let profile = Profile {
        subject: name.clone(),
        issuer: name,
        kind: Kind::Gateway(purpose),
    };
    build(profile, period, serial, &key.spki(), key)
}

impl Subject<'_> {
    pub(super) fn name(&self) -> Result<Name, MakeError> {
        if self.country.len() != 2 || !self.country.bytes().all(|c| c.is_ascii_uppercase()) {
            return Err(MakeError::Country);
        }
        let mut text = format!("CN={}", escaped(self.common_name));
        if let Some(organisation) = self.organisation {
            text += &format!(",O={}", escaped(organisation));
        }
        text += &format!(",C={}", self.country);
        Name::from_str(&text).map_err(encoding)
    }
}

/// Escapes a value by RFC 4514 section 2.4.
fn escaped(value: &str) -> String {
    let mut out = String::new();
    for (index, c) in value.chars().enumerate() {
        if matches!(c, '"' | '+' | ',' | ';' | '<' | '>' | '\\' | '=') || (index == 0 && c == '#') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn build(
    profile: Profile,
    period: Period,
    mut serial: [u8; 16],
    spki: &[u8],
    signer: &dyn Signer,
) -> Result<Certificate, MakeError> {
    if period.not_after <= period.not_before {
        return Err(MakeError::Period);
    }
    // Positive and not zero (RFC 5280 section 4.1.2.2).
    serial[0] = serial[0] & 0x7f | 0x40;
    let serial = SerialNumber::new(&serial).map_err(encoding)?;
    let validity = Validity::new(time(period.not_before)?, time(period.not_after)?);
    let spki = SubjectPublicKeyInfoOwned::from_der(spki).map_err(encoding)?;
    let builder = CertificateBuilder::new(profile, serial, validity, spki).map_err(encoding)?;
    let certificate = sign::build(builder, signer)?;
    Ok(Certificate::from_der(
        &certificate.to_der().map_err(encoding)?,
    )?)
}

pub(super) fn time(instant: Timestamp) -> Result<Time, MakeError> {
    let seconds = u64::try_from(instant.unix()).map_err(|_| MakeError::Period)?;
    let date = der::DateTime::from_unix_duration(Duration::from_secs(seconds)).map_err(encoding)?;
    // Through 2049 the short form is the only one allowed (RFC 5280 section 4.1.2.5).
    Ok(match der::asn1::UtcTime::from_date_time(date) {
        Ok(time) => Time::UtcTime(time),
        Err(_) => Time::GeneralTime(der::asn1::GeneralizedTime::from_date_time(date)),
    })
}

pub(super) fn encoding(error: impl core::fmt::Display) -> MakeError {
    MakeError::Encoding(error.to_string())
}

/// Which extensions a certificate gets.
enum Kind {
    Csca,
    Dsc(Vec<EventKind>),
    Gateway(Purpose),
}

struct Profile {
    subject: Name,
    issuer: Name,
    kind: Kind,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        key: SubjectPublicKeyInfoRef<'_>,
        issuer_key: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        let mut out: Vec<Extension> = Vec::new();
        let bits: FlagSet<KeyUsages> = match &self.kind {
            Kind::Csca => KeyUsages::KeyCertSign | KeyUsages::CRLSign,
            Kind::Dsc(_) | Kind::Gateway(Purpose::Upload) => KeyUsages::DigitalSignature.into(),
            // OpenSSL checks a self-signed certificate in TLS only with keyCertSign.
            Kind::Gateway(Purpose::TlsClient) => {
                KeyUsages::DigitalSignature | KeyUsages::KeyCertSign
            }
        };
        out.push(SubjectKeyIdentifier::try_from(key)?.to_extension(tbs.subject(), &out)?);
        let authority = AuthorityKeyIdentifier::try_from(issuer_key)?;
        out.push(authority.to_extension(tbs.subject(), &out)?);
        out.push(KeyUsageBits(bits).to_extension(tbs.subject(), &out)?);
        let usages: Vec<_> = match &self.kind {
            Kind::Csca => {
                let constraints = BasicConstraints {
                    ca: true,
                    path_len_constraint: Some(0),
                };
                out.push(constraints.to_extension(tbs.subject(), &out)?);
                Vec::new()
            }
            Kind::Dsc(kinds) => kinds.iter().map(|kind| kind.oid()).collect(),
            Kind::Gateway(Purpose::TlsClient) => vec![CLIENT_AUTHENTICATION],
            Kind::Gateway(Purpose::Upload) => Vec::new(),
        };
        if !usages.is_empty() {
            out.push(ExtendedKeyUsage(usages).to_extension(tbs.subject(), &out)?);
        }
        Ok(out)
    }
}
