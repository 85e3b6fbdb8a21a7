//! Failed sign-ins, counted for each user and each address.

use super::{StoreError, Tx, on};

/// What is remembered of one user's or one address's failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct Failures {
    /// In a row.
    pub failures: i64,
    /// The last one, seconds since 1970.
    pub last: i64,
    /// No attempt counts before this.
    pub locked_until: i64,
}

impl Failures {
    /// The longest wait, in seconds: a quarter of an hour.
    pub const LONGEST: i64 = 15 * 60;
    /// Failures are forgotten after a day without one.
    pub const FORGET: i64 = 24 * 3600;

    /// One more. Each beyond the free ones doubles the wait, from two seconds on.
    #[must_use]
    pub fn and_another(self, free: i64, now: i64) -> Failures {
        let failures = match now - self.last > Failures::FORGET {
            true => 1,
            false => self.failures + 1,
        };
        let wait = match failures - free {
            beyond if beyond < 0 => 0,
            beyond => Failures::LONGEST.min(2_i64 << beyond.min(20)),
        };
        Failures {
            failures,
            last: now,
            locked_until: now + wait,
        }
    }
}

impl Tx {
    /// What is remembered; nothing is nought.
    pub async fn failures(&mut self, subject: &str) -> Result<Failures, StoreError> {
        let sql = "SELECT failures, last, locked_until FROM sign_in_failures WHERE subject = $1";
        let found: Option<Failures> = on!(self, db => sqlx::query_as(sql)
            .bind(subject)
            .fetch_optional(db)
            .await?);
        Ok(found.unwrap_or_default())
    }

    /// Remembers.
    pub async fn set_failures(
        &mut self,
        subject: &str,
        failures: Failures,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO sign_in_failures (subject, failures, last, locked_until) \
                   VALUES ($1, $2, $3, $4) ON CONFLICT (subject) DO UPDATE SET \
                   failures = excluded.failures, last = excluded.last, \
                   locked_until = excluded.locked_until";
        on!(self, db => sqlx::query(sql)
            .bind(subject)
            .bind(failures.failures)
            .bind(failures.last)
            .bind(failures.locked_until)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// Forgets what happened before an instant.
    pub async fn forget_failures(&mut self, before: i64) -> Result<(), StoreError> {
        let sql = "DELETE FROM sign_in_failures WHERE last < $1 AND locked_until < $1";
        on!(self, db => sqlx::query(sql).bind(before).execute(db).await.map(drop)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let mut failures = Failures::default();
        let mut waits = Vec::new();
        for _ in 0..16 {
            failures = failures.and_another(5, 1000);
            waits.push(failures.locked_until - 1000);
        }
        assert_eq!(waits[..7], [0, 0, 0, 0, 2, 4, 8]);
        assert_eq!(waits[15], Failures::LONGEST);
        let later = failures.and_another(5, 1000 + Failures::FORGET + 1);
        assert_eq!((later.failures, later.locked_until), (1, later.last));
    }
}
