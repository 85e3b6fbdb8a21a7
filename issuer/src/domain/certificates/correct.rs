//! Correcting and renewing: a new certificate, and both know each other.

use hcert::time::Timestamp;
use intake::record::Record;
use serde_json::json;

use super::{Reason, ReasonKind, revoke, visible};
use crate::{
    actor::Actor,
    domain::{
        Issuer, Refusal, content,
        desk::{self, Made, ToApprove, ToCertify, ToSign, Upto, Whom},
        limits, queue,
    },
    id::Id,
    roles::Role,
    store::{CertificateRow, ChosenRow, RecordRow, StoreError, Tx},
};

const DAY: i64 = 86_400;

impl Issuer {
    /// A corrected record takes the place of a certified one: a new record, a new certificate as soon as
    /// the steps are done, and the old certificate revoked in the same moment. Both know each other.
    ///
    /// What the content says of the person is from now on what is known of them. It goes as far at once
    /// as the actor's roles and the site allow.
    pub async fn correct(
        &self,
        actor: &Actor,
        certificate: Id,
        content: &Record,
        reason: &str,
        confirmed: bool,
    ) -> Result<Made, Refusal> {
        queue::needs(actor, Role::Clerk)?;
        let reason = queue::reason_of(reason)?;
        let now = self.clock.now();
        let mut tx = self.store.read().await?;
        let old = visible(actor, tx.certificate(certificate).await?)?;
        in_force(&old)?;
        if let Some(other) = tx.corrections_of(certificate).await?.first() {
            return Err(Refusal::Recorded { record: other.id });
        }
        let row = tx
            .record(old.record)
            .await?
            .ok_or(Refusal::NotFound("record"))?;
        let whom = Whom::Known(row.person);
        let revised = self
            .revise(&mut tx, actor, &row, (content, whom, confirmed), now)
            .await?;
        drop(tx);
        if revised.before.is_none() && content::of_event(&revised.subject.record) == row.content {
            return Err(Refusal::Asked(
                "nothing in it differs from the certificate".into(),
            ));
        }
        let goes = |upto: &Upto| self.may(actor, *upto, &revised.site).is_ok();
        let upto = [Upto::Certified, Upto::Approved, Upto::Recorded]
            .into_iter()
            .find(goes);
        let upto = upto.ok_or(Refusal::Role("clerk"))?;
        let mut new = corrected(&row, actor, certificate, upto, now)?;
        content::set_event(&mut new, &revised.subject.record);
        new.fingerprint.clone_from(&revised.subject.print);
        new.note = Some(reason);
        let mut made = None;
        if upto >= Upto::Approved {
            let certify = if upto == Upto::Certified {
                Some(self.terms(&revised.subject.record, now)?)
            } else {
                None
            };
            let work = ToSign {
                record: revised.subject.record.clone(),
                approve: Some(ToApprove {
                    key: self.site_key(&revised.site)?,
                    record: new.id,
                    revision: new.revision,
                    officer: actor.name.clone(),
                    at: now,
                }),
                certify: certify.clone(),
                site: new.site.clone(),
            };
            let signed = self
                .sign_all(vec![work])
                .await?
                .pop()
                .ok_or(Refusal::Changed)??;
            new.approval = signed.approval;
            if let Some((certify, certified)) = certify.zip(signed.certified) {
                let id = Id::new(now)?;
                let row = desk::certificate_row(id, &new, &certify, certified, Some(certificate));
                made = Some(row);
            }
        }
        let mut tx = self.store.write().await?;
        let held = tx.hold_persons(&[row.person]).await?;
        let known = revised.before.as_ref().unwrap_or(&revised.subject.person);
        let same = tx.certificate(certificate).await?.as_ref() == Some(&old)
            && held.first() == Some(known)
            && tx.corrections_of(certificate).await?.is_empty();
        if !same {
            return Err(Refusal::Changed);
        }
        if let Some(before) = &revised.before {
            self.change_person(&mut tx, actor, before, &revised.subject.person, now)
                .await?;
        }
        tx.add_records(&[&new]).await?;
        let mut notes = vec![(
            "record.correct",
            format!("record:{}", new.id),
            json!({ "corrects": certificate.to_string(), "site": new.site, "upto": upto.name() }),
        )];
        if let Some(row) = &made {
            tx.add_certificates(&[row]).await?;
            self.supersede(&mut tx, actor, row, now).await?;
            let detail = json!({ "record": new.id.to_string(), "site": new.site });
            notes.push((
                "certificate.issue",
                format!("certificate:{}", row.id),
                detail,
            ));
        }
        desk::audit(&mut tx, &actor.name, &notes, now).await?;
        tx.commit().await?;
        if made.is_some() {
            self.counts.issued.add(1);
            self.counts.revoked.add(1);
        }
        Ok(Made {
            record: new.id,
            person: new.person,
            certificate: made.map(|row| row.id),
            new: true,
        })
    }

