//! Places: the country's tree, down to sites.

use std::sync::Arc;

use axum::{Extension, Json, extract::State, response::Response};
use serde::{Deserialize, Serialize};
use service::problem::Problem;
use utoipa::{IntoParams, ToSchema};

use super::{Asked, Body, Done, List, Paging, created, done, limit, place_of, time, words};
use crate::{actor::Actor, domain::places::NewPlace, http::App, place::Level, store::PlaceRow};

words! {
    /// What kind of place.
    LevelWord {
        /// The whole country.
        Country = "country",
        /// A province or a city of that rank.
        Province = "province",
        /// A district, where there are any.
        District = "district",
        /// A commune or ward.
        Commune = "commune",
        /// A vaccination or sampling site.
        Site = "site",
    }
}

impl From<LevelWord> for Level {
    fn from(word: LevelWord) -> Level {
        match word {
            LevelWord::Country => Level::Country,
            LevelWord::Province => Level::Province,
            LevelWord::District => Level::District,
            LevelWord::Commune => Level::Commune,
            LevelWord::Site => Level::Site,
        }
    }
}

/// A place.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlaceJson {
    /// Its path.
    path: String,
    /// `country`, `province`, `district`, `commune`, `site`.
    level: String,
    /// The last code of the path.
    code: String,
    /// Its name in Vietnamese.
    name: String,
    /// In English.
    name_en: String,
    /// A site that does all steps at once.
    one_step: bool,
    /// Nothing new is recorded there.
    disabled: bool,
    /// The public key of a site (SubjectPublicKeyInfo, base64), with which its approvals are verified.
    key: Option<String>,
    /// When it was added.
    created_at: String,
}

impl From<PlaceRow> for PlaceJson {
    fn from(row: PlaceRow) -> PlaceJson {
        PlaceJson {
            path: row.path,
            level: row.level,
            code: row.code,
            name: row.name,
            name_en: row.name_en,
            one_step: row.one_step,
            disabled: row.disabled,
            key: row.key_spki.map(|key| hcert::base64::encode(&key)),
            created_at: time(row.created_at),
        }
    }
}

/// Within which place.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Within {
    /// This place and what lies below it; without it the client's own.
    pub(super) within: Option<String>,
    /// `next` of the page before.
    pub(super) after: Option<String>,
    /// How many at most: 1 to 200, else 50.
    #[param(minimum = 1, maximum = 200)]
    pub(super) limit: Option<i64>,
}

/// A page of a list that is short enough to be read whole; `key` is what it is ordered by.
pub(super) fn page<T>(
    all: impl Iterator<Item = T>,
    paging: &Paging,
    key: impl Fn(&T) -> &str,
) -> Result<Json<List<T>>, Problem> {
    let limit = limit(paging.limit)?;
    let after = paging.after.as_deref();
    let rest = all.filter(|one| after.is_none_or(|after| key(one) > after));
    let count = usize::try_from(limit).unwrap_or_default();
    let items = rest.take(count).collect();
    Ok(List::page(items, limit, |last| key(last).to_owned()))
}

/// The places that the client sees, in the order of their paths.
#[utoipa::path(get, path = "/api/v1/places", params(Within),
    responses((status = 200, body = List<PlaceJson>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Asked(query): Asked<Within>,
) -> Result<Json<List<PlaceJson>>, Problem> {
    let within = match &query.within {
        Some(path) => place_of("within", path)?,
        None => actor.place.clone(),
    };
    let mut rows = app.issuer.places(&actor, &within).await?;
    rows.sort_by(|a, b| a.path.cmp(&b.path));
    let paging = Paging {
        after: query.after,
        limit: query.limit,
    };
    let all = rows.into_iter().map(PlaceJson::from);
    page(all, &paging, |place| place.path.as_str())
}

/// A place that is added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlaceToAdd {
    /// Its path; the place around it is there already.
    path: String,
    /// What kind.
    level: LevelWord,
    /// Its name in Vietnamese.
    name: String,
    /// Its name in English; else the Vietnamese one without marks.
    #[serde(default)]
    name_en: String,
    /// A site that does all steps at once.
    #[serde(default)]
    one_step: bool,
}

/// What a place is called.
#[derive(Serialize, ToSchema)]
pub(crate) struct AddedPlace {
    /// Its path.
    path: String,
}

/// Adds a place. A site gets its key in the same moment.
#[utoipa::path(post, path = "/api/v1/places", request_body = PlaceToAdd,
    responses((status = 201, body = AddedPlace)))]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<PlaceToAdd>,
) -> Result<Response, Problem> {
    let new = NewPlace {
        place: place_of("path", &body.path)?,
        level: body.level.into(),
        name: body.name,
        name_en: body.name_en,
        one_step: body.one_step,
    };
    app.issuer.add_place(&actor, &new).await?;
    Ok(created(AddedPlace { path: body.path }))
}

/// A place that is changed: all of it as it should be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlaceToChange {
    /// Which; the path stays.
    path: String,
    /// What kind.
    level: LevelWord,
    /// Its name in Vietnamese.
    name: String,
    /// Its name in English; else the Vietnamese one without marks.
    #[serde(default)]
    name_en: String,
    /// A site that does all steps at once.
    #[serde(default)]
    one_step: bool,
    /// Nothing new is recorded there.
    #[serde(default)]
    disabled: bool,
}

/// Changes a place; its path stays.
#[utoipa::path(put, path = "/api/v1/places", request_body = PlaceToChange,
    responses((status = 200, body = Done)))]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<PlaceToChange>,
) -> Result<Json<Done>, Problem> {
    let new = NewPlace {
        place: place_of("path", &body.path)?,
        level: body.level.into(),
        name: body.name,
        name_en: body.name_en,
        one_step: body.one_step,
    };
    let disabled = body.disabled;
    app.issuer.change_place(&actor, &new, disabled).await?;
    Ok(done())
}
