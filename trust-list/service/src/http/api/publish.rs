//! Publishing, and the key list that is signed offline.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use hcert::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Body, Raw};
use crate::{
    http::{App, Problem, access::Actor},
    publish::{KeyListStatus, Preview, Published, SignedCopy},
};

pub(crate) async fn preview(State(app): State<Arc<App>>) -> Result<Json<Preview>, Problem> {
    Ok(Json(app.publisher.preview().await?))
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublishJson {
    /// Of a preview: nothing is published if something changed since.
    #[serde(default)]
    fingerprint: Option<String>,
}

pub(crate) async fn publish(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<PublishJson>,
) -> Result<Json<Published>, Problem> {
    Ok(Json(run(&app, actor.name, body.fingerprint).await?))
}

/// Publishes to its end, even if whoever asked has gone away meanwhile.
pub(crate) async fn run(
    app: &Arc<App>,
    actor: String,
    seen: Option<String>,
) -> Result<Published, Problem> {
    let app = Arc::clone(app);
    let work = tokio::spawn(async move {
        let result = app.publisher.publish(&actor, seen.as_deref()).await;
        app.metrics.note_publication(result.is_ok());
        match &result {
            Ok(done) => {
                tracing::info!(
                    sequence = done.sequence,
                    parts = done.parts,
                    new_parts = done.new_parts,
                    update_bytes = done.update_bytes,
                    "published"
                );
            }
            Err(error) => tracing::warn!(%error, "not published"),
        }
        result
    });
    match work.await {
        Ok(result) => Ok(result?),
        Err(_) => Err(Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "publish",
            "the publication was cut short; what was live before is live still",
        )),
    }
}

#[derive(Serialize)]
pub(crate) struct PublicationJson {
    sequence: i64,
    state: String,
    manifest: Option<String>,
    issued: String,
    soft_expiry: String,
    hard_expiry: String,
    key_list: i64,
    by: String,
}

pub(crate) async fn publications(
    State(app): State<Arc<App>>,
) -> Result<Json<Vec<PublicationJson>>, Problem> {
    let mut tx = app.store.read().await?;
    let time = |at: i64| Timestamp::saturating(at).to_string();
    let rows = tx.publications(200).await?;
    let json = rows.into_iter().map(|row| PublicationJson {
        sequence: row.sequence,
        state: row.state,
        manifest: row.manifest,
        issued: time(row.issued),
        soft_expiry: time(row.soft),
        hard_expiry: time(row.hard),
        key_list: row.key_list,
        by: row.by_whom,
    });
    Ok(Json(json.collect()))
}

pub(crate) async fn key_list(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let (status, envelope) = app.publisher.key_list_to_sign().await?;
    let mut response = envelope.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/cose"),
    );
    let name = format!("attachment; filename=\"key-list-{}.cose\"", status.version);
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

pub(crate) async fn merge_key_list(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Raw(body): Raw,
) -> Result<Json<KeyListStatus>, Problem> {
    match app.publisher.merge_key_list(&actor.name, &body).await? {
        SignedCopy::Merged(status) => Ok(Json(status)),
        SignedCopy::Other { newest } => Err(Problem::new(
            StatusCode::CONFLICT,
            "other_key_list",
            format!("this is a copy of another key list; version {newest} is the one to be signed"),
        )),
    }
}
