//! Records: reported, looked at, approved, sent back, certified.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::problem::Problem;
use utoipa::{IntoParams, ToSchema};

use super::{
    Asked, Body, Done, List, Named, ProblemJson, after, created, done, id_of, limit, place_of,
    reports::{Found, MadeJson, Report},
    site_of, tagged, time, words,
};
use crate::{
    actor::Actor,
    domain::{
        Refusal,
        desk::{Entry, Made, Once, Upto},
        lists::ListOf,
        persons::{Alike, Likeness},
        queue::Seen,
    },
    http::{App, once},
    id::Id,
    store::RecordRow,
};

words! {
    /// The state of a record.
    RecordState {
        /// Waits for the site's officer.
        Recorded = "recorded",
        /// Waits to be mended by the site.
        SentBack = "sent_back",
        /// Waits for the authority.
        Approved = "approved",
        /// There is a certificate.
        Certified = "certified",
        /// Taken back before there was one.
        Withdrawn = "withdrawn",
        /// A correction took its place.
        Replaced = "replaced",
    }
}

words! {
    /// The kind of an event.
    KindWord {
        /// A dose of a vaccine.
        Vaccination = "vaccination",
        /// A test.
        Test = "test",
        /// A recovery.
        Recovery = "recovery",
    }
}

/// A record.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecordJson {
    /// Which.
    id: String,
    /// Of whom.
    person: String,
    /// `vaccination`, `test` or `recovery`.
    kind: String,
    /// Path of the site.
    site: String,
    /// Day of the event.
    day: String,
    /// Code of the product.
    product: Option<String>,
    /// The lot.
    lot: Option<String>,
    /// Number of the dose.
    dose: Option<i64>,
    /// Doses of the series.
    total_doses: Option<i64>,
    /// The sample tube.
    tube: Option<String>,
    /// The certificate that this record corrects.
    corrects: Option<String>,
    /// The event, field by field; only where one record is asked for, and empty after its time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    fields: Option<Value>,
    /// Counts changes, from 1: what is done to a record names the one that was looked at.
    revision: i64,
    /// `recorded`, `sent_back`, `approved`, `certified`, `withdrawn`, `replaced`.
    state: String,
    /// Why it was sent back or withdrawn.
    note: Option<String>,
    /// `desk`, `api`, `bulk`.
    source: String,
    /// When.
    recorded_at: String,
    /// Who.
    recorded_by: String,
    /// When.
    approved_at: Option<String>,
    /// Who.
    approved_by: Option<String>,
    /// When.
    certified_at: Option<String>,
    /// Who.
    certified_by: Option<String>,
}

impl From<RecordRow> for RecordJson {
    fn from(row: RecordRow) -> RecordJson {
        let corrects = row.corrects.and_then(|id| Id::from_slice(&id));
        RecordJson {
            id: row.id.to_string(),
            person: row.person.to_string(),
            kind: row.kind,
            site: row.site,
            day: row.day,
            product: row.product,
            lot: row.lot,
            dose: row.dose,
            total_doses: row.total,
            tube: row.tube,
            corrects: corrects.map(|id| id.to_string()),
            fields: None,
            revision: row.revision,
            state: row.state,
            note: row.note,
            source: row.source,
            recorded_at: time(row.recorded_at),
            recorded_by: row.recorded_by,
            approved_at: row.approved_at.map(time),
            approved_by: row.approved_by,
            certified_at: row.certified_at.map(time),
            certified_by: row.certified_by,
        }
    }
}

/// Which records.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordQuery {
    /// In this place, or below it: a path, as VN/79.
    site: Option<String>,
    /// In this state.
    #[param(inline)]
    state: Option<RecordState>,
    /// Of this kind.
    #[param(inline)]
    kind: Option<KindWord>,
    /// Of this person.
    person: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// How many at most: 1 to 200, else 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Records of the client's place, oldest first.
