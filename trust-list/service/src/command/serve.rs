//! `trust-service serve`.

use std::{io::IsTerminal as _, sync::Arc, time::Duration};

use anyhow::Context as _;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::{
    clock::Clock,
    config::Config,
    http::{self, App},
    serve::listen,
};

/// Lines for people at a terminal, JSON for whoever collects logs. `RUST_LOG` says how much.
fn log() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx::query=warn"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second subscriber in one process is no reason to stop.
    let _ = match std::io::stderr().is_terminal() {
        true => log.try_init(),
        false => log.json().flatten_event(true).try_init(),
    };
}

pub(super) async fn serve(config: &Config) -> anyhow::Result<()> {
    log();
    let app = Arc::new(super::open(config, Clock::system()).await?);
    if let Err(error) = app.publisher.recover_at_start().await {
        tracing::warn!(%error, "what is published could not be looked through");
    }
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("listen: {} can't be used", config.listen))?;
    let address = listener.local_addr()?;
    tracing::info!(%address, engine = app.store.engine(), "serving");
    // For whoever started it: with port 0 nobody else knows.
    println!("listening on http://{address}");
    let timer = config
        .publish
        .republish_every
        .map(|every| tokio::spawn(republish(Arc::clone(&app), every)));
    let router = http::router(Arc::clone(&app));
    listen::serve(listener, router, listen::HEAD, end()).await;
    if let Some(timer) = timer {
        timer.abort();
    }
    app.store.close().await;
    tracing::info!("ended");
    Ok(())
}

/// Publishes when the live bundle is old enough, whoever published it. A failure is tried again
/// after a minute.
async fn republish(app: Arc<App>, every: u64) {
    let every = i64::try_from(every).unwrap_or(i64::MAX);
    loop {
        let now = app.clock.now().unix();
        let issued = app.statics.live().await.map(|live| live.issued);
        let wait = issued.map_or(0, |issued| issued.saturating_add(every) - now);
        if wait <= 0 {
            let result = app.publisher.publish("service", None).await;
            app.metrics.note_publication(result.is_ok());
            match result {
                Ok(done) => tracing::info!(sequence = done.sequence, "published on schedule"),
                Err(error) => tracing::error!(%error, "the scheduled publication failed"),
            }
        }
        // Never longer than a minute: a clock that is set right in between counts.
        let pause = u64::try_from(wait).unwrap_or(0).clamp(1, 60);
        let pause = if wait <= 0 { 60 } else { pause };
        tokio::time::sleep(Duration::from_secs(pause)).await;
    }
}

/// Ctrl-C, or the system's request to end.
async fn end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
