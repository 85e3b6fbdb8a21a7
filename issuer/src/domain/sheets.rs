//! Certificates as people carry them: PDF, picture. Every symbol is read back by an independent reader
//! before it leaves (`qr` does that); one that fails raises an alarm, and nobody gets it.
//!
//! What is printed is what was signed: the stored text is verified with the key that is known and
//! taken apart again. Nothing is printed from the records.

mod printer;
mod read_back;

use std::collections::BTreeMap;

use hcert::{hc1::Decoder, x509::Certificate};
use print::{Facts, Kind, Sheet, Words};
use serde_json::json;
use service::store::AuditNote;

use self::{
    printer::{Fault, Printer, Reader},
    read_back::Known,
};
use super::{Issuer, Refusal, alarms::Raised, claims::ClaimCode};
use crate::{
    actor::Actor,
    id::Id,
    paper::{Beside, Paper},
    roles::Role,
    store::{CertificateRow, StoreError, Tx},
};

/// The most certificates of one request; more are bulk work ([`SheetStream`]).
pub const MOST: usize = 500;

/// A document, and what is not in it.
#[derive(Debug)]
pub struct Printed {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// The certificates that are not in it, and why. The others are.
    pub left_out: Vec<(Id, Refusal)>,
}

/// A part of a document that grows.
#[derive(Debug)]
pub struct Piece {
    /// The bytes made since the last piece.
    pub pdf: Vec<u8>,
    /// The certificates of this piece that are not in it, and why.
    pub left_out: Vec<(Id, Refusal)>,
}

impl Issuer {
    /// What is printed for a certificate: facts in words, codes, notes. Its texts are verified first.
    pub fn sheet(&self, certificate: &CertificateRow, beside: Beside) -> Result<Sheet, Refusal> {
        printable(certificate)?;
        self.reader().sheet(certificate, beside)
    }

    /// The facts of a certificate in words, as they are printed. Its texts are verified first.
    pub fn facts(&self, certificate: &CertificateRow, beside: &Beside) -> Result<Facts, Refusal> {
        let mut reader = self.reader();
        let read = reader.read(certificate)?;
        Ok(reader.facts(&read, certificate, beside))
    }

    /// The PDF of one or more certificates that the actor may see, in the order given. Counts the
    /// prints; each sheet has a claim code of its own where citizens can fetch certificates. If none
    /// can be printed, the reason of the first is the refusal.
    pub async fn pdf(&self, actor: &Actor, kind: Kind, ids: &[Id]) -> Result<Printed, Refusal> {
        if ids.is_empty() || ids.len() > MOST {
            let why = format!("print 1 to {MOST} certificates at a time");
            return Err(Refusal::Asked(why));
        }
        let mut tx = self.store.read().await?;
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let row = tx.certificate(*id).await?;
            rows.push(row.ok_or(Refusal::NotFound("certificate"))?);
        }
        drop(tx);
        let (stream, mut piece) = self.sheets(actor, kind).add(rows).await?;
        if stream.is_empty()
            && let Some((_, why)) = piece.left_out.drain(..).next()
        {
            return Err(why);
        }
        let mut pdf = piece.pdf;
        pdf.extend(stream.finish().await?);
        Ok(Printed {
            pdf,
            left_out: piece.left_out,
        })
    }

    /// A document that grows certificate by certificate, for thousands of them.
    pub fn sheets(&self, actor: &Actor, kind: Kind) -> SheetStream<'_> {
        SheetStream {
            issuer: self,
            actor: actor.clone(),
            kind,
            printer: Printer::new(&self.press, kind, self.reader()),
        }
    }

    /// The front code as a picture (PNG). Its texts are verified first.
    pub fn png(&self, certificate: &CertificateRow) -> Result<Vec<u8>, Refusal> {
        Ok(self.sheet(certificate, Beside::default())?.code.png()?)
    }

    /// The signed text of the front code.
    pub(crate) fn front_text<'a>(&self, certificate: &'a CertificateRow) -> Option<&'a str> {
        let texts = read_back::texts(certificate, &self.settings.profiles);
        texts.first().map(|(_, _, text)| *text)
    }

    fn reader(&self) -> Reader {
        Reader {
            known: Known::new(&self.keys),
            decoder: Decoder::default(),
            paper: Paper::new(&self.settings),
            profiles: self.settings.profiles.clone(),
            catalogue: self.catalogues.current(),
        }
    }
}

