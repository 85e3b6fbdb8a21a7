//! Arguments of what happens to a DSC in its life: requested, signed, renewed, revoked.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};
use hcert::{time::Timestamp, x509::crl};

use super::{AlgorithmArg, KindArg, PassphraseArgs, PlaceArgs, RecordArgs, SubjectArgs, country};
use crate::args::common::OutputFormat;

pub(super) const REQUEST_EXAMPLES: &str = r#"Examples:
  hcert keys request --country VN --name "DSC Hue" --out hue
  hcert keys request --country VN --name "DSC tests" --kind test --out hue-2 \
      --paper hue-2/key.html
  hcert keys request --country VN --name "DSC RSA" --algorithm ps256 \
      --request hue-3/dsc.csr.pem --key hue-3/dsc.key"#;

pub(super) const SIGN_EXAMPLES: &str = r#"Examples, after the ones of hcert keys --help and hcert keys request --help:
  hcert keys sign-request hue/dsc.csr.pem --csca-cert first/csca.pem \
      --csca-key first/csca.key --cert hue/dsc.pem
  hcert keys sign-request hue-2/dsc.csr.pem --csca-cert first/csca.pem \
      --csca-key first/csca.key --cert hue-2/dsc.pem --days 365
  hcert keys sign-request hue-3/dsc.csr.pem --csca-cert first/csca.pem \
      --csca-key first/csca.key --cert hue-3/dsc.pem --kind vaccination"#;

pub(super) const RENEW_EXAMPLES: &str = r#"Examples, after the ones of hcert keys --help:
  hcert keys renew first/dsc.pem --csca-cert first/csca.pem \
      --csca-key first/csca.key --out second
  hcert keys renew first/dsc.pem --csca-cert first/csca.pem \
      --csca-key first/csca.key --days 365 --out third --paper third/key.html
  hcert keys renew first/dsc.pem --csca-cert first/csca.pem \
      --csca-key first/csca.key --algorithm eddsa --out fourth"#;

pub(super) const DUE_EXAMPLES: &str = r#"Examples, after the ones of hcert keys --help:
  hcert keys due first/csca.pem first/dsc.pem
  hcert keys due --within 13w first/dsc.pem
  hcert keys due --format json first/csca.pem first/dsc.pem"#;

pub(super) const REVOKE_EXAMPLES: &str = r#"Examples, after the ones of hcert keys renew --help:
  hcert keys revoke second/dsc.pem --csca-cert first/csca.pem \
      --csca-key first/csca.key --compromised
  hcert keys revoke third/dsc.pem --csca-cert first/csca.pem \
      --csca-key first/csca.key --from now --reason superseded
  hcert keys revoke fourth/dsc.pem --csca-cert first/csca.pem \
      --csca-key first/csca.key --from now --crl first/other.crl.pem"#;

pub(super) const CRL_EXAMPLES: &str = r#"Examples, after the ones of hcert keys revoke --help:
  hcert keys crl --csca-cert first/csca.pem --csca-key first/csca.key
  hcert keys crl --csca-cert first/csca.pem --csca-key first/csca.key \
      --next-days 90
  hcert keys crl --csca-cert first/csca.pem --csca-key first/csca.key \
      --crl first/empty.crl.pem"#;

/// The CSCA that signs.
#[derive(Debug, Args)]
pub(crate) struct AuthorityArgs {
    /// Certificate of the CSCA.
    #[arg(long, value_name = "FILE")]
    pub(crate) csca_cert: PathBuf,
    /// Private key of the CSCA.
    #[arg(long, value_name = "FILE")]
    pub(crate) csca_key: PathBuf,
    /// File whose first line is the passphrase of the CSCA's key; without it --passphrase-file is
    /// for all keys.
    #[arg(long, value_name = "FILE")]
    pub(crate) csca_passphrase_file: Option<PathBuf>,
}

