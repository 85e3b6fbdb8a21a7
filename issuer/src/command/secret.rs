//! `issuer secret`: the key of everything that is sealed in the database.

use std::path::PathBuf;

use service::vault::Vault;

#[derive(Debug, clap::Args)]
pub(super) struct SecretArguments {
    /// The new file; only its owner may read it.
    file: PathBuf,
}

pub(super) fn make(arguments: &SecretArguments) -> anyhow::Result<()> {
    Vault::make_file(&arguments.file)?;
    println!("{}", arguments.file.display());
    println!(
        "Name it as secret_file in the configuration of every process, and keep a copy apart from \
         the backups: without it the keys of the sites in the database are lost."
    );
    Ok(())
}
