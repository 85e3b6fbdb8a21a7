//! Programs that use the API.

use service::on;

use super::{ClientRow, StoreError, Tx};
use crate::place::Place;

impl Tx {
    /// The client of a key, if it may still do something.
    pub async fn client_by_key(&mut self, hash: &str) -> Result<Option<ClientRow>, StoreError> {
        let sql = "SELECT name, key_hash, roles, place, spki, disabled, created_at FROM clients \
                   WHERE key_hash = $1 AND NOT disabled";
        Ok(on!(self, db => sqlx::query_as(sql).bind(hash).fetch_optional(db).await?))
    }

    /// One client.
    pub async fn client(&mut self, name: &str) -> Result<Option<ClientRow>, StoreError> {
        let sql = "SELECT name, key_hash, roles, place, spki, disabled, created_at FROM clients \
                   WHERE name = $1";
        Ok(on!(self, db => sqlx::query_as(sql).bind(name).fetch_optional(db).await?))
    }

    /// The clients of a place and of everything below it, by name.
    pub async fn clients_within(&mut self, within: &Place) -> Result<Vec<ClientRow>, StoreError> {
        let sql = "SELECT name, key_hash, roles, place, spki, disabled, created_at FROM clients \
                   WHERE place = $1 OR (place > $2 AND place < $3) ORDER BY name";
        let (from, to) = within.below();
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(within.as_str())
            .bind(from.as_str())
            .bind(to.as_str())
            .fetch_all(db)
            .await?))
    }

    /// Adds a client.
    pub async fn add_client(&mut self, client: &ClientRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO clients (name, key_hash, roles, place, spki, disabled, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        on!(self, db => sqlx::query(sql)
            .bind(&client.name)
            .bind(&client.key_hash)
            .bind(&client.roles)
            .bind(&client.place)
            .bind(&client.spki)
            .bind(client.disabled)
            .bind(client.created_at)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// Takes a client's rights away; `false` when it had none.
    pub async fn disable_client(&mut self, name: &str) -> Result<bool, StoreError> {
        let sql = "UPDATE clients SET disabled = TRUE WHERE name = $1 AND NOT disabled";
        let rows = on!(self, db => sqlx::query(sql)
            .bind(name)
            .execute(db)
            .await?
            .rows_affected());
        Ok(rows == 1)
    }
}
