//! CSCA to DSC: one step, no more (HCERT specification, PKI part).

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
};

use der::Decode as _;

use super::{Certificate, signature};

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
        let spki = csca.spki().map_err(|_| bad())?;
        let algorithm = self.inner().signature_algorithm();
        match signature::is_good(algorithm, &spki, message, signature) {
            Some(true) => Ok(()),
            Some(false) => Err(bad()),
            None => Err(ChainError::Algorithm(algorithm.oid.to_string())),
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
        let spki = self.spki().map_err(|_| SignedError::Signature)?;
        match signature::is_good(&algorithm, &spki, message, signature) {
            Some(true) => Ok(()),
            Some(false) => Err(SignedError::Signature),
            None => Err(SignedError::Algorithm(algorithm.oid.to_string())),
        }
    }
}
