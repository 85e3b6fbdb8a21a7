//! People. Everything in the table is personal data.

use service::on;

use super::{
    PersonRow, StoreError, Tx, Within,
    lists::{blobs, hexes, pick, texts},
};
use crate::id::Id;

/// The statement that reads people, with what comes after it.
macro_rules! people {
    ($rest:literal) => {
        concat!(
            "SELECT id, family, given, family_t, given_t, name_key, birth, sex, nationality, cccd, \
             cmnd, passport, bhyt, site, created_at, created_by, changed_at, erased_at FROM persons p ",
            $rest
        )
    };
}

/// Whom a place has to do with: who was first recorded there, and who has a record there.
macro_rules! visible {
    () => {
        "(p.site = $1 OR (p.site >= $2 AND p.site < $3) OR EXISTS (SELECT 1 FROM records r WHERE \
         r.person = p.id AND (r.site = $1 OR (r.site >= $2 AND r.site < $3))))"
    };
}

/// The statement that adds people, without the values.
macro_rules! insert {
    ($rest:literal) => {
        concat!(
            "INSERT INTO persons (id, family, given, family_t, given_t, name_key, birth, sex, nationality, \
             cccd, cmnd, passport, bhyt, site, created_at, created_by, changed_at, erased_at) ",
            $rest
        )
    };
}

/// Numbers of documents, by kind.
#[derive(Debug, Default)]
pub struct Numbers<'a> {
    /// Of citizen cards.
    pub cccd: Vec<&'a str>,
    /// Of old identity cards.
    pub cmnd: Vec<&'a str>,
    /// Of passports.
    pub passport: Vec<&'a str>,
    /// Of health-insurance cards.
    pub bhyt: Vec<&'a str>,
}

impl Numbers<'_> {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        let all = [&self.cccd, &self.cmnd, &self.passport, &self.bhyt];
        all.iter().all(|list| list.is_empty())
    }
}

