//! What bulk work asks of other subjects, in sets.

use service::{on, store::Engine};

use super::super::{OnceRow, PlaceRow, StoreError, Tx};
use crate::{domain::desk::Once, id::Id};

impl Tx {
    /// A place.
    pub(crate) async fn place_of_job(&mut self, path: &str) -> Result<Option<PlaceRow>, StoreError> {
        let sql = "SELECT path, level, code, name, name_en, one_step, disabled, key_spki, \
                   key_sealed, created_at FROM places WHERE path = $1";
        Ok(on!(self, db => sqlx::query_as(sql).bind(path).fetch_optional(db).await?))
    }

    /// Roles and place of a client that may still do something.
    pub(crate) async fn rights_of_client(
        &mut self,
        name: &str,
    ) -> Result<Option<(String, String)>, StoreError> {
        let sql = "SELECT roles, place FROM clients WHERE name = $1 AND NOT disabled";
        Ok(on!(self, db => sqlx::query_as(sql).bind(name).fetch_optional(db).await?))
    }

    /// What an Idempotency-Key stands for.
    pub(crate) async fn job_once(&mut self, once: &Once) -> Result<Option<OnceRow>, StoreError> {
        let sql = "SELECT scope, key, digest, outcome, at FROM idempotency \
                   WHERE scope = $1 AND key = $2";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(&once.scope)
            .bind(&once.key)
            .fetch_optional(db)
            .await?))
    }

    /// Notes what an Idempotency-Key stands for.
    pub(crate) async fn note_job_once(
        &mut self,
        once: &Once,
        outcome: &str,
        at: i64,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO idempotency (scope, key, digest, outcome, at) \
                   VALUES ($1, $2, $3, $4, $5)";
        on!(self, db => sqlx::query(sql)
            .bind(&once.scope)
            .bind(&once.key)
            .bind(once.digest.as_slice())
            .bind(outcome)
            .bind(at)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// The valid certificates of records: record, certificate.
    pub(crate) async fn certificates_of(
        &mut self,
        records: &[Id],
    ) -> Result<Vec<(Id, Id)>, StoreError> {
        const SQLITE: &str = "SELECT record, id FROM certificates \
                              WHERE record = $1 AND state = 'valid'";
        const POSTGRES: &str = "SELECT record, id FROM certificates \
                                WHERE record = ANY($1) AND state = 'valid'";
        let mut found: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
        match self.engine() {
            Engine::Sqlite(tx) => {
                for record in records {
                    let query = sqlx::query_as(SQLITE).bind(record.bytes().as_slice());
                    found.extend(query.fetch_all(&mut **tx).await?);
                }
            }
            Engine::Postgres(tx) => {
                let query = sqlx::query_as(POSTGRES).bind(slices(records));
                found.extend(query.fetch_all(&mut **tx).await?);
            }
        }
        let pair = |(record, id): (Vec<u8>, Vec<u8>)| {
            Some((Id::from_slice(&record)?, Id::from_slice(&id)?))
        };
        Ok(found.into_iter().filter_map(pair).collect())
    }

    /// The revisions of those of the records that are in a state.
    pub(crate) async fn revisions_of(
        &mut self,
        records: &[Id],
        state: &str,
    ) -> Result<Vec<(Id, i64)>, StoreError> {
        const SQLITE: &str = "SELECT id, revision FROM records WHERE id = $1 AND state = $2";
        const POSTGRES: &str = "SELECT id, revision FROM records WHERE id = ANY($1) AND state = $2";
        let mut found: Vec<(Vec<u8>, i64)> = Vec::new();
        match self.engine() {
            Engine::Sqlite(tx) => {
                for record in records {
                    let query = sqlx::query_as(SQLITE).bind(record.bytes().as_slice()).bind(state);
                    found.extend(query.fetch_all(&mut **tx).await?);
                }
            }
            Engine::Postgres(tx) => {
                let query = sqlx::query_as(POSTGRES).bind(slices(records)).bind(state);
                found.extend(query.fetch_all(&mut **tx).await?);
            }
        }
        let known = |(id, revision): (Vec<u8>, i64)| Some((Id::from_slice(&id)?, revision));
        Ok(found.into_iter().filter_map(known).collect())
    }

    /// Holds a certificate whose code can't be read back: nobody gets it.
    pub(crate) async fn hold_certificate(&mut self, id: Id) -> Result<(), StoreError> {
        let sql = "UPDATE certificates SET state = 'held' WHERE id = $1 AND state = 'valid'";
        on!(self, db => sqlx::query(sql)
            .bind(id.bytes().as_slice())
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }
}

fn slices(ids: &[Id]) -> Vec<&[u8]> {
    ids.iter().map(|id| id.bytes().as_slice()).collect()
}
