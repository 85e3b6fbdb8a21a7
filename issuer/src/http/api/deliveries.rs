//! Deliveries of lots.

use std::sync::Arc;

use axum::{Extension, Json, extract::State, response::Response};
use serde::{Deserialize, Serialize};
use service::problem::Problem;
use utoipa::ToSchema;

use super::{Asked, Body, List, created, site_of, time, tubes::SiteQuery};
use crate::{actor::Actor, http::App, store::DeliveryRow};

/// A delivery of a lot.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeliveryJson {
    /// Path of the site.
    site: String,
    /// Code of the product.
    product: String,
    /// The lot.
    lot: String,
    /// How many doses.
    doses: i64,
    /// The day.
    delivered_on: String,
    /// The last day of use.
    expires_on: Option<String>,
    /// When it was noted.
    noted_at: String,
    /// Who noted it.
    noted_by: String,
}

impl From<DeliveryRow> for DeliveryJson {
    fn from(row: DeliveryRow) -> DeliveryJson {
        DeliveryJson {
            site: row.site,
            product: row.product,
            lot: row.lot,
            doses: row.doses,
            delivered_on: row.delivered_on,
            expires_on: row.expires_on,
            noted_at: time(row.at),
            noted_by: row.by_whom,
        }
    }
}

/// What was delivered to a site.
#[utoipa::path(get, path = "/api/v1/deliveries", params(SiteQuery),
    responses((status = 200, body = List<DeliveryJson>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Asked(query): Asked<SiteQuery>,
) -> Result<Json<List<DeliveryJson>>, Problem> {
    let site = site_of(&actor, query.site.as_deref())?;
    let rows = app.issuer.deliveries(&actor, &site).await?;
    Ok(List::whole(
        rows.into_iter().map(DeliveryJson::from).collect(),
    ))
}

/// A delivery that is noted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDelivery {
    /// The path of the site; without it the client's own.
    site: Option<String>,
    /// Code of the product.
    product: String,
    /// The lot.
    lot: String,
    /// How many doses.
    #[schema(minimum = 1)]
    doses: i64,
    /// The day, as 2026-11-28.
    delivered_on: String,
    /// The last day of use.
    expires_on: Option<String>,
}

/// Notes a delivery; the same product and lot again replaces the number of doses.
#[utoipa::path(post, path = "/api/v1/deliveries", request_body = NewDelivery,
    responses((status = 201, body = DeliveryJson)))]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<NewDelivery>,
) -> Result<Response, Problem> {
    let row = DeliveryRow {
        site: site_of(&actor, body.site.as_deref())?.to_string(),
        product: body.product,
        lot: body.lot,
        doses: body.doses,
        delivered_on: body.delivered_on,
        expires_on: body.expires_on,
        at: app.issuer.clock.now().unix(),
        by_whom: actor.name.clone(),
    };
    app.issuer.deliver(&actor, &row).await?;
    Ok(created(DeliveryJson::from(row)))
}
