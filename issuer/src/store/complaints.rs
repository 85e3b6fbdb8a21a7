//! What citizens say is wrong.

use service::on;

use super::{ComplaintRow, StoreError, Tx, uvci_hash};
use crate::{id::Id, place::Place};

const COLUMNS: &str = "SELECT id, certificate, site, text, at, state, answer, answered_at, answered_by FROM complaints";

/// A certificate as a complaint needs it.
#[derive(Clone, sqlx::FromRow)]
pub struct ComplainedRow {
    /// Which.
    #[sqlx(try_from = "Vec<u8>")]
    pub id: Id,
    /// Path of the site.
    pub site: String,
    /// The person's birth date.
    pub birth: String,
    /// Complaints about it that nobody has answered.
    pub open: i64,
}

impl std::fmt::Debug for ComplainedRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ComplainedRow({})", self.id)
    }
}

impl Tx {
    /// The certificate of an UVCI.
    pub async fn certificate_to_mend(
        &mut self,
        uvci: &str,
    ) -> Result<Option<ComplainedRow>, StoreError> {
        let sql = "SELECT c.id, c.site, p.birth, (SELECT COUNT(*) FROM complaints o \
                   WHERE o.certificate = c.id AND o.state = 'open') AS open \
                   FROM certificates c JOIN persons p ON p.id = c.person WHERE c.uvci_hash = $1 \
                   AND c.uvci = $2";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(uvci_hash(uvci))
            .bind(uvci)
            .fetch_optional(db)
            .await?))
    }

    /// Adds a complaint.
    pub async fn add_complaint(&mut self, row: &ComplaintRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO complaints (id, certificate, site, text, at, state) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        on!(self, db => sqlx::query(sql)
            .bind(row.id.bytes().as_slice())
            .bind(row.certificate.bytes().as_slice())
            .bind(&row.site)
            .bind(&row.text)
            .bind(row.at)
            .bind(&row.state)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// The complaints of a place and of what lies below: open ones first, of those the oldest first;
    /// of the others the newest.
    pub async fn complaints_of(
        &mut self,
        place: &Place,
        most: i64,
    ) -> Result<Vec<ComplaintRow>, StoreError> {
        let sql = [
            COLUMNS,
            " WHERE site = $1 OR (site >= $2 AND site < $3) \
             ORDER BY CASE WHEN state = 'open' THEN 0 ELSE 1 END, \
             CASE WHEN state = 'open' THEN at ELSE -at END, id LIMIT $4",
        ]
        .concat();
        let (from, to) = place.below();
        Ok(
            on!(self, db => sqlx::query_as(sqlx::AssertSqlSafe(sql.clone()))
            .bind(place.as_str())
            .bind(&from)
            .bind(&to)
            .bind(most)
            .fetch_all(db)
            .await?),
        )
    }

    /// One complaint.
    pub async fn complaint(&mut self, id: Id) -> Result<Option<ComplaintRow>, StoreError> {
        let sql = [COLUMNS, " WHERE id = $1"].concat();
        Ok(
            on!(self, db => sqlx::query_as(sqlx::AssertSqlSafe(sql.clone()))
            .bind(id.bytes().as_slice())
            .fetch_optional(db)
            .await?),
        )
    }

    /// Answers an open complaint; whether it was open.
    pub async fn answer_complaint(
        &mut self,
        id: Id,
        state: &str,
        answer: &str,
        (at, by): (i64, &str),
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE complaints SET state = $2, answer = $3, answered_at = $4, \
                   answered_by = $5 WHERE id = $1 AND state = 'open'";
        let changed = on!(self, db => sqlx::query(sql)
            .bind(id.bytes().as_slice())
            .bind(state)
            .bind(answer)
            .bind(at)
            .bind(by)
            .execute(db)
            .await?
            .rows_affected());
        Ok(changed == 1)
    }
}
