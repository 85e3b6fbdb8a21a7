//! `issuer backup` and `issuer restore`.

use std::path::PathBuf;

use anyhow::Context as _;
use service::{clock::Clock, vault::Vault};
use zeroize::Zeroizing;

use super::ConfigArgument;
use crate::backup::{self, Passphrase};

#[derive(Debug, clap::Args)]
pub(super) struct BackupArguments {
    #[command(flatten)]
    config: ConfigArgument,
    #[command(flatten)]
    passphrase: PassphraseArguments,
    /// The new file. It holds personal data: seal it, or keep it as the database itself.
    file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct RestoreArguments {
    #[command(flatten)]
    config: ConfigArgument,
    #[command(flatten)]
    passphrase: PassphraseArguments,
    /// The backup.
    file: PathBuf,
}

#[derive(Debug, clap::Args)]
struct PassphraseArguments {
    /// Seal it with a passphrase, or open it with one: the first line of this file.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// The same, with the passphrase asked for, or read from ISSUER_PASSPHRASE.
    #[arg(long, conflicts_with = "passphrase_file")]
    passphrase: bool,
}

impl PassphraseArguments {
    fn read(&self) -> anyhow::Result<Option<Passphrase>> {
        let text = match &self.passphrase_file {
            Some(path) => {
                let shown = path.display();
                let text = std::fs::read_to_string(path);
                let text = Zeroizing::new(text.with_context(|| format!("{shown} can't be read"))?);
                Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())
            }
            None if self.passphrase => super::password("ISSUER_PASSPHRASE", "passphrase")?,
            None => return Ok(None),
        };
        Ok(Some(Passphrase::new(text)?))
    }
}

pub(super) async fn backup(arguments: &BackupArguments) -> anyhow::Result<()> {
    let config = arguments.config.load()?;
    let passphrase = arguments.passphrase.read()?;
    let vault = Vault::from_file(&config.secret_file).context("secret_file")?;
    let store = super::store(&config).await?;
    let now = Clock::system().now();
    let passphrase = passphrase.as_ref();
    let written = backup::dump(&store, &vault, &arguments.file, passphrase, now).await?;
    store.close().await;
    say(&written);
    println!("{}", arguments.file.display());
    println!(
        "Keep the secret file {} too, apart from it: without it the keys of the sites are lost.",
        config.secret_file.display()
    );
    Ok(())
}

pub(super) async fn restore(arguments: &RestoreArguments) -> anyhow::Result<()> {
    let config = arguments.config.load()?;
    let passphrase = arguments.passphrase.read()?;
    let vault = Vault::from_file(&config.secret_file).context("secret_file")?;
    let store = super::store(&config).await?;
    let passphrase = passphrase.as_ref();
    let written = backup::restore(&store, &vault, &arguments.file, passphrase).await?;
    store.close().await;
    say(&written);
    println!("restored; everybody signs in anew");
    Ok(())
}

fn say(written: &backup::Written) {
    for (table, rows) in written.tables.iter().filter(|(_, rows)| *rows > 0) {
        println!("{table}: {rows}");
    }
    println!("SHA-256 of the content: {}", written.digest);
}
