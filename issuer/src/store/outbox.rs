//! What the trust list has to be told: certificates in the order of their issue, and revocations.

use service::{on, store::Engine};

use super::{StoreError, Tx};

/// Something that the trust list has to be told.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OutboxRow {
    /// Which.
    pub id: i64,
    /// What for.
    pub kind: String,
    /// As the trust list's API takes it.
    pub body: String,
    /// How often it was tried.
    pub attempts: i64,
}

/// What the trust list is told of a certificate; nothing in it is of the person.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct IssuedHash {
    /// Where to go on.
    pub id: Vec<u8>,
    /// First 16 bytes of SHA-256 over the UVCI.
    pub uvci_hash: Vec<u8>,
    /// Seconds since 1970.
    pub issued_at: i64,
    /// Key of the national code.
    pub national_kid: Option<Vec<u8>>,
    /// Key of the international code.
    pub international_kid: Option<Vec<u8>>,
    /// Path of the site.
    pub site: String,
    /// The lot, of a vaccination.
    pub lot: Option<String>,
}

impl Tx {
    /// Certificates issued from a time on and up to another, in the order of issue, after one of
    /// them.
    pub async fn issued_from(
        &mut self,
        from: (i64, &[u8]),
        to: i64,
        most: i64,
    ) -> Result<Vec<IssuedHash>, StoreError> {
        let sql = "SELECT c.id, c.uvci_hash, c.issued_at, c.national_kid, c.international_kid, \
                   c.site, r.lot FROM certificates c JOIN records r ON r.id = c.record \
                   WHERE (c.issued_at, c.id) > ($1, $2) AND c.issued_at <= $3 \
                   ORDER BY c.issued_at, c.id LIMIT $4";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(from.0)
            .bind(from.1)
            .bind(to)
            .bind(most)
            .fetch_all(db)
            .await?))
    }

    /// The certificates of these hashes.
    pub async fn issued_of(&mut self, hashes: &[[u8; 16]]) -> Result<Vec<IssuedHash>, StoreError> {
        let sqlite = "SELECT c.id, c.uvci_hash, c.issued_at, c.national_kid, c.international_kid, \
                      c.site, r.lot FROM certificates c JOIN records r ON r.id = c.record \
                      WHERE c.uvci_hash IN (SELECT unhex(value) FROM json_each($1))";
        let postgres = "SELECT c.id, c.uvci_hash, c.issued_at, c.national_kid, \
                        c.international_kid, c.site, r.lot \
                        FROM certificates c JOIN records r ON r.id = c.record \
                        WHERE c.uvci_hash = ANY($1)";
        Ok(match self.engine() {
            Engine::Sqlite(tx) => {
                let query = sqlx::query_as(sqlite).bind(hexes(hashes));
                query.fetch_all(&mut **tx).await?
            }
            Engine::Postgres(tx) => {
                let hashes: Vec<&[u8]> = hashes.iter().map(|hash| &hash[..]).collect();
                sqlx::query_as(postgres)
                    .bind(hashes)
                    .fetch_all(&mut **tx)
                    .await?
            }
        })
    }

    /// What is due to be told, oldest first.
    pub async fn outbox_due(&mut self, now: i64, most: i64) -> Result<Vec<OutboxRow>, StoreError> {
        let sql = "SELECT id, kind, body, attempts FROM outbox \
                   WHERE done_at IS NULL AND next_at <= $1 ORDER BY id LIMIT $2";
        Ok(on!(self, db => sqlx::query_as(sql).bind(now).bind(most).fetch_all(db).await?))
    }

    /// How much waits to be told.
    pub async fn outbox_waiting(&mut self) -> Result<i64, StoreError> {
        let sql = "SELECT COUNT(*) FROM outbox WHERE done_at IS NULL";
        Ok(on!(self, db => sqlx::query_scalar(sql).fetch_one(db).await?))
    }

    /// The trust list was told.
    pub async fn outbox_done(&mut self, id: i64, now: i64) -> Result<(), StoreError> {
        let sql = "UPDATE outbox SET done_at = $2, attempts = attempts + 1, problem = NULL \
                   WHERE id = $1";
        on!(self, db => sqlx::query(sql).bind(id).bind(now).execute(db).await.map(drop)?);
        Ok(())
    }

    /// It could not be told, and is tried again later.
    pub async fn outbox_failed(
        &mut self,
        id: i64,
        next_at: i64,
        problem: &str,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE outbox SET attempts = attempts + 1, next_at = $2, problem = $3 \
                   WHERE id = $1";
        on!(self, db => sqlx::query(sql)
            .bind(id)
            .bind(next_at)
            .bind(problem)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// Forgets what was told long ago.
    pub async fn outbox_forget(&mut self, before: i64) -> Result<u64, StoreError> {
        let sql = "DELETE FROM outbox WHERE done_at < $1";
        Ok(on!(self, db => sqlx::query(sql).bind(before).execute(db).await?.rows_affected()))
    }
}

/// A JSON list of hexadecimal texts, for SQLite's `json_each`.
fn hexes(hashes: &[[u8; 16]]) -> String {
    let hex = |hash: &[u8; 16]| format!("\"{}\"", data_encoding::HEXLOWER.encode(hash));
    let all: Vec<String> = hashes.iter().map(hex).collect();
    format!("[{}]", all.join(","))
}
