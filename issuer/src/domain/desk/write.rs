//! The transaction of a batch.

use std::collections::{BTreeMap, HashMap};

use hcert::time::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    Asked, Issuer, Made, Refusal,
    facts::{First, Second},
    piece::{self, Piece},
    plan::{Make, Plan, Step, Twin},
    sign::{ToApprove, ToSign, certificate_row},
    subjects::numbers,
};
use crate::{
    domain::limits::Counted,
    id::Id,
    store::{AuditNote, CertificateRow, OnceRow, PersonRow, RowOutcome, StoreError, Tx},
};

impl Issuer {
    /// Signs what the plan makes. What can't be signed is answered so, and the rest goes on.
    pub(super) async fn sign_plan(&self, mut plan: Plan) -> Result<Ready, Refusal> {
        let mut work = Vec::new();
        for step in &plan.steps {
            if let Step::Make(make) = step
                && make.key.is_some()
            {
                work.push(to_sign(make));
            }
        }
        let mut signed = self.sign_all(work).await?.into_iter();
        let mut certificates = HashMap::new();
        for (at, step) in plan.steps.iter_mut().enumerate() {
            let Step::Make(make) = step else { continue };
            if make.key.is_none() {
                continue;
            }
            match signed.next() {
                Some(Ok(signed)) => {
                    make.row.approval = signed.approval;
                    if let (Some((id, certify)), Some(certified)) =
                        (&make.certify, signed.certified)
                    {
                        let row = certificate_row(*id, &make.row, certify, certified, None);
                        certificates.insert(at, row);
                    }
                }
                Some(Err(refusal)) => *step = Step::Answer(Err(refusal)),
                None => return Err(Refusal::Asked("signing was broken off".into())),
            }
        }
        Ok(Ready { plan, certificates })
    }

