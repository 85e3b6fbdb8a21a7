//! The API's description (OpenAPI 3.1), made from the types and handlers themselves.
//!
//! What holds for every request is said once here and written into each: who may ask, what a request
//! is signed with, what an answer that is none looks like.

use std::sync::LazyLock;

use axum::{http::header, response::IntoResponse};
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use super::{
    ProblemJson, accounts, alarms, audit, certificates, clients, complaints, deliveries, documents,
    jobs, keys, persons, places, records, reports, revocations, settings, tubes,
};
use crate::{
    http::{
        access::{Access, Route},
        once::Repeats,
        routes,
    },
    roles::Roles,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "hcert issuer",
        description = "Records what vaccination and sampling sites report, and makes verifiable health \
                       certificates of it.\n\nA program sends its key (`Authorization: Bearer`) and signs \
                       each request: HTTP Message Signatures (RFC 9421) over `@method`, `@path`, `@query`, \
                       `authorization`, `content-digest` (RFC 9530, SHA-256; with every request that is no \
                       GET) and `idempotency-key`, with the parameters `created` (within 5 minutes of this \
                       service's clock), `keyid` (the client's name) and `alg` (`ed25519` or \
                       `ecdsa-p256-sha256`). What changes something takes an `Idempotency-Key`: the same \
                       request with the same key again is told what came of the first, and nothing is done \
                       twice.",
        license(name = "Apache-2.0 OR MIT")
    ),
    paths(
        persons::search,
        persons::add,
        persons::show,
        records::list,
        records::add,
        records::show,
        records::amend,
        records::approve,
        records::send_back,
        records::certify,
        records::withdraw,
        records::approve_many,
        records::certify_many,
        certificates::list,
        certificates::issue,
        certificates::show,
        certificates::pdf,
        certificates::png,
        certificates::correct,
        certificates::renew,
        certificates::revoke,
        certificates::trail,
        revocations::revoke,
        tubes::list,
        tubes::open,
        tubes::show,
        tubes::add_person,
        tubes::result,
        deliveries::list,
        deliveries::add,
        places::list,
        places::add,
        places::change,
        accounts::list,
        accounts::add,
        accounts::change,
        clients::list,
        clients::add,
        clients::disable,
        documents::list,
        documents::put,
        keys::list,
        alarms::list,
        alarms::see,
        complaints::list,
        complaints::answer,
        audit::page,
        audit::check,
        audit::export,
        settings::show,
        jobs::create,
        jobs::list,
        jobs::show,
        jobs::run,
        jobs::cancel,
        jobs::report,
        jobs::rows,
        jobs::failed,
        jobs::sheets,
        jobs::pictures,
        jobs::codes,
        jobs::template,
    ),
    components(schemas(ProblemJson, reports::Found))
)]
struct Described;

/// The whole document.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
        let mut document = serde_json::to_value(Described::openapi()).unwrap_or_default();
        complete(&mut document);
        document
    });
    &DOCUMENT
}

/// `GET /api/v1/openapi.json`.
pub(crate) async fn show() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    (headers, document().to_string())
}

fn complete(document: &mut Value) {
    document["components"]["securitySchemes"] = json!({
        "key": { "type": "http", "scheme": "bearer", "description": "The client's key." },
        "signature": {
            "type": "apiKey", "in": "header", "name": "Signature",
            "description": "HTTP Message Signature (RFC 9421) with Signature-Input; see above.",
        },
    });
    let problem = json!({
        "description": "Why it was not done (RFC 9457).",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/ProblemJson" } } },
    });
    for route in routes::table() {
        let method = route.method.as_str().to_ascii_lowercase();
        let Some(operation) = document
            .get_mut("paths")
            .and_then(|paths| paths.get_mut(route.path))
            .and_then(|item| item.get_mut(method.as_str()))
            .and_then(Value::as_object_mut)
        else {
            continue;
        };
        describe(operation, &route, &method);
        if let Some(responses) = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
        {
            responses.insert("default".into(), problem.clone());
            responses.values_mut().for_each(give_content);
        }
    }
}

fn describe(operation: &mut Map<String, Value>, route: &Route, method: &str) {
    let rest = route.path.trim_start_matches("/api/v1/");
    let name: String = rest
        .chars()
        .filter(|c| !matches!(c, '{' | '}'))
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    operation.insert("operationId".into(), format!("{method}_{name}").into());
    let tag = rest.split('/').next().unwrap_or_default();
    operation.insert("tags".into(), json!([tag]));
    let Access::Api(roles) = route.access else {
        operation.insert("security".into(), json!([]));
        return;
    };
    let names = Roles::of(roles.iter().copied()).to_string();
    let names: Vec<_> = names.split(',').collect();
    operation.insert("x-roles".into(), json!(names));
    operation.insert("security".into(), json!([{ "key": [], "signature": [] }]));
    if route.repeats != Repeats::Harmless {
        let needed = route.repeats == Repeats::Kept;
        let parameters = operation
            .entry("parameters")
            .or_insert_with(|| json!([]))
            .as_array_mut();
        if let Some(parameters) = parameters {
            parameters.push(json!({
                "name": "Idempotency-Key", "in": "header", "required": needed,
                "description": "Names the deed: 1 to 255 visible ASCII characters.",
                "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
            }));
        }
    }
}

/// An answer that is no JSON names its kind in its description.
fn give_content(response: &mut Value) {
    let Some(response) = response.as_object_mut() else {
        return;
    };
    let kind = response.get("description").and_then(Value::as_str);
    let Some(kind) = kind.filter(|kind| kind.contains('/') && !kind.contains(' ')) else {
        return;
    };
    let content = json!({ kind: { "schema": {} } });
    response.insert("content".into(), content);
}
