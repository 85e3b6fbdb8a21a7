//! Lists that are paged through, by identifier, and what is counted for the metrics.

use service::on;

use super::{CertificateRow, RecordRow, StoreError, Tx};
use crate::{id::Id, place::Place};

/// What a page of a list holds. An empty text stands for any.
#[derive(Debug, Clone)]
pub struct Listed {
    /// In this place, or below it.
    pub within: Place,
    /// In this state.
    pub state: String,
    /// `vaccination`, `test`, `recovery`.
    pub kind: String,
    /// Of this person.
    pub person: Option<Id>,
    /// Beyond this one.
    pub after: Option<Id>,
    /// At most so many.
    pub limit: i64,
}

/// What is counted for the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    /// Alarms that nobody has looked at.
    pub alarms: i64,
    /// What the trust list has not been told yet.
    pub outbox: i64,
    /// Jobs at work.
    pub jobs: i64,
}

macro_rules! page {
    ($tx:expr, $sql:expr, $listed:expr) => {{
        let listed = $listed;
        let (from, to) = listed.within.below();
        let person = listed.person.map_or_else(Vec::new, |id| id.bytes().to_vec());
        let after = listed.after.map_or_else(Vec::new, |id| id.bytes().to_vec());
        on!($tx, db => sqlx::query_as($sql)
            .bind(listed.within.as_str())
            .bind(from)
            .bind(to)
            .bind(&listed.state)
            .bind(&listed.kind)
            .bind(person)
            .bind(after)
            .bind(listed.limit)
            .fetch_all(db)
            .await?)
    }};
}

impl Tx {
    /// Records by identifier, and so by the time they were recorded.
    pub async fn list_records(&mut self, listed: &Listed) -> Result<Vec<RecordRow>, StoreError> {
        let sql = "SELECT * FROM records WHERE (site = $1 OR (site >= $2 AND site < $3)) \
                   AND ($4 = '' OR state = $4) AND ($5 = '' OR kind = $5) \
                   AND (length($6) = 0 OR person = $6) AND id > $7 ORDER BY id LIMIT $8";
        Ok(page!(self, sql, listed))
    }

    /// Certificates by identifier, and so by the time they were issued.
    pub async fn list_certificates(
        &mut self,
        listed: &Listed,
    ) -> Result<Vec<CertificateRow>, StoreError> {
        let sql = "SELECT * FROM certificates WHERE (site = $1 OR (site >= $2 AND site < $3)) \
                   AND ($4 = '' OR state = $4) AND ($5 = '' OR kind = $5) \
                   AND (length($6) = 0 OR person = $6) AND id > $7 ORDER BY id LIMIT $8";
        Ok(page!(self, sql, listed))
    }

    /// For the metrics: all of it from indexes that hold only what is open.
    pub async fn counts(&mut self) -> Result<Counts, StoreError> {
        let sql = "SELECT (SELECT COUNT(*) FROM alarms WHERE seen_at IS NULL) AS alarms, \
                   (SELECT COUNT(*) FROM outbox WHERE done_at IS NULL) AS outbox, \
                   (SELECT COUNT(*) FROM jobs WHERE state = 'running') AS jobs";
        Ok(on!(self, db => sqlx::query_as(sql).fetch_one(db).await?))
    }
}
