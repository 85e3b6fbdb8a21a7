//! Programs that use the API: scoped keys, and a signature over what they send.

use zeroize::Zeroizing;

use super::{Issuer, Refusal};
use crate::{actor::Actor, place::Place, roles::Roles, store::ClientRow};

impl Issuer {
    /// The programs of a place the actor sees, and of what lies below.
    pub async fn clients(&self, actor: &Actor) -> Result<Vec<ClientRow>, Refusal> {
        let _ = actor;
        todo!()
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
        let _ = (actor, name, roles, place, spki);
        todo!()
    }

    /// Takes a program's rights away.
    pub async fn disable_client(&self, actor: &Actor, name: &str) -> Result<(), Refusal> {
        let _ = (actor, name);
        todo!()
    }
}
