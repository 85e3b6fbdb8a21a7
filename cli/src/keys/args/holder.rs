//! Arguments of the commands about keys without a certificate, their paper backups and the
//! transcript.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{CscaAlgorithm, PassphraseArgs};
use crate::args::common::OutputFormat;

pub(super) const ROOT_EXAMPLES: &str = r#"Examples, each holder's on a machine of its own:
  hcert keys root --name "Nguyen Van An" --out root-1 --paper root-1/an.html
  hcert keys root --name "Tran Thi Binh" --out root-2 \
      --transcript ceremony.jsonl --witness "Le Van Cuong" --witness "Do Dung"
  hcert keys root --name "Ministry" --algorithm es256 \
      --key root-3/root.key --public root-3/root.pub.pem"#;

pub(super) const ONLINE_EXAMPLES: &str = r#"Examples:
  hcert keys online --name "Publishing 2026" --out online
  hcert keys online --name "Publishing, site B" --algorithm es256 --out site-b
  hcert keys online --name "Publishing 2027" --out online-2 \
      --transcript ceremony.jsonl"#;

pub(super) const PAPER_EXAMPLES: &str = r#"Examples, after the ones of hcert keys --help and hcert keys root --help:
  hcert keys paper --key first/csca.key --role csca --name "CSCA Vietnam" \
      --out csca.html
  hcert keys paper --key root-2/root.key --role root --name "Tran Thi Binh" \
      --out root-2/binh.html
  hcert keys paper --key first/dsc.key --role dsc --name "DSC 1" \
      --out dsc.html --lang vi"#;

pub(super) const RESTORE_EXAMPLES: &str = r#"Examples: the scanned page, its typed lines, and the page's own file:
  hcert keys restore scan.png --key restored/scan.key
  hcert keys restore typed.txt --key restored/typed.key
  hcert keys restore root-1/an.html --key restored/root.key"#;

pub(super) const TRANSCRIPT_EXAMPLES: &str = r#"Examples, after the ones of hcert keys root --help:
  hcert keys transcript ceremony.jsonl
  hcert keys transcript ceremony.jsonl --format json
  hcert keys transcript - < ceremony.jsonl"#;

/// Arguments of `hcert keys root` and `hcert keys online`.
#[derive(Debug, Args)]
pub(crate) struct HolderArgs {
    /// Who holds the key: a person, or the service that uses it.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// Algorithm of the key.
    #[arg(long, value_enum, default_value_t = CscaAlgorithm::EdDsa)]
    pub(crate) algorithm: CscaAlgorithm,
    #[command(flatten)]
    pub(crate) place: KeyPlaceArgs,
    /// File for a paper backup: a page to print, with the encrypted key as QR code and as text.
    #[arg(long, value_name = "FILE")]
    pub(crate) paper: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// Where a private and a public key go.
#[derive(Debug, Args)]
pub(crate) struct KeyPlaceArgs {
    /// Folder for both files, such as root.key and root.pub.pem.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["key", "public"], required_unless_present_all = ["key", "public"])]
    pub(crate) out: Option<PathBuf>,
    /// File for the private key; always encrypted.
    #[arg(long, value_name = "FILE", requires = "public")]
    pub(crate) key: Option<PathBuf>,
    /// File for the public key.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) public: Option<PathBuf>,
    /// Replace files that are there.
    #[arg(long)]
    pub(crate) force: bool,
}

impl KeyPlaceArgs {
    /// The private and the public key's path; `stem` names them in a folder.
    pub(crate) fn paths(&self, stem: &str) -> (PathBuf, PathBuf) {
        let folder = self.out.clone().unwrap_or_default();
        let path = |given: &Option<PathBuf>, end: &str| match given {
            Some(path) => path.clone(),
            None => folder.join(format!("{stem}.{end}")),
        };
        (path(&self.key, "key"), path(&self.public, "pub.pem"))
    }
}

/// The record of a ceremony.
#[derive(Debug, Args)]
pub(crate) struct RecordArgs {
    /// Add what was done to this transcript: a line of JSON, with the hash of the line before it.
    #[arg(long, value_name = "FILE", value_parser = not_standard)]
    pub(crate) transcript: Option<PathBuf>,
    /// Who saw it done, for the transcript; can be given several times.
    #[arg(long, value_name = "NAME", requires = "transcript")]
    pub(crate) witness: Vec<String>,
}

/// Arguments of `hcert keys paper`.
#[derive(Debug, Args)]
pub(crate) struct PaperArgs {
    /// The private key; it has to be encrypted, and is printed as it is.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// File for the page (HTML).
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// What the key is for.
    #[arg(long, value_enum)]
    pub(crate) role: Role,
    /// Who holds the key, or the name in its certificate.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// Replace a file that is there.
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// Arguments of `hcert keys restore`.
#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// A picture or PDF of the page, a text with its typed lines, the page's own file, or - for
    /// lines on standard input. Several are put together.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    /// File for the private key, encrypted as it was.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// Replace a file that is there.
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
}

/// Arguments of `hcert keys transcript`.
#[derive(Debug, Args)]
pub(crate) struct TranscriptArgs {
    /// The transcript; - for standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// How it is written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    /// One of the root keys of a trust list
    Root,
    /// Signs the manifests of a trust list
    Online,
    /// Signs DSCs
    Csca,
    /// Signs certificates
    Dsc,
}

impl Role {
    /// The word in files and in the transcript.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Role::Root => "root",
            Role::Online => "online",
            Role::Csca => "csca",
            Role::Dsc => "dsc",
        }
    }
}

/// A transcript grows, which standard output can't.
fn not_standard(text: &str) -> Result<PathBuf, String> {
    match text {
        "-" => Err("a transcript is a file that is kept".into()),
        _ => Ok(PathBuf::from(text)),
    }
}
