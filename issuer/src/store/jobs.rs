//! Bulk work: jobs, their rows, and the pieces that are handed out.

mod beside;
mod chunks;
mod exports;
mod history;
mod rows;

use service::{on, store::Engine};

use super::{JobRow, StoreError, Tx};
use crate::{id::Id, place::Place};

pub use chunks::{Chunk, Done, Lease};
pub use exports::{ExportRow, FailedRow, RowRow};
pub use history::DoseRow;
pub use rows::{NewRow, RowOutcome, WaitingRow};

macro_rules! job {
    ($rest:literal) => {
        concat!(
            "SELECT id, form, site, name, upto, state, rows, refused, unconfirmed, confirmed, \
             made, known, failed, created_at, created_by, run_by, started_at, finished_at FROM jobs ",
            $rest
        )
    };
}

impl Tx {
    /// Adds a job with its report.
    pub async fn add_job(&mut self, job: &JobRow, report: &[u8]) -> Result<(), StoreError> {
        let sql = "INSERT INTO jobs (id, form, site, name, upto, state, rows, refused, unconfirmed, \
                   confirmed, report, created_at, created_by) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        on!(self, db => sqlx::query(sql)
            .bind(job.id.bytes().as_slice())
            .bind(&job.form)
            .bind(&job.site)
            .bind(&job.name)
            .bind(&job.upto)
            .bind(&job.state)
            .bind(job.rows)
            .bind(job.refused)
            .bind(job.unconfirmed)
            .bind(job.confirmed)
            .bind(report)
            .bind(job.created_at)
            .bind(&job.created_by)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// One job.
    pub async fn job(&mut self, id: Id) -> Result<Option<JobRow>, StoreError> {
        let sql = job!("WHERE id = $1");
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(id.bytes().as_slice())
            .fetch_optional(db)
            .await?))
    }

    /// Jobs of a place and of what lies below, newest first; those older than `before`, if there is one.
    pub async fn jobs(
        &mut self,
        within: &Place,
        before: Option<Id>,
        count: i64,
    ) -> Result<Vec<JobRow>, StoreError> {
        // Identifiers begin with the time: their order is that of the jobs.
        let sql = job!(
            "WHERE (site = $1 OR (site >= $2 AND site < $3)) AND id < $4 ORDER BY id DESC LIMIT $5"
        );
        let (from, to) = within.below();
        let before = before.map_or_else(|| vec![0xff; 17], |id| id.bytes().to_vec());
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(within.as_str())
            .bind(&from)
            .bind(&to)
            .bind(&before)
            .bind(count)
            .fetch_all(db)
            .await?))
    }

    /// The report of what was refused when a job's file was checked.
    pub async fn job_report(&mut self, id: Id) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT report FROM jobs WHERE id = $1";
        Ok(on!(self, db => sqlx::query_scalar(sql)
            .bind(id.bytes().as_slice())
            .fetch_optional(db)
            .await?))
    }

    /// Lets a job that rests run, for somebody, so far: what was not done, and what failed, is done
    /// anew. False if it is no longer in the state in which it was looked at.
    pub async fn run_job(
        &mut self,
        looked_at: &JobRow,
        upto: &str,
        by_whom: &str,
        now: i64,
    ) -> Result<bool, StoreError> {
        let id = looked_at.id;
        let sql = "UPDATE jobs SET state = 'running', upto = $4, run_by = $5, failed = 0, \
                   started_at = $6, finished_at = NULL \
                   WHERE id = $1 AND state = $2 AND upto = $3";
        let changed = on!(self, db => sqlx::query(sql)
            .bind(id.bytes().as_slice())
            .bind(&looked_at.state)
            .bind(&looked_at.upto)
            .bind(upto)
            .bind(by_whom)
            .bind(now)
            .execute(db)
            .await?
            .rows_affected());
        if changed == 0 {
            return Ok(false);
        }
        let again = "UPDATE job_rows SET state = 'waiting', problem = NULL \
                     WHERE job = $1 AND state = 'failed'";
        on!(self, db => sqlx::query(again)
            .bind(id.bytes().as_slice())
            .execute(db)
            .await
            .map(drop)?);
        // Going further touches every row; doing the rest only the pieces with rows that wait.
        let sql = "UPDATE job_chunks SET state = 'waiting', holder = NULL, until = 0 \
                   WHERE job = $1 AND state = 'done' AND ($2 OR EXISTS (SELECT 1 FROM job_rows r \
                   WHERE r.job = job_chunks.job AND r.line >= job_chunks.first \
                   AND r.line <= job_chunks.last AND r.state = 'waiting'))";
        on!(self, db => sqlx::query(sql)
            .bind(id.bytes().as_slice())
            .bind(upto != looked_at.upto)
            .execute(db)
            .await
            .map(drop)?);
        self.end_job(id, now).await?;
        Ok(true)
    }

    /// A job of which no piece is left is done.
    pub(super) async fn end_job(&mut self, id: Id, now: i64) -> Result<(), StoreError> {
        let sql = "UPDATE jobs SET state = 'done', finished_at = $2 \
                   WHERE id = $1 AND state = 'running' AND NOT EXISTS (SELECT 1 FROM job_chunks \
                   WHERE job = $1 AND state <> 'done')";
        on!(self, db => sqlx::query(sql)
            .bind(id.bytes().as_slice())
            .bind(now)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// Nothing more of a job is taken; what was made stays. False if it had ended already.
    pub async fn cancel_job(&mut self, id: Id, now: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE jobs SET state = 'cancelled', finished_at = $2 \
                   WHERE id = $1 AND state IN ('checked', 'running')";
        let changed = on!(self, db => sqlx::query(sql)
            .bind(id.bytes().as_slice())
            .bind(now)
            .execute(db)
            .await?
            .rows_affected());
        Ok(changed > 0)
    }

    /// Removes the jobs that were sent before an instant and do not run, with their rows and reports; at most
    /// `most` of them. What was made of them stays. How many there were.
    pub async fn remove_jobs(&mut self, before: i64, most: i64) -> Result<u64, StoreError> {
        let sql = "SELECT id FROM jobs WHERE created_at < $1 AND state <> 'running' \
                   ORDER BY created_at LIMIT $2";
        let old: Vec<Vec<u8>> = on!(self, db => sqlx::query_scalar(sql)
            .bind(before)
            .bind(most)
            .fetch_all(db)
            .await?);
        for id in &old {
            for sql in [
                "DELETE FROM job_chunks WHERE job = $1",
                "DELETE FROM job_rows WHERE job = $1",
                "DELETE FROM jobs WHERE id = $1",
            ] {
                on!(self, db => sqlx::query(sql).bind(id).execute(db).await.map(drop)?);
            }
        }
        Ok(u64::try_from(old.len()).unwrap_or(u64::MAX))
    }

    fn is_sqlite(&mut self) -> bool {
        matches!(self.engine(), Engine::Sqlite(_))
    }
}
