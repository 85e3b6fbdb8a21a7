//! The rows that failed when they were taken, to be corrected and sent again: their fields, their keys,
//! and why.

use std::sync::Arc;

use intake::{field::Field, words::Words};
use service::language::Language;

use super::{Export, PAGE, Stop, codes::line, export};
use crate::{
    actor::Actor,
    bulk::{draft, trouble},
    domain::{Issuer, Refusal},
    id::Id,
};

impl Issuer {
    /// The rows of a job that failed.
    pub async fn job_failures(
        self: &Arc<Issuer>,
        actor: &Actor,
        id: Id,
        language: Language,
    ) -> Result<Export, Refusal> {
        let job = self.job(actor, id).await?;
        let name = format!("{}-failed.csv", job.id);
        let words = Words::new(match language {
            Language::Vi => intake::words::Language::Vietnamese,
            Language::En => intake::words::Language::English,
        });
        let issuer = Arc::clone(self);
        Ok(export(
            name,
            "text/csv; charset=utf-8",
            move |out| async move {
                // A mark, by which Excel knows UTF-8. The last two columns are not read when it comes back.
                let head = Field::ALL
                    .iter()
                    .map(|field| words.field(*field).to_owned());
                let head = head.chain(["hcert_line", "hcert_errors"].map(String::from));
                out.send([b"\xef\xbb\xbf".to_vec(), line(head)].concat())
                    .await?;
                let mut after = 0;
                loop {
                    let page = {
                        let mut tx = issuer.store.read().await?;
                        tx.failed_rows(id, after, PAGE).await?
                    };
                    let Some(last) = page.last() else {
                        return Ok::<(), Stop>(());
                    };
                    after = last.line;
                    let mut text = Vec::new();
                    for row in &page {
                        let fields = draft::fields(&row.draft);
                        let cell = |field: &Field| match field {
                            Field::Key => row.key.clone(),
                            _ => fields
                                .iter()
                                .find(|(own, _)| own == field)
                                .map_or_else(String::new, |(_, text)| text.clone()),
                        };
                        let (_, why) = trouble::read(&row.problem, language);
                        let cells = Field::ALL.iter().map(cell);
                        text.extend(line(cells.chain([row.line.to_string(), why])));
                    }
                    out.send(text).await?;
                }
            },
        ))
    }
}
