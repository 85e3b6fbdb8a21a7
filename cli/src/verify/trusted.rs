//! The keys and rules that a verification goes by.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail};
use hcert::{limits::Limits, time::Timestamp};
use trust_list::{bundle::Bundle, environment::Environment, limits::Limits as BundleLimits};
use verifier::{
    rules::RuleSet,
    trust::{Refused, Trust, TrustBuilder},
};

use crate::{
    context::Context,
    trust::store::{self, Store},
};

/// Entries that could not be used, shown one by one up to this many.
const REFUSALS_SHOWN: usize = 3;

/// What a verification goes by.
pub(super) struct Trusted {
    pub(super) trust: Trust,
    /// The bundle among it, for its rules.
    pub(super) bundle: Option<Bundle>,
    /// The highest signed time ever seen on this machine.
    pub(super) highest_time: Option<Timestamp>,
}

/// The trust named by the arguments, or else what is installed in the data directory.
pub(super) fn trust(files: &[PathBuf], context: &Context) -> anyhow::Result<Trusted> {
    let mut builder = TrustBuilder::new();
    let store = Store::new(context);
    let mut bundle = None;
    let mut highest_time = None;
    let others = if files.is_empty() {
        if let Some((opened, state)) = store.open()? {
            builder.add_bundle(&opened);
            bundle = Some(opened);
            highest_time = Some(state.highest_time());
        }
        installed_files(context, bundle.is_some(), store.bundle_path())?
    } else {
        files.to_vec()
    };
    for file in &others {
        let shown = || file.display().to_string();
        let bytes = read(file)?;
        if store::is_bundle(&bytes) {
            let opened = Bundle::open_alone(&Arc::new(bytes), &BundleLimits::DEFAULT);
            let (opened, _) = opened.with_context(shown)?;
            builder.add_bundle(&opened);
            if bundle.replace(opened).is_some() {
                bail!("{}: {}", shown(), context.words().trust().two_bundles);
            }
        } else {
            builder.add_file(&bytes).with_context(shown)?;
        }
    }
    let trust = builder.build();
    warn(trust.refused(), context);
    if trust.is_empty() {
        bail!("{}", context.words().no_trusted_key());
    }
    if let Some(info) = trust.bundle()
        && info.environment == Environment::Test
    {
        context.print_warning(context.words().trust().test_bundle);
    }
    Ok(Trusted {
        trust,
        bundle,
        highest_time,
    })
}

/// Shows what could not be used.
pub(super) fn warn(refused: &[Refused], context: &Context) {
    for refused in refused.iter().take(REFUSALS_SHOWN) {
        context.print_warning(&format!("{}: {}", refused.entry, refused.why));
    }
    if refused.len() > REFUSALS_SHOWN {
        let more = refused.len() - REFUSALS_SHOWN;
        context.print_warning(&context.words().more_refused(more));
    }
}

/// The rules of all files, if there are any. A rule that can't be read stops the command: without
/// it the answer could be green where it must not be.
pub(super) fn rules(files: &[PathBuf]) -> anyhow::Result<Option<RuleSet>> {
    let mut rules: Option<RuleSet> = None;
    for file in files {
        let name = || file.display().to_string();
        let text = String::from_utf8(read(file)?).with_context(name)?;
        let set = RuleSet::parse(&text).with_context(name)?;
        if let Some(refused) = set.refused().first() {
            let identifier = refused
                .identifier
                .as_deref()
                .unwrap_or("without identifier");
            let number = refused.index + 1;
            bail!(
                "{}: rule {number} ({identifier}): {}",
                name(),
                refused.error
            );
        }
        match &mut rules {
            Some(rules) => rules.extend(set),
            None => rules = Some(set),
        }
    }
    Ok(rules)
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let name = || file.display().to_string();
    // One byte over the limit is enough for the reader to refuse it.
    let limit = Limits::DEFAULT.trust_file_bytes as u64 + 1;
    let mut bytes = Vec::new();
    fs::File::open(file)
        .with_context(name)?
        .take(limit)
        .read_to_end(&mut bytes)
        .with_context(name)?;
    Ok(bytes)
}

/// Every file of the folder `trust` in the data directory but the bundle. Without a bundle there
/// has to be one.
fn installed_files(
    context: &Context,
    has_bundle: bool,
    bundle: &Path,
) -> anyhow::Result<Vec<PathBuf>> {
    let folder = context.data_directory().join("trust");
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).into_iter().flatten() {
        let path = entry.with_context(|| folder.display().to_string())?.path();
        // What a killed update left half written begins with a dot.
        let hidden = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if path.is_file() && path != bundle && !hidden {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() && !has_bundle {
        let folder = folder.display().to_string();
        bail!("{}", context.words().no_trust_installed(&folder));
    }
    Ok(files)
}
