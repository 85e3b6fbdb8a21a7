//! Signing in and out.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use service::{
    fields::Fields,
    http::address_of,
    people::{
        sessions::{LONGEST, Session},
        sign_in::{self, Attempt, Outcome},
    },
    random,
};

use super::{Frame, Tongue, render};
use crate::http::App;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    token: String,
    name: String,
    error: Option<String>,
}

fn page(app: &App, t: Tongue, name: &str, error: Option<String>, status: StatusCode) -> Response {
    // A fresh token for each page; the browser brings it back twice, in the form and the cookie.
    let token = random::token().map(|token| token.to_string());
    let token = token.unwrap_or_default();
    let page = SignInPage {
        frame: Frame::new(app, t, None, "", t.say("Đăng nhập", "Sign in")),
        token: token.clone(),
        name: name.to_owned(),
        error,
    };
    let mut response = render(&page);
    *response.status_mut() = status;
    let cookies = [
        super::set_cookie(app, super::FORM_COOKIE, &token, 3600),
        super::set_cookie(app, super::LANGUAGE_COOKIE, t.tag(), 365 * 24 * 3600),
    ];
    for cookie in cookies.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

pub(crate) async fn show(State(app): State<Arc<App>>, Extension(t): Extension<Tongue>) -> Response {
    page(&app, t, "", None, StatusCode::OK)
}

pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(fields): Extension<Fields>,
    request: Request,
) -> Response {
    let address = address_of(&request, app.behind_proxy);
    let name = fields.text("name");
    let attempt = Attempt {
        name,
        password: fields.as_typed("password"),
        code: fields.text("code"),
        address: &address,
    };
    match sign_in::sign_in(&app.store, &app.clock, &app.vault, attempt).await {
        Ok(Outcome::In(token)) => {
            let mut response = Redirect::to("/desk").into_response();
            if let Some(cookie) = super::set_cookie(&app, super::SESSION_COOKIE, &token, LONGEST) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Ok(Outcome::Wrong) => {
            let error = t.say(
                "Tên, mật khẩu hoặc mã không đúng.",
                "The name, the password or the code is not right.",
            );
            page(&app, t, name, Some(error.into()), StatusCode::UNAUTHORIZED)
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
            page(&app, t, name, Some(error), StatusCode::TOO_MANY_REQUESTS)
        }
        Err(error) => super::problem(&app, t, None, error.into()),
    }
}

pub(crate) async fn sign_out(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
) -> Response {
    if let Err(error) = session.end(&app.store).await {
        return super::problem(&app, t, Some(&session), error.into());
    }
    let mut response = Redirect::to("/sign-in").into_response();
    if let Some(cookie) = super::set_cookie(&app, super::SESSION_COOKIE, "", 0) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
