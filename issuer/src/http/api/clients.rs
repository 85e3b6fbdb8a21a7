//! Programs that use the API.

use std::sync::Arc;

use axum::{Extension, Json, extract::State, response::Response};
use hcert::keys::PublicKey;
use serde::{Deserialize, Serialize};
use serde_json::json;
use service::problem::Problem;
use utoipa::ToSchema;

use super::{
    Asked, Body, Done, List, Named, Paging,
    accounts::{names, roles},
    created, done, place_of,
    places::page,
    time,
};
use crate::{
    actor::Actor,
    http::{App, clients::Clients, once::Shown, signature},
    store::ClientRow,
};

/// A program.
#[derive(Serialize, ToSchema)]
pub(crate) struct ClientJson {
    /// Its name, and the `keyid` of its signatures.
    name: String,
    /// What it may do.
    roles: Vec<String>,
    /// Where it belongs: a path.
    place: String,
    /// `ed25519` or `ecdsa-p256-sha256`.
    algorithm: Option<&'static str>,
    /// Its public key (SubjectPublicKeyInfo, base64).
    signing_key: String,
    /// It may do nothing any more.
    disabled: bool,
    /// When it was added.
    created_at: String,
}

impl From<ClientRow> for ClientJson {
    fn from(row: ClientRow) -> ClientJson {
        let key = PublicKey::from_spki(&row.spki).ok();
        ClientJson {
            name: row.name,
            roles: names(&row.roles),
            place: row.place,
            algorithm: key.and_then(|key| signature::algorithm(key.algorithm())),
            signing_key: hcert::base64::encode(&row.spki),
            disabled: row.disabled,
            created_at: time(row.created_at),
        }
    }
}

/// The programs of the client's place and of what lies below, by name.
#[utoipa::path(get, path = "/api/v1/clients", params(Paging),
    responses((status = 200, body = List<ClientJson>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<ClientJson>>, Problem> {
    let mut rows = app.issuer.clients(&actor).await?;
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    let all = rows.into_iter().map(ClientJson::from);
    page(all, &paging, |client| client.name.as_str())
}

/// A program that is added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewClient {
    /// Its name: small letters, digits and `- _ . @`.
    name: String,
    /// `clerk`, `officer`, `authority`, `administrator`, `auditor`.
    roles: Vec<String>,
    /// Where it belongs: a path; without it the client's own place.
    place: Option<String>,
    /// The public key that its requests are signed with, Ed25519 or P-256: PEM, or the DER in base64.
    signing_key: String,
}

/// What a program gets, once.
#[derive(Serialize, ToSchema)]
pub(crate) struct ClientGiven {
    /// Its name.
    name: String,
    /// The key for `Authorization: Bearer`. A repeated request is not told it again.
    key: Option<String>,
}

fn spki(text: &str) -> Result<Vec<u8>, Problem> {
    let wrong = || {
        Problem::asked("`signing_key` is a public key, Ed25519 or P-256: PEM, or its DER in base64")
    };
    let inner: String = text
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .flat_map(|line| line.trim().chars())
        .collect();
    let der = hcert::base64::decode(&inner).ok_or_else(wrong)?;
    let key = PublicKey::from_spki(&der).map_err(|_| wrong())?;
    signature::algorithm(key.algorithm()).ok_or_else(wrong)?;
    Ok(der)
}

/// Adds a program.
#[utoipa::path(post, path = "/api/v1/clients", request_body = NewClient,
    responses((status = 201, body = ClientGiven)))]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<NewClient>,
) -> Result<Response, Problem> {
    let place = match &body.place {
        Some(path) => place_of("place", path)?,
        None => actor.place.clone(),
    };
    let spki = spki(&body.signing_key)?;
    let roles = roles(&body.roles)?;
    let issuer = &app.issuer;
    let key = issuer
        .add_client(&actor, &body.name, roles, &place, &spki)
        .await?;
    let kept = json!({ "name": body.name, "key": null });
    let mut response = created(ClientGiven {
        name: body.name,
        key: Some(key.to_string()),
    });
    response.extensions_mut().insert(Shown(kept));
    Ok(response)
}

/// Takes a program's rights away.
#[utoipa::path(delete, path = "/api/v1/clients/{name}", params(("name" = String, Path)),
    responses((status = 200, body = Done)))]
pub(crate) async fn disable(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Extension(clients): Extension<Arc<Clients>>,
    Named(name): Named<String>,
) -> Result<Json<Done>, Problem> {
    app.issuer.disable_client(&actor, &name).await?;
    clients.forget();
    Ok(done())
}
