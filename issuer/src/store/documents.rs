//! Value sets and products in force.

use service::on;

use super::{DocumentRow, StoreError, Tx};

impl Tx {
    /// The newest version of each, by kind and name.
    pub async fn documents(&mut self) -> Result<Vec<DocumentRow>, StoreError> {
        let sql = "SELECT kind, name, version, content, at, by_whom FROM documents d \
                   WHERE version = (SELECT MAX(version) FROM documents n \
                   WHERE n.kind = d.kind AND n.name = d.name) ORDER BY kind, name";
        Ok(on!(self, db => sqlx::query_as(sql).fetch_all(db).await?))
    }

    /// What tells whether anything was loaded since: how many versions there are.
    pub async fn document_versions(&mut self) -> Result<i64, StoreError> {
        let sql = "SELECT COUNT(*) FROM documents";
        Ok(on!(self, db => sqlx::query_scalar(sql).fetch_one(db).await?))
    }

    /// Adds the next version; its number is set here. Two at once: the second one is
    /// [`StoreError::Exists`].
    pub async fn add_document(&mut self, document: &DocumentRow) -> Result<i64, StoreError> {
        let sql = "INSERT INTO documents (kind, name, version, content, at, by_whom) \
                   SELECT $1, $2, COALESCE(MAX(version), 0) + 1, $3, $4, $5 FROM documents \
                   WHERE kind = $1 AND name = $2 RETURNING version";
        Ok(on!(self, db => sqlx::query_scalar(sql)
            .bind(&document.kind)
            .bind(&document.name)
            .bind(&document.content)
            .bind(document.at)
            .bind(&document.by_whom)
            .fetch_one(db)
            .await?))
    }
}
