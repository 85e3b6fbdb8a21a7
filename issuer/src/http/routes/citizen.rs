//! Pages for citizens.

use axum::{
    http::Method,
    routing::{get, post},
};

use super::{PICTURE, Route, route};
use crate::http::{
    access::Access::OpenPage,
    pages::{claim, complain},
};

pub(super) fn table() -> Vec<Route> {
    vec![
        route(Method::GET, "/claim", OpenPage, get(claim::show)),
        route(Method::POST, "/claim", OpenPage, post(claim::claim)),
        route(Method::POST, "/claim/pdf", OpenPage, post(claim::pdf)),
        route(Method::GET, "/complain", OpenPage, get(complain::show)),
        // Some bytes for the other fields.
        route(
            Method::POST,
            "/complain",
            OpenPage,
            post(complain::complain),
        )
        .large(PICTURE + 64 * 1024),
    ]
}
