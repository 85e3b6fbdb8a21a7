//! What a verdict says to people, in each language.
//!
//! One file per language; the compiler sees to it that each says everything. A message says what
//! is so, then what to do.

mod en;
mod facts;
mod vi;

use alloc::string::String;

use crate::{Colour, Doubt, Failure, Reason, Revocation};

/// A language of the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Vietnamese.
    Vietnamese,
}

impl Language {
    /// All languages.
    pub const ALL: [Language; 2] = [Language::English, Language::Vietnamese];

    /// ISO 639-1.
    pub const fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Vietnamese => "vi",
        }
    }

    /// The language of a code or of a locale such as `vi_VN.UTF-8`.
    pub fn of_locale(locale: &str) -> Option<Language> {
        let code = locale
            .split(['_', '-', '.', '@'])
            .next()
            .unwrap_or_default();
        Language::ALL
            .into_iter()
            .find(|language| language.code().eq_ignore_ascii_case(code))
    }
}

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub struct Wording(Language);

impl Wording {
    /// The words of this language.
    pub fn new(language: Language) -> Wording {
        Wording(language)
    }

    /// The language.
    pub fn language(self) -> Language {
        self.0
    }

    /// The word for a colour; amber has another word when it only says that this verifier can't
    /// say.
    pub fn colour(self, colour: Colour, doubts: &[Doubt]) -> &'static str {
        let cannot_say = !doubts.contains(&Doubt::RuleFailed);
        match self.0 {
            Language::English => en::colour(colour, cannot_say),
            Language::Vietnamese => vi::colour(colour, cannot_say),
        }
    }

    /// Why a certificate is not valid, and what to do.
    pub fn failure(self, failure: &Failure) -> String {
        self.reason(failure.reason())
    }

    fn reason(self, reason: &Reason) -> String {
        match self.0 {
            Language::English => en::reason(reason),
            Language::Vietnamese => vi::reason(reason),
        }
    }

    /// Why a valid certificate is not green.
    pub fn doubt(self, doubt: Doubt) -> &'static str {
        match self.0 {
            Language::English => en::doubt(doubt),
            Language::Vietnamese => vi::doubt(doubt),
        }
    }

    /// What is known of revocation.
    pub fn revocation(self, revocation: Revocation) -> &'static str {
        match self.0 {
            Language::English => en::revocation(revocation),
            Language::Vietnamese => vi::revocation(revocation),
        }
    }
}
