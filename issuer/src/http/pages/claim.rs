//! A citizen fetches the own certificate: `/claim`.
//!
//! Works without a script and on an old phone. The code never stands in an address: each step is a
//! form that is sent, and the answer is kept nowhere.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use hcert::base64;
use print::{Batch, Kind, Words};
use service::{
    fields::Fields,
    http::{address_of, set_cookie},
    language::Tongue,
    problem::Problem,
    random,
};

use super::{Frame, render};
use crate::{
    domain::{Issuer, Refusal},
    http::App,
    paper::Beside,
    store::CertificateRow,
};

#[derive(Template)]
#[template(path = "claim.html")]
struct ClaimPage {
    frame: Frame,
    token: String,
    code: String,
    birth: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "claimed.html")]
struct ClaimedPage {
    frame: Frame,
    token: String,
    code: String,
    birth: String,
    title: Words,
    name: String,
    name_latin: String,
    facts: Vec<(&'static str, String)>,
    picture: String,
    wallet: Option<String>,
}

/// An answer whose form is bound to the browser, and which nobody keeps.
pub(super) fn with_token(app: &App, t: Tongue, page: impl FnOnce(String) -> Response) -> Response {
    let token = random::token().map(|token| token.to_string());
    let token = token.unwrap_or_default();
    let mut response = page(token.clone());
    let cookies = [
        set_cookie(super::FORM_COOKIE, &token, 3600, app.https),
        set_cookie(super::LANGUAGE_COOKIE, t.tag(), 365 * 24 * 3600, app.https),
    ];
    for cookie in cookies.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn form(
    app: &App,
    t: Tongue,
    (code, birth): (&str, &str),
    error: Option<(StatusCode, String)>,
) -> Response {
    let status = error.as_ref().map_or(StatusCode::OK, |(status, _)| *status);
    with_token(app, t, |token| {
        let title = t.say("Nhận giấy chứng nhận", "Get your certificate");
        let mut response = render(&ClaimPage {
            frame: Frame::new(app, t, None, "", title),
            token,
            code: code.to_owned(),
            birth: birth.to_owned(),
            error: error.map(|(_, text)| text),
        });
        *response.status_mut() = status;
        response
    })
}

pub(crate) async fn show(State(app): State<Arc<App>>, Extension(t): Extension<Tongue>) -> Response {
    form(&app, t, ("", ""), None)
}

/// What is told of a refusal; nothing that tells a wrong code from a wrong birth date.
pub(super) fn told(t: Tongue, refusal: &Refusal) -> Option<(StatusCode, String)> {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    Some(match refusal {
        Refusal::Asked(why) => (status, why.clone()),
        Refusal::Wait(seconds) => {
            let wait = t.span(seconds);
            let text = match t.tag() {
                "vi" => format!("Đã thử sai quá nhiều lần. Hãy đợi {wait} rồi thử lại."),
                _ => format!("Too many wrong attempts. Wait {wait}, then try again."),
            };
            (StatusCode::TOO_MANY_REQUESTS, text)
        }
        Refusal::NotFound(_) => {
            let text = t.say(
                "Mã hoặc ngày sinh không đúng, hoặc mã đã hết hạn. Hãy so lại với tờ giấy. Nếu vẫn không \
                 được, cơ sở đã cấp giấy sẽ in mã mới.",
                "The code or the birth date is not right, or the code is no longer good. Compare them with \
                 the paper. If it still does not work, the site that gave you the paper prints a new code.",
            );
            (status, text.to_owned())
        }
        Refusal::State { state, .. } => {
            let text = match state.as_str() {
                "revoked" => t.say(
                    "Giấy chứng nhận này không còn hiệu lực. Hãy hỏi cơ sở đã cấp giấy.",
                    "This certificate is no longer good. Ask the site that gave you the paper.",
                ),
                _ => t.say(
                    "Hiện không lấy được giấy chứng nhận này. Hãy hỏi cơ sở đã cấp giấy.",
                    "This certificate can't be given out. Ask the site that gave you the paper.",
                ),
            };
            (StatusCode::CONFLICT, text.to_owned())
        }
        _ => return None,
    })
}

/// The three things that a code may have wrong in its form, in the reader's language.
fn mistyped(t: Tongue, code: &str) -> Option<(StatusCode, String)> {
    use crate::domain::claims::{ClaimCode, NotACode};
    let text = match ClaimCode::read(code).err()? {
        NotACode::Length => t.say(
            "Mã có mười ký tự, ví dụ A3C-DEF-GHJ-K.",
            "A code has ten characters, as in A3C-DEF-GHJ-K.",
        ),
        NotACode::Character => t.say(
            "Trong mã có ký tự lạ. Hãy so lại với tờ giấy; nếu điện thoại tự thêm dấu, hãy tắt bộ gõ tiếng Việt.",
            "There is a character in it that no code has. Compare it with the paper.",
        ),
        NotACode::Mistyped => t.say(
            "Mã gõ chưa đúng. Hãy so từng ký tự với tờ giấy.",
            "There is a typing mistake in the code. Compare it with the paper.",
        ),
    };
    Some((StatusCode::UNPROCESSABLE_ENTITY, text.to_owned()))
}

/// Why a claim is not answered with a certificate.
fn refused(app: &App, t: Tongue, typed: (&str, &str), refusal: Refusal) -> Response {
    let text = match &refusal {
        Refusal::Asked(_) => mistyped(t, typed.0).or_else(|| {
            let text = t.say(
                "Hãy viết ngày sinh như 26/02/1998, hoặc chỉ năm nếu giấy tờ chỉ ghi năm.",
                "Write the birth date as 26/02/1998, or the year alone if your papers have no more.",
            );
            Some((StatusCode::UNPROCESSABLE_ENTITY, text.to_owned()))
        }),
        other => told(t, other),
    };
    match text {
        Some(text) => form(app, t, typed, Some(text)),
        None => super::problem(app, t, None, Problem::from(refusal)),
    }
}

pub(crate) async fn claim(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(fields): Extension<Fields>,
    request: Request,
) -> Response {
    let address = address_of(&request, app.behind_proxy);
    let typed = (fields.text("code"), fields.text("birth"));
    match certificate(&app.issuer, typed, &address).await {
        Ok((row, beside)) => match claimed(&app, t, typed, &row, &beside) {
            Ok(response) => response,
            Err(refusal) => refused(&app, t, typed, refusal),
        },
        Err(refusal) => refused(&app, t, typed, refusal),
    }
}

/// `POST /claim/pdf`: the same again, as a sheet to print or keep.
pub(crate) async fn pdf(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(fields): Extension<Fields>,
    request: Request,
) -> Response {
    let address = address_of(&request, app.behind_proxy);
    let typed = (fields.text("code"), fields.text("birth"));
    let sheet = certificate(&app.issuer, typed, &address).await;
    let sheet = sheet.and_then(|(row, beside)| app.issuer.sheet(&row, beside));
    let pdf = match sheet {
        Ok(sheet) => {
            let issuer = Arc::clone(&app.issuer);
            let drawn = tokio::task::spawn_blocking(move || {
                let mut batch = Batch::new(&issuer.press, Kind::Fold);
                batch.push(&sheet)?;
                Ok(batch.finish())
            });
            drawn
                .await
                .unwrap_or_else(|_| Err(Refusal::Asked("the sheet could not be drawn".into())))
        }
        Err(refusal) => Err(refusal),
    };
    match pdf {
        Ok(pdf) => {
            let mut response = pdf.into_response();
            let headers = response.headers_mut();
            let name = HeaderValue::from_static("attachment; filename=\"certificate.pdf\"");
            headers.insert(header::CONTENT_DISPOSITION, name);
            let kind = HeaderValue::from_static("application/pdf");
            headers.insert(header::CONTENT_TYPE, kind);
            response
        }
        Err(refusal) => refused(&app, t, typed, refusal),
    }
}

/// The certificate that was claimed, if it may be given out.
async fn certificate(
    issuer: &Issuer,
    (code, birth): (&str, &str),
    address: &str,
) -> Result<(CertificateRow, Beside), Refusal> {
    let row = issuer.claim(code, birth, address).await?;
    if row.state != "valid" {
        return Err(Refusal::State {
            state: row.state,
            why: "it is not given out any more",
        });
    }
    let beside = issuer.beside(&row).await?;
    Ok((row, beside))
}

fn claimed(
    app: &App,
    t: Tongue,
    (code, birth): (&str, &str),
    row: &CertificateRow,
    beside: &Beside,
) -> Result<Response, Refusal> {
    let issuer = &app.issuer;
    let facts = issuer.facts(row, beside)?;
    let picture = issuer.png(row)?;
    let rows = facts.rows().into_iter().skip(1);
    let rows = rows.map(|fact| {
        let value = match t.tag() {
            "vi" => fact.value.vi,
            _ => fact.value.en,
        };
        (t.say(fact.vi, fact.en), value)
    });
    let rows = rows.collect();
    Ok(with_token(app, t, |token| {
        let title = t.say("Giấy chứng nhận của bạn", "Your certificate");
        render(&ClaimedPage {
            frame: Frame::new(app, t, None, "", title),
            token,
            code: code.to_owned(),
            birth: birth.to_owned(),
            title: facts.title(),
            name: facts.name.clone(),
            name_latin: facts.name_latin.clone(),
            facts: rows,
            picture: format!("data:image/png;base64,{}", base64::encode(&picture)),
            wallet: wallet(issuer, row),
        })
    }))
}

/// The address that puts the front code into the wallet. The text stands behind the `#`, which a
/// browser keeps to itself.
fn wallet(issuer: &Issuer, row: &CertificateRow) -> Option<String> {
    let address = issuer.settings.wallet_url.as_deref()?;
    let text = issuer.front_text(row)?;
    Some(format!("{address}#hc1={}", escape(text)))
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() * 3 / 2);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            other => {
                escaped.push('%');
                for nibble in [other >> 4, other & 15] {
                    escaped.extend(
                        char::from_digit(u32::from(nibble), 16).map(|c| c.to_ascii_uppercase()),
                    );
                }
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_a_fragment_may_not_hold() {
        assert_eq!(escape("HC1:A %$*+-./Z"), "HC1%3AA%20%25%24%2A%2B-.%2FZ");
    }
}
