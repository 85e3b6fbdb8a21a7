//! Which lots were delivered where.

use super::{Issuer, Refusal};
use crate::{actor::Actor, place::Place, store::DeliveryRow};

impl Issuer {
    /// What was delivered to a site.
    pub async fn deliveries(
        &self,
        actor: &Actor,
        site: &Place,
    ) -> Result<Vec<DeliveryRow>, Refusal> {
        let _ = (actor, site);
        todo!()
    }

    /// Notes a delivery; the same product and lot again replaces the number of doses.
    pub async fn deliver(&self, actor: &Actor, delivery: &DeliveryRow) -> Result<(), Refusal> {
        let _ = (actor, delivery);
        todo!()
    }
}
