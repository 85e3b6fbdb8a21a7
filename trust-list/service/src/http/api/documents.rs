//! Rules, value sets, policy.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, State},
};
use hcert::time::Timestamp;
use serde::Serialize;

use super::Raw;
use crate::{
    domain::documents::{self, Kind, Put},
    http::{App, Problem, access::Actor},
};

#[derive(Serialize)]
pub(crate) struct DocumentJson {
    kind: String,
    name: String,
    version: i64,
    bytes: usize,
    sha256: String,
    removed: bool,
    at: String,
    by: String,
}

pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Json<Vec<DocumentJson>>, Problem> {
    let mut tx = app.store.read().await?;
    let documents = tx.documents().await?;
    let json = documents.into_iter().map(|document| DocumentJson {
        bytes: document.content.len(),
        sha256: trust_list::digest::Digest::of(&document.content).to_string(),
        removed: document.content.is_empty(),
        kind: document.kind,
        name: document.name,
        version: document.version,
        at: Timestamp::saturating(document.at).to_string(),
        by: document.by_whom,
    });
    Ok(Json(json.collect()))
}

async fn put(
    app: &App,
    actor: &Actor,
    kind: Kind,
    name: &str,
    content: &[u8],
) -> Result<Json<Put>, Problem> {
    let put = documents::put(&app.store, &app.clock, &actor.name, kind, name, content);
    Ok(Json(put.await?))
}

async fn remove(app: &App, actor: &Actor, kind: Kind, name: &str) -> Result<Json<Put>, Problem> {
    let removed = documents::remove(&app.store, &app.clock, &actor.name, kind, name).await?;
    match removed.version {
        0 => Err(Problem::not_found(format!(
            "no {} are called so",
            kind.name()
        ))),
        _ => Ok(Json(removed)),
    }
}

pub(crate) async fn put_rules(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Extension(actor): Extension<Actor>,
    Raw(body): Raw,
) -> Result<Json<Put>, Problem> {
    put(&app, &actor, Kind::Rules, &name, &body).await
}

pub(crate) async fn remove_rules(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<Put>, Problem> {
    remove(&app, &actor, Kind::Rules, &name).await
}

pub(crate) async fn put_value_sets(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Extension(actor): Extension<Actor>,
    Raw(body): Raw,
) -> Result<Json<Put>, Problem> {
    put(&app, &actor, Kind::ValueSets, &name, &body).await
}

pub(crate) async fn remove_value_sets(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<Put>, Problem> {
    remove(&app, &actor, Kind::ValueSets, &name).await
}

pub(crate) async fn put_policy(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Raw(body): Raw,
) -> Result<Json<Put>, Problem> {
    put(&app, &actor, Kind::Policy, "policy", &body).await
}

pub(crate) async fn remove_policy(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<Put>, Problem> {
    remove(&app, &actor, Kind::Policy, "policy").await
}
