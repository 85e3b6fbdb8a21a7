//! What came of a job, page by page.

use service::on;

use super::super::{CertificateRow, StoreError, Tx};
use crate::id::Id;

/// A row with what came of it, without its personal data.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RowRow {
    /// Its line.
    pub line: i64,
    /// Its key.
    pub key: String,
    /// `waiting`, `made`, `known`, `failed`.
    pub state: String,
    /// Why it failed, or that its code can't be read back.
    pub problem: Option<String>,
    /// The record.
    pub record: Option<Vec<u8>>,
    /// The certificate.
    pub certificate: Option<Vec<u8>>,
}

/// A row with its certificate.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ExportRow {
    /// Its line.
    pub line: i64,
    /// Its key.
    pub key: String,
    /// The certificate.
    #[sqlx(flatten)]
    pub certificate: CertificateRow,
}

/// A row that failed when it was taken.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FailedRow {
    /// Its line.
    pub line: i64,
    /// Its key.
    pub key: String,
    /// Its fields as a JSON object (personal data).
    pub draft: String,
    /// Why, as JSON.
    pub problem: String,
}

/// Rows of a job, by what came of them.
const ROW: &str = "SELECT line, key, state, problem, record, certificate FROM job_rows WHERE job = $1 \
                   AND line > $2 AND ($3 = '' OR state = $3 OR ($3 = 'not_printed' \
                   AND problem = 'not_readable')) ORDER BY line LIMIT $4";

const EXPORT: &str = "SELECT r.line, r.key, c.id, c.record, c.person, c.kind, c.site, c.uvci, \
                      c.uvci_hash, c.issued_at, c.expires_at, c.national_kid, c.national, \
                      c.international_kid, c.international, c.state, c.replaces, c.replaced_by, \
                      c.reason, c.revoked_at, c.revoked_by, c.prints \
                      FROM job_rows r JOIN certificates c ON c.id = r.certificate \
                      WHERE r.job = $1 AND r.line > $2 AND r.line <= $3 ORDER BY r.line LIMIT $4";

impl Tx {
    /// Rows after a line; of one state, or `not_printed`, or of all with an empty text.
    pub async fn job_rows(
        &mut self,
        job: Id,
        after: i64,
        state: &str,
        count: i64,
    ) -> Result<Vec<RowRow>, StoreError> {
        Ok(on!(self, db => sqlx::query_as(ROW)
            .bind(job.bytes().as_slice())
            .bind(after)
            .bind(state)
            .bind(count)
            .fetch_all(db)
            .await?))
    }

    /// Rows after a line that failed.
    pub async fn failed_rows(
        &mut self,
        job: Id,
        after: i64,
        count: i64,
    ) -> Result<Vec<FailedRow>, StoreError> {
        let sql = "SELECT line, key, draft, COALESCE(problem, '') AS problem FROM job_rows \
                   WHERE job = $1 AND line > $2 AND state = 'failed' ORDER BY line LIMIT $3";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(job.bytes().as_slice())
            .bind(after)
            .bind(count)
            .fetch_all(db)
            .await?))
    }

    /// Rows after a line up to another one, with their certificates.
    pub async fn job_certificates(
        &mut self,
        job: Id,
        after: i64,
        last: i64,
        count: i64,
    ) -> Result<Vec<ExportRow>, StoreError> {
        Ok(on!(self, db => sqlx::query_as(EXPORT)
            .bind(job.bytes().as_slice())
            .bind(after)
            .bind(last)
            .bind(count)
            .fetch_all(db)
            .await?))
    }

    /// How many rows of a job have a certificate.
    pub async fn count_job_certificates(&mut self, job: Id) -> Result<i64, StoreError> {
        let sql = "SELECT COUNT(*) FROM job_rows WHERE job = $1 AND certificate IS NOT NULL";
        Ok(on!(self, db => sqlx::query_scalar(sql)
            .bind(job.bytes().as_slice())
            .fetch_one(db)
            .await?))
    }

    /// The line of the row with a certificate that has `before` others before it.
    pub async fn nth_job_certificate(
        &mut self,
        job: Id,
        before: i64,
    ) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT line FROM job_rows WHERE job = $1 AND certificate IS NOT NULL \
                   ORDER BY line LIMIT 1 OFFSET $2";
        Ok(on!(self, db => sqlx::query_scalar(sql)
            .bind(job.bytes().as_slice())
            .bind(before)
            .fetch_optional(db)
            .await?))
    }
}
