//! Which lots were delivered where.

use hcert::date::Date;
use intake::record::Lot;
use serde_json::json;

use super::{Issuer, Refusal, places::needs};
use crate::{actor::Actor, place::Place, roles::Role, store::DeliveryRow};

/// Doses of one lot at one site; a country's whole year is less.
const MOST: i64 = 1_000_000_000;

impl Issuer {
    /// What was delivered to a site.
    pub async fn deliveries(
        &self,
        actor: &Actor,
        site: &Place,
    ) -> Result<Vec<DeliveryRow>, Refusal> {
        if !actor.sees(site) {
            return Err(Refusal::NotFound("place"));
        }
        Ok(self.store.read().await?.deliveries_within(site).await?)
    }

    /// Notes a delivery; the same product and lot again replaces the number of doses. Product and lot
    /// are taken as people write them; `at` and `by_whom` are set here.
    pub async fn deliver(&self, actor: &Actor, delivery: &DeliveryRow) -> Result<(), Refusal> {
        needs(actor, Role::Administrator)?;
        let asked = |why: &str| Refusal::Asked(why.to_owned());
        let site = delivery.site.parse::<Place>();
        let site = site.ok().filter(|site| actor.sees(site));
        let site = site.ok_or(Refusal::NotFound("place"))?;
        let catalogue = self.catalogues.current();
        let product = catalogue.product(&delivery.product).map_err(|_| {
            asked("the product is not known: write its code or name, as in EU/1/20/1528")
        })?;
        let lot = Lot::new(&delivery.lot).map_err(|_| {
            asked("the lot is 3 to 20 letters, digits, - . and /, as printed on the vial")
        })?;
        if !(0..=MOST).contains(&delivery.doses) {
            return Err(asked("the number of doses can't be"));
        }
        let day =
            |text: &str| Date::parse(text).map_err(|_| asked("a day is written as in 2026-11-28"));
        let delivered = day(&delivery.delivered_on)?;
        let expires = delivery
            .expires_on
            .as_deref()
            .filter(|text| !text.is_empty());
        let expires = expires.map(day).transpose()?;
        if expires.is_some_and(|expires| expires < delivered) {
            return Err(asked(
                "the lot expired before it was delivered: look at the days again",
            ));
        }
        let now = self.clock.now();
        let row = DeliveryRow {
            site: site.as_str().to_owned(),
            product: product.as_str().to_owned(),
            lot: lot.as_str().to_owned(),
            doses: delivery.doses,
            delivered_on: delivered.to_string(),
            expires_on: expires.map(|day| day.to_string()),
            at: now.unix(),
            by_whom: actor.name.clone(),
        };
        let mut tx = self.store.write().await?;
        let there = tx.place(&site).await?;
        if there.is_none_or(|place| place.level != "site") {
            return Err(asked("lots are delivered to sites"));
        }
        tx.put_delivery(&row).await?;
        let detail = json!({ "product": row.product, "lot": row.lot, "doses": row.doses });
        let subject = format!("site:{}", row.site);
        tx.audit(now, &actor.name, "lot.deliver", &subject, &detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}
