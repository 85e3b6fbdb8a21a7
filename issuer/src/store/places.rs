//! The country's tree.

use service::on;

use super::{PlaceRow, StoreError, Tx};
use crate::place::Place;

/// `$1` is a path, `$2` and `$3` the range of what is below it.
const WITHIN: &str = "SELECT path, level, code, name, name_en, one_step, disabled, key_spki, \
                      key_sealed, created_at FROM places \
                      WHERE path = $1 OR (path > $2 AND path < $3) ORDER BY path";

impl Tx {
    /// One place.
    pub async fn place(&mut self, path: &Place) -> Result<Option<PlaceRow>, StoreError> {
        let sql = "SELECT path, level, code, name, name_en, one_step, disabled, key_spki, \
                   key_sealed, created_at FROM places WHERE path = $1";
        Ok(on!(self, db => sqlx::query_as(sql).bind(path.as_str()).fetch_optional(db).await?))
    }

    /// The site of a code, which is unique in the country.
    pub async fn site_of_code(&mut self, code: &str) -> Result<Option<PlaceRow>, StoreError> {
        let sql = "SELECT path, level, code, name, name_en, one_step, disabled, key_spki, \
                   key_sealed, created_at FROM places WHERE code = $1 AND level = 'site'";
        Ok(on!(self, db => sqlx::query_as(sql).bind(code).fetch_optional(db).await?))
    }

    /// A place and everything below it, by path.
    pub async fn places_within(&mut self, within: &Place) -> Result<Vec<PlaceRow>, StoreError> {
        let (from, to) = within.below();
        Ok(on!(self, db => sqlx::query_as(WITHIN)
            .bind(within.as_str())
            .bind(from.as_str())
            .bind(to.as_str())
            .fetch_all(db)
            .await?))
    }

    /// Adds a place.
    pub async fn add_place(&mut self, place: &PlaceRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO places (path, level, code, name, name_en, one_step, disabled, \
                   key_spki, key_sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        on!(self, db => sqlx::query(sql)
            .bind(&place.path)
            .bind(&place.level)
            .bind(&place.code)
            .bind(&place.name)
            .bind(&place.name_en)
            .bind(place.one_step)
            .bind(place.disabled)
            .bind(&place.key_spki)
            .bind(&place.key_sealed)
            .bind(place.created_at)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// Changes what may change of a place: names, one step, disabled.
    pub async fn set_place(&mut self, place: &PlaceRow) -> Result<(), StoreError> {
        let sql = "UPDATE places SET name = $2, name_en = $3, one_step = $4, disabled = $5 \
                   WHERE path = $1";
        on!(self, db => sqlx::query(sql)
            .bind(&place.path)
            .bind(&place.name)
            .bind(&place.name_en)
            .bind(place.one_step)
            .bind(place.disabled)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }
}
