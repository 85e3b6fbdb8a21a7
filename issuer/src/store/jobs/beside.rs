//! What bulk work asks of other subjects, in sets.

use std::collections::HashMap;

use service::{on, store::Engine};

use super::{
    super::{StoreError, Tx, lists::blobs},
    RowOutcome,
};
use crate::id::Id;

impl Tx {
    /// Roles and place of a client that may still do something.
    pub(crate) async fn rights_of_client(
        &mut self,
        name: &str,
    ) -> Result<Option<(String, String)>, StoreError> {
        let sql = "SELECT roles, place FROM clients WHERE name = $1 AND NOT disabled";
        Ok(on!(self, db => sqlx::query_as(sql).bind(name).fetch_optional(db).await?))
    }

    /// The valid certificates of records: record, certificate.
    pub(crate) async fn certificates_by_records(
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
                let query = sqlx::query_as(POSTGRES).bind(blobs(records));
                found.extend(query.fetch_all(&mut **tx).await?);
            }
        }
        let pair = |(record, id): (Vec<u8>, Vec<u8>)| {
            Some((Id::from_slice(&record)?, Id::from_slice(&id)?))
        };
        Ok(found.into_iter().filter_map(pair).collect())
    }

    /// Completes what was there already with its certificate.
    pub(crate) async fn certificates_of_known(
        &mut self,
        rows: &mut [(i64, RowOutcome)],
    ) -> Result<(), StoreError> {
        let open = rows.iter().filter_map(|(_, outcome)| match outcome {
            RowOutcome::Known {
                record,
                certificate: None,
            } => Some(*record),
            _ => None,
        });
        let open: Vec<Id> = open.collect();
        if open.is_empty() {
            return Ok(());
        }
        let found: HashMap<Id, Id> = self
            .certificates_by_records(&open)
            .await?
            .into_iter()
            .collect();
        for (_, outcome) in rows {
            if let RowOutcome::Known {
                record,
                certificate: certificate @ None,
            } = outcome
            {
                *certificate = found.get(record).copied();
            }
        }
        Ok(())
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
                    let query = sqlx::query_as(SQLITE)
                        .bind(record.bytes().as_slice())
                        .bind(state);
                    found.extend(query.fetch_all(&mut **tx).await?);
                }
            }
            Engine::Postgres(tx) => {
                let query = sqlx::query_as(POSTGRES).bind(blobs(records)).bind(state);
                found.extend(query.fetch_all(&mut **tx).await?);
            }
        }
        let known = |(id, revision): (Vec<u8>, i64)| Some((Id::from_slice(&id)?, revision));
        Ok(found.into_iter().filter_map(known).collect())
    }
}
