//! The command `hcert`: everything at a prompt.

mod args;
mod context;
mod fault;
mod files;
mod gate;
mod inspect;
mod issue;
mod keys;
mod picture;
mod progress;
mod qr;
mod random;
mod shell;
mod trust;
mod verify;
mod words;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{
    args::{Cli, Command},
    context::Context,
    fault::Fault,
};

/// Exit status when the command could not do its work: bad arguments, an unreadable file.
const COULD_NOT_RUN: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let context = Context::new(&cli.global);
    let made = |done: Result<(), Fault>| {
        done.map(|()| ExitCode::SUCCESS)
            .map_err(|fault| anyhow::Error::msg(context.words().fault(&fault)))
    };
    let done = match &cli.command {
        Command::Verify(args) => verify::run(args, &context),
        Command::Inspect(args) => inspect::run(args, &context),
        Command::Trust(args) => trust::run(args, &context),
        Command::Gate(args) => gate::run(args, &context),
        Command::Keys(args) => keys::run(args, &context)
            .map_err(|fault| anyhow::Error::msg(context.words().fault(&fault))),
        Command::Issue(args) => made(issue::run(args, &context)),
        Command::Qr(args) => made(qr::run(args, &context)),
        Command::Completions(args) => made(shell::completions(args)),
        Command::Man(args) => made(shell::man(args, &context)),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            context.print_error(&error);
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}
