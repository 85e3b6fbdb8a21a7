//! Requests for a DSC (PKCS #10, RFC 2986): the key stays where it was made, and its holder proves
//! to have it.
//!
//! ```text
//! CertificationRequest ::= SEQUENCE {
//!     certificationRequestInfo  SEQUENCE { version 0, subject, subjectPKInfo, attributes [0] },
//!     signatureAlgorithm        AlgorithmIdentifier,
//!     signature                 BIT STRING }   -- of the key in subjectPKInfo
//! ```

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use der::{Decode as _, Encode as _};
use spki::SubjectPublicKeyInfoRef;
use x509_cert::{
    attr::Attribute,
    ext::pkix::{ExtendedKeyUsage, KeyUsage as KeyUsageBits, KeyUsages},
    name::Name,
    request::{CertReq, ExtensionReq, RequestBuilder},
};

use super::{
    EventKind, KeyUsage,
    make::{MakeError, Subject, encoding},
    sign, signature,
};
use crate::keys::{Algorithm, KeyError, PublicKey, Signer};

/// Most bytes of a request: one for the longest RSA key allowed has 2 KiB.
const MAX_BYTES: usize = 16 * 1024;
/// Fewest bits of an RSA key that gets a certificate (HCERT specification section 3.3.2). Older
/// certificates with less are still verified.
const RSA_BITS_MIN: usize = 2048;
/// Smallest public exponent of an RSA key that gets a certificate (NIST SP 800-56B section 6.2).
const RSA_EXPONENT_MIN: u64 = 65_537;

const EXTENSION_REQUEST: der::asn1::ObjectIdentifier =
    der::asn1::ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.14");
const EXTENDED_KEY_USAGE: der::asn1::ObjectIdentifier =
    der::asn1::ObjectIdentifier::new_unwrap("2.5.29.37");

/// Why a request gets no certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// More bytes than any request has.
    #[error("the request has {0} bytes, more than {MAX_BYTES}")]
    Size(usize),
    /// Not a request in DER.
    #[error("not a readable certificate request (PKCS #10): {0}")]
    Encoding(String),
    /// The extended key usages asked for can't be read.
    #[error("the request's extended key usages can't be read")]
    Usage,
    /// The subject has no common name, or one with control characters.
    #[error("the request names nobody: its subject has no readable common name")]
    NoName,
    /// The signature is not that of the key in the request.
    #[error("the request is not signed with its own key, so its sender may not have that key")]
    Possession,
    /// Signed in a way that is not read here, with its object identifier.
    #[error("the request is signed with {0}, which is not supported")]
    Algorithm(String),
    /// The key is of no kind that signs health certificates.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The RSA key is too short.
    #[error("the request's RSA key has {bits} bits, and fewer than {RSA_BITS_MIN} are not safe")]
    RsaBits {
        /// Bits of its modulus.
        bits: usize,
    },
    /// The RSA key's public exponent is too small.
    #[error("the request's RSA key has a public exponent below {RSA_EXPONENT_MIN}")]
    RsaExponent,
}

/// A request as received. Nothing in it is proven: see [`Request::prove`].
#[derive(Debug, Clone)]
pub struct Request {
    der: Vec<u8>,
    inner: CertReq,
    usage: KeyUsage,
}

/// A request whose sender has the private key, with a key that may get a certificate.
#[derive(Debug)]
pub struct ProvenRequest<'a> {
    request: &'a Request,
    key: PublicKey,
}

impl Request {
    /// From DER. Bytes after it are refused.
    pub fn from_der(der: &[u8]) -> Result<Request, RequestError> {
        if der.len() > MAX_BYTES {
            return Err(RequestError::Size(der.len()));
        }
        let inner =
            CertReq::from_der(der).map_err(|error| RequestError::Encoding(error.to_string()))?;
        let usage = usage(&inner)?;
        Ok(Request {
            der: der.to_vec(),
            inner,
            usage,
        })
    }

    /// Makes a request for the key's own certificate. `kinds` are those it asks to sign; none means
    /// all.
    pub fn make(
        subject: &Subject<'_>,
        kinds: &[EventKind],
        key: &dyn Signer,
    ) -> Result<Request, MakeError> {
        let mut builder = RequestBuilder::new(subject.name()?).map_err(encoding)?;
        let bits = KeyUsageBits(KeyUsages::DigitalSignature.into());
        builder.add_extension(&bits).map_err(encoding)?;
        if !kinds.is_empty() {
            let usages = ExtendedKeyUsage(kinds.iter().map(|kind| kind.oid()).collect());
            builder.add_extension(&usages).map_err(encoding)?;
        }
        let request = sign::build(builder, key)?;
        Ok(Request::from_der(&request.to_der().map_err(encoding)?)?)
    }

