//! CSCA to DSC: one step, no more (HCERT specification, PKI part).

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
}
