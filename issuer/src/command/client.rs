//! `issuer client`: programs that use the API, before anybody can sign in to add them.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Subcommand;
use service::clock::Clock;

use super::{ConfigArgument, country, service_actor};
use crate::{place::Place, roles::Roles};

#[derive(Debug, Subcommand)]
pub(super) enum ClientCommand {
    /// Add a program. Prints its key, which is nowhere else from then on.
    Add {
        #[command(flatten)]
        config: ConfigArgument,
        /// Its name.
        name: String,
        /// Roles, with commas between: clerk, officer, authority, administrator, auditor.
        #[arg(long)]
        roles: Roles,
        /// Where it belongs, as VN/79/26734/BN1.
        #[arg(long)]
        place: Place,
        /// The public key that its requests are signed with: Ed25519 or P-256, as
        /// `openssl pkey -pubout` writes it.
        #[arg(long, value_name = "FILE")]
        public_key: PathBuf,
    },
}

pub(super) async fn run(command: ClientCommand) -> anyhow::Result<()> {
    let ClientCommand::Add {
        config,
        name,
        roles,
        place,
        public_key,
    } = command;
    let config = config.load()?;
    let spki = public_key_of(&public_key)?;
    let issuer = super::issuer(&config, Clock::system()).await?;
    let actor = service_actor(&country(&config)?);
    let key = issuer
        .add_client(&actor, &name, roles, &place, &spki)
        .await?;
    println!("{}", *key);
    issuer.store.close().await;
    Ok(())
}

/// PEM or DER.
fn public_key_of(path: &std::path::Path) -> anyhow::Result<Vec<u8>> {
    let shown = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("{shown} can't be read"))?;
    if !bytes.starts_with(b"-----BEGIN ") {
        return Ok(bytes);
    }
    let text = str::from_utf8(&bytes).with_context(|| format!("{shown}: no text"))?;
    let body: String = text
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    let right = text.contains("-----BEGIN PUBLIC KEY-----");
    let der = hcert::base64::decode(body.trim()).filter(|_| right);
    der.with_context(|| format!("{shown}: no public key (BEGIN PUBLIC KEY) in it"))
}
