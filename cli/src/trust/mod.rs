//! `hcert trust`: the bundle that verifiers carry, and the root above it.

pub(crate) mod args;
mod diff;
mod export;
mod facts;
mod import;
mod root;
mod show;
mod sign;
mod source;
pub(crate) mod store;
pub(crate) mod update;
mod verify;

use std::process::ExitCode;

use self::args::{TrustArgs, TrustCommand};
use crate::context::Context;

/// Status when a bundle must not be used.
const NOT_GOOD: u8 = 1;

/// Runs a subcommand.
pub(crate) fn run(args: &TrustArgs, context: &Context) -> anyhow::Result<ExitCode> {
    let done = |done: anyhow::Result<()>| done.map(|()| ExitCode::SUCCESS);
    match &args.command {
        TrustCommand::Update(args) => done(update::run(args, context)),
        TrustCommand::Show(args) => done(show::run(args, context)),
        TrustCommand::Verify(args) => verify::run(args, context),
        TrustCommand::Diff(args) => done(diff::run(args, context)),
        TrustCommand::Root(args) => done(root::run(args, context)),
        TrustCommand::Sign(args) => done(sign::run(args, context)),
        TrustCommand::Import(args) => import::run(args, context),
        TrustCommand::Export(args) => done(export::run(args, context)),
    }
}
