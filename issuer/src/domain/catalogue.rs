//! Value sets and products in force: built in, or loaded without a release.

use std::sync::{Arc, PoisonError, RwLock};

use hcert::value_set::{Kind, ValueSets};
use intake::codes::Catalogue;
use serde_json::json;

use super::{Issuer, Refusal, accounts::oversees, places::needs};
use crate::{
    actor::Actor,
    roles::Role,
    store::{DocumentRow, StoreError},
};

/// Value sets have some 100 kB.
const LONGEST: usize = 4 << 20;
/// The kind, and the name, of the table of products.
const PRODUCTS: &str = "products";
const VALUE_SETS: &str = "value-sets";

/// The catalogue in force, shared; replaced when another is loaded.
#[derive(Debug, Clone)]
pub struct Catalogues(Arc<RwLock<Current>>);

#[derive(Debug)]
struct Current {
    catalogue: Arc<Catalogue>,
    /// How many versions the database held when it was made.
    versions: i64,
}

impl Catalogues {
    /// Begins with the built-in lists.
    pub fn builtin() -> Catalogues {
        Catalogues(Arc::new(RwLock::new(Current {
            catalogue: Arc::new(Catalogue::builtin()),
            versions: 0,
        })))
    }

    /// What is in force now. Keep it through one request, so that all of it sees the same.
    pub fn current(&self) -> Arc<Catalogue> {
        let current = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&current.catalogue)
    }

    fn versions(&self) -> i64 {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .versions
    }

    /// Another one is in force from now on.
    fn replace(&self, catalogue: Catalogue, versions: i64) {
        let catalogue = Arc::new(catalogue);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Current {
            catalogue,
            versions,
        };
    }
}

impl Issuer {
    /// The loaded value sets and products, newest version of each.
    pub async fn documents(&self, actor: &Actor) -> Result<Vec<DocumentRow>, Refusal> {
        oversees(actor)?;
        Ok(self.store.read().await?.documents().await?)
    }

    /// Loads a value set (the EU's JSON form) or the product table; read by its own reader first. An
    /// empty content takes it away: the built-in one is in force again. They hold for the whole
    /// country, and so only its administrators load them.
    pub async fn load_document(
        &self,
        actor: &Actor,
        kind: &str,
        name: &str,
        content: &[u8],
    ) -> Result<(), Refusal> {
        needs(actor, Role::Administrator)?;
        if actor.place.parent().is_some() {
            return Err(Refusal::Role("administrator of the whole country"));
        }
        let asked = |why: String| Refusal::Asked(why);
        if content.len() > LONGEST {
            return Err(asked(format!("the document has more than {LONGEST} bytes")));
        }
        let text = str::from_utf8(content);
        let text = text.map_err(|_| asked("the document is no text in UTF-8".into()))?;
        let known = match kind {
            VALUE_SETS => Kind::from_id(name).is_some(),
            PRODUCTS => name == PRODUCTS,
            _ => false,
        };
        if !known {
            let ids = Kind::ALL.map(Kind::id).join(", ");
            return Err(asked(format!(
                "there is no such document: there are products, and the value sets {ids}"
            )));
        }
        let now = self.clock.now();
        let new = DocumentRow {
            kind: kind.to_owned(),
            name: name.to_owned(),
            version: 0,
            content: content.to_owned(),
            at: now.unix(),
            by_whom: actor.name.clone(),
        };
        let mut tx = self.store.write().await?;
        let mut all = tx.documents().await?;
        all.retain(|there| (there.kind.as_str(), there.name.as_str()) != (kind, name));
        all.push(new.clone());
        // As it will be read from then on, with all the others.
        let catalogue = build(&all).map_err(asked)?;
        if kind == PRODUCTS {
            check_products(&catalogue, text).map_err(asked)?;
        }
        let version = match tx.add_document(&new).await {
            Err(StoreError::Exists) => return Err(Refusal::Changed),
            other => other?,
        };
        let detail = json!({ "version": version, "bytes": content.len() });
        let subject = format!("document:{kind}/{name}");
        tx.audit(now, &actor.name, "document.load", &subject, &detail)
            .await?;
        let versions = tx.document_versions().await?;
        tx.commit().await?;
        self.catalogues.replace(catalogue, versions);
        Ok(())
    }

    /// Brings [`Issuer::catalogues`] to what the database holds; at the start, and every minute, because
    /// another process may have loaded something.
    pub async fn refresh_catalogue(&self) -> Result<(), Refusal> {
        let mut tx = self.store.read().await?;
        // Versions are only ever added.
        let versions = tx.document_versions().await?;
        if versions == self.catalogues.versions() {
            return Ok(());
        }
        let documents = tx.documents().await?;
        drop(tx);
        let catalogue = build(&documents).map_err(StoreError::Content)?;
        self.catalogues.replace(catalogue, versions);
        tracing::info!(versions, "value sets and products renewed");
        Ok(())
    }
}

/// The built-in lists, and what was loaded in their place.
fn build(documents: &[DocumentRow]) -> Result<Catalogue, String> {
    let mut sets = ValueSets::builtin();
    let mut products = None;
    for document in documents
        .iter()
        .filter(|document| !document.content.is_empty())
    {
        let name = &document.name;
        let text = str::from_utf8(&document.content);
        let text = text.map_err(|_| format!("{name}: no text in UTF-8"))?;
        if document.kind == PRODUCTS {
            products = Some(text);
            continue;
        }
        let kind = sets
            .update(text)
            .map_err(|error| format!("{name}: {error}"))?;
        if kind.id() != name {
            return Err(format!(
                "{name}: the document says that it is {}",
                kind.id()
            ));
        }
    }
    match products {
        Some(products) => {
            Catalogue::new(sets, products).map_err(|error| format!("products: {error}"))
        }
        None => Ok(Catalogue::of(sets)),
    }
}

/// Every code of the table has to be one of the value sets in force.
fn check_products(catalogue: &Catalogue, table: &str) -> Result<(), String> {
    let kinds = [Kind::Product, Kind::Manufacturer, Kind::Prophylaxis];
    for (index, line) in table.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        for (kind, code) in kinds.into_iter().zip(line.split('\t')) {
            if catalogue.sets().get(kind, code).is_none() {
                return Err(format!(
                    "line {}: {code} is no code of the value set {}: load that first",
                    index + 1,
                    kind.id()
                ));
            }
        }
    }
    Ok(())
}
