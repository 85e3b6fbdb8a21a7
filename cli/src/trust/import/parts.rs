//! The parts of a bundle beside its keys: policy, rules, value sets, revocation.

use std::{fs::File, io::Read as _, path::Path};

use anyhow::{Context as _, bail};
use hcert::{limits::Limits, time::Timestamp};
use trust_list::{
    import::{self, Form},
    limits::Limits as BundleLimits,
    manifest::PartKind,
    policy::{AfterHardExpiry, Policy},
    revocation::{Batch, Batches, HashListBuilder},
};
use verifier::rules::{RuleSet, ValueSets};

use crate::{context::Context, trust::args::BundleArgs};

type Named = (PartKind, String, Vec<u8>);

/// All of them. What a verifier could not read stops the command, with the file and the reason.
pub(super) fn all(
    args: &BundleArgs,
    at: Timestamp,
    context: &Context,
) -> anyhow::Result<Vec<Named>> {
    let policy = Policy {
        after_hard_expiry: match args.policy_red {
            true => AfterHardExpiry::Red,
            false => AfterHardExpiry::Amber,
        },
        without_revocation: args.without_revocation.iter().cloned().collect(),
    };
    let mut parts = vec![(PartKind::Policy, "policy".to_owned(), policy.encode())];
    for (number, path) in (1..).zip(&args.rules) {
        let (text, shown) = text(path)?;
        let set = RuleSet::parse(&text).with_context(|| shown.clone())?;
        if let Some(refused) = set.refused().first() {
            bail!("{shown}: rule {}: {}", refused.index + 1, refused.error);
        }
        parts.push((
            PartKind::Rules,
            format!("rules-{number}"),
            text.into_bytes(),
        ));
    }
    for (number, path) in (1..).zip(&args.value_sets) {
        let (text, shown) = text(path)?;
        ValueSets::default()
            .add_json(&text)
            .with_context(|| shown)?;
        let name = format!("value-sets-{number}");
        parts.push((PartKind::ValueSets, name, text.into_bytes()));
    }
    if !args.revocation.is_empty() {
        let bytes = revocation(&args.revocation, at, context)?;
        parts.push((PartKind::RevocationHashes, "batches".to_owned(), bytes));
    }
    Ok(parts)
}

fn text(path: &Path) -> anyhow::Result<(String, String)> {
    let shown = path.display().to_string();
    let limit = BundleLimits::DEFAULT.part_bytes as u64;
    let mut bytes = Vec::new();
    let file = File::open(path).with_context(|| shown.clone())?;
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .with_context(|| shown.clone())?;
    if bytes.len() as u64 > limit {
        bail!("{shown}: larger than {limit} bytes");
    }
    let text = String::from_utf8(bytes).with_context(|| shown.clone())?;
    Ok((text, shown))
}

/// Batches of the gateways. One that can't be read stops the command: without it revoked
/// certificates would pass.
fn revocation(
    paths: &[std::path::PathBuf],
    at: Timestamp,
    context: &Context,
) -> anyhow::Result<Vec<u8>> {
    let texts = context.words().exchange();
    let mut batches = Batches::default();
    for path in paths {
        let shown = || path.display().to_string();
        let bytes = super::sources::read(path)?;
        let listing = import::read(&bytes, &Limits::DEFAULT).with_context(shown)?;
        if listing.form != Form::Revocation || listing.batches.is_empty() {
            bail!("{}: {}", shown(), texts.no_batches);
        }
        for (number, value) in (1..).zip(&listing.batches) {
            let name = format!("{}, {number}", shown());
            let batch = Batch::from_json(value).with_context(|| name.clone())?;
            if batch.expires <= at {
                context.print_warning(&format!("{name}: {}", texts.batch_expired));
            }
            batches.insert(&name, batch);
        }
    }
    let mut lists = HashListBuilder::default();
    batches.add_to(&mut lists, at);
    Ok(lists.write())
}
