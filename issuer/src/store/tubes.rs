//! Sample tubes and whose samples are in them.

use service::on;

use super::{StoreError, TubeRow, Tx};
use crate::id::Id;

const COLUMNS: &str = "SELECT code, site, sampled_at, content, state, created_at, created_by, read_at, \
                       read_by FROM tubes";

#[derive(sqlx::FromRow)]
struct InTube {
    #[sqlx(try_from = "Vec<u8>")]
    person: Id,
}

impl Tx {
    /// Adds an open tube.
    pub async fn add_tube(&mut self, row: &TubeRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO tubes (code, site, sampled_at, content, state, created_at, created_by) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        on!(self, db => sqlx::query(sql)
            .bind(&row.code)
            .bind(&row.site)
            .bind(&row.sampled_at)
            .bind(&row.content)
            .bind(&row.state)
            .bind(row.created_at)
            .bind(&row.created_by)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// A tube.
    pub async fn tube(&mut self, code: &str) -> Result<Option<TubeRow>, StoreError> {
        let sql = [COLUMNS, " WHERE code = $1"].concat();
        Ok(
            on!(self, db => sqlx::query_as(sqlx::AssertSqlSafe(sql.clone()))
            .bind(code)
            .fetch_optional(db)
            .await?),
        )
    }

    /// The tubes of a site, newest first.
    pub async fn tubes_of(&mut self, site: &str, most: i64) -> Result<Vec<TubeRow>, StoreError> {
        let sql = [
            COLUMNS,
            " WHERE site = $1 ORDER BY created_at DESC, code LIMIT $2",
        ]
        .concat();
        Ok(
            on!(self, db => sqlx::query_as(sqlx::AssertSqlSafe(sql.clone()))
            .bind(site)
            .bind(most)
            .fetch_all(db)
            .await?),
        )
    }

    /// Takes an open tube for this transaction alone: nobody is added, nobody reads it meanwhile.
    /// Whether it was open.
    pub async fn take_tube(&mut self, code: &str) -> Result<bool, StoreError> {
        let sql = "UPDATE tubes SET state = state WHERE code = $1 AND state = 'open'";
        let taken = on!(self, db => sqlx::query(sql)
            .bind(code)
            .execute(db)
            .await?
            .rows_affected());
        Ok(taken == 1)
    }

    /// Notes the result of an open tube; whether it was open.
    pub async fn close_tube(
        &mut self,
        code: &str,
        state: &str,
        (at, by): (i64, &str),
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE tubes SET state = $2, read_at = $3, read_by = $4 \
                   WHERE code = $1 AND state = 'open'";
        let closed = on!(self, db => sqlx::query(sql)
            .bind(code)
            .bind(state)
            .bind(at)
            .bind(by)
            .execute(db)
            .await?
            .rows_affected());
        Ok(closed == 1)
    }

    /// Puts somebody into a tube; whether they were not in it before.
    pub async fn add_to_tube(&mut self, code: &str, person: Id) -> Result<bool, StoreError> {
        let sql = "INSERT INTO tube_people (tube, person) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        let added = on!(self, db => sqlx::query(sql)
            .bind(code)
            .bind(person.bytes().as_slice())
            .execute(db)
            .await?
            .rows_affected());
        Ok(added == 1)
    }

    /// Whose samples are in it.
    pub async fn people_in_tube(&mut self, code: &str) -> Result<Vec<Id>, StoreError> {
        let sql = "SELECT person FROM tube_people WHERE tube = $1 ORDER BY person";
        let rows: Vec<InTube> = on!(self, db => sqlx::query_as(sql)
            .bind(code)
            .fetch_all(db)
            .await?);
        Ok(rows.into_iter().map(|row| row.person).collect())
    }
}
