//! Whether the service lives, and whether it can do all it should.

use std::{sync::Arc, time::Duration};

use axum::extract::State;
use service::problem::Problem;

use super::App;
use crate::store::StoreError;

/// `GET /healthz`: the process answers.
pub(super) async fn lives() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers too.
pub(super) async fn ready(State(app): State<Arc<App>>) -> Result<&'static str, Problem> {
    let look = async { app.issuer.store.read().await?.ping().await };
    match tokio::time::timeout(Duration::from_secs(3), look).await {
        Ok(Ok(())) => Ok("ok\n"),
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(StoreError::Unreachable("no answer in 3 s".into()).into()),
    }
}
