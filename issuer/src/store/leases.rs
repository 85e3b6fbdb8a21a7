//! Work that one process does at a time.

use service::on;

use super::{StoreError, Tx};

impl Tx {
    /// Takes or keeps a lease until a time; `false` while another one has it.
    pub async fn take_lease(
        &mut self,
        name: &str,
        holder: &str,
        now: i64,
        until: i64,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO leases (name, holder, until) VALUES ($1, $2, $4) \
                   ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, \
                   until = excluded.until \
                   WHERE leases.holder = excluded.holder OR leases.until <= $3";
        let rows = on!(self, db => sqlx::query(sql)
            .bind(name)
            .bind(holder)
            .bind(now)
            .bind(until)
            .execute(db)
            .await?
            .rows_affected());
        Ok(rows == 1)
    }

    /// Gives a lease back, so that another process need not wait.
    pub async fn give_lease_back(&mut self, name: &str, holder: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM leases WHERE name = $1 AND holder = $2";
        on!(self, db => sqlx::query(sql).bind(name).bind(holder).execute(db).await.map(drop)?);
        Ok(())
    }
}
