//! People who work with the issuer, and their accounts.

use service::people::totp::Secret;
use zeroize::Zeroizing;

use super::{Issuer, Refusal};
use crate::{actor::Actor, place::Place, roles::Roles, store::AccountRow};

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

impl Issuer {
    /// The account of somebody who signed in.
    pub async fn account(&self, name: &str) -> Result<AccountRow, Refusal> {
        let _ = name;
        todo!()
    }

    /// The accounts of a place the actor sees, and of what lies below.
    pub async fn accounts(
        &self,
        actor: &Actor,
        within: &Place,
    ) -> Result<Vec<AccountRow>, Refusal> {
        let _ = (actor, within);
        todo!()
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
        let _ = (actor, name, full_name, roles, place);
        todo!()
    }

    /// Changes an account and ends its sessions.
    pub async fn change_account(
        &self,
        actor: &Actor,
        name: &str,
        change: AccountChange,
    ) -> Result<Given, Refusal> {
        let _ = (actor, name, change);
        todo!()
    }

    /// Somebody's own new password.
    pub async fn change_own_password(
        &self,
        name: &str,
        old: &str,
        new: &str,
    ) -> Result<(), Refusal> {
        let _ = (name, old, new);
        todo!()
    }
}
