//! Rules, value sets and the policy.

use super::{StoreError, Tx, on};

/// One version of a document.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DocumentRow {
    /// `rules`, `value-sets` or `policy`.
    pub kind: String,
    /// Which one of its kind.
    pub name: String,
    /// Counts from 1.
    pub version: i64,
    /// Its bytes; none when it was taken away.
    pub content: Vec<u8>,
    /// Seconds since 1970.
    pub at: i64,
    /// Who loaded it.
    pub by_whom: String,
}

impl Tx {
    /// The version in force of every document, those taken away included.
    pub async fn documents(&mut self) -> Result<Vec<DocumentRow>, StoreError> {
        let sql = "SELECT kind, name, version, content, at, by_whom FROM documents d \
                   WHERE version = (SELECT max(version) FROM documents o \
                                    WHERE o.kind = d.kind AND o.name = d.name) \
                   ORDER BY kind, name";
        Ok(on!(self, db => sqlx::query_as(sql).fetch_all(db).await?))
    }

    /// Puts a new version; the one in force is given when it is the same.
    pub async fn put_document(
        &mut self,
        kind: &str,
        name: &str,
        content: &[u8],
        at: i64,
        by_whom: &str,
    ) -> Result<(i64, bool), StoreError> {
        let sql = "SELECT kind, name, version, content, at, by_whom FROM documents \
                   WHERE kind = $1 AND name = $2 ORDER BY version DESC LIMIT 1";
        let last: Option<DocumentRow> = on!(self, db => sqlx::query_as(sql)
            .bind(kind)
            .bind(name)
            .fetch_optional(db)
            .await?);
        let version = match &last {
            Some(last) if last.content == content => return Ok((last.version, false)),
            Some(last) => last.version + 1,
            None if content.is_empty() => return Ok((0, false)),
            None => 1,
        };
        let sql = "INSERT INTO documents (kind, name, version, content, at, by_whom) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        on!(self, db => sqlx::query(sql)
            .bind(kind)
            .bind(name)
            .bind(version)
            .bind(content)
            .bind(at)
            .bind(by_whom)
            .execute(db)
            .await
            .map(drop)?);
        Ok((version, true))
    }
}
