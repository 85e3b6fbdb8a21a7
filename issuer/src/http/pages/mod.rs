//! The pages: rendered here, in Vietnamese and English; the core path takes no script.

pub(super) mod certificates;
pub(super) mod claim;
pub(super) mod complain;
pub(super) mod complaints;
mod desk;
pub(super) mod find;
mod frame;
pub(super) mod house;
pub(super) mod jobs;
#[cfg(feature = "oidc")]
pub(super) mod oidc;
pub(super) mod people;
pub(super) mod persons;
pub(super) mod places;
pub(super) mod programs;
pub(super) mod queues;
pub(super) mod record;
pub(super) mod records;
pub(super) mod sign_in;
pub(super) mod today;
pub(super) mod tubes;
mod typed;
mod words;

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
    headline: String,
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
            "Bạn không có quyền làm việc này. Hỏi người quản trị nếu việc này là của bạn.",
            "You may not do this. Ask the administrator if it is your work.",
        ),
        "database" => t.say(
            "Không kết nối được cơ sở dữ liệu. Chưa có gì thay đổi; hãy thử lại sau giây lát.",
            "The database is not reachable. Nothing was changed; try again in a moment.",
        ),
        "disk_full" => t.say(
            "Hết chỗ trống trên đĩa. Chưa có gì thay đổi; báo người vận hành.",
            "The disk is full. Nothing was changed; tell the operator.",
        ),
        "not_found" => t.say(
            "Không tìm thấy. Kiểm tra lại địa chỉ, hoặc bắt đầu từ trang Hôm nay.",
            "There is no such thing. Check the address, or begin at Today.",
        ),
        "changed" => t.say(
            "Hồ sơ đã được người khác sửa. Hãy xem lại.",
            "Somebody else changed it. Look again.",
        ),
        "size" => t.say(
            "Tệp hoặc biểu mẫu quá lớn. Chia thành nhiều phần rồi gửi lại.",
            "The file or form is too large. Send it in parts.",
        ),
        "time" => t.say(
            "Máy chủ chưa làm xong kịp. Thử lại sau giây lát.",
            "The server did not finish in time. Try again in a moment.",
        ),
        "origin" | "form" => t.say(
            "Biểu mẫu này không đến từ trang hiện tại, hoặc đã quá cũ. Mở lại trang và gửi lại.",
            "This form did not come from the page as it is now, or it is too old. Open the page \
             again and send it anew.",
        ),
        _ => t.say(
            "Chưa làm được. Thử lại; nếu vẫn vậy, báo người vận hành mã lỗi dưới đây.",
            "This could not be done. Try again; if it fails again, tell the operator the code below.",
        ),
    };
    said(app, t, visitor, problem, headline.to_owned())
}

/// What went wrong, on a page, in these sentences.
fn said(
    app: &App,
    t: Tongue,
    visitor: Option<&Visitor>,
    problem: Problem,
    headline: String,
) -> Response {
    // The detail is the API's, in English.
    let detail = match t.language() {
        service::language::Language::En => problem.detail,
        service::language::Language::Vi => String::new(),
    };
    let page = ProblemPage {
        frame: Frame::new(app, t, visitor, "", t.say("Chưa làm được", "Not done")),
        detail: if detail == headline {
            String::new()
        } else {
            detail
        },
        headline,
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
