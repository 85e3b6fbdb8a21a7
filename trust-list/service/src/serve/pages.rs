//! The pages for phones, scan page and wallet, beside the published files: so a browser needs nothing from
//! elsewhere, and the pages may forbid themselves to ask for it.
//!
//! The folder is what `cargo xtask wasm` puts together. What the pages are told of this service is one file
//! more, `config.json`.

use std::path::Path;

use axum::{
    Router,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Redirect},
    routing::get,
};
use hcert::base64;
use serde_json::json;
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

use crate::config::Pages;

/// Where they are.
pub const PATH: &str = "/app";

/// What a page may load: nothing from elsewhere, no script but its own files, WebAssembly compiled.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' blob: data:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; \
    worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Of what the browser can do, the camera and staying awake.
const PERMISSIONS: &str = "camera=(self), screen-wake-lock=(self), microphone=(), geolocation=()";

/// The pages; `root` is the root that they trust from the beginning.
pub fn router(pages: &Pages, root: &[u8], environment: &str) -> Router {
    let config = json!({
        "bundle": "/trust/",
        "root": base64::encode(root),
        "environment": environment,
        "claim": pages.claim,
    })
    .to_string();
    let config = move || async move {
        let json = [(header::CONTENT_TYPE, "application/json")];
        (json, config).into_response()
    };
    let header = |name, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    Router::new()
        .route(PATH, get(|| async { Redirect::permanent("/app/") }))
        .route(&format!("{PATH}/config.json"), get(config))
        .nest_service(&format!("{PATH}/"), files(&pages.folder))
        .layer(header(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(
            header::HeaderName::from_static("permissions-policy"),
            PERMISSIONS,
        ))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "no-referrer"))
        // The service worker keeps them; what it asks for is to be what is there now.
        .layer(header(header::CACHE_CONTROL, "no-cache"))
}

fn files(folder: &Path) -> ServeDir {
    ServeDir::new(folder).precompressed_br()
}
