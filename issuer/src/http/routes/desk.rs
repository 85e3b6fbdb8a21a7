//! The pages of the desk.

use axum::{
    http::Method,
    routing::{get, post},
};

use super::{EVERYBODY, Route, route};
use crate::http::{
    access::Access::{Open, OpenPage, Page},
    pages::{self, sign_in, today},
};

pub(super) fn table() -> Vec<Route> {
    vec![
        route(Method::GET, "/style.css", Open, get(pages::style)),
        route(Method::GET, "/sign-in", OpenPage, get(sign_in::show)),
        route(Method::POST, "/sign-in", OpenPage, post(sign_in::sign_in)),
        route(
            Method::POST,
            "/sign-out",
            Page(EVERYBODY),
            post(sign_in::sign_out),
        ),
        route(
            Method::GET,
            "/desk/password",
            Page(EVERYBODY),
            get(sign_in::password_form),
        ),
        route(
            Method::POST,
            "/desk/password",
            Page(EVERYBODY),
            post(sign_in::change_password),
        ),
        route(Method::GET, "/desk", Page(EVERYBODY), get(today::show)),
    ]
}
