//! `hcert keys`: keys and certificates made, kept, renewed, revoked and shown.

pub(crate) mod args;
pub(crate) mod authority;
mod ceremony;
pub(crate) mod certificates;
mod due;
pub(crate) mod fault;
mod fingerprint;
mod holder;
pub(crate) mod make;
mod network;
mod paper;
pub(crate) mod passphrase;
pub(crate) mod private;
mod renew;
mod request;
mod revoke;
pub(crate) mod show;
mod transcript;

use std::process::ExitCode;

use crate::{context::Context, fault::Fault};
use args::{KeysArgs, KeysCommand, Role};

/// Does what the arguments ask for. Only [`due`] and [`network`] end with another status than success.
pub(crate) fn run(args: &KeysArgs, context: &Context) -> Result<ExitCode, Fault> {
    match &args.command {
        KeysCommand::Csca(args) => make::csca(args, context),
        KeysCommand::Dsc(args) => make::dsc(args, context),
        KeysCommand::Root(args) => holder::run(args, Role::Root, context),
        KeysCommand::Online(args) => holder::run(args, Role::Online, context),
        KeysCommand::Request(args) => request::request(args, context),
        KeysCommand::SignRequest(args) => request::sign(args, context),
        KeysCommand::Renew(args) => renew::run(args, context),
        KeysCommand::Network(args) => return network::run(args, context),
        KeysCommand::Due(args) => return due::run(args, context),
        KeysCommand::Revoke(args) => revoke::run(args, context),
        KeysCommand::Crl(args) => revoke::renew_list(args, context),
        KeysCommand::Paper(args) => paper::run(args, context),
        KeysCommand::Restore(args) => paper::restore::run(args, context),
        KeysCommand::Transcript(args) => transcript::print(args, context),
        KeysCommand::Show(args) => show::show(args, context),
    }
    .map(|()| ExitCode::SUCCESS)
}
