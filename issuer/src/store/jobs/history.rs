//! Doses of people who are known, asked for by their documents: thousands at a time.

use service::store::Engine;

use super::super::{Numbers, StoreError, Tx};

/// A dose, under one of the documents of the person.
#[derive(Clone, sqlx::FromRow)]
pub struct DoseRow {
    /// The number that was asked for.
    pub number: String,
    /// Code of the product.
    pub product: String,
    /// Dose number.
    pub dose: i64,
    /// Of how many.
    pub total: i64,
    /// The day.
    pub day: String,
}

/// Numbers in one statement.
const NUMBERS: usize = 5000;

macro_rules! doses {
    ($column:literal, $numbers:literal) => {
        concat!(
            "SELECT p.", $column, " AS number, r.product, r.dose, r.total, r.day \
             FROM persons p JOIN records r ON r.person = p.id WHERE p.", $column, " ", $numbers, " \
             AND r.kind = 'vaccination' AND r.state IN ('recorded', 'sent_back', 'approved', 'certified') \
             AND r.product IS NOT NULL AND r.dose IS NOT NULL AND r.total IS NOT NULL"
        )
    };
    ($column:literal) => {
        (
            doses!($column, "IN (SELECT value FROM json_each($1))"),
            doses!($column, "= ANY($1)"),
        )
    };
}

impl Tx {
    /// The doses recorded of whoever has these documents.
    pub async fn doses_of(
        &mut self,
        numbers: &Numbers<'_>,
    ) -> Result<[Vec<DoseRow>; 4], StoreError> {
        Ok([
            self.doses(doses!("cccd"), &numbers.cccd).await?,
            self.doses(doses!("cmnd"), &numbers.cmnd).await?,
            self.doses(doses!("passport"), &numbers.passport).await?,
            self.doses(doses!("bhyt"), &numbers.bhyt).await?,
        ])
    }

    async fn doses(
        &mut self,
        (sqlite, postgres): (&'static str, &'static str),
        numbers: &[&str],
    ) -> Result<Vec<DoseRow>, StoreError> {
        let mut all = Vec::new();
        for numbers in numbers.chunks(NUMBERS) {
            let found: Vec<DoseRow> = match self.engine() {
                Engine::Sqlite(tx) => {
                    sqlx::query_as(sqlite)
                        .bind(serde_json::to_string(numbers).unwrap_or_default())
                        .fetch_all(&mut **tx)
                        .await?
                }
                Engine::Postgres(tx) => {
                    sqlx::query_as(postgres)
                        .bind(numbers)
                        .fetch_all(&mut **tx)
                        .await?
                }
            };
            all.extend(found);
        }
        Ok(all)
    }

    /// The lots delivered to a site.
    pub async fn lots_of(&mut self, site: &str) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT DISTINCT lot FROM deliveries WHERE site = $1";
        Ok(service::on!(self, db => sqlx::query_scalar(sql).bind(site).fetch_all(db).await?))
    }
}
