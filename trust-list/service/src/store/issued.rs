//! What our own issuers issued, and what of it is revoked.

use std::collections::BTreeSet;

use sqlx::QueryBuilder;

use super::{StoreError, Tx, on};

/// Rows of one statement: SQLite binds at most 32,766 values in one.
const CHUNK: usize = 2_000;

/// One certificate of our own, without anything personal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::FromRow)]
pub struct Identified {
    /// Kid of the key that signed it.
    pub kid: Vec<u8>,
    /// Month of issue in UTC: 12 times the year, plus 0 for January.
    pub month: i64,
    /// First 16 bytes of SHA-256 over its identifier.
    pub id: Vec<u8>,
}

/// A certificate to be noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewCertificate {
    /// See [`Identified`].
    pub id: [u8; 16],
    /// Time of issue, seconds since 1970.
    pub issued_at: i64,
}

/// A certificate for the building of a slice.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct IssuedRow {
    /// See [`Identified`].
    pub id: Vec<u8>,
    /// Time of issue, seconds since 1970.
    pub at: i64,
    /// Whether it is revoked now.
    pub revoked: bool,
}

/// A revocation. Times are seconds since 1970.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RevocationRow {
    /// See [`Identified`].
    pub kid: Vec<u8>,
    /// See [`Identified`].
    pub month: i64,
    /// See [`Identified`].
    pub id: Vec<u8>,
    /// Why.
    pub reason: String,
    /// The act of revocation it was part of.
    pub grp: String,
    /// When.
    pub revoked_at: i64,
    /// By whom.
    pub revoked_by: String,
    /// Set when it was undone.
    pub undone_at: Option<i64>,
}

/// One act of revocation.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct GroupRow {
    /// Its name.
    pub grp: String,
    /// Why.
    pub reason: String,
    /// When, seconds since 1970.
    pub revoked_at: i64,
    /// By whom.
    pub revoked_by: String,
    /// How many certificates.
    pub revoked: i64,
    /// How many of them are undone.
    pub undone: i64,
}

impl Tx {
    /// Notes certificates of one kid and month that were issued; those known already count for
    /// nothing. `late` says that a slice may have been built without them. Gives the number of new
    /// ones.
    pub async fn add_issued(
        &mut self,
        kid: &[u8],
        month: i64,
        certificates: &[NewCertificate],
        labels: &[String],
        late: bool,
    ) -> Result<u64, StoreError> {
        let mut new = 0;
        for chunk in certificates.chunks(CHUNK) {
            new += on!(self, db => {
                let mut query = QueryBuilder::new("INSERT INTO issued (kid, month, id, at) ");
                query.push_values(chunk, |mut row, one| {
                    row.push_bind(kid)
                        .push_bind(month)
                        .push_bind(&one.id[..])
                        .push_bind(one.issued_at);
                });
                query.push(" ON CONFLICT DO NOTHING");
                query.build().execute(db).await?.rows_affected()
            });
            for label in labels {
                on!(self, db => {
                    let mut query =
                        QueryBuilder::new("INSERT INTO issued_labels (label, kid, month, id) ");
                    query.push_values(chunk, |mut row, one| {
                        row.push_bind(label)
                            .push_bind(kid)
                            .push_bind(month)
                            .push_bind(&one.id[..]);
                    });
                    query.push(" ON CONFLICT DO NOTHING");
                    query.build().execute(db).await.map(drop)?
                });
            }
        }
        if new > 0 {
            let sql = "INSERT INTO slices (kid, month, issued, revoked, change) \
                       VALUES ($1, $2, $3, 0, 1) ON CONFLICT (kid, month) DO UPDATE SET \
                       issued = slices.issued + excluded.issued, change = slices.change + $4";
            on!(self, db => sqlx::query(sql)
                .bind(kid)
                .bind(month)
                .bind(i64::try_from(new).unwrap_or(i64::MAX))
                .bind(i64::from(late))
                .execute(db)
                .await
                .map(drop)?);
        }
        Ok(new)
    }

    /// Those of some ids that were issued under a kid in a month.
    pub async fn find_issued(
        &mut self,
        kid: &[u8],
        month: i64,
        ids: &[[u8; 16]],
    ) -> Result<Vec<Identified>, StoreError> {
        let mut found = Vec::new();
        for chunk in ids.chunks(CHUNK) {
            let rows: Vec<Identified> = on!(self, db => {
                let mut query = QueryBuilder::new("SELECT kid, month, id FROM issued WHERE kid = ");
                query.push_bind(kid).push(" AND month = ").push_bind(month).push(" AND id IN (");
                let mut list = query.separated(", ");
                for id in chunk {
                    list.push_bind(&id[..]);
                }
                query.push(")");
                query.build_query_as().fetch_all(db).await?
            });
            found.extend(rows);
        }
        Ok(found)
    }

