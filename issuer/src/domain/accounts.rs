//! People who work with the issuer, and their accounts.

#[cfg(feature = "oidc")]
mod subject;
mod words;

use serde_json::json;
use service::{
    people::{self, PeopleError, password, totp::Secret},
    store::UserRow,
};
use zeroize::Zeroizing;

use super::{Issuer, Refusal, places::needs};
use crate::{
    actor::Actor,
    place::{Level, Place},
    roles::{Role, Roles},
    store::{AccountRow, StoreError, Tx},
};

pub(crate) use words::{first_password, name_for};

/// What an administrator changes of an account.
#[derive(Debug, Clone, Default)]
pub struct AccountChange {
    /// A new first password, to be changed at the next sign-in.
    pub reset: bool,
    /// Other roles.
    pub roles: Option<Roles>,
    /// Another place.
    pub place: Option<Place>,
    /// May no longer, or again, sign in.
    pub disabled: Option<bool>,
    /// One-time codes on (with a new secret) or off.
    pub totp: Option<bool>,
}

/// What an account change gives, once.
#[derive(Debug, Default)]
pub struct Given {
    /// The first password.
    pub password: Option<Zeroizing<String>>,
    /// The secret of one-time codes.
    pub secret: Option<Secret>,
}

/// An account that is to be added.
pub(crate) struct NewAccount {
    pub(crate) name: String,
    pub(crate) full_name: String,
    pub(crate) roles: Roles,
    pub(crate) place: Place,
}

impl NewAccount {
    /// Whether the actor may add it, at a place of this level.
    pub(crate) fn check(&self, actor: &Actor, level: Option<Level>) -> Result<(), Refusal> {
        people::check_name(&self.name)?;
        if intake::record::Line::new(&self.full_name).is_err() {
            let why = "the full name is one line of 1 to 80 characters";
            return Err(Refusal::Asked(why.into()));
        }
        may_give(actor, &self.roles, &self.place)?;
        let level = level.ok_or(Refusal::NotFound("place"))?;
        check_site(&self.roles, level)
    }
}

impl Issuer {
    /// The account of somebody who signed in.
    pub async fn account(&self, name: &str) -> Result<AccountRow, Refusal> {
        let account = self.store.read().await?.account(name).await?;
        account.ok_or(Refusal::NotFound("account"))
    }

    /// The accounts of a place the actor sees, and of what lies below.
    pub async fn accounts(
        &self,
        actor: &Actor,
        within: &Place,
    ) -> Result<Vec<AccountRow>, Refusal> {
        oversees(actor)?;
        if !actor.sees(within) {
            return Err(Refusal::NotFound("place"));
        }
        Ok(self.store.read().await?.accounts_within(within).await?)
    }

    /// Adds an account, with a first password that has to be changed. Nobody gives a role or a place
    /// beyond the own.
    pub async fn add_account(
        &self,
        actor: &Actor,
        name: &str,
        full_name: &str,
        roles: Roles,
        place: &Place,
    ) -> Result<Zeroizing<String>, Refusal> {
        let account = NewAccount {
            name: name.to_owned(),
            full_name: intake::tidy(full_name),
            roles,
            place: place.clone(),
        };
        let first = first_password()?;
        self.add_account_with(actor, &account, &first).await?;
        Ok(first)
    }

