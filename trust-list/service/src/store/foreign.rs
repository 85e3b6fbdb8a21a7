//! Revocation lists of other countries.

use super::{StoreError, Tx, on};

/// A list as it came.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ForeignRow {
    /// What the operator calls it.
    pub name: String,
    /// Its form, in the words of `slices.rs`.
    pub form: String,
    /// ISO 3166-1 alpha-2, where it is of one country.
    pub country: Option<String>,
    /// Its bytes.
    pub content: Vec<u8>,
    /// Seconds since 1970; not published after this.
    pub expires: Option<i64>,
    /// When it was loaded.
    pub at: i64,
    /// Who loaded it.
    pub by_whom: String,
}

impl Tx {
    /// All lists.
    pub async fn foreign_lists(&mut self) -> Result<Vec<ForeignRow>, StoreError> {
        let sql = "SELECT name, form, country, content, expires, at, by_whom \
                   FROM foreign_lists ORDER BY name";
        Ok(on!(self, db => sqlx::query_as(sql).fetch_all(db).await?))
    }

    /// Puts a list in the place of the one of that name.
    pub async fn put_foreign(&mut self, list: &ForeignRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO foreign_lists (name, form, country, content, expires, at, by_whom) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO UPDATE SET \
                   form = excluded.form, country = excluded.country, content = excluded.content, \
                   expires = excluded.expires, at = excluded.at, by_whom = excluded.by_whom";
        on!(self, db => sqlx::query(sql)
            .bind(&list.name)
            .bind(&list.form)
            .bind(&list.country)
            .bind(&list.content)
            .bind(list.expires)
            .bind(list.at)
            .bind(&list.by_whom)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// Takes a list away; `false` when there is none of that name.
    pub async fn remove_foreign(&mut self, name: &str) -> Result<bool, StoreError> {
        let sql = "DELETE FROM foreign_lists WHERE name = $1";
        let rows = on!(self, db => sqlx::query(sql).bind(name).execute(db).await?.rows_affected());
        Ok(rows == 1)
    }
}
