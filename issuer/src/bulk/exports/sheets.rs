//! One PDF of thousands of sheets.

use std::sync::Arc;

use print::{Batch, Kind, PrintError};

use super::{Export, ExportRow, Out, Pages, Stop, export, valid};
use crate::{
    actor::Actor,
    domain::{Issuer, Refusal},
    id::Id,
    store::JobRow,
};

/// How a PDF is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    /// The paper.
    pub kind: Kind,
    /// Which part of the job, from 1.
    pub part: i64,
    /// A fresh claim code on every sheet. Those printed before end.
    pub claim: bool,
}

/// The kind of paper, by its word.
pub fn kind(word: &str) -> Option<Kind> {
    Some(match word {
        "" | "fold" => Kind::Fold,
        "card" => Kind::Card,
        "label" => Kind::Label,
        _ => return None,
    })
}

impl Paper {
    /// The kind of paper by its word: `fold`, `card`, `label`.
    pub fn kind_of(word: &str) -> Option<Kind> {
        kind(word)
    }
}

/// What came of a page of certificates.
struct Printed {
    batch: Batch,
    bytes: Vec<u8>,
    printed: Vec<Id>,
    left_out: Vec<(ExportRow, PrintError)>,
}

impl Issuer {
    /// The certificates of a job on paper, in the order of its lines. Counts the prints.
    pub async fn job_pdf(
        self: &Arc<Issuer>,
        actor: &Actor,
        id: Id,
        paper: Paper,
    ) -> Result<Export, Refusal> {
        let (job, pages) = self.pages(actor, id, Some(paper.part)).await?;
        self.note_export(actor, &job, "pdf", Some(paper.part)).await?;
        let place_name = {
            let mut tx = self.store.read().await?;
            let places = tx.places_by_path(&[job.site.as_str()]).await?;
            places.into_iter().next().map_or_else(|| job.site.clone(), |place| place.name)
        };
        let name = format!("{}-{}.pdf", job.id, paper.part);
        let (issuer, actor) = (Arc::clone(self), actor.clone());
        Ok(export(name, "application/pdf", |out| async move {
            let print = Print {
                issuer,
                actor,
                job,
                place_name: place_name.into(),
                claim: paper.claim,
            };
            print.all(paper.kind, pages, out).await
        }))
    }
}

struct Print {
    issuer: Arc<Issuer>,
    actor: Actor,
    job: JobRow,
    place_name: Arc<str>,
    claim: bool,
}

impl Print {
    async fn all(self, kind: Kind, mut pages: Pages, out: Out) -> Result<(), Stop> {
        let mut batch = Batch::new(&self.issuer.press, kind);
        loop {
            let page = pages.next().await?;
            if page.is_empty() {
                break;
            }
            let printed = self.page(batch, valid(page)).await?;
            batch = printed.batch;
            for (row, why) in &printed.left_out {
                self.issuer.left_out(&self.job, row, why).await?;
            }
            let mut tx = self.issuer.store.write().await?;
            tx.count_prints(&printed.printed).await?;
            tx.commit().await?;
            out.send(printed.bytes).await?;
        }
        if batch.sheets() == 0 {
            return Err(Stop::Failed(Refusal::NotFound("certificate that is valid")));
        }
        let end = tokio::task::spawn_blocking(move || batch.finish()).await;
        out.send(end.map_err(|_| broken())?).await
    }

    async fn page(&self, batch: Batch, rows: Vec<ExportRow>) -> Result<Printed, Stop> {
        let mut codes = Vec::with_capacity(rows.len());
        for row in &rows {
            codes.push(match self.claim {
                true => Some(self.issuer.claim_code(&self.actor, row.certificate.id).await?),
                false => None,
            });
        }
        let (issuer, place_name) = (Arc::clone(&self.issuer), Arc::clone(&self.place_name));
        let drawn = tokio::task::spawn_blocking(move || {
            let mut printed = Printed {
                batch,
                bytes: Vec::new(),
                printed: Vec::new(),
                left_out: Vec::new(),
            };
            for (row, code) in rows.into_iter().zip(codes) {
                let sheet = match issuer.sheet(&row.certificate, &place_name, code) {
                    Ok(sheet) => sheet,
                    Err(Refusal::Print(why)) => {
                        printed.left_out.push((row, why));
                        continue;
                    }
                    Err(error) => return Err(error),
                };
                match printed.batch.push(&sheet) {
                    Ok(()) => printed.printed.push(row.certificate.id),
                    Err(why) => printed.left_out.push((row, why)),
                }
            }
            printed.bytes = printed.batch.take();
            Ok(printed)
        });
        Ok(drawn.await.map_err(|_| broken())??)
    }
}

fn broken() -> Refusal {
    Refusal::Asked("the printing broke off".into())
}
