//! Records: what happened to people.

use service::on;

use super::{
    RecordRow, StoreError, Tx, Within,
    lists::{blobs, hexes, pick, texts},
    persons::column,
};
use crate::id::Id;

/// The statement that reads records, with what comes after it.
macro_rules! records {
    ($rest:literal) => {
        concat!(
            "SELECT id, person, kind, site, day, product, lot, dose, total, tube, corrects, content, \
             fingerprint, revision, state, note, source, recorded_at, recorded_by, approved_at, \
             approved_by, approval, certified_at, certified_by FROM records ",
            $rest
        )
    };
}

/// The statement that adds records, without the values.
macro_rules! insert {
    ($rest:literal) => {
        concat!(
            "INSERT INTO records (id, person, kind, site, day, product, lot, dose, total, tube, corrects, \
             content, fingerprint, revision, state, note, source, recorded_at, recorded_by, approved_at, \
             approved_by, approval, certified_at, certified_by) ",
            $rest
        )
    };
}

/// What is asked of a person's other records: no personal data but what they are.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OtherRow {
    /// Which.
    #[sqlx(try_from = "Vec<u8>")]
    pub id: Id,
    /// Of whom.
    #[sqlx(try_from = "Vec<u8>")]
    pub person: Id,
    /// `vaccination`, `test`, `recovery`.
    pub kind: String,
    /// Path of the site.
    pub site: String,
    /// The day of the event.
    pub day: String,
    /// Code of the product.
    pub product: Option<String>,
    /// Dose number.
    pub dose: Option<i64>,
    /// Of how many.
    pub total: Option<i64>,
    /// Withdrawn, or replaced by another.
    pub gone: bool,
}

/// A record of a fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PrintRow {
    /// Of person and event.
    pub fingerprint: String,
    /// Which.
    #[sqlx(try_from = "Vec<u8>")]
    pub id: Id,
    /// Of whom.
    #[sqlx(try_from = "Vec<u8>")]
    pub person: Id,
    /// Path of the site.
    pub site: String,
}

/// How many records there are of a state.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CountRow {
    /// The state.
    pub state: String,
    /// How many.
    pub count: i64,
}

/// Where a page of a list begins: after the time and the identifier of its last row before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// Seconds since 1970.
    pub at: i64,
    /// The row.
    pub id: Id,
}

