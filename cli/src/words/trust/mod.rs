//! Words of `hcert trust`.

mod en;
mod exchange;
mod vi;

pub(crate) use exchange::ExchangeTexts;
use trust_list::bundle::UpdateError;
use verifier::wording::Language;

use super::Words;

/// Every text of a language.
#[derive(Debug)]
pub(crate) struct TrustTexts {
    pub(crate) no_source: &'static str,
    pub(crate) no_root_there: &'static str,
    pub(crate) other_root: fn(&str) -> String,
    /// Publisher, environment, fingerprint.
    pub(crate) confirm_root: fn(&str, &str, &str) -> String,
    pub(crate) up_to_date: fn(u64) -> String,
    pub(crate) installed: fn(u64) -> String,
    pub(crate) updated: fn(u64, u64) -> String,
    /// Parts, bytes.
    pub(crate) fetched: fn(usize, usize) -> String,
    pub(crate) old_stays: fn(u64) -> String,
    pub(crate) nothing_installed: &'static str,
    pub(crate) none_installed: &'static str,
    pub(crate) update_error: fn(&UpdateError) -> String,
    pub(crate) publisher: &'static str,
    pub(crate) environment: &'static str,
    pub(crate) production: &'static str,
    pub(crate) test: &'static str,
    pub(crate) made: &'static str,
    /// When, and how many days ago.
    pub(crate) made_on: fn(&str, i64) -> String,
    pub(crate) fresh_until: &'static str,
    pub(crate) ends: &'static str,
    pub(crate) keys: &'static str,
    /// Keys, countries, authorities.
    pub(crate) key_counts: fn(usize, usize, usize) -> String,
    pub(crate) root: &'static str,
    pub(crate) part_sizes: fn(usize, usize) -> String,
    pub(crate) country_heading: &'static str,
    pub(crate) stale: fn(&str) -> String,
    pub(crate) expired: fn(&str) -> String,
    pub(crate) clock_behind: fn(i64) -> String,
    pub(crate) parts_missing: fn(&[String]) -> String,
    pub(crate) unreadable_keys: fn(usize) -> String,
    pub(crate) ending: fn(usize) -> String,
    pub(crate) good: &'static str,
    pub(crate) not_good: &'static str,
    pub(crate) diff: fn(u64, u64) -> String,
    pub(crate) diff_keys: fn(usize, usize, usize) -> String,
    pub(crate) diff_parts: fn(usize, usize, usize) -> String,
    pub(crate) withdrawn: &'static str,
    /// Version, file.
    pub(crate) root_made: fn(u64, &str) -> String,
    pub(crate) role: fn(usize, usize) -> String,
    pub(crate) sign_next: fn(&str) -> String,
    pub(crate) other_document: &'static str,
    pub(crate) is_root: fn(u64, &str, &str) -> String,
    pub(crate) is_key_list: fn(u64, usize, usize) -> String,
    pub(crate) signatures: fn(usize, usize) -> String,
    pub(crate) trust: &'static str,
    pub(crate) bundle_line: fn(u64, i64) -> String,
    pub(crate) two_bundles: &'static str,
    pub(crate) test_bundle: &'static str,
}

impl Words {
    /// Words of `hcert trust`.
    pub(crate) fn trust(self) -> &'static TrustTexts {
        match self.language() {
            Language::English => &en::TEXTS,
            Language::Vietnamese => &vi::TEXTS,
        }
    }
}

/// Bytes for people.
fn size(bytes: usize) -> String {
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..10_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
