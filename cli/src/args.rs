//! Arguments of the command.

pub(crate) mod common;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use hcert::time::Timestamp;

use self::common::{Global, OutputFormat};
use crate::{
    gate::args::GateArgs,
    issue::args::IssueArgs,
    keys::args::KeysArgs,
    qr::QrArgs,
    shell::{CompletionsArgs, ManArgs},
    trust::args::TrustArgs,
};

/// Verifiable digital health certificates: issue, print, verify, without a network.
#[derive(Debug, Parser)]
#[command(
    name = "hcert",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Verify certificates: pictures, PDF files, text, or a reader's lines.
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify(VerifyArgs),
    /// A gate or desk: readers on USB and serial ports in, answers on a screen and to a door out.
    #[command(after_help = crate::gate::args::EXAMPLES)]
    Gate(Box<GateArgs>),
    /// Show every layer of a code, without verifying it.
    #[command(after_help = INSPECT_EXAMPLES)]
    Inspect(InspectArgs),
    /// The trust bundle: install, update, show, compare; make its root.
    #[command(after_help = crate::trust::args::EXAMPLES)]
    Trust(TrustArgs),
    /// Keys and certificates: made, kept on paper, renewed, revoked, shown.
    Keys(Box<KeysArgs>),
    /// Issue certificates: payloads in, HC1 texts and QR codes out.
    Issue(Box<IssueArgs>),
    /// Make a QR code of any text.
    Qr(QrArgs),
    /// Print the completions of a shell.
    Completions(CompletionsArgs),
    /// Write the manual pages.
    Man(ManArgs),
}

/// Arguments of `hcert verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Trusted keys: X.509 certificate or public key (PEM or DER), JSON object of kid and
    /// certificate, JWKS, DID document, or revocation batch. Repeatable. Without it, the files in
    /// the folder `trust` of the data directory.
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Vec<PathBuf>,
    /// Verify as of this instant instead of now, as in 2021-07-01T10:00:00Z.
    #[arg(long, value_name = "RFC3339")]
    pub(crate) at: Option<Timestamp>,
    /// How the answers are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
    /// Business rules (CertLogic, as JSON) that decide between green and amber. Repeatable.
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,
    /// Show the content of codes that are not valid too, marked as unverified.
    #[arg(long)]
    pub(crate) show_unverified: bool,
    /// The identity document to compare with: the machine-readable zone of a passport or card, or
    /// the text of a Vietnamese citizen card's QR code; a file of it, or - to read or type it.
    /// Status 0 then also needs that both name one person.
    #[arg(long, value_name = "TEXT")]
    pub(crate) mrz: Option<String>,
    /// A picture (PNG, JPEG, WebP), a PDF, a text file with one code per line, a code, or - for
    /// standard input line by line.
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,
}

const VERIFY_EXAMPLES: &str = "\
Examples:
  hcert verify --trust dsc.pem certificate.png
  hcert verify --trust csca.pem --trust dscs.json --format json scans.txt
  cat /dev/ttyACM0 | hcert verify --trust dscs.json -
  hcert verify --mrz passport.txt certificate.png

Exit status: 0 every code valid, 1 at least one not valid, 2 could not run.";

/// Arguments of `hcert inspect`.
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// How the layers are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
    /// A picture, a PDF, a text file with one code per line, a code, or - for standard input.
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,
}

const INSPECT_EXAMPLES: &str = "\
Examples:
  hcert inspect certificate.png
  hcert inspect --format json certificate.txt
  hcert inspect - < certificate.txt

Nothing that is shown has been verified.";
