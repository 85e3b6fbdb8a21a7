//! Bulk work: a file in, progress, results out.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use service::{fields::Fields, language::Tongue, problem::Problem, random};

use super::{Frame, render};
use crate::{
    bulk::{
        exports::Paper,
        form::report_type,
        jobs::{Next, Progress},
        trouble,
        upload::{self, Upload},
    },
    domain::{
        Refusal,
        desk::{Once, Upto},
    },
    http::{App, access::Visitor, api::jobs::words_of, download},
    id::Id,
    roles::Role,
    store::JobRow,
};

/// Seconds after which the page of a running job is fetched again.
const REFRESH: &str = "3";

#[derive(Template)]
#[template(path = "jobs.html")]
struct JobsPage {
    frame: Frame,
    jobs: Vec<JobRow>,
    next: Option<Id>,
    upload: Option<UploadForm>,
    error: Option<String>,
}

struct UploadForm {
    site: String,
    once: String,
}

#[derive(Deserialize)]
pub(crate) struct ListQuery {
    after: Option<String>,
}

async fn jobs_page(
    app: &App,
    t: Tongue,
    visitor: &Visitor,
    after: Option<Id>,
    error: Option<String>,
) -> Response {
    let jobs = match app.issuer.jobs(&visitor.actor, after).await {
        Ok(jobs) => jobs,
        Err(error) => return super::problem(app, t, Some(visitor), error.into()),
    };
    // A fresh key for each form: the same form sent twice is one job.
    let once = random::token()
        .map(|token| token.to_string())
        .unwrap_or_default();
    let upload = visitor.actor.is(Role::Clerk).then(|| UploadForm {
        site: visitor.actor.place.to_string(),
        once,
    });
    let status = match error {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let title = t.say("Cấp hàng loạt", "Bulk");
    let mut response = render(&JobsPage {
        frame: Frame::new(app, t, Some(visitor), "/desk/jobs", title),
        next: jobs.last().filter(|_| jobs.len() >= 100).map(|job| job.id),
        jobs,
        upload,
        error,
    });
    *response.status_mut() = status;
    response
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(visitor): Extension<Visitor>,
    Query(query): Query<ListQuery>,
) -> Response {
    let after = query.after.and_then(|after| after.parse().ok());
    jobs_page(&app, t, &visitor, after, None).await
}

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(visitor): Extension<Visitor>,
    Extension(fields): Extension<Fields>,
) -> Response {
    let again = async |error: &str| jobs_page(&app, t, &visitor, None, Some(error.into())).await;
    let file = fields.file_or("file");
    if file.is_empty() {
        return again(t.say("Hãy chọn một tệp.", "Choose a file.")).await;
    }
    let Ok(site) = fields.text("site").parse() else {
        return again(t.say("Không có cơ sở này.", "There is no such site.")).await;
    };
    let mut upload = Upload {
        site,
        name: fields.file_name().unwrap_or_default().to_owned(),
        file,
        upto: Upto::of(fields.text("upto")),
        confirmed: fields.is_ticked("confirmed"),
        language: words_of(t.language()),
        once: None,
    };
    let key = fields.text("once");
    if (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        upload.once = Some(Once {
            scope: visitor.actor.name.clone(),
            key: key.to_owned(),
            digest: upload::digest(&upload),
        });
    }
    match app.issuer.upload(&visitor.actor, upload).await {
        Ok(job) => super::to(&format!("/desk/jobs/{}", job.id)),
        Err(Refusal::Asked(why)) => again(&why).await,
        Err(Refusal::NotFound("site")) => {
            again(t.say("Không có cơ sở này.", "There is no such site.")).await
        }
        Err(error) => super::problem(&app, t, Some(&visitor), error.into()),
    }
}

#[derive(Template)]
#[template(path = "job.html")]
struct JobPage {
    frame: Frame,
    job: JobRow,
    progress: Progress,
    next: Option<Next>,
    may_cancel: bool,
    certificates: i64,
    parts: Vec<i64>,
    failed: Vec<Line>,
    not_printed: Vec<Line>,
}

/// A row with what is to be said of it.
struct Line {
    line: i64,
    key: String,
    why: String,
}

impl JobPage {
    fn state(&self) -> &'static str {
        let t = self.frame.t;
        match self.job.state.as_str() {
            "checked" => t.say("đã kiểm tra, chưa chạy", "checked, not begun"),
            "running" => t.say("đang chạy", "running"),
            "done" => t.say("đã xong", "done"),
            _ => t.say("đã dừng", "stopped"),
        }
    }

    fn button(&self) -> Option<&'static str> {
        let t = self.frame.t;
        self.next.map(|next| match (next, self.job.state.as_str()) {
            (Next::Run, "checked") => t.say("Bắt đầu", "Begin"),
            (Next::Run, _) => t.say("Chạy phần còn lại", "Do the rest"),
            (Next::Further(Upto::Approved), _) => {
                t.say("Duyệt tất cả hồ sơ này", "Approve all of these records")
            }
            (Next::Further(_), _) => {
                t.say("Cấp chứng nhận cho tất cả", "Certify all of these records")
            }
        })
    }

    fn step(&self) -> &'static str {
        let t = self.frame.t;
        match self.job.upto.as_str() {
            "recorded" => t.say("ghi nhận", "recorded"),
            "approved" => t.say("duyệt", "approved"),
            _ => t.say("cấp chứng nhận", "certified"),
        }
    }

    fn path(&self, what: &str) -> String {
        format!("/desk/jobs/{}/{what}", self.job.id)
    }

    fn rate(&self) -> String {
        format!("{:.0}", self.progress.rate)
    }
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Response {
    match job_page(&app, t, &visitor, &id).await {
        Ok(response) => response,
        Err(error) => super::problem(&app, t, Some(&visitor), error.into()),
    }
}

