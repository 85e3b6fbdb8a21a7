//! Sign-in by OpenID Connect.

use axum::{http::Method, routing::get};

use super::{Route, route};
use crate::{
    http::{access::Access::OpenPage, pages::oidc},
    oidc::BACK,
};

pub(super) fn table() -> Vec<Route> {
    vec![
        route(Method::GET, "/sign-in/oidc", OpenPage, get(oidc::depart)),
        route(Method::GET, BACK, OpenPage, get(oidc::arrive)),
    ]
}
