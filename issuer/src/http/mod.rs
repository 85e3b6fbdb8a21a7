//! The service over HTTP: API and pages.
//!
//! [`routes::table`] is the one list of what can be asked and by whom: the router is built from
//! it, and the tests walk it. A program is let in by its key and the signature over each request
//! ([`signature`]), a person by a session; [`access`] is the door for both.

pub mod access;
mod api;
mod clients;
mod download;
mod health;
mod log;
pub mod metrics;
mod once;
mod pages;
mod problem;
pub mod routes;
pub mod signature;

use std::{sync::Arc, time::Duration};

use axum::{Extension, Router, middleware};
use service::language::Language;

use crate::domain::Issuer;
pub use api::openapi::document;
pub use once::Repeats;
pub use pages::sign_in::Elsewhere;

/// Everything that answering a request takes.
pub struct App {
    /// What does the work.
    pub issuer: Arc<Issuer>,
    /// Counters.
    pub metrics: metrics::Metrics,
    /// Language of the pages for who states none.
    pub language: Language,
    /// Usual longest time of a request, its body included.
    pub patience: Duration,
    /// Cookies only over HTTPS.
    pub https: bool,
    /// A proxy in front says where a request comes from.
    pub behind_proxy: bool,
}

/// The whole service.
pub fn router(app: Arc<App>) -> Router {
    let clients = Arc::new(clients::Clients::default());
    let mut router = Router::new();
    for route in routes::table() {
        router = route.add(router, &app, &clients);
    }
    router
        .fallback(pages::not_found)
        .method_not_allowed_fallback(problem::no_method)
        .layer(Extension(clients))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), log::watch))
        .with_state(app)
}

/// The whole service, with sign-in by OpenID Connect.
#[cfg(feature = "oidc")]
pub fn router_with(app: Arc<App>, provider: crate::oidc::Provider) -> Router {
    let elsewhere = Elsewhere {
        name: provider.name().to_owned(),
    };
    router(app)
        .layer(Extension(elsewhere))
        .layer(Extension(Arc::new(provider)))
}
