//! CSCA to DSC: one step, no more (HCERT specification, PKI part).

use der::{Decode, Encode, asn1::ObjectIdentifier};
use p256::ecdsa::signature::{Verifier, hazmat::PrehashVerifier};
use sha2::{Digest, Sha256, Sha384, Sha512};
use spki::SubjectPublicKeyInfoRef;

use super::Certificate;

/// Why a DSC does not stand below a CSCA.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// The upper certificate may not sign certificates.
    #[error("{0} is not an authority: it may not sign certificates")]
    NotAnAuthority(String),
    /// The names or key identifiers do not belong together.
    #[error("{lower} was not issued by {upper}")]
    OtherIssuer {
        /// Subject of the DSC.
        lower: String,
        /// Subject of the CSCA.
        upper: String,
    },
    /// The signature under the DSC is not the CSCA's.
    #[error("the signature under {0} is not its authority's")]
    Signature(String),
    /// Signed in a way that is not read here, with its object identifier.
    #[error("the certificate is signed with {0}, which is not supported")]
    Algorithm(String),
    /// The DSC begins after the CSCA's end.
    #[error("{lower} begins after the end of {upper}")]
    Period {
        /// Subject of the DSC.
        lower: String,
        /// Subject of the CSCA.
        upper: String,
    },
}

/// Why a message is not one that a certificate's key signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignedError {
    /// The signature is not of this message by this key.
    #[error("the signature does not match")]
    Signature,
    /// Signed in a way that is not read here, or not with this kind of key.
    #[error("signed with {0}, which is not supported with this key")]
    Algorithm(String),
}

const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

/// Bits of the RSA keys that are tried: outside, a check proves too little or costs too much.
const RSA_BITS: core::ops::RangeInclusive<usize> = 2048..=8192;

impl Certificate {
    /// Whether this certificate names `csca` as its issuer: by key identifier where both have one,
    /// else by name. No signature is checked.
    pub fn names_as_issuer(&self, csca: &Certificate) -> bool {
        match (self.issuer_key_id(), csca.key_id()) {
            (Some(wanted), Some(there)) => wanted == there,
            _ => {
                let lower = self.inner().tbs_certificate();
                let upper = csca.inner().tbs_certificate();
                lower.issuer() == upper.subject()
            }
        }
    }

    /// Checks that `csca` is an authority, that it issued this certificate, and that this one does
    /// not begin after the CSCA's end. It may begin before the CSCA does: one renewed with the same
    /// key is younger than its older DSCs, and lists carry only the newer one (Poland and Albania
    /// in WHO's list of 2026).
    pub fn check_issued_by(&self, csca: &Certificate) -> Result<(), ChainError> {
        let (lower, upper) = (self.subject().to_owned(), csca.subject().to_owned());
        if !csca.is_authority() {
            return Err(ChainError::NotAnAuthority(upper));
        }
        if !self.names_as_issuer(csca) {
            return Err(ChainError::OtherIssuer { lower, upper });
        }
        if self.not_before() > csca.not_after() {
            return Err(ChainError::Period { lower, upper });
        }
        self.check_signature_of(csca)
    }

    /// Whether its own key signed it and it names itself as issuer.
    pub fn is_self_signed(&self) -> bool {
        let own = self.inner().tbs_certificate();
        own.issuer() == own.subject() && self.check_signature_of(self).is_ok()
    }

    fn check_signature_of(&self, csca: &Certificate) -> Result<(), ChainError> {
        let bad = || ChainError::Signature(self.subject().to_owned());
        let message = self.to_be_signed().ok_or_else(bad)?;
        let signature = self.inner().signature().as_bytes().ok_or_else(bad)?;
        match csca.signed(self.inner().signature_algorithm(), message, signature) {
            Ok(true) => Ok(()),
            Ok(false) => Err(bad()),
            Err(algorithm) => Err(ChainError::Algorithm(algorithm)),
        }
    }

