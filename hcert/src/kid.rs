//! The key identifier.

use alloc::vec::Vec;

use sha2::{Digest, Sha256};

/// Names the key that signed a certificate: for a DSC the first eight bytes of SHA-256 over its
/// DER (HCERT specification, section 2.6.4).
///
/// Several certificates can share a kid, so a lookup yields a list, and a kid proves nothing.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kid(Vec<u8>);

impl Kid {
    /// The kid of a certificate, by its DER.
    pub fn of_certificate(der: &[u8]) -> Kid {
        Kid(Sha256::digest(der)
            .as_slice()
            .iter()
            .copied()
            .take(8)
            .collect())
    }

    /// A kid as it was received.
    pub fn from_bytes(bytes: &[u8]) -> Kid {
        Kid(bytes.to_vec())
    }

    /// From base64, as trust lists write it; the URL alphabet and missing padding are taken too.
    pub fn from_base64(text: &str) -> Option<Kid> {
        crate::base64::decode(text).map(Kid)
    }

    /// The identifier's bytes, eight for a DSC.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl core::borrow::Borrow<[u8]> for Kid {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl core::fmt::Display for Kid {
    /// Base64 with padding, the form of trust lists.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&crate::base64::encode(&self.0))
    }
}

impl core::fmt::Debug for Kid {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Kid({self})")
    }
}
