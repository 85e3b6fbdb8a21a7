//! `issuer serve`.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use service::{clock::Clock, listen, log};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    bulk,
    config::Config,
    domain::Issuer,
    http::{self, App, metrics::Metrics},
    store, trust,
};

/// Usual longest time of a request.
const PATIENCE: Duration = Duration::from_secs(30);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
/// How long work in the background may go on after the end was asked for.
const FAREWELL: Duration = Duration::from_secs(20);

pub(super) async fn serve(config: &Config) -> anyhow::Result<()> {
    log::start();
    let issuer = super::issuer(config, Clock::system()).await?;
    let app = Arc::new(App {
        issuer: Arc::clone(&issuer),
        metrics: Metrics::default(),
        language: config.language,
        patience: PATIENCE,
        https: config.https,
        behind_proxy: config.behind_proxy,
    });
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("listen: {} can't be used", config.listen))?;
    let address = listener.local_addr()?;
    let keys = issuer.keys.all().len();
    tracing::info!(%address, engine = issuer.store.engine(), keys, "serving");
    // For whoever started it: with port 0 nobody else knows.
    println!("listening on http://{address}");
    let (end, ending) = watch::channel(false);
    let mut background = background(config, &issuer, &ending)?;
    listen::serve(listener, router(config, app)?, listen::HEAD, listen::end()).await;
    // Whoever waits for it sees it; there may be nobody.
    let _ = end.send(true);
    let ended = tokio::time::timeout(FAREWELL, async {
        while background.join_next().await.is_some() {}
    });
    if ended.await.is_err() {
        tracing::warn!("some work in the background was cut off at the end");
    }
    background.shutdown().await;
    issuer.close().await;
    issuer.store.close().await;
    tracing::info!("ended");
    Ok(())
}

#[cfg(feature = "oidc")]
fn router(config: &Config, app: Arc<App>) -> anyhow::Result<axum::Router> {
    Ok(match &config.oidc {
        Some(oidc) => http::router_with(app, crate::oidc::Provider::new(oidc.clone())?),
        None => http::router(app),
    })
}

#[cfg(not(feature = "oidc"))]
fn router(_config: &Config, app: Arc<App>) -> anyhow::Result<axum::Router> {
    Ok(http::router(app))
}

/// What goes on beside the requests. Each ends when the end is asked for.
fn background(
    config: &Config,
    issuer: &Arc<Issuer>,
    ending: &watch::Receiver<bool>,
) -> anyhow::Result<JoinSet<()>> {
    let mut all = JoinSet::new();
    all.spawn(every(
        MINUTE,
        ending.clone(),
        Arc::clone(issuer),
        |issuer| async move {
            if let Err(error) = issuer.refresh_catalogue().await {
                tracing::error!(%error, "value sets and products could not be renewed");
            }
        },
    ));
    let database = config.database.clone();
    all.spawn(every(
        HOUR,
        ending.clone(),
        Arc::clone(issuer),
        move |issuer| {
            let database = database.clone();
            async move {
                match issuer.remove_old().await {
                    Ok(removed) if removed.is_any() => {
                        tracing::info!(?removed, "removed what was past its days");
                        if let Err(error) = store::sweep(&database, false).await {
                            tracing::warn!(%error, "the database's log could not be emptied");
                        }
                    }
                    Ok(_) => {}
                    Err(error) => tracing::error!(%error, "what is past its days stays for now"),
                }
            }
        },
    ));
    all.spawn(every(
        HOUR,
        ending.clone(),
        Arc::clone(issuer),
        |issuer| async move {
            if let Err(error) = trust::watch_keys(&issuer).await {
                tracing::error!(%error, "what is due of the keys could not be noted");
            }
        },
    ));
    all.spawn(bulk::worker::run(
        Arc::clone(issuer),
        bulk::worker::Options::default(),
        ending.clone(),
    ));
    if let Some(trust) = &config.trust {
        let reporter = trust::Reporter::new(Arc::clone(issuer), trust)?;
        let ending = ending.clone();
        all.spawn(reporter.run(ending));
    }
    Ok(all)
}

/// Does something now and then, until the end.
async fn every<F: Future<Output = ()>>(
    pause: Duration,
    mut ending: watch::Receiver<bool>,
    issuer: Arc<Issuer>,
    work: impl Fn(Arc<Issuer>) -> F,
) {
    loop {
        work(Arc::clone(&issuer)).await;
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = ending.wait_for(|end| *end) => return,
        }
    }
}
