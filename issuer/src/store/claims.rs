//! Claim codes.

use service::on;

use super::{StoreError, Tx};
use crate::id::Id;

/// A claim code's row, with the birth date that belongs to it.
#[derive(Clone, sqlx::FromRow)]
pub struct ClaimRow {
    /// Of which certificate.
    #[sqlx(try_from = "Vec<u8>")]
    pub certificate: Id,
    /// Seconds since 1970.
    pub expires_at: i64,
    /// Wrong birth dates so far.
    pub failures: i64,
    /// The person's birth date; empty when it was removed.
    pub birth: String,
}

impl std::fmt::Debug for ClaimRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ClaimRow({})", self.certificate)
    }
}

impl Tx {
    /// A new code of a certificate; those before it end.
    pub async fn replace_claim(
        &mut self,
        digest: &[u8; 32],
        certificate: Id,
        now: i64,
        expires_at: i64,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM claims WHERE certificate = $1";
        on!(self, db => sqlx::query(sql)
            .bind(certificate.bytes().as_slice())
            .execute(db)
            .await
            .map(drop)?);
        let sql = "INSERT INTO claims (code, certificate, created_at, expires_at) \
                   VALUES ($1, $2, $3, $4)";
        on!(self, db => sqlx::query(sql)
            .bind(digest.as_slice())
            .bind(certificate.bytes().as_slice())
            .bind(now)
            .bind(expires_at)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// What is known of a code.
    pub async fn claim(&mut self, digest: &[u8; 32]) -> Result<Option<ClaimRow>, StoreError> {
        let sql = "SELECT l.certificate, l.expires_at, l.failures, p.birth FROM claims l \
                   JOIN certificates c ON c.id = l.certificate JOIN persons p ON p.id = c.person \
                   WHERE l.code = $1";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(digest.as_slice())
            .fetch_optional(db)
            .await?))
    }

    /// Counts a wrong attempt.
    pub async fn fail_claim(&mut self, digest: &[u8; 32]) -> Result<(), StoreError> {
        let sql = "UPDATE claims SET failures = failures + 1 WHERE code = $1";
        on!(self, db => sqlx::query(sql)
            .bind(digest.as_slice())
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// Notes that a code was used.
    pub async fn use_claim(&mut self, digest: &[u8; 32], now: i64) -> Result<(), StoreError> {
        let sql = "UPDATE claims SET used_at = $2 WHERE code = $1";
        on!(self, db => sqlx::query(sql)
            .bind(digest.as_slice())
            .bind(now)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }
}
