//! CMS SignedData (RFC 5652): read, checked, made. The structures are the `cms` crate's.
//!
//! Java writes BER with indefinite lengths, so BER is read; what is made here is DER.

use cms::{
    cert::{CertificateChoices, IssuerAndSerialNumber},
    content_info::{CmsVersion, ContentInfo},
    signed_data::{
        CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo,
        SignerInfos,
    },
};
use der::{
    Any, Decode as _, Encode as _, EncodingRules, Tag,
    asn1::{ObjectIdentifier, OctetString, SetOfVec, UtcTime},
};
use hcert::{
    keys::{Algorithm, SignError, Signer},
    time::Timestamp,
    x509::{Certificate, SignedError},
};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::{Attribute, Attributes};

use crate::signature;

/// id-data (RFC 5652 section 4): any bytes.
pub const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// Most signatures of one message that are tried.
const SIGNATURES_TRIED: usize = 8;

/// Why a message can't be read, checked or made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CmsError {
    /// Not CMS SignedData.
    #[error("not readable CMS SignedData: {0}")]
    Encoding(String),
    /// The content is elsewhere.
    #[error("the message holds no content, only a signature")]
    Detached,
    /// Nobody signed it.
    #[error("the message has no signature")]
    Unsigned,
    /// The signature is over other content.
    #[error("the signature is over other content")]
    OtherContent,
    /// The signature does not hold.
    #[error(transparent)]
    Signature(#[from] SignedError),
    /// The digest is of a kind that is not read here.
    #[error("digests of type {0} are not supported")]
    Digest(String),
    /// The key failed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// Messages are signed with ECDSA on P-256 here, because every gateway reads that.
    #[error("a CMS message has to be signed with a P-256 key, not {0}")]
    Key(Algorithm),
    /// The key is not the certificate's.
    #[error("the certificate and the key do not belong together")]
    OtherKey,
}

fn encoding(error: impl core::fmt::Display) -> CmsError {
    CmsError::Encoding(error.to_string())
}

/// ContentInfo around SignedData, as received. The crate's own types take the content for any
/// item, and then can't tell the parts of a string in BER from its bytes; and they take
/// certificates in strict DER only.
#[derive(der::Sequence)]
struct ReceivedInfo {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: ReceivedData,
}

#[derive(der::Sequence)]
struct ReceivedData {
    version: CmsVersion,
    digests: SetOfVec<AlgorithmIdentifierOwned>,
    content: ReceivedContent,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    certificates: Option<SetOfVec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    revocations: Option<SetOfVec<Any>>,
    signatures: SignerInfos,
}

#[derive(der::Sequence)]
struct ReceivedContent {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    content: Option<OctetString>,
}

/// A message taken apart; nothing is checked.
#[derive(Debug, Clone)]
pub struct Message {
    content_type: ObjectIdentifier,
    content: Option<Vec<u8>>,
    certificates: Vec<Certificate>,
    signatures: Vec<SignerInfo>,
}

impl Message {
    /// From BER or DER. Certificates that came along and can't be read are left out: they can't
    /// be a signer's either.
    pub fn parse(bytes: &[u8]) -> Result<Message, CmsError> {
        let outer = ReceivedInfo::from_ber(bytes).map_err(encoding)?;
        if outer.content_type != SIGNED_DATA {
            return Err(encoding(format!("content of type {}", outer.content_type)));
        }
        let inner = outer.content;
        let certificates = inner.certificates.iter().flat_map(|set| set.iter());
        Ok(Message {
            content_type: inner.content.kind,
            content: inner
                .content
                .content
                .map(|content| content.into_bytes().into()),
            certificates: certificates
                .filter_map(|any| Certificate::from_der(&any.to_der().ok()?).ok())
                .collect(),
            signatures: inner.signatures.0.into_vec(),
        })
    }

    /// What kind of content it says it holds.
    pub fn content_type(&self) -> ObjectIdentifier {
        self.content_type
    }

