//! One PDF of thousands of sheets.

use std::{collections::HashMap, sync::Arc};

use print::Kind;

use super::{Export, Out, Pages, Stop, export};
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
}

impl Paper {
    /// The kind of paper by its word: `fold` (also without a word), `card`, `label`.
    pub fn kind_of(word: &str) -> Option<Kind> {
        Some(match word {
            "" | "fold" => Kind::Fold,
            "card" => Kind::Card,
            "label" => Kind::Label,
            _ => return None,
        })
    }
}

impl Issuer {
    /// The certificates of a part of a job on paper, in the order of its lines. Counts the prints. What
    /// can't be printed is left out, and stands among the job's rows as `not_printed`.
    pub async fn job_pdf(
        self: &Arc<Issuer>,
        actor: &Actor,
        id: Id,
        paper: Paper,
    ) -> Result<Export, Refusal> {
        let (job, pages) = self.pages(actor, id, Some(paper.part)).await?;
        self.note_export(actor, &job, "pdf", Some(paper.part))
            .await?;
        let name = format!("{}-{}.pdf", job.id, paper.part);
        let (issuer, actor) = (Arc::clone(self), actor.clone());
        Ok(export(name, "application/pdf", move |out| async move {
            all(&issuer, &actor, &job, paper.kind, pages, out).await
        }))
    }
}

async fn all(
    issuer: &Issuer,
    actor: &Actor,
    job: &JobRow,
    kind: Kind,
    mut pages: Pages,
    out: Out,
) -> Result<(), Stop> {
    let mut stream = issuer.sheets(actor, kind);
    loop {
        let page = pages.next().await?;
        if page.is_empty() {
            break;
        }
        let lines: HashMap<Id, i64> = page
            .iter()
            .map(|row| (row.certificate.id, row.line))
            .collect();
        let certificates = page.into_iter().map(|row| row.certificate).collect();
        let (more, piece) = stream.add(certificates).await?;
        stream = more;
        if !piece.left_out.is_empty() {
            let mut tx = issuer.store.write().await?;
            for (certificate, why) in &piece.left_out {
                // What was revoked is nobody's to print, and no fault.
                if let (false, Some(line)) =
                    (matches!(why, Refusal::State { .. }), lines.get(certificate))
                {
                    tx.note_not_printed(job.id, *line).await?;
                }
            }
            tx.commit().await?;
        }
        out.send(piece.pdf).await?;
    }
    if stream.is_empty() {
        // Viewers refuse a document without pages.
        return Err(Stop::Failed(Refusal::NotFound(
            "certificate that can be printed",
        )));
    }
    out.send(stream.finish().await?).await
}
