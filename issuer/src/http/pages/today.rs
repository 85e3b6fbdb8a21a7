//! Today: what waits, what was done.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use service::language::Tongue;

use super::{Frame, render};
use crate::http::{App, access::Visitor};

#[derive(Template)]
#[template(path = "today.html")]
struct TodayPage {
    frame: Frame,
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(visitor): Extension<Visitor>,
) -> Response {
    let title = t.say("Hôm nay", "Today");
    render(&TodayPage {
        frame: Frame::new(&app, t, Some(&visitor), "/desk", title),
    })
}