impl Tx {
    /// One person.
    pub async fn person(&mut self, id: Id) -> Result<Option<PersonRow>, StoreError> {
        let sql = people!("WHERE id = $1");
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(id.bytes().as_slice())
            .fetch_optional(db)
            .await?))
    }

    /// These people, in the order of their identifiers.
    pub async fn persons(&mut self, ids: &[Id]) -> Result<Vec<PersonRow>, StoreError> {
        Ok(pick!(self, db,
            sqlite => sqlx::query_as(people!("WHERE id IN (SELECT unhex(value) FROM json_each($1)) ORDER BY id"))
                .bind(hexes(ids)).fetch_all(db).await?,
            postgres => sqlx::query_as(people!("WHERE id = ANY($1) ORDER BY id"))
                .bind(blobs(ids)).fetch_all(db).await?,
        ))
    }

    /// As [`Tx::persons`]; who changes one of them waits until this transaction ends.
    pub async fn hold_persons(&mut self, ids: &[Id]) -> Result<Vec<PersonRow>, StoreError> {
        Ok(pick!(self, db,
            sqlite => sqlx::query_as(people!("WHERE id IN (SELECT unhex(value) FROM json_each($1)) ORDER BY id"))
                .bind(hexes(ids)).fetch_all(db).await?,
            postgres => sqlx::query_as(people!("WHERE id = ANY($1) ORDER BY id FOR SHARE"))
                .bind(blobs(ids)).fetch_all(db).await?,
        ))
    }

    /// Everybody with one of these documents, in the order of their identifiers.
    pub async fn persons_by_numbers(
        &mut self,
        numbers: &Numbers<'_>,
    ) -> Result<Vec<PersonRow>, StoreError> {
        Ok(pick!(self, db,
            sqlite => sqlx::query_as(people!(
                "WHERE cccd IN (SELECT value FROM json_each($1)) \
                 OR cmnd IN (SELECT value FROM json_each($2)) \
                 OR passport IN (SELECT value FROM json_each($3)) \
                 OR bhyt IN (SELECT value FROM json_each($4)) ORDER BY id"
            ))
                .bind(texts(&numbers.cccd))
                .bind(texts(&numbers.cmnd))
                .bind(texts(&numbers.passport))
                .bind(texts(&numbers.bhyt))
                .fetch_all(db).await?,
            postgres => sqlx::query_as(people!(
                "WHERE cccd = ANY($1) OR cmnd = ANY($2) OR passport = ANY($3) OR bhyt = ANY($4) \
                 ORDER BY id"
            ))
                .bind(&numbers.cccd)
                .bind(&numbers.cmnd)
                .bind(&numbers.passport)
                .bind(&numbers.bhyt)
                .fetch_all(db).await?,
        ))
    }

    /// Of these people, those whom a place has to do with.
    pub async fn visible_persons(
        &mut self,
        within: &Within,
        ids: &[Id],
    ) -> Result<Vec<PersonRow>, StoreError> {
        Ok(pick!(self, db,
            sqlite => sqlx::query_as(concat!(
                people!("WHERE id IN (SELECT unhex(value) FROM json_each($4)) AND "), visible!(), " ORDER BY id"
            ))
                .bind(&within.at).bind(&within.from).bind(&within.to)
                .bind(hexes(ids)).fetch_all(db).await?,
            postgres => sqlx::query_as(concat!(
                people!("WHERE id = ANY($4) AND "), visible!(), " ORDER BY id"
            ))
                .bind(&within.at).bind(&within.from).bind(&within.to)
                .bind(blobs(ids)).fetch_all(db).await?,
        ))
    }

    /// People of a birth date whom a place has to do with.
    pub async fn persons_by_birth(
        &mut self,
        within: &Within,
        birth: &str,
        most: i64,
    ) -> Result<Vec<PersonRow>, StoreError> {
        let sql = concat!(
            people!("WHERE p.birth = $4 AND erased_at IS NULL AND "),
            visible!(),
            " ORDER BY id LIMIT $5"
        );
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(&within.at).bind(&within.from).bind(&within.to)
            .bind(birth)
            .bind(most)
            .fetch_all(db)
            .await?))
    }

    /// People whom a place has to do with, by up to three words of their name and the beginning of
    /// their birth date; an empty text is no condition. In the order of their identifiers, after one.
    pub async fn persons_by_name(
        &mut self,
        within: &Within,
        words: [&str; 3],
        birth: &str,
        after: Option<Id>,
        most: i64,
    ) -> Result<Vec<PersonRow>, StoreError> {
        let sql = concat!(
            people!(
                "WHERE erased_at IS NULL AND id > $4 AND substr(p.birth, 1, length($5)) = $5 \
                 AND (' ' || p.name_key) LIKE ('% ' || $6 || '%') \
                 AND (' ' || p.name_key) LIKE ('% ' || $7 || '%') \
                 AND (' ' || p.name_key) LIKE ('% ' || $8 || '%') AND "
            ),
            visible!(),
            " ORDER BY id LIMIT $9"
        );
        let after = after.map_or_else(Vec::new, |id| id.bytes().to_vec());
        let [first, second, third] = words;
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(&within.at).bind(&within.from).bind(&within.to)
            .bind(after)
            .bind(birth)
            .bind(first).bind(second).bind(third)
            .bind(most)
            .fetch_all(db)
            .await?))
    }

    /// Adds people, in the order of their identifiers.
    pub async fn add_persons(&mut self, rows: &[&PersonRow]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        pick!(self, db,
            sqlite => for row in rows {
                sqlx::query(insert!("VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"))
                    .bind(row.id.bytes().as_slice())
                    .bind(&row.family).bind(&row.given).bind(&row.family_t).bind(&row.given_t)
                    .bind(&row.name_key).bind(&row.birth).bind(&row.sex).bind(&row.nationality)
                    .bind(&row.cccd).bind(&row.cmnd).bind(&row.passport).bind(&row.bhyt)
                    .bind(&row.site).bind(row.created_at).bind(&row.created_by).bind(row.changed_at)
                    .bind(row.erased_at)
                    .execute(&mut *db).await?;
            },
            postgres => {
                sqlx::query(insert!("SELECT * FROM UNNEST($1::bytea[], $2::text[], $3::text[], $4::text[], \
                    $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], \
                    $12::text[], $13::text[], $14::text[], $15::bigint[], $16::text[], $17::bigint[], $18::bigint[])"))
                    .bind(rows.iter().map(|row| row.id.bytes().as_slice()).collect::<Vec<_>>())
                    .bind(column(rows, |row| row.family.as_str()))
                    .bind(column(rows, |row| row.given.as_str()))
                    .bind(column(rows, |row| row.family_t.as_str()))
                    .bind(column(rows, |row| row.given_t.as_str()))
                    .bind(column(rows, |row| row.name_key.as_str()))
                    .bind(column(rows, |row| row.birth.as_str()))
                    .bind(column(rows, |row| row.sex.as_deref()))
                    .bind(column(rows, |row| row.nationality.as_deref()))
                    .bind(column(rows, |row| row.cccd.as_deref()))
                    .bind(column(rows, |row| row.cmnd.as_deref()))
                    .bind(column(rows, |row| row.passport.as_deref()))
                    .bind(column(rows, |row| row.bhyt.as_deref()))
                    .bind(column(rows, |row| row.site.as_str()))
                    .bind(column(rows, |row| row.created_at))
                    .bind(column(rows, |row| row.created_by.as_str()))
                    .bind(column(rows, |row| row.changed_at))
                    .bind(column(rows, |row| row.erased_at))
                    .execute(db).await.map(drop)?
            },
        );
        Ok(())
    }

    /// Changes what is known of a person, unless somebody changed it since it was so.
    pub async fn change_person(
        &mut self,
        row: &PersonRow,
        before: &PersonRow,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE persons SET family = $2, given = $3, family_t = $4, given_t = $5, \
                   name_key = $6, birth = $7, sex = $8, nationality = $9, cccd = $10, cmnd = $11, \
                   passport = $12, bhyt = $13, changed_at = $14 WHERE id = $1 AND changed_at = $15 AND family = $16 AND given = $17 AND birth = $18";
        let rows = on!(self, db => sqlx::query(sql)
            .bind(row.id.bytes().as_slice())
            .bind(&row.family).bind(&row.given).bind(&row.family_t).bind(&row.given_t)
            .bind(&row.name_key).bind(&row.birth).bind(&row.sex).bind(&row.nationality)
            .bind(&row.cccd).bind(&row.cmnd).bind(&row.passport).bind(&row.bhyt)
            .bind(row.changed_at)
            .bind(before.changed_at)
            .bind(&before.family).bind(&before.given).bind(&before.birth)
            .execute(db).await?.rows_affected());
        Ok(rows == 1)
    }

    /// Others that add somebody with one of these keys (numbers of documents) wait until this
    /// transaction ends, so that two do not both make a new person of one. SQLite has one writer anyway.
    pub async fn alone(&mut self, keys: &[i64]) -> Result<(), StoreError> {
        if let service::store::Engine::Postgres(tx) = self.engine() {
            let sql = "SELECT count(pg_advisory_xact_lock(key)) FROM UNNEST($1::bigint[]) AS key";
            let _: i64 = sqlx::query_scalar(sql)
                .bind(keys)
                .fetch_one(&mut **tx)
                .await?;
        }
        Ok(())
    }
}

/// One column of many rows.
pub(super) fn column<'a, R, T>(rows: &[&'a R], value: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(|row| value(row)).collect()
}
