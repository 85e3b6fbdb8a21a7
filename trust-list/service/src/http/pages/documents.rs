//! Rules, value sets, policy.

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
    domain::documents::{self, Kind},
    http::{App, Problem, access::Actor},
    store::DocumentRow,
};

#[derive(Template)]
#[template(path = "documents.html")]
struct DocumentsPage {
    frame: Frame,
    rows: Vec<DocumentRow>,
    kind: String,
    name: String,
    pasted: String,
    error: Option<String>,
}

async fn page(
    app: &App,
    t: Tongue,
    session: &Session,
    fields: &Fields,
    error: Option<String>,
) -> Result<DocumentsPage, Problem> {
    let mut tx = app.store.read().await?;
    let title = t.say("Quy tắc và bộ mã", "Documents");
    Ok(DocumentsPage {
        frame: Frame::new(app, t, Some(session), "/desk/documents", title),
        rows: tx.documents().await?,
        kind: fields.text("kind").to_owned(),
        name: fields.text("name").to_owned(),
        pasted: fields.text("pasted").to_owned(),
        error,
    })
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
) -> Response {
    match page(&app, t, &session, &Fields::default(), None).await {
        Ok(page) => render(&page),
        Err(error) => problem(&app, t, Some(&session), error),
    }
}

pub(crate) async fn put(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
    Extension(actor): Extension<Actor>,
    Extension(fields): Extension<Fields>,
) -> Response {
    let done = async {
        let kind: Result<Kind, ()> = fields.text("kind").parse();
        let kind = kind.map_err(|()| Problem::asked("the form can't be read"))?;
        let name = match kind {
            Kind::Policy => "policy",
            _ => fields.text("name"),
        };
        let (store, clock) = (&app.store, &app.clock);
        let done = match fields.text("do") {
            "remove" => documents::remove(store, clock, &actor.name, kind, name).await,
            _ => {
                let content = fields.file_or("pasted");
                documents::put(store, clock, &actor.name, kind, name, &content).await
            }
        };
        Ok::<_, Problem>(done?)
    };
    match done.await {
        Ok(_) => Redirect::to("/desk/documents").into_response(),
        Err(error) => match page(&app, t, &session, &fields, Some(error.detail)).await {
            Ok(page) => render(&page),
            Err(error) => problem(&app, t, Some(&session), error),
        },
    }
}
