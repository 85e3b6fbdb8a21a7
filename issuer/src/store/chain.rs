//! The audit log outside the database: one entry a line as JSON, bound to the one before it.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{AuditEntry, StoreError, Tx};

/// An entry of the audit log, as a line of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    seq: i64,
    at: i64,
    actor: String,
    action: String,
    subject: String,
    detail: String,
    previous: String,
    hash: String,
}

impl Entry {
    /// Of an entry of the database.
    pub fn of(entry: &AuditEntry) -> Entry {
        Entry {
            seq: entry.seq,
            at: entry.at,
            actor: entry.actor.clone(),
            action: entry.action.clone(),
            subject: entry.subject.clone(),
            detail: entry.detail.clone(),
            previous: entry.previous.clone(),
            hash: entry.hash.clone(),
        }
    }

    /// SHA-256 over the fields, each with its length in 8 bytes in front.
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
            hash.update((field.len() as u64).to_be_bytes());
            hash.update(field.as_bytes());
        }
        HEXLOWER.encode(&hash.finalize())
    }
}

/// The chain breaks here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("entry {0} was changed, or something before it was left out: the log is not whole")]
pub struct Broken(pub i64);

/// A chain that is checked entry by entry. It may begin in the middle of a log.
#[derive(Debug, Default)]
pub struct Chain {
    first: Option<i64>,
    last: i64,
    hash: String,
}

impl Chain {
    /// Takes the next entry.
    pub fn take(&mut self, entry: &Entry) -> Result<(), Broken> {
        let follows = match self.first {
            Some(_) => entry.seq == self.last + 1 && entry.previous == self.hash,
            None => entry.seq > 1 || (entry.seq == 1 && entry.previous == "0".repeat(64)),
        };
        if !follows || entry.hash != entry.expected_hash() {
            return Err(Broken(entry.seq));
        }
        self.first.get_or_insert(entry.seq);
        self.last = entry.seq;
        self.hash.clone_from(&entry.hash);
        Ok(())
    }

    /// The first entry and the last one.
    pub fn span(&self) -> Option<(i64, i64)> {
        Some((self.first?, self.last))
    }

    /// The hash of the last entry: who keeps it elsewhere notices when entries are cut off later.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

impl Tx {
    /// The entries after one of them, oldest first.
    pub async fn audit_after(
        &mut self,
        after: i64,
        most: i64,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let sql = "SELECT seq, at, actor, action, subject, detail, previous, hash FROM audit \
                   WHERE seq > $1 ORDER BY seq LIMIT $2";
        Ok(service::on!(self, db => sqlx::query_as(sql)
            .bind(after)
            .bind(most)
            .fetch_all(db)
            .await?))
    }
}
