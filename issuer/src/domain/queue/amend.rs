//! Amending what is not certified yet.

use intake::record::Record;
use serde_json::json;

use super::{Seen, needs, seen};
use crate::{
    actor::Actor,
    domain::{Issuer, Refusal, content, desk::Whom},
    roles::Role,
};

impl Issuer {
    /// A clerk mends a record that is not certified yet: it is recorded anew, with the next revision.
    ///
    /// [`Whom::Known`] with the person the record is of mends what is known of the person too, as long
    /// as no certificate says it.
    pub async fn amend(
        &self,
        actor: &Actor,
        record: Seen,
        content: &Record,
        whom: Whom,
        confirmed: bool,
    ) -> Result<(), Refusal> {
        needs(actor, Role::Clerk)?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let states = ["recorded", "sent_back", "approved"];
        let mut row = seen(&mut tx, actor, record, &states).await?;
        let before = (row.revision, row.state.clone());
        let revised = self
            .revise(&mut tx, actor, &row, (content, whom, confirmed), now)
            .await?;
        if let Some(old) = &revised.before {
            if !tx.certificates_of(old.id).await?.is_empty() {
                return Err(Refusal::State {
                    state: "certified".into(),
                    why: "a certificate has this person's data: correct the certificate",
                });
            }
            self.change_person(&mut tx, actor, old, &revised.subject.person, now)
                .await?;
        } else if revised.subject.fresh {
            tx.add_persons(&[&revised.subject.person]).await?;
        }
        content::set_event(&mut row, &revised.subject.record);
        row.person = revised.subject.person.id;
        row.fingerprint = revised.subject.print;
        "recorded".clone_into(&mut row.state);
        row.revision += 1;
        (row.approval, row.approved_at, row.approved_by) = (None, None, None);
        // Changing the person may have sent this record back already, with the next revision.
        let now_it_is = tx
            .record(row.id)
            .await?
            .map(|row| (row.revision, row.state));
        let (revision, state) = now_it_is.unwrap_or(before);
        row.revision = row.revision.max(revision + 1);
        if !tx.change_record(&row, (revision, &state)).await? {
            return Err(Refusal::Changed);
        }
        let detail = json!({ "revision": row.revision, "site": row.site });
        tx.audit(
            now,
            &actor.name,
            "record.amend",
            &format!("record:{}", row.id),
            &detail,
        )
        .await?;
        Ok(tx.commit().await?)
    }
}
