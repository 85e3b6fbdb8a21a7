//! Signatures in X.509: under a certificate, a request, a revocation list.

use der::{Decode, Encode, Reader, SliceReader, asn1::ObjectIdentifier};
use p256::ecdsa::signature::{Verifier, hazmat::PrehashVerifier};
use sha2::{Digest, Sha256, Sha384, Sha512};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoRef};

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

/// Whether the signature over `message` is that of the key in a DER SubjectPublicKeyInfo; `None`
/// for an algorithm or key that is not read here.
pub(super) fn is_good(
    algorithm: &AlgorithmIdentifierOwned,
    spki: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let spki = SubjectPublicKeyInfoRef::from_der(spki).ok()?;
    match algorithm.oid {
        ECDSA_SHA256 => ecdsa(&spki, &Sha256::digest(message), signature),
        ECDSA_SHA384 => ecdsa(&spki, &Sha384::digest(message), signature),
        ECDSA_SHA512 => ecdsa(&spki, &Sha512::digest(message), signature),
        RSA_SHA256 => rsa_pkcs1::<Sha256>(&spki, message, signature),
        RSA_SHA384 => rsa_pkcs1::<Sha384>(&spki, message, signature),
        RSA_SHA512 => rsa_pkcs1::<Sha512>(&spki, message, signature),
        RSA_PSS => {
            let parameters = algorithm.parameters.to_der().ok()?;
            let parameters = rsa::pkcs1::RsaPssParamsOwned::from_der(&parameters).ok()?;
            match parameters.hash.oid {
                SHA384 => rsa_pss::<Sha384>(&spki, message, signature),
                SHA512 => rsa_pss::<Sha512>(&spki, message, signature),
                _ => rsa_pss::<Sha256>(&spki, message, signature),
            }
        }
        ED25519 => ed25519(&spki, message, signature),
        _ => None,
    }
}

/// The first element of a signed structure: the bytes that were signed, as received.
pub(super) fn to_be_signed(der: &[u8]) -> Option<&[u8]> {
    let mut reader = SliceReader::new(der).ok()?;
    let outer = der::Header::decode(&mut reader).ok()?;
    let start = der
        .len()
        .checked_sub(usize::try_from(outer.length()).ok()?)?;
    SliceReader::new(der.get(start..)?).ok()?.tlv_bytes().ok()
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
