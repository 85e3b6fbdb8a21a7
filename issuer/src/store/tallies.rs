//! How many: of a clerk, a site, a program, by the hour (of a program also by the minute).

use service::on;

use super::{StoreError, Tx, lists::pick};

/// A count.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct TallyRow {
    /// Of whom.
    pub subject: String,
    /// Hours (or minutes) since 1970.
    pub hour: i64,
    /// How many.
    pub count: i64,
}

impl Tx {
    /// Adds to counts, and gives what they are then. They stay locked until the transaction ends, so that
    /// no two processes miss one another; the order of the rows is the caller's, and has to be sorted.
    pub async fn tally(&mut self, rows: &[TallyRow]) -> Result<Vec<TallyRow>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        Ok(pick!(self, db,
            sqlite => {
                let mut after = Vec::with_capacity(rows.len());
                for row in rows {
                    let sql = "INSERT INTO tallies (subject, hour, count) VALUES ($1, $2, $3) \
                               ON CONFLICT (subject, hour) DO UPDATE SET count = tallies.count + excluded.count \
                               RETURNING subject, hour, count";
                    let row = sqlx::query_as(sql).bind(&row.subject).bind(row.hour).bind(row.count);
                    after.push(row.fetch_one(&mut *db).await?);
                }
                after
            },
            postgres => sqlx::query_as(
                "INSERT INTO tallies (subject, hour, count) SELECT * FROM UNNEST($1::text[], $2::bigint[], $3::bigint[]) \
                 ON CONFLICT (subject, hour) DO UPDATE SET count = tallies.count + excluded.count \
                 RETURNING subject, hour, count"
            )
                .bind(rows.iter().map(|row| row.subject.as_str()).collect::<Vec<_>>())
                .bind(rows.iter().map(|row| row.hour).collect::<Vec<_>>())
                .bind(rows.iter().map(|row| row.count).collect::<Vec<_>>())
                .fetch_all(db).await?,
        ))
    }

    /// What the other clerks of a clerk's own place have in an hour, the fewest first.
    pub async fn tallies_beside(&mut self, clerk: &str, hour: i64) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT t.count FROM users me JOIN users u ON u.place = me.place AND u.name <> me.name \
                   JOIN tallies t ON t.subject = 'clerk:' || u.name AND t.hour = $2 \
                   WHERE me.name = $1 ORDER BY t.count";
        Ok(on!(self, db => sqlx::query_scalar(sql).bind(clerk).bind(hour).fetch_all(db).await?))
    }

    /// Forgets counts: of hours, and of minutes, before these.
    pub async fn forget_tallies(&mut self, hour: i64, minute: i64) -> Result<u64, StoreError> {
        let sql = "DELETE FROM tallies WHERE hour < $1 OR (hour < $2 AND substr(subject, 1, 7) = 'minute:')";
        Ok(on!(self, db => sqlx::query(sql)
            .bind(hour)
            .bind(minute)
            .execute(db).await?.rows_affected()))
    }
}
