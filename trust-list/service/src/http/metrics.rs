//! Counters, in the text form of Prometheus. No personal data, no paths that a caller chose.

use std::{
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use super::App;

/// The service's counters.
#[derive(Debug, Default)]
pub struct Metrics {
    answers: [AtomicU64; 6],
    published: AtomicU64,
    not_published: AtomicU64,
}

impl Metrics {
    /// Notes how a publication ended.
    pub fn note_publication(&self, went_live: bool) {
        let counter = match went_live {
            true => &self.published,
            false => &self.not_published,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// Counts an answer by the class of its status.
pub(super) async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let class = usize::from(response.status().as_u16() / 100);
    if let Some(counter) = app.metrics.answers.get(class) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
    response
}

/// `GET /metrics`.
pub(super) async fn show(State(app): State<Arc<App>>) -> String {
    let mut text = String::new();
    let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let mut line = |name: &str, labels: &str, value: i128| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "trust_service_{name}{labels} {value}");
    };
    for (class, counter) in app.metrics.answers.iter().enumerate().skip(2) {
        let labels = format!("{{status=\"{class}xx\"}}");
        line("answers_total", &labels, read(counter).into());
    }
    let (served, unchanged) = app.statics.counts();
    line("files_total", "{answer=\"content\"}", served.into());
    line("files_total", "{answer=\"not_modified\"}", unchanged.into());
    let transactions = app.store.transactions();
    line("database_transactions_total", "", transactions.into());
    let metrics = &app.metrics;
    let published = read(&metrics.published);
    line("publications_total", "{result=\"live\"}", published.into());
    let failed = read(&metrics.not_published);
    line("publications_total", "{result=\"failed\"}", failed.into());
    if let Some(live) = app.statics.live().await {
        line("live_sequence", "", live.sequence.into());
        line("live_issued_seconds", "", live.issued.into());
        line("live_soft_expiry_seconds", "", live.soft.into());
        line("live_hard_expiry_seconds", "", live.hard.into());
    }
    text
}