fn id_of(text: &str) -> Result<Id, Refusal> {
    text.parse().map_err(|_| Refusal::NotFound("job"))
}

async fn job_page(app: &App, t: Tongue, visitor: &Visitor, id: &str) -> Result<Response, Refusal> {
    let (issuer, actor) = (&app.issuer, &visitor.actor);
    let job = issuer.job(actor, id_of(id)?).await?;
    let rests = job.state != "running";
    let lines = async |state: &str| {
        let rows = issuer.job_rows(actor, job.id, 0, state).await?;
        Ok::<_, Refusal>(rows.into_iter().map(|row| Line {
            line: row.line,
            key: row.key,
            why: trouble::read(&row.problem.unwrap_or_default(), t.language()).1,
        }))
    };
    let failed = match job.failed {
        0 => Vec::new(),
        _ => lines("failed").await?.collect(),
    };
    let (parts, not_printed) = match rests && job.made + job.known > 0 {
        true => (
            issuer.job_parts(actor, job.id).await?,
            lines("not_printed").await?.collect(),
        ),
        false => (0, Vec::new()),
    };
    let title = format!("{} {}", t.say("Tệp", "File"), job.name);
    let mut response = render(&JobPage {
        frame: Frame::new(app, t, Some(visitor), "/desk/jobs", &title),
        progress: job.progress(issuer.clock.now().unix()),
        next: job.next(actor),
        may_cancel: matches!(job.state.as_str(), "checked" | "running")
            && [Role::Clerk, Role::Officer, Role::Authority]
                .iter()
                .any(|role| actor.is(*role)),
        certificates: parts,
        parts: (1..=parts).collect(),
        failed,
        not_printed,
        job,
    });
    if !rests {
        // Without a script, the browser itself comes again.
        let headers = response.headers_mut();
        headers.insert("refresh", HeaderValue::from_static(REFRESH));
    }
    Ok(response)
}

pub(crate) async fn run(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Response {
    let done = async { app.issuer.run_job(&visitor.actor, id_of(&id)?).await };
    match done.await {
        Ok(job) => super::to(&format!("/desk/jobs/{}", job.id)),
        Err(error) => super::problem(&app, t, Some(&visitor), error.into()),
    }
}

pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Response {
    let done = async { app.issuer.cancel_job(&visitor.actor, id_of(&id)?).await };
    match done.await {
        Ok(job) => super::to(&format!("/desk/jobs/{}", job.id)),
        Err(error) => super::problem(&app, t, Some(&visitor), error.into()),
    }
}

pub(crate) async fn report(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Response {
    let found = async { app.issuer.job_report(&visitor.actor, id_of(&id)?).await };
    match found.await {
        Ok((job, report)) => {
            let (media, ending) = report_type(&job.form);
            download::file(&format!("{}-report.{ending}", job.id), media, report)
        }
        Err(error) => super::problem(&app, t, Some(&visitor), error.into()),
    }
}

pub(crate) async fn failed(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Response {
    let made = async {
        app.issuer
            .job_failures(&visitor.actor, id_of(&id)?, t.language())
            .await
    };
    answer(&app, t, &visitor, made.await)
}

/// A form and not a link: it counts what is printed, and makes claim codes, which end those before.
pub(crate) async fn sheets(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(visitor): Extension<Visitor>,
    Extension(fields): Extension<Fields>,
    Path(id): Path<String>,
) -> Response {
    let Some(kind) = Paper::kind_of(fields.text("kind")) else {
        let detail = t.say("Không có khổ giấy này.", "There is no such paper.");
        return super::problem(&app, t, Some(&visitor), Problem::asked(detail));
    };
    let paper = Paper {
        kind,
        part: fields.text("part").parse().unwrap_or(1),
    };
    let made = async { app.issuer.job_pdf(&visitor.actor, id_of(&id)?, paper).await };
    answer(&app, t, &visitor, made.await)
}

#[derive(Deserialize)]
pub(crate) struct PartQuery {
    part: Option<i64>,
}

pub(crate) async fn pictures(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    Query(query): Query<PartQuery>,
) -> Response {
    let part = query.part.unwrap_or(1);
    let made = async { app.issuer.job_zip(&visitor.actor, id_of(&id)?, part).await };
    answer(&app, t, &visitor, made.await)
}

pub(crate) async fn codes(
    State(app): State<Arc<App>>,
    Extension(t): Extension<Tongue>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Response {
    let made = async { app.issuer.job_codes(&visitor.actor, id_of(&id)?).await };
    answer(&app, t, &visitor, made.await)
}

fn answer(
    app: &App,
    t: Tongue,
    visitor: &Visitor,
    made: Result<crate::bulk::exports::Export, Refusal>,
) -> Response {
    match made {
        Ok(export) => download::export(export),
        Err(error) => super::problem(app, t, Some(visitor), error.into()),
    }
}

pub(crate) async fn template(State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    let made = crate::http::api::jobs::template(State(app), Path(name)).await;
    made.unwrap_or_else(|problem| problem.into_response())
}
