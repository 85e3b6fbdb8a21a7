//! One round of telling: new keys, then what was issued, then what was revoked. In this order: the trust
//! list revokes only what it knows to be issued.

use std::collections::BTreeMap;

use hcert::time::Timestamp;
use serde::Deserialize;

use super::{ClientError, Reporter, client::Choice};
use crate::store::{IssuedHash, OutboxRow, SignerRow, StoreError};

/// Seconds in which something may be signed and not yet stored: nothing is promised of them.
const UNSURE: i64 = 120;
/// Seconds before the promised time that are told again each round.
const OVERLAP: i64 = 30;
/// Seconds that are looked through again now and then, for what a process that hung stored late.
const SWEEP: i64 = 3600;
/// Certificates read and told at once.
const PAGE: i64 = 50_000;
/// Acts of revocation in one round.
const ACTS: i64 = 200;
/// Days for which what was told is remembered.
const REMEMBER: i64 = 90 * 86_400;

/// Why not everything could be told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RoundError {
    /// The trust list.
    #[error("trust list: {0}")]
    Client(#[from] ClientError),
    /// What is to be told can't be read.
    #[error("an entry of what is to be told can't be read")]
    Entry,
    /// Certificates that the trust list does not know, and neither does the database.
    #[error("{0} certificates are to be revoked that nobody issued")]
    Unknown(u64),
    /// The domain.
    #[error(transparent)]
    Refusal(#[from] crate::domain::Refusal),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told {
    /// Keys.
    pub keys: usize,
    /// Certificates by key, those told again among them.
    pub issued: usize,
    /// Acts of revocation.
    pub acts: usize,
}

impl Told {
    /// Whether there was anything new; what is told again in every round does not count.
    pub(super) fn is_any(&self) -> bool {
        self.keys > 0 || self.acts > 0
    }
}

/// An entry of the outbox.
#[derive(Deserialize)]
struct Act {
    #[serde(default)]
    kid: Option<String>,
    ids: Vec<String>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    undo: bool,
}

impl Reporter {
    pub(super) async fn round(&mut self, now: Timestamp) -> Result<Told, RoundError> {
        let mut told = Told::default();
        let signers = self.issuer.store.read().await?.signers().await?;
        // A trust list that does not take a key yet takes what was issued under it.
        let keys = self.tell_keys(&signers, now, &mut told).await;
        self.tell_issued(&signers, now, &mut told).await?;
        keys?;
        self.tell_revoked(now, &mut told).await?;
        Ok(told)
    }

    async fn tell_keys(
        &self,
        signers: &[SignerRow],
        now: Timestamp,
        told: &mut Told,
    ) -> Result<(), RoundError> {
        for signer in signers.iter().filter(|signer| signer.reported_at.is_none()) {
            let csca = self.csca.iter().cloned();
            let certificates: Vec<_> = csca.chain([signer.certificate.clone()]).collect();
            self.client.keys(&certificates).await?;
            let mut tx = self.issuer.store.write().await?;
            tx.signer_reported(&signer.kid, now.unix()).await?;
            tx.commit().await?;
            told.keys += 1;
        }
        Ok(())
    }

    /// Everything issued since the promised time of the key that is furthest behind, and some time
    /// before.
    async fn tell_issued(
        &mut self,
        signers: &[SignerRow],
        now: Timestamp,
        told: &mut Told,
    ) -> Result<(), RoundError> {
        let Some(behind) = signers.iter().map(|signer| signer.complete_until).min() else {
            return Ok(());
        };
        let sweep = now.unix() - self.swept >= SWEEP;
        let from = behind - if sweep { SWEEP } else { OVERLAP };
        let mut after = (from, Vec::new());
        loop {
            let mut tx = self.issuer.store.read().await?;
            // What was issued a moment ago is told too, so that it can be revoked a moment later.
            let page = tx
                .issued_from((after.0, &after.1), now.unix(), PAGE)
                .await?;
            drop(tx);
            let Some(last) = page.last() else { break };
            after = (last.issued_at, last.id.clone());
            told.issued += self.tell_page(&page).await?;
            if i64::try_from(page.len()).unwrap_or(i64::MAX) < PAGE {
                break;
            }
        }
        let until = now.plus_seconds(-UNSURE);
        for signer in signers {
            if until.unix() > signer.complete_until {
                self.client
                    .issued(&signer.kid, &[], Vec::new(), Some(until))
                    .await?;
            }
        }
        let mut tx = self.issuer.store.write().await?;
        for signer in signers {
            tx.signer_complete(&signer.kid, until.unix()).await?;
        }
        tx.commit().await?;
        if sweep {
            self.swept = now.unix();
        }
        Ok(())
    }

    async fn tell_page(&self, page: &[IssuedHash]) -> Result<usize, RoundError> {
        let mut posts: BTreeMap<(&[u8], Vec<String>), Vec<u8>> = BTreeMap::new();
        let mut count = 0;
        for one in page {
            let labels = if self.labels { labels(one) } else { Vec::new() };
            for kid in [&one.national_kid, &one.international_kid]
                .into_iter()
                .flatten()
            {
                let post = posts.entry((kid, labels.clone())).or_default();
                post.extend_from_slice(&one.uvci_hash);
                post.extend_from_slice(&one.issued_at.to_be_bytes());
                count += 1;
            }
        }
        for ((kid, labels), records) in posts {
            self.client.issued(kid, &labels, records, None).await?;
        }
        Ok(count)
    }

    async fn tell_revoked(&self, now: Timestamp, told: &mut Told) -> Result<(), RoundError> {
        let mut tx = self.issuer.store.read().await?;
        let due = tx.outbox_due(now.unix(), ACTS).await?;
        drop(tx);
        let mut failed = None;
        for act in due {
            let done = self.tell_act(&act).await;
            let mut tx = self.issuer.store.write().await?;
            match done {
                Ok(()) => {
                    tx.outbox_done(act.id, now.unix()).await?;
                    told.acts += 1;
                }
                Err(error) => {
                    // Up to an hour; the reporter itself comes back sooner, for the others.
                    let pause = 5_i64 << act.attempts.clamp(0, 9);
                    let next = now.unix() + pause.min(3600);
                    let problem: String = error.to_string().chars().take(500).collect();
                    tx.outbox_failed(act.id, next, &problem).await?;
                    let away = matches!(error, RoundError::Client(ClientError::Unreachable(_)));
                    failed = Some(error);
                    tx.commit().await?;
                    // Who does not answer is not asked a hundred times.
                    if away {
                        break;
                    }
                    continue;
                }
            }
            tx.commit().await?;
        }
        let mut tx = self.issuer.store.write().await?;
        tx.outbox_forget(now.unix() - REMEMBER).await?;
        tx.commit().await?;
        failed.map_or(Ok(()), Err)
    }

    /// One act of revocation. What the trust list does not know is told first.
    async fn tell_act(&self, act: &OutboxRow) -> Result<(), RoundError> {
        let act: Act = serde_json::from_str(&act.body).map_err(|_| RoundError::Entry)?;
        let choice = Choice {
            kid: act.kid,
            ids: act.ids,
        };
        if act.undo {
            self.client.undo(&choice).await?;
            return Ok(());
        }
        let (mut hits, mut unknown) = self.client.hits(&choice).await?;
        if unknown > 0 {
            let hashes = choice.hashes().ok_or(RoundError::Entry)?;
            let mut tx = self.issuer.store.read().await?;
            let issued = tx.issued_of(&hashes).await?;
            drop(tx);
            self.tell_page(&issued).await?;
            (hits, unknown) = self.client.hits(&choice).await?;
        }
        if unknown > 0 {
            return Err(RoundError::Unknown(unknown));
        }
        let reason = act.reason.trim();
        // At most 500 bytes, of letters of up to four.
        let reason: String = match reason.is_empty() {
            true => "revoked".into(),
            false => reason.chars().take(120).collect(),
        };
        self.client.revoke(&choice, &reason, hits).await?;
        Ok(())
    }
}

/// What the trust list's desk may find certificates by.
fn labels(one: &IssuedHash) -> Vec<String> {
    let site = one.site.rsplit('/').next().unwrap_or_default();
    let lot = one.lot.iter().map(|lot| format!("lot:{lot}"));
    lot.chain([format!("site:{site}")]).collect()
}
