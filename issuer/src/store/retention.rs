//! Removing what is past its days, a batch at a time. What revocation needs stays: `uvci_hash`, the
//! kids, `issued_at`, the state.

use service::on;

use super::{
    StoreError, Tx,
    lists::{blobs, hexes, pick},
};
use crate::id::Id;

/// Identifiers of rows, as they come.
fn ids(rows: Vec<Vec<u8>>) -> Vec<Id> {
    rows.iter().filter_map(|id| Id::from_slice(id)).collect()
}

impl Tx {
    /// Certificates that ended before a time and still have a text.
    pub async fn certificates_past(
        &mut self,
        before: i64,
        most: i64,
    ) -> Result<Vec<Id>, StoreError> {
        let sql = "SELECT id FROM certificates WHERE expires_at < $1 \
                   AND (national IS NOT NULL OR international IS NOT NULL) \
                   ORDER BY expires_at LIMIT $2";
        Ok(ids(on!(self, db => sqlx::query_scalar(sql)
            .bind(before)
            .bind(most)
            .fetch_all(db)
            .await?)))
    }

    /// Empties the texts of these certificates; the identifier gives way to its hash.
    pub async fn empty_certificates(&mut self, these: &[Id]) -> Result<u64, StoreError> {
        Ok(pick!(self, db,
            sqlite => sqlx::query(
                "UPDATE certificates SET national = NULL, international = NULL, \
                 uvci = 'removed:' || lower(hex(uvci_hash)) \
                 WHERE id IN (SELECT unhex(value) FROM json_each($1))"
            ).bind(hexes(these)).execute(db).await?.rows_affected(),
            postgres => sqlx::query(
                "UPDATE certificates SET national = NULL, international = NULL, \
                 uvci = 'removed:' || encode(uvci_hash, 'hex') WHERE id = ANY($1)"
            ).bind(blobs(these)).execute(db).await?.rows_affected(),
        ))
    }

    /// The records of these certificates that no certificate with a text is of any more.
    pub async fn records_of_past(&mut self, these: &[Id]) -> Result<Vec<Id>, StoreError> {
        Ok(ids(pick!(self, db,
            sqlite => sqlx::query_scalar(
                "SELECT DISTINCT r.id FROM records r JOIN certificates c ON c.record = r.id \
                 WHERE c.id IN (SELECT unhex(value) FROM json_each($1)) AND r.content <> '' \
                 AND NOT EXISTS (SELECT 1 FROM certificates o WHERE o.record = r.id \
                 AND (o.national IS NOT NULL OR o.international IS NOT NULL))"
            ).bind(hexes(these)).fetch_all(db).await?,
            postgres => sqlx::query_scalar(
                "SELECT DISTINCT r.id FROM records r JOIN certificates c ON c.record = r.id \
                 WHERE c.id = ANY($1) AND r.content <> '' \
                 AND NOT EXISTS (SELECT 1 FROM certificates o WHERE o.record = r.id \
                 AND (o.national IS NOT NULL OR o.international IS NOT NULL))"
            ).bind(blobs(these)).fetch_all(db).await?,
        )))
    }

    /// Records that were never certified, or replaced since, that nobody changed since a time.
    pub async fn records_past(&mut self, before: i64, most: i64) -> Result<Vec<Id>, StoreError> {
        let sql = "SELECT r.id FROM records r WHERE r.state <> 'certified' AND r.content <> '' \
                   AND r.recorded_at < $1 \
                   AND COALESCE(r.certified_at, r.approved_at, r.recorded_at) < $1 \
                   AND NOT EXISTS (SELECT 1 FROM certificates o WHERE o.record = r.id \
                   AND (o.national IS NOT NULL OR o.international IS NOT NULL)) \
                   ORDER BY r.recorded_at LIMIT $2";
        Ok(ids(on!(self, db => sqlx::query_scalar(sql)
            .bind(before)
            .bind(most)
            .fetch_all(db)
            .await?)))
    }

    /// Empties the content of these records, and forgets the senders' keys of them.
    pub async fn empty_records(&mut self, these: &[Id]) -> Result<u64, StoreError> {
        pick!(self, db,
            sqlite => sqlx::query(
                "DELETE FROM row_keys WHERE record IN (SELECT unhex(value) FROM json_each($1))"
            ).bind(hexes(these)).execute(db).await.map(drop)?,
            postgres => sqlx::query("DELETE FROM row_keys WHERE record = ANY($1)")
                .bind(blobs(these)).execute(db).await.map(drop)?,
        );
        Ok(pick!(self, db,
            sqlite => sqlx::query(
                "UPDATE records SET content = '', note = NULL, approval = NULL, tube = NULL \
                 WHERE id IN (SELECT unhex(value) FROM json_each($1))"
            ).bind(hexes(these)).execute(db).await?.rows_affected(),
            postgres => sqlx::query(
                "UPDATE records SET content = '', note = NULL, approval = NULL, tube = NULL \
                 WHERE id = ANY($1)"
            ).bind(blobs(these)).execute(db).await?.rows_affected(),
        ))
    }

    /// The people of these records of whom nothing younger is left; those with a tube are left to
    /// [`Tx::persons_past`].
    pub async fn persons_of_past(&mut self, these: &[Id]) -> Result<Vec<Id>, StoreError> {
        Ok(ids(pick!(self, db,
            sqlite => sqlx::query_scalar(
                "SELECT p.id FROM persons p WHERE p.erased_at IS NULL \
                 AND p.id IN (SELECT person FROM records \
                 WHERE id IN (SELECT unhex(value) FROM json_each($1))) \
                 AND NOT EXISTS (SELECT 1 FROM records r WHERE r.person = p.id AND r.content <> '') \
                 AND NOT EXISTS (SELECT 1 FROM tube_people t WHERE t.person = p.id)"
            ).bind(hexes(these)).fetch_all(db).await?,
            postgres => sqlx::query_scalar(
                "SELECT p.id FROM persons p WHERE p.erased_at IS NULL \
                 AND p.id IN (SELECT person FROM records WHERE id = ANY($1)) \
                 AND NOT EXISTS (SELECT 1 FROM records r WHERE r.person = p.id AND r.content <> '') \
                 AND NOT EXISTS (SELECT 1 FROM tube_people t WHERE t.person = p.id)"
            ).bind(blobs(these)).fetch_all(db).await?,
        )))
    }

