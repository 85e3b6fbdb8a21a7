//! Pieces of jobs, handed out by the database. Whoever holds one does so until its time is over; then
//! anybody may take it.

use service::on;

use super::super::{StoreError, Tx};
use crate::id::Id;

/// A piece in the hand of one holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Of which job.
    pub job: Id,
    /// Its first line, which tells the job's pieces apart.
    pub first: i64,
    /// Whose hand.
    pub holder: String,
}

/// A piece that was taken.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Chunk {
    /// Of which job.
    #[sqlx(try_from = "Vec<u8>")]
    pub job: Id,
    /// Its first line.
    pub first: i64,
    /// Its last line.
    pub last: i64,
}

/// How many rows of a piece came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Done {
    /// Made something.
    pub made: i64,
    /// Were there already.
    pub known: i64,
    /// Were refused.
    pub failed: i64,
}

impl Tx {
    /// Adds the pieces of a job: first and last line of each.
    pub async fn add_chunks(&mut self, job: Id, pieces: &[(i64, i64)]) -> Result<(), StoreError> {
        let sql = "INSERT INTO job_chunks (job, first, last, state) VALUES ($1, $2, $3, 'waiting')";
        for (first, last) in pieces {
            on!(self, db => sqlx::query(sql)
                .bind(job.bytes().as_slice())
                .bind(first)
                .bind(last)
                .execute(db)
                .await
                .map(drop)?);
        }
        Ok(())
    }

    /// Takes a piece that nobody holds any more, until an instant. The job that has come least far goes
    /// first, so that a small one does not wait for a large one.
    pub async fn take_chunk(
        &mut self,
        holder: &str,
        now: i64,
        until: i64,
    ) -> Result<Option<Chunk>, StoreError> {
        const SQLITE: &str = "UPDATE job_chunks SET state = 'taken', holder = $1, until = $3 \
            WHERE (job, first) = (SELECT c.job, c.first FROM job_chunks c JOIN jobs j ON j.id = c.job \
            WHERE c.state <> 'done' AND (c.state = 'waiting' OR c.until < $2) AND j.state = 'running' \
            ORDER BY c.first, j.started_at LIMIT 1) RETURNING job, first, last";
        // Pieces that another process is taking at this moment are passed over.
        const POSTGRES: &str = "UPDATE job_chunks SET state = 'taken', holder = $1, until = $3 \
            WHERE (job, first) = (SELECT c.job, c.first FROM job_chunks c JOIN jobs j ON j.id = c.job \
            WHERE c.state <> 'done' AND (c.state = 'waiting' OR c.until < $2) AND j.state = 'running' \
            ORDER BY c.first, j.started_at LIMIT 1 FOR UPDATE OF c SKIP LOCKED) \
            RETURNING job, first, last";
        let sql = if self.is_sqlite() { SQLITE } else { POSTGRES };
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(holder)
            .bind(now)
            .bind(until)
            .fetch_optional(db)
            .await?))
    }

    /// Whether there is a piece to be taken: asked before a transaction that writes is begun.
    pub async fn is_work(&mut self, now: i64) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM job_chunks c JOIN jobs j ON j.id = c.job WHERE c.state <> 'done' \
                   AND (c.state = 'waiting' OR c.until < $1) AND j.state = 'running' LIMIT 1";
        let found: Option<i32> = on!(self, db => sqlx::query_scalar(sql)
            .bind(now)
            .fetch_optional(db)
            .await?);
        Ok(found.is_some())
    }

    /// Holds a piece longer. False if it is in other hands by now.
    pub async fn renew_chunk(&mut self, lease: &Lease, until: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE job_chunks SET until = $4 \
                   WHERE job = $1 AND first = $2 AND holder = $3 AND state = 'taken'";
        let changed = on!(self, db => sqlx::query(sql)
            .bind(lease.job.bytes().as_slice())
            .bind(lease.first)
            .bind(&lease.holder)
            .bind(until)
            .execute(db)
            .await?
            .rows_affected());
        Ok(changed > 0)
    }

    /// Gives a piece back, as it was.
    pub async fn release_chunk(&mut self, lease: &Lease) -> Result<(), StoreError> {
        let sql = "UPDATE job_chunks SET state = 'waiting', holder = NULL, until = 0 \
                   WHERE job = $1 AND first = $2 AND holder = $3 AND state = 'taken'";
        on!(self, db => sqlx::query(sql)
            .bind(lease.job.bytes().as_slice())
            .bind(lease.first)
            .bind(&lease.holder)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// Ends a piece in the transaction that made its rows, and counts them; the last piece ends the job.
    /// False if the piece is in other hands by now: then this transaction must not be committed.
    pub async fn finish_chunk(
        &mut self,
        lease: &Lease,
        done: Done,
        now: i64,
    ) -> Result<bool, StoreError> {
        // Who did it stays, for whoever wants to know which process did how much.
        let sql = "UPDATE job_chunks SET state = 'done' \
                   WHERE job = $1 AND first = $2 AND holder = $3 AND state = 'taken'";
        let changed = on!(self, db => sqlx::query(sql)
            .bind(lease.job.bytes().as_slice())
            .bind(lease.first)
            .bind(&lease.holder)
            .execute(db)
            .await?
            .rows_affected());
        if changed == 0 {
            return Ok(false);
        }
        // Two that finish a job's last pieces at once wait for each other here, so that one of them sees
        // that nothing is left.
        let sql = "UPDATE jobs SET made = made + $2, known = known + $3, failed = failed + $4 \
                   WHERE id = $1";
        on!(self, db => sqlx::query(sql)
            .bind(lease.job.bytes().as_slice())
            .bind(done.made)
            .bind(done.known)
            .bind(done.failed)
            .execute(db)
            .await
            .map(drop)?);
        self.end_job(lease.job, now).await?;
        Ok(true)
    }
}
