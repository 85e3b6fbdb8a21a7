//! Revocation lists of other countries.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, Query, State},
};
use hcert::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::Raw;
use crate::{
    domain::slices::{self, Foreign},
    http::{App, Problem, access::Actor},
};

#[derive(Serialize)]
pub(crate) struct ForeignJson {
    name: String,
    form: String,
    country: Option<String>,
    bytes: usize,
    expires: Option<String>,
    at: String,
    by: String,
}

pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Json<Vec<ForeignJson>>, Problem> {
    let mut tx = app.store.read().await?;
    let time = |at: i64| Timestamp::saturating(at).to_string();
    let json = tx.foreign_lists().await?;
    let json = json.into_iter().map(|list| ForeignJson {
        name: list.name,
        form: list.form,
        country: list.country,
        bytes: list.content.len(),
        expires: list.expires.map(time),
        at: time(list.at),
        by: list.by_whom,
    });
    Ok(Json(json.collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ForeignQuery {
    form: String,
    country: Option<String>,
    kid: Option<String>,
    kind: Option<String>,
    prefix: Option<String>,
    expires: Option<String>,
}

pub(crate) async fn put(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(query): Query<ForeignQuery>,
    Extension(actor): Extension<Actor>,
    Raw(body): Raw,
) -> Result<Json<slices::Loaded>, Problem> {
    let expires = match &query.expires {
        Some(text) => Some(
            text.parse()
                .map_err(|_| Problem::asked("`expires` is a time such as 2027-01-01T00:00:00Z"))?,
        ),
        None => None,
    };
    let foreign = Foreign {
        name,
        form: query.form,
        country: query.country,
        kid: query.kid,
        kind: query.kind,
        prefix: query.prefix,
        expires,
        content: body.to_vec(),
    };
    let loaded = slices::load_foreign(&app.store, &app.clock, &actor.name, foreign).await?;
    Ok(Json(loaded))
}

pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<serde_json::Value>, Problem> {
    if slices::remove_foreign(&app.store, &app.clock, &actor.name, &name).await? {
        Ok(Json(serde_json::json!({ "removed": name })))
    } else {
        Err(Problem::not_found("no list is called so"))
    }
}
