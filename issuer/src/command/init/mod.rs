//! `issuer init --development DIR`: everything to try the service out, and nothing to rely on. Names
//! and sheets say DEVELOPMENT or that they are specimens, and the keys lie beside their passphrase.

mod keys;
mod people;
mod places;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use service::{clock::Clock, random, vault::Vault};

use crate::config::Config;

/// The authority of development certificates.
const AUTHORITY: &str = "DEVELOPMENT, not a health authority";

#[derive(Debug, clap::Args)]
pub(super) struct InitArguments {
    /// Make development keys, a configuration, a database with a sample province, and sign-ins
    /// there. A folder that was made so before is left as it is.
    #[arg(long, value_name = "DIR")]
    development: PathBuf,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8350")]
    listen: std::net::SocketAddr,
    /// A trust list that is to be told, as http://127.0.0.1:8340.
    #[arg(long, value_name = "URL", requires = "trust_key_file")]
    trust_url: Option<String>,
    /// The wallet's page, as http://127.0.0.1:8340/app/wallet/.
    #[arg(long, value_name = "URL")]
    wallet_url: Option<String>,
    /// The file with the key of its API.
    #[arg(long, value_name = "FILE", requires = "trust_url")]
    trust_key_file: Option<PathBuf>,
}

pub(super) async fn init(arguments: &InitArguments) -> anyhow::Result<()> {
    let folder = &arguments.development;
    let config = folder.join("issuer.toml");
    if config.exists() {
        println!("{} is there already: nothing changed", config.display());
        return Ok(());
    }
    let used = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    ensure!(
        !used,
        "{} is not empty, and holds no issuer.toml: name another folder",
        folder.display()
    );
    fs::create_dir_all(folder.join("keys"))
        .with_context(|| format!("{} can't be made", folder.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The database and its log are in it.
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    let clock = Clock::system();
    // Lies beside the keys it opens: good enough for keys that nobody trusts.
    let passphrase = random::token()?;
    write_secret(&folder.join("keys/passphrase"), passphrase.as_bytes())?;
    keys::make(&folder.join("keys"), &passphrase, clock.now())?;
    Vault::make_file(&folder.join("secret"))?;
    let text = text(arguments)?;
    let environment = |name: &str| std::env::var(name).ok();
    let parsed = Config::parse(&config, &text, &environment)?;
    let issuer = super::issuer(&parsed, clock).await?;
    super::site::add_country(&issuer, &parsed).await?;
    places::add(&issuer).await?;
    let sign_in = people::add_staff(&issuer).await?;
    people::add_doses(&issuer).await?;
    issuer.store.close().await;
    write_secret(&folder.join("sign-in.txt"), sign_in.as_bytes())?;
    // Last, because it says that the rest is there.
    fs::write(&config, text).with_context(|| format!("{} can't be written", config.display()))?;
    println!("{}", config.display());
    print!("{sign_in}");
    println!("(also in {})", folder.join("sign-in.txt").display());
    Ok(())
}

fn text(arguments: &InitArguments) -> anyhow::Result<String> {
    let mut text = format!(
        "# A development installation: nobody trusts its keys, which lie beside their passphrase.\n\
         listen = \"{}\"\n\
         database = \"sqlite:issuer.sqlite\"\n\
         secret_file = \"secret\"\n\
         language = \"vi\"\n\
         country = \"VN\"\n\
         authority = \"{AUTHORITY}\"\n\
         offset_minutes = 420\n\
         profiles = [\"national\", \"international\"]\n\
         steps = \"three\"\n\
         specimen = true\n\
         public_url = \"http://{}\"\n",
        arguments.listen, arguments.listen
    );
    if let Some(url) = &arguments.wallet_url {
        text += &format!("wallet_url = {}\n", serde_json::Value::from(url.as_str()));
    }
    for profile in ["national", "international"] {
        text += &format!(
            "\n[[keys]]\n\
             profile = \"{profile}\"\n\
             file = \"keys/{profile}.key\"\n\
             certificate = \"keys/{profile}.pem\"\n\
             passphrase_file = \"keys/passphrase\"\n"
        );
    }
    if let (Some(url), Some(file)) = (&arguments.trust_url, &arguments.trust_key_file) {
        let file = std::path::absolute(file)?;
        let file = file
            .to_str()
            .context("--trust-key-file: no text in UTF-8")?;
        let quoted = serde_json::Value::from(file);
        text += &format!(
            "\n[trust]\nurl = \"{url}\"\nkey_file = {quoted}\ncsca = \"keys/csca.pem\"\n\
             every_seconds = 5\nsettle_seconds = 10\n"
        );
    }
    Ok(text)
}

/// Only for the own user to read; a file that is there stays.
pub(super) fn write_secret(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
        .open(path)
        .and_then(|mut file| {
            std::io::Write::write_all(&mut file, bytes)?;
            file.sync_all()
        })
        .with_context(|| format!("{} can't be written", path.display()))
}
