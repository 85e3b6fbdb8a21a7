//! The command `hcert`: everything at a prompt.

mod args;
mod context;
mod inspect;
mod progress;
mod verify;
mod words;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{
    args::{Cli, Command},
    context::Context,
};

/// Exit status when the command could not do its work: bad arguments, an unreadable file.
const COULD_NOT_RUN: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let context = Context::new(&cli.global);
    let done = match &cli.command {
        Command::Verify(args) => verify::run(args, &context),
        Command::Inspect(args) => inspect::run(args, &context),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            context.print_error(&error);
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}