    /// A new certificate of the same record, before the old one ends. The old one runs out by itself.
    pub async fn renew(&self, actor: &Actor, certificate: Id) -> Result<Made, Refusal> {
        let now = self.clock.now();
        let mut tx = self.store.read().await?;
        let old = visible(actor, tx.certificate(certificate).await?)?;
        let row = tx
            .record(old.record)
            .await?
            .ok_or(Refusal::NotFound("record"))?;
        let person = tx
            .person(row.person)
            .await?
            .ok_or(Refusal::NotFound("person"))?;
        let sites = tx.places_by_path(&[row.site.as_str()]).await?;
        let site = sites.into_iter().next().ok_or(Refusal::NotFound("site"))?;
        let issued = tx.issued_to(&[row.person], now.unix() - DAY).await?;
        drop(tx);
        if !actor.is(Role::Authority) {
            self.may(actor, Upto::Certified, &site)?;
        }
        in_force(&old)?;
        if row.state != "certified" {
            return Err(Refusal::State {
                state: row.state,
                why: "its record was replaced: renew the certificate that came after",
            });
        }
        if now.unix() < old.expires_at - self.settings.lives.renew * DAY {
            return Err(Refusal::State {
                state: "valid".into(),
                why: "it is too early to renew it",
            });
        }
        let catalogue = self.catalogues.current();
        let record = content::read(&self.reading(&catalogue)?, &person, &row.content)?;
        if !queue::is_approved(&row, &site, &record) {
            if row.approved_at.is_some_and(|at| person.changed_at >= at) {
                return Err(Refusal::State {
                    state: "valid".into(),
                    why: "the person's data has changed since: correct the certificate",
                });
            }
            let mut tx = self.store.write().await?;
            self.raise(&mut tx, &[queue::tampered(&row)], now).await?;
            tx.commit().await?;
            return Err(Refusal::State {
                state: "valid".into(),
                why: "its record is not what the site approved: the authority has been told",
            });
        }
        let had = i64::try_from(
            issued
                .iter()
                .filter(|one| one.issued_at > now.unix() - DAY)
                .count(),
        );
        let limit = limits::of_person(&self.settings.limits, had.unwrap_or(i64::MAX));
        if let Err(refusal) = limit {
            let most = self.settings.limits.person_day;
            let raised = [limits::reached(&actor.name, &row.site, "one person", most)];
            let mut tx = self.store.write().await?;
            self.raise(&mut tx, &raised, now).await?;
            tx.commit().await?;
            return Err(refusal);
        }
        let certify = self.terms(&record, now)?;
        if certify.expires_at.unix() <= old.expires_at {
            return Err(Refusal::State {
                state: "valid".into(),
                why: "a new one would not be good for longer",
            });
        }
        let work = ToSign {
            record,
            approve: None,
            certify: Some(certify.clone()),
            site: row.site.clone(),
        };
        let signed = self
            .sign_all(vec![work])
            .await?
            .pop()
            .ok_or(Refusal::Changed)??;
        let certified = signed.certified.ok_or(Refusal::Changed)?;
        let new =
            desk::certificate_row(Id::new(now)?, &row, &certify, certified, Some(certificate));
        let mut tx = self.store.write().await?;
        let same = tx.certificate(certificate).await?.as_ref() == Some(&old)
            && tx.hold_persons(&[row.person]).await?.first() == Some(&person);
        if !same || !tx.follow(certificate, new.id).await? {
            return Err(Refusal::Changed);
        }
        tx.add_certificates(&[&new]).await?;
        let detail = json!({ "renews": certificate.to_string(), "site": row.site });
        let subject = format!("certificate:{}", new.id);
        tx.audit(now, &actor.name, "certificate.renew", &subject, &detail)
            .await?;
        tx.commit().await?;
        self.counts.issued.add(1);
        Ok(Made {
            record: row.id,
            person: row.person,
            certificate: Some(new.id),
            new: true,
        })
    }

