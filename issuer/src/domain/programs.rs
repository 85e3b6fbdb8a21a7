//! Programs that use the API: scoped keys, and a signature over what they send.

use hcert::keys::{Algorithm, PublicKey};
use serde_json::json;
use service::{
    people::{self, sessions},
    random,
};
use zeroize::Zeroizing;

use super::{
    Issuer, Refusal,
    accounts::{may_give, oversees},
    places::needs,
};
use crate::{
    actor::Actor,
    place::Place,
    roles::{Role, Roles},
    store::{ClientRow, StoreError},
};

impl Issuer {
    /// The programs of a place the actor sees, and of what lies below.
    pub async fn clients(&self, actor: &Actor) -> Result<Vec<ClientRow>, Refusal> {
        oversees(actor)?;
        let mut tx = self.store.read().await?;
        Ok(tx.clients_within(&actor.place).await?)
    }

    /// Adds a program; gives its key, which is nowhere else from then on. `spki` (DER) is the public key
    /// that its requests are signed with: Ed25519 or P-256.
    pub async fn add_client(
        &self,
        actor: &Actor,
        name: &str,
        roles: Roles,
        place: &Place,
        spki: &[u8],
    ) -> Result<Zeroizing<String>, Refusal> {
        people::check_name(name)?;
        may_give(actor, &roles, place)?;
        let signs = PublicKey::from_spki(spki).map(|key| key.algorithm());
        if !matches!(signs, Ok(Algorithm::EdDsa | Algorithm::Es256)) {
            let why = "the public key is an Ed25519 or P-256 key, as `openssl pkey -pubout` \
                       writes it";
            return Err(Refusal::Asked(why.into()));
        }
        let key = random::token()?;
        let now = self.clock.now();
        let row = ClientRow {
            name: name.to_owned(),
            key_hash: sessions::hash(&key),
            roles: roles.to_string(),
            place: place.as_str().to_owned(),
            spki: spki.to_owned(),
            disabled: false,
            created_at: now.unix(),
        };
        let mut tx = self.store.write().await?;
        if tx.place(place).await?.is_none() {
            return Err(Refusal::NotFound("place"));
        }
        match tx.add_client(&row).await {
            Err(StoreError::Exists) => {
                return Err(Refusal::Exists(format!("the program {name}")));
            }
            other => other?,
        }
        let detail = json!({ "roles": row.roles, "place": row.place });
        let subject = format!("client:{name}");
        tx.audit(now, &actor.name, "client.add", &subject, &detail)
            .await?;
        tx.commit().await?;
        Ok(key)
    }

    /// Takes a program's rights away.
    pub async fn disable_client(&self, actor: &Actor, name: &str) -> Result<(), Refusal> {
        needs(actor, Role::Administrator)?;
        let mut tx = self.store.write().await?;
        let client = tx.client(name).await?;
        let place = client.and_then(|client| client.place.parse::<Place>().ok());
        if !place.is_some_and(|place| actor.sees(&place)) {
            return Err(Refusal::NotFound("program"));
        }
        if tx.disable_client(name).await? {
            let subject = format!("client:{name}");
            tx.audit(
                self.clock.now(),
                &actor.name,
                "client.disable",
                &subject,
                &json!({}),
            )
            .await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
