//! The service over HTTP: published files, API, pages.
//!
//! [`routes::table`] is the one list of what can be asked and by whom: the router is built from
//! it, and the tests walk it.

pub mod access;
mod api;
mod health;
pub mod metrics;
mod pages;
mod problem;
pub mod routes;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{Router, middleware};

pub use problem::Problem;
use service::{clock::Clock, language::Language, vault::Vault};

use crate::{
    config::Pages,
    publish::Publisher,
    serve::{pages as phones, statics::Statics},
    store::Store,
};

/// Everything that answering a request takes.
#[derive(Debug)]
pub struct App {
    /// The database.
    pub store: Store,
    /// What lies in the database sealed.
    pub vault: Vault,
    /// The publisher.
    pub publisher: Publisher,
    /// The published files.
    pub statics: Arc<Statics>,
    /// The pages for phones, if they are served here.
    pub pages: Option<Pages>,
    /// The time.
    pub clock: Clock,
    /// Counters.
    pub metrics: metrics::Metrics,
    /// Keys to check lists with, by name: the contents of their files.
    pub pins: BTreeMap<String, Vec<u8>>,
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
    let statics = Router::new()
        .route(
            "/trust/{*path}",
            axum::routing::get(crate::serve::statics::file),
        )
        .with_state(Arc::clone(&app.statics));
    let statics = match &app.pages {
        Some(pages) => {
            let root = app.publisher.roots().newest();
            let environment = app.publisher.roots().current().environment().to_string();
            statics.merge(phones::router(pages, root, &environment))
        }
        None => statics,
    };
    let mut router = Router::new();
    for route in routes::table() {
        router = route.add(router, &app);
    }
    let asked = router
        .fallback(pages::not_found)
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            metrics::count,
        ))
        .with_state(app);
    // The published files go past everything else: no counter that is shared, no database.
    statics.merge(asked)
}

impl App {
    /// A key to check lists with.
    pub fn pin(&self, name: &str) -> Result<Vec<u8>, Problem> {
        self.pins.get(name).cloned().ok_or_else(|| {
            let known: Vec<_> = self.pins.keys().map(String::as_str).collect();
            Problem::asked(format!(
                "the configuration names no key {name} under [pins]; it has: {}",
                known.join(", ")
            ))
        })
    }
}
