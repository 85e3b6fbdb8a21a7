//! What the pages of the desk show: counts, lists and trails. Nothing here writes.

use service::on;

use super::{AuditEntry, CertificateRow, PlaceRow, RecordRow, StoreError, Tx};
use crate::place::Place;

/// A page of certificates.
#[derive(Debug, Clone)]
pub struct BoardPage<'a> {
    /// In this place, or below it.
    pub within: &'a Place,
    /// Of this lot; empty stands for any.
    pub lot: &'a str,
    /// In this state; empty stands for any.
    pub state: &'a str,
    /// Issued before this time, seconds since 1970.
    pub before: i64,
    /// At most so many.
    pub most: i64,
}

impl Tx {
    /// How many complaints of a place are open.
    pub async fn board_complaints(&mut self, within: &Place) -> Result<i64, StoreError> {
        let sql = "SELECT COUNT(*) FROM complaints \
                   WHERE (site = $1 OR (site >= $2 AND site < $3)) AND state = 'open'";
        let (from, to) = within.below();
        Ok(on!(self, db => sqlx::query_scalar(sql)
            .bind(within.as_str()).bind(&from).bind(&to)
            .fetch_one(db)
            .await?))
    }

    /// How many records somebody recorded since a time.
    pub async fn board_recorded_by(&mut self, by: &str, since: i64) -> Result<i64, StoreError> {
        let sql = "SELECT COUNT(*) FROM records WHERE recorded_by = $1 AND recorded_at >= $2";
        Ok(on!(self, db => sqlx::query_scalar(sql).bind(by).bind(since).fetch_one(db).await?))
    }

    /// What somebody recorded since a time, newest first.
    pub async fn board_latest_by(
        &mut self,
        (by, site): (&str, &str),
        since: i64,
        most: i64,
    ) -> Result<Vec<RecordRow>, StoreError> {
        let sql = "SELECT * FROM records WHERE site = $2 AND recorded_by = $1 AND recorded_at >= $3 \
                   ORDER BY recorded_at DESC, id DESC LIMIT $4";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(by).bind(site).bind(since).bind(most)
            .fetch_all(db)
            .await?))
    }

    /// How many certificates a place issued since a time.
    pub async fn board_issued(&mut self, within: &Place, since: i64) -> Result<i64, StoreError> {
        let sql = "SELECT COUNT(*) FROM certificates \
                   WHERE (site = $1 OR (site >= $2 AND site < $3)) AND issued_at >= $4";
        let (from, to) = within.below();
        Ok(on!(self, db => sqlx::query_scalar(sql)
            .bind(within.as_str()).bind(&from).bind(&to).bind(since)
            .fetch_one(db)
            .await?))
    }

    /// Certificates, newest first.
    pub async fn board_certificates(
        &mut self,
        page: &BoardPage<'_>,
    ) -> Result<Vec<CertificateRow>, StoreError> {
        let sql = "SELECT c.* FROM certificates c JOIN records r ON r.id = c.record \
                   WHERE (c.site = $1 OR (c.site >= $2 AND c.site < $3)) \
                   AND ($4 = '' OR r.lot = $4) AND ($5 = '' OR c.state = $5) AND c.issued_at < $6 \
                   ORDER BY c.issued_at DESC, c.id DESC LIMIT $7";
        let (from, to) = page.within.below();
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(page.within.as_str()).bind(&from).bind(&to)
            .bind(page.lot)
            .bind(page.state)
            .bind(page.before)
            .bind(page.most)
            .fetch_all(db)
            .await?))
    }

    /// A place by its path.
    pub async fn board_place(&mut self, path: &str) -> Result<Option<PlaceRow>, StoreError> {
        let sql = "SELECT * FROM places WHERE path = $1";
        Ok(on!(self, db => sqlx::query_as(sql).bind(path).fetch_optional(db).await?))
    }

    /// What was done to a subject, oldest first.
    pub async fn board_deeds(&mut self, subject: &str) -> Result<Vec<AuditEntry>, StoreError> {
        let sql = "SELECT seq, at, actor, action, subject, detail, previous, hash FROM audit \
                   WHERE subject = $1 ORDER BY seq LIMIT 500";
        Ok(on!(self, db => sqlx::query_as(sql).bind(subject).fetch_all(db).await?))
    }
}
