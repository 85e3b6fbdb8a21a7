//! What does the pieces of jobs: a few hands in each process, all of them alike.

use std::{sync::Arc, time::Duration};

use service::{clock::Clock, random, store::StoreError};
use tokio::{sync::watch, task::JoinSet, time};

use crate::{
    domain::{Issuer, Refusal},
    store::{Chunk, Lease},
};

/// How a process works.
#[derive(Debug, Clone)]
pub struct Options {
    /// Pieces at a time. With two, one is signed while the other is written.
    pub hands: usize,
    /// Seconds for which a piece is held before others may take it over. It is renewed meanwhile, so
    /// that only the piece of a process that died is taken over.
    pub lease: i64,
    /// How often a hand without work looks for some.
    pub idle: Duration,
    /// How long a piece may take at the end of the process before it is given back.
    pub grace: Duration,
    /// The time by which pieces are held: of all processes the same, to some seconds.
    pub clock: Clock,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            hands: 2,
            lease: 60,
            idle: Duration::from_millis(500),
            grace: Duration::from_secs(10),
            clock: Clock::system(),
        }
    }
}

/// Works until `stop` says true; then the pieces in hand are finished, or given back.
pub async fn run(issuer: Arc<Issuer>, options: Options, stop: watch::Receiver<bool>) {
    let mut hands = JoinSet::new();
    for number in 0..options.hands.max(1) {
        let token = random::token();
        let token = token.map(|token| token.chars().take(12).collect::<String>());
        let Ok(token) = token else {
            tracing::error!("no random numbers: bulk work does not run");
            return;
        };
        let hand = Hand {
            issuer: Arc::clone(&issuer),
            options: options.clone(),
            name: format!("{}-{token}-{number}", std::process::id()),
        };
        hands.spawn(hand.run(stop.clone()));
    }
    while hands.join_next().await.is_some() {}
}

struct Hand {
    issuer: Arc<Issuer>,
    options: Options,
    name: String,
}

impl Hand {
    async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let rest = match self.take().await {
                Ok(Some(chunk)) => {
                    self.work(&chunk, &mut stop).await;
                    continue;
                }
                Ok(None) => self.options.idle,
                Err(error) => {
                    tracing::warn!(%error, "bulk work waits for the database");
                    Duration::from_secs(1)
                }
            };
            tokio::select! {
                () = time::sleep(rest) => {}
                changed = stop.changed() => if changed.is_err() { return },
            }
        }
    }

    async fn take(&self) -> Result<Option<Chunk>, StoreError> {
        let now = self.now();
        // Looking first: on SQLite a transaction that writes holds up all others.
        if !self.issuer.store.read().await?.is_work(now).await? {
            return Ok(None);
        }
        let mut tx = self.issuer.store.write().await?;
        let until = now.saturating_add(self.options.lease);
        let chunk = tx.take_chunk(&self.name, now, until).await?;
        tx.commit().await?;
        Ok(chunk)
    }

    async fn work(&self, chunk: &Chunk, stop: &mut watch::Receiver<bool>) {
        let lease = Lease {
            job: chunk.job,
            first: chunk.first,
            holder: self.name.clone(),
        };
        let done = tokio::select! {
            done = self.issuer.work_piece(chunk, &lease) => done,
            () = self.hold(&lease) => {
                tracing::warn!(job = %chunk.job, first = chunk.first, "a piece was taken over");
                return;
            }
            () = self.end(stop) => {
                self.release(&lease).await;
                return;
            }
        };
        match done {
            Ok(()) | Err(Refusal::Changed) => {}
            Err(Refusal::Store(error)) => {
                tracing::warn!(%error, job = %chunk.job, "a piece waits for the database");
                time::sleep(Duration::from_millis(500)).await;
                self.release(&lease).await;
            }
            Err(error) => {
                // It would fail again and again: a person has to see to it.
                tracing::error!(%error, job = %chunk.job, "a job was stopped");
                self.release(&lease).await;
                self.stop_job(chunk, &error).await;
            }
        }
    }

    /// Ends when the piece is in other hands.
    async fn hold(&self, lease: &Lease) {
        let every = u64::try_from(self.options.lease).unwrap_or(60) * 1000 / 3;
        loop {
            time::sleep(Duration::from_millis(every.max(100))).await;
            let until = self.now().saturating_add(self.options.lease);
            let renewed = async {
                let mut tx = self.issuer.store.write().await?;
                let held = tx.renew_chunk(lease, until).await?;
                tx.commit().await?;
                Ok::<_, StoreError>(held)
            };
            match renewed.await {
                Ok(true) => {}
                Ok(false) => return,
                // The piece's own transaction will see whether it is still held.
                Err(error) => tracing::warn!(%error, "a piece could not be held longer"),
            }
        }
    }

    /// Ends some time after the process was told to.
    async fn end(&self, stop: &mut watch::Receiver<bool>) {
        if stop.wait_for(|stop| *stop).await.is_err() {
            // Nobody is left who could say it.
            std::future::pending::<()>().await;
        }
        time::sleep(self.options.grace).await;
    }

    async fn release(&self, lease: &Lease) {
        let released = async {
            let mut tx = self.issuer.store.write().await?;
            tx.release_chunk(lease).await?;
            tx.commit().await
        };
        if let Err(error) = released.await {
            // Then others take it over when its time is over.
            tracing::warn!(%error, "a piece could not be given back");
        }
    }

    async fn stop_job(&self, chunk: &Chunk, error: &Refusal) {
        let stopped = async {
            let mut tx = self.issuer.store.read().await?;
            let job = tx.job(chunk.job).await?;
            drop(tx);
            match job {
                Some(job) => {
                    let why = error.to_string();
                    self.issuer.stop_job("service", &job, Some(&why)).await
                }
                None => Ok(()),
            }
        };
        if let Err(error) = stopped.await {
            tracing::warn!(%error, job = %chunk.job, "a job could not be stopped");
        }
    }

    fn now(&self) -> i64 {
        self.options.clock.now().unix()
    }
}
