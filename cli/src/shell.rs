//! `hcert completions` and `hcert man`: for the shell and the manual reader.

use std::path::PathBuf;

use clap::{Args, Command, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;
use zeroize::Zeroizing;

use crate::{
    args::Cli,
    context::Context,
    fault::Fault,
    files::{self, Output},
};

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  hcert completions bash > hcert.bash
  hcert completions zsh > _hcert
  hcert completions fish > hcert.fish";

const MAN_EXAMPLES: &str = "\
Examples:
  hcert man man1
  hcert man > hcert.1
  hcert man man1 && ls man1";

/// Arguments of `hcert completions`.
#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Arguments of `hcert man`.
#[derive(Debug, Args)]
#[command(after_help = MAN_EXAMPLES)]
pub(crate) struct ManArgs {
    /// Folder for one page of each command; without it the main page goes to standard output.
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// Prints the completions of a shell.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<(), Fault> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "hcert", &mut script);
    files::print(&script)
}

/// Writes the manual.
pub(crate) fn man(args: &ManArgs, context: &Context) -> Result<(), Fault> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let Some(folder) = &args.folder else {
        return files::print(&page(&command)?.1);
    };
    let mut pages = Vec::new();
    collect(&command, &mut pages)?;
    let outputs: Vec<Output> = pages
        .into_iter()
        .map(|(name, bytes)| Output {
            path: folder.join(name),
            bytes: Zeroizing::new(bytes),
            private: false,
            replace: true,
        })
        .collect();
    files::write_all(&outputs)?;
    let (count, words) = (outputs.len(), context.words().making().pages_made);
    files::print(format!("{count} {words}: {}\n", folder.display()).as_bytes())
}

fn collect(command: &Command, pages: &mut Vec<(String, Vec<u8>)>) -> Result<(), Fault> {
    pages.push(page(command)?);
    for below in command
        .get_subcommands()
        .filter(|below| !below.is_hide_set())
    {
        collect(below, pages)?;
    }
    Ok(())
}

/// The file name and content of a command's page.
fn page(command: &Command) -> Result<(String, Vec<u8>), Fault> {
    let man = Man::new(command.clone());
    let mut bytes = Vec::new();
    man.render(&mut bytes).map_err(|error| Fault::Write {
        path: man.get_filename(),
        error,
    })?;
    Ok((man.get_filename(), bytes))
}
