//! X.509 of the field: the CSCA of a country, the DSCs it signs, requests for them, and the list of
//! those it revoked.
//!
//! `x509-cert` parses and builds. What is ours is what the health certificates add to RFC 5280:
//! the kid, the kinds of certificate a DSC may sign, and leniency towards a dozen DSCs in
//! production that are not strict DER.

mod certificate;
mod chain;
pub mod crl;
pub mod make;
mod name;
pub mod request;
mod sign;
mod signature;
mod usage;

pub use certificate::{Certificate, CertificateError};
pub use chain::{ChainError, SignedError};
pub use usage::{EventKind, KeyUsage};
