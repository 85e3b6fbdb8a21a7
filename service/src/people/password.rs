//! Passwords: Argon2id.

use std::sync::OnceLock;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _},
};
use tokio::sync::Semaphore;

use super::PeopleError;
use crate::random;

/// Shortest password, in characters.
pub const SHORTEST: usize = 12;
/// Longest one, in bytes: more only costs time.
const LONGEST: usize = 512;

/// Each takes 19 MiB and 20 ms: more at once would let strangers fill the memory.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// The OWASP recommendation for Argon2id: 19 MiB, 2 passes, 1 lane.
fn argon() -> Argon2<'static> {
    let parameters = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
}

/// The hash of a new password, in PHC form.
pub async fn hash(password: &str) -> Result<String, PeopleError> {
    let asked = |why: String| PeopleError::Asked(why);
    if password.chars().count() < SHORTEST || password.len() > LONGEST {
        return Err(asked(format!(
            "a password has {SHORTEST} characters or more: three or four words do well"
        )));
    }
    let salt = random::bytes::<16>()?;
    let password = zeroize::Zeroizing::new(password.to_owned());
    let hash = move || {
        argon()
            .hash_password_with_salt(password.as_bytes(), &salt[..])
            .map(|hash| hash.to_string())
    };
    match in_turn(hash).await {
        Some(Ok(hash)) => Ok(hash),
        _ => Err(asked("the password could not be hashed".into())),
    }
}

/// Whether it is the password. For a user that does not exist, give no hash: it takes as long.
pub async fn verify(password: &str, hash: Option<String>) -> bool {
    static NOBODY: OnceLock<String> = OnceLock::new();
    if password.len() > LONGEST {
        return false;
    }
    let password = zeroize::Zeroizing::new(password.to_owned());
    let check = move || {
        let nobody = || {
            let hash = argon().hash_password_with_salt(b"nobody", &[7; 16]);
            hash.map(|hash| hash.to_string()).unwrap_or_default()
        };
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.get_or_init(nobody).clone());
        let right = argon().verify_password(password.as_bytes(), hash.as_str());
        right.is_ok() && known
    };
    in_turn(check).await.unwrap_or(false)
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let _permit = AT_ONCE.acquire().await.ok()?;
    tokio::task::spawn_blocking(work).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn hashed_and_verified() {
        let stored = hash("three small words").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("three small words", Some(stored.clone())).await);
        assert!(!verify("three small word", Some(stored)).await);
        assert!(!verify("nobody", None).await);
        assert!(!verify("x", Some("not a hash".into())).await);
        assert!(hash("short").await.is_err());
        assert!(hash(&"x".repeat(LONGEST + 1)).await.is_err());
    }
}
