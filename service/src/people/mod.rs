//! People: who they are, how they sign in, what an administrator changes of them.

pub mod password;
pub mod sessions;
pub mod sign_in;
pub mod totp;

use crate::{
    clock::Clock,
    random,
    roles::{Role, Roles},
    store::{Store, StoreError, UserRow},
    vault::{Vault, VaultError},
};

/// Why a person or program is not added or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PeopleError {
    /// A fault in what was asked.
    #[error("{0}")]
    Asked(String),
    /// The name is in use.
    #[error("the name {0} is in use")]
    Exists(String),
    /// Nobody of that name.
    #[error("nobody is called {0}")]
    Unknown(String),
    /// No random numbers.
    #[error(transparent)]
    Random(#[from] random::NoRandom),
    /// The vault, in which the secrets of one-time codes lie.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether people and programs may be called so.
pub fn check_name(name: &str) -> Result<(), PeopleError> {
    let good = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"-_.@".contains(&c);
    if (1..=64).contains(&name.len()) && name.bytes().all(good) {
        Ok(())
    } else {
        let why = "a name is 1 to 64 small letters, digits and - _ . @, as in `lan.nguyen`";
        Err(PeopleError::Asked(why.into()))
    }
}

fn check_roles<R: Role>(roles: &Roles<R>) -> Result<(), PeopleError> {
    match roles.is_empty() {
        true => Err(PeopleError::Asked("at least one role is needed".into())),
        false => Ok(()),
    }
}

/// Adds a person. Which roles a person may have, the service has checked.
pub async fn add_user<R: Role>(
    store: &Store,
    clock: &Clock,
    actor: &str,
    name: &str,
    password: &str,
    roles: &Roles<R>,
) -> Result<(), PeopleError> {
    check_name(name)?;
    check_roles(roles)?;
    let now = clock.now();
    let roles = roles.to_string();
    let password = password::hash(password).await?;
    let row = UserRow {
        name: name.to_owned(),
        password,
        roles,
        totp: None,
        totp_step: 0,
        disabled: false,
        created_at: now.unix(),
    };
    let mut tx = store.write().await?;
    match tx.add_user(&row).await {
        Err(StoreError::Exists) => return Err(PeopleError::Exists(name.to_owned())),
        other => other?,
    }
    let detail = serde_json::json!({ "roles": row.roles });
    tx.audit(now, actor, "user.add", name, &detail).await?;
    tx.commit().await?;
    Ok(())
}

/// What an administrator changes of a person.
#[derive(Clone)]
pub struct UserChange<R: Role> {
    /// Another password.
    pub password: Option<String>,
    /// Other roles.
    pub roles: Option<Roles<R>>,
    /// May no longer, or again, sign in.
    pub disabled: Option<bool>,
    /// One-time codes on (with a new secret) or off.
    pub totp: Option<bool>,
}

impl<R: Role> Default for UserChange<R> {
    fn default() -> UserChange<R> {
        UserChange {
            password: None,
            roles: None,
            disabled: None,
            totp: None,
        }
    }
}

impl<R: Role> std::fmt::Debug for UserChange<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserChange")
            .field("password", &self.password.is_some())
            .field("roles", &self.roles)
            .field("disabled", &self.disabled)
            .field("totp", &self.totp)
            .finish()
    }
}

/// Changes a person, ends all their sessions, and gives the new secret of one-time codes if there
/// is one. `check` looks at all people as they would be afterwards, and may refuse: somebody has to
/// be left who can let others in.
pub async fn change_user<R: Role>(
    store: &Store,
    clock: &Clock,
    vault: &Vault,
    actor: &str,
    name: &str,
    change: UserChange<R>,
    check: impl FnOnce(&[UserRow]) -> Result<(), PeopleError>,
) -> Result<Option<totp::Secret>, PeopleError> {
    let now = clock.now();
    let password = match &change.password {
        Some(password) => Some(password::hash(password).await?),
        None => None,
    };
    let mut tx = store.write().await?;
    let unknown = || PeopleError::Unknown(name.to_owned());
    let mut user = tx.user(name).await?.ok_or_else(unknown)?;
    let mut done = Vec::new();
    if let Some(password) = password {
        user.password = password;
        done.push("password");
    }
    if let Some(roles) = &change.roles {
        check_roles(roles)?;
        user.roles = roles.to_string();
        done.push("roles");
    }
    if let Some(disabled) = change.disabled {
        user.disabled = disabled;
        done.push(if disabled { "disabled" } else { "enabled" });
    }
    let mut secret = None;
    if let Some(on) = change.totp {
        user.totp_step = 0;
        user.totp = None;
        done.push(if on { "codes on" } else { "codes off" });
        if on {
            let new = totp::Secret::new()?;
            user.totp = Some(new.seal(vault, name)?);
            secret = Some(new);
        }
    }
    let mut all = tx.users().await?;
    for row in &mut all {
        if row.name == name {
            row.clone_from(&user);
        }
    }
    check(&all)?;
    tx.set_user(&user).await?;
    tx.end_sessions_of(name).await?;
    let detail = serde_json::json!({ "changed": done, "roles": user.roles });
    tx.audit(now, actor, "user.change", name, &detail).await?;
    tx.commit().await?;
    Ok(secret)
}