    /// A corrected certificate exists: the one before is revoked, its record replaced, and the trust list
    /// told, in the same transaction.
    pub(in crate::domain) async fn supersede(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        new: &CertificateRow,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let Some(before) = new.replaces.as_deref().and_then(Id::from_slice) else {
            return Ok(());
        };
        let old = tx.certificate(before).await?;
        let old = old.ok_or_else(|| StoreError::Content("a correction of nothing".into()))?;
        if !tx.follow(before, new.id).await? {
            return Err(Refusal::Changed);
        }
        tx.replace_record(old.record).await?;
        let reason = Reason {
            kind: ReasonKind::Correction,
            text: String::new(),
        };
        let text = revoke::words(&reason);
        if tx.revoke(&[before], &text, now.unix(), &actor.name).await? == 0 {
            return Ok(());
        }
        let row = ChosenRow {
            id: old.id,
            site: old.site,
            uvci_hash: old.uvci_hash,
            national_kid: old.national_kid,
            international_kid: old.international_kid,
        };
        revoke::tell(tx, &[row], reason.kind.name(), now).await?;
        let detail = json!({ "reason": "correction", "replaced_by": new.id.to_string() });
        let subject = format!("certificate:{before}");
        tx.audit(now, &actor.name, "certificate.revoke", &subject, &detail)
            .await?;
        Ok(())
    }

    fn terms(&self, record: &Record, now: Timestamp) -> Result<ToCertify, Refusal> {
        Ok(ToCertify {
            uvci: self.new_uvci()?,
            issued_at: now,
            expires_at: self.end_of(record, now),
        })
    }
}

/// Only what is in force, and the last of its line, is corrected or renewed.
fn in_force(row: &CertificateRow) -> Result<(), Refusal> {
    let state = |state: &str, why| {
        Err(Refusal::State {
            state: state.to_owned(),
            why,
        })
    };
    if row.state == "revoked" {
        return state(
            "revoked",
            "it can't be taken up again: record the event anew",
        );
    }
    if row.replaced_by.is_some() {
        return state("replaced", "take the certificate that came after it");
    }
    Ok(())
}

/// The record that corrects another one; its event is to be set.
fn corrected(
    row: &RecordRow,
    actor: &Actor,
    certificate: Id,
    upto: Upto,
    now: Timestamp,
) -> Result<RecordRow, Refusal> {
    let when = |from: Upto| (upto >= from).then(|| now.unix());
    let by = |from: Upto| (upto >= from).then(|| actor.name.clone());
    Ok(RecordRow {
        id: Id::new(now)?,
        corrects: Some(certificate.bytes().to_vec()),
        revision: 1,
        state: upto.name().to_owned(),
        source: "desk".into(),
        recorded_at: now.unix(),
        recorded_by: actor.name.clone(),
        approved_at: when(Upto::Approved),
        approved_by: by(Upto::Approved),
        approval: None,
        certified_at: when(Upto::Certified),
        certified_by: by(Upto::Certified),
        ..row.clone()
    })
}
