//! Accounts that people sign in to by OpenID Connect.

use serde_json::json;
use service::{people::password, random};

use super::{may_give, needs, oversees};
use crate::{
    actor::Actor,
    domain::{Issuer, Refusal},
    oidc::Subject,
    place::Place,
    roles::{Role, Roles},
    store::StoreError,
};

impl Issuer {
    /// Binds an account to a subject of the ministry's provider, as the page shows it to whoever
    /// signs in without an account, or to none. Ends the account's sessions.
    ///
    /// Whoever is bound can sign in: so it takes what giving the account's roles takes. A first
    /// password that nobody has changed stops counting, because the administrator who gave it
    /// still knows it; [`Issuer::change_account`] gives a new one to whoever needs it.
    pub async fn bind_oidc(
        &self,
        actor: &Actor,
        name: &str,
        subject: Option<&str>,
    ) -> Result<(), Refusal> {
        needs(actor, Role::Administrator)?;
        let subject = subject.map(str::parse::<Subject>).transpose();
        let subject = subject.map_err(|why| Refusal::Asked(why.to_string()))?;
        let nobodys = password::hash(&random::token()?).await?;
        let unknown = || Refusal::NotFound("account");
        let mut tx = self.store.write().await?;
        let account = tx.account(name).await?.ok_or_else(unknown)?;
        let place: Place = account.place.parse().map_err(|_| unknown())?;
        if !actor.sees(&place) {
            return Err(unknown());
        }
        let roles: Roles = account.roles.parse().unwrap_or_default();
        may_give(actor, &roles, &place)?;
        match tx.set_subject(name, subject.as_ref()).await {
            Err(StoreError::Exists) => {
                let what = "an account that is bound to this subject";
                return Err(Refusal::Exists(what.into()));
            }
            other => other?,
        }
        if subject.is_some() && account.new_password {
            let mut user = tx.user(name).await?.ok_or_else(unknown)?;
            user.password = nobodys;
            tx.set_user(&user).await?;
            tx.password_chosen(name).await?;
        }
        tx.end_sessions_of(name).await?;
        let done = if subject.is_some() {
            "subject"
        } else {
            "no subject"
        };
        let detail = json!({ "changed": [done] });
        let entry = format!("user:{name}");
        tx.audit(
            self.clock.now(),
            &actor.name,
            "user.change",
            &entry,
            &detail,
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The subject that an account is bound to, for those who oversee accounts.
    pub async fn oidc_of(&self, actor: &Actor, name: &str) -> Result<Option<String>, Refusal> {
        oversees(actor)?;
        let unknown = || Refusal::NotFound("account");
        let mut tx = self.store.read().await?;
        let account = tx.account(name).await?.ok_or_else(unknown)?;
        let place: Place = account.place.parse().map_err(|_| unknown())?;
        match actor.sees(&place) {
            true => Ok(tx.subject_of_account(name).await?),
            false => Err(unknown()),
        }
    }
}
