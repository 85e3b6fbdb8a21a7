//! What may be asked twice: idempotency keys, and the sender's keys of rows.

use service::on;

use super::{OnceRow, StoreError, Tx, lists::pick, persons::column};
use crate::id::Id;

/// What was made under a sender's key.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KeyRow {
    /// Path of the site.
    pub site: String,
    /// The key.
    pub key: String,
    /// The record.
    #[sqlx(try_from = "Vec<u8>")]
    pub record: Id,
    /// Of whom.
    #[sqlx(try_from = "Vec<u8>")]
    pub person: Id,
    /// Its certificate, the first one if there are more.
    pub certificate: Option<Vec<u8>>,
}

impl Tx {
    /// What was asked under these scopes and keys.
    pub async fn once(&mut self, keys: &[(&str, &str)]) -> Result<Vec<OnceRow>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        Ok(pick!(self, db,
            sqlite => {
                let mut rows = Vec::new();
                for (scope, key) in keys {
                    let sql = "SELECT scope, key, digest, outcome, at FROM idempotency WHERE scope = $1 AND key = $2";
                    rows.extend(sqlx::query_as::<_, OnceRow>(sql).bind(scope).bind(key).fetch_optional(&mut *db).await?);
                }
                rows
            },
            postgres => sqlx::query_as(
                "SELECT i.scope, i.key, i.digest, i.outcome, i.at FROM UNNEST($1::text[], $2::text[]) AS w (scope, key) \
                 JOIN idempotency i ON i.scope = w.scope AND i.key = w.key ORDER BY i.scope, i.key"
            )
                .bind(keys.iter().map(|key| key.0).collect::<Vec<_>>())
                .bind(keys.iter().map(|key| key.1).collect::<Vec<_>>())
                .fetch_all(db).await?,
        ))
    }

    /// Keeps what came of requests, in the order given.
    pub async fn add_once(&mut self, rows: &[&OnceRow]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        pick!(self, db,
            sqlite => for row in rows {
                sqlx::query("INSERT INTO idempotency (scope, key, digest, outcome, at) VALUES ($1, $2, $3, $4, $5)")
                    .bind(&row.scope).bind(&row.key).bind(&row.digest).bind(&row.outcome).bind(row.at)
                    .execute(&mut *db).await?;
            },
            postgres => sqlx::query(
                "INSERT INTO idempotency (scope, key, digest, outcome, at) \
                 SELECT * FROM UNNEST($1::text[], $2::text[], $3::bytea[], $4::text[], $5::bigint[])"
            )
                .bind(column(rows, |row| row.scope.as_str()))
                .bind(column(rows, |row| row.key.as_str()))
                .bind(column(rows, |row| row.digest.as_slice()))
                .bind(column(rows, |row| row.outcome.as_str()))
                .bind(column(rows, |row| row.at))
                .execute(db).await.map(drop)?,
        );
        Ok(())
    }

    /// What was made under these sites and keys.
    pub async fn row_keys(&mut self, keys: &[(&str, &str)]) -> Result<Vec<KeyRow>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        Ok(pick!(self, db,
            sqlite => {
                let mut rows = Vec::new();
                for (site, key) in keys {
                    let sql = "SELECT k.site, k.key, k.record, r.person, \
                               (SELECT c.id FROM certificates c WHERE c.record = r.id ORDER BY c.id LIMIT 1) AS certificate \
                               FROM row_keys k JOIN records r ON r.id = k.record WHERE k.site = $1 AND k.key = $2";
                    rows.extend(sqlx::query_as::<_, KeyRow>(sql).bind(site).bind(key).fetch_optional(&mut *db).await?);
                }
                rows
            },
            postgres => sqlx::query_as(
                "SELECT k.site, k.key, k.record, r.person, \
                 (SELECT c.id FROM certificates c WHERE c.record = r.id ORDER BY c.id LIMIT 1) AS certificate \
                 FROM UNNEST($1::text[], $2::text[]) AS w (site, key) \
                 JOIN row_keys k ON k.site = w.site AND k.key = w.key \
                 JOIN records r ON r.id = k.record ORDER BY k.site, k.key"
            )
                .bind(keys.iter().map(|key| key.0).collect::<Vec<_>>())
                .bind(keys.iter().map(|key| key.1).collect::<Vec<_>>())
                .fetch_all(db).await?,
        ))
    }

    /// Keeps under which keys records were made, in the order given.
    pub async fn add_row_keys(&mut self, rows: &[(&str, &str, Id)]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        pick!(self, db,
            sqlite => for (site, key, record) in rows {
                sqlx::query("INSERT INTO row_keys (site, key, record) VALUES ($1, $2, $3)")
                    .bind(site).bind(key).bind(record.bytes().as_slice())
                    .execute(&mut *db).await?;
            },
            postgres => sqlx::query(
                "INSERT INTO row_keys (site, key, record) SELECT * FROM UNNEST($1::text[], $2::text[], $3::bytea[])"
            )
                .bind(rows.iter().map(|row| row.0).collect::<Vec<_>>())
                .bind(rows.iter().map(|row| row.1).collect::<Vec<_>>())
                .bind(rows.iter().map(|row| row.2.bytes().as_slice()).collect::<Vec<_>>())
                .execute(db).await.map(drop)?,
        );
        Ok(())
    }

    /// Forgets idempotency keys of before a time.
    pub async fn forget_once(&mut self, before: i64) -> Result<u64, StoreError> {
        let sql = "DELETE FROM idempotency WHERE at < $1";
        Ok(on!(self, db => sqlx::query(sql).bind(before).execute(db).await?.rows_affected()))
    }
}
