//! What is to be said of a report before it is recorded.

use intake::record::Record;

use super::{
    Asked, Entry, Issuer, Looked, Refusal, Upto, Whom,
    facts::{First, Lookup, Second},
};
use crate::{actor::Actor, place::Place};

impl Issuer {
    /// What is to be said of a report, before it is recorded. Changes nothing.
    ///
    /// Of [`Whom::New`] the doses of the one person who has the same document, birth and name are
    /// looked at all the same: the desk shows both and asks.
    pub async fn look(
        &self,
        actor: &Actor,
        site: &Place,
        whom: Whom,
        record: &Record,
    ) -> Result<Looked, Refusal> {
        let entry = Entry {
            record: record.clone(),
            whom: if whom == Whom::New { Whom::Same } else { whom },
            site: site.clone(),
            upto: Upto::Recorded,
            source: "desk",
            confirmed: false,
            once: None,
            row_key: None,
            row: None,
        };
        let asked = [Asked {
            actor,
            entry: &entry,
        }];
        let now = self.clock.now();
        let catalogue = self.catalogues.current();
        let reading = self.reading(&catalogue)?;
        let mut tx = self.store.read().await?;
        let first = First::look(&mut tx, &asked).await?;
        let mut subjects = self.subjects(&asked, &first, &reading, now)?;
        let second = Second::look(&mut tx, &subjects, now).await?;
        let lookup = Lookup::new(&first, &second);
        lookup.site(actor, &entry)?;
        let subject = subjects.pop().ok_or(Refusal::NotFound("person"))??;
        lookup.known(actor, &entry, &subject)?;
        let findings = self.findings(site.code(), &subject, &lookup, &catalogue, now);
        let recorded = lookup.prints.get(subject.print.as_str()).map(|row| row.id);
        let alike = self.alike_in(&mut tx, actor, &record.person).await?;
        Ok(Looked {
            findings,
            alike,
            recorded,
        })
    }
}
