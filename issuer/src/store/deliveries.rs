//! Lots that were delivered to sites.

use service::on;

use super::{DeliveryRow, StoreError, Tx};
use crate::place::Place;

impl Tx {
    /// What was delivered to a place and to everything below it, newest first.
    pub async fn deliveries_within(
        &mut self,
        within: &Place,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        let sql = "SELECT site, product, lot, doses, delivered_on, expires_on, at, by_whom \
                   FROM deliveries WHERE site = $1 OR (site > $2 AND site < $3) \
                   ORDER BY delivered_on DESC, site, product, lot";
        let (from, to) = within.below();
        Ok(on!(self, db => sqlx::query_as(sql)
            .bind(within.as_str())
            .bind(from.as_str())
            .bind(to.as_str())
            .fetch_all(db)
            .await?))
    }

    /// Notes a delivery; of the same site, product and lot it replaces the one before.
    pub async fn put_delivery(&mut self, delivery: &DeliveryRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO deliveries (site, product, lot, doses, delivered_on, expires_on, \
                   at, by_whom) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
                   ON CONFLICT (site, product, lot) DO UPDATE SET doses = excluded.doses, \
                   delivered_on = excluded.delivered_on, expires_on = excluded.expires_on, \
                   at = excluded.at, by_whom = excluded.by_whom";
        on!(self, db => sqlx::query(sql)
            .bind(&delivery.site)
            .bind(&delivery.product)
            .bind(&delivery.lot)
            .bind(delivery.doses)
            .bind(&delivery.delivered_on)
            .bind(&delivery.expires_on)
            .bind(delivery.at)
            .bind(&delivery.by_whom)
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }
}
