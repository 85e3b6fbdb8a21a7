//! The service's counters. No personal data, no paths that a caller chose.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use service::metrics::{Answers, Counter, Page};

use super::App;

/// The service's counters.
#[derive(Debug, Default)]
pub struct Metrics {
    answers: Answers,
    published: Counter,
    not_published: Counter,
}

impl Metrics {
    /// Notes how a publication ended.
    pub fn note_publication(&self, went_live: bool) {
        let counter = match went_live {
            true => &self.published,
            false => &self.not_published,
        };
        counter.add(1);
    }
}

/// Counts an answer by the class of its status, and its time by the route.
pub(super) async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    app.metrics.answers.watch(request, next).await
}

/// `GET /metrics`.
pub(super) async fn show(State(app): State<Arc<App>>) -> String {
    let mut page = Page::new("trust_service");
    let metrics = &app.metrics;
    metrics.answers.write(&mut page);
    let (served, unchanged) = app.statics.counts();
    page.line("files_total", &[("answer", "content")], served);
    page.line("files_total", &[("answer", "not_modified")], unchanged);
    let transactions = app.store.transactions();
    page.line("database_transactions_total", &[], transactions);
    let published = metrics.published.get();
    page.line("publications_total", &[("result", "live")], published);
    let failed = metrics.not_published.get();
    page.line("publications_total", &[("result", "failed")], failed);
    if let Some(live) = app.statics.live().await {
        page.line("live_sequence", &[], live.sequence);
        page.line("live_issued_seconds", &[], live.issued);
        page.line("live_soft_expiry_seconds", &[], live.soft);
        page.line("live_hard_expiry_seconds", &[], live.hard);
    }
    page.finish()
}
