//! What a job made, to be taken home: sheets, pictures, codes. All of it goes out page by page, so that
//! a hundred thousand certificates take no more memory than a hundred.

mod codes;
mod failures;
mod pictures;
mod sheets;

use std::{io, sync::Arc};

use bytes::Bytes;
use print::PrintError;
use serde_json::json;
use tokio::sync::mpsc;

use crate::{
    actor::Actor,
    domain::{
        Issuer, Refusal,
        alarms::{AlarmKind, Raised},
    },
    id::Id,
    store::{ExportRow, JobRow},
};

pub use sheets::Paper;

/// The most certificates in one PDF or ZIP: viewers keep the whole table of contents, and a print job
/// of more is better cut.
pub const PART: i64 = 5000;
/// Certificates that are in memory at a time.
const PAGE: i64 = 200;

/// Something that goes out piece by piece.
#[derive(Debug)]
pub struct Export {
    /// How the file is to be called.
    pub name: String,
    /// Its media type.
    pub media: &'static str,
    /// Its bytes. An error cuts the answer off, so that nobody takes a part for the whole.
    pub body: mpsc::Receiver<io::Result<Bytes>>,
}

/// The way out.
struct Out(mpsc::Sender<io::Result<Bytes>>);

/// The one who asked is gone, or the work failed.
enum Stop {
    /// Nobody listens any more.
    Gone,
    /// Why it failed.
    Failed(Refusal),
}

impl<E: Into<Refusal>> From<E> for Stop {
    fn from(error: E) -> Stop {
        Stop::Failed(error.into())
    }
}

impl Out {
    async fn send(&self, bytes: impl Into<Bytes>) -> Result<(), Stop> {
        let bytes = bytes.into();
        if bytes.is_empty() {
            return Ok(());
        }
        self.0.send(Ok(bytes)).await.map_err(|_| Stop::Gone)
    }
}

/// Lets work run that sends what it makes.
fn export<W>(name: String, media: &'static str, work: impl FnOnce(Out) -> W) -> Export
where
    W: Future<Output = Result<(), Stop>> + Send + 'static,
{
    let (sender, body) = mpsc::channel(4);
    let end = sender.clone();
    let work = work(Out(sender));
    tokio::spawn(async move {
        if let Err(Stop::Failed(error)) = work.await {
            tracing::error!(%error, "an export was broken off");
            // Whoever is gone does not hear it.
            let _ = end.send(Err(io::Error::other("broken off"))).await;
        }
    });
    Export { name, media, body }
}

/// The rows with a certificate of one part of a job, page by page.
struct Pages {
    issuer: Arc<Issuer>,
    job: Id,
    after: i64,
    last: i64,
}

impl Pages {
    async fn next(&mut self) -> Result<Vec<ExportRow>, Refusal> {
        let mut tx = self.issuer.store.read().await?;
        let page = tx
            .job_certificates(self.job, self.after, self.last, PAGE)
            .await?;
        if let Some(row) = page.last() {
            self.after = row.line;
        }
        Ok(page)
    }
}

/// Only what is valid goes out: what is revoked or held is in nobody's hand.
fn valid(rows: Vec<ExportRow>) -> Vec<ExportRow> {
    rows.into_iter()
        .filter(|row| row.certificate.state == "valid")
        .collect()
}

impl Issuer {
    /// How many parts a job's PDF and ZIP have.
    pub async fn job_parts(&self, actor: &Actor, id: Id) -> Result<i64, Refusal> {
        self.job(actor, id).await?;
        let mut tx = self.store.read().await?;
        let count = tx.count_job_certificates(id).await?;
        Ok(count / PART + i64::from(count % PART > 0))
    }

    /// The pages of a part of a job, counted from 1; of all of it with `None`.
    async fn pages(
        self: &Arc<Issuer>,
        actor: &Actor,
        id: Id,
        part: Option<i64>,
    ) -> Result<(JobRow, Pages), Refusal> {
        let job = self.job(actor, id).await?;
        let mut tx = self.store.read().await?;
        let before = part.map_or(0, |part| part.saturating_sub(1).saturating_mul(PART));
        let none = Refusal::NotFound("certificate of this job, or no such part");
        if before < 0 {
            return Err(none);
        }
        let first = tx.nth_job_certificate(id, before).await?.ok_or(none)?;
        let next = match part {
            Some(_) => {
                tx.nth_job_certificate(id, before.saturating_add(PART))
                    .await?
            }
            None => None,
        };
        let pages = Pages {
            issuer: Arc::clone(self),
            job: id,
            after: first - 1,
            last: next.map_or(i64::MAX, |next| next - 1),
        };
        Ok((job, pages))
    }

    /// Notes that something left the house.
    async fn note_export(
        &self,
        actor: &Actor,
        job: &JobRow,
        what: &str,
        part: Option<i64>,
    ) -> Result<(), Refusal> {
        let now = self.clock.now();
        let detail = json!({ "site": job.site, "what": what, "part": part });
        let subject = format!("job:{}", job.id);
        let mut tx = self.store.write().await?;
        tx.audit(now, &actor.name, "job.export", &subject, &detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// A picture is left out: the code can't be read back. An alarm is raised, and nobody gets it.
    async fn left_out(
        &self,
        job: &JobRow,
        row: &ExportRow,
        why: &PrintError,
    ) -> Result<(), Refusal> {
        let now = self.clock.now();
        let id = row.certificate.id;
        let subject = format!("certificate:{id}");
        let mut tx = self.store.write().await?;
        tx.note_not_printed(job.id, row.line).await?;
        if matches!(why, PrintError::Code(_) | PrintError::Picture(_)) {
            tx.hold_certificate(id).await?;
            let detail = json!({ "why": why.to_string() });
            let raised = Raised {
                kind: AlarmKind::NotReadable,
                subject: subject.clone(),
                site: row.certificate.site.clone(),
                detail: detail.clone(),
            };
            self.raise(&mut tx, &[raised], now).await?;
            tx.audit(now, "service", "certificate.hold", &subject, &detail)
                .await?;
        }
        tx.commit().await?;
        let kind = AlarmKind::NotReadable.name();
        tracing::error!(alarm = kind, certificate = %id, error = %why, "left out of an export");
        Ok(())
    }
}

/// The last characters of an UVCI, for the names of files: they tell certificates apart and nobody's
/// name.
fn tail(uvci: &str) -> String {
    let own = uvci.rsplit(':').next().unwrap_or_default();
    let own: Vec<char> = own.chars().filter(char::is_ascii_alphanumeric).collect();
    own.iter().skip(own.len().saturating_sub(8)).collect()
}
