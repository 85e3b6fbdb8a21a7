//! Programs that use the API.

use service::on;

use super::{ClientRow, StoreError, Tx};

impl Tx {
    /// The client of a key, if it may still do something.
    pub async fn client_by_key(&mut self, hash: &str) -> Result<Option<ClientRow>, StoreError> {
        let sql = "SELECT name, key_hash, roles, place, spki, disabled, created_at FROM clients \
                   WHERE key_hash = $1 AND NOT disabled";
        Ok(on!(self, db => sqlx::query_as(sql).bind(hash).fetch_optional(db).await?))
    }
}
