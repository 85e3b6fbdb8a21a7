//! A sign-in under way, as the browser keeps it for us.

use serde::{Deserialize, Serialize};
use service::{random, vault::Vault};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::domain::Refusal;

/// People have this many seconds to sign in at the provider: ten minutes.
pub(crate) const PATIENCE: i64 = 600;
const PURPOSE: &str = "oidc: a sign-in under way";
/// A cookie of ours is a third of that.
const LONGEST: usize = 1500;

/// What ties the provider's answer to the browser that asked. It lies with the browser alone,
/// sealed: whoever else brings an answer, or brings it later, does not have it.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(super) struct Pending {
    /// Comes back with the answer.
    pub(super) state: String,
    /// Comes back inside the ID token.
    pub(super) nonce: String,
    /// The PKCE verifier: the code is worth nothing without it.
    pub(super) verifier: String,
    /// Seconds since 1970.
    pub(super) since: i64,
}

impl Pending {
    pub(super) fn new(now: i64) -> Result<Pending, Refusal> {
        Ok(Pending {
            state: random::token()?.to_string(),
            nonce: random::token()?.to_string(),
            verifier: random::token()?.to_string(),
            since: now,
        })
    }

    /// As a cookie's value.
    pub(super) fn seal(&self, vault: &Vault) -> Result<String, Refusal> {
        // A struct of texts and a number is always JSON.
        let text = Zeroizing::new(serde_json::to_vec(self).unwrap_or_default());
        let sealed = vault.seal(PURPOSE, &text);
        let sealed = sealed.map_err(service::people::PeopleError::from)?;
        Ok(hcert::base64::encode_url(&sealed))
    }

    /// Out of a cookie; none that is not ours, or too old.
    pub(super) fn open(vault: &Vault, cookie: &str, now: i64) -> Option<Pending> {
        if cookie.len() > LONGEST {
            return None;
        }
        let sealed = hcert::base64::decode(cookie)?;
        let text = vault.open(PURPOSE, &sealed)?;
        let pending: Pending = serde_json::from_slice(&text).ok()?;
        (0..=PATIENCE)
            .contains(&(now - pending.since))
            .then_some(pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_and_only_for_a_while() {
        let vault = Vault::new(&[1; 32]);
        let cookie = Pending::new(1000).unwrap().seal(&vault).unwrap();
        assert!(cookie.len() < LONGEST / 3 + 100, "{}", cookie.len());
        assert!(Pending::open(&vault, &cookie, 1000).is_some());
        assert!(Pending::open(&vault, &cookie, 1600).is_some());
        assert!(Pending::open(&vault, &cookie, 1601).is_none());
        assert!(Pending::open(&vault, &cookie, 999).is_none());
        assert!(Pending::open(&Vault::new(&[2; 32]), &cookie, 1000).is_none());
        let mut other = cookie.clone().into_bytes();
        other[40] = if other[40] == b'A' { b'B' } else { b'A' };
        let other = String::from_utf8(other).unwrap();
        assert!(Pending::open(&vault, &other, 1000).is_none());
        assert!(Pending::open(&vault, "", 1000).is_none());
    }
}
