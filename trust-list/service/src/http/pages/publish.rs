//! What a publication will change, and publishing it.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use service::{fields::Fields, people::sessions::Session};

use super::{Frame, Tongue, problem, render};
use crate::{
    http::{App, Problem, access::Actor, api},
    publish::{KeyChange, Preview, SignedCopy},
    store::PublicationRow,
};

#[derive(Template)]
#[template(path = "publish.html")]
struct PublishPage {
    frame: Frame,
    preview: Preview,
    publications: Vec<PublicationRow>,
    error: Option<String>,
}

impl PublishPage {
    fn changes(&self) -> [(&'static str, &[KeyChange]); 3] {
        let (t, preview) = (self.frame.t, &self.preview);
        [
            (t.say("Thêm", "Added"), &preview.keys_added),
            (t.say("Bỏ", "Removed"), &preview.keys_removed),
            (
                t.say("Rút hoặc đổi", "Withdrawn or changed"),
                &preview.keys_withdrawn,
            ),
        ]
    }
}

async fn page(
    app: &App,
    t: Tongue,
    session: &Session,
    error: Option<String>,
) -> Result<PublishPage, Problem> {
    let preview = app.publisher.preview().await?;
    let mut tx = app.store.read().await?;
    Ok(PublishPage {
        frame: Frame::new(
            app,
            t,
            Some(session),
            "/desk/publish",
            t.say("Công bố", "Publish"),
        ),
        preview,
        publications: tx.publications(20).await?,
        error,
    })
}

async fn shown(app: &App, t: Tongue, session: &Session, error: Option<String>) -> Response {
    match page(app, t, session, error).await {
        Ok(page) => render(&page),
        Err(error) => problem(app, t, Some(session), error),
    }
}

pub(crate) async fn preview(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
) -> Response {
    shown(&app, t, &session, None).await
}

pub(crate) async fn publish(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
    Extension(actor): Extension<Actor>,
    Extension(fields): Extension<Fields>,
) -> Response {
    let seen = Some(fields.text("fingerprint").to_owned());
    match api::publish::run(&app, actor.name, seen).await {
        Ok(_) => Redirect::to("/desk").into_response(),
        Err(error) if error.code == "database" => problem(&app, t, Some(&session), error),
        Err(error) => shown(&app, t, &session, Some(error.detail)).await,
    }
}

pub(crate) async fn key_list(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
) -> Response {
    match api::publish::key_list(State(Arc::clone(&app))).await {
        Ok(response) => response,
        Err(error) => problem(&app, t, Some(&session), error),
    }
}

pub(crate) async fn merge(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
    Extension(actor): Extension<Actor>,
    Extension(fields): Extension<Fields>,
) -> Response {
    let copy = fields.file_or("copy");
    let error = match app.publisher.merge_key_list(&actor.name, &copy).await {
        Ok(SignedCopy::Merged(_)) => return Redirect::to("/desk/publish").into_response(),
        Ok(SignedCopy::Other { newest }) => format!(
            "{} {newest}.",
            t.say(
                "Đây là bản của danh sách khác. Bản cần ký có số",
                "This is a copy of another key list. The one to be signed has version"
            )
        ),
        Err(error) => Problem::from(error).detail,
    };
    shown(&app, t, &session, Some(error)).await
}
