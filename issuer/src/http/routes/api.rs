//! The API.

use axum::{http::Method, routing::get};

use super::{Route, route};
use crate::http::{access::Access::Open, health, metrics};

pub(super) fn table() -> Vec<Route> {
    vec![
        route(Method::GET, "/healthz", Open, get(health::lives)),
        route(Method::GET, "/readyz", Open, get(health::ready)),
        route(Method::GET, "/metrics", Open, get(metrics::show)),
    ]
}
