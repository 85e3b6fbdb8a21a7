//! Keys.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, Query, State},
};
use hcert::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Body, Raw};
use crate::{
    domain::{
        import::Upload,
        keys::{self, Change, KeysError, Taken},
    },
    http::{App, Problem, access::Actor},
    store::{KeyFilter, KeyRow},
};

/// A key as the API shows it.
#[derive(Serialize)]
pub(crate) struct KeyJson {
    id: String,
    role: String,
    kid: Option<String>,
    material: &'static str,
    der: String,
    country: Option<String>,
    domain: Option<String>,
    issuer: Option<String>,
    subject: Option<String>,
    not_after: Option<String>,
    state: String,
    withdrawn_from: Option<String>,
    reason: Option<String>,
    source: String,
    added_at: String,
    added_by: String,
    changed_at: String,
}

impl From<KeyRow> for KeyJson {
    fn from(row: KeyRow) -> KeyJson {
        let time = |at: i64| Timestamp::saturating(at).to_string();
        KeyJson {
            id: row.id,
            role: row.role,
            kid: row.kid.as_deref().map(hcert::base64::encode),
            material: match row.certificate {
                true => "certificate",
                false => "key",
            },
            der: hcert::base64::encode(&row.der),
            country: row.country,
            domain: row.domain,
            issuer: row.issuer,
            subject: row.subject,
            not_after: row.not_after.map(time),
            withdrawn_from: row
                .withdrawn_from
                .filter(|_| row.state == "withdrawn")
                .map(time),
            state: row.state,
            reason: row.reason,
            source: row.source,
            added_at: time(row.added_at),
            added_by: row.added_by,
            changed_at: time(row.changed_at),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    country: Option<String>,
    state: Option<String>,
    search: Option<String>,
    after: Option<String>,
    #[serde(default = "hundred")]
    limit: i64,
}

const fn hundred() -> i64 {
    100
}

#[derive(Serialize)]
pub(crate) struct KeyPage {
    keys: Vec<KeyJson>,
    /// To be given as `after` for the next page.
    next: Option<String>,
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Query(query): Query<ListQuery>,
) -> Result<Json<KeyPage>, Problem> {
    let limit = query.limit.clamp(1, 1000);
    let filter = KeyFilter {
        country: query.country,
        state: query.state,
        search: query.search,
        after: query.after,
        limit: limit + 1,
    };
    let mut tx = app.store.read().await?;
    let mut rows = tx.keys(&filter).await?;
    let limit = usize::try_from(limit).unwrap_or(1);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| row.id.clone());
    let keys = rows.into_iter().map(KeyJson::from).collect();
    Ok(Json(KeyPage { keys, next }))
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Json<KeyJson>, Problem> {
    let mut tx = app.store.read().await?;
    let row = tx.key(&id).await?;
    Ok(Json(row.ok_or(KeysError::Unknown(id))?.into()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TakeQuery {
    source: Option<String>,
    #[serde(rename = "as")]
    state: Option<String>,
    /// Name of a key in the configuration (`[pins]`) that has to have signed the list.
    pin: Option<String>,
    /// The one country whose keys the list may bring.
    country: Option<String>,
}

pub(crate) async fn take(
    State(app): State<Arc<App>>,
    Query(query): Query<TakeQuery>,
    Extension(actor): Extension<Actor>,
    Raw(body): Raw,
) -> Result<Json<Taken>, Problem> {
    let as_candidates = match query.state.as_deref() {
        None | Some("admitted") => false,
        Some("candidate") => true,
        Some(_) => return Err(Problem::asked("`as` is admitted or candidate")),
    };
    let pin = match &query.pin {
        Some(name) => Some(app.pin(name)?),
        None => None,
    };
    let upload = Upload {
        list: body.to_vec(),
        source: query.source.unwrap_or_default(),
        pin,
        country: query.country,
        as_candidates,
    };
    let environment = app.publisher.roots().current().environment();
    let taken = keys::take(&app.store, &app.clock, environment, &actor.name, upload).await?;
    Ok(Json(taken))
}

pub(crate) async fn admit(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<KeyJson>, Problem> {
    change(&app, &actor, &id, &Change::Admit).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Withdrawal {
    reason: String,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    compromised: bool,
}

pub(crate) async fn withdraw(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<Withdrawal>,
) -> Result<Json<KeyJson>, Problem> {
    let from = match &body.from {
        Some(_) if body.compromised => {
            let why = "`from` says nothing for a compromised key: all it ever signed is refused";
            return Err(Problem::asked(why));
        }
        Some(text) => text
            .parse()
            .map_err(|_| Problem::asked("`from` is a time such as 2026-11-22T00:00:00Z"))?,
        None => app.clock.now(),
    };
    let reason = body.reason;
    let wanted = match body.compromised {
        true => Change::Compromised { reason },
        false => Change::Withdraw { from, reason },
    };
    change(&app, &actor, &id, &wanted).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Removal {
    reason: String,
}

pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<Removal>,
) -> Result<Json<KeyJson>, Problem> {
    let reason = body.reason;
    change(&app, &actor, &id, &Change::Remove { reason }).await
}

async fn change(
    app: &App,
    actor: &Actor,
    id: &str,
    wanted: &Change,
) -> Result<Json<KeyJson>, Problem> {
    let row = keys::change(&app.store, &app.clock, &actor.name, id, wanted).await?;
    Ok(Json(row.into()))
}
