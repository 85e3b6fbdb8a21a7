//! What can be asked, and by whom. There is no other way into the router than this table.

mod api;
mod bulk;
mod citizen;
mod desk;
#[cfg(feature = "oidc")]
mod oidc;

use std::sync::Arc;

use axum::{http::Method, routing::MethodRouter};

use super::{
    App,
    access::{Access, Route},
};
use crate::roles::Role::{self, Administrator, Auditor, Authority, Clerk, Officer};

/// Whoever may look at people, records and certificates of their place.
const READERS: &[Role] = &[Clerk, Officer, Authority, Auditor];
/// Whoever signed in.
const EVERYBODY: &[Role] = &[Clerk, Officer, Authority, Administrator, Auditor];
const CLERKS: &[Role] = &[Clerk];
const OFFICERS: &[Role] = &[Officer];
const AUTHORITIES: &[Role] = &[Authority];

/// Whoever decides on a record in a queue.
const DECIDERS: &[Role] = &[Officer, Authority];
const ADMINISTRATORS: &[Role] = &[Administrator];
const AUDITORS: &[Role] = &[Auditor];
/// Whoever may look at accounts, keys, alarms.
const OVERSEERS: &[Role] = &[Authority, Administrator, Auditor];

const MIB: usize = 1024 * 1024;
/// The largest picture that a citizen sends: a phone's photograph.
pub(super) const PICTURE: usize = 12 * MIB;

/// Everything, in the order of the specification.
pub fn table() -> Vec<Route> {
    let mut table = api::table();
    table.extend(bulk::table());
    table.extend(desk::table());
    #[cfg(feature = "oidc")]
    table.extend(oidc::table());
    table.extend(citizen::table());
    table
}

fn route(
    method: Method,
    path: &'static str,
    access: Access,
    handler: MethodRouter<Arc<App>>,
) -> Route {
    Route::new(method, path, access, handler)
}