#[utoipa::path(get, path = "/api/v1/records", params(RecordQuery),
    responses((status = 200, body = List<RecordJson>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Asked(query): Asked<RecordQuery>,
) -> Result<Json<List<RecordJson>>, Problem> {
    let of = ListOf {
        within: query.site.map(|site| place_of("site", &site)).transpose()?,
        state: query.state.map(|state| state.name().to_owned()),
        kind: query.kind.map(|kind| kind.name().to_owned()),
        person: query.person.map(|id| id_of("person", &id)).transpose()?,
        after: after(query.after.as_deref())?,
        limit: limit(query.limit)?,
    };
    let rows = app.issuer.list_records(&actor, &of).await?;
    let items = rows.into_iter().map(RecordJson::from).collect();
    Ok(List::page(items, of.limit, |last: &RecordJson| {
        last.id.clone()
    }))
}

/// One record with the event's fields.
#[utoipa::path(get, path = "/api/v1/records/{id}", params(("id" = String, Path)),
    responses((status = 200, body = RecordJson), (status = 304, description = "not changed")))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(id): Named<Id>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let row = app.issuer.one_record(&actor, id).await?;
    let fields = serde_json::from_str(&row.content).ok();
    let mut json = RecordJson::from(row);
    json.fields = fields;
    tagged(&headers, &json)
}

/// Whether to do it, or to say what would be said.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct DryRun {
    /// Changes nothing: answers 200 with what is to be said of the report. Needs no Idempotency-Key.
    #[serde(default)]
    dry_run: bool,
}

/// Somebody who may be the one in the report.
#[derive(Serialize, ToSchema)]
pub(crate) struct AlikeJson {
    /// Who.
    person: String,
    /// `same`: document, birth date and name; `document`: the document, and something else differs;
    /// `name`: birth date and a name alike.
    why: &'static str,
    /// The name.
    name: String,
    /// The birth date.
    birth_date: String,
}

impl From<Alike> for AlikeJson {
    fn from(alike: Alike) -> AlikeJson {
        let person = alike.person;
        AlikeJson {
            person: person.id.to_string(),
            why: match alike.why {
                Likeness::Same => "same",
                Likeness::Document => "document",
                Likeness::Name => "name",
            },
            name: format!("{} {}", person.family, person.given).trim().into(),
            birth_date: person.birth,
        }
    }
}

/// What is to be said of a report before it is recorded.
#[derive(Serialize, ToSchema)]
pub(crate) struct LookedJson {
    /// Whether it would be taken as it is.
    takes: bool,
    /// Errors, warnings, notes.
    findings: Vec<Found>,
    /// People who look like this one.
    alike: Vec<AlikeJson>,
    /// The same event, if it is recorded already.
    recorded: Option<String>,
}

/// Records a report.
///
/// With `dry_run=true` it changes nothing and says what there is to be said: findings, people who look
/// alike, whether the event is recorded already.
#[utoipa::path(post, path = "/api/v1/records", params(DryRun), request_body = Report,
    responses((status = 201, body = MadeJson),
        (status = 200, description = "made by the same request before; or a dry run",
            body = RecordsAnswer)))]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Extension(once): Extension<Option<Once>>,
    Asked(asked): Asked<DryRun>,
    Body(report): Body<Report>,
) -> Result<Response, Problem> {
    if asked.dry_run {
        return Ok(Json(look(&app, &actor, &report).await?).into_response());
    }
    let upto = report.upto.map_or(Upto::Recorded, Upto::from);
    let made = take(&app, &actor, once, &report, upto).await?;
    let new = made.new;
    let json = MadeJson::from(made);
    Ok(match new {
        true => created(json),
        false => Json(json).into_response(),
    })
}

/// What `POST /records` answers with 200.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only described")]
pub(crate) enum RecordsAnswer {
    /// Of a dry run.
    Looked(LookedJson),
    /// Of a repeated request.
    Made(MadeJson),
}

