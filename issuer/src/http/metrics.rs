//! Counters, in the text form of Prometheus. No personal data, no paths that a caller chose.

use std::{sync::Arc, time::Duration};

use axum::extract::State;
use service::metrics::{Answers, Page};

use super::App;

/// The service's counters.
#[derive(Debug, Default)]
pub struct Metrics {
    pub(super) answers: Answers,
}

/// `GET /metrics`. Where the database does not answer, what it would say is left out.
pub(super) async fn show(State(app): State<Arc<App>>) -> String {
    let mut page = Page::new("issuer");
    app.metrics.answers.write(&mut page);
    let own = &app.issuer.counts;
    for (name, count) in [
        ("certificates_issued_total", &own.issued),
        ("certificates_revoked_total", &own.revoked),
        ("prints_total", &own.printed),
        ("job_rows_total", &own.rows),
    ] {
        page.line(name, &[], count.get());
    }
    let store = &app.issuer.store;
    let transactions = store.transactions();
    page.line("database_transactions_total", &[], transactions);
    let look = async { store.read().await?.counts().await };
    let counts = tokio::time::timeout(Duration::from_secs(3), look).await;
    let counts = counts.ok().and_then(Result::ok);
    page.line("database_up", &[], u8::from(counts.is_some()));
    if let Some(counts) = counts {
        page.line("alarms_open", &[], counts.alarms);
        page.line("outbox_waiting", &[], counts.outbox);
        page.line("jobs_running", &[], counts.jobs);
    }
    page.finish()
}
