//! Programs at the door: their key, and the signature over their request.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use axum::http::{StatusCode, header, request::Parts};
use hcert::keys::PublicKey;
use service::{people::sessions, problem::Problem};

use super::signature;
use crate::{actor::Actor, domain::Issuer, store::ClientRow};

/// A client is asked of the database again after this time: as long a disabled one may go on
/// elsewhere. Where it is disabled, it ends at once.
const FRESH: Duration = Duration::from_secs(5);
/// Most clients that are remembered.
const MOST: usize = 10_000;

/// The clients that asked for something in the last seconds, by the hash of their key.
#[derive(Debug, Default)]
pub(super) struct Clients(RwLock<HashMap<String, (Instant, Arc<Client>)>>);

#[derive(Debug)]
struct Client {
    name: String,
    actor: Actor,
    key: PublicKey,
}

fn unauthorised(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorised", detail)
}

impl Clients {
    /// Who sends a request, and the digest that its body has to have.
    pub(super) async fn admit(
        &self,
        issuer: &Issuer,
        parts: &Parts,
    ) -> Result<(Actor, Option<[u8; 32]>), Problem> {
        let key = signature::one(&parts.headers, &header::AUTHORIZATION)?
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(|| unauthorised("send the client's key: Authorization: Bearer KEY"))?;
        let client = self.client(issuer, key).await?;
        let now = issuer.clock.now().unix();
        let digest = signature::check(&client.key, &client.name, now, parts)?;
        Ok((client.actor.clone(), digest))
    }

    async fn client(&self, issuer: &Issuer, key: &str) -> Result<Arc<Client>, Problem> {
        let hash = sessions::hash(key);
        if let Some(client) = self.fresh(&hash) {
            return Ok(client);
        }
        let row = issuer.store.read().await?.client_by_key(&hash).await?;
        let row = row.ok_or_else(|| unauthorised("no client has this key"))?;
        let client = Arc::new(Client::of(&row)?);
        self.remember(hash, &client);
        Ok(client)
    }

    fn fresh(&self, hash: &str) -> Option<Arc<Client>> {
        let clients = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (at, client) = clients.get(hash)?;
        (at.elapsed() < FRESH).then(|| Arc::clone(client))
    }

    fn remember(&self, hash: String, client: &Arc<Client>) {
        let mut clients = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if clients.len() >= MOST {
            clients.clear();
        }
        clients.insert(hash, (Instant::now(), Arc::clone(client)));
    }

    /// Forgets all: one of them was changed.
    pub(super) fn forget(&self) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

impl Client {
    fn of(row: &ClientRow) -> Result<Client, Problem> {
        let place = row.place.parse();
        let place = place.map_err(|_| unauthorised("the client belongs to no place"))?;
        let key = PublicKey::from_spki(&row.spki)
            .map_err(|_| unauthorised("the client's signing key can't be used"))?;
        let actor = Actor {
            name: format!("client:{}", row.name),
            roles: row.roles.parse().unwrap_or_default(),
            place,
        };
        Ok(Client {
            name: row.name.clone(),
            actor,
            key,
        })
    }
}
