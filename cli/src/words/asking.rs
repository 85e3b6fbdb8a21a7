//! The questions at the terminal.

mod en;
mod vi;

use verifier::wording::Language;

use super::Words;

/// The questions and answers of the dialogue.
#[derive(Debug)]
pub(crate) struct Asking {
    pub(crate) intro: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) full_name: &'static str,
    pub(crate) family: &'static str,
    pub(crate) given: &'static str,
    pub(crate) family_standard: &'static str,
    pub(crate) given_standard: &'static str,
    pub(crate) birth: &'static str,
    pub(crate) disease: &'static str,
    pub(crate) product: &'static str,
    pub(crate) prophylaxis: &'static str,
    pub(crate) manufacturer: &'static str,
    pub(crate) dose: &'static str,
    pub(crate) doses: &'static str,
    pub(crate) vaccinated_on: &'static str,
    pub(crate) country: &'static str,
    pub(crate) issuer: &'static str,
    pub(crate) test_type: &'static str,
    pub(crate) test_name: &'static str,
    pub(crate) device: &'static str,
    pub(crate) sampled_on: &'static str,
    pub(crate) sampled_at: &'static str,
    pub(crate) offset: &'static str,
    pub(crate) result: &'static str,
    pub(crate) centre: &'static str,
    pub(crate) first_positive: &'static str,
    pub(crate) valid_from: &'static str,
    pub(crate) valid_until: &'static str,
    pub(crate) confirm: &'static str,
    pub(crate) yes: &'static str,
    pub(crate) again: &'static str,
    pub(crate) number_or_name: &'static str,
    pub(crate) none_found: &'static str,
    pub(crate) too_many: &'static str,
    pub(crate) needed: &'static str,
    pub(crate) whole_number: &'static str,
    pub(crate) time_needed: &'static str,
    pub(crate) offset_needed: &'static str,
    pub(crate) letters_needed: &'static str,
}

impl Words {
    /// The questions.
    pub(crate) fn asking(self) -> &'static Asking {
        match self.language() {
            Language::English => &en::ASKING,
            Language::Vietnamese => &vi::ASKING,
        }
    }
}
