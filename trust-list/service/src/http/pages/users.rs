//! Users and programs.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use service::{fields::Fields, people::sessions::Session, roles::Role as _};

use super::{Frame, Tongue, problem, render};
use crate::{
    http::{App, Problem, access::Actor},
    people::{
        self, UserChange,
        roles::{Role, Roles},
    },
    store::{ClientRow, UserRow},
};

#[derive(Template)]
#[template(path = "users.html")]
struct UsersPage {
    frame: Frame,
    users: Vec<UserRow>,
    clients: Vec<ClientRow>,
    error: Option<String>,
    /// A secret that is shown this once, and what it is.
    secret: Option<(String, String)>,
}

async fn shown(
    app: &App,
    t: Tongue,
    session: &Session,
    error: Option<String>,
    secret: Option<(String, String)>,
) -> Response {
    let page = async {
        let mut tx = app.store.read().await?;
        let title = t.say("Người dùng", "Users");
        Ok::<_, Problem>(UsersPage {
            frame: Frame::new(app, t, Some(session), "/desk/users", title),
            users: tx.users().await?,
            clients: tx.clients().await?,
            error,
            secret,
        })
    };
    match page.await {
        Ok(page) => render(&page),
        Err(error) => problem(app, t, Some(session), error),
    }
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
) -> Response {
    shown(&app, t, &session, None, None).await
}

/// The ticked roles.
fn roles(fields: &Fields) -> Roles {
    Roles::of(
        Role::ALL
            .iter()
            .copied()
            .filter(|role| fields.is_ticked(role.name())),
    )
}

pub(crate) async fn add(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
    Extension(actor): Extension<Actor>,
    Extension(fields): Extension<Fields>,
) -> Response {
    let roles = roles(&fields);
    let added = people::add_user(
        &app.store,
        &app.clock,
        &actor.name,
        fields.text("name"),
        fields.as_typed("password"),
        &roles,
    );
    match added.await {
        Ok(()) => Redirect::to("/desk/users").into_response(),
        Err(error) => {
            let detail = Problem::from(error).detail;
            shown(&app, t, &session, Some(detail), None).await
        }
    }
}

pub(crate) async fn change(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
    Extension(actor): Extension<Actor>,
    Extension(fields): Extension<Fields>,
    Path(name): Path<String>,
) -> Response {
    let mut change = UserChange::default();
    match fields.text("do") {
        "password" => change.password = Some(fields.as_typed("password").to_owned()),
        "roles" => change.roles = Some(roles(&fields)),
        "disable" => change.disabled = Some(true),
        "enable" => change.disabled = Some(false),
        "codes-on" => change.totp = Some(true),
        "codes-off" => change.totp = Some(false),
        _ => {}
    }
    let changed = people::change_user(
        &app.store,
        &app.clock,
        &app.vault,
        &actor.name,
        &name,
        change,
    );
    match changed.await {
        Ok(None) => Redirect::to("/desk/users").into_response(),
        Ok(Some(secret)) => {
            let shown_once = Some((name, secret.base32()));
            shown(&app, t, &session, None, shown_once).await
        }
        Err(error) => {
            let detail = Problem::from(error).detail;
            shown(&app, t, &session, Some(detail), None).await
        }
    }
}

pub(crate) async fn add_client(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
    Extension(actor): Extension<Actor>,
    Extension(fields): Extension<Fields>,
) -> Response {
    let name = fields.text("name").to_owned();
    let written = fields.text("kids");
    let kids: Option<Vec<Vec<u8>>> = written
        .split([',', ' '])
        .filter(|kid| !kid.is_empty() && *kid != "*")
        .map(hcert::base64::decode)
        .collect();
    let added = match kids {
        Some(kids) => {
            let all = written == "*";
            let roles = roles(&fields);
            people::add_client(
                &app.store,
                &app.clock,
                &actor.name,
                &name,
                roles,
                &kids,
                all,
            )
            .await
            .map_err(Problem::from)
        }
        None => Err(Problem::asked(
            "kids are written in base64, with commas between",
        )),
    };
    match added {
        Ok(key) => {
            let secret = Some((name, key.to_string()));
            shown(&app, t, &session, None, secret).await
        }
        Err(error) => shown(&app, t, &session, Some(error.detail), None).await,
    }
}

pub(crate) async fn disable_client(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
    Extension(actor): Extension<Actor>,
    Path(name): Path<String>,
) -> Response {
    match people::disable_client(&app.store, &app.clock, &actor.name, &name).await {
        Ok(()) => Redirect::to("/desk/users").into_response(),
        Err(error) => {
            let detail = Problem::from(error).detail;
            shown(&app, t, &session, Some(detail), None).await
        }
    }
}
