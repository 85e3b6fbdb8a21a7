//! `issuer audit`: the log whole, taken out, and checked without the database.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use clap::Subcommand;

use super::ConfigArgument;
use crate::store::chain::{Chain, Entry};

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Go through the whole chain of hashes: of the database, or of a file that `export` wrote.
    Check {
        #[command(flatten)]
        config: Option<ConfigArgument>,
        /// An exported log; needs no database and no configuration.
        #[arg(long, value_name = "FILE", conflicts_with = "config")]
        file: Option<PathBuf>,
    },
    /// Write the log to standard output, one entry a line as JSON, oldest first.
    Export {
        #[command(flatten)]
        config: ConfigArgument,
        /// From this entry on.
        #[arg(long, value_name = "NUMBER", default_value_t = 1)]
        from: i64,
    },
}

pub(super) async fn run(command: AuditCommand) -> anyhow::Result<()> {
    match command {
        AuditCommand::Check {
            file: Some(file), ..
        } => check_file(&file),
        AuditCommand::Check { config, .. } => {
            let config = config.context("name the configuration with --config, or a --file")?;
            let store = super::store(&config.load()?).await?;
            let mut tx = store.read().await?;
            let entries = tx.audit_check().await??;
            println!("whole: {entries} entries");
            Ok(())
        }
        AuditCommand::Export { config, from } => {
            let store = super::store(&config.load()?).await?;
            let mut tx = store.read().await?;
            let mut out = BufWriter::new(std::io::stdout().lock());
            let mut after = from.max(1) - 1;
            loop {
                let entries = tx.audit_after(after, 1000).await?;
                let Some(last) = entries.last() else { break };
                after = last.seq;
                for entry in &entries {
                    serde_json::to_writer(&mut out, &Entry::of(entry))?;
                    out.write_all(b"\n")?;
                }
            }
            out.flush()?;
            Ok(())
        }
    }
}

fn check_file(path: &Path) -> anyhow::Result<()> {
    let shown = path.display();
    let file = File::open(path).with_context(|| format!("{shown} can't be read"))?;
    let mut chain = Chain::default();
    for (index, line) in BufReader::new(file).lines().enumerate() {
        let line = line.with_context(|| format!("{shown}:{}", index + 1))?;
        let entry: Entry = serde_json::from_str(&line)
            .with_context(|| format!("{shown}:{}: no entry of an audit log", index + 1))?;
        chain
            .take(&entry)
            .with_context(|| format!("{shown}:{}", index + 1))?;
    }
    let (first, last) = chain.span().context("there is no entry in it")?;
    ensure!(first <= last, "there is no entry in it");
    println!("whole: entries {first} to {last}");
    if first > 1 {
        println!("note: entries before {first} are not in the file");
    }
    println!("hash of the last one: {}", chain.hash());
    Ok(())
}