/// Arguments of `hcert keys request`.
#[derive(Debug, Args)]
pub(crate) struct RequestArgs {
    /// ISO 3166-1 alpha-2 code of the country, as in VN.
    #[arg(long, value_name = "CODE", value_parser = country)]
    pub(crate) country: String,
    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
    /// Kind of certificate that it asks to sign; can be given several times. Without it, all kinds.
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) kind: Vec<KindArg>,
    /// Algorithm of the key.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) algorithm: AlgorithmArg,
    #[command(flatten)]
    pub(crate) place: RequestPlaceArgs,
    /// File for a paper backup: a page to print, with the encrypted key as QR code and as text.
    #[arg(long, value_name = "FILE")]
    pub(crate) paper: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// Where a request and its key go.
#[derive(Debug, Args)]
pub(crate) struct RequestPlaceArgs {
    /// Folder for both files, named dsc.csr.pem and dsc.key.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["request", "key"], required_unless_present_all = ["request", "key"])]
    pub(crate) out: Option<PathBuf>,
    /// File for the request.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) request: Option<PathBuf>,
    /// File for the private key; always encrypted.
    #[arg(long, value_name = "FILE", requires = "request")]
    pub(crate) key: Option<PathBuf>,
    /// Replace files that are there.
    #[arg(long)]
    pub(crate) force: bool,
}

impl RequestPlaceArgs {
    /// The request's and the key's path.
    pub(crate) fn paths(&self) -> (PathBuf, PathBuf) {
        let folder = self.out.clone().unwrap_or_default();
        let path = |given: &Option<PathBuf>, name: &str| match given {
            Some(path) => path.clone(),
            None => folder.join(name),
        };
        (
            path(&self.request, "dsc.csr.pem"),
            path(&self.key, "dsc.key"),
        )
    }
}

/// Arguments of `hcert keys sign-request`.
#[derive(Debug, Args)]
pub(crate) struct SignRequestArgs {
    /// The request (PKCS #10), PEM or DER.
    #[arg(value_name = "FILE")]
    pub(crate) request: PathBuf,
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
    /// File for the certificate.
    #[arg(long, value_name = "FILE")]
    pub(crate) cert: PathBuf,
    /// Kind of certificate that it may sign; can be given several times. Without it, the kinds that
    /// the request asks for.
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) kind: Vec<KindArg>,
    /// Days that it is valid from now on.
    #[arg(long, value_name = "DAYS", default_value_t = 730, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) days: u32,
    /// Replace a file that is there.
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// Arguments of `hcert keys renew`.
#[derive(Debug, Args)]
pub(crate) struct RenewArgs {
    /// The DSC that will end.
    #[arg(value_name = "FILE")]
    pub(crate) dsc: PathBuf,
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
    /// Days that the new one is valid from now on.
    #[arg(long, value_name = "DAYS", default_value_t = 730, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) days: u32,
    /// Algorithm of the new key; by default that of the old one.
    #[arg(long, value_enum)]
    pub(crate) algorithm: Option<AlgorithmArg>,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// File for a paper backup: a page to print, with the encrypted key as QR code and as text.
    #[arg(long, value_name = "FILE")]
    pub(crate) paper: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// Arguments of `hcert keys due`.
#[derive(Debug, Args)]
pub(crate) struct DueArgs {
    /// Certificates and revocation lists, PEM or DER.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How long before its end something is due: days or weeks, as in 30d or 4w.
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = days)]
    pub(crate) within: u32,
    /// How the answers are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

