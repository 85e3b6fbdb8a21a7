//! What can be asked, and by whom. There is no other way into the router than this table.

use axum::{
    http::Method,
    routing::{delete, get, post, put},
};

use super::{
    access::{
        Access::{self, Api, Open, OpenPage, Page},
        Route,
    },
    api, health, metrics, pages,
};
use crate::people::roles::Role::{self, Administrator, Auditor, Issuer, Operator, Publisher};

/// Whoever may look at keys, documents and publications.
const READERS: &[Role] = &[Operator, Publisher, Auditor, Administrator];
const OPERATORS: &[Role] = &[Operator];
const PUBLISHERS: &[Role] = &[Publisher];
const ISSUERS: &[Role] = &[Issuer];
const REVOKERS: &[Role] = &[Operator, Issuer];
const AUDITORS: &[Role] = &[Auditor];
const ADMINISTRATORS: &[Role] = &[Administrator];
const PEOPLE_READERS: &[Role] = &[Auditor, Administrator];
/// Bringing a signed key list back is no decision: its signatures are.
const CARRIERS: &[Role] = &[Operator, Publisher];

const MIB: usize = 1024 * 1024;

/// Everything, in the order of the specification.
pub fn table() -> Vec<Route> {
    let mut table = api_table();
    table.extend(page_table());
    table
}

fn api_table() -> Vec<Route> {
    use api::{clients, documents, foreign, issued, keys, publish, records, revocations};
    vec![
        route(Method::GET, "/healthz", Open, get(health::lives)),
        route(Method::GET, "/readyz", Open, get(health::ready)),
        route(Method::GET, "/metrics", Open, get(metrics::show)),
        route(Method::GET, "/api/v1/keys", Api(READERS), get(keys::list)),
        route(
            Method::POST,
            "/api/v1/keys",
            Api(OPERATORS),
            post(keys::take),
        )
        .large(32 * MIB),
        route(
            Method::GET,
            "/api/v1/keys/{id}",
            Api(READERS),
            get(keys::show),
        ),
        route(
            Method::POST,
            "/api/v1/keys/{id}/admit",
            Api(OPERATORS),
            post(keys::admit),
        ),
        route(
            Method::POST,
            "/api/v1/keys/{id}/withdraw",
            Api(OPERATORS),
            post(keys::withdraw),
        ),
        route(
            Method::POST,
            "/api/v1/keys/{id}/remove",
            Api(OPERATORS),
            post(keys::remove),
        ),
        route(
            Method::GET,
            "/api/v1/issued",
            Api(READERS),
            get(issued::counts),
        ),
        route(
            Method::POST,
            "/api/v1/issued",
            Api(ISSUERS),
            post(issued::note),
        )
        .large(32 * MIB),
        route(
            Method::GET,
            "/api/v1/revocations",
            Api(READERS),
            get(revocations::groups),
        ),
        route(
            Method::POST,
            "/api/v1/revocations",
            Api(REVOKERS),
            post(revocations::revoke),
        )
        .large(32 * MIB),
        route(
            Method::POST,
            "/api/v1/revocations/undo",
            Api(REVOKERS),
            post(revocations::undo),
        )
        .large(32 * MIB),
        route(
            Method::GET,
            "/api/v1/foreign-revocations",
            Api(READERS),
            get(foreign::list),
        ),
        route(
            Method::PUT,
            "/api/v1/foreign-revocations/{name}",
            Api(OPERATORS),
            put(foreign::put),
        )
        .large(64 * MIB),
        route(
            Method::DELETE,
            "/api/v1/foreign-revocations/{name}",
            Api(OPERATORS),
            delete(foreign::remove),
        ),
        route(
            Method::GET,
            "/api/v1/documents",
            Api(READERS),
            get(documents::list),
        ),
        route(
            Method::PUT,
            "/api/v1/rules/{name}",
            Api(OPERATORS),
            put(documents::put_rules),
        )
        .large(8 * MIB),
        route(
            Method::DELETE,
            "/api/v1/rules/{name}",
            Api(OPERATORS),
            delete(documents::remove_rules),
        ),
        route(
            Method::PUT,
            "/api/v1/value-sets/{name}",
            Api(OPERATORS),
            put(documents::put_value_sets),
        )
        .large(8 * MIB),
        route(
            Method::DELETE,
            "/api/v1/value-sets/{name}",
            Api(OPERATORS),
            delete(documents::remove_value_sets),
        ),
        route(
            Method::PUT,
            "/api/v1/policy",
            Api(OPERATORS),
            put(documents::put_policy),
        ),
        route(
            Method::DELETE,
            "/api/v1/policy",
            Api(OPERATORS),
            delete(documents::remove_policy),
        ),
        route(
            Method::GET,
            "/api/v1/publish/preview",
            Api(READERS),
            get(publish::preview),
        )
        .slow(120),
        route(
            Method::POST,
            "/api/v1/publish",
            Api(PUBLISHERS),
            post(publish::publish),
        )
        .slow(3600),
        route(
            Method::GET,
            "/api/v1/publications",
            Api(READERS),
            get(publish::publications),
        ),
        route(
            Method::GET,
            "/api/v1/key-list",
            Api(CARRIERS),
            get(publish::key_list),
        ),
        route(
            Method::PUT,
            "/api/v1/key-list",
            Api(CARRIERS),
            put(publish::merge_key_list),
        )
        .large(64 * MIB),
        route(
            Method::GET,
            "/api/v1/audit",
            Api(AUDITORS),
            get(records::page),
        ),
        route(
            Method::GET,
            "/api/v1/audit/check",
            Api(AUDITORS),
            get(records::check),
        )
        .slow(600),
        route(
            Method::GET,
            "/api/v1/users",
            Api(PEOPLE_READERS),
            get(clients::users),
        ),
        route(
            Method::POST,
            "/api/v1/users",
            Api(ADMINISTRATORS),
            post(clients::add_user),
        ),
        route(
            Method::POST,
            "/api/v1/users/{name}",
            Api(ADMINISTRATORS),
            post(clients::change_user),
        ),
        route(
            Method::GET,
            "/api/v1/clients",
            Api(PEOPLE_READERS),
            get(clients::clients),
        ),
        route(
            Method::POST,
            "/api/v1/clients",
            Api(ADMINISTRATORS),
            post(clients::add_client),
        ),
        route(
            Method::DELETE,
            "/api/v1/clients/{name}",
            Api(ADMINISTRATORS),
            delete(clients::disable_client),
        ),
    ]
}

