//! Who does the arithmetic.
//!
//! [`pure`] is Rust all the way and runs everywhere, in a browser and on a bare device too.
//! `native` takes ES256 and PS256 from AWS-LC, four times as fast. Both pass the same Wycheproof
//! files, and no caller can tell them apart but by the clock.

use alloc::{boxed::Box, vec, vec::Vec};

#[cfg(not(any(target_arch = "wasm32", target_os = "none", hcert_pure)))]
pub mod native;
pub mod pure;

use super::{BadSignature, KeyError};

/// A key loaded by a backend.
pub trait Check: Send + Sync {
    /// Checks a signature over a message.
    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature>;
}

/// Loads public keys of the three algorithms.
pub trait Backend: Send + Sync {
    /// A P-256 point in SEC 1 form, uncompressed or compressed.
    fn es256(&self, point: &[u8]) -> Result<Box<dyn Check>, KeyError>;
    /// An RSA modulus and exponent, big endian.
    fn ps256(&self, n: &[u8], e: &[u8]) -> Result<Box<dyn Check>, KeyError>;
    /// The 32 bytes of an Ed25519 key. Keys of small order are refused: under them a signature
    /// can be made for any message without a secret.
    fn eddsa(&self, key: &[u8]) -> Result<Box<dyn Check>, KeyError>;
}

/// The fastest backend of this build.
pub fn fastest() -> &'static dyn Backend {
    #[cfg(not(any(target_arch = "wasm32", target_os = "none", hcert_pure)))]
    return &native::Native;
    #[cfg(any(target_arch = "wasm32", target_os = "none", hcert_pure))]
    return &pure::Pure;
}

/// Every backend of this build, by name, for tests and benchmarks.
pub fn all() -> Vec<(&'static str, &'static dyn Backend)> {
    vec![
        ("pure", &pure::Pure),
        #[cfg(not(any(target_arch = "wasm32", target_os = "none", hcert_pure)))]
        ("native", &native::Native),
    ]
}