impl Tx {
    /// One record.
    pub async fn record(&mut self, id: Id) -> Result<Option<RecordRow>, StoreError> {
        let sql = records!("WHERE id = $1");
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(id.bytes().as_slice())
            .fetch_optional(db)
            .await?))
    }

    /// These records, in the order of their identifiers.
    pub async fn records(&mut self, ids: &[Id]) -> Result<Vec<RecordRow>, StoreError> {
        Ok(pick!(self, db,
            sqlite => sqlx::query_as(records!("WHERE id IN (SELECT unhex(value) FROM json_each($1)) ORDER BY id"))
                .bind(hexes(ids)).fetch_all(db).await?,
            postgres => sqlx::query_as(records!("WHERE id = ANY($1) ORDER BY id"))
                .bind(blobs(ids)).fetch_all(db).await?,
        ))
    }

    /// The records of a person, newest day first.
    pub async fn records_of(&mut self, person: Id) -> Result<Vec<RecordRow>, StoreError> {
        let sql = records!("WHERE person = $1 ORDER BY day DESC, id DESC");
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(person.bytes().as_slice())
            .fetch_all(db)
            .await?))
    }

    /// What these people have besides, in the order of their identifiers.
    pub async fn others(&mut self, persons: &[Id]) -> Result<Vec<OtherRow>, StoreError> {
        Ok(pick!(self, db,
            sqlite => sqlx::query_as(
                "SELECT id, person, kind, site, day, product, dose, total, \
                 (state = 'withdrawn' OR state = 'replaced') AS gone FROM records \
                 WHERE person IN (SELECT unhex(value) FROM json_each($1)) ORDER BY id"
            ).bind(hexes(persons)).fetch_all(db).await?,
            postgres => sqlx::query_as(
                "SELECT id, person, kind, site, day, product, dose, total, \
                 (state = 'withdrawn' OR state = 'replaced') AS gone FROM records \
                 WHERE person = ANY($1) ORDER BY id"
            ).bind(blobs(persons)).fetch_all(db).await?,
        ))
    }

    /// The records in force that have one of these fingerprints.
    pub async fn records_by_fingerprint(
        &mut self,
        prints: &[&str],
    ) -> Result<Vec<PrintRow>, StoreError> {
        Ok(pick!(self, db,
            sqlite => sqlx::query_as(
                "SELECT fingerprint, id, person, site FROM records WHERE fingerprint IN (SELECT value FROM json_each($1)) \
                 AND state <> 'withdrawn' AND state <> 'replaced' AND corrects IS NULL UNION ALL \
                 SELECT fingerprint, id, person, site FROM records WHERE fingerprint IN (SELECT value FROM json_each($1)) \
                 AND state <> 'withdrawn' AND state <> 'replaced' AND corrects IS NOT NULL ORDER BY 2"
            ).bind(texts(prints)).fetch_all(db).await?,
            postgres => sqlx::query_as(
                "SELECT fingerprint, id, person, site FROM records WHERE fingerprint = ANY($1) \
                 AND state <> 'withdrawn' AND state <> 'replaced' AND corrects IS NULL UNION ALL \
                 SELECT fingerprint, id, person, site FROM records WHERE fingerprint = ANY($1) \
                 AND state <> 'withdrawn' AND state <> 'replaced' AND corrects IS NOT NULL ORDER BY 2"
            ).bind(prints).fetch_all(db).await?,
        ))
    }

    /// Adds records, in the order given.
    pub async fn add_records(&mut self, rows: &[&RecordRow]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        pick!(self, db,
            sqlite => for row in rows {
                sqlx::query(insert!("VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, \
                    $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)"))
                    .bind(row.id.bytes().as_slice())
                    .bind(row.person.bytes().as_slice())
                    .bind(&row.kind).bind(&row.site).bind(&row.day).bind(&row.product).bind(&row.lot)
                    .bind(row.dose).bind(row.total).bind(&row.tube).bind(&row.corrects)
                    .bind(&row.content).bind(&row.fingerprint).bind(row.revision).bind(&row.state)
                    .bind(&row.note).bind(&row.source).bind(row.recorded_at).bind(&row.recorded_by)
                    .bind(row.approved_at).bind(&row.approved_by).bind(&row.approval)
                    .bind(row.certified_at).bind(&row.certified_by)
                    .execute(&mut *db).await?;
            },
            postgres => {
                sqlx::query(insert!("SELECT * FROM UNNEST($1::bytea[], $2::bytea[], $3::text[], $4::text[], \
                    $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::text[], $11::bytea[], \
                    $12::text[], $13::text[], $14::bigint[], $15::text[], $16::text[], $17::text[], \
                    $18::bigint[], $19::text[], $20::bigint[], $21::text[], $22::bytea[], $23::bigint[], $24::text[])"))
                    .bind(rows.iter().map(|row| row.id.bytes().as_slice()).collect::<Vec<_>>())
                    .bind(rows.iter().map(|row| row.person.bytes().as_slice()).collect::<Vec<_>>())
                    .bind(column(rows, |row| row.kind.as_str()))
                    .bind(column(rows, |row| row.site.as_str()))
                    .bind(column(rows, |row| row.day.as_str()))
                    .bind(column(rows, |row| row.product.as_deref()))
                    .bind(column(rows, |row| row.lot.as_deref()))
                    .bind(column(rows, |row| row.dose))
                    .bind(column(rows, |row| row.total))
                    .bind(column(rows, |row| row.tube.as_deref()))
                    .bind(column(rows, |row| row.corrects.as_deref()))
                    .bind(column(rows, |row| row.content.as_str()))
                    .bind(column(rows, |row| row.fingerprint.as_str()))
                    .bind(column(rows, |row| row.revision))
                    .bind(column(rows, |row| row.state.as_str()))
                    .bind(column(rows, |row| row.note.as_deref()))
                    .bind(column(rows, |row| row.source.as_str()))
                    .bind(column(rows, |row| row.recorded_at))
                    .bind(column(rows, |row| row.recorded_by.as_str()))
                    .bind(column(rows, |row| row.approved_at))
                    .bind(column(rows, |row| row.approved_by.as_deref()))
                    .bind(column(rows, |row| row.approval.as_deref()))
                    .bind(column(rows, |row| row.certified_at))
                    .bind(column(rows, |row| row.certified_by.as_deref()))
                    .execute(db).await.map(drop)?
            },
        );
        Ok(())
    }

    /// Writes a record anew, if its revision and state are still those of before. The row is locked from
    /// then on.
    pub async fn change_record(
        &mut self,
        row: &RecordRow,
        (revision, state): (i64, &str),
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE records SET person = $2, kind = $3, day = $4, product = $5, lot = $6, \
                   dose = $7, total = $8, tube = $9, content = $10, fingerprint = $11, revision = $12, \
                   state = $13, note = $14, approved_at = $15, approved_by = $16, approval = $17, \
                   certified_at = $18, certified_by = $19 \
                   WHERE id = $1 AND revision = $20 AND state = $21";
        let rows = on!(self, db => sqlx::query(sql)
            .bind(row.id.bytes().as_slice())
            .bind(row.person.bytes().as_slice())
            .bind(&row.kind).bind(&row.day).bind(&row.product).bind(&row.lot)
            .bind(row.dose).bind(row.total).bind(&row.tube)
            .bind(&row.content).bind(&row.fingerprint).bind(row.revision)
            .bind(&row.state).bind(&row.note)
            .bind(row.approved_at).bind(&row.approved_by).bind(&row.approval)
            .bind(row.certified_at).bind(&row.certified_by)
            .bind(revision)
            .bind(state)
            .execute(db).await?.rows_affected());
        Ok(rows == 1)
    }

    /// Another fingerprint, because the person is another.
    pub async fn set_fingerprint(&mut self, id: Id, print: &str) -> Result<(), StoreError> {
        let sql = "UPDATE records SET fingerprint = $2 WHERE id = $1";
        on!(self, db => sqlx::query(sql)
            .bind(id.bytes().as_slice())
            .bind(print)
            .execute(db).await.map(drop)?);
        Ok(())
    }

    /// The corrections of a certificate that are in force, or on their way.
    pub async fn corrections_of(&mut self, certificate: Id) -> Result<Vec<RecordRow>, StoreError> {
        let sql = records!(
            "WHERE corrects = $1 AND state <> 'withdrawn' AND state <> 'replaced' ORDER BY id"
        );
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(certificate.bytes().as_slice())
            .fetch_all(db)
            .await?))
    }

    /// A record is replaced by its correction.
    pub async fn replace_record(&mut self, id: Id) -> Result<(), StoreError> {
        let sql = "UPDATE records SET state = 'replaced' WHERE id = $1";
        on!(self, db => sqlx::query(sql)
            .bind(id.bytes().as_slice())
            .execute(db).await.map(drop)?);
        Ok(())
    }

    /// The approved records of a person are to be approved again: what was approved is not what is true
    /// now. Gives those that were.
    pub async fn unapprove(&mut self, person: Id) -> Result<Vec<Id>, StoreError> {
        let sql = "UPDATE records SET state = 'recorded', revision = revision + 1, approval = NULL, \
                   approved_at = NULL, approved_by = NULL \
                   WHERE person = $1 AND state = 'approved' RETURNING id";
        let rows: Vec<Vec<u8>> = on!(self, db => sqlx::query_scalar(sql)
            .bind(person.bytes().as_slice())
            .fetch_all(db)
            .await?);
        Ok(rows.iter().filter_map(|id| Id::from_slice(id)).collect())
    }

    /// Records of a state in a place, those that wait longest first; the page after one.
    pub async fn queue(
        &mut self,
        within: &Within,
        state: &str,
        after: Option<After>,
        most: i64,
    ) -> Result<Vec<RecordRow>, StoreError> {
        let sql = records!(
            "WHERE (site = $1 OR (site >= $2 AND site < $3)) AND state = $4 \
             AND (recorded_at > $5 OR (recorded_at = $5 AND id > $6)) \
             ORDER BY recorded_at, id LIMIT $7"
        );
        let (at, id) = after.map_or((i64::MIN, Vec::new()), |after| {
            (after.at, after.id.bytes().to_vec())
        });
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(&within.at).bind(&within.from).bind(&within.to)
            .bind(state)
            .bind(at)
            .bind(id)
            .bind(most)
            .fetch_all(db)
            .await?))
    }

    /// How many records of each state there are in a place.
    pub async fn record_counts(&mut self, within: &Within) -> Result<Vec<CountRow>, StoreError> {
        let sql = "SELECT state, COUNT(*) AS count FROM records \
                   WHERE site = $1 OR (site >= $2 AND site < $3) GROUP BY state ORDER BY state";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(&within.at).bind(&within.from).bind(&within.to)
            .fetch_all(db)
            .await?))
    }
}
