//! Who did what: append-only, each entry bound to the one before it.

use data_encoding::HEXLOWER;
use hcert::time::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{Engine, StoreError, Tx, on};

/// One entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
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

/// What goes into an entry.
#[derive(Debug, Clone, Copy)]
pub struct AuditNote<'a> {
    /// `user:NAME`, `client:NAME` or `service`.
    pub actor: &'a str,
    /// What was done, as `key.withdraw`.
    pub action: &'a str,
    /// To what.
    pub subject: &'a str,
    /// More of it. No personal data.
    pub detail: &'a serde_json::Value,
}

/// The audit log was changed by somebody who is not this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the audit log was tampered with at entry {0}")]
pub struct BrokenChain(pub i64);

impl AuditEntry {
    /// The hash it has if nobody changed it: over its fields and `previous`.
    pub fn expected_hash(&self) -> String {
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
        HEXLOWER.encode(&hash.finalize())
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
        let note = AuditNote {
            actor,
            action,
            subject,
            detail,
        };
        self.audit_many(at, &[note]).await
    }

    /// Appends several entries, as [`Tx::audit`] does one: the counter is asked once, and a
    /// thousand rows go in at once.
    pub async fn audit_many(
        &mut self,
        at: Timestamp,
        notes: &[AuditNote<'_>],
    ) -> Result<(), StoreError> {
        if notes.is_empty() {
            return Ok(());
        }
        let by = i64::try_from(notes.len()).unwrap_or(i64::MAX);
        // Others that append wait here until this transaction ends: the chain has one end.
        let first = self.count_by("audit", 0, by).await? - by + 1;
        let sql = "SELECT hash FROM audit WHERE seq = $1";
        let last: Option<String> = on!(self, db => sqlx::query_scalar(sql)
            .bind(first - 1)
            .fetch_optional(db)
            .await?);
        let mut previous = last.unwrap_or_else(|| "0".repeat(64));
        let mut entries = Vec::with_capacity(notes.len());
        for (seq, note) in (first..).zip(notes) {
            let mut entry = AuditEntry {
                seq,
                at: at.unix(),
                actor: note.actor.to_owned(),
                action: note.action.to_owned(),
                subject: note.subject.to_owned(),
                detail: note.detail.to_string(),
                previous,
                hash: String::new(),
            };
            entry.hash = entry.expected_hash();
            previous = entry.hash.clone();
            entries.push(entry);
        }
        self.append(&entries).await?;
        Ok(())
    }

    /// The statement is one and the same for any number of entries, so that it is prepared once.
    async fn append(&mut self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        match self.engine() {
            Engine::Sqlite(tx) => {
                let sql = "INSERT INTO audit (seq, at, actor, action, subject, detail, previous, \
                           hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
                for entry in entries {
                    sqlx::query(sql)
                        .bind(entry.seq)
                        .bind(entry.at)
                        .bind(&entry.actor)
                        .bind(&entry.action)
                        .bind(&entry.subject)
                        .bind(&entry.detail)
                        .bind(&entry.previous)
                        .bind(&entry.hash)
                        .execute(&mut **tx)
                        .await?;
                }
            }
            Engine::Postgres(tx) => {
                let sql = "INSERT INTO audit (seq, at, actor, action, subject, detail, previous, \
                           hash) SELECT * FROM UNNEST($1::bigint[], $2::bigint[], $3::text[], \
                           $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])";
                let numbers = |of: fn(&AuditEntry) -> i64| entries.iter().map(of).collect();
                let texts = |of: fn(&AuditEntry) -> &str| entries.iter().map(of).collect();
                let (seq, at): (Vec<i64>, Vec<i64>) = (numbers(|e| e.seq), numbers(|e| e.at));
                let columns: [Vec<&str>; 6] = [
                    texts(|e| &e.actor),
                    texts(|e| &e.action),
                    texts(|e| &e.subject),
                    texts(|e| &e.detail),
                    texts(|e| &e.previous),
                    texts(|e| &e.hash),
                ];
                let mut query = sqlx::query(sql).bind(seq).bind(at);
                for column in columns {
                    query = query.bind(column);
                }
                query.execute(&mut **tx).await?;
            }
        }
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
