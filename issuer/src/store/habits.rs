//! What a clerk used last, so that the next person needs no typing.

use service::on;

use super::{StoreError, Tx};

impl Tx {
    /// What somebody used last, as JSON by draft field; no personal data.
    pub async fn habits(&mut self, user: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT content FROM habits WHERE user_name = $1";
        Ok(on!(self, db => sqlx::query_scalar(sql).bind(user).fetch_optional(db).await?))
    }

    /// Remembers it.
    pub async fn set_habits(
        &mut self,
        user: &str,
        content: &str,
        at: i64,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO habits (user_name, content, at) VALUES ($1, $2, $3) \
                   ON CONFLICT (user_name) DO UPDATE SET content = EXCLUDED.content, at = EXCLUDED.at";
        on!(self, db => sqlx::query(sql).bind(user).bind(content).bind(at).execute(db).await.map(drop)?);
        Ok(())
    }
}
