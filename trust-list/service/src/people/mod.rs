//! People and programs: who they are, and what they may do.

pub mod password;
pub mod roles;
pub mod sessions;
pub mod sign_in;
pub mod totp;

use hcert::time::Timestamp;

use crate::{
    clock::Clock,
    random,
    store::{ClientRow, Store, StoreError, UserRow},
};
use roles::Roles;

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
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A name as people sign in with.
fn check_name(name: &str) -> Result<(), PeopleError> {
    let good = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"-_.@".contains(&c);
    if (1..=64).contains(&name.len()) && name.bytes().all(good) {
        Ok(())
    } else {
        let why = "a name is 1 to 64 small letters, digits and - _ . @, as in `lan.nguyen`";
        Err(PeopleError::Asked(why.into()))
    }
}

/// Adds a person.
pub async fn add_user(
    store: &Store,
    clock: &Clock,
    actor: &str,
    name: &str,
    password: &str,
    roles: Roles,
) -> Result<(), PeopleError> {
    check_name(name)?;
    roles.check_person()?;
    let now = clock.now();
    let password = password::hash(password).await?;
    let row = UserRow {
        name: name.to_owned(),
        password,
        roles: roles.to_string(),
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
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// Another password.
    pub password: Option<String>,
    /// Other roles.
    pub roles: Option<Roles>,
    /// May no longer, or again, sign in.
    pub disabled: Option<bool>,
    /// One-time codes on (with a new secret) or off.
    pub totp: Option<bool>,
}

/// Changes a person, ends all their sessions, and gives the new secret of one-time codes if there
/// is one.
pub async fn change_user(
    store: &Store,
    clock: &Clock,
    actor: &str,
    name: &str,
    change: UserChange,
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
    if let Some(roles) = change.roles {
        roles.check_person()?;
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
            user.totp = Some(new.bytes().to_vec());
            secret = Some(new);
        }
    }
    // The last one who can let others in must not lock everybody out.
    let administrator = |user: &UserRow| {
        let roles: Option<Roles> = user.roles.parse().ok();
        !user.disabled && roles.is_some_and(|roles| roles.has(roles::Role::Administrator))
    };
    let others = tx.users().await?;
    let others = others.iter().filter(|other| other.name != name);
    if !administrator(&user) && !others.into_iter().any(administrator) {
        let why = "this is the last administrator: make another one first";
        return Err(PeopleError::Asked(why.into()));
    }
    tx.set_user(&user).await?;
    tx.end_sessions_of(name).await?;
    let detail = serde_json::json!({ "changed": done, "roles": user.roles });
    tx.audit(now, actor, "user.change", name, &detail).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Adds a program; gives its key, which is nowhere else from then on.
pub async fn add_client(
    store: &Store,
    clock: &Clock,
    actor: &str,
    name: &str,
    roles: Roles,
    kids: &[Vec<u8>],
    all_kids: bool,
) -> Result<zeroize::Zeroizing<String>, PeopleError> {
    check_name(name)?;
    if roles.is_empty() {
        return Err(PeopleError::Asked("at least one role is needed".into()));
    }
    let now: Timestamp = clock.now();
    let key = random::token()?;
    let kids = match all_kids {
        true => "*".to_owned(),
        false => {
            let kids: Vec<_> = kids.iter().map(|kid| hcert::base64::encode(kid)).collect();
            kids.join(",")
        }
    };
    let row = ClientRow {
        name: name.to_owned(),
        key_hash: sessions::hash(&key),
        scopes: roles.to_string(),
        kids,
        disabled: false,
        created_at: now.unix(),
    };
    let mut tx = store.write().await?;
    match tx.add_client(&row).await {
        Err(StoreError::Exists) => return Err(PeopleError::Exists(name.to_owned())),
        other => other?,
    }
    let detail = serde_json::json!({ "roles": row.scopes, "kids": row.kids });
    tx.audit(now, actor, "client.add", name, &detail).await?;
    tx.commit().await?;
    Ok(key)
}

/// Takes a program's rights away.
pub async fn disable_client(
    store: &Store,
    clock: &Clock,
    actor: &str,
    name: &str,
) -> Result<(), PeopleError> {
    let mut tx = store.write().await?;
    if !tx.disable_client(name).await? {
        return Err(PeopleError::Unknown(name.to_owned()));
    }
    let detail = serde_json::json!({});
    tx.audit(clock.now(), actor, "client.disable", name, &detail)
        .await?;
    tx.commit().await?;
    Ok(())
}
