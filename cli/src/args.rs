//! Arguments of the command.

use clap::{Args, Parser, Subcommand, ValueEnum};
use verifier::wording::Language;

use crate::{
    issue::args::IssueArgs,
    keys::args::KeysArgs,
    qr::QrArgs,
    shell::{CompletionsArgs, ManArgs},
};

/// Verifiable digital health certificates: issue, print, verify, without a network.
#[derive(Debug, Parser)]
#[command(
    name = "hcert",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Arguments that every subcommand takes.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Language of messages; by default that of the environment (LC_ALL, LC_MESSAGES, LANG).
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<LanguageArg>,
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t)]
    pub(crate) color: ColorArg,
}

/// A language of messages.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LanguageArg {
    /// English
    En,
    /// Tiếng Việt
    Vi,
}

impl From<LanguageArg> for Language {
    fn from(language: LanguageArg) -> Language {
        match language {
            LanguageArg::En => Language::English,
            LanguageArg::Vi => Language::Vietnamese,
        }
    }
}

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorArg {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Also into a pipe or file.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make and show keys: a country's CSCA, and the DSCs that sign certificates.
    Keys(KeysArgs),
    /// Issue certificates: payloads in, HC1 texts and QR codes out.
    Issue(Box<IssueArgs>),
    /// Make a QR code of any text.
    Qr(QrArgs),
    /// Print the completions of a shell.
    Completions(CompletionsArgs),
    /// Write the manual pages.
    Man(ManArgs),
}