    /// People of whom there is no record with content, and no tube since a time, and whom nobody
    /// changed since.
    pub async fn persons_past(&mut self, before: i64, most: i64) -> Result<Vec<Id>, StoreError> {
        let sql = "SELECT p.id FROM persons p WHERE p.erased_at IS NULL AND p.changed_at < $1 \
                   AND NOT EXISTS (SELECT 1 FROM records r WHERE r.person = p.id \
                   AND r.content <> '') \
                   AND NOT EXISTS (SELECT 1 FROM tube_people tp JOIN tubes t ON t.code = tp.tube \
                   WHERE tp.person = p.id AND t.created_at >= $1) LIMIT $2";
        Ok(ids(on!(self, db => sqlx::query_scalar(sql)
            .bind(before)
            .bind(most)
            .fetch_all(db)
            .await?)))
    }

    /// Removes everything about these people. Their rows stay, because records refer to them.
    pub async fn erase_persons(&mut self, these: &[Id], now: i64) -> Result<u64, StoreError> {
        Ok(pick!(self, db,
            sqlite => sqlx::query(
                "UPDATE persons SET family = '', given = '', family_t = '', given_t = '', \
                 name_key = '', birth = '', sex = NULL, nationality = NULL, cccd = NULL, \
                 cmnd = NULL, passport = NULL, bhyt = NULL, erased_at = $2 \
                 WHERE id IN (SELECT unhex(value) FROM json_each($1))"
            ).bind(hexes(these)).bind(now).execute(db).await?.rows_affected(),
            postgres => sqlx::query(
                "UPDATE persons SET family = '', given = '', family_t = '', given_t = '', \
                 name_key = '', birth = '', sex = NULL, nationality = NULL, cccd = NULL, \
                 cmnd = NULL, passport = NULL, bhyt = NULL, erased_at = $2 WHERE id = ANY($1)"
            ).bind(blobs(these)).bind(now).execute(db).await?.rows_affected(),
        ))
    }

    /// A job that ended, or was never begun, before a time.
    pub async fn job_past(&mut self, before: i64) -> Result<Option<Id>, StoreError> {
        let sql = "SELECT id FROM jobs WHERE state <> 'running' \
                   AND COALESCE(finished_at, created_at) < $1 ORDER BY created_at LIMIT 1";
        let id: Option<Vec<u8>> = on!(self, db => sqlx::query_scalar(sql)
            .bind(before)
            .fetch_optional(db)
            .await?);
        Ok(id.and_then(|id| Id::from_slice(&id)))
    }

    /// Removes rows of a job; once there are none, the job itself. How many rows went.
    pub async fn remove_job(&mut self, job: Id, most: i64) -> Result<u64, StoreError> {
        let id = job.bytes().as_slice();
        let sql = "DELETE FROM job_rows WHERE job = $1 AND line IN \
                   (SELECT line FROM job_rows WHERE job = $1 ORDER BY line LIMIT $2)";
        let rows = on!(self, db => sqlx::query(sql)
            .bind(id)
            .bind(most)
            .execute(db)
            .await?
            .rows_affected());
        if rows == 0 {
            for sql in [
                "DELETE FROM job_chunks WHERE job = $1",
                "DELETE FROM jobs WHERE id = $1",
            ] {
                on!(self, db => sqlx::query(sql).bind(id).execute(db).await.map(drop)?);
            }
        }
        Ok(rows)
    }

    /// Removes complaints that were answered before a time.
    pub async fn remove_complaints(&mut self, before: i64) -> Result<u64, StoreError> {
        let sql = "DELETE FROM complaints WHERE state <> 'open' AND answered_at < $1";
        Ok(on!(self, db => sqlx::query(sql).bind(before).execute(db).await?.rows_affected()))
    }

    /// Removes claim codes that ended before a time.
    pub async fn remove_claims(&mut self, before: i64) -> Result<u64, StoreError> {
        let sql = "DELETE FROM claims WHERE expires_at < $1";
        Ok(on!(self, db => sqlx::query(sql).bind(before).execute(db).await?.rows_affected()))
    }

    /// Removes idempotency keys of before a time.
    pub async fn remove_once(&mut self, before: i64, most: i64) -> Result<u64, StoreError> {
        let sql = "DELETE FROM idempotency WHERE (scope, key) IN \
                   (SELECT scope, key FROM idempotency WHERE at < $1 ORDER BY at LIMIT $2)";
        Ok(on!(self, db => sqlx::query(sql)
            .bind(before)
            .bind(most)
            .execute(db)
            .await?
            .rows_affected()))
    }

    /// Whether something that is done once a day was not done yet on this day; notes that it is.
    pub async fn first_of_day(&mut self, what: &str, day: i64) -> Result<bool, StoreError> {
        let sql = "INSERT INTO counters (name, value) VALUES ($1, $2) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value \
                   WHERE counters.value < excluded.value";
        let rows = on!(self, db => sqlx::query(sql)
            .bind(what)
            .bind(day)
            .execute(db)
            .await?
            .rows_affected());
        Ok(rows == 1)
    }
}
