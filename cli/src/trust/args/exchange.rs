//! Arguments of `hcert trust import` and `hcert trust export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hcert::time::Timestamp;

use super::EnvironmentArg;
use crate::{
    args::common::OutputFormat,
    keys::args::{PassphraseArgs, country},
};

pub(super) const IMPORT_EXAMPLES: &str = "\
Examples (a source is a list, a folder of certificates, or one of did.json):
  hcert trust import dscs.json --known pki/csca.pem --out list.json
  hcert trust import list.json pki --environment test --format json
  hcert trust import list.json --bundle own.hcert --root 1.cose \\
    --key root-1/root.key --key online/online.key --without-revocation VN";

pub(super) const EXPORT_EXAMPLES: &str = "\
Examples (own.hcert is of hcert trust import --help):
  hcert trust export own.hcert --form jwks --out own-jwks.json
  hcert trust export own.hcert --form pem --out own-pem
  hcert trust export own.hcert --form did --out did.json --key first/dsc.key \\
    --did did:web:trust.example.org:v2:trustlist:DCC:VNM";

/// Arguments of `hcert trust import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// A list, a folder of certificates (PEM or DER), a folder of DID documents named did.json, or
    /// - for standard input. A document's links are followed to documents of its own folder only.
    #[arg(required = true, value_name = "SOURCE")]
    pub(crate) sources: Vec<PathBuf>,
    /// The form of the lists; by default told by their content.
    #[arg(long, value_enum)]
    pub(crate) form: Option<ImportForm>,
    /// Whose signature the lists have to bear: a certificate or public key (PEM or DER), a JWK or a
    /// DID document. Repeatable: one of them has to fit. Without it you vouch for the lists.
    #[arg(long, value_name = "FILE")]
    pub(crate) proof_key: Vec<PathBuf>,
    /// Gateway lists: the countries' upload certificates, which sign DSCs; --proof-key is the trust
    /// anchor then.
    #[arg(long, value_name = "FILE")]
    pub(crate) upload_cert: Vec<PathBuf>,
    /// Swiss lists: the common name of their signer, below the root given with --proof-key.
    #[arg(long, value_name = "NAME")]
    pub(crate) signer_name: Option<String>,
    /// A JWKS of SMART Health Cards: the address of its issuer, whose cards alone it signs.
    #[arg(long, value_name = "URL")]
    pub(crate) issuer: Option<String>,
    /// What the keys are for; by default what the root of --bundle is for, else production. Keys of
    /// tests are let in for a test only.
    #[arg(long, value_enum)]
    pub(crate) environment: Option<EnvironmentArg>,
    /// The one country whose keys the lists may bring.
    #[arg(long, value_name = "CODE", value_parser = country)]
    pub(crate) country: Option<String>,
    /// The trust domain of keys whose list names none, as in DCC.
    #[arg(long, value_name = "NAME")]
    pub(crate) domain: Option<String>,
    /// CSCAs that are known already: DSCs that name one as their issuer have to stand below it.
    #[arg(long, value_name = "FILE")]
    pub(crate) known: Vec<PathBuf>,
    /// Refuse DSCs whose CSCA is not known.
    #[arg(long)]
    pub(crate) chain_required: bool,
    /// The time to judge by; by default now.
    #[arg(long, value_name = "RFC3339")]
    pub(crate) at: Option<Timestamp>,
    /// Show every refusal, not the first 20.
    #[arg(long)]
    pub(crate) all: bool,
    /// How to answer.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
    /// Write what was let in as a list for hcert verify --trust.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Replace the list if it is there. A bundle is always continued.
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) bundle: BundleArgs,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// A bundle that is made at once, without a service.
#[derive(Debug, Args)]
pub(crate) struct BundleArgs {
    /// Make a signed bundle of what was let in; one that is there is succeeded.
    #[arg(long, value_name = "FILE", requires_all = ["root", "key"])]
    pub(crate) bundle: Option<PathBuf>,
    /// The root above the bundle; after a rotation all roots, the oldest first.
    #[arg(long, value_name = "FILE", requires = "bundle")]
    pub(crate) root: Vec<PathBuf>,
    /// Private keys that sign: the root says which are for the key list, which for the manifest.
    #[arg(long, value_name = "FILE", requires = "bundle")]
    pub(crate) key: Vec<PathBuf>,
    /// Days until answers turn amber.
    #[arg(long, value_name = "DAYS", default_value_t = 3, requires = "bundle",
          value_parser = clap::value_parser!(u32).range(1..=3660))]
    pub(crate) soft_days: u32,
    /// Days until the policy decides what answers are worth.
    #[arg(long, value_name = "DAYS", default_value_t = 30, requires = "bundle",
          value_parser = clap::value_parser!(u32).range(1..=3660))]
    pub(crate) hard_days: u32,
    /// Business rules (CertLogic, as JSON) to carry. Repeatable.
    #[arg(long, value_name = "FILE", requires = "bundle")]
    pub(crate) rules: Vec<PathBuf>,
    /// Value sets (JSON) to carry. Repeatable.
    #[arg(long, value_name = "FILE", requires = "bundle")]
    pub(crate) value_sets: Vec<PathBuf>,
    /// Revocation batches (JSON) to carry. Repeatable.
    #[arg(long, value_name = "FILE", requires = "bundle")]
    pub(crate) revocation: Vec<PathBuf>,
    /// Answers are red, not amber, after the hard expiry.
    #[arg(long, requires = "bundle")]
    pub(crate) policy_red: bool,
    /// A country that publishes no revocation, whose certificates are green all the same.
    /// Repeatable.
    #[arg(long, value_name = "CODE", value_parser = country, requires = "bundle")]
    pub(crate) without_revocation: Vec<String>,
}

/// Forms of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportForm {
    /// DID document, as of WHO's network
    Did,
    /// List of the EU's gateway
    Gateway,
    /// German list: a signature above JSON
    German,
    /// Swiss lists: keys and active keys
    Swiss,
    /// Austrian list: content and signature
    Austrian,
    /// ICAO master list
    MasterList,
    /// SMART Health Cards: directory, or JWKS of an issuer
    HealthCards,
    /// Anything without a signature: certificates, keys, JWKS, JSON of kid and certificate
    Unsigned,
}

/// Arguments of `hcert trust export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// A bundle, certificates (PEM) or a list; by default the installed bundle.
    pub(crate) file: Option<PathBuf>,
    /// The form to write.
    #[arg(long, value_enum)]
    pub(crate) form: ExportForm,
    /// The file to write, or - for standard output; for PEM files a folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Only keys of this country.
    #[arg(long, value_name = "CODE", value_parser = country)]
    pub(crate) country: Option<String>,
    /// DID document: its identifier, did:web:HOST:v2:trustlist:DOMAIN:PARTICIPANT.
    #[arg(long, value_name = "DID", required_if_eq("form", "did"))]
    pub(crate) did: Option<String>,
    /// DID document: the private key (ES256) of its proof.
    #[arg(long, value_name = "FILE", required_if_eq("form", "did"))]
    pub(crate) key: Option<PathBuf>,
    /// DID document: what others know the signer as; by default the document and the key's kid.
    #[arg(long, value_name = "DID")]
    pub(crate) signer: Option<String>,
    /// Replace files that are there.
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// Forms of own lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportForm {
    /// DID document with a proof, as of WHO's network
    Did,
    /// JSON Web Keys
    Jwks,
    /// A folder of PEM files
    Pem,
    /// JSON list in the shape of the EU's gateway
    Gateway,
}
