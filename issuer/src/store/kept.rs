//! Answers that are kept for repeated requests. An outcome that is empty is still to come.

use service::on;

use super::{StoreError, Tx};
use crate::domain::desk::Once;

/// What there is under an Idempotency-Key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nothing, or a first request that was lost: from now on it is this request's.
    New,
    /// The same request, still at work.
    UnderWay,
    /// The same request, and what came of it.
    Done(String),
    /// Another request.
    Other,
}

impl Tx {
    /// Takes a key for a request, unless there is one under it. Requests that are not done and older
    /// than `lost` are taken over.
    pub async fn claim_once(
        &mut self,
        once: &Once,
        now: i64,
        lost: i64,
    ) -> Result<Claim, StoreError> {
        let (scope, key, digest) = (&once.scope, &once.key, once.digest.as_slice());
        let sql = "INSERT INTO idempotency (scope, key, digest, outcome, at) \
                   VALUES ($1, $2, $3, '', $4) ON CONFLICT (scope, key) DO UPDATE SET at = $4 \
                   WHERE idempotency.outcome = '' AND idempotency.at < $5 \
                   AND idempotency.digest = $3";
        let taken = on!(self, db => sqlx::query(sql)
            .bind(scope)
            .bind(key)
            .bind(digest)
            .bind(now)
            .bind(lost)
            .execute(db)
            .await?
            .rows_affected());
        if taken == 1 {
            return Ok(Claim::New);
        }
        let sql = "SELECT digest, outcome FROM idempotency WHERE scope = $1 AND key = $2";
        let there: (Vec<u8>, String) = on!(self, db => sqlx::query_as(sql)
            .bind(scope)
            .bind(key)
            .fetch_one(db)
            .await?);
        Ok(match there {
            (own, _) if own != digest => Claim::Other,
            (_, outcome) if outcome.is_empty() => Claim::UnderWay,
            (_, outcome) => Claim::Done(outcome),
        })
    }

    /// Notes what came of a request.
    pub async fn finish_once(&mut self, once: &Once, outcome: &str) -> Result<(), StoreError> {
        let sql = "UPDATE idempotency SET outcome = $3 WHERE scope = $1 AND key = $2";
        on!(self, db => sqlx::query(sql)
            .bind(&once.scope)
            .bind(&once.key)
            .bind(outcome)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// Gives a key back: nothing came of the request.
    pub async fn release_once(&mut self, once: &Once) -> Result<(), StoreError> {
        let sql = "DELETE FROM idempotency WHERE scope = $1 AND key = $2 AND outcome = ''";
        on!(self, db => sqlx::query(sql)
            .bind(&once.scope)
            .bind(&once.key)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }
}
