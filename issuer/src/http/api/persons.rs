//! People.

use std::sync::Arc;

use axum::{Extension, Json, extract::State, http::HeaderMap, response::Response};
use intake::{draft::Draft, field::Field};
use serde::{Deserialize, Serialize};
use service::problem::Problem;
use utoipa::ToSchema;

use super::{Body, List, Named, created, id_of, reports, site_of, tagged, time};
use crate::{actor::Actor, domain::persons::Search, http::App, id::Id, store::PersonRow};

/// A person.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonJson {
    /// Who.
    id: String,
    /// Family name.
    family_name: String,
    /// Middle and given names.
    given_names: String,
    /// Family name as in a passport.
    passport_family_name: String,
    /// Given names as in a passport.
    passport_given_names: String,
    /// `1998-02-26`, `1998-02` or `1998`.
    birth_date: String,
    /// `male`, `female`, `other`.
    sex: Option<String>,
    /// ISO 3166-1 alpha-2.
    nationality: Option<String>,
    /// Number of the citizen card.
    cccd: Option<String>,
    /// Number of the old identity card.
    cmnd: Option<String>,
    /// Number of the passport.
    passport: Option<String>,
    /// Number of the health-insurance card.
    bhyt: Option<String>,
    /// Where they were first recorded.
    site: String,
    /// When.
    created_at: String,
    /// Who recorded them.
    created_by: String,
    /// When something of it was last changed.
    changed_at: String,
}

impl From<PersonRow> for PersonJson {
    fn from(row: PersonRow) -> PersonJson {
        PersonJson {
            id: row.id.to_string(),
            family_name: row.family,
            given_names: row.given,
            passport_family_name: row.family_t,
            passport_given_names: row.given_t,
            birth_date: row.birth,
            sex: row.sex,
            nationality: row.nationality,
            cccd: row.cccd,
            cmnd: row.cmnd,
            passport: row.passport,
            bhyt: row.bhyt,
            site: row.site,
            created_at: time(row.created_at),
            created_by: row.created_by,
            changed_at: time(row.changed_at),
        }
    }
}

/// What to look for; at least one of `number`, `name`, `birth_date`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchJson {
    /// Number of a document of any kind, or a certificate's identifier (UVCI). Together with the birth
    /// date it searches the whole country.
    number: Option<String>,
    /// Words of the name, with or without marks.
    name: Option<String>,
    /// `1998-02-26`, `1998-02` or `1998`.
    birth_date: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Finds people.
///
/// It is a POST, because names and numbers in an address end in the logs of whatever stands between.
/// It changes nothing and needs no Idempotency-Key.
#[utoipa::path(post, path = "/api/v1/persons/search", request_body = SearchJson,
    responses((status = 200, body = List<PersonJson>)))]
pub(crate) async fn search(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<SearchJson>,
) -> Result<Json<List<PersonJson>>, Problem> {
    let text = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let search = Search {
        number: text(body.number),
        name: text(body.name),
        birth: text(body.birth_date),
        after: body.after.map(|id| id_of("after", &id)).transpose()?,
    };
    if search.number.is_none() && search.name.is_none() && search.birth.is_none() {
        return Err(Problem::asked("say a number, a name or a birth date"));
    }
    let rows = app.issuer.find(&actor, &search).await?;
    let items: Vec<_> = rows.into_iter().map(PersonJson::from).collect();
    // How many come at once is the search's own affair; the last page is an empty one.
    let next = items.last().map(|person| person.id.clone());
    Ok(Json(List { items, next }))
}

/// One person.
#[utoipa::path(get, path = "/api/v1/persons/{id}", params(("id" = String, Path)),
    responses((status = 200, body = PersonJson), (status = 304, description = "not changed")))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(id): Named<Id>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let row = app.issuer.person(&actor, id).await?;
    tagged(&headers, &PersonJson::from(row))
}

/// A person without an event, as for a sample tube. Values as in a report.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPerson {
    /// The path of the site; without it the client's own.
    site: Option<String>,
    /// Family and given names in one.
    full_name: Option<String>,
    /// Family name.
    family_name: Option<String>,
    /// Middle and given names.
    given_names: Option<String>,
    /// Family name as the passport spells it.
    passport_family_name: Option<String>,
    /// Given names as the passport spells them.
    passport_given_names: Option<String>,
    /// Date of birth.
    birth_date: Option<String>,
    /// Sex.
    sex: Option<String>,
    /// Nationality.
    nationality: Option<String>,
    /// A document of any kind.
    identity: Option<String>,
    /// Number of the citizen card.
    cccd: Option<String>,
    /// Number of the old identity card.
    cmnd: Option<String>,
    /// Number of a passport.
    passport: Option<String>,
    /// Number of the health-insurance card.
    bhyt: Option<String>,
}

/// Who was added.
#[derive(Serialize, ToSchema)]
pub(crate) struct AddedPerson {
    /// The person.
    id: String,
}

/// Adds a person without an event.
#[utoipa::path(post, path = "/api/v1/persons", request_body = NewPerson,
    responses((status = 201, body = AddedPerson)))]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<NewPerson>,
) -> Result<Response, Problem> {
    let site = site_of(&actor, body.site.as_deref())?;
    let mut draft = Draft::default();
    for (field, text) in [
        (Field::FullName, &body.full_name),
        (Field::FamilyName, &body.family_name),
        (Field::GivenNames, &body.given_names),
        (Field::PassportFamily, &body.passport_family_name),
        (Field::PassportGiven, &body.passport_given_names),
        (Field::BirthDate, &body.birth_date),
        (Field::Sex, &body.sex),
        (Field::Nationality, &body.nationality),
        (Field::Identity, &body.identity),
        (Field::Cccd, &body.cccd),
        (Field::Cmnd, &body.cmnd),
        (Field::Passport, &body.passport),
        (Field::Bhyt, &body.bhyt),
    ] {
        if let Some(text) = text {
            draft.set(field, text.as_str());
        }
    }
    let person = reports::person(&app.issuer, &draft)?;
    let id = app.issuer.add_person(&actor, &site, &person).await?;
    Ok(created(AddedPerson { id: id.to_string() }))
}
