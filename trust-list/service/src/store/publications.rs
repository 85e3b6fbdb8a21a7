//! What has been published, sequence by sequence.

use super::{StoreError, Tx, on};

/// How far a publication has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicationState {
    /// Its sequence is taken; nothing else is sure.
    Taken,
    /// Its manifest is signed and lies at its numbered place.
    Prepared,
    /// It is, or was, the live one.
    Published,
}

impl PublicationState {
    /// The word in the database.
    pub const fn name(self) -> &'static str {
        match self {
            PublicationState::Taken => "taken",
            PublicationState::Prepared => "prepared",
            PublicationState::Published => "published",
        }
    }
}

/// One publication. Times are seconds since 1970.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PublicationRow {
    /// Of its manifest.
    pub sequence: i64,
    /// See [`PublicationState`].
    pub state: String,
    /// SHA-256 of the manifest's envelope, from `prepared` on.
    pub manifest: Option<String>,
    /// When it was made.
    pub issued: i64,
    /// Soft expiry.
    pub soft: i64,
    /// Hard expiry.
    pub hard: i64,
    /// Version of the key list in it.
    pub key_list: i64,
    /// Counts, as JSON.
    pub summary: String,
    /// What a client remembers after it.
    pub client: Option<Vec<u8>>,
    /// Who published.
    pub by_whom: String,
}

const ROW: &str = "SELECT sequence, state, manifest, issued, soft, hard, key_list, summary, \
                   client, by_whom FROM publications";

impl Tx {
    /// Takes the next sequence, above `above` and above every one taken before. It is gone from
    /// then on, whatever becomes of the publication.
    pub async fn take_sequence(
        &mut self,
        above: i64,
        draft: &PublicationRow,
    ) -> Result<i64, StoreError> {
        let sequence = self.count("sequence", above).await?;
        let sql = "INSERT INTO publications (sequence, state, manifest, issued, soft, hard, \
                   key_list, summary, client, by_whom) \
                   VALUES ($1, 'taken', NULL, $2, $3, $4, $5, $6, NULL, $7)";
        on!(self, db => sqlx::query(sql)
            .bind(sequence)
            .bind(draft.issued)
            .bind(draft.soft)
            .bind(draft.hard)
            .bind(draft.key_list)
            .bind(&draft.summary)
            .bind(&draft.by_whom)
            .execute(db)
            .await
            .map(drop)?);
        Ok(sequence)
    }

    /// Moves a publication on.
    pub async fn set_publication(
        &mut self,
        sequence: i64,
        state: PublicationState,
        manifest: &str,
        client: &[u8],
    ) -> Result<(), StoreError> {
        let sql = "UPDATE publications SET state = $2, manifest = $3, client = $4 \
                   WHERE sequence = $1";
        on!(self, db => sqlx::query(sql)
            .bind(sequence)
            .bind(state.name())
            .bind(manifest)
            .bind(client)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// Waits until no other publisher moves the live pointer, and holds them off until this
    /// transaction ends; gives the highest sequence published.
    pub async fn lock_live(&mut self) -> Result<i64, StoreError> {
        self.count("live", 0).await?;
        let sql = "SELECT coalesce(max(sequence), 0) FROM publications WHERE state = 'published'";
        Ok(on!(self, db => sqlx::query_scalar(sql).fetch_one(db).await?))
    }

    /// The last one published.
    pub async fn last_publication(&mut self) -> Result<Option<PublicationRow>, StoreError> {
        let sql = format!("{ROW} WHERE state = 'published' ORDER BY sequence DESC LIMIT 1");
        Ok(on!(self, db => sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .fetch_optional(db)
                .await?))
    }

    /// One publication.
    pub async fn publication(
        &mut self,
        sequence: i64,
    ) -> Result<Option<PublicationRow>, StoreError> {
        let sql = format!("{ROW} WHERE sequence = $1");
        Ok(on!(self, db => sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(sequence)
            .fetch_optional(db)
            .await?))
    }

    /// The newest ones, in whatever state.
    pub async fn publications(&mut self, count: i64) -> Result<Vec<PublicationRow>, StoreError> {
        let sql = format!("{ROW} ORDER BY sequence DESC LIMIT $1");
        Ok(on!(self, db => sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(count)
            .fetch_all(db)
            .await?))
    }
}
