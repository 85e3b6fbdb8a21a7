//! Alarms: one row for each kind, subject and day, which counts.

use service::on;

use super::{AlarmRow, StoreError, Tx, Within};
use crate::id::Id;

/// The statement that reads alarms, with what comes after it.
macro_rules! alarms {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, subject, site, day, detail, count, raised_at, last_at, seen_at, seen_by, note \
             FROM alarms ",
            $rest
        )
    };
}

impl Tx {
    /// Raises an alarm, or counts one of the same day; one that somebody saw already is open again.
    pub async fn raise(&mut self, row: &AlarmRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO alarms (id, kind, subject, site, day, detail, count, raised_at, last_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT (kind, subject, day) DO UPDATE SET \
                   count = alarms.count + excluded.count, detail = excluded.detail, last_at = excluded.last_at, \
                   seen_at = NULL, seen_by = NULL";
        on!(self, db => sqlx::query(sql)
            .bind(row.id.bytes().as_slice())
            .bind(&row.kind).bind(&row.subject).bind(&row.site).bind(&row.day).bind(&row.detail)
            .bind(row.count)
            .bind(row.last_at)
            .execute(db).await.map(drop)?);
        Ok(())
    }

    /// One alarm.
    pub async fn alarm(&mut self, id: Id) -> Result<Option<AlarmRow>, StoreError> {
        let sql = alarms!("WHERE id = $1");
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(id.bytes().as_slice())
            .fetch_optional(db).await?))
    }

    /// The alarms of a place, those that nobody saw first, then the newest first.
    pub async fn alarms(
        &mut self,
        within: &Within,
        only_open: bool,
        most: i64,
    ) -> Result<Vec<AlarmRow>, StoreError> {
        let sql = alarms!(
            "WHERE (site = $1 OR (site >= $2 AND site < $3)) AND (seen_at IS NULL OR NOT $4) \
             ORDER BY CASE WHEN seen_at IS NULL THEN 0 ELSE 1 END, last_at DESC, id DESC LIMIT $5"
        );
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(&within.at).bind(&within.from).bind(&within.to)
            .bind(only_open)
            .bind(most)
            .fetch_all(db).await?))
    }

    /// How many alarms of a place nobody saw.
    pub async fn open_alarms(&mut self, within: &Within) -> Result<i64, StoreError> {
        let sql = "SELECT COUNT(*) FROM alarms WHERE seen_at IS NULL \
                   AND (site = $1 OR (site >= $2 AND site < $3))";
        Ok(on!(self, db => sqlx::query_scalar(sql)
            .bind(&within.at).bind(&within.from).bind(&within.to)
            .fetch_one(db).await?))
    }

    /// Somebody saw an alarm.
    pub async fn see_alarm(
        &mut self,
        id: Id,
        at: i64,
        by: &str,
        note: &str,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE alarms SET seen_at = $2, seen_by = $3, note = $4 WHERE id = $1";
        on!(self, db => sqlx::query(sql)
            .bind(id.bytes().as_slice())
            .bind(at).bind(by).bind(note)
            .execute(db).await.map(drop)?);
        Ok(())
    }
}
