//! Bulk work.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, Query, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use hcert::time::Timestamp;
use intake::{table, words};
use serde::{Deserialize, Serialize};
use service::{language::Language, problem::Problem};
use utoipa::{IntoParams, ToSchema};

use crate::{
    actor::Actor,
    bulk::{
        exports::Paper,
        form::report_type,
        jobs::Next,
        trouble,
        upload::{self, Upload},
    },
    domain::{
        Refusal,
        desk::{Once, Upto},
    },
    http::{App, download},
    id::Id,
    place::Place,
    store::{JobRow, RowRow},
};

/// A job of bulk work.
#[derive(Serialize, ToSchema)]
pub(crate) struct JobJson {
    /// Its identifier.
    id: String,
    /// `csv`, `xlsx`, `fhir`.
    form: String,
    /// Path of the site.
    site: String,
    /// The file's name.
    name: String,
    /// How far each row goes: `recorded`, `approved`, `certified`.
    upto: String,
    /// `checked` (it rests), `running`, `done`, `cancelled`.
    state: String,
    /// Rows that were accepted.
    rows: i64,
    /// Rows that were refused when the file was checked: see the report.
    refused: i64,
    /// Rows with warnings that nobody confirmed: see the report, and send them again with `confirmed`.
    unconfirmed: i64,
    /// The sender says that the warnings are right.
    confirmed: bool,
    /// Rows that made something.
    made: i64,
    /// Rows whose event was there already.
    known: i64,
    /// Rows that were refused when they were taken.
    failed: i64,
    /// Rows a second, on the average.
    rate: f64,
    /// Seconds to the end of a job that runs, at that rate.
    seconds_left: Option<i64>,
    /// What this client may let it do next: `run`, `approved`, `certified`.
    next: Option<&'static str>,
    /// When the file came.
    created_at: String,
    /// From whom.
    created_by: String,
    /// When it was last begun.
    started_at: Option<String>,
    /// When it ended.
    finished_at: Option<String>,
}

impl JobJson {
    fn new(app: &App, actor: &Actor, job: JobRow) -> JobJson {
        let progress = job.progress(app.issuer.clock.now().unix());
        let time = |at: i64| Timestamp::saturating(at).to_string();
        let next = job.next(actor).map(|next| match next {
            Next::Run => "run",
            Next::Further(upto) => upto.name(),
        });
        JobJson {
            id: job.id.to_string(),
            form: job.form,
            site: job.site,
            name: job.name,
            upto: job.upto,
            state: job.state,
            rows: job.rows,
            refused: job.refused,
            unconfirmed: job.unconfirmed,
            confirmed: job.confirmed,
            made: job.made,
            known: job.known,
            failed: job.failed,
            rate: progress.rate,
            seconds_left: progress.left,
            next,
            created_at: time(job.created_at),
            created_by: job.created_by,
            started_at: job.started_at.map(time),
            finished_at: job.finished_at.map(time),
        }
    }
}

/// What is said of a file.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct UploadQuery {
    /// Path of the site; the client's own place if it is left out.
    site: Option<String>,
    /// How far each row goes: `recorded`, `approved`, `certified`; as far as the client may if it is left
    /// out.
    upto: Option<String>,
    /// The warnings were looked at, and it is so.
    #[serde(default)]
    confirmed: bool,
    /// The file's name, to be shown.
    name: Option<String>,
    /// Language of the report: `vi`, `en`.
    language: Option<String>,
}

/// Which jobs.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// `next` of the page before.
    after: Option<String>,
}

/// A page of jobs.
#[derive(Serialize, ToSchema)]
pub(crate) struct JobPage {
    /// Newest first.
    items: Vec<JobJson>,
    /// `after` of the next page.
    next: Option<String>,
}

fn language(asked: Option<&str>) -> Result<Language, Problem> {
    match asked {
        None | Some("en") => Ok(Language::En),
        Some("vi") => Ok(Language::Vi),
        Some(_) => Err(query("`language` is vi or en")),
    }
}

