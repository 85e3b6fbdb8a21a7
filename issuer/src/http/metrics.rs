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
    for (class, counter) in app.metrics.answers.iter().enumerate().skip(2) {
        let value = counter.load(Ordering::Relaxed);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "issuer_answers_total{{status=\"{class}xx\"}} {value}");
    }
    text
}