/// A document that grows. Its pieces, in order, are the file.
pub struct SheetStream<'a> {
    issuer: &'a Issuer,
    actor: Actor,
    kind: Kind,
    printer: Printer,
}

impl SheetStream<'_> {
    /// Adds certificates: some hundreds at a time, in one transaction that counts the prints and
    /// notes the claim codes. On an error the document is lost, and nothing was counted.
    pub async fn add(
        mut self,
        certificates: Vec<CertificateRow>,
    ) -> Result<(Self, Piece), Refusal> {
        let issuer = self.issuer;
        let (may, seen) = (may_print(&self.actor), self.actor.place.clone());
        let mut tx = issuer.store.read().await?;
        let mut beside = Besides::default();
        let mut jobs = Vec::with_capacity(certificates.len());
        let mut left_out = Vec::new();
        for row in certificates {
            let place = row.site.parse().ok();
            if !may || !place.is_some_and(|place| seen.contains(&place)) {
                left_out.push((row.id, Refusal::NotFound("certificate")));
                continue;
            }
            if let Err(why) = printable(&row) {
                left_out.push((row.id, why));
                continue;
            }
            let known = &mut self.printer.reader.known;
            for kid in [&row.national_kid, &row.international_kid]
                .into_iter()
                .flatten()
            {
                if !known.has(kid)
                    && let Some(der) = tx.former_signer(kid).await?
                    && let Ok(certificate) = Certificate::from_der(&der)
                {
                    known.add(&certificate);
                }
            }
            let code = issuer.settings.public_url.is_some().then(ClaimCode::new);
            let code = code.transpose()?;
            let mut beside = beside.of(&mut tx, &row).await?;
            beside.claim_code = code.as_ref().map(ToString::to_string);
            jobs.push((row, beside, code));
        }
        drop(tx);

        let mut printer = self.printer;
        let drawn = tokio::task::spawn_blocking(move || {
            let drawn: Vec<_> = jobs
                .into_iter()
                .map(|(row, beside, code)| {
                    let outcome = printer.draw(&row, beside);
                    (row, code, outcome)
                })
                .collect();
            (printer, drawn)
        });
        let (printer, drawn) = drawn.await.map_err(|_| gave_up())?;
        self.printer = printer;

        let mut printed = Vec::new();
        let mut faults = Vec::new();
        for (row, code, outcome) in drawn {
            match outcome {
                Ok(()) => printed.push((row, code)),
                Err(why) => {
                    if let Some(fault) = Fault::of(&why) {
                        faults.push((row.clone(), fault));
                    }
                    left_out.push((row.id, why));
                }
            }
        }
        issuer
            .note_prints(&self.actor, self.kind, &printed, &faults)
            .await?;
        let pdf = self.printer.batch.take();
        Ok((self, Piece { pdf, left_out }))
    }

    /// Whether no sheet is in it.
    pub fn is_empty(&self) -> bool {
        self.printer.batch.sheets() == 0
    }

    /// The end of the document, which has its fonts.
    pub async fn finish(self) -> Result<Vec<u8>, Refusal> {
        let batch = self.printer.batch;
        let end = tokio::task::spawn_blocking(move || batch.finish());
        end.await.map_err(|_| gave_up())
    }
}

impl std::fmt::Debug for SheetStream<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SheetStream")
            .field("sheets", &self.printer.batch.sheets())
            .finish_non_exhaustive()
    }
}