fn query(detail: &'static str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "query", detail)
}

/// The words of a language.
pub(crate) fn words_of(language: Language) -> words::Language {
    match language {
        Language::Vi => words::Language::Vietnamese,
        Language::En => words::Language::English,
    }
}

fn id(text: &str) -> Result<Id, Problem> {
    text.parse().map_err(|_| Refusal::NotFound("job").into())
}

/// What is asked; whatever can't be read of it is said as a problem.
type Asked<T> = Result<Query<T>, axum::extract::rejection::QueryRejection>;

fn asked<T>(asked: Asked<T>) -> Result<T, Problem> {
    match asked {
        Ok(Query(value)) => Ok(value),
        Err(error) => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "query",
            error.body_text(),
        )),
    }
}

/// Takes a file: CSV, XLSX, a FHIR Bundle or NDJSON, told by its content.
#[utoipa::path(post, path = "/api/v1/jobs", params(UploadQuery), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = JobJson)), tag = "jobs")]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    about: Asked<UploadQuery>,
    headers: HeaderMap,
    file: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let about = asked(about)?;
    let file = file.map_err(|_| {
        let detail = "a file has 32 MiB at most: send it in parts";
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "size", detail)
    })?;
    let site: Place = match about.site.as_deref() {
        Some(path) => path
            .parse()
            .map_err(|_| query("`site` is the path of a site"))?,
        None => actor.place.clone(),
    };
    let upto = match about.upto.as_deref() {
        None => None,
        Some(word) => {
            Some(Upto::of(word).ok_or_else(|| query("`upto` is recorded, approved or certified"))?)
        }
    };
    let mut upload = Upload {
        site,
        name: about.name.unwrap_or_default(),
        file,
        upto,
        confirmed: about.confirmed,
        language: words_of(language(about.language.as_deref())?),
        once: None,
    };
    if let Some(key) = headers.get("idempotency-key") {
        let key = key.to_str().unwrap_or_default();
        if !(1..=255).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(query("an Idempotency-Key has 1 to 255 visible characters"));
        }
        upload.once = Some(Once {
            scope: actor.name.clone(),
            key: key.to_owned(),
            digest: upload::digest(&upload),
        });
    }
    let job = app.issuer.upload(&actor, upload).await?;
    let location = format!("/api/v1/jobs/{}", job.id);
    let body = Json(JobJson::new(&app, &actor, job));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], body).into_response())
}

/// The jobs of the client's place, newest first.
#[utoipa::path(get, path = "/api/v1/jobs", params(ListQuery), responses((status = 200, body = JobPage)), tag = "jobs")]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    about: Asked<ListQuery>,
) -> Result<Json<JobPage>, Problem> {
    let after = asked(about)?.after;
    let after = match after.as_deref().map(str::parse::<Id>) {
        Some(Err(_)) => return Err(query("`after` is `next` of the page before")),
        Some(Ok(id)) => Some(id),
        None => None,
    };
    let jobs = app.issuer.jobs(&actor, after).await?;
    let next = (jobs.len() >= 100).then(|| jobs.last().map(|job| job.id.to_string()));
    let items = jobs
        .into_iter()
        .map(|job| JobJson::new(&app, &actor, job))
        .collect();
    let next = next.flatten();
    Ok(Json(JobPage { items, next }))
}

/// One job, with how far it has come.
#[utoipa::path(get, path = "/api/v1/jobs/{id}", params(("id" = String, Path)), responses((status = 200, body = JobJson)), tag = "jobs")]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Path(of): Path<String>,
) -> Result<Json<JobJson>, Problem> {
    let job = app.issuer.job(&actor, id(&of)?).await?;
    Ok(Json(JobJson::new(&app, &actor, job)))
}

