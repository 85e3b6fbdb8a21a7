//! Signing in by OpenID Connect: to the provider, and back.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use service::{
    http::{cookie, set_cookie},
    language::Tongue,
    people::sessions::LONGEST,
    problem::Problem,
};

use super::{Frame, render, sign_in};
use crate::{
    http::App,
    oidc::{
        Provider,
        flow::{Answer, PATIENCE, SignInError},
    },
};

/// Holds what ties the provider's answer to this browser.
const COOKIE: &str = "issuer_oidc";

/// The header that sets it. `Lax`, not `Strict` as all others: the browser has to send it when the
/// provider's page leads back here.
fn pending_cookie(value: &str, seconds: i64, https: bool) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    let text = format!(
        "{COOKIE}={value}; Path=/sign-in/oidc; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
    );
    HeaderValue::from_str(&text).ok()
}

fn provider(request: &Request) -> Option<Arc<Provider>> {
    request.extensions().get::<Arc<Provider>>().cloned()
}

fn not_configured(app: &App, t: Tongue) -> Response {
    let detail = "sign-in by OpenID Connect is not configured";
    super::problem(app, t, None, Problem::not_found(detail))
}

/// `GET /sign-in/oidc`: to the provider. A link leads here, no form: a browser that keeps to
/// `form-action 'self'` follows no form's answer to another site.
pub(crate) async fn depart(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    request: Request,
) -> Response {
    let Some(provider) = provider(&request) else {
        return not_configured(&app, t);
    };
    match provider.depart(&app.issuer, t.tag()).await {
        Ok(departure) => {
            let mut response = super::to(&departure.url);
            if let Some(cookie) = pending_cookie(&departure.cookie, PATIENCE, app.https) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(error) => refused(&app, t, &request, &provider, error),
    }
}

#[derive(Template)]
#[template(path = "signed_in.html")]
struct SignedInPage {
    frame: Frame,
}

/// `GET /sign-in/oidc/back`: from the provider.
pub(crate) async fn arrive(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    request: Request,
) -> Response {
    let Some(provider) = provider(&request) else {
        return not_configured(&app, t);
    };
    let answer = Answer::of(request.uri().query().unwrap_or_default());
    let pending = cookie(request.headers(), COOKIE);
    let arrived = provider
        .arrive(&app.issuer, answer, pending.as_deref())
        .await;
    let mut response = match arrived {
        Ok(token) => signed_in(&app, t, &token),
        Err(error) => refused(&app, t, &request, &provider, error),
    };
    // However it ended, it ended.
    if let Some(cookie) = pending_cookie("", 0, app.https) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// A page that leads on, instead of a redirect: the browser comes from the provider's site, and
/// would not send the session's `Strict` cookie along to where a redirect leads. From our own page
/// it does.
fn signed_in(app: &App, t: Tongue, token: &str) -> Response {
    let title = t.say("Đã đăng nhập", "Signed in");
    let mut response = render(&SignedInPage {
        frame: Frame::new(app, t, None, "", title),
    });
    let headers = response.headers_mut();
    headers.insert(header::REFRESH, HeaderValue::from_static("0; url=/desk"));
    if let Some(cookie) = set_cookie(super::SESSION_COOKIE, token, LONGEST, app.https) {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

#[derive(Template)]
#[template(path = "sign_in_unknown.html")]
struct UnknownPage {
    frame: Frame,
    provider: String,
    subject: String,
}

/// Why nobody was signed in, for people: on the sign-in page, where a password still does.
fn refused(
    app: &App,
    t: Tongue,
    request: &Request,
    provider: &Provider,
    error: SignInError,
) -> Response {
    use SignInError as E;
    match &error {
        E::Refusal(_) => {}
        E::Away(_) | E::Token(_) => tracing::warn!(%error, "sign-in by OpenID Connect"),
        _ => tracing::info!(%error, "sign-in by OpenID Connect"),
    }
    let name = provider.name();
    let (status, text) = match error {
        E::Refusal(refusal) => return super::problem(app, t, None, refusal.into()),
        E::Unknown(subject) => {
            let title = t.say("Chưa có tài khoản", "No account yet");
            let mut response = render(&UnknownPage {
                frame: Frame::new(app, t, None, "", title),
                provider: name.to_owned(),
                subject: subject.as_str().to_owned(),
            });
            *response.status_mut() = StatusCode::FORBIDDEN;
            return response;
        }
        E::Stale | E::Foreign | E::Spent => (
            StatusCode::BAD_REQUEST,
            t.say(
                "Lần đăng nhập này đã quá cũ, đã dùng rồi, hoặc bắt đầu từ trình duyệt khác. Hãy \
                 đăng nhập lại từ trang này.",
                "This sign-in is too old, was used before, or began in another browser. Sign in \
                 anew from this page.",
            )
            .to_owned(),
        ),
        E::Denied => (
            StatusCode::FORBIDDEN,
            format!(
                "{name} {}",
                t.say(
                    "không xác nhận đăng nhập. Hãy thử lại.",
                    "did not confirm a sign-in. Try again."
                )
            ),
        ),
        E::Away(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!(
                "{name} {}",
                t.say(
                    "hiện không trả lời. Hãy thử lại sau giây lát, hoặc đăng nhập bằng mật khẩu.",
                    "does not answer at the moment. Try again shortly, or sign in with a password."
                )
            ),
        ),
        E::Token(_) => (
            StatusCode::BAD_GATEWAY,
            format!(
                "{} {name} {}",
                t.say("Câu trả lời của", "The answer of"),
                t.say(
                    "không tin được. Hãy báo người quản trị; nhật ký của dịch vụ ghi lý do.",
                    "can't be trusted. Tell your administrator; the service's log says why."
                )
            ),
        ),
        E::Group => (
            StatusCode::FORBIDDEN,
            format!(
                "{} {name}.",
                t.say(
                    "Bạn không thuộc nhóm được phép dùng dịch vụ này. Hãy hỏi người quản trị của",
                    "You are in none of the groups that may use this service. Ask whoever looks \
                     after"
                )
            ),
        ),
        E::Disabled => (
            StatusCode::FORBIDDEN,
            t.say(
                "Tài khoản của bạn đã bị khóa. Hãy hỏi người quản trị của cơ sở.",
                "Your account is disabled. Ask the administrator of your site.",
            )
            .to_owned(),
        ),
    };
    sign_in::page(app, t, "", Some(text), status, sign_in::elsewhere(request))
}
