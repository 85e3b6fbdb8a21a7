//! What printing reads and counts.

use service::{on, store::Engine};

use super::{CertificateRow, StoreError, Tx};
use crate::{domain::alarms::AlarmKind, id::Id};

impl Tx {
    /// A certificate, wherever it is.
    pub async fn certificate_to_print(
        &mut self,
        id: Id,
    ) -> Result<Option<CertificateRow>, StoreError> {
        let sql = "SELECT id, record, person, kind, site, uvci, uvci_hash, issued_at, expires_at, \
                   national_kid, national, international_kid, international, state, replaces, \
                   replaced_by, reason, revoked_at, revoked_by, prints FROM certificates \
                   WHERE id = $1";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(id.bytes().as_slice())
            .fetch_optional(db)
            .await?))
    }

    /// A place's names, in Vietnamese and English.
    pub async fn names_of_place(
        &mut self,
        path: &str,
    ) -> Result<Option<(String, String)>, StoreError> {
        let sql = "SELECT name, name_en FROM places WHERE path = $1";
        Ok(on!(self, db => sqlx::query_as(sql).bind(path).fetch_optional(db).await?))
    }

    /// A person's nationality, if it is known.
    pub async fn nationality(&mut self, person: Id) -> Result<Option<String>, StoreError> {
        let sql = "SELECT nationality FROM persons WHERE id = $1";
        let found: Option<Option<String>> = on!(self, db => sqlx::query_scalar(sql)
            .bind(person.bytes().as_slice())
            .fetch_optional(db)
            .await?);
        Ok(found.flatten())
    }

    /// The certificate (DER) of a key that signed here once.
    pub async fn former_signer(&mut self, kid: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT certificate FROM signers WHERE kid = $1";
        Ok(on!(self, db => sqlx::query_scalar(sql).bind(kid).fetch_optional(db).await?))
    }

    /// Counts one print of each.
    pub async fn count_prints(&mut self, ids: &[Id]) -> Result<(), StoreError> {
        match self.engine() {
            Engine::Sqlite(tx) => {
                let sql = "UPDATE certificates SET prints = prints + 1 WHERE id = $1";
                for id in ids {
                    let query = sqlx::query(sql).bind(id.bytes().as_slice());
                    query.execute(&mut **tx).await?;
                }
            }
            Engine::Postgres(tx) => {
                let ids: Vec<&[u8]> = ids.iter().map(|id| id.bytes().as_slice()).collect();
                let sql = "UPDATE certificates SET prints = prints + 1 WHERE id = ANY($1)";
                sqlx::query(sql).bind(ids).execute(&mut **tx).await?;
            }
        }
        Ok(())
    }

    /// Holds a certificate back: nobody gets it.
    pub async fn hold_certificate(&mut self, id: Id) -> Result<(), StoreError> {
        let sql = "UPDATE certificates SET state = 'held' WHERE id = $1 AND state = 'valid'";
        on!(self, db => sqlx::query(sql)
            .bind(id.bytes().as_slice())
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }

    /// Raises an alarm, or counts it once more on the same day.
    pub async fn raise_alarm(
        &mut self,
        kind: AlarmKind,
        subject: &str,
        site: &str,
        day: &str,
        at: i64,
    ) -> Result<(), StoreError> {
        let id = Id::new(hcert::time::Timestamp::saturating(at))
            .map_err(|error| StoreError::Content(error.to_string()))?;
        let sql = "INSERT INTO alarms (id, kind, subject, site, day, detail, count, raised_at, last_at) \
                   VALUES ($1, $2, $3, $4, $5, '{}', 1, $6, $6) \
                   ON CONFLICT (kind, subject, day) DO UPDATE SET \
                   count = alarms.count + 1, last_at = excluded.last_at, seen_at = NULL";
        on!(self, db => sqlx::query(sql)
            .bind(id.bytes().as_slice())
            .bind(kind.name())
            .bind(subject)
            .bind(site)
            .bind(day)
            .bind(at)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }
}