    /// The DER it was read from.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The subject it asks for, as RFC 4514 text.
    pub fn subject(&self) -> String {
        self.inner.info.subject.to_string()
    }

    /// The country (C) of the subject, as written.
    pub fn country(&self) -> Option<String> {
        let country = self.inner.info.subject.country().ok()??;
        Some(country.to_string())
    }

    /// The kinds it asks to sign.
    pub fn usage(&self) -> KeyUsage {
        self.usage
    }

    /// The DER SubjectPublicKeyInfo.
    pub fn spki(&self) -> Result<Vec<u8>, KeyError> {
        self.inner
            .info
            .public_key
            .to_der()
            .map_err(|_| KeyError::Encoding)
    }

    /// Checks the name, the key's kind and size, and that the request is signed with that key
    /// (proof of possession, RFC 2986 section 3). Whether the country is right, the caller decides.
    pub fn prove(&self) -> Result<ProvenRequest<'_>, RequestError> {
        let name = self.inner.info.subject.common_name().ok().flatten();
        let name = name.ok_or(RequestError::NoName)?;
        if name.value().trim().is_empty() || name.value().chars().any(char::is_control) {
            return Err(RequestError::NoName);
        }
        let spki = self.spki()?;
        let key = PublicKey::from_spki(&spki)?;
        if key.algorithm() == Algorithm::Ps256 {
            check_rsa(&spki)?;
        }
        let signature = self.inner.signature.as_bytes();
        let message = signature::to_be_signed(&self.der);
        let (Some(signature), Some(message)) = (signature, message) else {
            return Err(RequestError::Possession);
        };
        match signature::is_good(&self.inner.algorithm, &spki, message, signature) {
            Some(true) => Ok(ProvenRequest { request: self, key }),
            Some(false) => Err(RequestError::Possession),
            None => Err(RequestError::Algorithm(
                self.inner.algorithm.oid.to_string(),
            )),
        }
    }
}

impl ProvenRequest<'_> {
    /// The public key.
    pub fn public_key(&self) -> &PublicKey {
        &self.key
    }

    /// The request.
    pub fn request(&self) -> &Request {
        self.request
    }

    pub(super) fn name(&self) -> &Name {
        &self.request.inner.info.subject
    }
}

/// The kinds among the extensions asked for (RFC 2985 section 5.4.2).
fn usage(request: &CertReq) -> Result<KeyUsage, RequestError> {
    let asked = request.info.attributes.iter();
    let asked = asked.filter(|attribute| attribute.oid == EXTENSION_REQUEST);
    let mut usage = KeyUsage::ANY;
    for value in asked.flat_map(|Attribute { values, .. }| values.iter()) {
        let extensions: ExtensionReq = value.decode_as().map_err(|_| RequestError::Usage)?;
        for extension in extensions.0 {
            if extension.extn_id == EXTENDED_KEY_USAGE {
                let usages = ExtendedKeyUsage::from_der(extension.extn_value.as_bytes())
                    .map_err(|_| RequestError::Usage)?;
                usage = KeyUsage::of_extended_key_usages(&usages.0);
            }
        }
    }
    Ok(usage)
}

fn check_rsa(spki: &[u8]) -> Result<(), RequestError> {
    let broken = |_| RequestError::Key(KeyError::Encoding);
    let spki = SubjectPublicKeyInfoRef::from_der(spki).map_err(broken)?;
    let key = spki.subject_public_key.as_bytes().unwrap_or_default();
    let numbers = rsa::pkcs1::RsaPublicKeyRef::from_der(key).map_err(broken)?;
    let bits = crate::keys::bit_length(numbers.modulus.as_bytes());
    if bits < RSA_BITS_MIN {
        return Err(RequestError::RsaBits { bits });
    }
    let exponent = numbers.public_exponent.as_bytes();
    let exponent = exponent.iter().fold(0_u64, |sum, byte| {
        sum.saturating_mul(256).saturating_add(u64::from(*byte))
    });
    if exponent < RSA_EXPONENT_MIN {
        return Err(RequestError::RsaExponent);
    }
    Ok(())
}
