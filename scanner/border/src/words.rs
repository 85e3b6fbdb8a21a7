//! What the desk says, in each language: what is so, then what to do.

mod en;
mod vi;

pub use verifier::wording::Language;

use crate::{Answer, DocumentError};

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub struct Words(Language);

impl Words {
    /// English, for errors that are not shown to people at the desk.
    pub(crate) const ENGLISH: Words = Words(Language::English);

    /// The words of this language.
    pub fn new(language: Language) -> Words {
        Words(language)
    }

    /// The answer in a word or two, as a headline.
    pub fn answer(self, answer: &Answer) -> &'static str {
        match self.0 {
            Language::English => en::answer(answer),
            Language::Vietnamese => vi::answer(answer),
        }
    }

    /// What speaks against it or is in doubt, a sentence each; none for a match.
    pub fn reasons(self, answer: &Answer) -> Vec<&'static str> {
        let difference = |is_name| match self.0 {
            Language::English => en::difference(is_name),
            Language::Vietnamese => vi::difference(is_name),
        };
        let doubt = |doubt| match self.0 {
            Language::English => en::doubt(doubt),
            Language::Vietnamese => vi::doubt(doubt),
        };
        match answer {
            Answer::Match => Vec::new(),
            Answer::NoMatch(fields) => {
                let name = fields.name.then(|| difference(true));
                let birth = fields.birth.then(|| difference(false));
                name.into_iter().chain(birth).collect()
            }
            Answer::CantSay(doubts) => doubts.iter().map(|one| doubt(*one)).collect(),
        }
    }

    /// Why a text is no document, and what to do.
    pub fn document(self, error: &DocumentError) -> String {
        match (error, self.0) {
            (DocumentError::Mrz(error), Language::English) => en::mrz(error),
            (DocumentError::Mrz(error), Language::Vietnamese) => vi::mrz(error),
            (DocumentError::Card(error), language) => {
                let language = match language {
                    Language::English => intake::words::Language::English,
                    Language::Vietnamese => intake::words::Language::Vietnamese,
                };
                intake::words::Words::new(language).card(error)
            }
            (DocumentError::InsuranceCard, Language::English) => en::INSURANCE_CARD.to_owned(),
            (DocumentError::InsuranceCard, Language::Vietnamese) => vi::INSURANCE_CARD.to_owned(),
        }
    }
}