fn page_table() -> Vec<Route> {
    use pages::{audit, documents, keys, overview, publish, revocations, sign_in, users};
    vec![
        route(Method::GET, "/", Open, get(pages::to_desk)),
        route(Method::GET, "/style.css", Open, get(pages::style)),
        route(Method::GET, "/sign-in", OpenPage, get(sign_in::show)),
        route(Method::POST, "/sign-in", OpenPage, post(sign_in::sign_in)),
        route(
            Method::POST,
            "/sign-out",
            Page(READERS),
            post(sign_in::sign_out),
        ),
        route(Method::GET, "/desk", Page(READERS), get(overview::show)),
        route(Method::GET, "/desk/keys", Page(READERS), get(keys::list)),
        route(
            Method::GET,
            "/desk/keys/add",
            Page(OPERATORS),
            get(keys::add_form),
        ),
        route(
            Method::POST,
            "/desk/keys/add",
            Page(OPERATORS),
            post(keys::add),
        )
        .large(32 * MIB),
        route(
            Method::GET,
            "/desk/keys/{id}",
            Page(READERS),
            get(keys::show),
        ),
        route(
            Method::POST,
            "/desk/keys/{id}",
            Page(OPERATORS),
            post(keys::change),
        ),
        route(
            Method::GET,
            "/desk/revocations",
            Page(READERS),
            get(revocations::list),
        ),
        route(
            Method::POST,
            "/desk/revocations/look",
            Page(OPERATORS),
            post(revocations::look),
        )
        .large(8 * MIB),
        route(
            Method::POST,
            "/desk/revocations/revoke",
            Page(OPERATORS),
            post(revocations::revoke),
        )
        .large(8 * MIB),
        route(
            Method::POST,
            "/desk/revocations/undo",
            Page(OPERATORS),
            post(revocations::undo),
        ),
        route(
            Method::GET,
            "/desk/documents",
            Page(READERS),
            get(documents::list),
        ),
        route(
            Method::POST,
            "/desk/documents",
            Page(OPERATORS),
            post(documents::put),
        )
        .large(9 * MIB),
        route(
            Method::GET,
            "/desk/publish",
            Page(READERS),
            get(publish::preview),
        )
        .slow(120),
        route(
            Method::POST,
            "/desk/publish",
            Page(PUBLISHERS),
            post(publish::publish),
        )
        .slow(3600),
        route(
            Method::GET,
            "/desk/key-list",
            Page(CARRIERS),
            get(publish::key_list),
        ),
        route(
            Method::POST,
            "/desk/key-list",
            Page(CARRIERS),
            post(publish::merge),
        )
        .large(64 * MIB),
        route(
            Method::GET,
            "/desk/users",
            Page(PEOPLE_READERS),
            get(users::list),
        ),
        route(
            Method::POST,
            "/desk/users",
            Page(ADMINISTRATORS),
            post(users::add),
        ),
        route(
            Method::POST,
            "/desk/users/{name}",
            Page(ADMINISTRATORS),
            post(users::change),
        ),
        route(
            Method::POST,
            "/desk/clients",
            Page(ADMINISTRATORS),
            post(users::add_client),
        ),
        route(
            Method::POST,
            "/desk/clients/{name}",
            Page(ADMINISTRATORS),
            post(users::disable_client),
        ),
        route(Method::GET, "/desk/audit", Page(AUDITORS), get(audit::list)).slow(600),
    ]
}

fn route(
    method: Method,
    path: &'static str,
    access: Access,
    handler: axum::routing::MethodRouter<std::sync::Arc<super::App>>,
) -> Route {
    Route::new(method, path, access, handler)
}
