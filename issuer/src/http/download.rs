//! Files that go out as they are made.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use futures_util::stream;

use crate::bulk::exports::Export;

/// An export, sent piece by piece.
pub(super) fn export(export: Export) -> Response {
    let Export { name, media, body } = export;
    let pieces = stream::unfold(body, |mut body| async move {
        let piece = body.recv().await?;
        Some((piece, body))
    });
    file(&name, media, Body::from_stream(pieces))
}

/// A file to be saved. The name is ours, and plain.
pub(super) fn file(name: &str, media: &'static str, body: impl Into<Body>) -> Response {
    let mut response = (StatusCode::OK, body.into()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    let disposition = format!("attachment; filename=\"{name}\"");
    if let Ok(disposition) = disposition.parse() {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    // Personal data stays in no cache on its way.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
