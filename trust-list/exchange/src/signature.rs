//! ECDSA signatures in the two forms there are: r || s (JOSE, COSE), and DER (X.509, Java).

use hcert::keys::{Algorithm, PublicKey, SignError, Signer};

use crate::ProofError;

/// Checks a signature that lists write in DER, or in the form that JOSE demands (RFC 7518
/// section 3.4). Either form of a valid signature is one of the key.
pub(crate) fn check(key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), ProofError> {
    let fixed = match key.algorithm() {
        Algorithm::Es256 => to_fixed(signature),
        Algorithm::Ps256 | Algorithm::EdDsa => None,
    };
    let signature = fixed.as_deref().unwrap_or(signature);
    key.verify(message, signature)
        .map_err(|_| ProofError::Signature)
}

/// r || s of a DER signature.
pub(crate) fn to_fixed(der: &[u8]) -> Option<Vec<u8>> {
    let signature = p256::ecdsa::Signature::from_der(der).ok()?;
    Some(signature.to_bytes().to_vec())
}

/// DER of r || s.
pub(crate) fn to_der(fixed: &[u8]) -> Option<Vec<u8>> {
    let signature = p256::ecdsa::Signature::from_slice(fixed).ok()?;
    Some(signature.to_der().as_bytes().to_vec())
}

/// Signs; ECDSA in DER.
pub(crate) fn sign_der(key: &dyn Signer, message: &[u8]) -> Result<Vec<u8>, SignError> {
    let signature = key.sign(message)?;
    match key.algorithm() {
        Algorithm::Es256 => to_der(&signature)
            .ok_or_else(|| SignError("the key gave something that is no signature".to_owned())),
        Algorithm::Ps256 | Algorithm::EdDsa => Ok(signature),
    }
}
