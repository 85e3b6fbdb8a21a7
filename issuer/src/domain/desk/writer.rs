//! One task that writes what single requests bring: all that waits at a moment goes into one
//! transaction, and each is answered when that is durable.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::{
    sync::{Semaphore, mpsc, oneshot},
    task::JoinHandle,
};

use super::{Asked, Entry, Issuer, Made, Refusal};
use crate::{actor::Actor, domain::desk::write};

/// The most requests of one transaction.
const BATCH: usize = 256;
/// The most requests that wait; more wait to be let in.
const WAITING: usize = 1024;
/// Transactions at a time: on PostgreSQL one is signed while another is written. SQLite has one writer.
const POSTGRES: usize = 2;

/// The way to the task. It begins with the first request.
#[derive(Default)]
pub(in crate::domain) struct Writer(Mutex<State>);

#[derive(Default)]
enum State {
    #[default]
    Before,
    Runs(mpsc::Sender<Job>, JoinHandle<()>),
    Closed,
}

/// A request. It holds the issuer, so that what was taken is finished.
struct Job {
    issuer: Arc<Issuer>,
    actor: Actor,
    entry: Entry,
    answer: oneshot::Sender<Result<Made, Refusal>>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writer")
    }
}

fn ending() -> Refusal {
    Refusal::Asked("the service is ending: ask again".into())
}

impl Writer {
    /// Hands one report over, and waits for what came of it.
    pub(super) async fn take(
        &self,
        issuer: Arc<Issuer>,
        actor: Actor,
        entry: Entry,
    ) -> Result<Made, Refusal> {
        let (answer, answered) = oneshot::channel();
        let way = self.way()?;
        let job = Job {
            issuer,
            actor,
            entry,
            answer,
        };
        way.send(job).await.map_err(|_| ending())?;
        drop(way);
        answered.await.map_err(|_| ending())?
    }

    /// Takes nothing more; returns when everything taken is finished.
    pub(in crate::domain) async fn close(&self) {
        let state = {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *state, State::Closed)
        };
        if let State::Runs(way, task) = state {
            drop(way);
            // A task that panicked has nothing left to finish.
            let _ = task.await;
        }
    }

    fn way(&self) -> Result<mpsc::Sender<Job>, Refusal> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*state {
            State::Runs(way, task) if !task.is_finished() => Ok(way.clone()),
            State::Closed => Err(ending()),
            _ => {
                let (way, jobs) = mpsc::channel(WAITING);
                let task = tokio::spawn(run(jobs));
                *state = State::Runs(way.clone(), task);
                Ok(way)
            }
        }
    }
}

async fn run(mut jobs: mpsc::Receiver<Job>) {
    let Some(first) = jobs.recv().await else {
        return;
    };
    let at_once = if first.issuer.store.engine() == "SQLite" {
        1
    } else {
        POSTGRES
    };
    let permits = Arc::new(Semaphore::new(at_once));
    let mut batch = vec![first];
    loop {
        // First the turn, then what has come meanwhile: so batches grow with the load.
        let Ok(permit) = Arc::clone(&permits).acquire_owned().await else {
            return;
        };
        if batch.is_empty() && jobs.recv_many(&mut batch, BATCH).await == 0 {
            break;
        }
        while batch.len() < BATCH {
            let Ok(job) = jobs.try_recv() else { break };
            batch.push(job);
        }
        let taken = std::mem::take(&mut batch);
        tokio::spawn(async move {
            finish(taken).await;
            drop(permit);
        });
    }
    // Until the last batch has given its turn back.
    let all = u32::try_from(at_once).unwrap_or(1);
    let _ = permits.acquire_many(all).await;
}

async fn finish(batch: Vec<Job>) {
    let Some(issuer) = batch.first().map(|job| Arc::clone(&job.issuer)) else {
        return;
    };
    let asked = batch.iter().map(|job| Asked {
        actor: &job.actor,
        entry: &job.entry,
    });
    let outcomes = issuer.take_batch(&asked.collect::<Vec<_>>(), None).await;
    // Whoever does not wait any more needs no answer.
    match outcomes {
        Ok(outcomes) => {
            for (job, outcome) in batch.into_iter().zip(outcomes) {
                let _ = job.answer.send(outcome);
            }
        }
        Err(refusal) => {
            for job in batch {
                let _ = job.answer.send(Err(write::again(&refusal)));
            }
        }
    }
}
