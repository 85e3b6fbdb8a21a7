//! Accounts: what the issuer keeps of people beyond their sign-in.

use service::on;

use super::{AccountRow, StoreError, Tx};

impl Tx {
    /// One account.
    pub async fn account(&mut self, name: &str) -> Result<Option<AccountRow>, StoreError> {
        let sql = "SELECT name, full_name, roles, place, disabled, new_password, \
                   totp IS NOT NULL AS has_totp, created_at FROM users WHERE name = $1";
        Ok(on!(self, db => sqlx::query_as(sql).bind(name).fetch_optional(db).await?))
    }
}