    /// Checks a signature by this certificate's key over any message, as CMS and X.509 write it:
    /// `algorithm` is a DER AlgorithmIdentifier (RFC 5280 section 4.1.1.2), a signature of ECDSA
    /// is DER. More algorithms are read than may sign health certificates: ECDSA on P-256, P-384
    /// and P-521 and RSA with SHA-2, and Ed25519. Neither dates nor usages are looked at.
    pub fn check_signed(
        &self,
        algorithm: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignedError> {
        let algorithm = spki::AlgorithmIdentifierOwned::from_der(algorithm)
            .map_err(|_| SignedError::Algorithm("an unreadable algorithm".to_owned()))?;
        match self.signed(&algorithm, message, signature) {
            Ok(true) => Ok(()),
            Ok(false) => Err(SignedError::Signature),
            Err(algorithm) => Err(SignedError::Algorithm(algorithm)),
        }
    }

    /// True or false for the signature, or the algorithm that is not supported with this key.
    fn signed(
        &self,
        algorithm: &spki::AlgorithmIdentifierOwned,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, String> {
        let Ok(spki) = self.spki() else {
            return Ok(false);
        };
        let Ok(spki) = SubjectPublicKeyInfoRef::from_der(&spki) else {
            return Ok(false);
        };
        let unsupported = || algorithm.oid.to_string();
        let good = match algorithm.oid {
            ECDSA_SHA256 => ecdsa(&spki, &Sha256::digest(message), signature),
            ECDSA_SHA384 => ecdsa(&spki, &Sha384::digest(message), signature),
            ECDSA_SHA512 => ecdsa(&spki, &Sha512::digest(message), signature),
            RSA_SHA256 => rsa_pkcs1::<Sha256>(&spki, message, signature),
            RSA_SHA384 => rsa_pkcs1::<Sha384>(&spki, message, signature),
            RSA_SHA512 => rsa_pkcs1::<Sha512>(&spki, message, signature),
            RSA_PSS => {
                let parameters = algorithm.parameters.to_der().map_err(|_| unsupported())?;
                let parameters = rsa::pkcs1::RsaPssParamsOwned::from_der(&parameters)
                    .map_err(|_| unsupported())?;
                match parameters.hash.oid {
                    SHA384 => rsa_pss::<Sha384>(&spki, message, signature),
                    SHA512 => rsa_pss::<Sha512>(&spki, message, signature),
                    _ => rsa_pss::<Sha256>(&spki, message, signature),
                }
            }
            ED25519 => ed25519(&spki, message, signature),
            _ => None,
        };
        good.ok_or_else(unsupported)
    }
}

/// True or false for the signature, `None` for a key that can't be used.
fn ecdsa(spki: &SubjectPublicKeyInfoRef<'_>, digest: &[u8], signature: &[u8]) -> Option<bool> {
    let point = spki.subject_public_key.as_bytes()?;
    Some(match spki.algorithm.parameters_oid().ok()? {
        P256 => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
            p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok())
        }
        P384 => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
            p384::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok())
        }
        P521 => {
            let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
            p521::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok())
        }
        _ => return None,
    })
}

fn rsa_key(spki: &SubjectPublicKeyInfoRef<'_>) -> Option<rsa::RsaPublicKey> {
    let der = spki.subject_public_key.as_bytes()?;
    let numbers = rsa::pkcs1::RsaPublicKeyRef::from_der(der).ok()?;
    let number =
        |value: der::asn1::UintRef<'_>| rsa::BoxedUint::from_be_slice_vartime(value.as_bytes());
    let (n, e) = (number(numbers.modulus), number(numbers.public_exponent));
    rsa::RsaPublicKey::new_with_size_limits(n, e, RSA_BITS).ok()
}

fn rsa_pkcs1<D>(
    spki: &SubjectPublicKeyInfoRef<'_>,
    message: &[u8],
    signature: &[u8],
) -> Option<bool>
where
    D: Digest + der::oid::AssociatedOid,
    rsa::pkcs1v15::VerifyingKey<D>: Verifier<rsa::pkcs1v15::Signature>,
{
    let key = rsa::pkcs1v15::VerifyingKey::<D>::new(rsa_key(spki)?);
    let signature = rsa::pkcs1v15::Signature::try_from(signature).ok();
    Some(signature.is_some_and(|signature| key.verify(message, &signature).is_ok()))
}

fn rsa_pss<D>(spki: &SubjectPublicKeyInfoRef<'_>, message: &[u8], signature: &[u8]) -> Option<bool>
where
    D: Digest,
    rsa::pss::VerifyingKey<D>: Verifier<rsa::pss::Signature>,
{
    let key = rsa::pss::VerifyingKey::<D>::new_with_auto_salt_len(rsa_key(spki)?);
    let signature = rsa::pss::Signature::try_from(signature).ok();
    Some(signature.is_some_and(|signature| key.verify(message, &signature).is_ok()))
}

fn ed25519(spki: &SubjectPublicKeyInfoRef<'_>, message: &[u8], signature: &[u8]) -> Option<bool> {
    let bytes = spki.subject_public_key.as_bytes()?.try_into().ok()?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).ok()?;
    let signature = ed25519_dalek::Signature::from_slice(signature).ok();
    Some(signature.is_some_and(|signature| key.verify_strict(message, &signature).is_ok()))
}
