//! `issuer user`: for the first administrator, and for one who is locked out.

use clap::Subcommand;
use service::clock::Clock;

use super::{ConfigArgument, country, service_actor};
use crate::{
    domain::accounts::{AccountChange, NewAccount},
    place::Place,
    roles::Roles,
};

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Add somebody. Prints a first password, which has to be changed at the first sign-in; or takes
    /// the one in ISSUER_PASSWORD.
    Add {
        #[command(flatten)]
        config: ConfigArgument,
        /// The name to sign in with.
        name: String,
        /// The name people call them by.
        #[arg(long)]
        full_name: String,
        /// Roles, with commas between: clerk, officer, authority, administrator, auditor.
        #[arg(long)]
        roles: Roles,
        /// Where they belong, as VN/79/26734/BN1; left out, the whole country.
        #[arg(long)]
        place: Option<Place>,
    },
    /// Give somebody a new first password, and switch one-time codes off.
    Reset {
        #[command(flatten)]
        config: ConfigArgument,
        /// The name.
        name: String,
    },
    /// Bind somebody to their subject at the OpenID Connect provider, as the page shows it to them
    /// when they sign in there; without a subject, to none.
    #[cfg(feature = "oidc")]
    Bind {
        #[command(flatten)]
        config: ConfigArgument,
        /// The name.
        name: String,
        /// The provider's address, a space, and the person's identifier there.
        subject: Option<String>,
    },
}

pub(super) async fn run(command: UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::Add {
            config,
            name,
            full_name,
            roles,
            place,
        } => {
            let config = config.load()?;
            let issuer = super::issuer(&config, Clock::system()).await?;
            let country = country(&config)?;
            let actor = service_actor(&country);
            // The first account of a new database: its country is there from then on.
            if issuer.places(&actor, &country).await?.is_empty() {
                super::site::add_country(&issuer, &config).await?;
            }
            let place = place.unwrap_or(country);
            let given = std::env::var("ISSUER_PASSWORD").ok();
            if let Some(password) = given {
                let password = zeroize::Zeroizing::new(password);
                let account = NewAccount {
                    name: name.clone(),
                    full_name,
                    roles,
                    place,
                };
                issuer.add_account_with(&actor, &account, &password).await?;
                println!("added {name}");
            } else {
                let added = issuer.add_account(&actor, &name, &full_name, roles, &place);
                println!("{name}\t{}", *added.await?);
            }
            issuer.store.close().await;
        }
        UserCommand::Reset { config, name } => {
            let config = config.load()?;
            let issuer = super::issuer(&config, Clock::system()).await?;
            let change = AccountChange {
                reset: true,
                disabled: Some(false),
                totp: Some(false),
                ..AccountChange::default()
            };
            let actor = service_actor(&country(&config)?);
            let given = issuer.change_account(&actor, &name, change).await?;
            let password = given.password.unwrap_or_default();
            println!("{name}\t{}", *password);
            issuer.store.close().await;
        }
        #[cfg(feature = "oidc")]
        UserCommand::Bind {
            config,
            name,
            subject,
        } => {
            let config = config.load()?;
            let issuer = super::issuer(&config, Clock::system()).await?;
            let actor = service_actor(&country(&config)?);
            issuer.bind_oidc(&actor, &name, subject.as_deref()).await?;
            issuer.store.close().await;
        }
    }
    Ok(())
}
