//! Certificates.

use service::on;
use sha2::{Digest as _, Sha256};

use super::{
    CertificateRow, StoreError, Tx, Within,
    lists::{blobs, hexes, pick},
    persons::column,
    records::After,
};
use crate::id::Id;

/// The hash by which a certificate is found and revoked: the first half of SHA-256 over its identifier.
pub fn uvci_hash(uvci: &str) -> Vec<u8> {
    let digest = Sha256::digest(uvci.as_bytes());
    digest.iter().copied().take(16).collect()
}

/// The statement that reads certificates, with what comes after it.
macro_rules! certificates {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.record, c.person, c.kind, c.site, c.uvci, c.uvci_hash, c.issued_at, \
             c.expires_at, c.national_kid, c.national, c.international_kid, c.international, c.state, \
             c.replaces, c.replaced_by, c.reason, c.revoked_at, c.revoked_by, c.prints \
             FROM certificates c ",
            $rest
        )
    };
}

/// The statement that adds certificates, without the values.
macro_rules! insert {
    ($rest:literal) => {
        concat!(
            "INSERT INTO certificates (id, record, person, kind, site, uvci, uvci_hash, issued_at, \
             expires_at, national_kid, national, international_kid, international, state, replaces) ",
            $rest
        )
    };
}

/// The statement that reads what revoking takes.
macro_rules! chosen {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.site, c.uvci_hash, c.national_kid, c.international_kid FROM certificates c ",
            $rest
        )
    };
}

/// What revoking a certificate takes.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ChosenRow {
    /// Which.
    #[sqlx(try_from = "Vec<u8>")]
    pub id: Id,
    /// Path of the site.
    pub site: String,
    /// First 16 bytes of SHA-256 over the UVCI.
    pub uvci_hash: Vec<u8>,
    /// Key of the national code.
    pub national_kid: Option<Vec<u8>>,
    /// Key of the international code.
    pub international_kid: Option<Vec<u8>>,
}

/// When somebody got a certificate.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct IssuedRow {
    /// Who.
    #[sqlx(try_from = "Vec<u8>")]
    pub person: Id,
    /// Seconds since 1970.
    pub issued_at: i64,
}