    /// The certificates with a label, at most `limit`.
    pub async fn labelled(
        &mut self,
        label: &str,
        limit: i64,
    ) -> Result<Vec<Identified>, StoreError> {
        let sql = "SELECT kid, month, id FROM issued_labels WHERE label = $1 \
                   ORDER BY kid, month, id LIMIT $2";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(label)
            .bind(limit)
            .fetch_all(db)
            .await?))
    }

    /// The certificates of a kid in some months, at most `limit`.
    pub async fn issued_between(
        &mut self,
        kid: &[u8],
        from: i64,
        to: i64,
        limit: i64,
    ) -> Result<Vec<Identified>, StoreError> {
        let sql = "SELECT kid, month, id FROM issued WHERE kid = $1 AND month >= $2 \
                   AND month <= $3 ORDER BY kid, month, id LIMIT $4";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(kid)
            .bind(from)
            .bind(to)
            .bind(limit)
            .fetch_all(db)
            .await?))
    }

    /// The certificates of an act of revocation that are revoked now, at most `limit`.
    pub async fn group_members(
        &mut self,
        group: &str,
        limit: i64,
    ) -> Result<Vec<Identified>, StoreError> {
        let sql = "SELECT kid, month, id FROM revocations WHERE grp = $1 AND undone_at IS NULL \
                   ORDER BY kid, month, id LIMIT $2";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(group)
            .bind(limit)
            .fetch_all(db)
            .await?))
    }

    /// How many of these are revoked now.
    pub async fn count_revoked(&mut self, those: &[Identified]) -> Result<i64, StoreError> {
        let mut count = 0;
        for (kid, month, ids) in by_slice(those) {
            for chunk in ids.chunks(CHUNK) {
                let some: i64 = on!(self, db => {
                    let mut query = QueryBuilder::new(
                        "SELECT count(*) FROM revocations WHERE undone_at IS NULL AND kid = ",
                    );
                    query.push_bind(kid).push(" AND month = ").push_bind(month);
                    query.push(" AND id IN (");
                    let mut list = query.separated(", ");
                    for id in chunk {
                        list.push_bind(*id);
                    }
                    query.push(")");
                    query.build_query_scalar().fetch_one(db).await?
                });
                count += some;
            }
        }
        Ok(count)
    }

    /// Revokes those that are not revoked yet; gives their number. All have to have been issued.
    pub async fn revoke(
        &mut self,
        those: &[Identified],
        reason: &str,
        group: &str,
        at: i64,
        by_whom: &str,
    ) -> Result<u64, StoreError> {
        let mut new = 0;
        for (kid, month, ids) in by_slice(those) {
            for chunk in ids.chunks(CHUNK) {
                new += on!(self, db => {
                    let mut query = QueryBuilder::new(
                        "INSERT INTO revocations (kid, month, id, reason, grp, revoked_at, \
                         revoked_by) ",
                    );
                    query.push_values(chunk, |mut row, id| {
                        row.push_bind(kid)
                            .push_bind(month)
                            .push_bind(*id)
                            .push_bind(reason)
                            .push_bind(group)
                            .push_bind(at)
                            .push_bind(by_whom);
                    });
                    query.push(
                        " ON CONFLICT (kid, month, id) DO UPDATE SET reason = excluded.reason, \
                         grp = excluded.grp, revoked_at = excluded.revoked_at, \
                         revoked_by = excluded.revoked_by, undone_at = NULL, undone_by = NULL \
                         WHERE revocations.undone_at IS NOT NULL",
                    );
                    query.build().execute(db).await?.rows_affected()
                });
            }
            self.recount(kid, month).await?;
        }
        Ok(new)
    }

    /// Undoes a whole act of revocation; gives the number of certificates.
    pub async fn undo_group(
        &mut self,
        group: &str,
        at: i64,
        by_whom: &str,
    ) -> Result<u64, StoreError> {
        let sql = "SELECT DISTINCT kid, month FROM revocations \
                   WHERE grp = $1 AND undone_at IS NULL";
        let touched: Vec<(Vec<u8>, i64)> =
            on!(self, db => sqlx::query_as(sql).bind(group).fetch_all(db).await?);
        let sql = "UPDATE revocations SET undone_at = $2, undone_by = $3 \
                   WHERE grp = $1 AND undone_at IS NULL";
        let undone = on!(self, db => sqlx::query(sql)
            .bind(group)
            .bind(at)
            .bind(by_whom)
            .execute(db)
            .await?
            .rows_affected());
        for (kid, month) in touched {
            self.recount(&kid, month).await?;
        }
        Ok(undone)
    }

    /// Undoes the revocation of single certificates; gives their number.
    pub async fn undo(
        &mut self,
        those: &[Identified],
        at: i64,
        by_whom: &str,
    ) -> Result<u64, StoreError> {
        let mut undone = 0;
        for (kid, month, ids) in by_slice(those) {
            for chunk in ids.chunks(CHUNK) {
                undone += on!(self, db => {
                    let mut query = QueryBuilder::new("UPDATE revocations SET undone_at = ");
                    query.push_bind(at).push(", undone_by = ").push_bind(by_whom);
                    query.push(" WHERE undone_at IS NULL AND kid = ").push_bind(kid);
                    query.push(" AND month = ").push_bind(month).push(" AND id IN (");
                    let mut list = query.separated(", ");
                    for id in chunk {
                        list.push_bind(*id);
                    }
                    query.push(")");
                    query.build().execute(db).await?.rows_affected()
                });
            }
            self.recount(kid, month).await?;
        }
        Ok(undone)
    }

    /// The newest acts of revocation.
    pub async fn revocation_groups(&mut self, count: i64) -> Result<Vec<GroupRow>, StoreError> {
        let sql = "SELECT grp, min(reason) AS reason, min(revoked_at) AS revoked_at, \
                   min(revoked_by) AS revoked_by, count(*) AS revoked, \
                   count(undone_at) AS undone FROM revocations GROUP BY grp \
                   ORDER BY min(revoked_at) DESC, grp LIMIT $1";
        Ok(on!(self, db => sqlx::query_as(sql).bind(count).fetch_all(db).await?))
    }

    /// The revocations of one certificate id, under whatever kid.
    pub async fn revocation(
        &mut self,
        one: &Identified,
    ) -> Result<Option<RevocationRow>, StoreError> {
        let sql = "SELECT kid, month, id, reason, grp, revoked_at, revoked_by, undone_at \
                   FROM revocations WHERE kid = $1 AND month = $2 AND id = $3";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(&one.kid)
            .bind(one.month)
            .bind(&one.id)
            .fetch_optional(db)
            .await?))
    }

    /// The next certificates of a slice, in order of their ids.
    pub async fn issued_page(
        &mut self,
        kid: &[u8],
        month: i64,
        after: &[u8],
        limit: i64,
    ) -> Result<Vec<IssuedRow>, StoreError> {
        let sql = "SELECT i.id, i.at, (r.id IS NOT NULL) AS revoked FROM issued i \
                   LEFT JOIN revocations r ON r.kid = i.kid AND r.month = i.month \
                   AND r.id = i.id AND r.undone_at IS NULL \
                   WHERE i.kid = $1 AND i.month = $2 AND i.id > $3 ORDER BY i.id LIMIT $4";
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(kid)
            .bind(month)
            .bind(after)
            .bind(limit)
            .fetch_all(db)
            .await?))
    }

    /// Up to when an issuer has reported everything under a kid; seconds since 1970.
    pub async fn complete_until(&mut self, kid: &[u8]) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT complete_until FROM coverage WHERE kid = $1";
        Ok(on!(self, db => sqlx::query_scalar(sql).bind(kid).fetch_optional(db).await?))
    }

    /// Up to when everything is reported, kid by kid.
    pub async fn coverage(&mut self) -> Result<Vec<(Vec<u8>, i64)>, StoreError> {
        let sql = "SELECT kid, complete_until FROM coverage ORDER BY kid";
        Ok(on!(self, db => sqlx::query_as(sql).fetch_all(db).await?))
    }

    /// Notes up to when everything is reported; it never goes back. Slices are due that have
    /// revoked certificates in the time that has come to be spoken for.
    pub async fn set_complete_until(&mut self, kid: &[u8], until: i64) -> Result<(), StoreError> {
        let before = self.complete_until(kid).await?.unwrap_or(i64::MIN);
        let sql = "UPDATE slices SET change = change + 1 WHERE kid = $1 AND revoked > 0 \
                   AND EXISTS (SELECT 1 FROM revocations r JOIN issued i ON i.kid = r.kid \
                   AND i.month = r.month AND i.id = r.id WHERE r.kid = slices.kid \
                   AND r.month = slices.month AND r.undone_at IS NULL \
                   AND i.at > $2 AND i.at <= $3)";
        on!(self, db => sqlx::query(sql)
            .bind(kid)
            .bind(before)
            .bind(until)
            .execute(db)
            .await
            .map(drop)?);
        let sql = "INSERT INTO coverage (kid, complete_until) VALUES ($1, $2) \
                   ON CONFLICT (kid) DO UPDATE SET complete_until = excluded.complete_until \
                   WHERE coverage.complete_until < excluded.complete_until";
        on!(self, db => sqlx::query(sql).bind(kid).bind(until).execute(db).await.map(drop)?);
        Ok(())
    }

    async fn recount(&mut self, kid: &[u8], month: i64) -> Result<(), StoreError> {
        let sql = "UPDATE slices SET change = change + 1, revoked = (SELECT count(*) \
                   FROM revocations r WHERE r.kid = $1 AND r.month = $2 AND r.undone_at IS NULL) \
                   WHERE kid = $1 AND month = $2";
        on!(self, db => sqlx::query(sql).bind(kid).bind(month).execute(db).await.map(drop)?);
        Ok(())
    }
}

/// Kid, month, and ids.
type OfSlice<'i> = (&'i [u8], i64, Vec<&'i [u8]>);

/// Those of one slice together, each once.
fn by_slice(those: &[Identified]) -> Vec<OfSlice<'_>> {
    let sorted: BTreeSet<&Identified> = those.iter().collect();
    let mut slices: Vec<OfSlice<'_>> = Vec::new();
    for one in sorted {
        match slices.last_mut() {
            Some((kid, month, ids)) if *kid == one.kid && *month == one.month => ids.push(&one.id),
            _ => slices.push((&one.kid, one.month, vec![&one.id])),
        }
    }
    slices
}
