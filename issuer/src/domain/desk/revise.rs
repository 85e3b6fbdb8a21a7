//! Another content for a record that is there: amended before it is certified, corrected after.

use hcert::time::Timestamp;
use intake::{
    finding::{Finding, Severity},
    record::Record,
    table::fingerprint,
};
use serde_json::json;

use super::{
    Asked, Entry, Issuer, Refusal, Upto, Whom,
    facts::{First, Lookup, Second},
    subjects::{Subject, at_site},
};
use crate::{
    actor::Actor,
    domain::content,
    store::{PersonRow, PlaceRow, RecordRow, StoreError, Tx},
};

/// What a record will say.
pub(in crate::domain) struct Revised {
    /// Of whom, and what.
    pub(in crate::domain) subject: Subject,
    /// The person as they are known so far, if that changes.
    pub(in crate::domain) before: Option<PersonRow>,
    /// Where.
    pub(in crate::domain) site: PlaceRow,
}

impl Issuer {
    /// Reads and checks another content of a record. With [`Whom::Known`] and the record's own person,
    /// what is known of that person changes to what the content says.
    pub(in crate::domain) async fn revise(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        row: &RecordRow,
        (content, whom, confirmed): (&Record, Whom, bool),
        now: Timestamp,
    ) -> Result<Revised, Refusal> {
        let site = row.site.parse();
        let entry = Entry {
            record: content.clone(),
            whom,
            site: site.map_err(|_| StoreError::Content("a record without a site".into()))?,
            upto: Upto::Recorded,
            source: "desk",
            confirmed,
            once: None,
            row_key: None,
            row: None,
        };
        let asked = [Asked {
            actor,
            entry: &entry,
        }];
        let catalogue = self.catalogues.current();
        let reading = self.reading(&catalogue)?;
        let first = First::look(tx, &asked).await?;
        let mut subjects = self.subjects(&asked, &first, &reading, now)?;
        let mut before = None;
        if whom == Whom::Known(row.person)
            && let Some(Ok(subject)) = subjects.first_mut()
        {
            let old = subject.person.clone();
            let new = PersonRow {
                created_at: old.created_at,
                created_by: old.created_by.clone(),
                ..content::row_of(&content.person, old.id, &old.site, "", now)
            };
            if !content::says_the_same(&old, &new) {
                let mut record = content.clone();
                at_site(&mut record, entry.site.code());
                *subject = Subject {
                    print: fingerprint(&record, &self.fingerprints),
                    person: new,
                    fresh: false,
                    record,
                };
                before = Some(old);
            }
        }
        let mut second = Second::look(tx, &subjects, now).await?;
        second.without(row.id);
        let lookup = Lookup::new(&first, &second);
        let site = lookup.site(actor, &entry)?.clone();
        let subject = subjects.pop().ok_or(Refusal::NotFound("person"))??;
        if whom != Whom::Known(row.person) {
            lookup.known(actor, &entry, &subject)?;
        }
        if let Some(found) = lookup.prints.get(subject.print.as_str()) {
            return Err(Refusal::Recorded { record: found.id });
        }
        let findings = self.findings(entry.site.code(), &subject, &lookup, &catalogue, now);
        let stops = |finding: &Finding| match finding.severity() {
            Severity::Error => true,
            Severity::Warning => !confirmed,
            Severity::Note => false,
        };
        if findings.iter().any(stops) {
            return Err(Refusal::Findings(findings));
        }
        Ok(Revised {
            subject,
            before,
            site,
        })
    }

    /// Changes what is known of a person. What was approved of them has to be approved again, and their
    /// records are told by another fingerprint. The audit log has the names of the fields alone.
    pub(in crate::domain) async fn change_person(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        old: &PersonRow,
        new: &PersonRow,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if !tx.change_person(new, old).await? {
            return Err(Refusal::Changed);
        }
        let again = tx.unapprove(old.id).await?;
        let catalogue = self.catalogues.current();
        let reading = self.reading(&catalogue)?;
        for row in tx.records_of(old.id).await? {
            // What was removed, or names a code that is no longer read, keeps what it has.
            if let Ok(record) = content::read(&reading, new, &row.content) {
                let print = fingerprint(&record, &self.fingerprints);
                tx.set_fingerprint(row.id, &print).await?;
            }
        }
        let again: Vec<String> = again.iter().map(ToString::to_string).collect();
        let detail =
            json!({ "fields": content::changed_fields(old, new), "to_approve_again": again });
        tx.audit(
            now,
            &actor.name,
            "person.change",
            &format!("person:{}", old.id),
            &detail,
        )
        .await?;
        Ok(())
    }
}
