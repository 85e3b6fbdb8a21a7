//! Bulk work: API and pages.

use axum::{
    http::Method,
    routing::{get, post},
};

use super::{CLERKS, MIB, READERS, Route, route};
use crate::{
    http::{
        access::Access::{Api, Page},
        api::jobs as api,
        pages::jobs,
    },
    roles::Role::{self, Authority, Clerk, Officer},
};

/// Whoever lets a job run, or go a step further.
const RUNNERS: &[Role] = &[Clerk, Officer, Authority];

pub(super) fn table() -> Vec<Route> {
    let read = Api(READERS);
    let see = Page(READERS);
    vec![
        // A little more than a file, for what a form puts around it.
        route(Method::POST, "/api/v1/jobs", Api(CLERKS), post(api::create))
            .large(33 * MIB)
            .once(),
        route(Method::GET, "/api/v1/jobs", read, get(api::list)),
        route(Method::GET, "/api/v1/jobs/{id}", read, get(api::show)),
        route(
            Method::POST,
            "/api/v1/jobs/{id}/run",
            Api(RUNNERS),
            post(api::run),
        ),
        route(
            Method::POST,
            "/api/v1/jobs/{id}/cancel",
            Api(RUNNERS),
            post(api::cancel),
        ),
        route(
            Method::GET,
            "/api/v1/jobs/{id}/report",
            read,
            get(api::report),
        ),
        route(Method::GET, "/api/v1/jobs/{id}/rows", read, get(api::rows)),
        route(
            Method::GET,
            "/api/v1/jobs/{id}/failed",
            read,
            get(api::failed),
        ),
        route(
            Method::GET,
            "/api/v1/jobs/{id}/sheets",
            Api(RUNNERS),
            get(api::sheets),
        ),
        route(
            Method::GET,
            "/api/v1/jobs/{id}/pictures",
            read,
            get(api::pictures),
        ),
        route(
            Method::GET,
            "/api/v1/jobs/{id}/codes",
            read,
            get(api::codes),
        ),
        route(
            Method::GET,
            "/api/v1/templates/{name}",
            Api(CLERKS),
            get(api::template),
        ),
        route(Method::GET, "/desk/jobs", see, get(jobs::list)),
        route(Method::POST, "/desk/jobs", Page(CLERKS), post(jobs::create)).large(33 * MIB),
        route(
            Method::GET,
            "/desk/jobs/templates/{name}",
            Page(CLERKS),
            get(jobs::template),
        ),
        route(Method::GET, "/desk/jobs/{id}", see, get(jobs::show)),
        route(
            Method::POST,
            "/desk/jobs/{id}/run",
            Page(RUNNERS),
            post(jobs::run),
        ),
        route(
            Method::POST,
            "/desk/jobs/{id}/cancel",
            Page(RUNNERS),
            post(jobs::cancel),
        ),
        route(
            Method::GET,
            "/desk/jobs/{id}/report",
            see,
            get(jobs::report),
        ),
        route(
            Method::GET,
            "/desk/jobs/{id}/failed",
            see,
            get(jobs::failed),
        ),
        route(
            Method::POST,
            "/desk/jobs/{id}/sheets",
            Page(RUNNERS),
            post(jobs::sheets),
        ),
        route(
            Method::GET,
            "/desk/jobs/{id}/pictures",
            see,
            get(jobs::pictures),
        ),
        route(Method::GET, "/desk/jobs/{id}/codes", see, get(jobs::codes)),
    ]
}
