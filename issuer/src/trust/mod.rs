//! What the trust list is told: every certificate (by its hash), every revocation, every new DSC. Told
//! again until it answers, so that nothing is lost while it is away.
//!
//! Of several issuer processes one tells at a time: it holds a lease in the database. What was told is
//! noted there too, so that another one goes on where it ended; telling twice does no harm.

mod client;
mod round;

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context as _;
use hcert::{time::Timestamp, x509::Certificate};
use keyring::Due;
use serde_json::json;
use service::random;
use tokio::sync::watch;

pub use client::{Choice, Client, ClientError};
pub use round::{RoundError, Told};

use crate::{
    config::Trust,
    domain::{
        Issuer, Refusal,
        alarms::{AlarmKind, Raised},
    },
};

/// Name of the lease.
const LEASE: &str = "trust";
/// Seconds without success after which somebody has to look.
const PATIENCE: i64 = 3600;
/// Longest pause between two tries.
const LONGEST: Duration = Duration::from_secs(300);
/// Days ahead in which a key's end is an alarm.
const AHEAD: u32 = 30;

/// Tells the trust list what there is to tell, again and again.
pub struct Reporter {
    issuer: Arc<Issuer>,
    client: Client,
    /// The CSCA (DER), told with the keys below it.
    csca: Option<Vec<u8>>,
    every: Duration,
    labels: bool,
    /// Who this is among the processes.
    holder: String,
    /// When all was told the last time, or this began.
    success: Timestamp,
    /// When somebody was told last that it does not work; seconds since 1970.
    alarmed: i64,
    /// Up to which time of issue all is looked through again for what came late.
    swept: i64,
}

impl Reporter {
    /// For a trust list.
    pub fn new(issuer: Arc<Issuer>, trust: &Trust) -> anyhow::Result<Reporter> {
        let csca = trust.csca.as_ref().map(read_certificate).transpose()?;
        let success = issuer.clock.now();
        Ok(Reporter {
            client: Client::new(&trust.url, &trust.key),
            csca,
            every: trust.every,
            labels: trust.labels,
            holder: random::token()?.to_string(),
            success,
            alarmed: 0,
            swept: 0,
            issuer,
        })
    }

    /// Goes on until the end is asked for; then tells once more, so that little is left for the next
    /// start.
    pub async fn run(mut self, mut ending: watch::Receiver<bool>) {
        let mut failures = 0_u32;
        loop {
            let last = *ending.borrow();
            match self.turn().await {
                Ok(told) => {
                    if told.is_any() {
                        tracing::info!(?told, "told the trust list");
                    }
                    failures = 0;
                }
                Err(error) => {
                    tracing::warn!(%error, failures, "the trust list was not told all");
                    failures = failures.saturating_add(1);
                }
            }
            if last {
                break;
            }
            let pause = self
                .every
                .saturating_mul(1 << failures.saturating_sub(1).min(8));
            tokio::select! {
                () = tokio::time::sleep(pause.min(LONGEST.max(self.every))) => {}
                _ = ending.wait_for(|end| *end) => {}
            }
        }
        if let Err(error) = self.give_back().await {
            tracing::debug!(%error, "the lease stays until its time is over");
        }
    }

    /// One turn: tells everything there is to tell, if no other process does. An alarm is raised when
    /// nothing could be told for an hour.
    pub async fn turn(&mut self) -> Result<Told, RoundError> {
        let now = self.issuer.clock.now();
        if !self.take_lease(now).await? {
            // Another one tells, and says so if it can't.
            self.success = now;
            return Ok(Told::default());
        }
        let told = self.round(now).await;
        match &told {
            Ok(_) => self.success = self.issuer.clock.now(),
            Err(error) => {
                let since = now.unix() - self.success.unix();
                // Once an hour: an alarm that somebody has seen opens again.
                if since >= PATIENCE && now.unix() - self.alarmed >= PATIENCE {
                    self.alarm(since, error).await?;
                    self.alarmed = now.unix();
                }
            }
        }
        told
    }

    async fn take_lease(&self, now: Timestamp) -> Result<bool, RoundError> {
        // Longer than the longest pause: who dies is followed after that.
        let until = now.unix() + 360;
        let mut tx = self.issuer.store.write().await?;
        let mine = tx
            .take_lease(LEASE, &self.holder, now.unix(), until)
            .await?;
        tx.commit().await?;
        Ok(mine)
    }

    /// Lets another process tell.
    pub async fn give_back(&self) -> Result<(), RoundError> {
        let mut tx = self.issuer.store.write().await?;
        tx.give_lease_back(LEASE, &self.holder).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn alarm(&self, since: i64, error: &RoundError) -> Result<(), RoundError> {
        let raised = Raised {
            kind: AlarmKind::TrustList,
            subject: "trust list".into(),
            site: self.issuer.settings.country.clone(),
            detail: json!({ "minutes": since / 60, "error": error.to_string() }),
        };
        raise(&self.issuer, raised).await?;
        Ok(())
    }
}

impl std::fmt::Debug for Reporter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reporter({:?})", self.client)
    }
}

/// Raises an alarm for every key that ends soon and has nothing after it: once a day, whichever process
/// looks first.
pub async fn watch_keys(issuer: &Issuer) -> Result<(), Refusal> {
    let mut tx = issuer.store.write().await?;
    let day = issuer.clock.now().unix() / 86_400;
    let first = tx.first_of_day("key_due", day).await?;
    tx.commit().await?;
    if !first {
        return Ok(());
    }
    for due in issuer.keys.due(issuer.clock.now(), AHEAD) {
        let subject = match &due {
            Due::Successor { profile, .. } => format!("key:{profile}"),
            Due::CertificateEnds { kid, .. } => format!("key:{kid}"),
            // Nothing is wrong with a key whose day has not come.
            _ => continue,
        };
        let raised = Raised {
            kind: AlarmKind::KeyDue,
            subject,
            site: issuer.settings.country.clone(),
            detail: json!({ "due": due.to_string() }),
        };
        raise(issuer, raised).await?;
    }
    Ok(())
}

async fn raise(issuer: &Issuer, raised: Raised) -> Result<(), Refusal> {
    let mut tx = issuer.store.write().await?;
    issuer.raise(&mut tx, &[raised], issuer.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

fn read_certificate(path: &PathBuf) -> anyhow::Result<Vec<u8>> {
    let context = || format!("trust.csca: {}", path.display());
    let bytes = std::fs::read(path).with_context(context)?;
    let der = match str::from_utf8(&bytes) {
        Ok(text) => {
            let block = hcert::pem::blocks(text).next().with_context(context)?;
            let block = block.map_err(|error| anyhow::anyhow!("{error}"));
            block.with_context(context)?.1
        }
        Err(_) => bytes,
    };
    let certificate = Certificate::from_der(&der).with_context(context)?;
    anyhow::ensure!(certificate.is_authority(), "{}: no CSCA", context());
    Ok(der)
}
