//! Words of the commands that make keys and certificates.

mod en;
pub(crate) mod network;
mod vi;

use hcert::{date::PartialDate, time::Timestamp, x509::EventKind};
use verifier::wording::{Language, Wording};

use super::Words;

/// The words that stand alone.
#[derive(Debug)]
pub(crate) struct Making {
    pub(crate) csca_made: &'static str,
    pub(crate) dsc_made: &'static str,
    pub(crate) authority: &'static str,
    pub(crate) certificate: &'static str,
    pub(crate) public_key: &'static str,
    pub(crate) private_key: &'static str,
    pub(crate) sealed: &'static str,
    pub(crate) kid: &'static str,
    pub(crate) no_kid: &'static str,
    pub(crate) issuer: &'static str,
    pub(crate) country: &'static str,
    pub(crate) valid: &'static str,
    pub(crate) algorithm: &'static str,
    pub(crate) may_sign: &'static str,
    pub(crate) all_kinds: &'static str,
    pub(crate) signs_dscs: &'static str,
    pub(crate) keep_offline: &'static str,
    pub(crate) repeat_passphrase: &'static str,
    pub(crate) issued: &'static str,
    pub(crate) many_issued: &'static str,
    pub(crate) qr_made: &'static str,
    pub(crate) pages_made: &'static str,
    pub(crate) modules: &'static str,
    pub(crate) level: &'static str,
    pub(crate) signs_as_csca: &'static str,
}

impl Words {
    /// The words that stand alone.
    pub(crate) fn making(self) -> &'static Making {
        match self.language() {
            Language::English => &en::MAKING,
            Language::Vietnamese => &vi::MAKING,
        }
    }

    /// Asks for the passphrase of a key that is there.
    pub(crate) fn passphrase_of(self, key: &str) -> String {
        match self.language() {
            Language::English => format!("Passphrase of {key}"),
            Language::Vietnamese => format!("Mật khẩu của {key}"),
        }
    }

    /// Asks for the passphrase of a key to be made.
    pub(crate) fn new_passphrase(self, key: &str) -> String {
        match self.language() {
            Language::English => format!("New passphrase for {key}"),
            Language::Vietnamese => format!("Mật khẩu mới cho {key}"),
        }
    }

    /// What to do with a new CSCA.
    pub(crate) fn next_dsc(self, cert: &str, key: &str) -> String {
        let command =
            format!("hcert keys dsc --csca-cert {cert} --csca-key {key} --name ... --out ...");
        match self.language() {
            Language::English => format!("make a DSC with it: {command}"),
            Language::Vietnamese => format!("tạo DSC bằng khóa này: {command}"),
        }
    }

    /// What to do with a new DSC.
    pub(crate) fn next_issue(self, cert: &str, key: &str) -> String {
        let command = format!("hcert issue --cert {cert} --key {key}");
        match self.language() {
            Language::English => format!("issue certificates with it: {command}"),
            Language::Vietnamese => format!("cấp giấy chứng nhận bằng khóa này: {command}"),
        }
    }

    /// A kind of certificate.
    pub(crate) fn kind(self, kind: EventKind) -> &'static str {
        match self.language() {
            Language::English => kind.name(),
            Language::Vietnamese => vi::kind(kind),
        }
    }

    /// Several kinds.
    pub(crate) fn kinds(self, kinds: &[EventKind]) -> String {
        let names: Vec<&str> = kinds.iter().map(|kind| self.kind(*kind)).collect();
        names.join(", ")
    }

    /// A period.
    pub(crate) fn period(self, from: Timestamp, until: Timestamp) -> String {
        let (from, until) = (self.instant(from), self.instant(until));
        match self.language() {
            Language::English => format!("{from} to {until}"),
            Language::Vietnamese => format!("{from} đến {until}"),
        }
    }

    /// An instant, to the minute, in UTC.
    pub(crate) fn instant(self, instant: Timestamp) -> String {
        Wording::new(self.language()).instant(instant)
    }

    /// A date as people say it, as far as it is known.
    pub(crate) fn date_in_words(self, date: PartialDate) -> String {
        Wording::new(self.language()).date(date)
    }
}