/// Lets a job run, or go a step further: what `next` of the job says.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/run", params(("id" = String, Path)), responses((status = 200, body = JobJson)), tag = "jobs")]
pub(crate) async fn run(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Path(of): Path<String>,
) -> Result<Json<JobJson>, Problem> {
    let job = app.issuer.run_job(&actor, id(&of)?).await?;
    Ok(Json(JobJson::new(&app, &actor, job)))
}

/// Nothing more of a job is taken; what was made stays.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/cancel", params(("id" = String, Path)), responses((status = 200, body = JobJson)), tag = "jobs")]
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Path(of): Path<String>,
) -> Result<Json<JobJson>, Problem> {
    let job = app.issuer.cancel_job(&actor, id(&of)?).await?;
    Ok(Json(JobJson::new(&app, &actor, job)))
}

/// The rows that were refused or are to be confirmed: CSV, or an OperationOutcome for FHIR.
#[utoipa::path(get, path = "/api/v1/jobs/{id}/report", params(("id" = String, Path)), responses((status = 200), (status = 204, description = "nothing to be said")), tag = "jobs")]
pub(crate) async fn report(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Path(of): Path<String>,
) -> Result<Response, Problem> {
    let (job, report) = app.issuer.job_report(&actor, id(&of)?).await?;
    if report.is_empty() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let (media, ending) = report_type(&job.form);
    let name = format!("{}-report.{ending}", job.id);
    Ok(download::file(&name, media, report))
}

/// Which rows.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowsQuery {
    /// Rows after this line.
    #[serde(default)]
    after: i64,
    /// `waiting`, `made`, `known`, `failed`, or `not_printed`; all if it is left out.
    state: Option<String>,
}

/// A row, without its personal data.
#[derive(Serialize, ToSchema)]
pub(crate) struct RowJson {
    /// Its line, or its number in a FHIR document.
    line: i64,
    /// Its key.
    key: String,
    /// `waiting`, `made`, `known`, `failed`.
    state: String,
    /// Why it failed: a word.
    problem: Option<String>,
    /// Why it failed, in words.
    detail: Option<String>,
    /// The record.
    record: Option<String>,
    /// The certificate.
    certificate: Option<String>,
}

impl From<RowRow> for RowJson {
    fn from(row: RowRow) -> RowJson {
        let (problem, detail) = match row.problem {
            Some(stored) => {
                let (code, text) = trouble::read(&stored, Language::En);
                (Some(code), Some(text))
            }
            None => (None, None),
        };
        let id = |bytes: Option<Vec<u8>>| Some(Id::from_slice(&bytes?)?.to_string());
        RowJson {
            line: row.line,
            key: row.key,
            state: row.state,
            problem,
            detail,
            record: id(row.record),
            certificate: id(row.certificate),
        }
    }
}

/// A page of rows.
#[derive(Serialize, ToSchema)]
pub(crate) struct RowPage {
    /// By line.
    items: Vec<RowJson>,
    /// `after` of the next page.
    next: Option<i64>,
}

/// Rows of a job with what came of them, a hundred at a time.
#[utoipa::path(get, path = "/api/v1/jobs/{id}/rows", params(("id" = String, Path), RowsQuery), responses((status = 200, body = RowPage)), tag = "jobs")]
pub(crate) async fn rows(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Path(of): Path<String>,
    about: Asked<RowsQuery>,
) -> Result<Json<RowPage>, Problem> {
    let about = asked(about)?;
    let state = about.state.as_deref().unwrap_or_default();
    if !matches!(
        state,
        "" | "waiting" | "made" | "known" | "failed" | "not_printed"
    ) {
        return Err(query(
            "`state` is waiting, made, known, failed or not_printed",
        ));
    }
    let rows = app
        .issuer
        .job_rows(&actor, id(&of)?, about.after, state)
        .await?;
    let next = (rows.len() >= 100)
        .then(|| rows.last().map(|row| row.line))
        .flatten();
    let items = rows.into_iter().map(RowJson::from).collect();
    Ok(Json(RowPage { items, next }))
}