    /// Writes a batch. `None` if something that it rests on has changed since it was looked up.
    pub(super) async fn write(
        &self,
        asked: &[Asked<'_>],
        piece: Option<Piece<'_>>,
        ready: Ready,
        now: Timestamp,
    ) -> Result<Option<Vec<Result<Made, Refusal>>>, Refusal> {
        let Ready { plan, certificates } = ready;
        let Plan {
            first,
            second,
            subjects,
            mut steps,
            mut raised,
        } = plan;
        let nothing = !steps.iter().any(|step| matches!(step, Step::Make(_)));
        if nothing && raised.is_empty() && piece.is_none() {
            return Ok(Some(outcomes(steps)));
        }
        let mut tx = self.store.write().await?;
        if !nothing {
            tx.alone(&keys_of_new(&steps)).await?;
            let same = First::look(&mut tx, asked).await? == first
                && Second::look(&mut tx, &subjects, now).await? == second;
            if !same || !hold_approved(&mut tx, &steps).await? {
                return Ok(None);
            }
        }
        let counted: Vec<(usize, Counted<'_>)> = makes(&steps)
            .filter_map(|(at, make)| Some((at, Counted::of(asked.get(at)?.actor, &make.row))))
            .collect();
        let (refused, more) = self.reckon_limits(&mut tx, &counted, now).await?;
        drop(counted);
        raised.extend(more);
        for (at, refusal) in refused {
            if let Some(step) = steps.get_mut(at) {
                *step = Step::Answer(Err(refusal));
            }
        }
        self.add(&mut tx, asked, &steps, &certificates, now).await?;
        let notes = notes(&steps);
        let outcomes = outcomes(steps);
        if let Some(piece) = piece
            && !end_piece(&mut tx, piece, asked, &outcomes, now).await?
        {
            return Err(Refusal::Changed);
        }
        self.raise(&mut tx, &raised, now).await?;
        // Last, because others that append wait from here on.
        let notes = notes.iter().map(|note| AuditNote {
            actor: &note.actor,
            action: note.action,
            subject: &note.subject,
            detail: &note.detail,
        });
        tx.audit_many(now, &notes.collect::<Vec<_>>()).await?;
        tx.commit().await?;
        let made = outcomes.iter().flatten();
        self.counts.issued.add(
            made.filter(|made| made.new && made.certificate.is_some())
                .count(),
        );
        if let Some(piece) = piece {
            let taken = asked.iter().filter(|one| one.entry.row.is_some()).count();
            self.counts.rows.add(taken + piece.failed.len());
        }
        Ok(Some(outcomes))
    }

    async fn add(
        &self,
        tx: &mut Tx,
        asked: &[Asked<'_>],
        steps: &[Step],
        certificates: &HashMap<usize, CertificateRow>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let fresh = makes(steps).filter(|(_, make)| make.fresh);
        let persons: BTreeMap<Id, &PersonRow> = fresh
            .map(|(_, make)| (make.person.id, &make.person))
            .collect();
        tx.add_persons(&persons.into_values().collect::<Vec<_>>())
            .await?;
        // In the order of what is unique, so that two batches never wait for each other.
        let mut records: Vec<_> = makes(steps).map(|(_, make)| &make.row).collect();
        records.sort_by(|a, b| a.fingerprint.cmp(&b.fingerprint));
        tx.add_records(&records).await?;
        let rows = makes(steps).filter_map(|(at, _)| certificates.get(&at));
        let mut rows: Vec<_> = rows.collect();
        rows.sort_by_key(|row| row.id);
        tx.add_certificates(&rows).await?;
        let (mut once, mut keys) = (Vec::new(), Vec::new());
        for (at, make) in makes(steps) {
            let Some(Asked { entry, .. }) = asked.get(at) else {
                continue;
            };
            if let Some(key) = &entry.once {
                once.push(OnceRow {
                    scope: key.scope.clone(),
                    key: key.key.clone(),
                    digest: key.digest.to_vec(),
                    outcome: outcome_text(&made(make)),
                    at: now.unix(),
                });
            }
            if let Some(key) = &entry.row_key {
                keys.push((entry.site.as_str(), key.as_str(), make.row.id));
            }
        }
        once.sort_by(|a, b| (&a.scope, &a.key).cmp(&(&b.scope, &b.key)));
        keys.sort_unstable();
        tx.add_once(&once.iter().collect::<Vec<_>>()).await?;
        tx.add_row_keys(&keys).await
    }
}

/// A batch that can be written.
pub(super) struct Ready {
    plan: Plan,
    certificates: HashMap<usize, CertificateRow>,
}

fn makes(steps: &[Step]) -> impl Iterator<Item = (usize, &Make)> {
    steps
        .iter()
        .enumerate()
        .filter_map(|(at, step)| match step {
            Step::Make(make) => Some((at, make.as_ref())),
            _ => None,
        })
}

fn to_sign(make: &Make) -> ToSign {
    let at = make.row.approved_at.map(Timestamp::saturating);
    let approve = make.key.as_ref().zip(at).map(|(key, at)| ToApprove {
        key: std::sync::Arc::clone(key),
        record: make.row.id,
        revision: make.row.revision,
        officer: make.row.recorded_by.clone(),
        at,
    });
    ToSign {
        record: make.record.clone(),
        approve,
        certify: make.certify.as_ref().map(|(_, certify)| certify.clone()),
        site: make.row.site.clone(),
    }
}

/// Holds those people of whom something is approved and not yet certified: whoever changes what is known
/// of them has to wait, and to find the approval. False if somebody just has.
async fn hold_approved(tx: &mut Tx, steps: &[Step]) -> Result<bool, StoreError> {
    let waits = makes(steps).filter(|(_, make)| make.row.state == "approved" && !make.fresh);
    let persons: BTreeMap<Id, &PersonRow> = waits
        .map(|(_, make)| (make.person.id, &make.person))
        .collect();
    if persons.is_empty() {
        return Ok(true);
    }
    let held = tx
        .hold_persons(&persons.keys().copied().collect::<Vec<_>>())
        .await?;
    Ok(held.iter().eq(persons.into_values()))
}

/// What those wait for who would make the same new person: a number for each document.
fn keys_of_new(steps: &[Step]) -> Vec<i64> {
    let fresh = makes(steps).filter(|(_, make)| make.fresh);
    let numbers = fresh.flat_map(|(_, make)| numbers(&make.person));
    let mut keys: Vec<i64> = numbers
        .map(|(kind, number)| {
            let digest = Sha256::digest(format!("{kind}{number}"));
            digest
                .iter()
                .take(8)
                .fold(0, |key, byte| (key << 8) | i64::from(*byte))
        })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn made(make: &Make) -> Made {
    Made {
        record: make.row.id,
        person: make.person.id,
        certificate: make.certify.as_ref().map(|(id, _)| *id),
        new: true,
    }
}

/// One outcome for each report, in order.
fn outcomes(steps: Vec<Step>) -> Vec<Result<Made, Refusal>> {
    let mut outcomes: Vec<Result<Made, Refusal>> = Vec::with_capacity(steps.len());
    for step in steps {
        let outcome = match step {
            Step::Answer(outcome) => outcome,
            Step::Make(make) => Ok(made(&make)),
            Step::As(twin, kind) => match outcomes.get(twin) {
                Some(Ok(made)) if kind == Twin::Request => Ok(Made {
                    new: false,
                    ..made.clone()
                }),
                Some(Ok(made)) => Err(Refusal::Recorded {
                    record: made.record,
                }),
                Some(Err(refusal)) => Err(again(refusal)),
                None => Err(Refusal::Changed),
            },
        };
        outcomes.push(outcome);
    }
    outcomes
}

/// The same refusal once more.
pub(super) fn again(refusal: &Refusal) -> Refusal {
    match refusal {
        Refusal::NotFound(what) => Refusal::NotFound(what),
        Refusal::Findings(findings) => Refusal::Findings(findings.clone()),
        Refusal::Recorded { record } => Refusal::Recorded { record: *record },
        Refusal::Limit { what, limit, span } => Refusal::Limit {
            what,
            limit: *limit,
            span,
        },
        Refusal::Certify(error) => Refusal::Certify(error.clone()),
        Refusal::Store(error) => Refusal::Store(shared(error)),
        other => Refusal::Asked(other.to_string()),
    }
}

/// An error of the database that stopped several.
pub(super) fn shared(error: &StoreError) -> StoreError {
    match error {
        StoreError::Unreachable(text) => StoreError::Unreachable(text.clone()),
        StoreError::Full => StoreError::Full,
        StoreError::Exists => StoreError::Exists,
        other => StoreError::Content(other.to_string()),
    }
}

fn outcome_text(made: &Made) -> String {
    let certificate = made.certificate.map(|id| id.to_string());
    json!({ "record": made.record.to_string(), "person": made.person.to_string(), "certificate": certificate })
        .to_string()
}

/// What came of a request before.
pub(super) fn made_before(row: &OnceRow) -> Result<Made, StoreError> {
    let value: Value = serde_json::from_str(&row.outcome).unwrap_or_default();
    let id = |name: &str| {
        value
            .get(name)
            .and_then(Value::as_str)
            .and_then(|id| id.parse().ok())
    };
    let damaged = || StoreError::Content("an outcome without a record".into());
    Ok(Made {
        record: id("record").ok_or_else(damaged)?,
        person: id("person").ok_or_else(damaged)?,
        certificate: id("certificate"),
        new: false,
    })
}

/// What the audit log says of each thing made.
struct Note {
    actor: String,
    action: &'static str,
    subject: String,
    detail: Value,
}

fn notes(steps: &[Step]) -> Vec<Note> {
    let note = |make: &Make| {
        let row = &make.row;
        let (action, subject, detail) = match &make.certify {
            Some((id, _)) => (
                "certificate.issue",
                format!("certificate:{id}"),
                json!({ "record": row.id.to_string(), "site": row.site, "source": row.source }),
            ),
            None => (
                if row.state == "approved" {
                    "record.approve"
                } else {
                    "record.add"
                },
                format!("record:{}", row.id),
                json!({ "kind": row.kind, "site": row.site, "source": row.source }),
            ),
        };
        Note {
            actor: row.recorded_by.clone(),
            action,
            subject,
            detail,
        }
    };
    makes(steps).map(|(_, make)| note(make)).collect()
}

/// Appends entries by one actor: action, subject, detail.
pub(in crate::domain) async fn audit(
    tx: &mut Tx,
    actor: &str,
    notes: &[(&'static str, String, Value)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let notes = notes.iter().map(|(action, subject, detail)| AuditNote {
        actor,
        action,
        subject,
        detail,
    });
    tx.audit_many(now, &notes.collect::<Vec<_>>()).await
}

/// Notes what came of the rows of a piece of bulk work, and that it is done, in the transaction that made
/// it. False if it is in other hands by now.
async fn end_piece(
    tx: &mut Tx,
    piece: Piece<'_>,
    asked: &[Asked<'_>],
    outcomes: &[Result<Made, Refusal>],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let made = asked.iter().zip(outcomes).filter_map(|(one, outcome)| {
        let (_, line) = one.entry.row?;
        Some((line, piece.outcome(outcome)))
    });
    let mut rows: Vec<(i64, RowOutcome)> = made.chain(piece.failed.iter().cloned()).collect();
    rows.sort_by_key(|(line, _)| *line);
    tx.certificates_of_known(&mut rows).await?;
    tx.note_rows(piece.lease.job, &rows).await?;
    let done = piece::count(rows.iter().map(|(_, outcome)| outcome));
    tx.finish_chunk(piece.lease, done, now.unix()).await
}
