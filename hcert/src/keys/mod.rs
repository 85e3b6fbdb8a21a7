//! Keys: three algorithms, each bound to its key.
//!
//! A [`PublicKey`] knows the one algorithm it may be used with; the algorithm that a message names
//! has to agree, and never chooses. How a signature is computed is a [`backend`]'s affair.

pub mod backend;
#[cfg(not(any(target_arch = "wasm32", target_os = "none", hcert_pure)))]
mod ecdsa;
mod private;
mod public;
#[cfg(not(any(target_arch = "wasm32", target_os = "none", hcert_pure)))]
mod rsa;

#[cfg(not(any(target_arch = "wasm32", target_os = "none", hcert_pure)))]
pub use ecdsa::Es256Key;
pub use private::{SignError, Signer, SoftwareKey};
pub(crate) use public::bit_length;
pub use public::{KeyError, PublicKey};
#[cfg(not(any(target_arch = "wasm32", target_os = "none", hcert_pure)))]
pub use rsa::RsaKey;

/// A signature algorithm of the HCERT specification (section 2.6.3), or EdDSA, which national
/// certificates may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256; signatures are the 64 bytes r || s.
    Es256,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes.
    Ps256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// The number in a COSE header (IANA COSE algorithms).
    pub const fn cose(self) -> i64 {
        match self {
            Algorithm::Es256 => -7,
            Algorithm::Ps256 => -37,
            Algorithm::EdDsa => -8,
        }
    }

    /// The algorithm of a COSE header's number.
    pub const fn from_cose(number: i64) -> Option<Algorithm> {
        match number {
            -7 => Some(Algorithm::Es256),
            -37 => Some(Algorithm::Ps256),
            -8 => Some(Algorithm::EdDsa),
            _ => None,
        }
    }

    /// The name used by COSE and JOSE alike.
    pub const fn name(self) -> &'static str {
        match self {
            Algorithm::Es256 => "ES256",
            Algorithm::Ps256 => "PS256",
            Algorithm::EdDsa => "EdDSA",
        }
    }
}

impl core::fmt::Display for Algorithm {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

/// The signature does not belong to this message and key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not match")]
pub struct BadSignature;
