//! The audit log.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State},
};
use hcert::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    http::{App, Problem},
    store::AuditEntry,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    before: Option<i64>,
}

#[derive(Serialize)]
pub(crate) struct EntryJson {
    seq: i64,
    at: String,
    actor: String,
    action: String,
    subject: String,
    detail: Value,
    previous: String,
    hash: String,
}

impl From<AuditEntry> for EntryJson {
    fn from(entry: AuditEntry) -> EntryJson {
        EntryJson {
            seq: entry.seq,
            at: Timestamp::saturating(entry.at).to_string(),
            actor: entry.actor,
            action: entry.action,
            subject: entry.subject,
            detail: serde_json::from_str(&entry.detail).unwrap_or_default(),
            previous: entry.previous,
            hash: entry.hash,
        }
    }
}

pub(crate) async fn page(
    State(app): State<Arc<App>>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Vec<EntryJson>>, Problem> {
    let mut tx = app.store.read().await?;
    let before = query.before.unwrap_or(i64::MAX);
    let entries = tx.audit_page(before, 200).await?;
    Ok(Json(entries.into_iter().map(EntryJson::from).collect()))
}

pub(crate) async fn check(State(app): State<Arc<App>>) -> Result<Json<Value>, Problem> {
    let mut tx = app.store.read().await?;
    Ok(Json(match tx.audit_check().await? {
        Ok(entries) => json!({ "whole": true, "entries": entries }),
        Err(broken) => json!({ "whole": false, "broken_at": broken.0 }),
    }))
}
