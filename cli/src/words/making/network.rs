//! Words of `hcert keys network`. The rules themselves are in the words of WHO's documents.

mod en;
mod vi;

use verifier::wording::Language;

use super::Words;

/// Every text of a language.
#[derive(Debug)]
pub(crate) struct NetworkTexts {
    pub(crate) made: &'static str,
    pub(crate) handed_in: &'static str,
    pub(crate) private_keys: &'static str,
    /// Folder, first domain, participant.
    pub(crate) next_steps: fn(&str, &str, &str) -> Vec<String>,
    pub(crate) lies_open: &'static str,
    pub(crate) several: fn(usize) -> String,
    pub(crate) shared_key: fn(&str) -> String,
    /// Certificates, faults, pieces of advice.
    pub(crate) result: fn(usize, usize, usize) -> String,
    pub(crate) up_ended: &'static str,
    pub(crate) other_content: &'static str,
    pub(crate) signed_by: &'static str,
    pub(crate) upload: &'static str,
    pub(crate) upload_made: &'static str,
    /// The request's body, if it was written.
    pub(crate) upload_next: fn(Option<&str>) -> String,
}

impl Words {
    /// Words of `hcert keys network`.
    pub(crate) fn network(self) -> &'static NetworkTexts {
        match self.language() {
            Language::English => &en::TEXTS,
            Language::Vietnamese => &vi::TEXTS,
        }
    }
}
