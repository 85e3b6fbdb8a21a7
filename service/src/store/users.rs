//! People and their sessions.

use super::{StoreError, Tx, on};

/// A person who may sign in.
#[derive(Clone, sqlx::FromRow)]
pub struct UserRow {
    /// The name to sign in with.
    pub name: String,
    /// Argon2id, in PHC form.
    pub password: String,
    /// Roles, with commas between.
    pub roles: String,
    /// Secret of the one-time codes, if the person uses them, sealed for the purpose `totp:NAME`.
    pub totp: Option<Vec<u8>>,
    /// The last time step whose code was used: none counts twice.
    pub totp_step: i64,
    /// May not sign in any more.
    pub disabled: bool,
    /// Seconds since 1970.
    pub created_at: i64,
}

/// A session with the person it is of.
#[derive(Clone, sqlx::FromRow)]
pub struct SessionRow {
    /// SHA-256 of the cookie's token; the token itself is nowhere.
    pub token: String,
    /// Whose.
    pub name: String,
    /// From which its forms' tokens are made.
    pub secret: Vec<u8>,
    /// Seconds since 1970.
    pub created: i64,
    /// Last request.
    pub seen: i64,
    /// The person's roles at this moment.
    pub roles: String,
}

impl Tx {
    /// Adds a person.
    pub async fn add_user(&mut self, user: &UserRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO users (name, password, roles, totp, totp_step, disabled, \
                   created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        on!(self, db => sqlx::query(sql)
            .bind(&user.name)
            .bind(&user.password)
            .bind(&user.roles)
            .bind(&user.totp)
            .bind(user.totp_step)
            .bind(user.disabled)
            .bind(user.created_at)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// One person.
    pub async fn user(&mut self, name: &str) -> Result<Option<UserRow>, StoreError> {
        let sql = "SELECT name, password, roles, totp, totp_step, disabled, created_at \
                   FROM users WHERE name = $1";
        Ok(on!(self, db => sqlx::query_as(sql).bind(name).fetch_optional(db).await?))
    }

    /// All of them.
    pub async fn users(&mut self) -> Result<Vec<UserRow>, StoreError> {
        let sql = "SELECT name, password, roles, totp, totp_step, disabled, created_at \
                   FROM users ORDER BY name";
        Ok(on!(self, db => sqlx::query_as(sql).fetch_all(db).await?))
    }

    /// Changes a person's row, the name apart. Their sessions end, except by a used code.
    pub async fn set_user(&mut self, user: &UserRow) -> Result<bool, StoreError> {
        let sql = "UPDATE users SET password = $2, roles = $3, totp = $4, totp_step = $5, \
                   disabled = $6 WHERE name = $1";
        let rows = on!(self, db => sqlx::query(sql)
            .bind(&user.name)
            .bind(&user.password)
            .bind(&user.roles)
            .bind(&user.totp)
            .bind(user.totp_step)
            .bind(user.disabled)
            .execute(db)
            .await?
            .rows_affected());
        Ok(rows == 1)
    }

    /// Uses up a one-time code's time step; `false` when it, or a later one, was used before.
    pub async fn use_totp_step(&mut self, name: &str, step: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE users SET totp_step = $2 WHERE name = $1 AND totp_step < $2";
        let rows = on!(self, db => sqlx::query(sql)
            .bind(name)
            .bind(step)
            .execute(db)
            .await?
            .rows_affected());
        Ok(rows == 1)
    }

    /// Opens a session.
    pub async fn add_session(
        &mut self,
        token: &str,
        name: &str,
        secret: &[u8],
        now: i64,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO sessions (token, name, secret, created, seen) \
                   VALUES ($1, $2, $3, $4, $4)";
        on!(self, db => sqlx::query(sql)
            .bind(token)
            .bind(name)
            .bind(secret)
            .bind(now)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// A session that began after `created` and was used after `seen`, of somebody who may still
    /// sign in.
    pub async fn session(
        &mut self,
        token: &str,
        created: i64,
        seen: i64,
    ) -> Result<Option<SessionRow>, StoreError> {
        let sql = "SELECT s.token, s.name, s.secret, s.created, s.seen, u.roles \
                   FROM sessions s JOIN users u ON u.name = s.name \
                   WHERE s.token = $1 AND s.created > $2 AND s.seen > $3 AND NOT u.disabled";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(token)
            .bind(created)
            .bind(seen)
            .fetch_optional(db)
            .await?))
    }

    /// Notes that a session is in use.
    pub async fn touch_session(&mut self, token: &str, now: i64) -> Result<(), StoreError> {
        let sql = "UPDATE sessions SET seen = $2 WHERE token = $1";
        on!(self, db => sqlx::query(sql).bind(token).bind(now).execute(db).await.map(drop)?);
        Ok(())
    }

    /// Ends a session.
    pub async fn end_session(&mut self, token: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM sessions WHERE token = $1";
        on!(self, db => sqlx::query(sql).bind(token).execute(db).await.map(drop)?);
        Ok(())
    }

    /// Ends all sessions of a person.
    pub async fn end_sessions_of(&mut self, name: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM sessions WHERE name = $1";
        on!(self, db => sqlx::query(sql).bind(name).execute(db).await.map(drop)?);
        Ok(())
    }

    /// Ends the sessions that are too old.
    pub async fn end_old_sessions(&mut self, created: i64, seen: i64) -> Result<(), StoreError> {
        let sql = "DELETE FROM sessions WHERE created <= $1 OR seen <= $2";
        on!(self, db => sqlx::query(sql)
            .bind(created)
            .bind(seen)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }
}

impl std::fmt::Debug for UserRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "UserRow({})", self.name)
    }
}

impl std::fmt::Debug for SessionRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SessionRow({})", self.name)
    }
}
