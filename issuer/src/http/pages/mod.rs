//! The pages: rendered here, in Vietnamese and English; the core path takes no script.

pub(super) mod claim;
pub(super) mod complain;
mod frame;
#[cfg(feature = "oidc")]
pub(super) mod oidc;
pub(super) mod sign_in;
pub(super) mod today;

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use service::{http::guard, language::Tongue, problem::Problem};

pub(super) use frame::Frame;

use super::{App, access::Visitor};

/// Holds the session's token.
pub(super) const SESSION_COOKIE: &str = "issuer_session";
/// Holds the token of the sign-in form.
pub(super) const FORM_COOKIE: &str = "issuer_form";
/// Holds the language.
pub(super) const LANGUAGE_COOKIE: &str = "issuer_language";
/// What a page may load: our own style, pictures and scripts, nothing in the page itself.
pub(super) const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
                                 script-src 'self'; connect-src 'self'; form-action 'self'; \
                                 base-uri 'none'; frame-ancestors 'none'";

/// A page from its template.
pub(super) fn render(page: &impl Template) -> Response {
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
    t: Tongue,
    visitor: Option<&Visitor>,
    problem: Problem,
) -> Response {
    let headline = match problem.code {
        "role" => t.say(
            "Bạn không có quyền làm việc này. Cần một trong các vai trò dưới đây.",
            "You may not do this. It takes one of the roles below.",
        ),
        "database" => t.say(
            "Không kết nối được cơ sở dữ liệu. Chưa có gì thay đổi; hãy thử lại sau giây lát.",
            "The database is not reachable. Nothing was changed; try again in a moment.",
        ),
        "disk_full" => t.say(
            "Hết chỗ trống trên đĩa. Chưa có gì thay đổi.",
            "The disk is full. Nothing was changed.",
        ),
        "not_found" => t.say("Không tìm thấy.", "There is no such thing."),
        "changed" => t.say(
            "Hồ sơ đã được người khác sửa. Hãy xem lại.",
            "Somebody else changed it. Look again.",
        ),
        _ => t.say(
            "Chưa làm được. Lý do ở dưới đây.",
            "This could not be done. The reason is below.",
        ),
    };
    let page = ProblemPage {
        frame: Frame::new(app, t, visitor, "", t.say("Lỗi", "Problem")),
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
pub(super) fn refused(app: &App, t: Tongue, code: &'static str) -> Response {
    let detail = t.say(
        "Biểu mẫu này không đến từ trang hiện tại, hoặc đã quá cũ. Hãy mở lại trang và gửi lại.",
        "This form did not come from the page as it is now, or it is too old. Open the page again \
         and send it anew.",
    );
    problem(
        app,
        t,
        None,
        Problem::new(StatusCode::FORBIDDEN, code, detail),
    )
}

pub(super) fn to(address: &str) -> Response {
    let mut response = Redirect::to(address).into_response();
    guard(response.headers_mut(), Some(POLICY));
    response
}

pub(super) fn to_sign_in() -> Response {
    to("/sign-in")
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
