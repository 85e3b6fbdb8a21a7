//! Arguments of `hcert keys`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use hcert::x509::EventKind;

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
    /// Show certificates and public keys: kid, names, validity, and what they may sign.
    #[command(after_help = SHOW_EXAMPLES)]
    Show(ShowArgs),
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
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// Arguments of `hcert keys dsc`.
#[derive(Debug, Args)]
pub(crate) struct DscArgs {
    /// Certificate of the CSCA.
    #[arg(long, value_name = "FILE")]
    pub(crate) csca_cert: PathBuf,
    /// Private key of the CSCA.
    #[arg(long, value_name = "FILE")]
    pub(crate) csca_key: PathBuf,
    /// File whose first line is the passphrase of the CSCA's key; without it --passphrase-file is
    /// for both keys.
    #[arg(long, value_name = "FILE")]
    pub(crate) csca_passphrase_file: Option<PathBuf>,
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
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// Arguments of `hcert keys show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Certificates or public keys, PEM or DER; - for standard input.
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
