//! Accounts: what the issuer keeps of people beyond their sign-in.

use service::{on, store::Engine};

use super::{AccountRow, StoreError, Tx};
use crate::place::Place;

impl Tx {
    /// One account.
    pub async fn account(&mut self, name: &str) -> Result<Option<AccountRow>, StoreError> {
        let sql = "SELECT name, full_name, roles, place, disabled, new_password, \
                   totp IS NOT NULL AS has_totp, created_at FROM users WHERE name = $1";
        Ok(on!(self, db => sqlx::query_as(sql).bind(name).fetch_optional(db).await?))
    }

    /// The accounts of a place and of everything below it, by place and name.
    pub async fn accounts_within(&mut self, within: &Place) -> Result<Vec<AccountRow>, StoreError> {
        let sql = "SELECT name, full_name, roles, place, disabled, new_password, \
                   totp IS NOT NULL AS has_totp, created_at FROM users \
                   WHERE place = $1 OR (place > $2 AND place < $3) ORDER BY place, name";
        let (from, to) = within.below();
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(within.as_str())
            .bind(from.as_str())
            .bind(to.as_str())
            .fetch_all(db)
            .await?))
    }

    /// Accounts that have a role among theirs and may sign in. On PostgreSQL they stay as they are
    /// until the transaction ends, so that two who go at once do not both leave.
    pub async fn accounts_of_role(&mut self, role: &str) -> Result<Vec<AccountRow>, StoreError> {
        let sql = "SELECT name, full_name, roles, place, disabled, new_password, \
                   totp IS NOT NULL AS has_totp, created_at FROM users \
                   WHERE NOT disabled AND ',' || roles || ',' LIKE '%,' || $1 || ',%' \
                   ORDER BY name";
        let locked = "SELECT name, full_name, roles, place, disabled, new_password, \
                      totp IS NOT NULL AS has_totp, created_at FROM users \
                      WHERE NOT disabled AND ',' || roles || ',' LIKE '%,' || $1 || ',%' \
                      ORDER BY name FOR UPDATE";
        Ok(match self.engine() {
            Engine::Sqlite(tx) => sqlx::query_as(sql).bind(role).fetch_all(&mut **tx).await?,
            Engine::Postgres(tx) => {
                sqlx::query_as(locked)
                    .bind(role)
                    .fetch_all(&mut **tx)
                    .await?
            }
        })
    }

    /// Sets what the issuer keeps of an account.
    pub async fn set_account(
        &mut self,
        name: &str,
        place: &Place,
        full_name: &str,
        new_password: bool,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE users SET place = $2, full_name = $3, new_password = $4 WHERE name = $1";
        on!(self, db => sqlx::query(sql)
            .bind(name)
            .bind(place.as_str())
            .bind(full_name)
            .bind(new_password)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// All sign-in names.
    pub async fn account_names(&mut self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT name FROM users";
        Ok(on!(self, db => sqlx::query_scalar(sql).fetch_all(db).await?))
    }

    /// Notes that somebody chose a password of their own.
    pub async fn password_chosen(&mut self, name: &str) -> Result<(), StoreError> {
        let sql = "UPDATE users SET new_password = FALSE WHERE name = $1";
        on!(self, db => sqlx::query(sql).bind(name).execute(db).await.map(drop)?);
        Ok(())
    }
}