async fn look(app: &App, actor: &Actor, report: &Report) -> Result<LookedJson, Problem> {
    let issuer = &app.issuer;
    let site = site_of(actor, report.site.as_deref())?;
    let (record, notes) = report.read(issuer, &site)?;
    let looked = issuer.look(actor, &site, report.whom()?, &record).await?;
    let severity = looked
        .findings
        .iter()
        .map(|finding| finding.severity())
        .max();
    let takes = match severity {
        Some(intake::finding::Severity::Error) => false,
        Some(intake::finding::Severity::Warning) => report.confirmed,
        _ => true,
    };
    let findings = notes.iter().chain(&looked.findings).map(Found::of);
    Ok(LookedJson {
        takes: takes && looked.recorded.is_none(),
        findings: findings.collect(),
        alike: looked.alike.into_iter().map(AlikeJson::from).collect(),
        recorded: looked.recorded.map(|id| id.to_string()),
    })
}

/// Takes a report once.
pub(super) async fn take(
    app: &App,
    actor: &Actor,
    once: Option<Once>,
    report: &Report,
    upto: Upto,
) -> Result<Made, Problem> {
    let once = once.ok_or_else(once::needed)?;
    let site = site_of(actor, report.site.as_deref())?;
    let (record, _) = report.read(&app.issuer, &site)?;
    let entry = Entry {
        record,
        whom: report.whom()?,
        site,
        upto,
        source: "api",
        confirmed: report.confirmed,
        once: Some(once),
        row_key: report.row_key()?,
        row: None,
    };
    Ok(app.issuer.take(actor, entry).await?)
}

/// A record that is mended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Amended {
    /// The revision that was looked at.
    revision: i64,
    /// All of it as it should be. `site`, `key` and `upto` are not changed by it.
    report: Report,
}

/// Mends a record that is not certified yet: it is recorded anew.
#[utoipa::path(put, path = "/api/v1/records/{id}", params(("id" = String, Path)),
    request_body = Amended, responses((status = 200, body = Done)))]
pub(crate) async fn amend(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(record): Named<Id>,
    Body(body): Body<Amended>,
) -> Result<Json<Done>, Problem> {
    let issuer = &app.issuer;
    let row = issuer.one_record(&actor, record).await?;
    let site = place_of("site", &row.site)?;
    let (content, _) = body.report.read(issuer, &site)?;
    let whom = body.report.whom()?;
    let seen = Seen {
        record,
        revision: body.revision,
    };
    let confirmed = body.report.confirmed;
    issuer
        .amend(&actor, seen, &content, whom, confirmed)
        .await?;
    Ok(done())
}

/// A record as it was looked at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeenJson {
    /// The revision.
    revision: i64,
}

/// A record as it was looked at, and why something is done with it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeenWithReason {
    /// The revision.
    revision: i64,
    /// Why, in words for the site.
    reason: String,
}

/// Approves a record; the site's key signs.
#[utoipa::path(post, path = "/api/v1/records/{id}/approve", params(("id" = String, Path)),
    request_body = SeenJson, responses((status = 200, body = Done)))]
pub(crate) async fn approve(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(record): Named<Id>,
    Body(body): Body<SeenJson>,
) -> Result<Json<Done>, Problem> {
    let seen = Seen {
        record,
        revision: body.revision,
    };
    let outcomes = app.issuer.approve(&actor, &[seen]).await?;
    outcomes.into_iter().next().unwrap_or(Ok(()))?;
    Ok(done())
}

/// Certifies a record; the DSC signs.
#[utoipa::path(post, path = "/api/v1/records/{id}/certify", params(("id" = String, Path)),
    request_body = SeenJson, responses((status = 201, body = MadeJson)))]
pub(crate) async fn certify(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(record): Named<Id>,
    Body(body): Body<SeenJson>,
) -> Result<Response, Problem> {
    let seen = Seen {
        record,
        revision: body.revision,
    };
    let outcomes = app.issuer.certify(&actor, &[seen]).await?;
    let made = outcomes.into_iter().next();
    let made = made.unwrap_or(Err(Refusal::NotFound("record")))?;
    Ok(created(MadeJson::from(made)))
}

