//! What somebody has to look at.

use std::sync::Arc;

use axum::{Extension, Json, extract::State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::problem::Problem;
use utoipa::{IntoParams, ToSchema};

use super::{Asked, Body, Done, List, Named, done, time};
use crate::{actor::Actor, http::App, id::Id, store::AlarmRow};

/// An alarm.
#[derive(Serialize, ToSchema)]
pub(crate) struct AlarmJson {
    /// Which.
    id: String,
    /// `limit`, `night`, `clerk_above`, `person_many`, `client_burst`, `not_verified`, `not_readable`,
    /// `trust_list`, `key_due`.
    kind: String,
    /// A clerk, a site, a client, a certificate; never a person.
    subject: String,
    /// Path of the place that is to look at it.
    site: String,
    /// The local day.
    day: String,
    /// More of it.
    #[schema(value_type = Object)]
    detail: Value,
    /// How often on that day.
    count: i64,
    /// The first time.
    raised_at: String,
    /// The last time.
    last_at: String,
    /// When somebody looked at it.
    seen_at: Option<String>,
    /// Who.
    seen_by: Option<String>,
    /// What it was.
    note: Option<String>,
}

impl From<AlarmRow> for AlarmJson {
    fn from(row: AlarmRow) -> AlarmJson {
        AlarmJson {
            id: row.id.to_string(),
            kind: row.kind,
            subject: row.subject,
            site: row.site,
            day: row.day,
            detail: serde_json::from_str(&row.detail).unwrap_or_else(|_| serde_json::json!({})),
            count: row.count,
            raised_at: time(row.raised_at),
            last_at: time(row.last_at),
            seen_at: row.seen_at.map(time),
            seen_by: row.seen_by,
            note: row.note,
        }
    }
}

/// Which alarms.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlarmQuery {
    /// Only those that nobody has looked at.
    #[serde(default)]
    open: bool,
}

/// The alarms of the client's place, those not seen first.
#[utoipa::path(get, path = "/api/v1/alarms", params(AlarmQuery),
    responses((status = 200, body = List<AlarmJson>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Asked(query): Asked<AlarmQuery>,
) -> Result<Json<List<AlarmJson>>, Problem> {
    let rows = app.issuer.alarms(&actor, query.open).await?;
    Ok(List::whole(rows.into_iter().map(AlarmJson::from).collect()))
}

/// What an alarm was.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlarmNote {
    /// In words, without personal data.
    note: String,
}

/// Says that somebody has looked at an alarm, and what it was.
#[utoipa::path(post, path = "/api/v1/alarms/{id}/seen", params(("id" = String, Path)),
    request_body = AlarmNote, responses((status = 200, body = Done)))]
pub(crate) async fn see(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(id): Named<Id>,
    Body(body): Body<AlarmNote>,
) -> Result<Json<Done>, Problem> {
    app.issuer.see_alarm(&actor, id, &body.note).await?;
    Ok(done())
}
