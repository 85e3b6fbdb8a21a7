//! Why a key is not let in.

use hcert::{time::Timestamp, x509::ChainError};
use trust_list::import::Form;

/// An entry that was not let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its identifier in the list, or its place.
    pub entry: String,
    /// The form of the list.
    pub form: Form,
    /// Why.
    pub why: Why,
}

impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.entry, self.why)
    }
}

/// Why a key is not let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Why {
    /// It can't be read, or not be followed.
    #[error("{0}")]
    Unusable(String),
    /// A private key was published.
    #[error("this is a private key: whoever published it has to withdraw it")]
    PrivateKey,
    /// Listed for something else than signing.
    #[error("listed as {0}, which signs no health certificates")]
    Use(String),
    /// A list of a test environment, imported for production.
    #[error("{0} is a test environment, and this import is for production")]
    OtherEnvironment(String),
    /// The code of a test or virtual participant, in production.
    #[error("{0} is the code of a test or virtual participant, and this import is for production")]
    TestParticipant(String),
    /// The list and the certificate name different countries.
    #[error("listed for {listed}, but the certificate is of {certificate}")]
    WrongCountry {
        /// The participant in the list.
        listed: String,
        /// The country in the certificate.
        certificate: String,
    },
    /// Not of the country whose list this is.
    #[error("the source is {expected}'s, but the certificate is of {}", .found.as_deref().unwrap_or("no country"))]
    OtherCountry {
        /// The country of the source.
        expected: String,
        /// The country of the certificate.
        found: Option<String>,
    },
    /// The key is too small.
    #[error("its key is {key}; at least {least} is asked for")]
    WeakKey {
        /// What it is.
        key: String,
        /// What is asked for.
        least: String,
    },
    /// The key is of a kind that can't be used.
    #[error("its key can't be used: {0}")]
    Key(String),
    /// The authority it names did not issue it.
    #[error("its chain does not hold: {0}")]
    Chain(ChainError),
    /// Valid for longer than the authority that issued it.
    #[error("it is valid until {until}, longer than its authority {authority} ({authority_until})")]
    Outlives {
        /// End of the signer.
        until: Timestamp,
        /// Subject of the authority.
        authority: String,
        /// End of the authority.
        authority_until: Timestamp,
    },
    /// Listed as an authority, but its certificate may not sign others.
    #[error("listed as an authority, but its certificate is none: it may not sign certificates")]
    NotAnAuthority,
    /// A chain is asked for, and no authority for one is known.
    #[error("no authority that it names as its issuer is known")]
    NoAuthority,
    /// The same key with the same kid for the same use was let in before.
    #[error("it is there twice")]
    Duplicate,
}

impl Why {
    /// A word for the sums.
    pub const fn kind(&self) -> &'static str {
        match self {
            Why::Unusable(_) => "not usable",
            Why::PrivateKey => "private key",
            Why::Use(_) => "other use",
            Why::OtherEnvironment(_) => "other environment",
            Why::TestParticipant(_) => "test participant",
            Why::WrongCountry { .. } => "wrong country",
            Why::OtherCountry { .. } => "not the source's country",
            Why::WeakKey { .. } => "weak key",
            Why::Key(_) => "kind of key",
            Why::Chain(_) => "chain does not hold",
            Why::Outlives { .. } => "outlives its authority",
            Why::NotAnAuthority => "no authority itself",
            Why::NoAuthority => "no authority known",
            Why::Duplicate => "duplicate",
        }
    }
}
