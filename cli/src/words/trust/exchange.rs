//! Words of `hcert trust import` and `hcert trust export`.

mod en;
mod vi;

use trust_exchange::admission::Why;
use trust_list::import::Form;
use verifier::wording::Language;

use super::super::Words;

/// Every text of a language.
#[derive(Debug)]
pub(crate) struct ExchangeTexts {
    pub(crate) empty_folder: &'static str,
    /// Files, bytes.
    pub(crate) large_folder: fn(usize, usize) -> String,
    pub(crate) no_proof: &'static str,
    pub(crate) proof_certificate: &'static str,
    pub(crate) lone_signature: &'static str,
    pub(crate) signature_missing: &'static str,
    pub(crate) swiss_files: &'static str,
    pub(crate) signer_name: &'static str,
    pub(crate) same_file: &'static str,
    pub(crate) test_in_production: &'static str,

    pub(crate) days: &'static str,
    pub(crate) not_before: &'static str,
    pub(crate) newer_root: &'static str,
    pub(crate) strange_key: &'static str,
    /// Role, keys that are there, keys needed.
    pub(crate) more_keys: fn(&str, usize, usize) -> String,
    pub(crate) own_check: &'static str,
    pub(crate) no_batches: &'static str,
    pub(crate) batch_expired: &'static str,

    /// Signers, countries, authorities, refused.
    pub(crate) sums: fn(usize, usize, usize, usize) -> String,
    /// Name, form, entries, who vouches.
    pub(crate) source: fn(&str, &str, usize, &str) -> String,
    pub(crate) form: fn(Form) -> &'static str,
    pub(crate) operator: &'static str,
    /// Signer, when.
    pub(crate) proof: fn(&str, Option<&str>) -> String,
    pub(crate) countries: &'static str,
    pub(crate) refused: &'static str,
    /// A kind of refusal, by its name in JSON.
    pub(crate) kind: fn(&'static str) -> &'static str,
    pub(crate) why: fn(&Why) -> String,
    /// A warning, by its name in JSON, and how many.
    pub(crate) warning: fn(&str, usize) -> String,
    pub(crate) more: fn(usize) -> String,
    pub(crate) list_written: fn(&str) -> String,
    pub(crate) left_out: fn(usize) -> String,
    /// File, sequence, keys, bytes.
    pub(crate) bundle_written: fn(&str, u64, usize, usize) -> String,
    /// Soft and hard expiry.
    pub(crate) bundle_until: fn(&str, &str) -> String,
    pub(crate) still_withdrawn: fn(usize) -> String,
    pub(crate) no_revocation: &'static str,
    /// Bundle, root.
    pub(crate) install_next: fn(&str, &str) -> String,

    pub(crate) no_keys: &'static str,
    pub(crate) bad_did: &'static str,
    pub(crate) es256_only: &'static str,
    pub(crate) out_folder: &'static str,
    /// Keys, authorities, where.
    pub(crate) exported: fn(usize, usize, &str) -> String,
    /// Keys that are withdrawn and left out.
    pub(crate) withdrawn_left_out: fn(usize) -> String,
    /// Keys without a certificate that are left out.
    pub(crate) bare_left_out: fn(usize) -> String,
    pub(crate) several_countries: fn(usize) -> String,
    /// Signer, fingerprint of its key.
    pub(crate) proof_made: fn(&str, &str) -> String,
    /// Where a document has to be.
    pub(crate) publish_at: fn(&str) -> String,
}

impl Words {
    /// Words of `hcert trust import` and `hcert trust export`.
    pub(crate) fn exchange(self) -> &'static ExchangeTexts {
        match self.language() {
            Language::English => &en::TEXTS,
            Language::Vietnamese => &vi::TEXTS,
        }
    }
}
