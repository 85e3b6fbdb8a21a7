//! `trust-service client`: programs that use the API, before anybody can sign in to add them.

use clap::Subcommand;
use service::clock::Clock;

use super::ConfigArgument;
use crate::{
    people::{self, roles::Roles},
    store::Store,
};

#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    /// Add a program. Prints its key, which is nowhere else from then on.
    Add {
        #[command(flatten)]
        config: ConfigArgument,
        /// Its name.
        name: String,
        /// Roles, with commas between: operator, publisher, auditor, administrator, issuer.
        #[arg(long)]
        roles: Roles,
        /// As an issuer it may speak for every kid, and not only for its own.
        #[arg(long)]
        all_kids: bool,
    },
}

pub(super) async fn run(command: ClientCommand) -> anyhow::Result<()> {
    let ClientCommand::Add {
        config,
        name,
        roles,
        all_kids,
    } = command;
    let store = Store::open(&config.load()?.database).await?;
    let clock = Clock::system();
    let added = people::add_client(&store, &clock, "service", &name, roles, &[], all_kids).await;
    store.close().await;
    println!("{}", *added?);
    Ok(())
}
