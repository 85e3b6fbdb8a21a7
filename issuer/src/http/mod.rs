//! The service over HTTP: API and pages.
//!
//! [`routes::table`] is the one list of what can be asked and by whom: the router is built from
//! it, and the tests walk it.

pub mod access;
mod api;
mod download;
mod health;
pub mod metrics;
mod pages;
mod problem;
pub mod routes;

use std::{sync::Arc, time::Duration};

use axum::{Router, middleware};
use service::language::Language;

use crate::domain::Issuer;

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
    let mut router = Router::new();
    for route in routes::table() {
        router = route.add(router, &app);
    }
    router
        .fallback(pages::not_found)
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            metrics::count,
        ))
        .with_state(app)
}
