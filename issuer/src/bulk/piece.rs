//! One piece of a job: read its rows, take them, note what came of them.

use std::collections::HashMap;

use super::{check::said, draft, trouble};
use crate::{
    actor::Actor,
    domain::{
        Issuer, Refusal,
        desk::{Entry, Piece, Upto, Whom},
        queue::Seen,
    },
    id::Id,
    place::Place,
    store::{Chunk, JobRow, Lease, RowOutcome, WaitingRow},
};

impl Issuer {
    /// Does a piece, all of it in one transaction, or (when it is lost to another hand, or the database
    /// fails) nothing.
    pub(super) async fn work_piece(&self, chunk: &Chunk, lease: &Lease) -> Result<(), Refusal> {
        let (job, rows) = {
            let mut tx = self.store.read().await?;
            let job = tx.job(chunk.job).await?.ok_or(Refusal::NotFound("job"))?;
            let rows = tx.rows_of_chunk(chunk.job, chunk.first, chunk.last).await?;
            (job, rows)
        };
        let site: Place = job.site.parse().map_err(|_| Refusal::NotFound("site"))?;
        let upto = Upto::of(&job.upto).ok_or(Refusal::NotFound("step"))?;
        let actor = self.runner(&job).await?.ok_or(Refusal::Role("clerk"))?;
        let (waiting, there): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.state == "waiting");
        let mut failed = Vec::new();
        if upto > Upto::Recorded && !there.is_empty() {
            failed = self.further(&actor, chunk.job, upto, &there).await?;
        }
        let entries = self
            .entries(&job, &site, upto, waiting, &mut failed)
            .await?;
        let piece = Piece {
            lease,
            failed: &failed,
            why: trouble::of,
        };
        self.take_piece(&actor, entries, piece).await
    }

    /// The rows as reports. Those that can't be read any more are added to `failed`.
    async fn entries(
        &self,
        job: &JobRow,
        site: &Place,
        upto: Upto,
        rows: Vec<WaitingRow>,
        failed: &mut Vec<(i64, RowOutcome)>,
    ) -> Result<Vec<Entry>, Refusal> {
        let catalogue = self.catalogues.current();
        let settings = self.reading(&catalogue)?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            match draft::read(&row.draft, &settings) {
                Ok(record) => entries.push(Entry {
                    record,
                    whom: Whom::Same,
                    site: site.clone(),
                    upto,
                    source: "bulk",
                    confirmed: job.confirmed,
                    once: None,
                    row_key: Some(row.key),
                    row: Some((job.id, row.line)),
                }),
                Err(findings) => {
                    failed.push((row.line, RowOutcome::Failed(said("findings", &findings))));
                }
            }
        }
        Ok(entries)
    }

    /// Takes records that are there a step further, as in the queues. Each step is a transaction of its
    /// own and done once; a piece that is done again finds it done.
    async fn further(
        &self,
        actor: &Actor,
        job: Id,
        upto: Upto,
        rows: &[WaitingRow],
    ) -> Result<Vec<(i64, RowOutcome)>, Refusal> {
        let records: Vec<Id> = rows
            .iter()
            .filter_map(|row| Id::from_slice(row.record.as_deref()?))
            .collect();
        self.step_further(actor, &records, "recorded").await?;
        if upto == Upto::Certified {
            self.step_further(actor, &records, "approved").await?;
        }
        let mut tx = self.store.write().await?;
        let made: HashMap<Id, Id> = tx
            .certificates_by_records(&records)
            .await?
            .into_iter()
            .collect();
        let mut noted = Vec::new();
        for row in rows.iter().filter(|row| row.certificate.is_none()) {
            let Some(record) = row.record.as_deref().and_then(Id::from_slice) else {
                continue;
            };
            let Some(certificate) = made.get(&record).copied() else {
                continue;
            };
            let certificate = Some(certificate);
            let outcome = match row.state.as_str() {
                "known" => RowOutcome::Known {
                    record,
                    certificate,
                },
                _ => RowOutcome::Made {
                    record,
                    certificate,
                },
            };
            noted.push((row.line, outcome));
        }
        tx.note_rows(job, &noted).await?;
        tx.commit().await?;
        Ok(Vec::new())
    }

    /// Approves or certifies those of the records that wait for it.
    async fn step_further(&self, actor: &Actor, records: &[Id], from: &str) -> Result<(), Refusal> {
        let seen: Vec<Seen> = {
            let mut tx = self.store.read().await?;
            let found = tx.revisions_of(records, from).await?;
            found
                .into_iter()
                .map(|(record, revision)| Seen { record, revision })
                .collect()
        };
        if seen.is_empty() {
            return Ok(());
        }
        // What somebody changed at this moment stays in its queue, for a person to look at.
        match from {
            "recorded" => drop(self.approve(actor, &seen).await?),
            _ => drop(self.certify(actor, &seen).await?),
        }
        Ok(())
    }

    /// For whom a job runs, with the roles and the place they have now; nobody if they may do nothing
    /// any more.
    async fn runner(&self, job: &JobRow) -> Result<Option<Actor>, Refusal> {
        let Some(name) = job.run_by.as_deref() else {
            return Ok(None);
        };
        let mut tx = self.store.read().await?;
        let found = match name.split_once(':') {
            Some(("user", own)) => tx
                .account(own)
                .await?
                .and_then(|row| (!row.disabled).then_some((row.roles, row.place))),
            Some(("client", own)) => tx.rights_of_client(own).await?,
            _ => None,
        };
        let actor = found.and_then(|(roles, place)| {
            Some(Actor {
                name: name.to_owned(),
                roles: roles.parse().ok()?,
                place: place.parse().ok()?,
            })
        });
        let site: Option<Place> = job.site.parse().ok();
        Ok(actor.filter(|actor| site.is_some_and(|site| actor.sees(&site))))
    }
}
