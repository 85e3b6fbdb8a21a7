//! The keys and rules that a verification goes by.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use hcert::limits::Limits;
use verifier::{
    rules::RuleSet,
    trust::{Trust, TrustBuilder},
};

use crate::context::Context;

/// Entries that could not be used, shown one by one up to this many.
const REFUSALS_SHOWN: usize = 3;

/// The trust named by the arguments, or else what is installed in the data directory.
pub(super) fn trust(files: &[PathBuf], context: &Context) -> anyhow::Result<Trust> {
    let mut builder = TrustBuilder::new();
    let installed;
    let files = if files.is_empty() {
        installed = installed_files(context)?;
        &installed
    } else {
        files
    };
    for file in files {
        let bytes = read(file)?;
        builder
            .add_file(&bytes)
            .with_context(|| file.display().to_string())?;
    }
    let trust = builder.build();
    for refused in trust.refused().iter().take(REFUSALS_SHOWN) {
        context.print_warning(&format!("{}: {}", refused.entry, refused.why));
    }
    if trust.refused().len() > REFUSALS_SHOWN {
        let more = trust.refused().len() - REFUSALS_SHOWN;
        context.print_warning(&context.words().more_refused(more));
    }
    if trust.is_empty() {
        bail!("{}", context.words().no_trusted_key());
    }
    Ok(trust)
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

/// Every file of the folder `trust` in the data directory.
fn installed_files(context: &Context) -> anyhow::Result<Vec<PathBuf>> {
    let folder = context.data_directory().join("trust");
    let Ok(entries) = fs::read_dir(&folder) else {
        bail!(
            "{}",
            context
                .words()
                .no_trust_installed(&folder.display().to_string())
        );
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| folder.display().to_string())?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        bail!(
            "{}",
            context
                .words()
                .no_trust_installed(&folder.display().to_string())
        );
    }
    Ok(files)
}