impl Issuer {
    /// Counts what was printed, and holds back what nobody may get.
    async fn note_prints(
        &self,
        actor: &Actor,
        kind: Kind,
        printed: &[(CertificateRow, Option<ClaimCode>)],
        faults: &[(CertificateRow, Fault)],
    ) -> Result<(), Refusal> {
        if printed.is_empty() && faults.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let ids: Vec<Id> = printed.iter().map(|(row, _)| row.id).collect();
        tx.count_prints(&ids).await?;
        for (row, code) in printed {
            if let Some(code) = code {
                self.store_claim(&mut tx, row.id, code, now).await?;
            }
        }
        let mut raised = Vec::new();
        for (row, fault) in faults {
            tx.hold_certificate(row.id).await?;
            raised.push(Raised {
                kind: fault.alarm(),
                subject: format!("certificate:{}", row.id),
                site: row.site.clone(),
                detail: json!({}),
            });
        }
        self.raise(&mut tx, &raised, now).await?;
        let detail = json!({ "kind": word(kind) });
        let reason = |fault: &Fault| json!({ "why": fault.alarm().name() });
        let printed = ids
            .iter()
            .map(|id| ("certificate.print", *id, detail.clone()));
        let held = faults.iter();
        let held = held.map(|(row, fault)| ("certificate.hold", row.id, reason(fault)));
        let notes: Vec<_> = printed
            .chain(held)
            .map(|(action, id, detail)| (action, format!("certificate:{id}"), detail))
            .collect();
        let notes: Vec<_> = notes
            .iter()
            .map(|(action, subject, detail)| AuditNote {
                actor: &actor.name,
                action,
                subject,
                detail,
            })
            .collect();
        tx.audit_many(now, &notes).await?;
        tx.commit().await?;
        self.counts.printed.add(ids.len());
        Ok(())
    }

    /// What is known of a certificate beside it: site and nationality.
    pub(crate) async fn beside(&self, certificate: &CertificateRow) -> Result<Beside, Refusal> {
        let mut tx = self.store.read().await?;
        Ok(Besides::default().of(&mut tx, certificate).await?)
    }
}

/// What stands beside certificates, each site asked for once.
#[derive(Default)]
struct Besides {
    sites: BTreeMap<String, Option<Words>>,
}

impl Besides {
    async fn of(&mut self, tx: &mut Tx, row: &CertificateRow) -> Result<Beside, StoreError> {
        let site = match self.sites.get(&row.site) {
            Some(site) => site.clone(),
            None => {
                let place = tx.places_by_path(&[&row.site]).await?.pop();
                let site = place.map(|place| Words::new(place.name, place.name_en));
                self.sites.insert(row.site.clone(), site.clone());
                site
            }
        };
        let person = tx.person(row.person).await?;
        Ok(Beside {
            site,
            nationality: person.and_then(|person| person.nationality),
            claim_code: None,
        })
    }
}

/// Who prints: the desk, and whoever answers for it.
fn may_print(actor: &Actor) -> bool {
    [Role::Clerk, Role::Officer, Role::Authority]
        .into_iter()
        .any(|role| actor.is(role))
}

/// Whether a certificate may be given out at all.
fn printable(certificate: &CertificateRow) -> Result<(), Refusal> {
    let why = match certificate.state.as_str() {
        "valid" => return Ok(()),
        "held" => {
            "its code can't be given out; the alarm page says why: correct it to make another one"
        }
        _ => "it is not given out any more; if there is a corrected one, print that",
    };
    Err(Refusal::State {
        state: certificate.state.clone(),
        why,
    })
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Card => "card",
        Kind::Label => "label",
        _ => "fold",
    }
}

/// The thread that draws ended by a panic.
fn gave_up() -> Refusal {
    tracing::error!("drawing sheets ended by a panic");
    Refusal::Asked("the sheets could not be drawn; the log says more".into())
}
