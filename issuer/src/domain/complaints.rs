//! "Something is wrong on it": a citizen says so with the code in hand, the site sees and mends it.

use super::{Issuer, Refusal};
use crate::{actor::Actor, id::Id, store::ComplaintRow};

impl Issuer {
    /// Takes a complaint. `text` is the certificate's code as scanned or pasted (`HC1:...`), or its UVCI
    /// together with the birth date; `what` in the citizen's words, 1000 characters at most.
    pub async fn complain(
        &self,
        text: &str,
        birth: &str,
        what: &str,
        address: &str,
    ) -> Result<(), Refusal> {
        let _ = (text, birth, what, address);
        todo!()
    }

    /// The complaints of the actor's place, open ones first, oldest first.
    pub async fn complaints(&self, actor: &Actor) -> Result<Vec<ComplaintRow>, Refusal> {
        let _ = actor;
        todo!()
    }

    /// It was mended (by a correction) or declined, with a few words.
    pub async fn answer_complaint(
        &self,
        actor: &Actor,
        id: Id,
        mended: bool,
        answer: &str,
    ) -> Result<(), Refusal> {
        let _ = (actor, id, mended, answer);
        todo!()
    }
}
