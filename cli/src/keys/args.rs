//! Arguments of `hcert keys`.

mod dsc;
mod holder;
mod network;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use hcert::x509::EventKind;

pub(crate) use dsc::{
    AuthorityArgs, CrlArgs, DueArgs, ListArgs, RenewArgs, RequestArgs, RevokeArgs, SignRequestArgs,
    Since,
};
pub(crate) use holder::{HolderArgs, PaperArgs, RecordArgs, RestoreArgs, Role, TranscriptArgs};

// Lines of at most 78 characters: longer ones would be broken on a narrow terminal, and could not
// be copied any more.

const CSCA_EXAMPLES: &str = r#"Examples:
  hcert keys csca --country VN --name "CSCA Vietnam" --out pki
  hcert keys csca --country VN --name "CSCA Vietnam 2" --days 1826 \
      --organisation "Ministry of Health" --cert pki/2.pem --key pki/2.key
  hcert keys csca --country VN --name "CSCA Vietnam national" \
      --algorithm eddsa --out pki/national"#;

const DSC_EXAMPLES: &str = r#"Examples, after the first one of hcert keys csca --help:
  hcert keys dsc --csca-cert pki/csca.pem --csca-key pki/csca.key \
      --name "DSC Vietnam 1" --out pki
  hcert keys dsc --csca-cert pki/csca.pem --csca-key pki/csca.key \
      --name "DSC tests" --kind test --days 365 --out pki/tests
  hcert keys dsc --csca-cert pki/csca.pem --csca-key pki/csca.key \
      --name "DSC RSA" --algorithm ps256 --cert pki/rsa.pem --key pki/rsa.key"#;

const SHOW_EXAMPLES: &str = r#"Examples, after the first ones of hcert keys csca --help and
hcert keys dsc --help:
  hcert keys show pki/csca.pem
  hcert keys show pki/dsc.pem
  cat pki/csca.pem pki/dsc.pem | hcert keys show -"#;

const KEYS_EXAMPLES: &str = r#"Examples:
  hcert keys csca --country VN --name "CSCA Vietnam" --out first
  hcert keys dsc --csca-cert first/csca.pem --csca-key first/csca.key \
      --name "DSC Vietnam 1" --out first
  hcert keys show first/dsc.pem"#;

pub(crate) use network::{CheckArgs, MakeArgs, NetworkArgs, NetworkCommand, UploadArgs};

/// What to do with keys.
#[derive(Debug, Args)]
#[command(after_help = KEYS_EXAMPLES)]
pub(crate) struct KeysArgs {
    #[command(subcommand)]
    pub(crate) command: KeysCommand,
}

/// The commands about keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Make a CSCA: the key of a country, which signs the keys that sign certificates.
    ///
    /// Keep its private key offline, and take it out to make a DSC only.
    #[command(after_help = CSCA_EXAMPLES)]
    Csca(CscaArgs),
    /// Make a DSC: a key that signs certificates, with the CSCA's signature over it.
    #[command(after_help = DSC_EXAMPLES)]
    Dsc(DscArgs),
    /// Make a root key: one holder's share in deciding whom a trust list trusts.
    ///
    /// Each holder makes a key alone, on a machine of its own. How many of them have to sign is
    /// said in the root document of the trust list.
    #[command(after_help = holder::ROOT_EXAMPLES)]
    Root(HolderArgs),
    /// Make an online key: it signs the manifests of a trust list, day by day.
    #[command(after_help = holder::ONLINE_EXAMPLES)]
    Online(HolderArgs),
    /// Make a key and ask for its DSC: the key never leaves where it was made.
    #[command(after_help = dsc::REQUEST_EXAMPLES)]
    Request(RequestArgs),
    /// Sign a request for a DSC with the CSCA.
    #[command(after_help = dsc::SIGN_EXAMPLES)]
    SignRequest(SignRequestArgs),
    /// Make the successor of a DSC: the same names and kinds, a new key.
    #[command(after_help = dsc::RENEW_EXAMPLES)]
    Renew(RenewArgs),
    /// List what ends soon: certificates, and revocation lists that want a new one.
    ///
    /// Exit status: 0 nothing is due, 1 something is, 2 could not run.
    #[command(after_help = dsc::DUE_EXAMPLES)]
    Due(DueArgs),
    /// Revoke a DSC: put it on the CSCA's revocation list.
    #[command(after_help = dsc::REVOKE_EXAMPLES)]
    Revoke(RevokeArgs),
    /// Make the CSCA's revocation list anew, with the same entries, before it ends.
    #[command(after_help = dsc::CRL_EXAMPLES)]
    Crl(CrlArgs),
    /// Put an encrypted key on paper: a page with its QR code and its text.
    #[command(after_help = holder::PAPER_EXAMPLES)]
    Paper(PaperArgs),
    /// Bring a key back from paper, encrypted as it was.
    #[command(after_help = holder::RESTORE_EXAMPLES)]
    Restore(RestoreArgs),
    /// Check a transcript of what was done, and print it to be signed by hand.
    #[command(after_help = holder::TRANSCRIPT_EXAMPLES)]
    Transcript(TranscriptArgs),
    /// Show certificates, requests, revocation lists and public keys.
    ///
    /// Kid, names, validity, what they may sign, and whom a list revokes. No signature is checked.
    #[command(after_help = SHOW_EXAMPLES)]
    Show(ShowArgs),
    /// Join WHO's network (GDHCN): make what it asks for, check it, upload a DSC.
    #[command(after_help = network::EXAMPLES)]
    Network(NetworkArgs),
}

