//! The slices of our own revocations: what they count, and what has been built of them.

use super::{StoreError, Tx, on};

/// One slice: a kid and a month of issue.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SliceRow {
    /// Kid of the key that signed.
    pub kid: Vec<u8>,
    /// 12 times the year, plus 0 for January.
    pub month: i64,
    /// Certificates issued.
    pub issued: i64,
    /// Certificates revoked now.
    pub revoked: i64,
    /// Counts what makes a slice wrong that was built before.
    pub change: i64,
    /// The change up to which it has been built; 0 before the first time.
    pub built: i64,
}

impl Tx {
    /// All slices, in order.
    pub async fn slices(&mut self) -> Result<Vec<SliceRow>, StoreError> {
        let sql = "SELECT kid, month, issued, revoked, change, built FROM slices \
                   ORDER BY kid, month";
        Ok(on!(self, db => sqlx::query_as(sql).fetch_all(db).await?))
    }

    /// The parts that were built of a slice: which, and its bytes.
    pub async fn slice_parts(
        &mut self,
        kid: &[u8],
        month: i64,
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let sql = "SELECT which, content FROM slice_parts WHERE kid = $1 AND month = $2 \
                   ORDER BY which";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(kid)
            .bind(month)
            .fetch_all(db)
            .await?))
    }

    /// Keeps what was built of a slice as it stood at `change`; one built from a later state stays.
    pub async fn put_slice(
        &mut self,
        slice: &SliceRow,
        parts: &[(&str, &[u8])],
    ) -> Result<(), StoreError> {
        let sql = "UPDATE slices SET built = $3 WHERE kid = $1 AND month = $2 \
                   AND built < $3";
        let newer = on!(self, db => sqlx::query(sql)
            .bind(&slice.kid)
            .bind(slice.month)
            .bind(slice.change)
            .execute(db)
            .await?
            .rows_affected());
        if newer == 0 {
            return Ok(());
        }
        let sql = "DELETE FROM slice_parts WHERE kid = $1 AND month = $2";
        on!(self, db => sqlx::query(sql)
            .bind(&slice.kid)
            .bind(slice.month)
            .execute(db)
            .await
            .map(drop)?);
        for (which, content) in parts {
            let sql = "INSERT INTO slice_parts (kid, month, which, content) \
                       VALUES ($1, $2, $3, $4)";
            on!(self, db => sqlx::query(sql)
                .bind(&slice.kid)
                .bind(slice.month)
                .bind(*which)
                .bind(*content)
                .execute(db)
                .await
                .map(drop)?);
        }
        Ok(())
    }
}