/// How a PDF or ZIP is to be.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartQuery {
    /// `fold`, `card` or `label`.
    kind: Option<String>,
    /// Which 5,000 certificates, from 1.
    part: Option<i64>,
}

/// Sheets as one PDF.
#[utoipa::path(get, path = "/api/v1/jobs/{id}/sheets", params(("id" = String, Path), PartQuery), responses((status = 200, content_type = "application/pdf")), tag = "jobs")]
pub(crate) async fn sheets(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Path(of): Path<String>,
    about: Asked<PartQuery>,
) -> Result<Response, Problem> {
    let about = asked(about)?;
    let kind = Paper::kind_of(about.kind.as_deref().unwrap_or_default());
    let paper = Paper {
        kind: kind.ok_or_else(|| query("`kind` is fold, card or label"))?,
        part: about.part.unwrap_or(1),
    };
    let export = app.issuer.job_pdf(&actor, id(&of)?, paper).await?;
    Ok(download::export(export))
}

/// Codes as pictures, in a ZIP.
#[utoipa::path(get, path = "/api/v1/jobs/{id}/pictures", params(("id" = String, Path), PartQuery), responses((status = 200, content_type = "application/zip")), tag = "jobs")]
pub(crate) async fn pictures(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Path(of): Path<String>,
    about: Asked<PartQuery>,
) -> Result<Response, Problem> {
    let part = asked(about)?.part.unwrap_or(1);
    let export = app.issuer.job_zip(&actor, id(&of)?, part).await?;
    Ok(download::export(export))
}

/// Codes as texts, in a CSV.
#[utoipa::path(get, path = "/api/v1/jobs/{id}/codes", params(("id" = String, Path)), responses((status = 200, content_type = "text/csv")), tag = "jobs")]
pub(crate) async fn codes(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Path(of): Path<String>,
) -> Result<Response, Problem> {
    let export = app.issuer.job_codes(&actor, id(&of)?).await?;
    Ok(download::export(export))
}

/// The language of a file.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct LanguageQuery {
    /// `vi`, `en`.
    language: Option<String>,
}

/// Rows that failed when they were taken, to be corrected and sent again.
#[utoipa::path(get, path = "/api/v1/jobs/{id}/failed", params(("id" = String, Path), LanguageQuery), responses((status = 200, content_type = "text/csv")), tag = "jobs")]
pub(crate) async fn failed(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Path(of): Path<String>,
    about: Asked<LanguageQuery>,
) -> Result<Response, Problem> {
    let language = language(asked(about)?.language.as_deref())?;
    let export = app.issuer.job_failures(&actor, id(&of)?, language).await?;
    Ok(download::export(export))
}

/// An empty table with the right columns, as `vi.csv`, `en.csv`, `vi.xlsx`, `en.xlsx`.
#[utoipa::path(get, path = "/api/v1/templates/{name}", params(("name" = String, Path)), responses((status = 200)), tag = "jobs")]
pub(crate) async fn template(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let (tag, ending) = name.split_once('.').unwrap_or_default();
    let nothing = || Problem::not_found("the templates are vi.csv, en.csv, vi.xlsx and en.xlsx");
    let language = language(Some(tag)).map_err(|_| nothing())?;
    let language = words_of(language);
    let (media, bytes) = match ending {
        "csv" => (
            "text/csv; charset=utf-8",
            table::template_csv(language).into_bytes(),
        ),
        "xlsx" => {
            let made = table::template_xlsx(language, app.issuer.clock.now());
            let made = made.map_err(|error| {
                tracing::error!(%error, "the template");
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                Problem::new(status, "template", "the template could not be made")
            })?;
            (
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                made,
            )
        }
        _ => return Err(nothing()),
    };
    Ok(download::file(
        &format!("hcert-{tag}.{ending}"),
        media,
        bytes,
    ))
}