    /// As [`Issuer::add_account`], with a password that was chosen elsewhere.
    pub(crate) async fn add_account_with(
        &self,
        actor: &Actor,
        account: &NewAccount,
        password: &str,
    ) -> Result<(), Refusal> {
        needs(actor, Role::Administrator)?;
        if !actor.sees(&account.place) {
            return Err(Refusal::NotFound("place"));
        }
        let hash = password::hash(password).await?;
        let mut tx = self.store.write().await?;
        let level = tx.place(&account.place).await?;
        let level = level.and_then(|place| Level::of(&place.level));
        account.check(actor, level)?;
        self.put_account(&mut tx, actor, account, &hash).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Adds an account that was checked.
    pub(crate) async fn put_account(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        account: &NewAccount,
        hash: &str,
    ) -> Result<(), Refusal> {
        let now = self.clock.now();
        let user = UserRow {
            name: account.name.clone(),
            password: hash.to_owned(),
            roles: account.roles.to_string(),
            totp: None,
            totp_step: 0,
            disabled: false,
            created_at: now.unix(),
        };
        match tx.add_user(&user).await {
            Err(StoreError::Exists) => {
                return Err(Refusal::Exists(format!("the account {}", account.name)));
            }
            other => other?,
        }
        tx.set_account(&account.name, &account.place, &account.full_name, true)
            .await?;
        let detail = json!({ "roles": user.roles, "place": account.place.as_str() });
        let subject = format!("user:{}", account.name);
        tx.audit(now, &actor.name, "user.add", &subject, &detail)
            .await?;
        Ok(())
    }

    /// Changes an account and ends its sessions.
    pub async fn change_account(
        &self,
        actor: &Actor,
        name: &str,
        change: AccountChange,
    ) -> Result<Given, Refusal> {
        needs(actor, Role::Administrator)?;
        let mut given = Given::default();
        let mut hash = None;
        if change.reset {
            let first = first_password()?;
            hash = Some(password::hash(&first).await?);
            given.password = Some(first);
        }
        let mut tx = self.store.write().await?;
        let unknown = || Refusal::NotFound("account");
        let account = tx.account(name).await?.ok_or_else(unknown)?;
        let place: Place = account.place.parse().map_err(|_| unknown())?;
        if !actor.sees(&place) {
            return Err(unknown());
        }
        // Whoever sets a password can sign in with it: so what the account may do counts as given.
        let before: Roles = account.roles.parse().unwrap_or_default();
        may_give(actor, &before, &place)?;
        let mut user = tx.user(name).await?.ok_or_else(unknown)?;
        let to = change.place.as_ref().unwrap_or(&place);
        let roles = change.roles.as_ref().unwrap_or(&before);
        let mut done = Vec::new();
        if change.roles.is_some() || change.place.is_some() {
            may_give(actor, roles, to)?;
            let level = tx.place(to).await?;
            let level = level.and_then(|place| Level::of(&place.level));
            check_site(roles, level.ok_or(Refusal::NotFound("place"))?)?;
            user.roles = roles.to_string();
            done.push("roles and place");
        }
        let mut new_password = account.new_password;
        if let Some(hash) = hash {
            user.password = hash;
            new_password = true;
            done.push("password");
        }
        if let Some(disabled) = change.disabled {
            user.disabled = disabled;
            done.push(if disabled { "disabled" } else { "enabled" });
        }
        if let Some(on) = change.totp {
            (user.totp, user.totp_step) = (None, 0);
            done.push(if on { "codes on" } else { "codes off" });
            if on {
                let secret = Secret::new()?;
                let sealed = self.vault.seal(&format!("totp:{name}"), secret.bytes());
                user.totp = Some(sealed.map_err(PeopleError::from)?);
                given.secret = Some(secret);
            }
        }
        let leaves = before.has(Role::Administrator)
            && !account.disabled
            && (user.disabled || !roles.has(Role::Administrator) || !to.contains(&place));
        if leaves {
            somebody_stays(&mut tx, name, &place).await?;
        }
        tx.set_user(&user).await?;
        tx.set_account(name, to, &account.full_name, new_password)
            .await?;
        tx.end_sessions_of(name).await?;
        let detail = json!({ "changed": done, "roles": user.roles, "place": to.as_str() });
        let subject = format!("user:{name}");
        tx.audit(
            self.clock.now(),
            &actor.name,
            "user.change",
            &subject,
            &detail,
        )
        .await?;
        tx.commit().await?;
        Ok(given)
    }

    /// Somebody's own new password.
    pub async fn change_own_password(
        &self,
        name: &str,
        old: &str,
        new: &str,
    ) -> Result<(), Refusal> {
        let user = self.store.read().await?.user(name).await?;
        let user = user.ok_or(Refusal::NotFound("account"))?;
        if !password::verify(old, Some(user.password.clone())).await {
            return Err(Refusal::Asked("the old password is not right".into()));
        }
        if old == new {
            return Err(Refusal::Asked(
                "the new password is the old one: choose another".into(),
            ));
        }
        let hash = match password::hash(new).await {
            Err(PeopleError::Asked(why)) => return Err(Refusal::Asked(why)),
            other => other?,
        };
        let mut tx = self.store.write().await?;
        let mut row = tx.user(name).await?.ok_or(Refusal::NotFound("account"))?;
        // Somebody reset it meanwhile: the old password is no longer one.
        if row.password != user.password {
            return Err(Refusal::Changed);
        }
        row.password = hash;
        tx.set_user(&row).await?;
        tx.password_chosen(name).await?;
        tx.end_sessions_of(name).await?;
        let (actor, detail) = (format!("user:{name}"), json!({ "changed": ["password"] }));
        tx.audit(self.clock.now(), &actor, "user.password", &actor, &detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Who may look at accounts.
pub(super) fn oversees(actor: &Actor) -> Result<(), Refusal> {
    let roles = [Role::Authority, Role::Administrator, Role::Auditor];
    match actor.roles.has_any(&roles) {
        true => Ok(()),
        false => Err(Refusal::Role("authority, administrator or auditor")),
    }
}

/// Whether an administrator may give roles at a place. Nobody gives a place beyond the own. Of the
/// roles, the authority's is more than an administrator's: it makes certificates exist. So only
/// administrators of the whole country give it, and those who have it themselves.
pub(super) fn may_give(actor: &Actor, roles: &Roles, place: &Place) -> Result<(), Refusal> {
    needs(actor, Role::Administrator)?;
    if !actor.sees(place) {
        return Err(Refusal::NotFound("place"));
    }
    if roles.is_empty() {
        return Err(Refusal::Asked("at least one role is needed".into()));
    }
    let whole = actor.place.parent().is_none();
    if roles.has(Role::Authority) && !whole && !actor.is(Role::Authority) {
        return Err(Refusal::Role(
            "authority, or administrator of the whole country, to give the role authority",
        ));
    }
    Ok(())
}

/// Clerks and officers answer for a site, and so belong to one.
fn check_site(roles: &Roles, level: Level) -> Result<(), Refusal> {
    if level != Level::Site && roles.has_any(&[Role::Clerk, Role::Officer]) {
        let why = "clerks and officers belong to a site: name one, not what lies around it";
        return Err(Refusal::Asked(why.into()));
    }
    Ok(())
}

/// Whether somebody else is left who can let people in at this place.
async fn somebody_stays(tx: &mut Tx, name: &str, place: &Place) -> Result<(), Refusal> {
    let all = tx.accounts_of_role("administrator").await?;
    let stays = all.iter().any(|other| {
        let around = other.place.parse::<Place>().ok();
        other.name != name && around.is_some_and(|around| around.contains(place))
    });
    match stays {
        true => Ok(()),
        false => Err(Refusal::State {
            state: "the last administrator of this place".into(),
            why: "make somebody else one first",
        }),
    }
}