/// Sends a record back to the site.
#[utoipa::path(post, path = "/api/v1/records/{id}/send-back", params(("id" = String, Path)),
    request_body = SeenWithReason, responses((status = 200, body = Done)))]
pub(crate) async fn send_back(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(record): Named<Id>,
    Body(body): Body<SeenWithReason>,
) -> Result<Json<Done>, Problem> {
    let seen = Seen {
        record,
        revision: body.revision,
    };
    app.issuer.send_back(&actor, seen, &body.reason).await?;
    Ok(done())
}

/// Takes a record back that is not certified yet.
#[utoipa::path(post, path = "/api/v1/records/{id}/withdraw", params(("id" = String, Path)),
    request_body = SeenWithReason, responses((status = 200, body = Done)))]
pub(crate) async fn withdraw(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(record): Named<Id>,
    Body(body): Body<SeenWithReason>,
) -> Result<Json<Done>, Problem> {
    let seen = Seen {
        record,
        revision: body.revision,
    };
    app.issuer.withdraw(&actor, seen, &body.reason).await?;
    Ok(done())
}

/// One of many records.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OneOfMany {
    /// Which.
    id: String,
    /// The revision that was looked at.
    revision: i64,
}

/// Many records.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Many {
    /// 1 to 1000 of them.
    #[schema(min_items = 1, max_items = 1000)]
    records: Vec<OneOfMany>,
}

impl Many {
    fn seen(&self) -> Result<Vec<Seen>, Problem> {
        if !(1..=1000).contains(&self.records.len()) {
            return Err(Problem::asked("`records` names 1 to 1000 records"));
        }
        let seen = |one: &OneOfMany| {
            Ok(Seen {
                record: id_of("id", &one.id)?,
                revision: one.revision,
            })
        };
        self.records.iter().map(seen).collect()
    }
}

/// What came of one of many.
#[derive(Serialize, ToSchema)]
pub(crate) struct Outcome {
    /// The record.
    pub(super) record: Option<String>,
    /// The certificate that was made.
    pub(super) certificate: Option<String>,
    /// Why nothing came of it.
    pub(super) problem: Option<ProblemJson>,
}

impl Outcome {
    /// Of something made, or refused.
    pub(super) fn of(record: Option<Id>, made: Result<Option<Made>, Refusal>) -> Outcome {
        let (made, problem) = match made {
            Ok(made) => (made, None),
            Err(refusal) => (None, Some(Problem::from(refusal).into())),
        };
        let record = record.or_else(|| made.as_ref().map(|made| made.record));
        let certificate = made.and_then(|made| made.certificate);
        Outcome {
            record: record.map(|id| id.to_string()),
            certificate: certificate.map(|id| id.to_string()),
            problem,
        }
    }
}

/// Approves many records, each with its own outcome, in the order given.
#[utoipa::path(post, path = "/api/v1/records/approve", request_body = Many,
    responses((status = 200, body = List<Outcome>)))]
pub(crate) async fn approve_many(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<Many>,
) -> Result<Json<List<Outcome>>, Problem> {
    let seen = body.seen()?;
    let outcomes = app.issuer.approve(&actor, &seen).await?;
    let items = seen.iter().zip(outcomes);
    let items = items.map(|(seen, made)| Outcome::of(Some(seen.record), made.map(|()| None)));
    Ok(List::whole(items.collect()))
}

/// Certifies many records, each with its own outcome, in the order given.
#[utoipa::path(post, path = "/api/v1/records/certify", request_body = Many,
    responses((status = 200, body = List<Outcome>)))]
pub(crate) async fn certify_many(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<Many>,
) -> Result<Json<List<Outcome>>, Problem> {
    let seen = body.seen()?;
    let outcomes = app.issuer.certify(&actor, &seen).await?;
    let items = seen.iter().zip(outcomes);
    let items = items.map(|(seen, made)| Outcome::of(Some(seen.record), made.map(Some)));
    Ok(List::whole(items.collect()))
}
