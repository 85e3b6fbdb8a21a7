//! A file comes in: checked, and its accepted rows kept as a job.

use std::sync::Arc;

use bytes::Bytes;
use hcert::time::Timestamp;
use intake::{
    codes::Catalogue,
    draft::Settings,
    plausibility::Known,
    record::{Lot, Site},
    table::{self, Options},
    words::Language,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::{
    LARGEST, MOST, PIECE,
    check::{Checked, File, Unusable},
    known::{self, History},
};
use crate::{
    actor::Actor,
    domain::{
        Issuer, Refusal,
        desk::{Once, Upto},
    },
    id::Id,
    place::Place,
    roles::Role,
    store::{JobRow, OnceRow, PlaceRow},
};

/// A file with what is said of it.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Where it happened.
    pub site: Place,
    /// The file's name on the sender's machine: shown, and nothing else.
    pub name: String,
    /// Its bytes.
    pub file: Bytes,
    /// How far to go; `None` as far as the sender may.
    pub upto: Option<Upto>,
    /// The sender says that the warnings are right.
    pub confirmed: bool,
    /// In which language the report is.
    pub language: Language,
    /// What a repeated request is told by.
    pub once: Option<Once>,
}

/// Files that are checked at a time: each takes a core, and memory for all of its rows.
static CHECKS: Semaphore = Semaphore::const_new(2);

impl Issuer {
    /// Checks a file and keeps its accepted rows as a job, which rests until it is run. The same request
    /// again gives the job it gave before.
    pub async fn upload(&self, actor: &Actor, upload: Upload) -> Result<JobRow, Refusal> {
        if !actor.is(Role::Clerk) {
            return Err(Refusal::Role("clerk"));
        }
        let site = self.job_site(actor, &upload.site).await?;
        let upto = self.upto(actor, &site, upload.upto)?;
        if upload.file.len() > LARGEST {
            let error = table::TableError::TooManyBytes { limit: LARGEST };
            return Err(Refusal::Asked(error.to_string()));
        }
        if let Some(before) = self.job_before(upload.once.as_ref()).await? {
            return Ok(before);
        }
        let name = shown_name(&upload.name);
        let (confirmed, once) = (upload.confirmed, upload.once.clone());
        // Whoever waits here holds the file alone, not its rows.
        let permit = CHECKS.acquire().await;
        let checked = self.check(&upload).await?;
        let now = self.clock.now();
        let job = JobRow {
            id: Id::new(now)?,
            form: checked.form.name().into(),
            site: upload.site.as_str().into(),
            name,
            upto: upto.name().into(),
            state: "checked".into(),
            rows: number(checked.rows.len()),
            refused: number(checked.refused),
            unconfirmed: number(checked.unconfirmed),
            confirmed,
            made: 0,
            known: 0,
            failed: 0,
            created_at: now.unix(),
            created_by: actor.name.clone(),
            run_by: None,
            started_at: None,
            finished_at: None,
        };
        drop(upload);
        let kept = self.keep(actor, &job, &checked, once.as_ref()).await;
        drop((checked, permit));
        match kept {
            Ok(()) => Ok(job),
            // The same request at the same moment was first.
            Err(Refusal::Store(crate::store::StoreError::Exists)) => {
                let before = self.job_before(once.as_ref()).await?;
                before.ok_or(Refusal::Changed)
            }
            Err(error) => Err(error),
        }
    }

