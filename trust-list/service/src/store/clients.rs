//! Programs that use the API.

use super::{StoreError, Tx, on};

/// A program with a key of its own.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ClientRow {
    /// Its name, chosen by the administrator.
    pub name: String,
    /// SHA-256 of its key; the key itself is nowhere.
    pub key_hash: String,
    /// Its roles, with commas between.
    pub scopes: String,
    /// The kids (base64, with commas between) under which it may report and revoke; `*` for all.
    pub kids: String,
    /// It may do nothing any more.
    pub disabled: bool,
    /// Seconds since 1970.
    pub created_at: i64,
}

impl Tx {
    /// Adds a client.
    pub async fn add_client(&mut self, client: &ClientRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO clients (name, key_hash, scopes, kids, disabled, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        on!(self, db => sqlx::query(sql)
            .bind(&client.name)
            .bind(&client.key_hash)
            .bind(&client.scopes)
            .bind(&client.kids)
            .bind(client.disabled)
            .bind(client.created_at)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// The client of a key.
    pub async fn client_by_key(&mut self, hash: &str) -> Result<Option<ClientRow>, StoreError> {
        let sql = "SELECT name, key_hash, scopes, kids, disabled, created_at FROM clients \
                   WHERE key_hash = $1 AND NOT disabled";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(hash)
            .fetch_optional(db)
            .await?))
    }

    /// All clients.
    pub async fn clients(&mut self) -> Result<Vec<ClientRow>, StoreError> {
        let sql = "SELECT name, key_hash, scopes, kids, disabled, created_at FROM clients \
                   ORDER BY name";
        Ok(on!(self, db => sqlx::query_as(sql).fetch_all(db).await?))
    }

    /// Takes a client's rights away for good; `false` when there is none of that name.
    pub async fn disable_client(&mut self, name: &str) -> Result<bool, StoreError> {
        let sql = "UPDATE clients SET disabled = $2 WHERE name = $1";
        let rows = on!(self, db => sqlx::query(sql)
            .bind(name)
            .bind(true)
            .execute(db)
            .await?
            .rows_affected());
        Ok(rows == 1)
    }
}
