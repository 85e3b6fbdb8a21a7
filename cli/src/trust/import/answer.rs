//! What an import answers: the sums, each refusal, and what was written.

use std::path::Path;

use serde_json::{Map, Value, json};
use trust_exchange::{
    Vouch,
    admission::{Admission, Refusal, Why},
};
use trust_list::bundle::Bundle;

use super::proofs::Read;
use crate::{
    args::common::OutputFormat, context::Context, fault::Fault, files, trust::args::ImportArgs,
    verify::shown,
};

/// Refusals shown one by one, unless all are asked for.
const REFUSALS_SHOWN: usize = 20;

/// A file that was written.
pub(super) enum Written<'a> {
    List {
        path: &'a Path,
        left_out: usize,
    },
    Bundle {
        path: &'a Path,
        bundle: Box<Bundle>,
        withdrawn: usize,
    },
}

/// All that is to be said.
pub(super) struct Answer<'a> {
    pub(super) reads: &'a [Read],
    pub(super) admission: &'a Admission,
    pub(super) written: &'a [Written<'a>],
    pub(super) args: &'a ImportArgs,
}

impl Answer<'_> {
    pub(super) fn print(&self, context: &Context) -> anyhow::Result<()> {
        let text = match self.args.format {
            OutputFormat::Json => format!("{}\n", self.json()),
            OutputFormat::Human => self.human(context),
        };
        // A list on standard output is not mixed with what is said of it.
        if self.args.out.as_deref().is_some_and(files::is_standard) {
            eprint!("{text}");
            return Ok(());
        }
        let fault = |fault: Fault| anyhow::Error::msg(context.words().fault(&fault));
        files::print(text.as_bytes()).map_err(fault)
    }

    /// How many of something are worth a warning, by its name in JSON.
    fn warnings(&self) -> [(&'static str, usize); 6] {
        let report = &self.admission.report;
        let reads = self.reads.iter();
        [
            ("expired", report.expired),
            ("not_yet_valid", report.not_yet_valid),
            ("without_authority", report.without_authority),
            ("foreign_kids", report.foreign_kids),
            ("collisions", report.collisions),
            (
                "revocation_batches_left_out",
                reads.map(|read| read.imported.listing.batches.len()).sum(),
            ),
        ]
    }

    fn human(&self, context: &Context) -> String {
        let texts = context.words().exchange();
        let report = &self.admission.report;
        let refused = &self.admission.refused;
        let mut lines = vec![(texts.sums)(
            report.signers,
            report.countries(),
            report.authorities,
            refused.len(),
        )];
        for read in self.reads {
            let listing = &read.imported.listing;
            let vouch = match &read.imported.vouch {
                Vouch::Operator => texts.operator.to_owned(),
                Vouch::Proof { signer, at } => {
                    let at = at.map(|at| context.words().instant(at));
                    (texts.proof)(signer, at.as_deref())
                }
            };
            let entries = listing.keys.len() + listing.refused.len();
            let form = (texts.form)(listing.form);
            let line = (texts.source)(&read.name, form, entries, &vouch);
            lines.push(format!("  {}", shown(&line)));
        }
        let counted = |pairs: &mut dyn Iterator<Item = (String, usize)>| {
            let pairs: Vec<_> = pairs
                .map(|(name, count)| format!("{name} {count}"))
                .collect();
            pairs.join(", ")
        };
        if report.admitted() > 0 {
            let countries = report.by_country.iter();
            let countries = &mut countries.map(|(code, count)| (shown(code).to_string(), *count));
            lines.push(format!("  {}: {}", texts.countries, counted(countries)));
        }
        if !refused.is_empty() {
            let kinds = report.refused.iter();
            let kinds = &mut kinds.map(|(kind, count)| ((texts.kind)(kind).to_owned(), *count));
            lines.push(format!("  {}: {}", texts.refused, counted(kinds)));
        }
        for (name, count) in self.warnings() {
            if count > 0 {
                lines.push(format!("  - {}", (texts.warning)(name, count)));
            }
        }
        let most = match self.args.all {
            true => usize::MAX,
            false => REFUSALS_SHOWN,
        };
        // What is there twice is no loss: first what is not there at all.
        let twice = |refusal: &&Refusal| refusal.why == Why::Duplicate;
        let lost = refused.iter().filter(|refusal| !twice(refusal));
        for refusal in lost.chain(refused.iter().filter(twice)).take(most) {
            let why = (texts.why)(&refusal.why);
            lines.push(format!("  ✖ {}: {}", shown(&refusal.entry), shown(&why)));
        }
        if let Some(more) = refused.len().checked_sub(most).filter(|more| *more > 0) {
            lines.push(format!("  {}", (texts.more)(more)));
        }
        for written in self.written {
            lines.extend(written.human(context, self.args));
        }
        lines.join("\n") + "\n"
    }

    fn json(&self) -> Value {
        let report = &self.admission.report;
        let sources: Vec<_> = self
            .reads
            .iter()
            .map(|read| {
                let listing = &read.imported.listing;
                let (signer, at) = match &read.imported.vouch {
                    Vouch::Operator => (None, None),
                    Vouch::Proof { signer, at } => (Some(signer), at.map(|at| at.to_string())),
                };
                json!({
                    "source": read.name,
                    "form": listing.form.name(),
                    "entries": listing.keys.len() + listing.refused.len(),
                    "vouched_for_by": signer.map_or("operator", String::as_str),
                    "proven": signer.is_some(),
                    "signed_at": at,
                })
            })
            .collect();
        let refusals: Vec<_> = self
            .admission
            .refused
            .iter()
            .map(|refusal| {
                json!({
                    "entry": refusal.entry,
                    "form": refusal.form.name(),
                    "reason": refusal.why.kind(),
                    "message": refusal.why.to_string(),
                })
            })
            .collect();
        let warnings: Map<String, Value> = self
            .warnings()
            .into_iter()
            .map(|(name, count)| (name.to_owned(), count.into()))
            .collect();
        json!({
            "keys": report.signers,
            "authorities": report.authorities,
            "countries": report.by_country,
            "sources": sources,
            "refused": report.refused,
            "refusals": refusals,
            "warnings": warnings,
            "written": self.written.iter().map(Written::json).collect::<Vec<_>>(),
        })
    }
}

