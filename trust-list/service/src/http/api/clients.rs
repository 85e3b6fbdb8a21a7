//! Users and clients.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use service::roles::NotARole;

use super::{Body, issued};
use crate::{
    http::{App, Problem, access::Actor},
    people::{self, UserChange, roles::Roles},
};

#[derive(Serialize)]
pub(crate) struct UserJson {
    name: String,
    roles: String,
    one_time_codes: bool,
    disabled: bool,
}

pub(crate) async fn users(State(app): State<Arc<App>>) -> Result<Json<Vec<UserJson>>, Problem> {
    let mut tx = app.store.read().await?;
    let users = tx.users().await?.into_iter().map(|user| UserJson {
        name: user.name,
        roles: user.roles,
        one_time_codes: user.totp.is_some(),
        disabled: user.disabled,
    });
    Ok(Json(users.collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    name: String,
    password: String,
    roles: Vec<String>,
}

fn roles(names: &[String]) -> Result<Roles, Problem> {
    let roles = names.join(",").parse();
    roles.map_err(|error: NotARole| Problem::asked(error.to_string()))
}

pub(crate) async fn add_user(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<NewUser>,
) -> Result<Json<Value>, Problem> {
    let roles = roles(&body.roles)?;
    people::add_user(
        &app.store,
        &app.clock,
        &actor.name,
        &body.name,
        &body.password,
        &roles,
    )
    .await?;
    Ok(Json(json!({ "name": body.name })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedUser {
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    roles: Option<Vec<String>>,
    #[serde(default)]
    disabled: Option<bool>,
    #[serde(default)]
    one_time_codes: Option<bool>,
}

pub(crate) async fn change_user(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<ChangedUser>,
) -> Result<Json<Value>, Problem> {
    let change = UserChange {
        password: body.password,
        roles: body.roles.as_deref().map(roles).transpose()?,
        disabled: body.disabled,
        totp: body.one_time_codes,
    };
    let secret = people::change_user(
        &app.store,
        &app.clock,
        &app.vault,
        &actor.name,
        &name,
        change,
    )
    .await?;
    let secret = secret.map(|secret| secret.base32());
    Ok(Json(
        json!({ "name": name, "one_time_code_secret": secret }),
    ))
}

#[derive(Serialize)]
pub(crate) struct ClientJson {
    name: String,
    roles: String,
    kids: String,
    disabled: bool,
}

pub(crate) async fn clients(State(app): State<Arc<App>>) -> Result<Json<Vec<ClientJson>>, Problem> {
    let mut tx = app.store.read().await?;
    let clients = tx.clients().await?.into_iter().map(|client| ClientJson {
        name: client.name,
        roles: client.scopes,
        kids: client.kids,
        disabled: client.disabled,
    });
    Ok(Json(clients.collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewClient {
    name: String,
    roles: Vec<String>,
    /// Base64; `["*"]` for all. Only the role issuer is bound to them.
    #[serde(default)]
    kids: Vec<String>,
}

pub(crate) async fn add_client(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<NewClient>,
) -> Result<Json<Value>, Problem> {
    let all = body.kids == ["*"];
    let kids = match all {
        true => Vec::new(),
        false => body
            .kids
            .iter()
            .map(|kid| issued::kid(kid))
            .collect::<Result<Vec<_>, _>>()?,
    };
    let key = people::add_client(
        &app.store,
        &app.clock,
        &actor.name,
        &body.name,
        roles(&body.roles)?,
        &kids,
        all,
    )
    .await?;
    Ok(Json(json!({ "name": body.name, "key": key.as_str() })))
}

pub(crate) async fn disable_client(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<Value>, Problem> {
    people::disable_client(&app.store, &app.clock, &actor.name, &name).await?;
    Ok(Json(json!({ "disabled": name })))
}
