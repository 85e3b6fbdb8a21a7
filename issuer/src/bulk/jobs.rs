//! Jobs, as people and programs look at them, let them run and stop them.

use serde_json::json;

use crate::{
    actor::Actor,
    domain::{Issuer, Refusal, desk::Upto},
    id::Id,
    place::Place,
    roles::Role,
    store::{JobRow, RowRow},
};

/// How far a running job has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Rows that are done, in whatever way.
    pub done: i64,
    /// Rows a second since the start.
    pub rate: f64,
    /// Seconds until the end, at that rate.
    pub left: Option<i64>,
}

impl JobRow {
    /// How far it has come. Going further with a job whose rows exist counts from its pieces' ends only,
    /// so that nothing is said of it.
    pub fn progress(&self, now: i64) -> Progress {
        let done = self.made + self.known + self.failed;
        let spent = self.started_at.map_or(0, |start| {
            self.finished_at.unwrap_or(now).saturating_sub(start).max(1)
        });
        // Counts of at most a hundred thousand: a float holds them.
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = if spent == 0 {
            0.0
        } else {
            done as f64 / spent as f64
        };
        let open = self.rows.saturating_sub(done);
        let left = (self.state == "running" && done > 0)
            .then(|| open.saturating_mul(spent).checked_div(done))
            .flatten();
        Progress { done, rate, left }
    }

    /// The next step that somebody may let the job take, if it rests: the rest of its rows, or all of
    /// them further.
    pub fn next(&self, actor: &Actor) -> Option<Next> {
        let upto = Upto::of(&self.upto)?;
        let open = self.rows - self.made - self.known;
        match self.state.as_str() {
            "checked" | "cancelled" if open > 0 => actor.is(Role::Clerk).then_some(Next::Run),
            "done" | "cancelled" => match upto {
                _ if open > 0 && actor.is(Role::Clerk) => Some(Next::Run),
                Upto::Recorded if actor.is(Role::Officer) && self.rows > open => {
                    Some(Next::Further(Upto::Approved))
                }
                Upto::Approved if actor.is(Role::Authority) && self.rows > open => {
                    Some(Next::Further(Upto::Certified))
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// What a job that rests can do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The rows that are not done.
    Run,
    /// All of its records, so far.
    Further(Upto),
}

/// Rows of a page.
const PAGE: i64 = 100;

impl Issuer {
    /// A job of a site that the actor sees.
    pub async fn job(&self, actor: &Actor, id: Id) -> Result<JobRow, Refusal> {
        let mut tx = self.store.read().await?;
        let job = tx.job(id).await?;
        job.filter(|job| job.site.parse().is_ok_and(|site: Place| actor.sees(&site)))
            .ok_or(Refusal::NotFound("job"))
    }

    /// Jobs of the actor's place, newest first, a hundred at a time; those before one of them.
    pub async fn jobs(&self, actor: &Actor, before: Option<Id>) -> Result<Vec<JobRow>, Refusal> {
        let mut tx = self.store.read().await?;
        Ok(tx.jobs(&actor.place, before, PAGE).await?)
    }

    /// What was refused or is to be confirmed, to be corrected and sent again: CSV, or an OperationOutcome
    /// for FHIR. Empty if there is nothing.
    pub async fn job_report(&self, actor: &Actor, id: Id) -> Result<(JobRow, Vec<u8>), Refusal> {
        let job = self.job(actor, id).await?;
        let mut tx = self.store.read().await?;
        let report = tx.job_report(id).await?.ok_or(Refusal::NotFound("job"))?;
        Ok((job, report))
    }

    /// Rows with what came of them: a hundred after a line; of one state, or `not_printed`, or all.
    pub async fn job_rows(
        &self,
        actor: &Actor,
        id: Id,
        after: i64,
        state: &str,
    ) -> Result<Vec<RowRow>, Refusal> {
        self.job(actor, id).await?;
        let mut tx = self.store.read().await?;
        Ok(tx.job_rows(id, after, state, PAGE).await?)
    }

    /// Lets a job run: its rows that are not done, for a clerk; or, when they are, all of its records a
    /// step further, for an officer or the authority. A job that runs already stays as it is.
    pub async fn run_job(&self, actor: &Actor, id: Id) -> Result<JobRow, Refusal> {
        let job = self.job(actor, id).await?;
        if job.state == "running" {
            return Ok(job);
        }
        let upto = match job.next(actor) {
            Some(Next::Run) => job.upto.as_str(),
            Some(Next::Further(upto)) => upto.name(),
            None => {
                return Err(Refusal::State {
                    state: job.state,
                    why: "there is nothing left in it that you may do",
                });
            }
        };
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        if !tx.run_job(&job, upto, &actor.name, now.unix()).await? {
            return Err(Refusal::Changed);
        }
        let detail = json!({ "site": job.site, "upto": upto });
        let subject = format!("job:{id}");
        tx.audit(now, &actor.name, "job.run", &subject, &detail)
            .await?;
        tx.commit().await?;
        self.job(actor, id).await
    }

    /// Nothing more of a job is taken; what was made stays.
    pub async fn cancel_job(&self, actor: &Actor, id: Id) -> Result<JobRow, Refusal> {
        let job = self.job(actor, id).await?;
        let may = [Role::Clerk, Role::Officer, Role::Authority];
        if !may.iter().any(|role| actor.is(*role)) {
            return Err(Refusal::Role("clerk"));
        }
        self.stop_job(&actor.name, &job, None).await?;
        self.job(actor, id).await
    }

    /// Cancels a job; `why` is a word for the audit where the service does it by itself.
    pub(super) async fn stop_job(
        &self,
        by_whom: &str,
        job: &JobRow,
        why: Option<&str>,
    ) -> Result<(), Refusal> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        if !tx.cancel_job(job.id, now.unix()).await? {
            // It has ended meanwhile, or was cancelled before: as it should be.
            return Ok(());
        }
        let detail = json!({ "site": job.site, "why": why });
        let subject = format!("job:{}", job.id);
        tx.audit(now, by_whom, "job.cancel", &subject, &detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}
