//! Sessions: on the server's side, named by 256 random bits.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::PeopleError;
use crate::{
    clock::Clock,
    random,
    roles::{Role, Roles},
    store::{Store, StoreError},
};

/// A session ends this many seconds after it began: 12 hours, a long day.
pub const LONGEST: i64 = 12 * 3600;
/// And this many seconds after its last request: half an hour.
pub const IDLE: i64 = 30 * 60;

/// A session of a person who signed in.
#[derive(Clone)]
pub struct Session {
    /// Whose.
    pub name: String,
    roles: String,
    token_hash: String,
    secret: Zeroizing<Vec<u8>>,
}

/// How a token lies in the database: whoever reads that can't sign in with it.
pub fn hash(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

impl Session {
    /// Opens a session; gives the token for the cookie. Always a new one, whatever the browser
    /// brought along.
    pub async fn open(
        store: &Store,
        clock: &Clock,
        name: &str,
    ) -> Result<Zeroizing<String>, PeopleError> {
        let now = clock.now().unix();
        let token = random::token()?;
        let secret = random::bytes::<32>()?;
        let mut tx = store.write().await?;
        tx.end_old_sessions(now - LONGEST, now - IDLE).await?;
        tx.add_session(&hash(&token), name, &secret[..], now)
            .await?;
        tx.commit().await?;
        Ok(token)
    }

    /// The session of a token, if it goes on.
    pub async fn of_token(
        store: &Store,
        clock: &Clock,
        token: &str,
    ) -> Result<Option<Session>, StoreError> {
        let now = clock.now().unix();
        let hash = hash(token);
        let mut tx = store.read().await?;
        let row = tx.session(&hash, now - LONGEST, now - IDLE).await?;
        drop(tx);
        let Some(row) = row else { return Ok(None) };
        // Once a minute is enough: a write for each page would be one too many.
        if now - row.seen > 60 {
            let mut tx = store.write().await?;
            tx.touch_session(&hash, now).await?;
            tx.commit().await?;
        }
        Ok(Some(Session {
            name: row.name,
            roles: row.roles,
            token_hash: row.token,
            secret: Zeroizing::new(row.secret),
        }))
    }

    /// What the person may do, at this moment. None, where the database names a role that the
    /// service does not have.
    pub fn roles<R: Role>(&self) -> Roles<R> {
        self.roles.parse().unwrap_or_default()
    }

    /// Ends it.
    pub async fn end(&self, store: &Store) -> Result<(), StoreError> {
        let mut tx = store.write().await?;
        tx.end_session(&self.token_hash).await?;
        tx.commit().await
    }

    /// The token of one form: good for that form, in this session.
    pub fn form_token(&self, action: &str) -> String {
        let mac = self.mac(action).map(|mac| mac.finalize().into_bytes());
        mac.map_or_else(String::new, |bytes| hcert::base64::encode_url(&bytes))
    }

    /// Whether a form's token is right; compared in constant time.
    pub fn is_form_token(&self, action: &str, token: &str) -> bool {
        let given = hcert::base64::decode(token);
        match (self.mac(action), given) {
            (Some(mac), Some(given)) => mac.verify_slice(&given).is_ok(),
            _ => false,
        }
    }

    fn mac(&self, action: &str) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).ok()?;
        mac.update(action.as_bytes());
        Some(mac)
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Session({})", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_tokens_are_for_one_form_of_one_session() {
        let session = |secret: u8| Session {
            name: "lan".into(),
            roles: String::new(),
            token_hash: String::new(),
            secret: Zeroizing::new(vec![secret; 32]),
        };
        let token = session(1).form_token("/desk/publish");
        assert!(session(1).is_form_token("/desk/publish", &token));
        assert!(!session(1).is_form_token("/desk/keys", &token));
        assert!(!session(2).is_form_token("/desk/publish", &token));
        assert!(!session(1).is_form_token("/desk/publish", ""));
        assert!(!session(1).is_form_token("/desk/publish", &token[1..]));
    }
}
