//! Signing in and out, and the own password.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Request, State},
    http::{StatusCode, header},
    response::Response,
};
use service::{
    fields::Fields,
    http::{address_of, set_cookie},
    language::Tongue,
    people::{
        sessions::LONGEST,
        sign_in::{self, Attempt, Outcome},
    },
    problem::Problem,
    random,
};

use super::{Frame, render};
use crate::{
    domain::Refusal,
    http::{App, access::Visitor},
};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    token: String,
    name: String,
    error: Option<String>,
    elsewhere: Option<Elsewhere>,
}

/// Another place to sign in at: a link below the form leads to `/sign-in/oidc`. A layer around the
/// router puts it there, where one is configured.
#[derive(Debug, Clone)]
pub struct Elsewhere {
    /// What people call it.
    pub name: String,
}

pub(super) fn elsewhere(request: &Request) -> Option<Elsewhere> {
    request.extensions().get::<Elsewhere>().cloned()
}

pub(super) fn page(
    app: &App,
    t: Tongue,
    name: &str,
    error: Option<String>,
    status: StatusCode,
    elsewhere: Option<Elsewhere>,
) -> Response {
    // A fresh token for each page; the browser brings it back twice, in the form and the cookie.
    let token = random::token().map(|token| token.to_string());
    let token = token.unwrap_or_default();
    let page = SignInPage {
        frame: Frame::new(app, t, None, "", t.say("Đăng nhập", "Sign in")),
        token: token.clone(),
        name: name.to_owned(),
        error,
        elsewhere,
    };
    let mut response = render(&page);
    *response.status_mut() = status;
    let cookies = [
        set_cookie(super::FORM_COOKIE, &token, 3600, app.https),
        set_cookie(super::LANGUAGE_COOKIE, t.tag(), 365 * 24 * 3600, app.https),
    ];
    for cookie in cookies.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    request: Request,
) -> Response {
    page(&app, t, "", None, StatusCode::OK, elsewhere(&request))
}

pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(fields): Extension<Fields>,
    request: Request,
) -> Response {
    let address = address_of(&request, app.behind_proxy);
    let elsewhere = elsewhere(&request);
    let name = fields.text("name");
    let attempt = Attempt {
        name,
        password: fields.as_typed("password"),
        code: fields.text("code"),
        address: &address,
    };
    let issuer = &app.issuer;
    match sign_in::sign_in(&issuer.store, &issuer.clock, &issuer.vault, attempt).await {
        Ok(Outcome::In(token)) => {
            let mut response = super::to("/desk");
            if let Some(cookie) = set_cookie(super::SESSION_COOKIE, &token, LONGEST, app.https) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Ok(Outcome::Wrong) => {
            let error = t.say(
                "Tên, mật khẩu hoặc mã không đúng.",
                "The name, the password or the code is not right.",
            );
            page(
                &app,
                t,
                name,
                Some(error.into()),
                StatusCode::UNAUTHORIZED,
                elsewhere,
            )
        }
        Ok(Outcome::Wait(seconds)) => {
            let error = format!(
                "{} {}.",
                t.say(
                    "Sai quá nhiều lần. Hãy thử lại sau",
                    "Too many wrong attempts. Try again in"
                ),
                t.span(&seconds)
            );
            page(
                &app,
                t,
                name,
                Some(error),
                StatusCode::TOO_MANY_REQUESTS,
                elsewhere,
            )
        }
        Err(error) => super::problem(&app, t, None, error.into()),
    }
}

pub(crate) async fn sign_out(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(visitor): Extension<Visitor>,
) -> Response {
    if let Err(error) = visitor.session.end(&app.issuer.store).await {
        return super::problem(&app, t, Some(&visitor), error.into());
    }
    let mut response = super::to_sign_in();
    if let Some(cookie) = set_cookie(super::SESSION_COOKIE, "", 0, app.https) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage {
    frame: Frame,
    error: Option<String>,
}

fn password_page(app: &App, t: Tongue, visitor: &Visitor, error: Option<String>) -> Response {
    let title = t.say("Đổi mật khẩu", "Change the password");
    let status = match error {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut response = render(&PasswordPage {
        frame: Frame::new(app, t, Some(visitor), "", title),
        error,
    });
    *response.status_mut() = status;
    response
}

pub(crate) async fn password_form(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(visitor): Extension<Visitor>,
) -> Response {
    password_page(&app, t, &visitor, None)
}

pub(crate) async fn change_password(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(visitor): Extension<Visitor>,
    Extension(fields): Extension<Fields>,
) -> Response {
    let (new, again) = (fields.as_typed("new"), fields.as_typed("again"));
    if new != again {
        let error = t.say(
            "Hai mật khẩu mới khác nhau.",
            "The two new passwords differ.",
        );
        return password_page(&app, t, &visitor, Some(error.into()));
    }
    let old = fields.as_typed("old");
    let done = app
        .issuer
        .change_own_password(&visitor.session.name, old, new);
    match done.await {
        Ok(()) => super::to_sign_in(),
        Err(refusal @ (Refusal::Asked(_) | Refusal::People(_))) => {
            let said = super::words::refusal(t, &refusal);
            password_page(&app, t, &visitor, Some(said))
        }
        Err(error) => super::problem(&app, t, Some(&visitor), Problem::from(error)),
    }
}
