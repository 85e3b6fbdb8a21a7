//! Arguments of `hcert trust`.

mod exchange;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use hcert::time::Timestamp;
use trust_list::{digest::Digest, environment::Environment, root::Role};

pub(crate) use exchange::{BundleArgs, ExportArgs, ExportForm, ImportArgs, ImportForm};

use crate::{args::common::OutputFormat, keys::args::PassphraseArgs};

/// Arguments of `hcert trust`.
#[derive(Debug, Args)]
pub(crate) struct TrustArgs {
    #[command(subcommand)]
    pub(crate) command: TrustCommand,
}

/// What to do with trust bundles.
#[derive(Debug, Subcommand)]
pub(crate) enum TrustCommand {
    /// Bring the installed bundle up to date, from a URL, a folder or a file.
    #[command(after_help = UPDATE_EXAMPLES)]
    Update(UpdateArgs),
    /// Show a bundle: keys by country, ages, sizes, warnings.
    #[command(after_help = SHOW_EXAMPLES)]
    Show(ShowArgs),
    /// Check every signature, digest and part of a bundle. Status 1 if it must not be used.
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify(VerifyArgs),
    /// What changed from one bundle to another.
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(DiffArgs),
    /// Make a root: who may sign the bundle, and how many of them have to.
    #[command(after_help = ROOT_EXAMPLES)]
    Root(RootArgs),
    /// Add a signature to a root or a key list.
    #[command(after_help = SIGN_EXAMPLES)]
    Sign(SignArgs),
    /// Read other people's trust lists: what is let in, and why the rest is not.
    ///
    /// Exit status: 0 keys were let in, 1 none was, 2 could not run: a proof that does not hold, an
    /// unreadable file.
    #[command(after_help = exchange::IMPORT_EXAMPLES)]
    Import(Box<ImportArgs>),
    /// Write our own keys in the forms that others read.
    #[command(after_help = exchange::EXPORT_EXAMPLES)]
    Export(Box<ExportArgs>),
}

pub(crate) const EXAMPLES: &str = "\
Examples:
  hcert trust update usb/bundle.hcert --root usb/root/1.cose
  hcert trust show
  hcert trust verify usb/bundle.hcert";

const UPDATE_EXAMPLES: &str = "\
Examples (a source is a URL, too: https://trust.example.org):
  hcert trust update usb/bundle.hcert --root usb/root/1.cose
  hcert trust update
  hcert trust update usb --format json";

const SHOW_EXAMPLES: &str = "\
Examples:
  hcert trust show
  hcert trust show usb/bundle.hcert
  hcert trust show --format json";

const VERIFY_EXAMPLES: &str = "\
Examples:
  hcert trust verify
  hcert trust verify usb/bundle.hcert
  hcert trust verify usb/bundle.hcert --root usb/root/1.cose";

const DIFF_EXAMPLES: &str = "\
Examples:
  hcert trust diff old.hcert
  hcert trust diff old.hcert usb/bundle.hcert
  hcert trust diff old.hcert usb/bundle.hcert --format json";

const ROOT_EXAMPLES: &str = "\
Examples:
  hcert trust root --name Ministry --root-key root-1/root.pub.pem \\
    --list-key root-1/root.pub.pem --manifest-key online/online.pub.pem \\
    --out 1.cose
  hcert trust sign 1.cose --key root-1/root.key
  hcert trust root --after 1.cose --manifest-key root-1/root.pub.pem \\
    --out 2.cose";

const SIGN_EXAMPLES: &str = "\
Examples:
  hcert trust sign 2.cose --key root-1/root.key
  hcert trust sign 2.cose --merge copy.cose
  hcert trust sign 2.cose --key root-1/root.key --root 1.cose";