/// Arguments of `hcert keys revoke`.
#[derive(Debug, Args)]
#[command(
    override_usage = "hcert keys revoke --csca-cert <FILE> --csca-key <FILE> <--from <DATE>|--compromised> <FILE>"
)]
#[command(group(ArgGroup::new("since").required(true).args(["from", "compromised"])))]
pub(crate) struct RevokeArgs {
    /// The DSC.
    #[arg(value_name = "FILE")]
    pub(crate) dsc: PathBuf,
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
    /// From when on its signatures count no more: a day (from midnight in UTC), an instant as in
    /// 2026-07-01T10:00:00Z, or now.
    #[arg(long, value_name = "DATE", value_parser = since)]
    pub(crate) from: Option<Since>,
    /// The key is in other hands, and nobody knows since when: no signature of it counts any more.
    #[arg(long)]
    pub(crate) compromised: bool,
    /// Why.
    #[arg(long, value_enum, default_value_t, conflicts_with = "compromised")]
    pub(crate) reason: ReasonArg,
    #[command(flatten)]
    pub(crate) list: ListArgs,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// Arguments of `hcert keys crl`.
#[derive(Debug, Args)]
pub(crate) struct CrlArgs {
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
    #[command(flatten)]
    pub(crate) list: ListArgs,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// The revocation list.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// The revocation list, made or carried on; by default csca.crl.pem beside the CSCA's
    /// certificate.
    #[arg(long, value_name = "FILE")]
    pub(crate) crl: Option<PathBuf>,
    /// Days until the next list at the latest.
    #[arg(long, value_name = "DAYS", default_value_t = 180, value_parser = clap::value_parser!(u32).range(1..=3_660))]
    pub(crate) next_days: u32,
}

/// The reasons of RFC 5280 that a DSC has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReasonArg {
    /// Nothing is said
    #[default]
    Unspecified,
    /// The private key is in other hands, since a day that is known
    KeyCompromise,
    /// The organisation named is no longer the right one
    AffiliationChanged,
    /// Another DSC takes its place
    Superseded,
    /// It is no longer needed
    CessationOfOperation,
    /// It may no longer sign
    PrivilegeWithdrawn,
}

impl From<ReasonArg> for crl::Reason {
    fn from(reason: ReasonArg) -> crl::Reason {
        match reason {
            ReasonArg::Unspecified => crl::Reason::Unspecified,
            ReasonArg::KeyCompromise => crl::Reason::KeyCompromise,
            ReasonArg::AffiliationChanged => crl::Reason::AffiliationChanged,
            ReasonArg::Superseded => crl::Reason::Superseded,
            ReasonArg::CessationOfOperation => crl::Reason::CessationOfOperation,
            ReasonArg::PrivilegeWithdrawn => crl::Reason::PrivilegeWithdrawn,
        }
    }
}

/// Since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Since {
    /// The instant of the command.
    Now,
    /// Another.
    At(Timestamp),
}

fn since(text: &str) -> Result<Since, String> {
    if text == "now" {
        return Ok(Since::Now);
    }
    let midnight = format!("{text}T00:00:00Z");
    let instant = text.parse().or_else(|_| midnight.parse());
    instant
        .map(Since::At)
        .map_err(|_| "a day as in 2026-07-01, an instant as in 2026-07-01T10:00:00Z, or now".into())
}

/// Days, from `30d`, `4w` or `30`.
fn days(text: &str) -> Result<u32, String> {
    let (number, of) = match text.strip_suffix('w') {
        Some(number) => (number, 7),
        None => (text.strip_suffix('d').unwrap_or(text), 1),
    };
    let days = number
        .parse::<u16>()
        .ok()
        .map(|number| u32::from(number) * of);
    days.ok_or_else(|| "days or weeks, as in 30d or 4w".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_dates() {
        for (text, wanted) in [
            ("30d", Some(30)),
            ("4w", Some(28)),
            ("7", Some(7)),
            ("0d", Some(0)),
        ] {
            assert_eq!(days(text).ok(), wanted, "{text}");
        }
        for text in ["", "d", "-1d", "1m", "1.5d", "70000d"] {
            assert!(days(text).is_err(), "{text}");
        }
        assert_eq!(since("now"), Ok(Since::Now));
        for text in [
            "2026-07-01",
            "2026-07-01T00:00:00Z",
            "2026-07-01T07:00:00+07:00",
        ] {
            let wanted = Timestamp::from_unix(1_782_864_000).unwrap();
            assert_eq!(since(text), Ok(Since::At(wanted)), "{text}");
        }
        for text in ["", "2026", "2026-13-01", "yesterday"] {
            assert!(since(text).is_err(), "{text}");
        }
    }
}
