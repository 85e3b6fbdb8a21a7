//! What every subcommand needs to know of its surroundings.

use std::{
    io::IsTerminal as _,
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use hcert::time::Timestamp;
use verifier::wording::Language;

use crate::{
    args::common::{ColorArg, Global},
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

    /// The system's clock.
    pub(crate) fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp::saturating(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }

    /// Where trusted files are installed: HCERT_DATA_DIR, or `hcert` in the user's data directory
    /// (XDG base directories).
    pub(crate) fn data_directory(&self) -> PathBuf {
        let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        if let Some(directory) = named("HCERT_DATA_DIR") {
            return directory.into();
        }
        let data = named("XDG_DATA_HOME").map(PathBuf::from);
        let home = || named("HOME").map(|home| PathBuf::from(home).join(".local/share"));
        data.or_else(home).unwrap_or_default().join("hcert")
    }

    /// Says on standard error what was left out or is odd, without stopping.
    pub(crate) fn print_warning(&self, message: &str) {
        let (on, off) = if self.colour_errors {
            ("\x1b[1;33m", "\x1b[0m")
        } else {
            ("", "")
        };
        eprintln!("{on}{}{off}: {message}", self.words().warning());
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
