//! Who did what: append-only, each entry bound to the one before it.

use hcert::time::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{StoreError, Tx, on};

/// One entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AuditEntry {
    /// Counts from 1 without a gap.
    pub seq: i64,
    /// Seconds since 1970.
    pub at: i64,
    /// `user:NAME`, `client:NAME` or `service`.
    pub actor: String,
    /// What was done, as `key.withdraw`.
    pub action: String,
    /// To what.
    pub subject: String,
    /// More of it, as JSON. No personal data.
    pub detail: String,
    /// Hash of the entry before; 64 zeros at the first.
    pub previous: String,
    /// SHA-256 over this entry and `previous`.
    pub hash: String,
}

/// The audit log was changed by somebody who is not this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the audit log was tampered with at entry {0}")]
pub struct BrokenChain(pub i64);

impl AuditEntry {
    fn expected_hash(&self) -> String {
        let mut hash = Sha256::new();
        let fields = [
            &self.seq.to_string(),
            &self.at.to_string(),
            &self.actor,
            &self.action,
            &self.subject,
            &self.detail,
            &self.previous,
        ];
        for field in fields {
            // Each with its length, so that nothing can move from one field to the next.
            hash.update(field.len().to_be_bytes());
            hash.update(field.as_bytes());
        }
        let digest: [u8; 32] = hash.finalize().into();
        trust_list::digest::Digest::from_bytes(digest).to_string()
    }
}

const ENTRY: &str = "SELECT seq, at, actor, action, subject, detail, previous, hash FROM audit";

impl Tx {
    /// Appends an entry. It stands or falls with the transaction, and so with the deed.
    pub async fn audit(
        &mut self,
        at: Timestamp,
        actor: &str,
        action: &str,
        subject: &str,
        detail: &serde_json::Value,
    ) -> Result<(), StoreError> {
        let seq = self.count("audit", 0).await?;
        let sql = "SELECT hash FROM audit WHERE seq = $1";
        let previous: Option<String> = on!(self, db => sqlx::query_scalar(sql)
            .bind(seq - 1)
            .fetch_optional(db)
            .await?);
        let mut entry = AuditEntry {
            seq,
            at: at.unix(),
            actor: actor.to_owned(),
            action: action.to_owned(),
            subject: subject.to_owned(),
            detail: detail.to_string(),
            previous: previous.unwrap_or_else(|| "0".repeat(64)),
            hash: String::new(),
        };
        entry.hash = entry.expected_hash();
        let sql = "INSERT INTO audit (seq, at, actor, action, subject, detail, previous, hash) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        on!(self, db => sqlx::query(sql)
            .bind(entry.seq)
            .bind(entry.at)
            .bind(&entry.actor)
            .bind(&entry.action)
            .bind(&entry.subject)
            .bind(&entry.detail)
            .bind(&entry.previous)
            .bind(&entry.hash)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// The newest entries before `before`, newest first.
    pub async fn audit_page(
        &mut self,
        before: i64,
        count: i64,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let sql = entries(" WHERE seq < $1 ORDER BY seq DESC LIMIT $2");
        Ok(
            on!(self, db => sqlx::query_as(sqlx::AssertSqlSafe(sql.clone()))
            .bind(before)
            .bind(count)
            .fetch_all(db)
            .await?),
        )
    }

    /// Goes through the whole log; the number of entries, or where it breaks.
    pub async fn audit_check(&mut self) -> Result<Result<i64, BrokenChain>, StoreError> {
        let mut previous = "0".repeat(64);
        let mut last = 0;
        loop {
            let sql = entries(" WHERE seq > $1 ORDER BY seq LIMIT 1000");
            let entries: Vec<AuditEntry> = on!(self, db => sqlx::query_as(sqlx::AssertSqlSafe(sql.clone()))
                .bind(last)
                .fetch_all(db)
                .await?);
            if entries.is_empty() {
                break;
            }
            for entry in entries {
                let sound = entry.seq == last + 1
                    && entry.previous == previous
                    && entry.hash == entry.expected_hash();
                if !sound {
                    return Ok(Err(BrokenChain(last + 1)));
                }
                last = entry.seq;
                previous = entry.hash;
            }
        }
        // Entries cut off at the end leave the counter ahead.
        let sql = "SELECT value FROM counters WHERE name = 'audit'";
        let counted: i64 = on!(self, db => sqlx::query_scalar(sql).fetch_one(db).await?);
        Ok(if counted == last {
            Ok(last)
        } else {
            Err(BrokenChain(last + 1))
        })
    }
}

fn entries(rest: &str) -> String {
    format!("{ENTRY}{rest}")
}
