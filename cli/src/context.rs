//! What every subcommand needs to know of its surroundings.

use std::io::IsTerminal as _;

use verifier::wording::Language;

use crate::{
    args::{ColorArg, Global},
    words::Words,
};

/// The surroundings: language, colours.
pub(crate) struct Context {
    /// Language of messages.
    pub(crate) language: Language,
    /// Whether standard output takes colours.
    pub(crate) colour: bool,
    colour_errors: bool,
}

impl Context {
    /// From the arguments and the environment.
    pub(crate) fn new(global: &Global) -> Context {
        let colour = |terminal: bool| match global.color {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        };
        Context {
            language: global
                .lang
                .map_or_else(language_of_environment, Language::from),
            colour: colour(std::io::stdout().is_terminal()),
            colour_errors: colour(std::io::stderr().is_terminal()),
        }
    }

    /// The command's words in the language in force.
    pub(crate) fn words(&self) -> Words {
        Words::new(self.language)
    }

    /// Says on standard error why the command could not do its work: what happened, then the
    /// causes below it.
    pub(crate) fn print_error(&self, error: &anyhow::Error) {
        let (on, off) = if self.colour_errors {
            ("\x1b[1;31m", "\x1b[0m")
        } else {
            ("", "")
        };
        eprintln!("{on}{}{off}: {error:#}", self.words().error());
    }
}

/// By POSIX: LC_ALL overrides LC_MESSAGES overrides LANG.
fn language_of_environment() -> Language {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .and_then(|locale| Language::of_locale(&locale))
        .unwrap_or_default()
}