#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    /// A URL, a folder or a bundle file; by default where the last update came from.
    pub(crate) source: Option<String>,
    /// The first time: the root to trust, as a file.
    #[arg(long, value_name = "FILE", conflicts_with = "root_sha256")]
    pub(crate) root: Option<PathBuf>,
    /// The first time: the fingerprint of the root to trust, as its publisher tells it.
    #[arg(long, value_name = "HEX")]
    pub(crate) root_sha256: Option<Digest>,
    /// Forget the installed trust and begin anew with another root.
    #[arg(long)]
    pub(crate) replace: bool,
    #[arg(long, value_enum, default_value_t)]
    /// How to answer.
    pub(crate) format: OutputFormat,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// A bundle file; by default the installed one.
    pub(crate) file: Option<PathBuf>,
    /// The time to judge by; by default now.
    #[arg(long, value_name = "RFC3339")]
    pub(crate) at: Option<Timestamp>,
    /// How to answer.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// A bundle file; by default the installed one.
    pub(crate) file: Option<PathBuf>,
    /// The root to trust; by default the installed one, else the file's own first.
    #[arg(long, value_name = "FILE")]
    pub(crate) root: Option<PathBuf>,
    /// The time to judge by; by default now.
    #[arg(long, value_name = "RFC3339")]
    pub(crate) at: Option<Timestamp>,
    /// How to answer.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The older bundle file.
    pub(crate) old: PathBuf,
    /// The newer one; by default the installed bundle.
    pub(crate) new: Option<PathBuf>,
    /// How to answer.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

#[derive(Debug, Args)]
pub(crate) struct RootArgs {
    /// The root that this one follows; what is not given is taken over from it.
    #[arg(long, value_name = "FILE")]
    pub(crate) after: Option<PathBuf>,
    /// Who publishes, for people.
    #[arg(long, required_unless_present = "after")]
    pub(crate) name: Option<String>,
    /// What it is for.
    #[arg(long, value_enum, conflicts_with = "after")]
    pub(crate) environment: Option<EnvironmentArg>,
    /// Public key of a holder of the root; once for each.
    #[arg(long, value_name = "FILE", required_unless_present = "after")]
    pub(crate) root_key: Vec<PathBuf>,
    /// How many of them have to sign the next root; by default more than half.
    #[arg(long, value_name = "M")]
    pub(crate) root_threshold: Option<usize>,
    /// Public key that signs key lists; once for each.
    #[arg(long, value_name = "FILE", required_unless_present = "after")]
    pub(crate) list_key: Vec<PathBuf>,
    /// How many of them have to; by default more than half.
    #[arg(long, value_name = "M")]
    pub(crate) list_threshold: Option<usize>,
    /// Public key that signs manifests, online; once for each.
    #[arg(long, value_name = "FILE", required_unless_present = "after")]
    pub(crate) manifest_key: Vec<PathBuf>,
    /// How many of them have to; by default one.
    #[arg(long, value_name = "M")]
    pub(crate) manifest_threshold: Option<usize>,
    /// Until when it is good.
    #[arg(long, value_name = "DAYS", default_value_t = 1825,
          value_parser = clap::value_parser!(u32).range(1..=7300))]
    pub(crate) days: u32,
    /// Where to write it, still without signatures.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Replace the file if it is there.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    /// The root or key list; the signature is added to it.
    pub(crate) file: PathBuf,
    /// Your private key.
    #[arg(long, value_name = "FILE", required_unless_present = "merge")]
    pub(crate) key: Option<PathBuf>,
    /// Copies that others have signed: their signatures are taken over.
    #[arg(long, value_name = "FILE")]
    pub(crate) merge: Vec<PathBuf>,
    /// The root that says whose signatures count for a key list or for the next root.
    #[arg(long, value_name = "FILE")]
    pub(crate) root: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// What a root is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EnvironmentArg {
    /// Real certificates
    Production,
    /// Trials, training, development
    Test,
}

impl From<EnvironmentArg> for Environment {
    fn from(environment: EnvironmentArg) -> Environment {
        match environment {
            EnvironmentArg::Production => Environment::Production,
            EnvironmentArg::Test => Environment::Test,
        }
    }
}

impl RootArgs {
    /// The keys and the threshold given for a role.
    pub(crate) fn role(&self, role: Role) -> (&[PathBuf], Option<usize>) {
        match role {
            Role::Root => (&self.root_key, self.root_threshold),
            Role::Keys => (&self.list_key, self.list_threshold),
            Role::Manifest => (&self.manifest_key, self.manifest_threshold),
        }
    }
}