    async fn keep(
        &self,
        actor: &Actor,
        job: &JobRow,
        checked: &Checked,
        once: Option<&Once>,
    ) -> Result<(), Refusal> {
        let pieces: Vec<(i64, i64)> = checked
            .rows
            .chunks(PIECE)
            .filter_map(|rows| Some((rows.first()?.line, rows.last()?.line)))
            .collect();
        let mut tx = self.store.write().await?;
        if let Some(once) = once {
            let outcome = json!({ "job": job.id.to_string() }).to_string();
            let row = OnceRow {
                scope: once.scope.clone(),
                key: once.key.clone(),
                digest: once.digest.to_vec(),
                outcome,
                at: job.created_at,
            };
            tx.add_once(&[&row]).await?;
        }
        tx.add_job(job, &checked.report).await?;
        tx.add_job_rows(job.id, &checked.rows).await?;
        tx.add_chunks(job.id, &pieces).await?;
        let detail = json!({
            "site": job.site, "form": job.form, "upto": job.upto, "rows": job.rows,
            "refused": job.refused, "unconfirmed": job.unconfirmed, "confirmed": job.confirmed,
        });
        let subject = format!("job:{}", job.id);
        let at = Timestamp::saturating(job.created_at);
        tx.audit(at, &actor.name, "job.upload", &subject, &detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The job that the same request made before.
    async fn job_before(&self, once: Option<&Once>) -> Result<Option<JobRow>, Refusal> {
        let Some(once) = once else {
            return Ok(None);
        };
        let mut tx = self.store.read().await?;
        let found = tx.once(&[(once.scope.as_str(), once.key.as_str())]).await?;
        let Some(row) = found.into_iter().next() else {
            return Ok(None);
        };
        if row.digest != once.digest {
            return Err(Refusal::OtherContent);
        }
        let value: serde_json::Value = serde_json::from_str(&row.outcome).unwrap_or_default();
        let id = value.get("job").and_then(|id| id.as_str()?.parse().ok());
        // The same key was used for something else.
        let id: Id = id.ok_or(Refusal::OtherContent)?;
        let job = tx.job(id).await?;
        job.map(Some).ok_or(Refusal::NotFound("job"))
    }

    /// Reads the file once; a second time if doses are known of anybody in it.
    async fn check(&self, upload: &Upload) -> Result<Checked, Refusal> {
        let catalogue = self.catalogues.current();
        let lots = {
            let mut tx = self.store.read().await?;
            tx.lots_of(upload.site.as_str()).await?
        };
        let known = Arc::new(Facts {
            file: upload.file.clone(),
            catalogue: Arc::clone(&catalogue),
            country: self.settings.country.clone(),
            offset: self.settings.offset,
            now: self.clock.now(),
            site: upload.site.code().to_owned(),
            lots,
            secret: *self.secret("rows"),
            language: upload.language,
        });
        let facts = Arc::clone(&known);
        let file = blocking(move || facts.read(None)).await??;
        let numbers = known::numbers(file.records());
        let history = {
            let mut tx = self.store.read().await?;
            History::fetch(&mut tx, &numbers, &catalogue).await?
        };
        drop(numbers);
        let (confirmed, language) = (upload.confirmed, upload.language);
        let checked = blocking(move || {
            let file = match history.is_empty() {
                true => file,
                false => {
                    drop(file);
                    known.read(Some(&history))?
                }
            };
            Ok(file.decide(confirmed, language))
        });
        checked.await?
    }

    /// A site that the actor may record for.
    async fn job_site(&self, actor: &Actor, place: &Place) -> Result<PlaceRow, Refusal> {
        if !actor.sees(place) {
            return Err(Refusal::NotFound("site"));
        }
        let mut tx = self.store.read().await?;
        let found = tx.places_by_path(&[place.as_str()]).await?;
        let site = found
            .into_iter()
            .find(|row| row.level == "site")
            .ok_or(Refusal::NotFound("site"))?;
        if site.disabled {
            let why = "nothing new is recorded there";
            let state = "disabled".into();
            return Err(Refusal::State { state, why });
        }
        Ok(site)
    }

    /// How far the actor may go in one go.
    fn upto(&self, actor: &Actor, site: &PlaceRow, asked: Option<Upto>) -> Result<Upto, Refusal> {
        let most = if self.settings.one_step || site.one_step {
            Upto::Certified
        } else {
            match (actor.is(Role::Officer), actor.is(Role::Authority)) {
                (false, _) => Upto::Recorded,
                (true, false) => Upto::Approved,
                (true, true) => Upto::Certified,
            }
        };
        match asked {
            None => Ok(most),
            Some(asked) if asked <= most => Ok(asked),
            Some(Upto::Certified) => Err(Refusal::Role("authority")),
            Some(_) => Err(Refusal::Role("officer")),
        }
    }
}

/// What a check needs, without borrowing: it runs on a thread of its own.
struct Facts {
    file: Bytes,
    catalogue: Arc<Catalogue>,
    country: String,
    offset: i16,
    now: Timestamp,
    site: String,
    lots: Vec<String>,
    secret: [u8; 32],
    language: Language,
}

impl Facts {
    fn read(&self, history: Option<&History>) -> Result<File, Refusal> {
        let country = self.catalogue.country(&self.country);
        let country = country.map_err(|_| {
            Refusal::Asked("the issuing country is missing in the loaded value sets".into())
        })?;
        let lots: std::collections::HashSet<&str> = self.lots.iter().map(String::as_str).collect();
        let delivered = |_: &Site, lot: &Lot| lots.contains(lot.as_str());
        let own = self.site.to_ascii_uppercase();
        let allowed = |site: &Site| site.as_str() == own;
        let mut known = Known::new(&self.catalogue, self.now);
        known.offset = self.offset;
        known.allowed = Some(&allowed);
        if !lots.is_empty() {
            known.delivered = Some(&delivered);
        }
        let of = history.map(|history| move |person: &_| history.of(person));
        let options = Options {
            settings: Settings {
                catalogue: &self.catalogue,
                country,
                offset: self.offset,
            },
            known,
            history: of.as_ref().map(|of| of as table::History<'_>),
            secret: &self.secret,
            limits: table::Limits {
                bytes: LARGEST,
                rows: MOST + 1,
                ..table::Limits::DEFAULT
            },
        };
        File::read(&self.file, &options, self.language)
            .map_err(|Unusable { code, text }| Refusal::Asked(format!("{text} ({code})")))
    }
}

/// Runs work of seconds where it holds up nobody.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Refusal::Asked("the file can't be read: it broke the reader".into()))
}

/// The digest of an upload, for its Idempotency-Key.
pub fn digest(upload: &Upload) -> [u8; 32] {
    let mut hash = Sha256::new();
    let upto = upload.upto.map_or("", Upto::name);
    let confirmed = if upload.confirmed { "1" } else { "0" };
    for part in [upload.site.as_str(), upto, confirmed] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.update(&upload.file);
    hash.finalize().into()
}

fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = last.chars().filter(|c| !c.is_control());
    let shown: String = plain.take(100).collect();
    if shown.trim().is_empty() {
        "-".into()
    } else {
        shown
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
