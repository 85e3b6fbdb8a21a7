//! Sample tubes, also pooled ones.

use std::sync::Arc;

use axum::{Extension, Json, extract::State, response::Response};
use intake::field::Field;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::problem::Problem;
use utoipa::{IntoParams, ToSchema};

use super::{
    Asked, Body, Done, List, Named, created, done, id_of, records::Outcome, site_of, time, words,
};
use crate::{actor::Actor, domain::tubes::Found, http::App, id::Id, store::TubeRow};

/// A sample tube.
#[derive(Serialize, ToSchema)]
pub(crate) struct TubeJson {
    /// What is written on it.
    code: String,
    /// Path of the site.
    site: String,
    /// When the samples were taken.
    sampled_at: String,
    /// The test, field by field as in a report.
    #[schema(value_type = Object)]
    fields: Value,
    /// `open`, `negative`, `positive`, `spoiled`.
    state: String,
    /// When it was opened.
    created_at: String,
    /// Who opened it.
    created_by: String,
    /// When the result came.
    read_at: Option<String>,
    /// Who brought it.
    read_by: Option<String>,
    /// The people whose samples are in it; only where one tube is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    people: Option<Vec<String>>,
}

impl TubeJson {
    fn of(row: TubeRow, people: Option<Vec<Id>>) -> TubeJson {
        let people = people.map(|people| people.iter().map(Id::to_string).collect());
        TubeJson {
            code: row.code,
            site: row.site,
            sampled_at: row.sampled_at,
            fields: serde_json::from_str(&row.content).unwrap_or_else(|_| serde_json::json!({})),
            state: row.state,
            created_at: time(row.created_at),
            created_by: row.created_by,
            read_at: row.read_at.map(time),
            read_by: row.read_by,
            people,
        }
    }
}

/// Of which site.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteQuery {
    /// The path of the site; without it the client's own.
    pub(super) site: Option<String>,
}

/// The tubes of a site, newest first.
#[utoipa::path(get, path = "/api/v1/tubes", params(SiteQuery),
    responses((status = 200, body = List<TubeJson>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Asked(query): Asked<SiteQuery>,
) -> Result<Json<List<TubeJson>>, Problem> {
    let site = site_of(&actor, query.site.as_deref())?;
    let tubes = app.issuer.tubes(&actor, &site).await?;
    let tubes = tubes.into_iter().map(|row| TubeJson::of(row, None));
    Ok(List::whole(tubes.collect()))
}

/// One tube with the people in it.
#[utoipa::path(get, path = "/api/v1/tubes/{code}", params(("code" = String, Path)),
    responses((status = 200, body = TubeJson)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(code): Named<String>,
) -> Result<Json<TubeJson>, Problem> {
    let (row, people) = app.issuer.tube(&actor, &code).await?;
    Ok(Json(TubeJson::of(row, Some(people))))
}

/// A tube that is opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTube {
    /// What is written on it.
    code: String,
    /// The path of the site; without it the client's own.
    site: Option<String>,
    /// When the samples were taken.
    sampled_at: String,
    /// Disease or agent.
    disease: Option<String>,
    /// Type of the test.
    test_type: Option<String>,
    /// Name of an amplification test.
    test_name: Option<String>,
    /// Device of a rapid test.
    test_device: Option<String>,
}

/// What a tube is called.
#[derive(Serialize, ToSchema)]
pub(crate) struct AddedTube {
    /// What is written on it.
    code: String,
}

/// Opens a tube.
#[utoipa::path(post, path = "/api/v1/tubes", request_body = NewTube,
    responses((status = 201, body = AddedTube)))]
pub(crate) async fn open(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<NewTube>,
) -> Result<Response, Problem> {
    let site = site_of(&actor, body.site.as_deref())?;
    let fields = [
        (Field::Disease, body.disease),
        (Field::TestType, body.test_type),
        (Field::TestName, body.test_name),
        (Field::TestDevice, body.test_device),
    ];
    let content: Vec<_> = fields
        .into_iter()
        .filter_map(|(field, text)| Some((field, text?)))
        .collect();
    let issuer = &app.issuer;
    issuer
        .open_tube(&actor, &site, &body.code, &body.sampled_at, &content)
        .await?;
    Ok(created(AddedTube { code: body.code }))
}

/// Somebody whose sample goes into a tube.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TubePerson {
    /// Who.
    person: String,
}

/// Puts somebody's sample into an open tube.
#[utoipa::path(post, path = "/api/v1/tubes/{code}/people", params(("code" = String, Path)),
    request_body = TubePerson, responses((status = 200, body = Done)))]
pub(crate) async fn add_person(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(code): Named<String>,
    Body(body): Body<TubePerson>,
) -> Result<Json<Done>, Problem> {
    let person = id_of("person", &body.person)?;
    app.issuer.add_to_tube(&actor, &code, person).await?;
    Ok(done())
}

words! {
    /// What a laboratory found in a tube.
    FoundWord {
        /// Nothing: everyone in it gets a negative result.
        Negative = "negative",
        /// Something: one person gets a positive result; of several, each has to be tested alone.
        Positive = "positive",
        /// It could not be tested.
        Spoiled = "spoiled",
    }
}

/// The laboratory's result.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TubeResult {
    /// What was found.
    result: FoundWord,
}

/// Takes the laboratory's result: a record for everyone whom it decides.
#[utoipa::path(post, path = "/api/v1/tubes/{code}/result", params(("code" = String, Path)),
    request_body = TubeResult, responses((status = 200, body = List<Outcome>)))]
pub(crate) async fn result(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(code): Named<String>,
    Body(body): Body<TubeResult>,
) -> Result<Json<List<Outcome>>, Problem> {
    let found = match body.result {
        FoundWord::Negative => Found::Negative,
        FoundWord::Positive => Found::Positive,
        FoundWord::Spoiled => Found::Spoiled,
    };
    let outcomes = app.issuer.read_tube(&actor, &code, found).await?;
    let items = outcomes.into_iter();
    let items = items.map(|made| Outcome::of(None, made.map(Some)));
    Ok(List::whole(items.collect()))
}
