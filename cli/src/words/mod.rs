//! The command's own words, one file per language; the compiler sees to it that each says
//! everything. What a verdict says is in [`verifier::wording`].

mod asking;
mod ceremony;
mod en;
mod fault;
mod making;
mod trust;
mod vi;

pub(crate) use trust::ExchangeTexts;
use verifier::wording::{Language, Wording};

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words(&'static Texts);

/// Every text of a language.
#[derive(Debug)]
struct Texts {
    language: Language,
    error: &'static str,
    warning: &'static str,
    unverified: &'static str,
    nothing_checked: &'static str,
    characters: &'static str,
    bytes: &'static str,
    ends_here: &'static str,
    no_code_in_picture: &'static str,
    no_trusted_key: &'static str,
    code: &'static str,
    name: &'static str,
    date_of_birth: &'static str,
    issued_by: &'static str,
    valid_until: &'static str,
    revocation: &'static str,
    vaccination: &'static str,
    vaccine: &'static str,
    date: &'static str,
    disease: &'static str,
    test: &'static str,
    result: &'static str,
    sampled: &'static str,
    recovery: &'static str,
    more_refused: fn(usize) -> String,
    no_trust_installed: fn(&str) -> String,
}

impl Words {
    /// The words of this language.
    pub(crate) fn new(language: Language) -> Words {
        Words(match language {
            Language::English => &en::TEXTS,
            Language::Vietnamese => &vi::TEXTS,
        })
    }

    /// The language.
    fn language(self) -> Language {
        self.0.language
    }

    /// The word before an error.
    pub(crate) fn error(self) -> &'static str {
        self.0.error
    }

    /// The word before a warning.
    pub(crate) fn warning(self) -> &'static str {
        self.0.warning
    }

    /// The mark of content that nobody vouches for.
    pub(crate) fn unverified(self) -> &'static str {
        self.0.unverified
    }

    /// What the mark means.
    pub(crate) fn nothing_checked(self) -> &'static str {
        self.0.nothing_checked
    }

    /// Unit of text.
    pub(crate) fn characters(self) -> &'static str {
        self.0.characters
    }

    /// Unit of binary content.
    pub(crate) fn bytes(self) -> &'static str {
        self.0.bytes
    }

    /// Before the reason why a code can't be taken apart further.
    pub(crate) fn ends_here(self) -> &'static str {
        self.0.ends_here
    }

    /// No code was found in a picture.
    pub(crate) fn no_code_in_picture(self) -> &'static str {
        self.0.no_code_in_picture
    }

    /// Files of trust hold only revocation lists.
    pub(crate) fn no_trusted_key(self) -> &'static str {
        self.0.no_trusted_key
    }

    /// Label of a failure's code for support.
    pub(crate) fn code(self) -> &'static str {
        self.0.code
    }

    /// Label.
    pub(crate) fn name(self) -> &'static str {
        self.0.name
    }

    /// Label.
    pub(crate) fn date_of_birth(self) -> &'static str {
        self.0.date_of_birth
    }

    /// Label.
    pub(crate) fn issued_by(self) -> &'static str {
        self.0.issued_by
    }

    /// Label.
    pub(crate) fn valid_until(self) -> &'static str {
        self.0.valid_until
    }

    /// Label.
    pub(crate) fn revocation(self) -> &'static str {
        self.0.revocation
    }

    /// Label.
    pub(crate) fn vaccination(self) -> &'static str {
        self.0.vaccination
    }

    /// Label.
    pub(crate) fn vaccine(self) -> &'static str {
        self.0.vaccine
    }

    /// Label.
    pub(crate) fn date(self) -> &'static str {
        self.0.date
    }

    /// Label.
    pub(crate) fn disease(self) -> &'static str {
        self.0.disease
    }

    /// Label.
    pub(crate) fn test(self) -> &'static str {
        self.0.test
    }

    /// Label.
    pub(crate) fn result(self) -> &'static str {
        self.0.result
    }

    /// Label.
    pub(crate) fn sampled(self) -> &'static str {
        self.0.sampled
    }

    /// Label.
    pub(crate) fn recovery(self) -> &'static str {
        self.0.recovery
    }

    /// Which dose of how many.
    pub(crate) fn dose(self, number: i64, of: i64) -> String {
        Wording::new(self.language()).dose(number, of)
    }

    /// How many more entries could not be used.
    pub(crate) fn more_refused(self, count: usize) -> String {
        (self.0.more_refused)(count)
    }

    /// No trusted file was named, and none is installed in this folder.
    pub(crate) fn no_trust_installed(self, folder: &str) -> String {
        (self.0.no_trust_installed)(folder)
    }
}
