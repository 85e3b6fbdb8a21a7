//! `trust-service user`: for the first administrator, and for one who is locked out.

use anyhow::Context as _;
use clap::Subcommand;
use service::{clock::Clock, vault::Vault};
use zeroize::Zeroizing;

use super::ConfigArgument;
use crate::{
    people::{self, UserChange, roles::Roles},
    store::Store,
};

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Add a user. The password is asked for, or read from TRUST_SERVICE_PASSWORD.
    Add {
        #[command(flatten)]
        config: ConfigArgument,
        /// The name to sign in with.
        name: String,
        /// Roles, with commas between: operator, publisher, auditor, administrator.
        #[arg(long)]
        roles: Roles,
    },
    /// Give a user another password, and switch one-time codes off.
    Reset {
        #[command(flatten)]
        config: ConfigArgument,
        /// The user's name.
        name: String,
    },
}

pub(super) async fn run(command: UserCommand) -> anyhow::Result<()> {
    let clock = Clock::system();
    match command {
        UserCommand::Add {
            config,
            name,
            roles,
        } => {
            let store = Store::open(&config.load()?.database).await?;
            let password = password()?;
            people::add_user(&store, &clock, "service", &name, &password, &roles).await?;
            println!("added {name}");
        }
        UserCommand::Reset { config, name } => {
            let config = config.load()?;
            let vault = Vault::from_file(&config.secret_file).context("secret_file")?;
            let store = Store::open(&config.database).await?;
            let change = UserChange {
                password: Some(password()?.to_string()),
                totp: Some(false),
                disabled: Some(false),
                ..UserChange::default()
            };
            people::change_user(&store, &clock, &vault, "service", &name, change).await?;
            println!("reset {name}");
        }
    }
    Ok(())
}

fn password() -> anyhow::Result<Zeroizing<String>> {
    if let Ok(password) = std::env::var("TRUST_SERVICE_PASSWORD") {
        return Ok(Zeroizing::new(password));
    }
    let read = |prompt| {
        rpassword::prompt_password(prompt)
            .context("no password: type it at a terminal, or set TRUST_SERVICE_PASSWORD")
    };
    let first = Zeroizing::new(read("Password: ")?);
    let second = Zeroizing::new(read("Once more: ")?);
    anyhow::ensure!(first == second, "the two passwords differ");
    Ok(first)
}
