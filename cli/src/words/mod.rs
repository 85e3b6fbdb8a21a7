//! The command's own words, one file per language; the compiler sees to it that each says
//! everything. What a verdict says is in [`verifier::wording`].

mod asking;
mod en;
mod fault;
mod making;
mod vi;

use verifier::wording::Language;

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words(Language);

impl Words {
    /// The words of this language.
    pub(crate) fn new(language: Language) -> Words {
        Words(language)
    }

    /// The word before an error.
    pub(crate) fn error(self) -> &'static str {
        match self.0 {
            Language::English => en::ERROR,
            Language::Vietnamese => vi::ERROR,
        }
    }
}
