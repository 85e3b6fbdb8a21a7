//! `trust-service serve`.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use service::{clock::Clock, listen, log};
use tokio::net::TcpListener;

use crate::{
    config::Config,
    http::{self, App},
};

pub(super) async fn serve(config: &Config) -> anyhow::Result<()> {
    log::start();
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
    listen::serve(listener, router, listen::HEAD, listen::end()).await;
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
