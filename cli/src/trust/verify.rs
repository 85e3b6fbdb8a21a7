//! `hcert trust verify`: may this bundle be used?

use std::process::ExitCode;

use anyhow::Context as _;
use serde_json::json;
use trust_list::{
    bundle::{Bundle, Freshness, State, UpdateError, take_apart},
    limits::Limits,
};

use super::{
    NOT_GOOD,
    args::VerifyArgs,
    facts::Facts,
    store::{self, Store},
};
use crate::{args::common::OutputFormat, context::Context};

pub(super) fn run(args: &VerifyArgs, context: &Context) -> anyhow::Result<ExitCode> {
    let words = context.words().trust();
    let at = args.at.unwrap_or_else(|| context.now());
    let store = Store::new(context);
    let path = args
        .file
        .clone()
        .unwrap_or_else(|| store.bundle_path().to_owned());
    let file = store::read(&path)?;
    let opened = open(args, &store, &file)?;
    let (good, text, facts) = match &opened {
        Err(error) => (false, (words.update_error)(error), None),
        Ok((bundle, state)) => {
            let facts = Facts::new(bundle, state, at)?;
            let expired = matches!(facts.freshness, Freshness::Expired { .. });
            let whole = facts.missing.is_empty() && facts.unreadable == 0;
            let good = whole && !expired;
            let answer = if good { words.good } else { words.not_good };
            (good, answer.to_owned(), Some(facts))
        }
    };
    match args.format {
        OutputFormat::Json => {
            let error = opened.as_ref().err().map(UpdateError::code);
            println!(
                "{}",
                json!({
                    "good": good,
                    "error": error,
                    "message": text,
                    "bundle": facts.as_ref().map(Facts::to_json),
                })
            );
        }
        OutputFormat::Human => {
            let sign = if good { "✔" } else { "✖" };
            println!("{sign} {text}  {}", path.display());
            if let Some(facts) = &facts {
                super::show::print(facts, context, false);
            }
        }
    }
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(NOT_GOOD)
    })
}

/// Under the root given, else the installed trust, else the file's own first root.
fn open(
    args: &VerifyArgs,
    store: &Store,
    file: &std::sync::Arc<Vec<u8>>,
) -> anyhow::Result<Result<(Bundle, State), UpdateError>> {
    let limits = Limits::DEFAULT;
    let state = match (&args.root, store.state()?) {
        (Some(path), _) => {
            let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
            State::pinned(&bytes, &limits)
        }
        (None, Some(state)) => Ok(state),
        (None, None) => match take_apart(file, &limits) {
            Ok(pieces) => match pieces.roots.first() {
                Some(root) => State::pinned(root, &limits),
                None => Err(UpdateError::NoManifest),
            },
            Err(error) => Err(error.into()),
        },
    };
    Ok(state.and_then(|state| Bundle::open(file, &state, &limits)))
}
