//! The API's description to read: made of the same document, here, without a script.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use serde_json::Value;
use service::language::Tongue;

use super::openapi;
use crate::http::{
    App,
    pages::{Frame, render},
};

struct Field {
    name: String,
    place: String,
    kind: String,
    needed: bool,
    text: String,
}

struct Answer {
    status: String,
    text: String,
    kind: String,
    schema: Option<String>,
}

struct Operation {
    method: String,
    path: String,
    anchor: String,
    summary: String,
    text: String,
    roles: String,
    parameters: Vec<Field>,
    body: Option<String>,
    answers: Vec<Answer>,
}

struct Group {
    name: String,
    operations: Vec<Operation>,
}

struct Schema {
    name: String,
    text: String,
    words: String,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "api_docs.html")]
struct DocsPage {
    frame: Frame,
    version: String,
    text: Vec<String>,
    groups: Vec<Group>,
    schemas: Vec<Schema>,
}

fn text(value: &Value, key: &str) -> String {
    let text = value.get(key).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// What a schema stands for, in a few words; a `#` in front names another one.
fn kind(schema: &Value) -> String {
    if let Some(name) = reference(schema) {
        return name;
    }
    if let Some(parts) = schema
        .get("oneOf")
        .or(schema.get("anyOf"))
        .and_then(Value::as_array)
    {
        let parts = parts.iter().filter(|part| text(part, "type") != "null");
        return parts.map(kind).collect::<Vec<_>>().join(" | ");
    }
    let own = match schema.get("type") {
        Some(Value::Array(kinds)) => {
            let kinds = kinds.iter().filter_map(Value::as_str);
            kinds
                .filter(|kind| *kind != "null")
                .collect::<Vec<_>>()
                .join(" | ")
        }
        Some(Value::String(kind)) => kind.clone(),
        _ => "object".into(),
    };
    match (own.as_str(), schema.get("items")) {
        ("array", Some(items)) => format!("[{}]", kind(items)),
        _ => own,
    }
}

fn reference(schema: &Value) -> Option<String> {
    let target = schema.get("$ref")?.as_str()?;
    target.rsplit('/').next().map(str::to_owned)
}

fn schema_of(content: &Value) -> Option<(String, Option<String>)> {
    let content = content.get("content")?.as_object()?;
    let (kind_of, content) = content.iter().next()?;
    let schema = content.get("schema").map(kind);
    Some((kind_of.clone(), schema.filter(|schema| schema != "object")))
}

fn operation(method: &str, path: &str, value: &Value) -> Operation {
    let parameters = value.get("parameters").and_then(Value::as_array);
    let parameters = parameters.into_iter().flatten().map(|parameter| Field {
        name: text(parameter, "name"),
        place: text(parameter, "in"),
        kind: parameter.get("schema").map(kind).unwrap_or_default(),
        needed: parameter.get("required") == Some(&Value::Bool(true)),
        text: text(parameter, "description"),
    });
    let answers = value.get("responses").and_then(Value::as_object);
    let answers = answers.into_iter().flatten().map(|(status, answer)| {
        let (kind, schema) = schema_of(answer).unwrap_or_default();
        Answer {
            status: status.clone(),
            text: text(answer, "description"),
            kind,
            schema,
        }
    });
    let roles = value.get("x-roles").and_then(Value::as_array);
    let roles = roles.into_iter().flatten().filter_map(Value::as_str);
    Operation {
        method: method.to_uppercase(),
        path: path.to_owned(),
        anchor: text(value, "operationId"),
        summary: text(value, "summary"),
        text: text(value, "description"),
        roles: roles.collect::<Vec<_>>().join(", "),
        parameters: parameters.collect(),
        body: value
            .get("requestBody")
            .and_then(schema_of)
            .and_then(|(_, schema)| schema),
        answers: answers.collect(),
    }
}

fn groups(document: &Value) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        for (method, value) in item.as_object().into_iter().flatten() {
            let tag = value.pointer("/tags/0").and_then(Value::as_str);
            let name = tag.unwrap_or_default();
            let one = operation(method, path, value);
            match groups.iter_mut().find(|group| group.name == name) {
                Some(group) => group.operations.push(one),
                None => groups.push(Group {
                    name: name.to_owned(),
                    operations: vec![one],
                }),
            }
        }
    }
    groups
}

fn schemas(document: &Value) -> Vec<Schema> {
    let all = document.pointer("/components/schemas");
    let all = all.and_then(Value::as_object).into_iter().flatten();
    let schema = |(name, value): (&String, &Value)| {
        let needed = value.get("required").and_then(Value::as_array);
        let is_needed = |name: &str| {
            let mut needed = needed.into_iter().flatten();
            needed.any(|one| one.as_str() == Some(name))
        };
        let fields = value.get("properties").and_then(Value::as_object);
        let fields = fields.into_iter().flatten().map(|(name, field)| Field {
            name: name.clone(),
            place: String::new(),
            kind: kind(field),
            needed: is_needed(name),
            text: text(field, "description"),
        });
        let words = value.get("enum").and_then(Value::as_array);
        let words = words.into_iter().flatten().filter_map(Value::as_str);
        Schema {
            name: name.clone(),
            text: text(value, "description"),
            words: words.collect::<Vec<_>>().join(", "),
            fields: fields.collect(),
        }
    };
    all.map(schema).collect()
}

/// `GET /api/docs`.
pub(crate) async fn show(State(app): State<Arc<App>>, Extension(t): Extension<Tongue>) -> Response {
    let document = openapi::document();
    let info = document.get("info").cloned().unwrap_or_default();
    let title = t.say("Giao diện lập trình (API)", "Programming interface (API)");
    render(&DocsPage {
        frame: Frame::new(&app, t, None, "", title),
        version: text(&info, "version"),
        text: text(&info, "description")
            .split("\n\n")
            .map(str::to_owned)
            .collect(),
        groups: groups(document),
        schemas: schemas(document),
    })
}
