//! The signed texts as CSV, for those who print themselves.

use std::sync::Arc;

use csv::{Terminator, WriterBuilder};
use hcert::time::Timestamp;
use intake::table::guard;

use super::{Export, Stop, export, valid};
use crate::{
    actor::Actor,
    domain::{Issuer, Refusal},
    id::Id,
};

impl Issuer {
    /// Line, key, UVCI, both codes and their end.
    pub async fn job_codes(self: &Arc<Issuer>, actor: &Actor, id: Id) -> Result<Export, Refusal> {
        let (job, mut pages) = self.pages(actor, id, None).await?;
        self.note_export(actor, &job, "codes", None).await?;
        let name = format!("{}-codes.csv", job.id);
        Ok(export(name, "text/csv; charset=utf-8", |out| async move {
            let head = [
                "line",
                "key",
                "uvci",
                "national",
                "international",
                "expires",
            ];
            out.send(line(head.map(String::from))).await?;
            loop {
                let page = pages.next().await?;
                if page.is_empty() {
                    return Ok::<(), Stop>(());
                }
                let mut text = Vec::new();
                for row in valid(page) {
                    let certificate = row.certificate;
                    text.extend(line([
                        row.line.to_string(),
                        row.key,
                        certificate.uvci,
                        certificate.national.unwrap_or_default(),
                        certificate.international.unwrap_or_default(),
                        Timestamp::saturating(certificate.expires_at).to_string(),
                    ]));
                }
                out.send(text).await?;
            }
        }))
    }
}

/// One row; no cell of it is a formula.
pub(super) fn line(cells: impl IntoIterator<Item = String>) -> Vec<u8> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    // Writing to memory has no way to fail.
    let _ = writer.write_record(cells.into_iter().map(|cell| guard(&cell).into_owned()));
    writer.into_inner().unwrap_or_default()
}
