//! `hcert keys`: keys and certificates, made and shown.

pub(crate) mod args;
pub(crate) mod certificates;
pub(crate) mod make;
pub(crate) mod passphrase;
pub(crate) mod private;
pub(crate) mod show;

use crate::{context::Context, fault::Fault};
use args::{KeysArgs, KeysCommand};

/// Does what the arguments ask for.
pub(crate) fn run(args: &KeysArgs, context: &Context) -> Result<(), Fault> {
    match &args.command {
        KeysCommand::Csca(args) => make::csca(args, context),
        KeysCommand::Dsc(args) => make::dsc(args, context),
        KeysCommand::Show(args) => show::show(args, context),
    }
}
