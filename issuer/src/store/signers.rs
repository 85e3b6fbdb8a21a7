//! Keys that sign, and what the trust list knows of each.

use service::on;

use super::{StoreError, Tx};

/// A document signer.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SignerRow {
    /// The key identifier in what it signs.
    pub kid: Vec<u8>,
    /// Its certificate (DER).
    pub certificate: Vec<u8>,
    /// Who reads what it signs.
    pub profile: String,
    /// Seconds since 1970.
    pub first_seen: i64,
    /// When the trust list took it.
    pub reported_at: Option<i64>,
    /// Up to when everything it signed has been reported; 0 says: nothing yet.
    pub complete_until: i64,
}

impl Tx {
    /// Notes a signer, unless it is there.
    pub async fn note_signer(
        &mut self,
        kid: &[u8],
        certificate: &[u8],
        profile: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO signers (kid, certificate, profile, first_seen) \
                   VALUES ($1, $2, $3, $4) ON CONFLICT (kid) DO NOTHING";
        on!(self, db => sqlx::query(sql)
            .bind(kid)
            .bind(certificate)
            .bind(profile)
            .bind(now)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// All signers there ever were here, those first seen first.
    pub async fn signers(&mut self) -> Result<Vec<SignerRow>, StoreError> {
        let sql = "SELECT kid, certificate, profile, first_seen, reported_at, complete_until \
                   FROM signers ORDER BY first_seen, kid";
        Ok(on!(self, db => sqlx::query_as(sql).fetch_all(db).await?))
    }

    /// The trust list took a signer.
    pub async fn signer_reported(&mut self, kid: &[u8], now: i64) -> Result<(), StoreError> {
        let sql = "UPDATE signers SET reported_at = $2 WHERE kid = $1";
        on!(self, db => sqlx::query(sql).bind(kid).bind(now).execute(db).await.map(drop)?);
        Ok(())
    }

    /// Everything that a signer signed up to a time has been reported. It never goes back.
    pub async fn signer_complete(&mut self, kid: &[u8], until: i64) -> Result<(), StoreError> {
        let sql = "UPDATE signers SET complete_until = $2 \
                   WHERE kid = $1 AND complete_until < $2";
        on!(self, db => sqlx::query(sql).bind(kid).bind(until).execute(db).await.map(drop)?);
        Ok(())
    }
}