/// Arguments of `hcert keys csca`.
#[derive(Debug, Args)]
pub(crate) struct CscaArgs {
    /// ISO 3166-1 alpha-2 code of the country, as in VN.
    #[arg(long, value_name = "CODE", value_parser = country)]
    pub(crate) country: String,
    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
    /// Days that it is valid from now on.
    #[arg(long, value_name = "DAYS", default_value_t = 1461, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) days: u32,
    /// Algorithm of the key.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) algorithm: CscaAlgorithm,
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

/// Arguments of `hcert keys dsc`.
#[derive(Debug, Args)]
pub(crate) struct DscArgs {
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
    /// ISO 3166-1 alpha-2 code of the country; by default that of the CSCA.
    #[arg(long, value_name = "CODE", value_parser = country)]
    pub(crate) country: Option<String>,
    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
    /// Kind of certificate that it may sign; can be given several times. Without it, all kinds.
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) kind: Vec<KindArg>,
    /// Days that it is valid from now on.
    #[arg(long, value_name = "DAYS", default_value_t = 730, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) days: u32,
    /// Algorithm of the key.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) algorithm: AlgorithmArg,
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

/// Arguments of `hcert keys show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Certificates, requests, revocation lists or public keys, PEM or DER; - for standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// Whom a certificate names.
#[derive(Debug, Args)]
pub(crate) struct SubjectArgs {
    /// Name in the certificate (common name).
    #[arg(long)]
    pub(crate) name: String,
    /// Organisation in the certificate.
    #[arg(long, alias = "organization")]
    pub(crate) organisation: Option<String>,
}

/// Where the two files go.
#[derive(Debug, Args)]
pub(crate) struct PlaceArgs {
    /// Folder for both files, named csca.pem and csca.key, or dsc.pem and dsc.key.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["cert", "key"], required_unless_present_all = ["cert", "key"])]
    pub(crate) out: Option<PathBuf>,
    /// File for the certificate.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) cert: Option<PathBuf>,
    /// File for the private key; always encrypted.
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
    /// Replace files that are there.
    #[arg(long)]
    pub(crate) force: bool,
}

impl PlaceArgs {
    /// The certificate's and the key's path; `stem` names them in a folder.
    pub(crate) fn paths(&self, stem: &str) -> (PathBuf, PathBuf) {
        let folder = self.out.clone().unwrap_or_default();
        let path = |given: &Option<PathBuf>, end: &str| match given {
            Some(path) => path.clone(),
            None => folder.join(format!("{stem}.{end}")),
        };
        (path(&self.cert, "pem"), path(&self.key, "key"))
    }
}

/// Where a passphrase comes from.
#[derive(Debug, Args)]
pub(crate) struct PassphraseArgs {
    /// File whose first line is the passphrase. Without it the terminal asks; for tests and
    /// automation the environment variable HCERT_PASSPHRASE can hold it.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

/// The algorithms of a CSCA.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum CscaAlgorithm {
    /// ECDSA on P-256.
    #[default]
    Es256,
    /// Ed25519.
    #[value(name = "eddsa")]
    EdDsa,
}

/// The algorithms of a DSC.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum AlgorithmArg {
    /// ECDSA on P-256: accepted everywhere.
    #[default]
    Es256,
    /// Ed25519: small and quick, for national use.
    #[value(name = "eddsa")]
    EdDsa,
    /// RSA of 2048 bits with PSS: accepted everywhere, larger codes.
    Ps256,
}

impl From<CscaAlgorithm> for AlgorithmArg {
    fn from(algorithm: CscaAlgorithm) -> AlgorithmArg {
        match algorithm {
            CscaAlgorithm::Es256 => AlgorithmArg::Es256,
            CscaAlgorithm::EdDsa => AlgorithmArg::EdDsa,
        }
    }
}

/// A kind of certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindArg {
    /// Vaccinations
    Vaccination,
    /// Tests
    Test,
    /// Recoveries
    Recovery,
}

impl From<KindArg> for EventKind {
    fn from(kind: KindArg) -> EventKind {
        match kind {
            KindArg::Vaccination => EventKind::Vaccination,
            KindArg::Test => EventKind::Test,
            KindArg::Recovery => EventKind::Recovery,
        }
    }
}

/// Two letters, taken in either case.
pub(crate) fn country(text: &str) -> Result<String, String> {
    if text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_alphabetic()) {
        Ok(text.to_ascii_uppercase())
    } else {
        Err("a country is two letters, as in VN".into())
    }
}
