//! Who did what.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;
use service::people::sessions::Session;

use super::{Frame, Tongue, problem, render};
use crate::{
    http::{App, Problem},
    store::AuditEntry,
};

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    frame: Frame,
    entries: Vec<AuditEntry>,
    next: Option<i64>,
    /// Set after a check: the number of entries, or where the chain breaks.
    whole: Option<i64>,
    broken: Option<i64>,
}

#[derive(Deserialize)]
pub(crate) struct PageQuery {
    before: Option<i64>,
    check: Option<String>,
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
    Query(query): Query<PageQuery>,
) -> Response {
    let page = async {
        let mut tx = app.store.read().await?;
        let entries = tx.audit_page(query.before.unwrap_or(i64::MAX), 100).await?;
        let checked = match query.check {
            Some(_) => Some(tx.audit_check().await?),
            None => None,
        };
        let (whole, broken) = match checked {
            Some(Ok(entries)) => (Some(entries), None),
            Some(Err(broken)) => (None, Some(broken.0)),
            None => (None, None),
        };
        Ok::<_, Problem>(AuditPage {
            frame: Frame::new(
                &app,
                t,
                Some(&session),
                "/desk/audit",
                t.say("Nhật ký", "Audit"),
            ),
            next: entries.last().map(|entry| entry.seq).filter(|seq| *seq > 1),
            entries,
            whole,
            broken,
        })
    };
    match page.await {
        Ok(page) => render(&page),
        Err(error) => problem(&app, t, Some(&session), error),
    }
}
