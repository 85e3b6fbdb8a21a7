//! Words of the key ceremony: root keys, paper, requests, renewal, revocation, the transcript.

pub(super) mod en;
pub(super) mod vi;

use hcert::{
    time::Timestamp,
    x509::{crl::Reason, request::RequestError},
};
use verifier::wording::Language;

use super::Words;
use crate::keys::args::Role;

/// Most problems of typed lines that are listed.
const MAX_PROBLEMS: usize = 12;

/// The words that stand alone.
#[derive(Debug)]
pub(crate) struct Ceremony {
    pub(crate) root_made: &'static str,
    pub(crate) online_made: &'static str,
    pub(crate) request_made: &'static str,
    pub(crate) renewed: &'static str,
    pub(crate) revoked: &'static str,
    pub(crate) list_made: &'static str,
    pub(crate) paper_made: &'static str,
    pub(crate) restored: &'static str,

    pub(crate) role: &'static str,
    pub(crate) holder: &'static str,
    pub(crate) key_hash: &'static str,
    pub(crate) certificate_hash: &'static str,
    pub(crate) sealed_hash: &'static str,
    pub(crate) public_file: &'static str,
    pub(crate) paper: &'static str,
    pub(crate) request: &'static str,
    pub(crate) asks_for: &'static str,
    pub(crate) own_signature: &'static str,
    pub(crate) proven: &'static str,
    pub(crate) list: &'static str,
    pub(crate) number: &'static str,
    pub(crate) made_on: &'static str,
    pub(crate) next_list: &'static str,
    pub(crate) entries: &'static str,
    pub(crate) serial: &'static str,
    pub(crate) revoked_from: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) ends: &'static str,
    pub(crate) file: &'static str,

    pub(crate) keep_online: &'static str,
    pub(crate) print_paper: &'static str,
    pub(crate) try_restored: &'static str,
    pub(crate) send_back: &'static str,
    pub(crate) first_list: &'static str,
    pub(crate) renew_dsc: &'static str,
    pub(crate) renew_csca: &'static str,
    pub(crate) renew_list: &'static str,

    pub(crate) paper_title: &'static str,
    pub(crate) paper_warning: &'static str,
    pub(crate) paper_text: &'static str,
    pub(crate) paper_how: &'static str,
    pub(crate) paper_steps: [&'static str; 4],
    pub(crate) paper_signs: [&'static str; 2],

    /// The facts of a transcript's entry: name in the file, label.
    pub(crate) facts: [(&'static str, &'static str); 19],
    pub(crate) last_hash: &'static str,
}

impl Words {
    /// The words that stand alone.
    pub(crate) fn ceremony(self) -> &'static Ceremony {
        match self.language() {
            Language::English => &en::CEREMONY,
            Language::Vietnamese => &vi::CEREMONY,
        }
    }

    /// The language's code (ISO 639-1), as HTML wants it.
    pub(crate) fn code_of_language(self) -> &'static str {
        match self.language() {
            Language::English => "en",
            Language::Vietnamese => "vi",
        }
    }

    /// What a key is for.
    pub(crate) fn role(self, role: Role) -> &'static str {
        match self.language() {
            Language::English => en::role(role),
            Language::Vietnamese => vi::role(role),
        }
    }

    /// Why a DSC was revoked.
    pub(crate) fn reason(self, reason: Reason) -> &'static str {
        match self.language() {
            Language::English => en::reason(reason),
            Language::Vietnamese => vi::reason(reason),
        }
    }

    /// Why a request gets no certificate.
    pub(crate) fn request_error(self, error: &RequestError) -> String {
        match self.language() {
            Language::English => error.to_string(),
            Language::Vietnamese => vi::request(error),
        }
    }

    /// Since when.
    pub(crate) fn from(self, from: Timestamp) -> String {
        let from = self.instant(from);
        match self.language() {
            Language::English => format!("from {from}"),
            Language::Vietnamese => format!("từ {from}"),
        }
    }

    /// What to do with a new public key of a trust list.
    pub(crate) fn next_root(self, role: Role, public: &str) -> String {
        match (self.language(), role) {
            (Language::English, Role::Root) => {
                format!(
                    "hand in {public} for the root document; the private key is handed to nobody"
                )
            }
            (Language::English, _) => {
                format!("have the root document name {public} as a key for manifests")
            }
            (Language::Vietnamese, Role::Root) => {
                format!("nộp {public} để lập văn bản gốc; không giao khóa bí mật cho ai")
            }
            (Language::Vietnamese, _) => {
                format!("để văn bản gốc ghi {public} là khóa ký danh mục")
            }
        }
    }

    /// What to do with a new request.
    pub(crate) fn next_sign(self, request: &str) -> String {
        let command =
            format!("hcert keys sign-request {request} --csca-cert ... --csca-key ... --cert ...");
        match self.language() {
            Language::English => {
                format!(
                    "send {request} to the CSCA, and compare the key's SHA-256 by telephone: {command}"
                )
            }
            Language::Vietnamese => {
                format!(
                    "gửi {request} cho CSCA, và đối chiếu SHA-256 của khóa qua điện thoại: {command}"
                )
            }
        }
    }

    /// How long the old DSC still holds.
    pub(crate) fn both_until(self, kid: &str, until: Timestamp) -> String {
        let until = self.instant(until);
        match self.language() {
            Language::English => format!(
                "publish it in the trust list before it signs; the old one, {kid}, holds until {until}"
            ),
            Language::Vietnamese => format!(
                "công bố trong danh sách tin cậy trước khi dùng để ký; DSC cũ, {kid}, còn hạn đến {until}"
            ),
        }
    }

    /// The old DSC has ended already.
    pub(crate) fn gap_since(self, kid: &str, until: Timestamp) -> String {
        let until = self.instant(until);
        match self.language() {
            Language::English => format!(
                "publish it in the trust list before it signs; the old one, {kid}, ended at {until}"
            ),
            Language::Vietnamese => format!(
                "công bố trong danh sách tin cậy trước khi dùng để ký; DSC cũ, {kid}, đã hết hạn lúc {until}"
            ),
        }
    }

    /// What a trust list has to be told of a revoked DSC.
    pub(crate) fn trust_needs(self, kid: &str, from: Timestamp) -> String {
        match self.language() {
            Language::English => format!(
                "verifiers learn it from the trust list only: withdraw the key {kid} there from {from}, and publish"
            ),
            Language::Vietnamese => format!(
                "máy kiểm tra chỉ biết qua danh sách tin cậy: hãy rút khóa {kid} ở đó từ {from}, rồi công bố"
            ),
        }
    }

    /// How many of how many are due.
    pub(crate) fn due(self, due: usize, of: usize, days: u32) -> String {
        match self.language() {
            Language::English => match due {
                0 => format!("nothing of {of} ends within {days} days"),
                due => format!("{due} of {of} end within {days} days"),
            },
            Language::Vietnamese => match due {
                0 => format!("trong {of} mục, không mục nào hết hạn trong {days} ngày tới"),
                due => format!("{due} trong {of} mục hết hạn trong {days} ngày tới"),
            },
        }
    }

    /// An end, and how many whole days are left.
    pub(crate) fn ends(self, end: Timestamp, days: i64) -> String {
        let end = self.instant(end);
        match (self.language(), days) {
            (Language::English, ..=-1) => format!("{end}: it has ended"),
            (Language::English, 1) => format!("{end}: in 1 day"),
            (Language::English, days) => format!("{end}: in {days} days"),
            (Language::Vietnamese, ..=-1) => format!("{end}: đã hết hạn"),
            (Language::Vietnamese, days) => format!("{end}: còn {days} ngày"),
        }
    }

    /// The chain of a transcript holds.
    pub(crate) fn transcript_in_order(self, entries: usize) -> String {
        match (self.language(), entries) {
            (Language::English, 1) => "transcript in order: 1 entry".into(),
            (Language::English, _) => {
                format!("transcript in order: {entries} entries, each continues the one before")
            }
            (Language::Vietnamese, _) => {
                format!("biên bản nguyên vẹn: {entries} mục, mục sau nối tiếp mục trước")
            }
        }
    }
}

/// The first lines of a list of problems.
fn listed(problems: impl ExactSizeIterator<Item = String>, more: fn(usize) -> String) -> String {
    let rest = problems.len().saturating_sub(MAX_PROBLEMS);
    let mut text: String = problems
        .take(MAX_PROBLEMS)
        .map(|problem| format!("\n  {problem}"))
        .collect();
    if rest > 0 {
        text += &format!("\n  {}", more(rest));
    }
    text
}
