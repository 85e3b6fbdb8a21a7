//! `hcert trust import`: other people's lists in, with a reason for all that stays outside.

mod answer;
mod bundle;
pub(super) mod list;
mod parts;
mod proofs;
mod recognise;
pub(super) mod sources;

use std::process::ExitCode;

use anyhow::ensure;
use trust_exchange::admission::{Environment, Settings, admit};
use trust_list::environment::Environment as BundleEnvironment;
use zeroize::Zeroizing;

use self::answer::{Answer, Written};
use super::{
    NOT_GOOD,
    args::{EnvironmentArg, ImportArgs},
};
use crate::{
    context::Context,
    files::{self, Output},
    keys::certificates,
};

pub(super) fn run(args: &ImportArgs, context: &Context) -> anyhow::Result<ExitCode> {
    let words = context.words();
    let texts = words.exchange();
    let fault = |fault| anyhow::Error::msg(words.fault(&fault));
    let at = args.at.unwrap_or_else(|| context.now());
    if let (Some(out), false) = (&args.out, args.force) {
        files::check_free(out).map_err(fault)?;
    }
    ensure!(
        args.out.is_none() || args.out != args.bundle.bundle,
        texts.same_file
    );
    let maker = match &args.bundle.bundle {
        None => None,
        Some(path) => Some(bundle::Maker::new(
            &args.bundle,
            path,
            &args.passphrase,
            context,
        )?),
    };
    let mut settings = Settings::production(at);
    let root = maker.as_ref().map(|maker| maker.root.environment());
    settings.environment = match (args.environment, root) {
        (Some(EnvironmentArg::Test), Some(BundleEnvironment::Production)) => {
            anyhow::bail!("{}", texts.test_in_production)
        }
        (Some(EnvironmentArg::Test), _) | (None, Some(BundleEnvironment::Test)) => {
            Environment::Test
        }
        _ => Environment::Production,
    };
    settings.country.clone_from(&args.country);
    settings.domain.clone_from(&args.domain);
    settings.chain_required = args.chain_required;
    let mut known = Vec::new();
    for path in &args.known {
        known.extend(certificates::read_certificates(path).map_err(fault)?);
    }

    let reads = proofs::read_all(args, at, words)?;
    let listings: Vec<_> = reads
        .iter()
        .map(|read| read.imported.listing.clone())
        .collect();
    let admission = admit(&listings, &known, &settings);
    let nothing = admission.admitted.is_empty();

    let mut written = Vec::new();
    let mut outputs = Vec::new();
    if let (Some(path), false) = (&args.out, nothing) {
        let listed = admission.admitted.iter().map(|admitted| &admitted.key);
        let (bytes, left_out) = list::gateway(listed)?;
        written.push(Written::List { path, left_out });
        outputs.push(output(path, bytes, args.force));
    }
    if let (Some(maker), Some(path), false) = (&maker, &args.bundle.bundle, nothing) {
        let made = maker.make(list::key_list(&admission), at, context)?;
        outputs.push(output(path, made.bytes, true));
        written.push(Written::Bundle {
            path,
            bundle: Box::new(made.bundle),
            withdrawn: made.withdrawn,
        });
    }
    files::write_all(&outputs).map_err(fault)?;
    let answer = Answer {
        reads: &reads,
        admission: &admission,
        written: &written,
        args,
    };
    answer.print(context)?;
    Ok(match nothing {
        true => ExitCode::from(NOT_GOOD),
        false => ExitCode::SUCCESS,
    })
}

fn output(path: &std::path::Path, bytes: Vec<u8>, replace: bool) -> Output {
    Output {
        path: path.to_owned(),
        bytes: Zeroizing::new(bytes),
        private: false,
        replace,
    }
}
