//! `issuer key`: a new document signer, and what there is.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use clap::{Subcommand, ValueEnum};
use hcert::{
    keys::SoftwareKey,
    time::Timestamp,
    x509::{EventKind, make::Subject, request::Request},
};
use keyring::{
    Keyring, Secret,
    pkcs11::{self, KeyKind, KeyName, Token, TokenName},
};
use keystore::{Fresh, PrivateKey};
use service::{clock::Clock, random};

use super::ConfigArgument;

/// Days ahead in which what is due of keys is said.
pub(super) const AHEAD: u32 = 60;

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a new key, in a sealed file or in an HSM, and a request (PKCS #10) for its certificate,
    /// which the CSCA signs offline: `hcert keys sign-request`. The passphrase or PIN is asked for, or
    /// read from ISSUER_PASSPHRASE.
    Request(Box<RequestArguments>),
    /// List the keys of the configuration, and what is due.
    List(ConfigArgument),
}

#[derive(Debug, clap::Args)]
pub(super) struct RequestArguments {
    /// The new request.
    #[arg(long, value_name = "FILE")]
    request: PathBuf,
    /// The new sealed key.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "module",
        required_unless_present = "module"
    )]
    key: Option<PathBuf>,
    /// eddsa for national certificates, es256 for international ones.
    #[arg(long)]
    algorithm: Algorithm,
    /// Common name of the certificate.
    #[arg(long)]
    name: String,
    /// Country of the certificate, as VN.
    #[arg(long)]
    country: String,
    /// Kinds that it is to sign, with commas between; left out, all.
    #[arg(long, value_delimiter = ',')]
    uses: Vec<String>,
    /// The PKCS #11 module of the HSM's maker.
    #[arg(long, value_name = "FILE", requires_all = ["token", "id"])]
    module: Option<PathBuf>,
    /// Label of the token.
    #[arg(long)]
    token: Option<String>,
    /// CKA_ID of the new key, as a3f09c. No other key in the token may have it.
    #[arg(long)]
    id: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Algorithm {
    Eddsa,
    Es256,
}

pub(super) async fn run(command: KeyCommand) -> anyhow::Result<()> {
    match command {
        KeyCommand::Request(arguments) => request(&arguments),
        KeyCommand::List(argument) => {
            let keys = super::open::open_keys(&argument.load()?.keys).await?;
            let now = Clock::system().now();
            list(&keys, now);
            for due in keys.due(now, AHEAD) {
                println!("due: {due}");
            }
            Ok(())
        }
    }
}

fn request(arguments: &RequestArguments) -> anyhow::Result<()> {
    let uses = arguments.uses.iter().map(|name| {
        let kind = EventKind::ALL.into_iter().find(|kind| kind.name() == name);
        kind.with_context(|| format!("--uses: `{name}` is not vaccination, test or recovery"))
    });
    let uses: Vec<EventKind> = uses.collect::<anyhow::Result<_>>()?;
    let subject = Subject {
        common_name: &arguments.name,
        country: &arguments.country,
        organisation: None,
    };
    for file in [Some(&arguments.request), arguments.key.as_ref()]
        .into_iter()
        .flatten()
    {
        ensure!(!file.exists(), "{} is there already", file.display());
    }
    let made = match (&arguments.key, &arguments.module) {
        (Some(file), None) => in_file(file, arguments.algorithm, &subject, &uses)?,
        (None, Some(module)) => in_hsm(arguments, module, &subject, &uses)?,
        _ => {
            anyhow::bail!("say where the key is to lie: --key FILE, or --module, --token and --id")
        }
    };
    let text = hcert::pem::encode("CERTIFICATE REQUEST", made.der());
    std::fs::write(&arguments.request, text)
        .with_context(|| format!("{} can't be written", arguments.request.display()))?;
    println!(
        "request for {}: {}",
        made.subject(),
        arguments.request.display()
    );
    println!("the CSCA's keeper signs it: hcert keys sign-request");
    Ok(())
}

fn in_file(
    file: &Path,
    algorithm: Algorithm,
    subject: &Subject<'_>,
    uses: &[EventKind],
) -> anyhow::Result<Request> {
    let passphrase = super::password("ISSUER_PASSPHRASE", "new passphrase")?;
    ensure!(
        passphrase.chars().count() >= 12,
        "a passphrase has 12 characters or more"
    );
    let secret = random::bytes::<32>()?;
    let key = match algorithm {
        Algorithm::Eddsa => SoftwareKey::eddsa(&secret),
        Algorithm::Es256 => SoftwareKey::es256(&secret).context("no such key: try again")?,
    };
    let request = Request::make(subject, uses, &key)?;
    let fresh = Fresh {
        salt: *random::bytes()?,
        iv: *random::bytes()?,
    };
    let sealed = PrivateKey::Software(key).seal(&passphrase, &fresh)?;
    super::init::write_secret(file, sealed.as_bytes())?;
    Ok(request)
}

fn in_hsm(
    arguments: &RequestArguments,
    module: &Path,
    subject: &Subject<'_>,
    uses: &[EventKind],
) -> anyhow::Result<Request> {
    let token = arguments.token.clone().context("--token")?;
    let id = KeyName::from_hex(arguments.id.as_deref().unwrap_or_default())?;
    let KeyName::Id(bytes) = &id else {
        anyhow::bail!("--id");
    };
    let pin = match std::env::var("ISSUER_PASSPHRASE") {
        Ok(pin) => pin,
        Err(_) => rpassword::prompt_password("PIN: ")
            .context("no PIN: type it at a terminal, or set ISSUER_PASSPHRASE")?,
    };
    let token = Token::open(module, &TokenName::Label(token), &Secret::new(pin))?;
    let kind = match arguments.algorithm {
        Algorithm::Eddsa => KeyKind::Ed25519,
        Algorithm::Es256 => KeyKind::P256,
    };
    pkcs11::generate(&token, kind, subject.common_name, bytes)?;
    Ok(pkcs11::request(&token, &id, subject, uses)?)
}

/// The keys, one a line.
pub(super) fn list(keys: &Keyring, now: Timestamp) {
    for dsc in keys.all() {
        let uses: Vec<_> = dsc.uses().iter().map(|kind| kind.name()).collect();
        println!(
            "key {}: {} {} in {}, {}, from {} until {}, certificate of {} until {}{}",
            dsc.kid(),
            dsc.profile(),
            dsc.algorithm(),
            match dsc.place() {
                keyring::Place::File => "a file",
                keyring::Place::Hsm => "an HSM",
            },
            uses.join(", "),
            dsc.from(),
            dsc.until(),
            dsc.certificate().subject(),
            dsc.ends(),
            if dsc.signs_at(now) {
                ""
            } else {
                " (does not sign now)"
            },
        );
    }
}
