//! One-time codes (RFC 6238): SHA-1, 6 digits, 30 seconds, as every phone's program takes them.

use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

use crate::{
    random,
    vault::{Vault, VaultError},
};

/// The secret that a phone and the service share.
pub struct Secret(Zeroizing<[u8; 20]>);

impl Secret {
    /// A new one.
    pub fn new() -> Result<Secret, random::NoRandom> {
        Ok(Secret(random::bytes()?))
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0[..]
    }

    /// As it lies in the database.
    pub(super) fn seal(&self, vault: &Vault, name: &str) -> Result<Vec<u8>, VaultError> {
        vault.seal(&purpose(name), self.bytes())
    }

    /// To be typed or scanned into a phone.
    pub fn base32(&self) -> String {
        totp(self.bytes()).map_or_else(String::new, |totp| totp.secret().to_base32())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// A person's secret, out of the database.
pub(super) fn open(
    vault: &Vault,
    name: &str,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let secret = vault.open(&purpose(name), sealed);
    secret.ok_or(VaultError::Sealed)
}

/// Bound to the name: nobody's secret can be put in another's place.
fn purpose(name: &str) -> String {
    format!("totp:{name}")
}

/// The time step whose code this is, if it is one of now, the step before or the step after.
pub fn step_of(secret: &[u8], code: &str, now: i64) -> Option<i64> {
    let now = u64::try_from(now).ok()?;
    let step = totp(secret)?.check(code.trim(), now)?;
    i64::try_from(step).ok()
}

/// The code of an instant, for tests.
pub fn code(secret: &[u8], now: i64) -> Option<String> {
    let now = u64::try_from(now).ok()?;
    Some(totp(secret)?.generate(now).to_string())
}

fn totp(secret: &[u8]) -> Option<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(secret.to_vec())
        .build()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_6238_appendix_b() {
        let secret = b"12345678901234567890";
        for (at, code) in [
            (59, "287082"),
            (1111111109, "081804"),
            (20000000000, "353130"),
        ] {
            assert_eq!(super::code(secret, at).as_deref(), Some(code));
            assert_eq!(step_of(secret, code, at), Some(at / 30));
            assert_eq!(step_of(secret, code, at + 30), Some(at / 30));
            assert_eq!(step_of(secret, code, at + 61), None);
        }
        assert_eq!(step_of(secret, "", 59), None);
        assert_eq!(step_of(secret, "28708", 59), None);
    }
}
