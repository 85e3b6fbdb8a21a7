//! `hcert trust update`: what is new, from whomever; the old stays until all of it is checked.

use anyhow::{Context as _, bail};
use serde_json::json;
use trust_list::{
    bundle::{Bundle, Offered, State, Update},
    limits::Limits,
};

use super::{args::UpdateArgs, source::Source, store::Store};
use crate::{args::common::OutputFormat, context::Context};

/// What an update did.
struct Outcome {
    before: Option<u64>,
    bundle: Bundle,
    state: State,
    fetched: usize,
    fetched_bytes: usize,
    changed: bool,
}

pub(super) fn run(args: &UpdateArgs, context: &Context) -> anyhow::Result<()> {
    let words = context.words().trust();
    let store = Store::new(context);
    let _lock = store.lock()?;
    let named = args.source.clone().or_else(|| store.source());
    let Some(named) = named else {
        bail!("{}", words.no_source);
    };
    let source = Source::open(&named)?;
    let known = match (args.replace, store.state()?) {
        (false, Some(state)) => state,
        _ => pin(args, &source, context)?,
    };
    // The bundle in use lends its parts; if it is damaged, everything is fetched anew.
    let old = match store.open() {
        Ok(old) if !args.replace => old.map(|(bundle, _)| bundle),
        _ => None,
    };
    let outcome = update(&source, &known, old.as_ref())
        .map_err(|error| explained(error, old.as_ref(), context))?;
    if outcome.changed || old.as_ref().is_none_or(|old| old.missing().count() > 0) {
        store.install(&outcome.bundle, &outcome.state)?;
    }
    store.set_source(&absolute(&named))?;
    let at = context.now();
    let facts = super::facts::Facts::new(&outcome.bundle, &outcome.state, at)?;
    match args.format {
        OutputFormat::Json => {
            let mut object = facts.to_json();
            object["before"] = json!(outcome.before);
            object["changed"] = json!(outcome.changed);
            object["parts_fetched"] = json!(outcome.fetched);
            object["bytes_fetched"] = json!(outcome.fetched_bytes);
            println!("{object}");
        }
        OutputFormat::Human => {
            println!(
                "{}",
                match (outcome.changed, outcome.before) {
                    (false, _) => (words.up_to_date)(outcome.bundle.manifest().sequence()),
                    (true, None) => (words.installed)(outcome.bundle.manifest().sequence()),
                    (true, Some(before)) =>
                        (words.updated)(before, outcome.bundle.manifest().sequence()),
                }
            );
            if outcome.changed {
                println!(
                    "  {}",
                    (words.fetched)(outcome.fetched, outcome.fetched_bytes)
                );
            }
            super::show::print(&facts, context, false);
        }
    }
    Ok(())
}

/// Brings the installed bundle up to date for a program that runs on: nobody is asked anything, so
/// there has to be one. Its sequence, if it is newer than before.
pub(crate) fn bring(source: &str, context: &Context) -> anyhow::Result<Option<u64>> {
    let store = Store::new(context);
    let _lock = store.lock()?;
    let Some(known) = store.state()? else {
        bail!("{}", context.words().trust().nothing_installed);
    };
    let old = store.open().ok().flatten().map(|(bundle, _)| bundle);
    let outcome = update(&Source::open(source)?, &known, old.as_ref())
        .map_err(|error| explained(error, old.as_ref(), context))?;
    if !outcome.changed {
        return Ok(None);
    }
    store.install(&outcome.bundle, &outcome.state)?;
    Ok(Some(outcome.bundle.manifest().sequence()))
}

/// The first trust: a root that the person vouches for.
fn pin(args: &UpdateArgs, source: &Source, context: &Context) -> anyhow::Result<State> {
    let words = context.words().trust();
    let limits = Limits::DEFAULT;
    if let Some(path) = &args.root {
        let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
        return State::pinned(&bytes, &limits).with_context(|| path.display().to_string());
    }
    // Later versions follow by their signatures; the one compared may be any of them.
    let mut offered: Vec<Vec<u8>> = source.roots_in_file().map(|root| root.to_vec()).collect();
    for version in 1..=limits.roots as u64 {
        match source.root(version)? {
            Some(root) => offered.push(root),
            None if version > 1 || !offered.is_empty() => break,
            None => {}
        }
    }
    let mut last = None;
    for root in &offered {
        let state = State::pinned(root, &limits)?;
        let (parsed, fingerprint) = state.root(&limits)?;
        if args.root_sha256 == Some(fingerprint) {
            return Ok(state);
        }
        last = Some((parsed, fingerprint));
    }
    let Some((root, fingerprint)) = last else {
        bail!("{}", words.no_root_there);
    };
    match args.root_sha256 {
        Some(_) => bail!("{}", (words.other_root)(&fingerprint.to_string())),
        None => bail!(
            "{}",
            (words.confirm_root)(
                root.name(),
                root.environment().name(),
                &fingerprint.to_string()
            )
        ),
    }
}

fn update(source: &Source, known: &State, old: Option<&Bundle>) -> anyhow::Result<Outcome> {
    let mut update = Update::begin(known, Limits::DEFAULT)?;
    for root in source.roots_in_file() {
        update.root(root)?;
    }
    while let Some(root) = source.root(update.next_root())? {
        update.root(&root)?;
    }
    let offered = update.manifest(&source.manifest()?)?;
    let mut fetched = 0;
    let mut fetched_bytes = 0;
    let wanted: Vec<_> = update.wanted().cloned().collect();
    for part in wanted {
        if let Some(bytes) = old.and_then(|old| old.part(&part)) {
            update.part(&part, bytes.clone())?;
            continue;
        }
        if let Some(bytes) = source.part(&part)? {
            fetched += 1;
            fetched_bytes += bytes.len();
            update.part(&part, bytes)?;
        }
    }
    let (bundle, state) = update.finish()?;
    Ok(Outcome {
        before: (known.sequence() > 0).then_some(known.sequence()),
        changed: offered == Offered::Newer || old.is_none(),
        bundle,
        state,
        fetched,
        fetched_bytes,
    })
}

/// Says what happened, in the language in force, and that the old bundle stays.
fn explained(error: anyhow::Error, old: Option<&Bundle>, context: &Context) -> anyhow::Error {
    let words = context.words().trust();
    let text = match error.downcast_ref::<trust_list::bundle::UpdateError>() {
        Some(update) => (words.update_error)(update),
        None => format!("{error:#}"),
    };
    let stays = match old {
        Some(old) => (words.old_stays)(old.manifest().sequence()),
        None => words.nothing_installed.to_owned(),
    };
    anyhow::Error::msg(format!("{text}\n  - {stays}"))
}

/// A path that still leads there from another folder.
fn absolute(source: &str) -> String {
    if source.contains("://") {
        return source.to_owned();
    }
    let path = std::path::absolute(source);
    path.map_or_else(|_| source.to_owned(), |path| path.display().to_string())
}
