//! People and programs: what they may do, and who changes it. How people sign in is in
//! [`service::people`].

pub mod roles;

use hcert::time::Timestamp;
use service::{
    clock::Clock,
    people::{PeopleError, check_name, sessions, totp},
    random,
    store::UserRow,
    vault::Vault,
};

use crate::store::{ClientRow, Store, StoreError};
use roles::{Role, Roles};

/// What an administrator changes of a person.
pub type UserChange = service::people::UserChange<Role>;

/// What a person can have.
fn check_person(roles: &Roles) -> Result<(), PeopleError> {
    if roles.has(Role::Issuer) {
        let why = "issuer is a role of programs: add a client";
        return Err(PeopleError::Asked(why.into()));
    }
    Ok(())
}

/// The last one who can let others in must not lock everybody out.
fn check_administrators(users: &[UserRow]) -> Result<(), PeopleError> {
    let administrator = |user: &UserRow| {
        let roles: Option<Roles> = user.roles.parse().ok();
        !user.disabled && roles.is_some_and(|roles| roles.has(Role::Administrator))
    };
    if users.iter().any(administrator) {
        return Ok(());
    }
    let why = "this is the last administrator: make another one first";
    Err(PeopleError::Asked(why.into()))
}

/// Adds a person.
pub async fn add_user(
    store: &Store,
    clock: &Clock,
    actor: &str,
    name: &str,
    password: &str,
    roles: &Roles,
) -> Result<(), PeopleError> {
    check_person(roles)?;
    service::people::add_user(store, clock, actor, name, password, roles).await
}

/// Changes a person, ends all their sessions, and gives the new secret of one-time codes if there
/// is one.
pub async fn change_user(
    store: &Store,
    clock: &Clock,
    vault: &Vault,
    actor: &str,
    name: &str,
    change: UserChange,
) -> Result<Option<totp::Secret>, PeopleError> {
    if let Some(roles) = &change.roles {
        check_person(roles)?;
    }
    let check = check_administrators;
    service::people::change_user(store, clock, vault, actor, name, change, check).await
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
