//! Personal data goes when its time is over; what revocation needs stays.

use serde_json::json;
use service::random;

use super::{Issuer, Refusal};

const DAY: i64 = 86_400;
/// Name of the lease, and seconds after which another process takes over from one that died.
const LEASE: &str = "retention";
const PATIENCE: i64 = 1800;
/// Rows of one transaction: others write in between.
const BATCH: i64 = 2_000;
/// How long an ended claim code is still known, so that its holder is told that it ended.
const CLAIM_DAYS: i64 = 30;

/// What a run removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removed {
    /// Certificates whose texts were emptied.
    pub certificates: u64,
    /// Records whose content was emptied.
    pub records: u64,
    /// People.
    pub persons: u64,
    /// Jobs with their rows and reports.
    pub jobs: u64,
    /// Complaints.
    pub complaints: u64,
    /// Idempotency keys.
    pub keys: u64,
}

impl Removed {
    /// Whether there was anything.
    pub fn is_any(&self) -> bool {
        *self != Removed::default()
    }
}

impl Issuer {
    /// Removes what is past its days; a few thousand rows in each transaction.
    ///
    /// A certificate loses its texts and its identifier, of which the hash stays; with the last one of
    /// a record goes the record's content, and with the last content of a person all that names them.
    ///
    /// Of several processes one does it; the others remove nothing.
    pub async fn remove_old(&self) -> Result<Removed, Refusal> {
        let holder = random::token()?;
        let now = self.clock.now().unix();
        let mut tx = self.store.write().await?;
        let mine = tx.take_lease(LEASE, &holder, now, now + PATIENCE).await?;
        tx.commit().await?;
        if !mine {
            return Ok(Removed::default());
        }
        let removed = self.remove(now).await;
        let mut tx = self.store.write().await?;
        tx.give_lease_back(LEASE, &holder).await?;
        tx.commit().await?;
        removed
    }

    async fn remove(&self, now: i64) -> Result<Removed, Refusal> {
        let days = self.settings.retention;
        let mut removed = Removed::default();
        let past = now - days.certificates * DAY;
        self.remove_certificates(past, now, &mut removed).await?;
        self.remove_records(past, now, &mut removed).await?;
        self.remove_persons(past, now, &mut removed).await?;
        self.remove_jobs(now - days.jobs * DAY, &mut removed)
            .await?;
        loop {
            let mut tx = self.store.write().await?;
            let keys = tx.remove_once(now - days.idempotency * DAY, BATCH).await?;
            tx.commit().await?;
            removed.keys += keys;
            if keys == 0 {
                break;
            }
        }
        let mut tx = self.store.write().await?;
        removed.complaints = tx.remove_complaints(now - days.complaints * DAY).await?;
        tx.remove_claims(now - CLAIM_DAYS * DAY).await?;
        if removed.is_any() {
            let detail = json!({ "certificates": removed.certificates,
                "records": removed.records, "persons": removed.persons, "jobs": removed.jobs,
                "complaints": removed.complaints, "keys": removed.keys });
            tx.audit(self.clock.now(), "service", "retention", "service", &detail)
                .await?;
        }
        tx.commit().await?;
        Ok(removed)
    }

    async fn remove_certificates(
        &self,
        past: i64,
        now: i64,
        removed: &mut Removed,
    ) -> Result<(), Refusal> {
        loop {
            let mut tx = self.store.write().await?;
            let certificates = tx.certificates_past(past, BATCH).await?;
            if certificates.is_empty() {
                return Ok(());
            }
            removed.certificates += tx.empty_certificates(&certificates).await?;
            let records = tx.records_of_past(&certificates).await?;
            removed.records += tx.empty_records(&records).await?;
            let persons = tx.persons_of_past(&records).await?;
            removed.persons += tx.erase_persons(&persons, now).await?;
            tx.commit().await?;
        }
    }

    async fn remove_records(
        &self,
        past: i64,
        now: i64,
        removed: &mut Removed,
    ) -> Result<(), Refusal> {
        loop {
            let mut tx = self.store.write().await?;
            let records = tx.records_past(past, BATCH).await?;
            if records.is_empty() {
                return Ok(());
            }
            removed.records += tx.empty_records(&records).await?;
            let persons = tx.persons_of_past(&records).await?;
            removed.persons += tx.erase_persons(&persons, now).await?;
            tx.commit().await?;
        }
    }

    /// People without a record are looked for once a day: all people have to be looked through.
    async fn remove_persons(
        &self,
        past: i64,
        now: i64,
        removed: &mut Removed,
    ) -> Result<(), Refusal> {
        let mut tx = self.store.write().await?;
        let first = tx.first_of_day("retention", now / DAY).await?;
        tx.commit().await?;
        if !first {
            return Ok(());
        }
        loop {
            let mut tx = self.store.write().await?;
            let persons = tx.persons_past(past, BATCH).await?;
            if persons.is_empty() {
                return Ok(());
            }
            removed.persons += tx.erase_persons(&persons, now).await?;
            tx.commit().await?;
        }
    }

    async fn remove_jobs(&self, past: i64, removed: &mut Removed) -> Result<(), Refusal> {
        loop {
            let mut tx = self.store.write().await?;
            let Some(job) = tx.job_past(past).await? else {
                return Ok(());
            };
            let rows = tx.remove_job(job, BATCH).await?;
            tx.commit().await?;
            removed.jobs += u64::from(rows == 0);
        }
    }
}