    /// The content, which nobody has vouched for yet.
    pub fn content(&self) -> Option<&[u8]> {
        self.content.as_deref()
    }

    /// The certificates that came along, which nobody has vouched for either.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Checks that `signer` signed the content inside, and gives it out.
    pub fn check(&self, signer: &Certificate) -> Result<&[u8], CmsError> {
        let content = self.content.as_deref().ok_or(CmsError::Detached)?;
        self.check_over(content, signer)?;
        Ok(content)
    }

    /// Checks that `signer` signed content that is elsewhere. Which signer a signature names does
    /// not matter: it holds with this key, or not.
    pub fn check_over(&self, content: &[u8], signer: &Certificate) -> Result<(), CmsError> {
        let mut failure = CmsError::Unsigned;
        for signature in self.signatures.iter().take(SIGNATURES_TRIED) {
            match self.check_one(signature, content, signer) {
                Ok(()) => return Ok(()),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    fn check_one(
        &self,
        info: &SignerInfo,
        content: &[u8],
        signer: &Certificate,
    ) -> Result<(), CmsError> {
        let algorithm = algorithm(&info.signature_algorithm, info.digest_alg.oid)?;
        let signature = info.signature.as_bytes();
        let Some(attributes) = &info.signed_attrs else {
            return Ok(signer.check_signed(&algorithm, content, signature)?);
        };
        // RFC 5652 section 5.4: both attributes must be there, once, and agree.
        let digest = digest(info.digest_alg.oid, content)?;
        let stated: OctetString = attribute(attributes, MESSAGE_DIGEST)?;
        let content_type: ObjectIdentifier = attribute(attributes, CONTENT_TYPE)?;
        if stated.as_bytes() != digest || content_type != self.content_type {
            return Err(CmsError::OtherContent);
        }
        // The signature is over the DER of the set, whatever its encoding was.
        let set = SetOfVec::try_from(attributes.iter().cloned().collect::<Vec<_>>());
        let message = set.and_then(|set| set.to_der()).map_err(encoding)?;
        Ok(signer.check_signed(&algorithm, &message, signature)?)
    }
}

/// Checks a detached signature.
pub fn check_detached(
    signature: &[u8],
    content: &[u8],
    signer: &Certificate,
) -> Result<(), CmsError> {
    Message::parse(signature)?.check_over(content, signer)
}

/// The one value of an attribute.
fn attribute<T>(attributes: &Attributes, oid: ObjectIdentifier) -> Result<T, CmsError>
where
    T: for<'a> der::Choice<'a> + for<'a> der::DecodeValue<'a, Error = der::Error>,
{
    let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
    match (found.next(), found.next()) {
        (Some(attribute), None) if attribute.values.len() == 1 => attribute
            .values
            .iter()
            .next()
            .ok_or(CmsError::OtherContent)?
            .decode_as_encoding(EncodingRules::Ber)
            .map_err(encoding),
        _ => Err(encoding(format!("attribute {oid} is not there once"))),
    }
}

fn digest(oid: ObjectIdentifier, content: &[u8]) -> Result<Vec<u8>, CmsError> {
    Ok(match oid {
        SHA256 => Sha256::digest(content).to_vec(),
        SHA384 => Sha384::digest(content).to_vec(),
        SHA512 => Sha512::digest(content).to_vec(),
        other => return Err(CmsError::Digest(other.to_string())),
    })
}

/// The DER of the algorithm, made whole: CMS may name the kind of key and leave the digest to the
/// other field (RFC 3370 section 3.2).
fn algorithm(
    named: &AlgorithmIdentifierOwned,
    digest: ObjectIdentifier,
) -> Result<Vec<u8>, CmsError> {
    let whole = match (named.oid, digest) {
        (RSA, SHA256) => Some("1.2.840.113549.1.1.11"),
        (RSA, SHA384) => Some("1.2.840.113549.1.1.12"),
        (RSA, SHA512) => Some("1.2.840.113549.1.1.13"),
        (EC, SHA256) => Some("1.2.840.10045.4.3.2"),
        (EC, SHA384) => Some("1.2.840.10045.4.3.3"),
        (EC, SHA512) => Some("1.2.840.10045.4.3.4"),
        _ => None,
    };
    match whole {
        None => named.to_der().map_err(encoding),
        Some(oid) => AlgorithmIdentifierOwned {
            oid: ObjectIdentifier::new(oid).map_err(encoding)?,
            parameters: None,
        }
        .to_der()
        .map_err(encoding),
    }
}

/// Makes a message in DER with its content and its signer's certificate inside, as
/// `openssl cms -sign -nodetach -binary` does.
pub fn sign(
    content_type: ObjectIdentifier,
    content: &[u8],
    (certificate, key): (&Certificate, &dyn Signer),
    at: Timestamp,
) -> Result<Vec<u8>, CmsError> {
    if key.algorithm() != Algorithm::Es256 {
        return Err(CmsError::Key(key.algorithm()));
    }
    if certificate.spki().ok() != Some(key.spki()) {
        return Err(CmsError::OtherKey);
    }
    let parsed = x509_cert::Certificate::from_der(certificate.der()).map_err(encoding)?;
    let digest = OctetString::new(digest(SHA256, content)?).map_err(encoding)?;
    let attributes = vec![
        with_value(CONTENT_TYPE, Any::encode_from(&content_type))?,
        with_value(MESSAGE_DIGEST, Any::encode_from(&digest))?,
        with_value(SIGNING_TIME, signing_time(at))?,
    ];
    let attributes: Attributes = SetOfVec::try_from(attributes).map_err(encoding)?;
    let message = attributes.to_der().map_err(encoding)?;
    let signature = signature::sign_der(key, &message)?;
    let of = |oid| AlgorithmIdentifierOwned {
        oid,
        parameters: None,
    };
    let info = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: parsed.tbs_certificate().issuer().clone(),
            serial_number: parsed.tbs_certificate().serial_number().clone(),
        }),
        digest_alg: of(SHA256),
        signed_attrs: Some(attributes),
        signature_algorithm: of(ECDSA_SHA256),
        signature: OctetString::new(signature).map_err(encoding)?,
        unsigned_attrs: None,
    };
    let certificates = vec![CertificateChoices::Certificate(parsed)];
    let signed = SignedData {
        // RFC 5652 section 5.1: 3 for any content but data.
        version: match content_type {
            DATA => CmsVersion::V1,
            _ => CmsVersion::V3,
        },
        digest_algorithms: SetOfVec::try_from(vec![of(SHA256)]).map_err(encoding)?,
        encap_content_info: EncapsulatedContentInfo {
            econtent_type: content_type,
            econtent: Some(Any::new(Tag::OctetString, content).map_err(encoding)?),
        },
        certificates: Some(CertificateSet::try_from(certificates).map_err(encoding)?),
        crls: None,
        signer_infos: SignerInfos::try_from(vec![info]).map_err(encoding)?,
    };
    ContentInfo {
        content_type: SIGNED_DATA,
        content: Any::encode_from(&signed).map_err(encoding)?,
    }
    .to_der()
    .map_err(encoding)
}

fn with_value(oid: ObjectIdentifier, value: der::Result<Any>) -> Result<Attribute, CmsError> {
    let values = value.and_then(|value| SetOfVec::try_from(vec![value]));
    Ok(Attribute {
        oid,
        values: values.map_err(encoding)?,
    })
}

/// UTCTime through 2049, as RFC 5652 section 11.3 wants it.
fn signing_time(at: Timestamp) -> der::Result<Any> {
    let seconds = u64::try_from(at.unix()).unwrap_or(0);
    let date = der::DateTime::from_unix_duration(core::time::Duration::from_secs(seconds))?;
    match UtcTime::from_date_time(date) {
        Ok(time) => Any::encode_from(&time),
        Err(_) => Any::encode_from(&der::asn1::GeneralizedTime::from_date_time(date)),
    }
}
