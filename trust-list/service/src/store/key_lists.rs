//! The signed key list, version by version.

use super::{StoreError, Tx, on};

/// One version of the key list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct KeyListRow {
    /// Counts from 1.
    pub version: i64,
    /// Digest of what it says, its version and times apart.
    pub content: String,
    /// The envelope with the signatures it has so far.
    pub envelope: Vec<u8>,
    /// Enough of them.
    pub complete: bool,
    /// Seconds since 1970.
    pub made_at: i64,
    /// Until when it is good.
    pub expires: i64,
}

const ROW: &str = "SELECT version, content, envelope, complete, made_at, expires FROM key_lists";

impl Tx {
    /// The newest one.
    pub async fn newest_key_list(&mut self) -> Result<Option<KeyListRow>, StoreError> {
        self.key_list_row("ORDER BY version DESC LIMIT 1").await
    }

    /// The newest one with enough signatures.
    pub async fn complete_key_list(&mut self) -> Result<Option<KeyListRow>, StoreError> {
        self.key_list_row("WHERE complete ORDER BY version DESC LIMIT 1")
            .await
    }

    async fn key_list_row(&mut self, which: &str) -> Result<Option<KeyListRow>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("{ROW} {which}"));
        Ok(on!(self, db => sqlx::query_as(sql).fetch_optional(db).await?))
    }

    /// Puts a version, or the same version with more signatures.
    pub async fn put_key_list(&mut self, list: &KeyListRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO key_lists (version, content, envelope, complete, made_at, expires) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (version) DO UPDATE SET \
                   envelope = excluded.envelope, complete = excluded.complete";
        on!(self, db => sqlx::query(sql)
            .bind(list.version)
            .bind(&list.content)
            .bind(&list.envelope)
            .bind(list.complete)
            .bind(list.made_at)
            .bind(list.expires)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }
}
