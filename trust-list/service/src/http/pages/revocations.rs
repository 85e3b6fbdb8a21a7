//! Revocations: looked at first, the number typed, then done; undone as one act.

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
    domain::revocation::{self, Hits, Kids, Selection},
    http::{App, Problem, access::Actor, api::revocations::id_of},
    store::GroupRow,
};

#[derive(Template)]
#[template(path = "revocations.html")]
struct RevocationsPage {
    frame: Frame,
    groups: Vec<GroupRow>,
    issued: i64,
    revoked: i64,
    by: String,
    chosen: String,
    reason: String,
    hits: Option<Hits>,
    error: Option<String>,
}

async fn page(
    app: &App,
    t: Tongue,
    session: &Session,
    fields: &Fields,
) -> Result<RevocationsPage, Problem> {
    let mut tx = app.store.read().await?;
    let groups = tx.revocation_groups(100).await?;
    let slices = tx.slices().await?;
    let title = t.say("Thu hồi", "Revocations");
    Ok(RevocationsPage {
        frame: Frame::new(app, t, Some(session), "/desk/revocations", title),
        groups,
        issued: slices.iter().map(|slice| slice.issued).sum(),
        revoked: slices.iter().map(|slice| slice.revoked).sum(),
        by: fields.text("by").to_owned(),
        chosen: fields.text("chosen").to_owned(),
        reason: fields.text("reason").to_owned(),
        hits: None,
        error: None,
    })
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
) -> Response {
    match page(&app, t, &session, &Fields::default()).await {
        Ok(page) => render(&page),
        Err(error) => problem(&app, t, Some(&session), error),
    }
}

fn selection(t: Tongue, fields: &Fields) -> Result<Selection, Problem> {
    let chosen = fields.text("chosen");
    if chosen.is_empty() {
        return Err(Problem::asked(t.say(
            "Hãy nhập mã chứng nhận hoặc nhãn",
            "type identifiers or a label first",
        )));
    }
    Ok(match fields.text("by") {
        "label" => Selection::Label(chosen.to_owned()),
        _ => Selection::Ids {
            kid: None,
            ids: chosen
                .lines()
                .map(str::trim)
                .filter(|l| !l.is_empty())
                .map(id_of)
                .collect(),
        },
    })
}

/// The dry run: how many certificates this hits.
pub(crate) async fn look(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
    Extension(fields): Extension<Fields>,
) -> Response {
    let hits = async {
        let selection = selection(t, &fields)?;
        Ok::<_, Problem>(revocation::dry_run(&app.store, &Kids::All, &selection).await?)
    };
    let hits = hits.await;
    match page(&app, t, &session, &fields).await {
        Ok(mut page) => {
            match hits {
                Ok(hits) => page.hits = Some(hits),
                Err(error) => page.error = Some(error.detail),
            }
            render(&page)
        }
        Err(error) => problem(&app, t, Some(&session), error),
    }
}

pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
    Extension(actor): Extension<Actor>,
    Extension(fields): Extension<Fields>,
) -> Response {
    let done = async {
        let selection = selection(t, &fields)?;
        let expected = fields.text("number").replace(['.', ',', ' '], "");
        let expected = expected.parse().map_err(|_| {
            Problem::asked(t.say(
                "Hãy nhập số chứng nhận bị thu hồi",
                "type the number of certificates that this hits",
            ))
        })?;
        let reason = fields.text("reason");
        let done = revocation::revoke(
            &app.store,
            &app.clock,
            &actor.name,
            &Kids::All,
            &selection,
            reason,
            expected,
        );
        Ok::<_, Problem>(done.await?)
    };
    match done.await {
        Ok(_) => Redirect::to("/desk/revocations").into_response(),
        Err(error) => match page(&app, t, &session, &fields).await {
            Ok(mut page) => {
                page.error = Some(error.detail);
                if let Ok(selection) = selection(t, &fields) {
                    let hits = revocation::dry_run(&app.store, &Kids::All, &selection).await;
                    page.hits = hits.ok();
                }
                render(&page)
            }
            Err(error) => problem(&app, t, Some(&session), error),
        },
    }
}

pub(crate) async fn undo(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
    Extension(actor): Extension<Actor>,
    Extension(fields): Extension<Fields>,
) -> Response {
    let group = Selection::Group(fields.text("group").to_owned());
    match revocation::undo(&app.store, &app.clock, &actor.name, &Kids::All, &group).await {
        Ok(_) => Redirect::to("/desk/revocations").into_response(),
        Err(error) => problem(&app, t, Some(&session), error.into()),
    }
}
