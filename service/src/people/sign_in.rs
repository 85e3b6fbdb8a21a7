//! Signing in: a password, a one-time code where the person uses them, and patience with neither.

use zeroize::Zeroizing;

use super::{PeopleError, password, sessions::Session, totp};
use crate::{
    clock::Clock,
    store::{Failures, Store, Tx},
    vault::Vault,
};

/// Failures in a row of one user that cost nothing.
const FREE_OF_USER: i64 = 5;
/// And of one address, behind which a whole office may sit.
const FREE_OF_ADDRESS: i64 = 20;

/// What somebody offers.
#[derive(Clone)]
pub struct Attempt<'a> {
    /// The name.
    pub name: &'a str,
    /// The password.
    pub password: &'a str,
    /// The one-time code, empty if none was typed.
    pub code: &'a str,
    /// The address it comes from.
    pub address: &'a str,
}

/// How it ended.
#[derive(Debug)]
pub enum Outcome {
    /// Signed in; the token for the cookie.
    In(Zeroizing<String>),
    /// Wrong name, password or code: which one is nobody's business.
    Wrong,
    /// Too many failures; seconds to wait.
    Wait(i64),
}

/// Signs in, or not.
pub async fn sign_in(
    store: &Store,
    clock: &Clock,
    vault: &Vault,
    attempt: Attempt<'_>,
) -> Result<Outcome, PeopleError> {
    let now = clock.now().unix();
    let user_key = format!("user:{}", attempt.name.chars().take(64).collect::<String>());
    let address_key = format!("address:{}", attempt.address);
    let mut tx = store.read().await?;
    let wait = waiting(&mut tx, [&user_key, &address_key], now).await?;
    let user = tx.user(attempt.name).await?;
    drop(tx);
    if wait > 0 {
        return Ok(Outcome::Wait(wait));
    }
    let user = user.filter(|user| !user.disabled);
    let hash = user.as_ref().map(|user| user.password.clone());
    let mut right = password::verify(attempt.password, hash).await;
    let mut tx = store.write().await?;
    // Others may have failed while the password was being checked: all at once is no way around.
    let wait = waiting(&mut tx, [&user_key, &address_key], now).await?;
    if wait > 0 {
        return Ok(Outcome::Wait(wait));
    }
    if let Some(sealed) = user.as_ref().and_then(|user| user.totp.as_ref())
        && right
    {
        let secret = totp::open(vault, attempt.name, sealed)?;
        right = match totp::step_of(&secret, attempt.code, now) {
            Some(step) => tx.use_totp_step(attempt.name, step).await?,
            None => false,
        };
    }
    if !right {
        for (key, free) in [(&user_key, FREE_OF_USER), (&address_key, FREE_OF_ADDRESS)] {
            let before = tx.failures(key).await?;
            tx.set_failures(key, before.and_another(free, now)).await?;
        }
        tx.forget_failures(now - Failures::FORGET).await?;
        tx.commit().await?;
        return Ok(Outcome::Wrong);
    }
    tx.set_failures(&user_key, Failures::default()).await?;
    let actor = format!("user:{}", attempt.name);
    let detail = serde_json::json!({});
    tx.audit(clock.now(), &actor, "sign-in", attempt.name, &detail)
        .await?;
    tx.commit().await?;
    Ok(Outcome::In(
        Session::open(store, clock, attempt.name).await?,
    ))
}

async fn waiting(tx: &mut Tx, keys: [&str; 2], now: i64) -> Result<i64, PeopleError> {
    let mut wait = 0;
    for key in keys {
        wait = wait.max(tx.failures(key).await?.locked_until - now);
    }
    Ok(wait)
}
