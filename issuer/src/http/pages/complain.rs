//! A citizen says what is wrong: `/complain`.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use qr::picture::{self, PictureLimits};
use service::{fields::Fields, http::address_of, language::Tongue, problem::Problem};

use super::{
    Frame,
    claim::{told, with_token},
    render,
};
use crate::{
    domain::{Refusal, complaints::MOST_CHARACTERS},
    http::App,
};

#[derive(Template)]
#[template(path = "complain.html")]
struct ComplainPage {
    frame: Frame,
    token: String,
    text: String,
    birth: String,
    what: String,
    most: usize,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "complained.html")]
struct ComplainedPage {
    frame: Frame,
}

fn form(
    app: &App,
    t: Tongue,
    (text, birth, what): (&str, &str, &str),
    error: Option<(StatusCode, String)>,
) -> Response {
    let status = error.as_ref().map_or(StatusCode::OK, |(status, _)| *status);
    with_token(app, t, |token| {
        let title = t.say("Báo sai sót", "Report a mistake");
        let mut response = render(&ComplainPage {
            frame: Frame::new(app, t, None, "", title),
            token,
            text: text.to_owned(),
            birth: birth.to_owned(),
            what: what.to_owned(),
            most: MOST_CHARACTERS,
            error: error.map(|(_, text)| text),
        });
        *response.status_mut() = status;
        response
    })
}

pub(crate) async fn show(State(app): State<Arc<App>>, Extension(t): Extension<Tongue>) -> Response {
    form(&app, t, ("", "", ""), None)
}

pub(crate) async fn complain(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(fields): Extension<Fields>,
    request: Request,
) -> Response {
    let address = address_of(&request, app.behind_proxy);
    let (birth, what) = (fields.text("birth"), fields.text("what"));
    let pasted = fields.as_typed("text");
    // A file whose name is empty is none that anybody chose.
    let text = match fields.file_name() {
        Some(_) => match in_picture(fields.file_or("text")).await {
            Some(text) => text,
            None => {
                let error = t.say(
                    "Không đọc được mã QR nào trong ảnh. Hãy chụp lại gần hơn và rõ hơn, hoặc nhập mã chứng nhận.",
                    "No QR code could be read in the picture. Take it closer and sharper, or type the \
                     certificate's number.",
                );
                let error = Some((StatusCode::UNPROCESSABLE_ENTITY, error.to_owned()));
                return form(&app, t, (pasted, birth, what), error);
            }
        },
        None => pasted.to_owned(),
    };
    let done = app.issuer.complain(&text, birth, what, &address).await;
    match done {
        Ok(()) => render(&ComplainedPage {
            frame: Frame::new(&app, t, None, "", t.say("Đã nhận", "Received")),
        }),
        Err(refusal) => {
            let error = match &refusal {
                Refusal::Asked(_) => Some(wanted(t, &text, birth, what)),
                other => told(t, other),
            };
            match error {
                Some(error) => form(&app, t, (pasted, birth, what), Some(error)),
                None => super::problem(&app, t, None, Problem::from(refusal)),
            }
        }
    }
}

/// What the form lacks, in the reader's language.
fn wanted(t: Tongue, text: &str, birth: &str, what: &str) -> (StatusCode, String) {
    let count = what.chars().count();
    let error = if count == 0 {
        t.say("Hãy viết điều gì sai.", "Write what is wrong.")
            .to_owned()
    } else if count > MOST_CHARACTERS {
        match t.tag() {
            "vi" => format!("Nội dung dài {count} ký tự; hãy viết trong {MOST_CHARACTERS} ký tự."),
            _ => format!("That is {count} characters; say it in {MOST_CHARACTERS}."),
        }
    } else if text.trim().is_empty() || birth.is_empty() && !text.trim().starts_with("HC1:") {
        t.say(
            "Hãy chọn ảnh mã QR, hoặc nhập mã chứng nhận (URN:UVCI:...) cùng ngày sinh.",
            "Choose a picture of the QR code, or type the certificate's number (URN:UVCI:...) and the birth date.",
        )
        .to_owned()
    } else {
        t.say(
            "Mã chứng nhận bắt đầu bằng URN:UVCI:, nội dung mã QR bắt đầu bằng HC1:, ngày sinh viết như \
             26/02/1998. Hãy xem lại.",
            "A certificate's number begins with URN:UVCI:, the content of a QR code with HC1:, and a birth \
             date looks like 26/02/1998. Look at them again.",
        )
        .to_owned()
    };
    (StatusCode::UNPROCESSABLE_ENTITY, error)
}

/// The certificate's text in a picture from a stranger.
async fn in_picture(file: bytes::Bytes) -> Option<String> {
    // A phone's photograph, and not a PDF: that takes a process of its own to be read safely.
    if file.starts_with(b"%PDF") {
        return None;
    }
    let limits = PictureLimits {
        file_bytes: crate::http::routes::PICTURE,
        ..PictureLimits::default()
    };
    let read = tokio::task::spawn_blocking(move || picture::codes(&file, &limits));
    let pages = read.await.ok()?.ok()?;
    let codes = pages.into_iter().flat_map(|page| page.codes);
    codes
        .filter_map(|code| code.text)
        .find(|text| text.starts_with("HC1:"))
}