/// Which certificates a revocation chooses; of all of them only those that are not revoked.
#[derive(Debug, Clone, Copy)]
pub enum Chosen<'a> {
    /// These.
    Ids(&'a [Id]),
    /// Whose record has this lot.
    Lot(&'a str),
    /// Of one site, issued from the first time to before the second.
    Site(&'a str, i64, i64),
    /// Recorded by one clerk or program, likewise.
    By(&'a str, i64, i64),
}

impl Tx {
    /// One certificate.
    pub async fn certificate(&mut self, id: Id) -> Result<Option<CertificateRow>, StoreError> {
        let sql = certificates!("WHERE c.id = $1");
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(id.bytes().as_slice())
            .fetch_optional(db)
            .await?))
    }

    /// These certificates, in the order of their identifiers.
    pub async fn certificates(&mut self, ids: &[Id]) -> Result<Vec<CertificateRow>, StoreError> {
        Ok(pick!(self, db,
            sqlite => sqlx::query_as(certificates!("WHERE c.id IN (SELECT unhex(value) FROM json_each($1)) ORDER BY c.id"))
                .bind(hexes(ids)).fetch_all(db).await?,
            postgres => sqlx::query_as(certificates!("WHERE c.id = ANY($1) ORDER BY c.id"))
                .bind(blobs(ids)).fetch_all(db).await?,
        ))
    }

    /// The certificate of an UVCI, written just so.
    pub async fn certificate_by_uvci(
        &mut self,
        uvci: &str,
    ) -> Result<Option<CertificateRow>, StoreError> {
        // By the shorter of the two, so that one index does; the other is gone after its time.
        let sql = certificates!("WHERE c.uvci_hash = $1 AND c.uvci = $2");
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(uvci_hash(uvci))
            .bind(uvci)
            .fetch_optional(db)
            .await?))
    }

    /// The newest certificate of a record.
    pub async fn certificate_of_record(
        &mut self,
        record: Id,
    ) -> Result<Option<CertificateRow>, StoreError> {
        let sql = certificates!("WHERE c.record = $1 ORDER BY c.issued_at DESC, c.id DESC LIMIT 1");
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(record.bytes().as_slice())
            .fetch_optional(db)
            .await?))
    }

    /// The certificates of a person, newest first.
    pub async fn certificates_of(&mut self, person: Id) -> Result<Vec<CertificateRow>, StoreError> {
        let sql = certificates!("WHERE c.person = $1 ORDER BY c.issued_at DESC, c.id DESC");
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(person.bytes().as_slice())
            .fetch_all(db)
            .await?))
    }

    /// The certificates of a place, issued from the first time to before the second, newest first; the
    /// page after one.
    pub async fn certificates_in(
        &mut self,
        within: &Within,
        (from, to): (i64, i64),
        after: Option<After>,
        most: i64,
    ) -> Result<Vec<CertificateRow>, StoreError> {
        let sql = certificates!(
            "WHERE (c.site = $1 OR (c.site >= $2 AND c.site < $3)) AND c.issued_at >= $4 \
             AND (c.issued_at < $5 OR (c.issued_at = $5 AND c.id < $6)) \
             ORDER BY c.issued_at DESC, c.id DESC LIMIT $7"
        );
        let (before, id) = after.map_or((to, Vec::new()), |after| {
            (after.at, after.id.bytes().to_vec())
        });
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(&within.at).bind(&within.from).bind(&within.to)
            .bind(from)
            .bind(before)
            .bind(id)
            .bind(most)
            .fetch_all(db)
            .await?))
    }

    /// When these people got certificates, from a time on.
    pub async fn issued_to(
        &mut self,
        persons: &[Id],
        from: i64,
    ) -> Result<Vec<IssuedRow>, StoreError> {
        Ok(pick!(self, db,
            sqlite => sqlx::query_as(
                "SELECT person, issued_at FROM certificates WHERE issued_at >= $2 \
                 AND person IN (SELECT unhex(value) FROM json_each($1)) ORDER BY person, issued_at"
            ).bind(hexes(persons)).bind(from).fetch_all(db).await?,
            postgres => sqlx::query_as(
                "SELECT person, issued_at FROM certificates WHERE issued_at >= $2 \
                 AND person = ANY($1) ORDER BY person, issued_at"
            ).bind(blobs(persons)).bind(from).fetch_all(db).await?,
        ))
    }

    /// Adds certificates, in the order given. What comes later (revocation, prints) is not among it.
    pub async fn add_certificates(&mut self, rows: &[&CertificateRow]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        pick!(self, db,
            sqlite => for row in rows {
                sqlx::query(insert!("VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"))
                    .bind(row.id.bytes().as_slice())
                    .bind(row.record.bytes().as_slice())
                    .bind(row.person.bytes().as_slice())
                    .bind(&row.kind).bind(&row.site).bind(&row.uvci).bind(&row.uvci_hash)
                    .bind(row.issued_at).bind(row.expires_at)
                    .bind(&row.national_kid).bind(&row.national)
                    .bind(&row.international_kid).bind(&row.international)
                    .bind(&row.state).bind(&row.replaces)
                    .execute(&mut *db).await?;
            },
            postgres => {
                sqlx::query(insert!("SELECT * FROM UNNEST($1::bytea[], $2::bytea[], $3::bytea[], $4::text[], \
                    $5::text[], $6::text[], $7::bytea[], $8::bigint[], $9::bigint[], $10::bytea[], $11::text[], \
                    $12::bytea[], $13::text[], $14::text[], $15::bytea[])"))
                    .bind(rows.iter().map(|row| row.id.bytes().as_slice()).collect::<Vec<_>>())
                    .bind(rows.iter().map(|row| row.record.bytes().as_slice()).collect::<Vec<_>>())
                    .bind(rows.iter().map(|row| row.person.bytes().as_slice()).collect::<Vec<_>>())
                    .bind(column(rows, |row| row.kind.as_str()))
                    .bind(column(rows, |row| row.site.as_str()))
                    .bind(column(rows, |row| row.uvci.as_str()))
                    .bind(column(rows, |row| row.uvci_hash.as_slice()))
                    .bind(column(rows, |row| row.issued_at))
                    .bind(column(rows, |row| row.expires_at))
                    .bind(column(rows, |row| row.national_kid.as_deref()))
                    .bind(column(rows, |row| row.national.as_deref()))
                    .bind(column(rows, |row| row.international_kid.as_deref()))
                    .bind(column(rows, |row| row.international.as_deref()))
                    .bind(column(rows, |row| row.state.as_str()))
                    .bind(column(rows, |row| row.replaces.as_deref()))
                    .execute(db).await.map(drop)?
            },
        );
        Ok(())
    }

    /// A certificate comes after another, which knows it from then on. False if another one came first.
    pub async fn follow(&mut self, before: Id, after: Id) -> Result<bool, StoreError> {
        let sql = "UPDATE certificates SET replaced_by = $2 WHERE id = $1 AND replaced_by IS NULL";
        let rows = on!(self, db => sqlx::query(sql)
            .bind(before.bytes().as_slice())
            .bind(after.bytes().as_slice())
            .execute(db).await?.rows_affected());
        Ok(rows == 1)
    }

    /// The certificates of a choice within a place that are not revoked, in the order of their
    /// identifiers.
    pub async fn chosen(
        &mut self,
        within: &Within,
        chosen: Chosen<'_>,
    ) -> Result<Vec<ChosenRow>, StoreError> {
        let Within { at, from, to } = within;
        Ok(match chosen {
            Chosen::Ids(ids) => {
                let mut all = pick!(self, db,
                    sqlite => sqlx::query_as::<_, ChosenRow>(chosen!(
                        "WHERE c.state <> 'revoked' AND c.id IN (SELECT unhex(value) FROM json_each($1)) ORDER BY c.id"
                    )).bind(hexes(ids)).fetch_all(db).await?,
                    postgres => sqlx::query_as::<_, ChosenRow>(chosen!(
                        "WHERE c.state <> 'revoked' AND c.id = ANY($1) ORDER BY c.id"
                    )).bind(blobs(ids)).fetch_all(db).await?,
                );
                all.retain(|row| within.holds(&row.site));
                all
            }
            Chosen::Lot(lot) => {
                let sql = chosen!(
                    "JOIN records r ON r.id = c.record WHERE r.lot = $4 AND c.state <> 'revoked' \
                     AND (c.site = $1 OR (c.site >= $2 AND c.site < $3)) ORDER BY c.id"
                );
                on!(self, db => sqlx::query_as(sql)
                    .bind(at).bind(from).bind(to)
                    .bind(lot)
                    .fetch_all(db).await?)
            }
            Chosen::Site(site, since, before) => {
                let sql = chosen!(
                    "WHERE c.site = $4 AND c.issued_at >= $5 AND c.issued_at < $6 AND c.state <> 'revoked' \
                     AND (c.site = $1 OR (c.site >= $2 AND c.site < $3)) ORDER BY c.id"
                );
                on!(self, db => sqlx::query_as(sql)
                    .bind(at).bind(from).bind(to)
                    .bind(site).bind(since).bind(before)
                    .fetch_all(db).await?)
            }
            Chosen::By(name, since, before) => {
                let sql = chosen!(
                    "JOIN records r ON r.id = c.record WHERE r.recorded_by = $4 AND c.issued_at >= $5 \
                     AND c.issued_at < $6 AND c.state <> 'revoked' \
                     AND (c.site = $1 OR (c.site >= $2 AND c.site < $3)) ORDER BY c.id"
                );
                on!(self, db => sqlx::query_as(sql)
                    .bind(at).bind(from).bind(to)
                    .bind(name).bind(since).bind(before)
                    .fetch_all(db).await?)
            }
        })
    }

    /// Revokes these, and says how many were not revoked before.
    pub async fn revoke(
        &mut self,
        ids: &[Id],
        reason: &str,
        at: i64,
        by: &str,
    ) -> Result<u64, StoreError> {
        Ok(pick!(self, db,
            sqlite => sqlx::query(
                "UPDATE certificates SET state = 'revoked', reason = $2, revoked_at = $3, revoked_by = $4 \
                 WHERE state <> 'revoked' AND id IN (SELECT unhex(value) FROM json_each($1))"
            ).bind(hexes(ids)).bind(reason).bind(at).bind(by).execute(db).await?.rows_affected(),
            postgres => sqlx::query(
                "UPDATE certificates SET state = 'revoked', reason = $2, revoked_at = $3, revoked_by = $4 \
                 WHERE state <> 'revoked' AND id = ANY($1)"
            ).bind(blobs(ids)).bind(reason).bind(at).bind(by).execute(db).await?.rows_affected(),
        ))
    }

    /// What the trust list has to be told of revocations, in the form that its API takes.
    pub async fn tell_revoked(&mut self, body: &str, at: i64) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO outbox (kind, body, created_at, next_at) VALUES ('revoke', $1, $2, $2)";
        on!(self, db => sqlx::query(sql).bind(body).bind(at).execute(db).await.map(drop)?);
        Ok(())
    }
}
