//! The rows of a job.

use service::{on, store::Engine};

use super::super::{StoreError, Tx};
use crate::id::Id;

/// A row that was accepted when the file was checked.
#[derive(Clone, PartialEq, Eq)]
pub struct NewRow {
    /// Its line, or its number among the items of a FHIR document.
    pub line: i64,
    /// What tells it from others when it is sent again.
    pub key: String,
    /// Its fields as a JSON object (personal data).
    pub draft: String,
}

/// A row that waits.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct WaitingRow {
    /// Its line.
    pub line: i64,
    /// Its key.
    pub key: String,
    /// `waiting`, `made`, `known`.
    pub state: String,
    /// Its fields as a JSON object (personal data); empty when it is made.
    pub draft: String,
    /// What it made, or what was there.
    pub record: Option<Vec<u8>>,
    /// The certificate, if there is one.
    pub certificate: Option<Vec<u8>>,
}

/// What came of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowOutcome {
    /// It made a record, and a certificate if it went so far.
    Made {
        /// The record.
        record: Id,
        /// The certificate.
        certificate: Option<Id>,
    },
    /// Its event was there already.
    Known {
        /// The record that was there.
        record: Id,
        /// Its certificate.
        certificate: Option<Id>,
    },
    /// It was refused; why, as JSON without personal data.
    Failed(String),
}

impl RowOutcome {
    fn state(&self) -> &'static str {
        match self {
            RowOutcome::Made { .. } => "made",
            RowOutcome::Known { .. } => "known",
            RowOutcome::Failed(_) => "failed",
        }
    }

    fn ids(&self) -> (Option<&[u8]>, Option<&[u8]>) {
        match self {
            RowOutcome::Made {
                record,
                certificate,
            }
            | RowOutcome::Known {
                record,
                certificate,
            } => (
                Some(record.bytes().as_slice()),
                certificate.as_ref().map(|id| id.bytes().as_slice()),
            ),
            RowOutcome::Failed(_) => (None, None),
        }
    }

    fn problem(&self) -> Option<&str> {
        match self {
            RowOutcome::Failed(why) => Some(why),
            _ => None,
        }
    }
}

/// Rows in one statement.
const ROWS: usize = 5000;

impl Tx {
    /// Adds rows to a job.
    pub async fn add_job_rows(&mut self, job: Id, rows: &[NewRow]) -> Result<(), StoreError> {
        for rows in rows.chunks(ROWS) {
            match self.engine() {
                Engine::Postgres(tx) => {
                    let sql = "INSERT INTO job_rows (job, line, key, draft, state) \
                               SELECT $1, line, key, draft, 'waiting' \
                               FROM UNNEST($2::bigint[], $3::text[], $4::text[]) AS u (line, key, draft)";
                    let lines: Vec<i64> = rows.iter().map(|row| row.line).collect();
                    let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
                    let drafts: Vec<&str> = rows.iter().map(|row| row.draft.as_str()).collect();
                    sqlx::query(sql)
                        .bind(job.bytes().as_slice())
                        .bind(lines)
                        .bind(keys)
                        .bind(drafts)
                        .execute(&mut **tx)
                        .await?;
                }
                Engine::Sqlite(tx) => {
                    let sql = "INSERT INTO job_rows (job, line, key, draft, state) \
                               SELECT $1, value ->> 0, value ->> 1, value ->> 2, 'waiting' \
                               FROM json_each($2)";
                    let all: Vec<(i64, &str, &str)> = rows
                        .iter()
                        .map(|row| (row.line, row.key.as_str(), row.draft.as_str()))
                        .collect();
                    sqlx::query(sql)
                        .bind(job.bytes().as_slice())
                        .bind(serde_json::to_string(&all).unwrap_or_default())
                        .execute(&mut **tx)
                        .await?;
                }
            }
        }
        Ok(())
    }

    /// The rows of a piece, those that failed left out.
    pub async fn rows_of_chunk(
        &mut self,
        job: Id,
        first: i64,
        last: i64,
    ) -> Result<Vec<WaitingRow>, StoreError> {
        let sql = "SELECT line, key, state, draft, record, certificate FROM job_rows \
                   WHERE job = $1 AND line >= $2 AND line <= $3 AND state <> 'failed' ORDER BY line";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(job.bytes().as_slice())
            .bind(first)
            .bind(last)
            .fetch_all(db)
            .await?))
    }

    /// Notes what came of rows, in the order of their lines. What is done needs its draft no more.
    pub async fn note_rows(
        &mut self,
        job: Id,
        rows: &[(i64, RowOutcome)],
    ) -> Result<(), StoreError> {
        let lines = || rows.iter().map(|(line, _)| *line);
        let (Some(first), Some(last)) = (lines().min(), lines().max()) else {
            return Ok(());
        };
        match self.engine() {
            Engine::Postgres(tx) => {
                // The bounds keep the planner at the piece's part of the index.
                let sql = "UPDATE job_rows r SET state = u.state, problem = u.problem, \
                           record = u.record, certificate = u.certificate, \
                           draft = CASE WHEN u.state = 'failed' THEN r.draft ELSE '' END \
                           FROM UNNEST($4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bytea[]) \
                           AS u (line, state, problem, record, certificate) \
                           WHERE r.job = $1 AND r.line >= $2 AND r.line <= $3 AND r.line = u.line";
                let all = || rows.iter().map(|(_, outcome)| outcome);
                sqlx::query(sql)
                    .bind(job.bytes().as_slice())
                    .bind(first)
                    .bind(last)
                    .bind(lines().collect::<Vec<_>>())
                    .bind(all().map(RowOutcome::state).collect::<Vec<_>>())
                    .bind(all().map(RowOutcome::problem).collect::<Vec<_>>())
                    .bind(all().map(|o| o.ids().0).collect::<Vec<_>>())
                    .bind(all().map(|o| o.ids().1).collect::<Vec<_>>())
                    .execute(&mut **tx)
                    .await?;
            }
            Engine::Sqlite(tx) => {
                let sql = "UPDATE job_rows SET state = $3, problem = $4, record = $5, \
                           certificate = $6, draft = CASE WHEN $3 = 'failed' THEN draft ELSE '' END \
                           WHERE job = $1 AND line = $2";
                for (line, outcome) in rows {
                    let (record, certificate) = outcome.ids();
                    sqlx::query(sql)
                        .bind(job.bytes().as_slice())
                        .bind(line)
                        .bind(outcome.state())
                        .bind(outcome.problem())
                        .bind(record)
                        .bind(certificate)
                        .execute(&mut **tx)
                        .await?;
                }
            }
        }
        Ok(())
    }

    /// Notes that a made row's certificate was left out of what was printed.
    pub async fn note_not_printed(&mut self, job: Id, line: i64) -> Result<(), StoreError> {
        let sql = "UPDATE job_rows SET problem = 'not_readable' WHERE job = $1 AND line = $2";
        on!(self, db => sqlx::query(sql)
            .bind(job.bytes().as_slice())
            .bind(line)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }
}
