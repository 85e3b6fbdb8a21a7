//! Keys in an HSM, through PKCS #11 (OASIS, version 2.40 and later).
//!
//! A [`Token`] is opened once for all its keys and logged in once; a [`Pkcs11Signer`] signs with
//! one of them. Private keys are only used, never read. [`generate`] makes a key pair in the
//! token and [`request`] a request for its certificate, so that a CSCA that is offline can sign
//! a DSC for it.

mod error;
mod generate;
mod module;
mod name;
mod sessions;
mod signer;
mod token;

pub use error::Pkcs11Error;
pub use generate::{KeyKind, generate, request};
pub use name::{BadKeyName, KeyName, TokenName};
pub use signer::Pkcs11Signer;
pub use token::Token;
