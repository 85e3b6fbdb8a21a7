//! The program's subcommands.

mod audit;
mod backup;

mod check;
mod client;
mod init;
mod key;
mod open;
mod retention;
mod secret;
mod serve;
mod site;
mod specimen;
mod user;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use service::roles::Role as _;
use zeroize::Zeroizing;

use crate::{
    actor::Actor,
    config::Config,
    place::Place,
    roles::{Role, Roles},
};

pub use open::{issuer, store};

/// Records what sites report, and issues certificates.
#[derive(Debug, Parser)]
#[command(name = "issuer", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and the pages.
    Serve(ConfigArgument),
    /// Check the configuration, the keys, the secret, the database and the audit log.
    Check(ConfigArgument),
    /// Make a folder with everything to try the service out.
    Init(init::InitArguments),
    /// Look after the people who sign in.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Look after sites.
    #[command(subcommand)]
    Site(site::SiteCommand),
    /// Look after document signers.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Look after programs that use the API.
    #[command(subcommand)]
    Client(client::ClientCommand),
    /// Look at the audit log, or take it out.
    #[command(subcommand)]
    Audit(audit::AuditCommand),

    /// Write everything in the database into one file, while the service goes on.
    Backup(backup::BackupArguments),
    /// Put a backup into an empty database.
    Restore(backup::RestoreArguments),
    /// Make the file with the secret that the database's sealed values open with.
    Secret(secret::SecretArguments),
    /// Issue one certificate of an invented person and print its texts: to try out what lies behind the
    /// issuer. Only with specimen = true in the configuration.
    Specimen(ConfigArgument),
    /// Remove the personal data whose time is over; `serve` does it every hour.
    Retention(retention::RetentionArguments),
}

#[derive(Debug, clap::Args)]
struct ConfigArgument {
    /// The configuration file.
    #[arg(long, env = "ISSUER_CONFIG", value_name = "FILE")]
    config: PathBuf,
}

impl ConfigArgument {
    fn load(&self) -> anyhow::Result<Config> {
        let environment = |name: &str| std::env::var(name).ok();
        Ok(Config::load(&self.config, &environment)?)
    }
}

/// Runs the program.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("no runtime could be started")
        .and_then(|runtime| runtime.block_on(start(arguments.command)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("issuer: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn start(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(argument) => serve::serve(&argument.load()?).await,
        Command::Check(argument) => check::check(&argument.load()?).await,
        Command::Init(arguments) => init::init(&arguments).await,
        Command::User(command) => user::run(command).await,
        Command::Site(command) => site::run(command).await,
        Command::Key(command) => key::run(command).await,
        Command::Client(command) => client::run(command).await,
        Command::Audit(command) => audit::run(command).await,

        Command::Backup(arguments) => backup::backup(&arguments).await,
        Command::Restore(arguments) => backup::restore(&arguments).await,
        Command::Specimen(argument) => specimen::run(&argument.load()?).await,
        Command::Secret(arguments) => secret::make(&arguments),
        Command::Retention(arguments) => retention::run(&arguments).await,
    }
}

/// Who does what is done at the machine itself.
fn service_actor(country: &Place) -> Actor {
    Actor {
        name: "service".into(),
        roles: Roles::of(Role::ALL.iter().copied()),
        place: country.clone(),
    }
}

/// The country's place.
fn country(config: &Config) -> anyhow::Result<Place> {
    Ok(config.settings.country.parse()?)
}

/// Typed at a terminal, or from the environment.
fn password(variable: &str, what: &str) -> anyhow::Result<Zeroizing<String>> {
    if let Ok(password) = std::env::var(variable) {
        return Ok(Zeroizing::new(password));
    }
    let read = |prompt: &str| {
        rpassword::prompt_password(prompt)
            .map(Zeroizing::new)
            .with_context(|| format!("no {what}: type it at a terminal, or set {variable}"))
    };
    let first = read(&format!("The {what}: "))?;
    let second = read("Once more: ")?;
    anyhow::ensure!(first == second, "the two differ");
    Ok(first)
}
