//! Arguments of `hcert issue`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hcert::time::Timestamp;

use crate::{
    keys::args::{KindArg, PassphraseArgs, country},
    picture::PictureArgs,
};

const EXAMPLES: &str = r#"Examples, after the first ones of hcert keys csca --help and
hcert keys dsc --help:
  hcert issue --example vaccination > person.json
  hcert issue --key pki/dsc.key --cert pki/dsc.pem --payload person.json
  hcert issue --key pki/dsc.key --cert pki/dsc.pem --payload person.json \
      --text person.txt --png person.png --days 180"#;

/// Arguments of `hcert issue`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct IssueArgs {
    /// Private key of the DSC, as hcert keys dsc makes it.
    #[arg(long, value_name = "FILE", required_unless_present = "example")]
    pub(crate) key: Option<PathBuf>,
    /// Certificate of the DSC.
    #[arg(long, value_name = "FILE", required_unless_present = "example")]
    pub(crate) cert: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
    /// Country that answers for the certificate (iss); by default that of the DSC.
    #[arg(long, value_name = "CODE", value_parser = country)]
    pub(crate) issuer: Option<String>,
    /// Days that the certificate is valid from its issue on.
    #[arg(long, value_name = "DAYS", default_value_t = 365, conflicts_with = "expires", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) days: u32,
    /// Last instant of the certificate, as in 2027-08-22T00:00:00Z.
    #[arg(long, value_name = "RFC3339")]
    pub(crate) expires: Option<Timestamp>,
    /// Instant of issue; by default now.
    #[arg(long, value_name = "RFC3339")]
    pub(crate) issued_at: Option<Timestamp>,
    /// Payload as JSON (the object of an EU DCC), a list of payloads, or one on each line; - for
    /// standard input. Without it the terminal asks.
    #[arg(long, value_name = "FILE")]
    pub(crate) payload: Option<PathBuf>,
    /// File for the text, HC1:...; by default standard output, unless there is a picture.
    #[arg(long, value_name = "FILE")]
    pub(crate) text: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) picture: PictureArgs,
    /// What the certificate is for; refuses a key that does not fit.
    #[arg(long, value_enum)]
    pub(crate) profile: Option<ProfileArg>,
    /// Print an example payload and stop.
    #[arg(long, value_enum, value_name = "KIND", exclusive = true)]
    pub(crate) example: Option<KindArg>,
}

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileArg {
    /// Within the country: EdDSA, small and quick.
    National,
    /// Across borders: ES256 or PS256, which the HCERT specification asks for.
    International,
}

impl From<ProfileArg> for keyring::Profile {
    fn from(profile: ProfileArg) -> keyring::Profile {
        match profile {
            ProfileArg::National => keyring::Profile::National,
            ProfileArg::International => keyring::Profile::International,
        }
    }
}
