//! What is live, how old it is, what waits.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use service::people::sessions::Session;

use super::{Frame, Tongue, problem, render};
use crate::{
    http::{App, Problem},
    publish::KeyListStatus,
    serve::statics::LiveTimes,
};

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    frame: Frame,
    live: Option<LiveTimes>,
    /// `green`, `amber` or `red`.
    colour: &'static str,
    age: i64,
    soft_in: i64,
    hard_in: i64,
    changes: usize,
    parts: usize,
    candidates: i64,
    admitted: i64,
    withdrawn: i64,
    countries: usize,
    revoked: i64,
    issued: i64,
    key_list: Option<KeyListStatus>,
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
) -> Response {
    match page(&app, t, &session).await {
        Ok(page) => render(&page),
        Err(error) => problem(&app, t, Some(&session), error),
    }
}

async fn page(app: &App, t: Tongue, session: &Session) -> Result<OverviewPage, Problem> {
    let now = app.clock.now().unix();
    let live = app.statics.live().await;
    let preview = app.publisher.preview().await?;
    let mut tx = app.store.read().await?;
    let counts = tx.key_counts().await?;
    let slices = tx.slices().await?;
    drop(tx);
    let of = |states: &[&str]| -> i64 {
        let counted = counts.iter().filter(|row| states.contains(&row.2.as_str()));
        counted.map(|row| row.3).sum()
    };
    let countries: std::collections::BTreeSet<_> =
        counts.iter().filter_map(|row| row.0.as_ref()).collect();
    Ok(OverviewPage {
        frame: Frame::new(
            app,
            t,
            Some(session),
            "/desk",
            t.say("Tổng quan", "Overview"),
        ),
        colour: match live {
            Some(live) if now < live.soft => "green",
            Some(live) if now < live.hard => "amber",
            _ => "red",
        },
        age: live.map_or(0, |live| now - live.issued),
        soft_in: live.map_or(0, |live| live.soft - now),
        hard_in: live.map_or(0, |live| live.hard - now),
        live,
        changes: preview.keys_added.len()
            + preview.keys_removed.len()
            + preview.keys_withdrawn.len()
            + preview.authorities_changed,
        parts: preview.parts.len() + preview.slices_to_build,
        candidates: of(&["candidate"]),
        admitted: of(&["admitted"]),
        withdrawn: of(&["withdrawn", "compromised"]),
        countries: countries.len(),
        revoked: slices.iter().map(|slice| slice.revoked).sum(),
        issued: slices.iter().map(|slice| slice.issued).sum(),
        key_list: preview.key_list,
    })
}