impl Written<'_> {
    fn human(&self, context: &Context, args: &ImportArgs) -> Vec<String> {
        let words = context.words();
        let texts = words.exchange();
        match self {
            Written::List { path, left_out } => {
                let mut lines = vec![(texts.list_written)(&files::shown(path))];
                if *left_out > 0 {
                    lines.push(format!("  - {}", (texts.left_out)(*left_out)));
                }
                lines
            }
            Written::Bundle {
                path,
                bundle,
                withdrawn,
            } => {
                let manifest = bundle.manifest();
                let path = files::shown(path);
                let mut lines = vec![
                    (texts.bundle_written)(
                        &path,
                        manifest.sequence(),
                        bundle.key_list().keys.len(),
                        bundle.to_file().len(),
                    ),
                    (texts.bundle_until)(
                        &words.instant(manifest.soft_expiry()),
                        &words.instant(bundle.hard_expiry()),
                    ),
                ];
                if *withdrawn > 0 {
                    lines.push(format!("  - {}", (texts.still_withdrawn)(*withdrawn)));
                }
                if args.bundle.revocation.is_empty() && args.bundle.without_revocation.is_empty() {
                    lines.push(format!("  - {}", texts.no_revocation));
                }
                let root = args.bundle.root.first().map(|root| files::shown(root));
                lines.push(format!(
                    "  - {}",
                    (texts.install_next)(&path, &root.unwrap_or_default())
                ));
                lines
            }
        }
    }

    fn json(&self) -> Value {
        match self {
            Written::List { path, left_out } => {
                json!({ "list": files::shown(path), "left_out": left_out })
            }
            Written::Bundle {
                path,
                bundle,
                withdrawn,
            } => json!({
                "bundle": files::shown(path),
                "environment": bundle.environment().name(),
                "sequence": bundle.manifest().sequence(),
                "key_list_version": bundle.key_list().version,
                "keys": bundle.key_list().keys.len(),
                "authorities": bundle.key_list().authorities.len(),
                "withdrawn": withdrawn,
                "soft_expiry": bundle.manifest().soft_expiry().to_string(),
                "hard_expiry": bundle.hard_expiry().to_string(),
            }),
        }
    }
}
