//! `hcert keys network`: what a country needs to join WHO's network (GDHCN).

mod check;
mod make;
mod upload;

use std::process::ExitCode;

use super::{
    args::{NetworkArgs, NetworkCommand},
    fault::KeysFault,
};
use crate::{context::Context, fault::Fault};

/// Does what the arguments ask for. A check that finds a fault ends with status 1.
pub(crate) fn run(args: &NetworkArgs, context: &Context) -> Result<ExitCode, Fault> {
    let done = |done: Result<(), Fault>| done.map(|()| ExitCode::SUCCESS);
    match &args.command {
        NetworkCommand::Make(args) => done(make::run(args, context)),
        NetworkCommand::Check(args) => check::run(args, context),
        NetworkCommand::Upload(args) => done(upload::run(args, context)),
    }
}

fn refused(path: &std::path::Path, why: impl core::fmt::Display) -> Fault {
    KeysFault::Network {
        path: crate::files::shown(path),
        why: why.to_string(),
    }
    .into()
}
