//! What citizens say is wrong.

use std::sync::Arc;

use axum::{Extension, Json, extract::State};
use serde::{Deserialize, Serialize};
use service::problem::Problem;
use utoipa::ToSchema;

use super::{Body, Done, List, Named, done, time};
use crate::{actor::Actor, http::App, id::Id, store::ComplaintRow};

/// A complaint.
#[derive(Serialize, ToSchema)]
pub(crate) struct ComplaintJson {
    /// Which.
    id: String,
    /// About which certificate.
    certificate: String,
    /// Path of the site that is to mend it.
    site: String,
    /// In the citizen's words.
    text: String,
    /// When it came.
    at: String,
    /// `open`, `mended`, `declined`.
    state: String,
    /// What was answered.
    answer: Option<String>,
    /// When.
    answered_at: Option<String>,
    /// Who.
    answered_by: Option<String>,
}

impl From<ComplaintRow> for ComplaintJson {
    fn from(row: ComplaintRow) -> ComplaintJson {
        ComplaintJson {
            id: row.id.to_string(),
            certificate: row.certificate.to_string(),
            site: row.site,
            text: row.text,
            at: time(row.at),
            state: row.state,
            answer: row.answer,
            answered_at: row.answered_at.map(time),
            answered_by: row.answered_by,
        }
    }
}

/// The complaints of the client's place, open ones first.
#[utoipa::path(get, path = "/api/v1/complaints",
    responses((status = 200, body = List<ComplaintJson>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<List<ComplaintJson>>, Problem> {
    let rows = app.issuer.complaints(&actor).await?;
    Ok(List::whole(
        rows.into_iter().map(ComplaintJson::from).collect(),
    ))
}

/// An answer to a complaint.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ComplaintAnswer {
    /// It was mended by a correction; else it is declined.
    mended: bool,
    /// A few words.
    answer: String,
}

/// Answers a complaint.
#[utoipa::path(post, path = "/api/v1/complaints/{id}/answer", params(("id" = String, Path)),
    request_body = ComplaintAnswer, responses((status = 200, body = Done)))]
pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(id): Named<Id>,
    Body(body): Body<ComplaintAnswer>,
) -> Result<Json<Done>, Problem> {
    app.issuer
        .answer_complaint(&actor, id, body.mended, &body.answer)
        .await?;
    Ok(done())
}
