//! Requests that come twice: the second one is told what came of the first, and nothing is done again.

use std::{future::Future, sync::Arc};

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use service::problem::Problem;
use sha2::{Digest as _, Sha256};
use tracing::Instrument as _;

use super::{App, signature};
use crate::{
    domain::{Refusal, desk::Once},
    store::{Claim, StoreError},
};

/// What an Idempotency-Key means for a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// Nothing is changed: none is needed.
    Harmless,
    /// The handler sees to it, in the transaction of the deed.
    Own,
    /// It has to be there; the answer is kept under it.
    Kept,
}

/// An answer with a secret, which is shown once: what is kept of it.
#[derive(Debug, Clone)]
pub(super) struct Shown(pub(super) Value);

/// A first request that was not answered after so many seconds is taken as lost.
const LOST: i64 = 300;
/// Largest answer that is kept, in bytes.
const LARGEST: usize = 4 * 1024 * 1024;

/// The Idempotency-Key of a request, if there is one.
pub(super) fn of(parts: &Parts, scope: &str, body: [u8; 32]) -> Result<Option<Once>, Problem> {
    let Some(key) = signature::one(&parts.headers, &signature::IDEMPOTENCY_KEY)? else {
        return Ok(None);
    };
    if !(1..=255).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        let detail = "an Idempotency-Key has 1 to 255 visible ASCII characters";
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "idempotency_key",
            detail,
        ));
    }
    let mut digest = Sha256::new();
    let query = parts.uri.query().unwrap_or_default();
    for part in [parts.method.as_str(), parts.uri.path(), query] {
        digest.update(part.len().to_be_bytes());
        digest.update(part.as_bytes());
    }
    digest.update(body);
    Ok(Some(Once {
        scope: scope.to_owned(),
        key: key.to_owned(),
        digest: digest.finalize().into(),
    }))
}

/// That one is needed.
pub(super) fn needed() -> Problem {
    let detail = "send an Idempotency-Key, one for each deed: when no answer comes, send the same \
                  request with the same key again, and it is done once";
    Problem::new(StatusCode::BAD_REQUEST, "idempotency_key", detail)
}

/// Does something once. It goes on to its end even if the one who asked goes away, so that the
/// repeated request finds its answer. What failed is forgotten: the same key may try again.
///
/// Between the deed's transaction and that of its answer the process may be killed. Then the key
/// is under way for five minutes, and after that the deed is tried again: deeds that come here are
/// refused a second time by their own state, or change nothing.
pub(super) async fn keep(
    app: Arc<App>,
    once: Once,
    deed: impl Future<Output = Response> + Send + 'static,
) -> Response {
    let work = async move {
        let done = kept(&app, &once, deed).await;
        done.unwrap_or_else(Problem::into_response)
    };
    tokio::spawn(work.in_current_span())
        .await
        .unwrap_or_else(|_| {
            tracing::error!("a handler panicked");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        })
}

async fn kept(
    app: &App,
    once: &Once,
    deed: impl Future<Output = Response> + Send,
) -> Result<Response, Problem> {
    let issuer = &app.issuer;
    let now = issuer.clock.now().unix();
    let mut tx = issuer.store.write().await?;
    let claim = tx.claim_once(once, now, now - LOST).await?;
    tx.commit().await?;
    match claim {
        Claim::New => {}
        Claim::Other => return Err(Refusal::OtherContent.into()),
        Claim::UnderWay => {
            let detail = "the first request with this Idempotency-Key is under way: ask again in \
                          some seconds";
            return Err(Problem::conflict("under_way", detail));
        }
        Claim::Done(outcome) => return repeated(&outcome),
    }
    let response = deed.await;
    if !response.status().is_success() {
        forget(app, once).await?;
        return Ok(response);
    }
    let shown = response.extensions().get::<Shown>().cloned();
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, LARGEST)
        .await
        .unwrap_or_default();
    let answer = match shown {
        Some(Shown(answer)) => answer,
        None => serde_json::from_slice(&body).unwrap_or(Value::Null),
    };
    let outcome = json!({ "status": parts.status.as_u16(), "answer": answer }).to_string();
    let mut tx = issuer.store.write().await?;
    tx.finish_once(once, &outcome).await?;
    tx.commit().await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

async fn forget(app: &App, once: &Once) -> Result<(), StoreError> {
    let mut tx = app.issuer.store.write().await?;
    tx.release_once(once).await?;
    tx.commit().await
}

/// The first answer, again.
fn repeated(outcome: &str) -> Result<Response, Problem> {
    let outcome: Value = serde_json::from_str(outcome)
        .map_err(|_| StoreError::Content("an answer that was kept can't be read".into()))?;
    let status = outcome.get("status").and_then(Value::as_u64);
    let status = status.and_then(|status| StatusCode::from_u16(status.try_into().ok()?).ok());
    let answer = outcome.get("answer").cloned().unwrap_or_default();
    let mut response = axum::Json(answer).into_response();
    *response.status_mut() = status.unwrap_or_default();
    let headers = response.headers_mut();
    let repeated = HeaderValue::from_static("true");
    headers.insert("idempotency-replayed", repeated);
    let no_store = HeaderValue::from_static("no-store");
    headers.insert(header::CACHE_CONTROL, no_store);
    Ok(response)
}
