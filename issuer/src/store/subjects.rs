//! Subjects of OpenID Connect that accounts are bound to.

use service::on;

use super::{StoreError, Tx};
use crate::oidc::Subject;

impl Tx {
    /// The account that a subject is bound to: its name, and whether it is disabled.
    pub async fn account_of_subject(
        &mut self,
        subject: &Subject,
    ) -> Result<Option<(String, bool)>, StoreError> {
        let sql = "SELECT name, disabled FROM users WHERE oidc_subject = $1";
        Ok(on!(self, db => sqlx::query_as(sql).bind(subject.as_str()).fetch_optional(db).await?))
    }

    /// The subject that an account is bound to.
    pub async fn subject_of_account(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT oidc_subject FROM users WHERE name = $1";
        let subject: Option<Option<String>> =
            on!(self, db => sqlx::query_scalar(sql).bind(name).fetch_optional(db).await?);
        Ok(subject.flatten())
    }

    /// Binds an account to a subject, or to none. [`StoreError::Exists`] where another account is
    /// bound to it.
    pub async fn set_subject(
        &mut self,
        name: &str,
        subject: Option<&Subject>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE users SET oidc_subject = $2 WHERE name = $1";
        on!(self, db => sqlx::query(sql)
            .bind(name)
            .bind(subject.map(Subject::as_str))
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }
}
