//! Value sets and products in force: built in, or loaded without a release.

use std::sync::{Arc, PoisonError, RwLock};

use intake::codes::Catalogue;

use super::{Issuer, Refusal};
use crate::{actor::Actor, store::DocumentRow};

/// The catalogue in force, shared; replaced when another is loaded.
#[derive(Debug, Clone)]
pub struct Catalogues(Arc<RwLock<Arc<Catalogue>>>);

impl Catalogues {
    /// Begins with the built-in lists.
    pub fn builtin() -> Catalogues {
        Catalogues(Arc::new(RwLock::new(Arc::new(Catalogue::builtin()))))
    }

    /// What is in force now. Keep it through one request, so that all of it sees the same.
    pub fn current(&self) -> Arc<Catalogue> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Another one is in force from now on.
    pub(crate) fn replace(&self, catalogue: Catalogue) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(catalogue);
    }
}

impl Issuer {
    /// The loaded value sets and products, newest version of each.
    pub async fn documents(&self, actor: &Actor) -> Result<Vec<DocumentRow>, Refusal> {
        let _ = actor;
        todo!()
    }

    /// Loads a value set (the EU's JSON form) or the product table; read by its own reader first.
    pub async fn load_document(
        &self,
        actor: &Actor,
        kind: &str,
        name: &str,
        content: &[u8],
    ) -> Result<(), Refusal> {
        let _ = (actor, kind, name, content);
        todo!()
    }

    /// Brings [`Issuer::catalogues`] to what the database holds; at the start, and every minute, because
    /// another process may have loaded something.
    pub async fn refresh_catalogue(&self) -> Result<(), Refusal> {
        self.catalogues.replace(Catalogue::builtin());
        todo!()
    }
}
