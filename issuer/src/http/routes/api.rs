//! The API.

use axum::{
    http::Method,
    routing::{MethodRouter, delete, get, post, put},
};

use super::{
    ADMINISTRATORS, AUDITORS, AUTHORITIES, App, CLERKS, DECIDERS, EVERYBODY, OFFICERS, OVERSEERS,
    READERS, Route, route,
};
use crate::{
    http::{
        access::Access::{Api, Open, OpenPage},
        api::{
            accounts, alarms, audit, certificates, clients, complaints, deliveries, docs,
            documents, keys, openapi, persons, places, records, revocations, settings, tubes,
        },
        health, metrics,
    },
    roles::Role::{self, Administrator, Auditor, Authority, Clerk, Officer},
};
use std::sync::Arc;

/// Whoever looks after a site's people and lots, or looks at them.
const SITES: &[Role] = &[Clerk, Officer, Authority, Administrator, Auditor];
/// Whoever mends what a citizen complained of, or decides that there is nothing to mend.
const MENDERS: &[Role] = &[Clerk, Officer, Authority];
/// Whoever revokes one certificate: the site's own, or the authority's.
const REVOKERS: &[Role] = &[Officer, Authority];
/// Whoever looks at alarms and says what they were.
const WATCHERS: &[Role] = &[Officer, Authority, Administrator];
/// Whoever looks at alarms.
const ALARMED: &[Role] = &[Officer, Authority, Administrator, Auditor];
/// Whoever brings certificates to people.
const PRINTERS: &[Role] = &[Clerk, Officer, Authority];

type Handler = MethodRouter<Arc<App>>;

fn reads(path: &'static str, roles: &'static [Role], handler: Handler) -> Route {
    route(Method::GET, path, Api(roles), handler)
}

fn does(path: &'static str, roles: &'static [Role], handler: Handler) -> Route {
    route(Method::POST, path, Api(roles), handler)
}

fn changes(path: &'static str, roles: &'static [Role], handler: Handler) -> Route {
    route(Method::PUT, path, Api(roles), handler)
}

pub(super) fn table() -> Vec<Route> {
    let mut table = vec![
        route(Method::GET, "/healthz", Open, get(health::lives)),
        route(Method::GET, "/readyz", Open, get(health::ready)),
        route(Method::GET, "/metrics", Open, get(metrics::show)),
        route(
            Method::GET,
            "/api/v1/openapi.json",
            Open,
            get(openapi::show),
        ),
        route(Method::GET, "/api/docs", OpenPage, get(docs::show)),
    ];
    table.extend(desk());
    table.extend(certified());
    table.extend(around());
    table
}

/// People and records.
fn desk() -> Vec<Route> {
    vec![
        does("/api/v1/persons/search", READERS, post(persons::search)).harmless(),
        does("/api/v1/persons", CLERKS, post(persons::add)),
        reads("/api/v1/persons/{id}", READERS, get(persons::show)),
        reads("/api/v1/records", READERS, get(records::list)),
        does("/api/v1/records", CLERKS, post(records::add)).once(),
        does(
            "/api/v1/records/approve",
            OFFICERS,
            post(records::approve_many),
        ),
        does(
            "/api/v1/records/certify",
            AUTHORITIES,
            post(records::certify_many),
        )
        .slow(120),
        reads("/api/v1/records/{id}", READERS, get(records::show)),
        changes("/api/v1/records/{id}", CLERKS, put(records::amend)),
        does(
            "/api/v1/records/{id}/approve",
            OFFICERS,
            post(records::approve),
        ),
        does(
            "/api/v1/records/{id}/send-back",
            DECIDERS,
            post(records::send_back),
        ),
        does(
            "/api/v1/records/{id}/certify",
            AUTHORITIES,
            post(records::certify),
        ),
        does(
            "/api/v1/records/{id}/withdraw",
            MENDERS,
            post(records::withdraw),
        ),
        reads("/api/v1/tubes", READERS, get(tubes::list)),
        does("/api/v1/tubes", CLERKS, post(tubes::open)),
        reads("/api/v1/tubes/{code}", READERS, get(tubes::show)),
        does(
            "/api/v1/tubes/{code}/people",
            CLERKS,
            post(tubes::add_person),
        ),
        does("/api/v1/tubes/{code}/result", CLERKS, post(tubes::result)).slow(120),
    ]
}

/// Certificates.
fn certified() -> Vec<Route> {
    vec![
        reads("/api/v1/certificates", READERS, get(certificates::list)),
        does("/api/v1/certificates", CLERKS, post(certificates::issue)).once(),
        reads(
            "/api/v1/certificates/{id}",
            READERS,
            get(certificates::show),
        ),
        reads(
            "/api/v1/certificates/{id}/pdf",
            PRINTERS,
            get(certificates::pdf),
        ),
        reads(
            "/api/v1/certificates/{id}/png",
            PRINTERS,
            get(certificates::png),
        ),
        reads(
            "/api/v1/certificates/{id}/trail",
            READERS,
            get(certificates::trail),
        ),
        does(
            "/api/v1/certificates/{id}/correct",
            MENDERS,
            post(certificates::correct),
        ),
        does(
            "/api/v1/certificates/{id}/renew",
            MENDERS,
            post(certificates::renew),
        ),
        does(
            "/api/v1/certificates/{id}/revoke",
            REVOKERS,
            post(certificates::revoke),
        ),
        does(
            "/api/v1/revocations",
            AUTHORITIES,
            post(revocations::revoke),
        )
        .once()
        .slow(300),
    ]
}

/// Whom and what it takes, and who watches.
fn around() -> Vec<Route> {
    let documents = changes(
        "/api/v1/documents/{kind}/{name}",
        ADMINISTRATORS,
        put(documents::put),
    );
    let remove = route(
        Method::DELETE,
        "/api/v1/clients/{name}",
        Api(ADMINISTRATORS),
        delete(clients::disable),
    );
    vec![
        reads("/api/v1/deliveries", SITES, get(deliveries::list)),
        does("/api/v1/deliveries", ADMINISTRATORS, post(deliveries::add)),
        reads("/api/v1/places", EVERYBODY, get(places::list)),
        does("/api/v1/places", ADMINISTRATORS, post(places::add)),
        changes("/api/v1/places", ADMINISTRATORS, put(places::change)),
        reads("/api/v1/accounts", OVERSEERS, get(accounts::list)),
        does("/api/v1/accounts", ADMINISTRATORS, post(accounts::add)),
        changes(
            "/api/v1/accounts/{name}",
            ADMINISTRATORS,
            put(accounts::change),
        ),
        reads("/api/v1/clients", OVERSEERS, get(clients::list)),
        does("/api/v1/clients", ADMINISTRATORS, post(clients::add)),
        remove,
        reads("/api/v1/documents", OVERSEERS, get(documents::list)),
        documents.large(super::MIB),
        reads("/api/v1/keys", OVERSEERS, get(keys::list)),
        reads("/api/v1/alarms", ALARMED, get(alarms::list)),
        does("/api/v1/alarms/{id}/seen", WATCHERS, post(alarms::see)),
        reads("/api/v1/complaints", READERS, get(complaints::list)),
        does(
            "/api/v1/complaints/{id}/answer",
            MENDERS,
            post(complaints::answer),
        ),
        reads("/api/v1/audit", AUDITORS, get(audit::page)),
        reads("/api/v1/audit/check", AUDITORS, get(audit::check)).slow(300),
        reads("/api/v1/audit/export", AUDITORS, get(audit::export)),
        reads("/api/v1/settings", EVERYBODY, get(settings::show)),
    ]
}
