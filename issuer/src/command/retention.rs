//! `issuer retention`: once, by hand or by cron.

use service::clock::Clock;

use super::ConfigArgument;
use crate::store;

#[derive(Debug, clap::Args)]
pub(super) struct RetentionArguments {
    #[command(flatten)]
    config: ConfigArgument,
    /// Afterwards write the SQLite file anew, so that nothing is left in its free space. Takes as
    /// much free disk as the file has, and the service waits meanwhile.
    #[arg(long)]
    compact: bool,
}

pub(super) async fn run(arguments: &RetentionArguments) -> anyhow::Result<()> {
    let config = arguments.config.load()?;
    let issuer = super::issuer(&config, Clock::system()).await?;
    let removed = issuer.remove_old().await?;
    issuer.store.close().await;
    store::sweep(&config.database, arguments.compact).await?;
    println!(
        "removed: texts of {} certificates, contents of {} records, {} people, {} jobs, {} \
         complaints, {} idempotency keys",
        removed.certificates,
        removed.records,
        removed.persons,
        removed.jobs,
        removed.complaints,
        removed.keys
    );
    Ok(())
}
