//! What can go wrong with an HSM, for people.

use cryptoki::error::{Error, RvError};

/// Why a token, or a key in it, can't be used. No PIN is ever in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Pkcs11Error {
    /// The module can't be loaded.
    #[error("{path}: this PKCS #11 module can't be used: {why}")]
    Module {
        /// The shared library.
        path: String,
        /// Why not.
        why: String,
    },
    /// No token of this name.
    #[error("there is no token {wanted} behind {module}; there are: {there}")]
    NoToken {
        /// The module.
        module: String,
        /// How it was named.
        wanted: String,
        /// The labels there are.
        there: String,
    },
    /// Several tokens of this name.
    #[error("several tokens have the label {0}: name the one by its serial number")]
    SeveralTokens(String),
    /// The token does not know this PIN.
    #[error(
        "the PIN is not that of the token {token}{}",
        if *.last_try { ": one more wrong PIN locks the token" } else { "" }
    )]
    WrongPin {
        /// The token's label.
        token: String,
        /// Whether the next failure locks it.
        last_try: bool,
    },
    /// Too many wrong PINs.
    #[error("the token {0} is locked after wrong PINs: its security officer has to set a new one")]
    PinLocked(String),
    /// No key of this name.
    #[error("there is no {what} key with {key} in the token {token}")]
    NoKey {
        /// The token's label.
        token: String,
        /// How it was named.
        key: String,
        /// `private` or `public`.
        what: &'static str,
    },
    /// Several keys of this name.
    #[error("there are several {what} keys with {key} in the token {token}: name one by its id")]
    SeveralKeys {
        /// The token's label.
        token: String,
        /// How it was named.
        key: String,
        /// `private` or `public`.
        what: &'static str,
    },
    /// A key of this id is there already.
    #[error("a key with {key} is in the token {token} already: give the new one another id")]
    KeyExists {
        /// The token's label.
        token: String,
        /// Its name.
        key: String,
    },
    /// The key is no key that signs health certificates.
    #[error("the key with {key} in the token {token} is neither P-256 nor Ed25519")]
    KeyKind {
        /// The token's label.
        token: String,
        /// Its name.
        key: String,
    },
    /// The key signs, but not what its certificate's key verifies.
    #[error("the private key with {key} in the token {token} does not belong to the certificate")]
    OtherKey {
        /// The token's label.
        token: String,
        /// Its name.
        key: String,
    },
    /// The token made a key that can be taken out of it.
    #[error("the token {0} makes keys that can be taken out of it: the new one was destroyed")]
    Extractable(String),
    /// The token is gone, and was not there again when it was tried once more.
    #[error("the token {token} is gone: {why}; see that the HSM is connected and on")]
    Lost {
        /// The token's label.
        token: String,
        /// The module's answer.
        why: String,
    },
    /// Any other failure.
    #[error("the token {token} refuses to {doing}: {why}")]
    Refused {
        /// The token's label.
        token: String,
        /// What was tried.
        doing: &'static str,
        /// The module's answer.
        why: String,
    },
    /// The request could not be made.
    #[error(transparent)]
    Request(#[from] hcert::x509::make::MakeError),
}

/// The module's answer by the name the standard gives it: its sentences fill pages.
pub(super) fn answer(error: &Error) -> String {
    match error {
        Error::Pkcs11(code, function) => format!("{code:?} from C_{function:?}"),
        other => other.to_string(),
    }
}

/// Whether session, login or device went away, so that opening all anew may help.
pub(super) fn is_loss(error: &Error) -> bool {
    matches!(
        error,
        Error::Pkcs11(
            RvError::SessionHandleInvalid
                | RvError::SessionClosed
                | RvError::DeviceRemoved
                | RvError::DeviceError
                | RvError::TokenNotPresent
                | RvError::TokenNotRecognized
                | RvError::SlotIdInvalid
                | RvError::UserNotLoggedIn
                | RvError::KeyHandleInvalid
                | RvError::ObjectHandleInvalid
                | RvError::CryptokiNotInitialized,
            _
        )
    )
}
