//! Revoking: one, or all of a lot, a site, a clerk. The trust list is told in the same transaction, by a
//! row of the outbox.

use std::collections::BTreeMap;

use hcert::{base64, time::Timestamp};
use serde_json::json;

use super::{Reason, Which};
use crate::{
    actor::Actor,
    domain::{Issuer, Refusal, desk, queue},
    id::Id,
    roles::Role,
    store::{Chosen, ChosenRow, StoreError, Tx, Within},
};

/// The most certificates of one row of the outbox.
const ROW: usize = 10_000;
/// The most characters of a reason's text.
const MAX_TEXT: usize = 200;

impl Which {
    fn chosen(&self) -> Chosen<'_> {
        match self {
            Which::These(ids) => Chosen::Ids(ids),
            Which::Lot(lot) => Chosen::Lot(lot),
            Which::Site(site, from, to) => Chosen::Site(site.as_str(), *from, *to),
            Which::By(name, from, to) => Chosen::By(name, *from, *to),
        }
    }

    /// For the audit log.
    fn words(&self) -> serde_json::Value {
        match self {
            Which::These(_) => json!({ "by": "ids" }),
            Which::Lot(lot) => json!({ "by": "lot", "lot": lot }),
            Which::Site(site, from, to) => {
                json!({ "by": "site", "site": site.as_str(), "from": from, "to": to })
            }
            Which::By(name, from, to) => {
                json!({ "by": "actor", "actor": name, "from": from, "to": to })
            }
        }
    }
}

impl Issuer {
    /// How many certificates a revocation would touch, and so how many people at most.
    pub async fn count(&self, actor: &Actor, which: &Which) -> Result<i64, Refusal> {
        queue::needs(actor, Role::Authority)?;
        let mut tx = self.store.read().await?;
        let rows = tx.chosen(&Within::of(&actor.place), which.chosen()).await?;
        Ok(number(rows.len()))
    }

    /// Revokes them all, if there are as many as expected. The trust list is told.
    pub async fn revoke(
        &self,
        actor: &Actor,
        which: &Which,
        reason: &Reason,
        expect: i64,
    ) -> Result<i64, Refusal> {
        queue::needs(actor, Role::Authority)?;
        if reason.text.chars().count() > MAX_TEXT {
            return Err(Refusal::Asked(format!(
                "the reason has at most {MAX_TEXT} characters"
            )));
        }
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let rows = tx.chosen(&Within::of(&actor.place), which.chosen()).await?;
        let hits = number(rows.len());
        if hits != expect {
            return Err(Refusal::Count {
                hits,
                expected: expect,
            });
        }
        if rows.is_empty() {
            return Ok(0);
        }
        let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
        let text = words(reason);
        let revoked = tx.revoke(&ids, &text, now.unix(), &actor.name).await?;
        if i64::try_from(revoked) != Ok(hits) {
            // Another one was quicker with some of them.
            return Err(Refusal::Changed);
        }
        tell(&mut tx, &rows, reason.kind.name(), now).await?;
        let mut detail = which.words();
        if let Some(detail) = detail.as_object_mut() {
            detail.insert("reason".into(), reason.kind.name().into());
        }
        let notes = ids.iter().map(|id| {
            (
                "certificate.revoke",
                format!("certificate:{id}"),
                detail.clone(),
            )
        });
        desk::audit(&mut tx, &actor.name, &notes.collect::<Vec<_>>(), now).await?;
        tx.commit().await?;
        self.counts
            .revoked
            .add(usize::try_from(hits).unwrap_or_default());
        Ok(hits)
    }
}

/// A word, then the text.
pub(super) fn words(reason: &Reason) -> String {
    match reason.text.trim() {
        "" => reason.kind.name().to_owned(),
        text => format!("{}: {text}", reason.kind.name()),
    }
}

/// Puts what the trust list has to be told into the outbox, for each key that signed one of them.
pub(super) async fn tell(
    tx: &mut Tx,
    rows: &[ChosenRow],
    reason: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut by_kid: BTreeMap<&[u8], Vec<String>> = BTreeMap::new();
    for row in rows {
        let id = base64::encode(&row.uvci_hash);
        for kid in [&row.national_kid, &row.international_kid]
            .into_iter()
            .flatten()
        {
            by_kid.entry(kid).or_default().push(id.clone());
        }
    }
    for (kid, ids) in by_kid {
        for ids in ids.chunks(ROW) {
            let body = json!({ "kid": base64::encode(kid), "ids": ids, "reason": reason });
            tx.tell_revoked(&body.to_string(), now.unix()).await?;
        }
    }
    Ok(())
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
