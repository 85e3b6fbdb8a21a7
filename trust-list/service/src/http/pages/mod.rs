//! The pages: rendered here, without a script, in Vietnamese and English.

pub(super) mod audit;
pub(super) mod documents;
mod frame;
pub(super) mod keys;
pub(super) mod overview;
pub(super) mod publish;
pub(super) mod revocations;
pub(super) mod sign_in;
pub(super) mod users;

use askama::Template;
use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Redirect, Response},
};
pub(super) use service::language::Tongue;

pub(super) use frame::Frame;
use service::{http::guard, people::sessions::Session};

use super::{App, Problem};

/// Holds the session's token.
pub(super) const SESSION_COOKIE: &str = "trust_session";
/// Holds the token of the sign-in form.
pub(super) const FORM_COOKIE: &str = "trust_form";
/// Holds the language.
const LANGUAGE_COOKIE: &str = "trust_language";

/// What a page may load and do.
pub(super) const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; \
                                 base-uri 'none'; frame-ancestors 'none'";

/// The language of a request's page.
pub(super) fn tongue(request: &Request, app: &App) -> Tongue {
    Tongue::of(request, app.language, LANGUAGE_COOKIE)
}

/// A page from its template.
fn render(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page can't be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    headline: &'static str,
    detail: String,
    code: &'static str,
}

/// What went wrong, on a page.
pub(super) fn problem(
    app: &App,
    tongue: Tongue,
    session: Option<&Session>,
    problem: Problem,
) -> Response {
    let headline = match problem.code {
        "role" => tongue.say(
            "Bạn không có quyền làm việc này. Cần một trong các vai trò dưới đây.",
            "You may not do this. It takes one of the roles below.",
        ),
        "database" => tongue.say(
            "Không kết nối được cơ sở dữ liệu. Chưa có gì thay đổi; hãy thử lại sau giây lát.",
            "The database is not reachable. Nothing was changed; try again in a moment.",
        ),
        "disk_full" => tongue.say(
            "Hết chỗ trống trên đĩa. Bản đang dùng vẫn còn nguyên.",
            "The disk is full. What is published stands as it was.",
        ),
        "preview_changed" => tongue.say(
            "Có thay đổi sau khi xem trước. Hãy xem lại rồi công bố.",
            "Something changed since the preview. Look again, then publish.",
        ),
        "count" => tongue.say(
            "Con số đã nhập không khớp. Hãy xem lại.",
            "The number typed is not the number hit. Look again.",
        ),
        "clock" => tongue.say(
            "Đồng hồ của máy chủ sai. Hãy chỉnh lại rồi công bố.",
            "The server's clock is wrong. Set it right, then publish.",
        ),
        "not_found" => tongue.say("Không tìm thấy.", "There is no such thing."),
        _ => tongue.say(
            "Chưa làm được. Lý do ở dưới đây.",
            "This could not be done. The reason is below.",
        ),
    };
    let page = ProblemPage {
        frame: Frame::new(app, tongue, session, "", tongue.say("Lỗi", "Problem")),
        headline,
        detail: problem.detail,
        code: problem.code,
    };
    let mut response = render(&page);
    *response.status_mut() = problem.status;
    guard(response.headers_mut(), Some(POLICY));
    response
}

/// A form that did not come from our own page, or from one that is too old.
pub(super) fn refused(app: &App, tongue: Tongue, code: &'static str) -> Response {
    let detail = tongue.say(
        "Biểu mẫu này không đến từ trang hiện tại, hoặc đã quá cũ. Hãy mở lại trang và gửi lại.",
        "This form did not come from the page as it is now, or it is too old. Open the page again \
         and send it anew.",
    );
    let refusal = Problem::new(StatusCode::FORBIDDEN, code, detail);
    problem(app, tongue, None, refusal)
}

pub(super) fn to_sign_in() -> Response {
    let mut response = Redirect::to("/sign-in").into_response();
    guard(response.headers_mut(), Some(POLICY));
    response
}

pub(super) async fn to_desk() -> Redirect {
    Redirect::to("/desk")
}

pub(super) async fn style() -> Response {
    let mut response = include_str!("../../../templates/style.css").into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/css; charset=utf-8"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=3600"),
    );
    response
}

pub(super) async fn not_found() -> Response {
    let mut response = Problem::not_found("nothing is at this address").into_response();
    guard(response.headers_mut(), None);
    response
}

fn set_cookie(app: &App, name: &str, value: &str, seconds: i64) -> Option<HeaderValue> {
    service::http::set_cookie(name, value, seconds, app.https)
}
