//! Why a list can't be imported at all.

use hcert::{time::Timestamp, x509::SignedError};
use trust_list::import::{FileError, Form};

/// Why a list can't be imported. Faults of single entries are no errors: they are in
/// [`trust_list::import::Listing::refused`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Not a readable file.
    #[error(transparent)]
    File(#[from] FileError),
    /// Readable, but not of this form.
    #[error("this is not a {form}: {why}")]
    Form {
        /// The form it was to have.
        form: Form,
        /// What is missing or wrong.
        why: String,
    },
    /// A key to check it with was given, and the check failed.
    #[error("the {form} is not vouched for: {why}")]
    Proof {
        /// The form.
        form: Form,
        /// Why.
        #[source]
        why: ProofError,
    },
}

impl ImportError {
    pub(crate) fn form(form: Form, why: impl core::fmt::Display) -> ImportError {
        ImportError::Form {
            form,
            why: why.to_string(),
        }
    }
}

/// Why a proof or signature is not the word of the signer it was checked against.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// There is none.
    #[error("it carries no proof, although a key to check one was given")]
    Missing,
    /// It can't be read, or is of a kind that is not known here.
    #[error("its proof can't be checked: {0}")]
    Unreadable(String),
    /// It names another signer than the one that was given.
    #[error("its proof names the signer {named}, but the pinned one is {pinned}")]
    OtherSigner {
        /// Who it names.
        named: String,
        /// Who was expected.
        pinned: String,
    },
    /// The document has parts that its proof does not cover, or might not.
    #[error("the proof does not cover all that would be read: {0}")]
    Uncovered(String),
    /// The signature is not of this content by this key.
    #[error("the signature does not match: the list was changed, or another key signed it")]
    Signature,
    /// Signed in a way that is not read here.
    #[error("it is signed with {0}, which is not supported")]
    Algorithm(String),
    /// It is from the future.
    #[error(
        "it is valid from {from}, which is after the time of the import, {at}: is the clock right?"
    )]
    NotYet {
        /// Its beginning.
        from: Timestamp,
        /// The time of the import.
        at: Timestamp,
    },
    /// It is too old.
    #[error(
        "it was valid until {until}, which is before the time of the import, {at}: fetch it anew"
    )]
    Expired {
        /// Its end.
        until: Timestamp,
        /// The time of the import.
        at: Timestamp,
    },
    /// The signature is over other content.
    #[error("the signature is over another version of the content: fetch both files anew")]
    OtherContent,
    /// The signer's certificate does not stand below the given one.
    #[error("the signer's certificate is not trusted: {0}")]
    Signer(String),
}

impl From<SignedError> for ProofError {
    fn from(error: SignedError) -> ProofError {
        match error {
            SignedError::Algorithm(algorithm) => ProofError::Algorithm(algorithm),
            _ => ProofError::Signature,
        }
    }
}
