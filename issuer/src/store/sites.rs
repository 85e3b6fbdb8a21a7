//! What a desk has to know of sites: places with their keys, and lots that were delivered.

use super::{
    AuditEntry, PlaceRow, StoreError, Tx,
    lists::{pick, texts},
};
use crate::place::Place;

/// A place and everything below it, as statements ask for it: `at`, or from `from` to before `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Within {
    /// The place itself.
    pub at: String,
    /// The first path below it.
    pub from: String,
    /// The first path after those below it.
    pub to: String,
}

impl Within {
    /// Of a place.
    pub fn of(place: &Place) -> Within {
        let (from, to) = place.below();
        Within {
            at: place.as_str().to_owned(),
            from,
            to,
        }
    }

    /// Whether a path lies in it.
    pub fn holds(&self, path: &str) -> bool {
        path == self.at || (path >= self.from.as_str() && path < self.to.as_str())
    }
}

/// A lot that a site has.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LotRow {
    /// Path of the site.
    pub site: String,
    /// Code of the product.
    pub product: String,
    /// The lot.
    pub lot: String,
}

impl Tx {
    /// These places, in the order of their paths.
    pub async fn places_by_path(&mut self, paths: &[&str]) -> Result<Vec<PlaceRow>, StoreError> {
        Ok(pick!(self, db,
            sqlite => sqlx::query_as(
                "SELECT path, level, code, name, name_en, one_step, disabled, key_spki, key_sealed, created_at \
                 FROM places WHERE path IN (SELECT value FROM json_each($1)) ORDER BY path"
            ).bind(texts(paths)).fetch_all(db).await?,
            postgres => sqlx::query_as(
                "SELECT path, level, code, name, name_en, one_step, disabled, key_spki, key_sealed, created_at \
                 FROM places WHERE path = ANY($1) ORDER BY path"
            ).bind(paths).fetch_all(db).await?,
        ))
    }

    /// The lots of these products that were delivered to these sites.
    pub async fn lots_at(
        &mut self,
        sites: &[&str],
        products: &[&str],
    ) -> Result<Vec<LotRow>, StoreError> {
        if sites.is_empty() || products.is_empty() {
            return Ok(Vec::new());
        }
        Ok(pick!(self, db,
            sqlite => sqlx::query_as(
                "SELECT site, product, lot FROM deliveries WHERE site IN (SELECT value FROM json_each($1)) \
                 AND product IN (SELECT value FROM json_each($2)) ORDER BY site, product, lot"
            ).bind(texts(sites)).bind(texts(products)).fetch_all(db).await?,
            postgres => sqlx::query_as(
                "SELECT site, product, lot FROM deliveries WHERE site = ANY($1) AND product = ANY($2) \
                 ORDER BY site, product, lot"
            ).bind(sites).bind(products).fetch_all(db).await?,
        ))
    }

    /// The entries of the audit log about these subjects, in their order.
    pub async fn audit_of(&mut self, subjects: &[String]) -> Result<Vec<AuditEntry>, StoreError> {
        Ok(pick!(self, db,
            sqlite => sqlx::query_as(
                "SELECT seq, at, actor, action, subject, detail, previous, hash FROM audit \
                 WHERE subject IN (SELECT value FROM json_each($1)) ORDER BY seq"
            ).bind(texts(subjects)).fetch_all(db).await?,
            postgres => sqlx::query_as(
                "SELECT seq, at, actor, action, subject, detail, previous, hash FROM audit \
                 WHERE subject = ANY($1) ORDER BY seq"
            ).bind(subjects).fetch_all(db).await?,
        ))
    }
}
