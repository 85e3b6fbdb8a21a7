//! Who may sign certificates, and the authorities above them.

use super::{StoreError, Tx, on};

/// One listed key or authority.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KeyRow {
    /// Digest of its material, kid, domain and issuer: the same key listed twice is one row.
    pub id: String,
    /// `signer` or `authority`.
    pub role: String,
    /// Under which it signs.
    pub kid: Option<Vec<u8>>,
    /// Whether the material is a certificate, else a bare key.
    pub certificate: bool,
    /// The material in DER.
    pub der: Vec<u8>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// DCC, ICVP, SHC ...
    pub domain: Option<String>,
    /// The issuer a message has to name.
    pub issuer: Option<String>,
    /// The certificate's subject, for people.
    pub subject: Option<String>,
    /// The certificate's end, seconds since 1970.
    pub not_after: Option<i64>,
    /// `candidate`, `admitted`, `withdrawn`, `compromised` or `removed`.
    pub state: String,
    /// From when on certificates issued under it are refused.
    pub withdrawn_from: Option<i64>,
    /// Why it was withdrawn or removed.
    pub reason: Option<String>,
    /// Where it came from, and on whose word.
    pub source: String,
    /// Seconds since 1970.
    pub added_at: i64,
    /// Who added it.
    pub added_by: String,
    /// When its state changed last.
    pub changed_at: i64,
}

/// Which keys to give.
#[derive(Debug, Clone, Default)]
pub struct KeyFilter {
    /// Of this country.
    pub country: Option<String>,
    /// In this state.
    pub state: Option<String>,
    /// With this in subject, source or id; case does not count.
    pub search: Option<String>,
    /// After this id, for the next page.
    pub after: Option<String>,
    /// No more than this many; 0 for all.
    pub limit: i64,
}

const ROW: &str = "SELECT id, role, kid, certificate, der, country, domain, issuer, subject, \
                   not_after, state, withdrawn_from, reason, source, added_at, added_by, \
                   changed_at FROM listed_keys";

impl Tx {
    /// Adds a key; `false` when it is there already, in whatever state.
    pub async fn add_key(&mut self, key: &KeyRow) -> Result<bool, StoreError> {
        let sql = "INSERT INTO listed_keys (id, role, kid, certificate, der, country, domain, \
                   issuer, subject, not_after, state, withdrawn_from, reason, source, added_at, \
                   added_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
                   $12, $13, $14, $15, $16, $17) ON CONFLICT (id) DO NOTHING";
        let rows = on!(self, db => sqlx::query(sql)
            .bind(&key.id)
            .bind(&key.role)
            .bind(&key.kid)
            .bind(key.certificate)
            .bind(&key.der)
            .bind(&key.country)
            .bind(&key.domain)
            .bind(&key.issuer)
            .bind(&key.subject)
            .bind(key.not_after)
            .bind(&key.state)
            .bind(key.withdrawn_from)
            .bind(&key.reason)
            .bind(&key.source)
            .bind(key.added_at)
            .bind(&key.added_by)
            .bind(key.changed_at)
            .execute(db)
            .await?
            .rows_affected());
        Ok(rows == 1)
    }

    /// One key.
    pub async fn key(&mut self, id: &str) -> Result<Option<KeyRow>, StoreError> {
        let sql = format!("{ROW} WHERE id = $1");
        Ok(on!(self, db => sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(id)
            .fetch_optional(db)
            .await?))
    }

    /// Sets the state of a key.
    pub async fn set_key_state(
        &mut self,
        id: &str,
        state: &str,
        withdrawn_from: Option<i64>,
        reason: Option<&str>,
        at: i64,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE listed_keys SET state = $2, withdrawn_from = $3, reason = $4, \
                   changed_at = $5 WHERE id = $1";
        let rows = on!(self, db => sqlx::query(sql)
            .bind(id)
            .bind(state)
            .bind(withdrawn_from)
            .bind(reason)
            .bind(at)
            .execute(db)
            .await?
            .rows_affected());
        Ok(rows == 1)
    }

    /// The keys that a filter leaves, by id.
    pub async fn keys(&mut self, filter: &KeyFilter) -> Result<Vec<KeyRow>, StoreError> {
        let sql = format!(
            "{ROW} WHERE ($1 = '' OR country = $1) AND ($2 = '' OR state = $2) \
             AND ($3 = '' OR lower(coalesce(subject, '')) LIKE $3 ESCAPE '!' \
                  OR lower(source) LIKE $3 ESCAPE '!' OR id LIKE $3 ESCAPE '!') \
             AND id > $4 ORDER BY id LIMIT $5"
        );
        let search = filter.search.as_deref().map(pattern).unwrap_or_default();
        let limit = match filter.limit {
            0 => i64::MAX,
            limit => limit,
        };
        Ok(on!(self, db => sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(filter.country.as_deref().unwrap_or_default())
            .bind(filter.state.as_deref().unwrap_or_default())
            .bind(search)
            .bind(filter.after.as_deref().unwrap_or_default())
            .bind(limit)
            .fetch_all(db)
            .await?))
    }

    /// How many keys stand in each country, role and state.
    pub async fn key_counts(
        &mut self,
    ) -> Result<Vec<(Option<String>, String, String, i64)>, StoreError> {
        let sql = "SELECT country, role, state, count(*) FROM listed_keys \
                   GROUP BY country, role, state ORDER BY country, role, state";
        Ok(on!(self, db => sqlx::query_as(sql).fetch_all(db).await?))
    }
}

/// What LIKE takes, with its signs made harmless.
fn pattern(search: &str) -> String {
    let mut pattern = String::from("%");
    for c in search.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
