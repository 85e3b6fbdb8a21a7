//! Keys: looked at, taken in, withdrawn.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use hcert::time::Timestamp;
use serde::Deserialize;
use service::{fields::Fields, people::sessions::Session};

use super::{Frame, Tongue, problem, render};
use crate::{
    domain::{
        import::Upload,
        keys::{self, Change, KeysError, Taken},
    },
    http::{App, Problem, access::Actor},
    store::{KeyFilter, KeyRow},
};

const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "keys.html")]
struct KeysPage {
    frame: Frame,
    rows: Vec<KeyRow>,
    countries: Vec<(String, i64)>,
    country: String,
    state: String,
    search: String,
    next: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct ListQuery {
    #[serde(default)]
    country: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    search: String,
    #[serde(default)]
    after: String,
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
    Query(query): Query<ListQuery>,
) -> Response {
    let page = async {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let filter = KeyFilter {
            country: given(&query.country),
            state: given(&query.state),
            search: given(&query.search),
            after: given(&query.after),
            limit: PAGE + 1,
        };
        let mut tx = app.store.read().await?;
        let mut rows = tx.keys(&filter).await?;
        let mut countries: Vec<(String, i64)> = Vec::new();
        for (country, _, _, count) in tx.key_counts().await? {
            let country = country.unwrap_or_default();
            match countries.last_mut() {
                Some((last, sum)) if *last == country => *sum += count,
                _ => countries.push((country, count)),
            }
        }
        let more = i64::try_from(rows.len()).unwrap_or(0) > PAGE;
        rows.truncate(usize::try_from(PAGE).unwrap_or(1));
        let next = rows.last().filter(|_| more).map(|row| row.id.clone());
        Ok::<_, Problem>(KeysPage {
            frame: Frame::new(&app, t, Some(&session), "/desk/keys", t.say("Khóa", "Keys")),
            rows,
            countries,
            country: query.country,
            state: query.state,
            search: query.search,
            next,
        })
    };
    match page.await {
        Ok(page) => render(&page),
        Err(error) => problem(&app, t, Some(&session), error),
    }
}

#[derive(Template)]
#[template(path = "key_add.html")]
struct AddPage {
    frame: Frame,
    pins: Vec<String>,
    source: String,
    pasted: String,
    country: String,
    error: Option<String>,
    taken: Option<Taken>,
}

impl AddPage {
    fn new(app: &App, t: Tongue, session: &Session) -> AddPage {
        let title = t.say("Thêm khóa", "Add keys");
        AddPage {
            frame: Frame::new(app, t, Some(session), "/desk/keys", title),
            pins: app.pins.keys().cloned().collect(),
            source: String::new(),
            pasted: String::new(),
            country: String::new(),
            error: None,
            taken: None,
        }
    }
}

pub(crate) async fn add_form(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
) -> Response {
    render(&AddPage::new(&app, t, &session))
}

pub(crate) async fn add(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
    Extension(actor): Extension<Actor>,
    Extension(fields): Extension<Fields>,
) -> Response {
    let taken = async {
        let pin = match fields.text("pin") {
            "" => None,
            name => Some(app.pin(name)?),
        };
        let country = fields.text("country").to_ascii_uppercase();
        let upload = Upload {
            list: fields.file_or("pasted").to_vec(),
            source: fields.text("source").to_owned(),
            pin,
            country: Some(country).filter(|code| !code.is_empty()),
            as_candidates: fields.is_ticked("candidates"),
        };
        let environment = app.publisher.roots().current().environment();
        Ok::<_, Problem>(
            keys::take(&app.store, &app.clock, environment, &actor.name, upload).await?,
        )
    };
    let mut page = AddPage::new(&app, t, &session);
    match taken.await {
        Ok(taken) => page.taken = Some(taken),
        Err(error) => {
            // What was typed is not lost; a file the browser does not give back.
            page.source = fields.text("source").to_owned();
            page.pasted = fields.text("pasted").to_owned();
            page.country = fields.text("country").to_owned();
            page.error = Some(error.detail);
        }
    }
    render(&page)
}

#[derive(Template)]
#[template(path = "key.html")]
struct KeyPage {
    frame: Frame,
    row: KeyRow,
    kid: String,
    path: String,
    error: Option<String>,
}

async fn one(
    app: &App,
    t: Tongue,
    session: &Session,
    id: String,
    error: Option<String>,
) -> Result<KeyPage, Problem> {
    let mut tx = app.store.read().await?;
    let row = tx.key(&id).await?.ok_or(KeysError::Unknown(id))?;
    Ok(KeyPage {
        frame: Frame::new(app, t, Some(session), "/desk/keys", t.say("Khóa", "Key")),
        kid: row
            .kid
            .as_deref()
            .map(hcert::base64::encode)
            .unwrap_or_default(),
        path: format!("/desk/keys/{}", row.id),
        row,
        error,
    })
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
    Path(id): Path<String>,
) -> Response {
    match one(&app, t, &session, id, None).await {
        Ok(page) => render(&page),
        Err(error) => problem(&app, t, Some(&session), error),
    }
}

pub(crate) async fn change(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(session): Extension<Session>,
    Extension(actor): Extension<Actor>,
    Extension(fields): Extension<Fields>,
    Path(id): Path<String>,
) -> Response {
    let reason = fields.text("reason").to_owned();
    let wanted = match fields.text("do") {
        "admit" => Ok(Change::Admit),
        "withdraw" => {
            from(&app, t, fields.text("from")).map(|from| Change::Withdraw { from, reason })
        }
        "compromised" => Ok(Change::Compromised { reason }),
        "remove" => Ok(Change::Remove { reason }),
        _ => Err(Problem::asked("the form can't be read")),
    };
    let changed = match wanted {
        Ok(wanted) => keys::change(&app.store, &app.clock, &actor.name, &id, &wanted)
            .await
            .map_err(Problem::from),
        Err(error) => Err(error),
    };
    match changed {
        Ok(row) => Redirect::to(&format!("/desk/keys/{}", row.id)).into_response(),
        Err(error) => match one(&app, t, &session, id, Some(error.detail)).await {
            Ok(page) => render(&page),
            Err(error) => problem(&app, t, Some(&session), error),
        },
    }
}

/// A day as people write it, `26/02/2026`, or nothing for now.
fn from(app: &App, t: Tongue, text: &str) -> Result<Timestamp, Problem> {
    if text.is_empty() {
        return Ok(app.clock.now());
    }
    let mut numbers = text.split(['/', '-', '.']);
    let (day, month, year) = (numbers.next(), numbers.next(), numbers.next());
    let written = match (day, month, year, numbers.next()) {
        (Some(day), Some(month), Some(year), None) => {
            format!("{year:0>4}-{month:0>2}-{day:0>2}T00:00:00Z")
        }
        _ => String::new(),
    };
    written.parse().map_err(|_| {
        Problem::asked(t.say(
            "Ngày viết như 26/02/2026, hoặc để trống nếu là bây giờ",
            "a day is written as 26/02/2026; leave it empty for now",
        ))
    })
}
