//! The API's description and the API say the same.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use std::collections::BTreeSet;

use issuer::{
    http::{Repeats, access::Access, document, routes},
    roles::Roles,
};
use serde_json::Value;

/// What the description says of a route.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    document()["paths"].get(path)?.get(method.to_lowercase())
}

#[test]
fn every_route_is_described_and_everything_described_is_a_route() {
    let mut described = BTreeSet::new();
    for (path, item) in document()["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            described.insert((method.to_uppercase(), path.clone()));
        }
    }
    let routes: BTreeSet<_> = routes::table()
        .iter()
        .filter(|route| matches!(route.access, Access::Api(_)))
        .map(|route| (route.method.to_string(), route.path.to_owned()))
        .collect();
    let missing: Vec<_> = routes.difference(&described).collect();
    assert!(missing.is_empty(), "not described: {missing:#?}");
    let more: Vec<_> = described.difference(&routes).collect();
    assert!(more.is_empty(), "described, and no route: {more:#?}");
    assert!(routes.iter().all(|(_, path)| path.starts_with("/api/v1/")));
}

#[test]
fn roles_and_idempotency_keys_are_those_of_the_routes() {
    for route in routes::table() {
        let Access::Api(roles) = route.access else {
            continue;
        };
        let Some(operation) = operation(route.method.as_str(), route.path) else {
            panic!("{route:?} is not described");
        };
        let said: Vec<_> = operation["x-roles"]
            .as_array()
            .unwrap()
            .iter()
            .map(|role| role.as_str().unwrap())
            .collect();
        assert_eq!(
            said.join(","),
            Roles::of(roles.iter().copied()).to_string(),
            "{route:?}"
        );
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let mut parameters = parameters.into_iter().flatten();
        let once = parameters.find(|parameter| parameter["name"] == "Idempotency-Key");
        let needed = once.map(|once| once["required"] == true);
        let own = match route.repeats {
            Repeats::Harmless => None,
            Repeats::Own => Some(false),
            Repeats::Kept => Some(true),
        };
        assert_eq!(needed, own, "{route:?}");
    }
}

#[test]
fn it_is_whole() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    // Whatever is referred to is there, and names are there once.
    let text = document.to_string();
    for part in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        let there = &document["components"]["schemas"][name];
        assert!(there.is_object(), "{name} is referred to and not there");
    }
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let what = format!("{method} {path}");
            assert!(
                ids.insert(operation["operationId"].as_str().unwrap()),
                "{what}: its name is another's"
            );
            assert!(
                !operation["summary"].as_str().unwrap_or_default().is_empty(),
                "{what} says nothing"
            );
            let problem = &operation["responses"]["default"]["content"]["application/problem+json"];
            assert!(problem.is_object(), "{what} has no problems");
            let answers = operation["responses"].as_object().unwrap();
            assert!(
                answers.keys().any(|status| status.starts_with('2')),
                "{what} never succeeds"
            );
        }
    }
}

#[test]
fn every_field_is_explained() {
    for (name, schema) in document()["components"]["schemas"].as_object().unwrap() {
        let fields = schema.get("properties").and_then(Value::as_object);
        for (field, value) in fields.into_iter().flatten() {
            // What refers to another type is explained there.
            let refers = value.get("$ref").is_some() || value.get("oneOf").is_some();
            let says = value.get("description").is_some();
            assert!(says || refers, "{name}.{field} is not explained");
        }
    }
}
