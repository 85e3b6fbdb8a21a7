//! The key of a vaccination site.

use hcert::keys::{Signer, SoftwareKey};
use zeroize::Zeroizing;

/// The key with which a site's officer approves a record (step 2 of Decision 5772/QĐ-BYT).
/// Ed25519. Its secret is wiped when dropped.
pub struct SiteKey {
    secret: Zeroizing<[u8; 32]>,
    key: SoftwareKey,
}

/// The bytes are no site key's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret of a site key has 32 bytes, and this has {0}")]
pub struct BadSecret(pub usize);

impl SiteKey {
    /// A new key, from 32 bytes of a good source of randomness.
    pub fn generate(random: Zeroizing<[u8; 32]>) -> SiteKey {
        SiteKey {
            key: SoftwareKey::eddsa(&random),
            secret: random,
        }
    }

    /// The key again, from what [`SiteKey::secret`] gave.
    pub fn from_secret(secret: &[u8]) -> Result<SiteKey, BadSecret> {
        let mut bytes = Zeroizing::new([0; 32]);
        if secret.len() != bytes.len() {
            return Err(BadSecret(secret.len()));
        }
        bytes.copy_from_slice(secret);
        Ok(SiteKey::generate(bytes))
    }

    /// The secret, to be sealed before it is stored.
    pub fn secret(&self) -> &Zeroizing<[u8; 32]> {
        &self.secret
    }

    /// The public key as DER SubjectPublicKeyInfo.
    pub fn public(&self) -> Vec<u8> {
        self.key.spki()
    }

    pub(crate) fn signer(&self) -> &dyn Signer {
        &self.key
    }
}

impl core::fmt::Debug for SiteKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SiteKey")
    }
}
