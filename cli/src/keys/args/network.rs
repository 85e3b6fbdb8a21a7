//! Arguments of `hcert keys network`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use hcert::time::Timestamp;
use trust_exchange::join::Template;

use super::{PassphraseArgs, RecordArgs, country};
use crate::args::common::OutputFormat;

pub(super) const EXAMPLES: &str = r#"Examples:
  hcert keys network make --country VN --organisation "Ministry of Health" \
      --out join-test
  hcert keys network check join-test
  hcert keys network upload --dsc join-test/DSC/DCC/DSC.pem \
      --up-cert join-test/participant/onboarding/DCC/UP/UP.pem \
      --up-key join-test/private/UP.key --out join-test/DSC.cms"#;

const MAKE_EXAMPLES: &str = r#"Examples:
  hcert keys network make --country VN --organisation "Ministry of Health" \
      --out join
  hcert keys network make --country VN --organisation "Ministry of Health" \
      --domain DCC --domain PH4H --out join-2
  hcert keys network make --country VN --organisation "Ministry of Health" \
      --name "VN 2026" --out join-3 --transcript join.jsonl"#;

const CHECK_EXAMPLES: &str = r#"Examples, after the ones of hcert keys network make --help:
  hcert keys network check join
  hcert keys network check join/participant --participant VNM --format json
  hcert keys network check join/DSC/DCC/DSC.pem --role dsc \
      --sca join/participant/onboarding/DCC/SCA/SCA.pem"#;

const UPLOAD_EXAMPLES: &str = r#"Examples, after the ones of hcert keys network make --help:
  hcert keys network upload --dsc join/DSC/DCC/DSC.pem \
      --up-cert join/participant/onboarding/DCC/UP/UP.pem \
      --up-key join/private/UP.key --out join/DSC.cms
  hcert keys network upload --dsc join-2/DSC/PH4H/DSC.pem \
      --up-cert join-2/participant/onboarding/DCC/UP/UP.pem \
      --up-key join-2/private/UP.key --domain PH4H --out join-2/PH4H.cms
  hcert keys network upload --dsc join-2/DSC/DCC/DSC.pem \
      --up-cert join-2/participant/onboarding/DCC/UP/UP.pem \
      --up-key join-2/private/UP.key --out join-2/DCC.cms \
      --request join-2/DCC.json"#;

/// Arguments of `hcert keys network`.
#[derive(Debug, Args)]
pub(crate) struct NetworkArgs {
    #[command(subcommand)]
    pub(crate) command: NetworkCommand,
}

/// What to do for the network.
#[derive(Debug, Subcommand)]
pub(crate) enum NetworkCommand {
    /// Make keys and certificates by the network's templates, and the participant's folder.
    ///
    /// Private keys are encrypted and lie outside the folder that is handed in. Development,
    /// acceptance and production need keys of their own: run it once for each.
    #[command(after_help = MAKE_EXAMPLES)]
    Make(MakeArgs),
    /// Check certificates against the network's templates, line by line.
    ///
    /// Exit status: 0 the network takes them, 1 it would refuse something, 2 could not run.
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArgs),
    /// Make the upload of a DSC: a CMS message that the upload key signs.
    #[command(after_help = UPLOAD_EXAMPLES)]
    Upload(UploadArgs),
}

/// Arguments of `hcert keys network make`.
#[derive(Debug, Args)]
pub(crate) struct MakeArgs {
    /// ISO 3166-1 alpha-2 code of the country, as in VN.
    #[arg(long, value_name = "CODE", value_parser = country)]
    pub(crate) country: String,
    /// Organisation in the certificates.
    #[arg(long, alias = "organization")]
    pub(crate) organisation: String,
    /// How the names in the certificates begin; by default the country's code.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Trust domain; once for each. The first also holds the TLS and upload certificates.
    #[arg(long, value_name = "NAME", default_value = "DCC")]
    pub(crate) domain: Vec<String>,
    /// Folder for all of it.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Replace files that are there.
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// Arguments of `hcert keys network check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// A participant's folder, in which SCA, DSC, TLS and UP are folders; or one certificate.
    #[arg(value_name = "DIR|FILE")]
    pub(crate) path: PathBuf,
    /// What a single certificate is for.
    #[arg(long, value_enum)]
    pub(crate) role: Option<NetworkRole>,
    /// The SCA that issued a single DSC.
    #[arg(long, value_name = "FILE")]
    pub(crate) sca: Option<PathBuf>,
    /// The participant's code of three letters, whose country the certificates have to name.
    #[arg(long, value_name = "CODE")]
    pub(crate) participant: Option<String>,
    /// The time to judge by; by default now.
    #[arg(long, value_name = "RFC3339")]
    pub(crate) at: Option<Timestamp>,
    /// How to answer.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

/// Arguments of `hcert keys network upload`.
#[derive(Debug, Args)]
#[command(
    override_usage = "hcert keys network upload [OPTIONS] --dsc <FILE> --up-cert <FILE>\n                                 --up-key <FILE> --out <FILE>"
)]
pub(crate) struct UploadArgs {
    /// The DSC to upload.
    #[arg(long, value_name = "FILE")]
    pub(crate) dsc: PathBuf,
    /// The upload certificate.
    #[arg(long, value_name = "FILE")]
    pub(crate) up_cert: PathBuf,
    /// Its private key.
    #[arg(long, value_name = "FILE")]
    pub(crate) up_key: PathBuf,
    /// File for the upload: one line of base64.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// File for the body of the request that hands it in, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) request: Option<PathBuf>,
    /// Trust domain of the DSC.
    #[arg(long, value_name = "NAME", default_value = "DCC")]
    pub(crate) domain: String,
    /// Replace files that are there.
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// What a certificate is for in the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NetworkRole {
    /// Signs DSCs (CSCA)
    Sca,
    /// Signs certificates
    Dsc,
    /// Opens connections to the gateway
    Tls,
    /// Signs uploads
    Up,
}

impl From<NetworkRole> for Template {
    fn from(role: NetworkRole) -> Template {
        match role {
            NetworkRole::Sca => Template::Sca,
            NetworkRole::Dsc => Template::Dsc,
            NetworkRole::Tls => Template::Tls,
            NetworkRole::Up => Template::Upload,
        }
    }
}
