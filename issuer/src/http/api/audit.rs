//! The audit log.

use std::sync::Arc;

use axum::{
    Extension, Json,
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use futures_util::stream;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::problem::Problem;
use utoipa::{IntoParams, ToSchema};

use super::{Asked, List, limit, time};
use crate::{actor::Actor, http::App, store::AuditEntry};

/// An entry of the audit log.
#[derive(Serialize, ToSchema)]
pub(crate) struct EntryJson {
    /// Counts from 1 without a gap.
    seq: i64,
    /// When.
    at: String,
    /// `user:NAME`, `client:NAME` or `service`.
    actor: String,
    /// What was done.
    action: String,
    /// To what, as `certificate:ID`.
    subject: String,
    /// More of it, without personal data.
    #[schema(value_type = Object)]
    detail: Value,
    /// Hash of the entry before.
    previous: String,
    /// SHA-256 over this entry and `previous`.
    hash: String,
}

impl From<AuditEntry> for EntryJson {
    fn from(entry: AuditEntry) -> EntryJson {
        EntryJson {
            seq: entry.seq,
            at: time(entry.at),
            actor: entry.actor,
            action: entry.action,
            subject: entry.subject,
            detail: serde_json::from_str(&entry.detail).unwrap_or_else(|_| serde_json::json!({})),
            previous: entry.previous,
            hash: entry.hash,
        }
    }
}

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuditQuery {
    /// Entries before this one: `next` of the page before.
    #[param(minimum = 1)]
    after: Option<i64>,
    /// How many at most: 1 to 200, else 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// The audit log, newest first. For auditors of the whole country.
#[utoipa::path(get, path = "/api/v1/audit", params(AuditQuery),
    responses((status = 200, body = List<EntryJson>)))]
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Asked(query): Asked<AuditQuery>,
) -> Result<Json<List<EntryJson>>, Problem> {
    let limit = limit(query.limit)?;
    let before = query.after.unwrap_or(i64::MAX);
    let entries = app.issuer.audit_page(&actor, before, limit).await?;
    let items = entries.into_iter().map(EntryJson::from).collect();
    Ok(List::page(items, limit, |last: &EntryJson| {
        last.seq.to_string()
    }))
}

/// Whether the chain of hashes is whole.
#[derive(Serialize, ToSchema)]
pub(crate) struct Checked {
    /// Whether it is.
    whole: bool,
    /// How many entries there are.
    entries: Option<i64>,
    /// The first entry that does not fit.
    broken_at: Option<i64>,
}

/// Goes through the whole audit log.
#[utoipa::path(get, path = "/api/v1/audit/check", responses((status = 200, body = Checked)))]
pub(crate) async fn check(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<Checked>, Problem> {
    let checked = app.issuer.audit_check(&actor).await?;
    Ok(Json(Checked {
        whole: checked.is_ok(),
        entries: checked.as_ref().ok().copied(),
        broken_at: checked.err().map(|broken| broken.0),
    }))
}

/// From where.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExportQuery {
    /// Entries after this one, so that an archive goes on where it stopped.
    #[param(minimum = 0)]
    after: Option<i64>,
}

/// The audit log as lines of JSON, oldest first, for an archive of one's own.
#[utoipa::path(get, path = "/api/v1/audit/export", params(ExportQuery),
    responses((status = 200, description = "application/x-ndjson")))]
pub(crate) async fn export(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Asked(query): Asked<ExportQuery>,
) -> Result<Response, Problem> {
    let after = query.after.unwrap_or(0);
    let first = app.issuer.audit_after(&actor, after).await?;
    let lines = stream::try_unfold(Some(first), move |entries| {
        let (app, actor) = (Arc::clone(&app), actor.clone());
        async move {
            let Some(entries) = entries else {
                return Ok(None);
            };
            let Some(last) = entries.last().map(|entry| entry.seq) else {
                return Ok(None);
            };
            let mut lines = Vec::new();
            for entry in entries {
                serde_json::to_writer(&mut lines, &EntryJson::from(entry))?;
                lines.push(b'\n');
            }
            let next = app.issuer.audit_after(&actor, last).await;
            // The connection is cut off: a file that ends in the middle of the log should not look whole.
            let next = next.map_err(std::io::Error::other)?;
            Ok::<_, std::io::Error>(Some((Bytes::from(lines), Some(next))))
        }
    });
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((kind, Body::from_stream(lines)).into_response())
}
