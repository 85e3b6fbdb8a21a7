//! People who work with the issuer.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use service::problem::Problem;
use utoipa::ToSchema;

use super::{
    Asked, Body, List, Named, Paging, created, place_of,
    places::{Within, page},
    time,
};
use crate::{
    actor::Actor,
    domain::accounts::AccountChange,
    http::{App, once::Shown},
    roles::Roles,
    store::AccountRow,
};

/// An account.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountJson {
    /// The name to sign in with.
    name: String,
    /// The name people call them by.
    full_name: String,
    /// What they may do.
    roles: Vec<String>,
    /// Where they belong: a path.
    place: String,
    /// May not sign in.
    disabled: bool,
    /// Has to choose a password before anything else.
    new_password: bool,
    /// Uses one-time codes.
    one_time_codes: bool,
    /// When it was added.
    created_at: String,
}

impl From<AccountRow> for AccountJson {
    fn from(row: AccountRow) -> AccountJson {
        AccountJson {
            name: row.name,
            full_name: row.full_name,
            roles: names(&row.roles),
            place: row.place,
            disabled: row.disabled,
            new_password: row.new_password,
            one_time_codes: row.has_totp,
            created_at: time(row.created_at),
        }
    }
}

/// Roles as a list.
pub(super) fn names(roles: &str) -> Vec<String> {
    let names = roles.split(',').filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// Roles that were sent.
pub(super) fn roles(names: &[String]) -> Result<Roles, Problem> {
    let roles: Roles = names
        .join(",")
        .parse()
        .map_err(|error: service::roles::NotARole| Problem::asked(error.to_string()))?;
    match roles.is_empty() {
        true => Err(Problem::asked("at least one role is needed")),
        false => Ok(roles),
    }
}

/// The accounts of a place and of what lies below, by name.
#[utoipa::path(get, path = "/api/v1/accounts", params(Within),
    responses((status = 200, body = List<AccountJson>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Asked(query): Asked<Within>,
) -> Result<Json<List<AccountJson>>, Problem> {
    let within = match &query.within {
        Some(path) => place_of("within", path)?,
        None => actor.place.clone(),
    };
    let mut rows = app.issuer.accounts(&actor, &within).await?;
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    let paging = Paging {
        after: query.after,
        limit: query.limit,
    };
    let all = rows.into_iter().map(AccountJson::from);
    page(all, &paging, |account| account.name.as_str())
}

/// An account that is added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccount {
    /// The name to sign in with: small letters, digits and `- _ . @`.
    name: String,
    /// The name people call them by.
    full_name: String,
    /// `clerk`, `officer`, `authority`, `administrator`, `auditor`.
    roles: Vec<String>,
    /// Where they belong: a path; without it the client's own place.
    place: Option<String>,
}

/// What an account gives, once.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountGiven {
    /// The name to sign in with.
    name: String,
    /// The first password, to be changed at the next sign-in. A repeated request is not told it again.
    password: Option<String>,
    /// The secret of one-time codes in base32, likewise.
    one_time_code_secret: Option<String>,
}

/// The answer, and what is kept of it for a repeated request.
fn given(status: Response, name: &str) -> Response {
    let mut response = status;
    let kept = json!({ "name": name, "password": null, "one_time_code_secret": null });
    response.extensions_mut().insert(Shown(kept));
    response
}

/// Adds an account. Nobody gives a role or a place beyond the own.
#[utoipa::path(post, path = "/api/v1/accounts", request_body = NewAccount,
    responses((status = 201, body = AccountGiven)))]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<NewAccount>,
) -> Result<Response, Problem> {
    let place = match &body.place {
        Some(path) => place_of("place", path)?,
        None => actor.place.clone(),
    };
    let roles = roles(&body.roles)?;
    let issuer = &app.issuer;
    let password = issuer
        .add_account(&actor, &body.name, &body.full_name, roles, &place)
        .await?;
    let answer = created(AccountGiven {
        name: body.name.clone(),
        password: Some(password.to_string()),
        one_time_code_secret: None,
    });
    Ok(given(answer, &body.name))
}

/// What is changed of an account; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedAccount {
    /// A new first password.
    #[serde(default)]
    reset: bool,
    /// Other roles.
    roles: Option<Vec<String>>,
    /// Another place: a path.
    place: Option<String>,
    /// May no longer, or again, sign in.
    disabled: Option<bool>,
    /// One-time codes on, with a new secret, or off.
    one_time_codes: Option<bool>,
}

/// Changes an account and ends its sessions.
#[utoipa::path(put, path = "/api/v1/accounts/{name}", params(("name" = String, Path)),
    request_body = ChangedAccount, responses((status = 200, body = AccountGiven)))]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(name): Named<String>,
    Body(body): Body<ChangedAccount>,
) -> Result<Response, Problem> {
    let change = AccountChange {
        reset: body.reset,
        roles: body.roles.as_deref().map(roles).transpose()?,
        place: body
            .place
            .map(|path| place_of("place", &path))
            .transpose()?,
        disabled: body.disabled,
        totp: body.one_time_codes,
    };
    let changed = app.issuer.change_account(&actor, &name, change).await?;
    let answer = Json(AccountGiven {
        name: name.clone(),
        password: changed.password.map(|password| password.to_string()),
        one_time_code_secret: changed.secret.map(|secret| secret.base32()),
    });
    Ok(given(answer.into_response(), &name))
}
