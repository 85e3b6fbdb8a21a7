//! One line in the log for each request, and a name for it. Never a query, a body, or a path that the
//! caller chose: all of them may name people.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use data_encoding::HEXLOWER;
use futures_util::FutureExt as _;
use service::{problem::Problem, random};
use tracing::Instrument as _;

use super::App;

/// Names a request in the log and to the one who asked.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What an answer that is no page may load and do.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// Who asked, as the gate found out: `user:NAME` or `client:NAME`.
#[derive(Debug, Clone)]
pub(super) struct Who(pub(super) String);

/// The caller's own name for a request, if it can stand in a log.
fn given(request: &Request) -> Option<String> {
    let text = request.headers().get(&REQUEST_ID)?.to_str().ok()?;
    let good = |c: u8| c.is_ascii_alphanumeric() || b"-_.".contains(&c);
    let right = (1..=64).contains(&text.len()) && text.bytes().all(good);
    right.then(|| text.to_owned())
}

fn fresh() -> String {
    random::bytes::<8>().map_or_else(|_| "none".into(), |bytes| HEXLOWER.encode(&bytes[..]))
}

/// Around everything.
pub(super) async fn watch(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = given(&request).unwrap_or_else(fresh);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map(MatchedPath::as_str);
    // What goes wrong below is logged with the request's name.
    let span = tracing::info_span!("request", id = %id);
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    let mut response = answer.instrument(span).await.unwrap_or_else(|_| {
        // What it said is on standard error; the connection and everybody else go on.
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Problem::new(
            status,
            "panic",
            "a fault of this program; the log says where",
        )
        .into_response()
    });
    let took = start.elapsed();
    let status = response.status();
    app.metrics.answers.note(route, status, took);
    let who = response.extensions().get::<Who>().map(|who| who.0.clone());
    tracing::info!(
        method = %method,
        route = route.unwrap_or("none"),
        status = status.as_u16(),
        duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        request_id = %id,
        who = who.as_deref().unwrap_or("nobody"),
        "answered"
    );
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, NOTHING),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if app.https {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    let kind = headers.get(header::CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if status == StatusCode::UNAUTHORIZED && !is_page {
        let bearer = HeaderValue::from_static("Bearer realm=\"hcert issuer\"");
        headers.entry(header::WWW_AUTHENTICATE).or_insert(bearer);
    }
    response
}
