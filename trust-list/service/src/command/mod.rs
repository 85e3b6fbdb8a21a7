//! The program's subcommands.

mod clients;
mod init;
mod people;
mod serve;

use std::{collections::BTreeMap, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use service::{clock::Clock, vault::Vault};
use trust_list::limits::Limits;

use crate::{
    config::Config,
    http::{App, metrics::Metrics},
    publish::{Publisher, held::HeldKeys, roots::Roots, site::Site},
    serve::statics::Statics,
    store::Store,
};

/// Keeps the keys and publishes the trust bundle.
#[derive(Debug, Parser)]
#[command(name = "trust-service", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the published files, the API and the pages.
    Serve(ConfigArgument),
    /// Check the configuration, the keys, the roots, the database and what is published.
    Check(ConfigArgument),
    /// Publish once; for cron.
    Publish(ConfigArgument),
    /// Look after users.
    #[command(subcommand)]
    User(people::UserCommand),
    /// Look after programs that use the API.
    #[command(subcommand)]
    Client(clients::ClientCommand),
    /// Make a folder with everything to try the service out.
    Init(init::InitArguments),
    /// Make the file that `secret_file` of a configuration names: a new key, under which secrets lie
    /// in the database.
    Secret {
        /// Where to write it. A file that is there stays as it is.
        file: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct ConfigArgument {
    /// The configuration file.
    #[arg(long, env = "TRUST_SERVICE_CONFIG", value_name = "FILE")]
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
            eprintln!("trust-service: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn start(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(argument) => serve::serve(&argument.load()?).await,
        Command::Check(argument) => check(&argument.load()?).await,
        Command::Publish(argument) => publish(&argument.load()?).await,
        Command::User(command) => people::run(command).await,
        Command::Client(command) => clients::run(command).await,
        Command::Init(arguments) => init::init(&arguments).await,
        Command::Secret { file } => Ok(Vault::make_file(&file)?),
    }
}

/// Everything that a configuration names, opened.
pub async fn open(config: &Config, clock: Clock) -> anyhow::Result<App> {
    let roots = Roots::read(&config.publish.roots, &Limits::DEFAULT)?;
    let held = HeldKeys::open(&config.keys)?;
    let mut pins = BTreeMap::new();
    for (name, path) in &config.pins {
        let content =
            std::fs::read(path).with_context(|| format!("pins.{name}: {}", path.display()))?;
        pins.insert(name.clone(), content);
    }
    let site = Site::open(&config.publish.site)?;
    let vault = Vault::from_file(&config.secret_file).context("secret_file")?;
    let store = Store::open(&config.database).await?;
    let publisher = Publisher::new(
        store.clone(),
        site.clone(),
        roots,
        held,
        config.publish.clone(),
        clock.clone(),
    );
    Ok(App {
        store,
        vault,
        publisher,
        statics: Arc::new(Statics::new(site)),
        pages: config.pages.clone(),
        clock,
        metrics: Metrics::default(),
        pins,
        language: config.language,
        patience: Duration::from_secs(30),
        https: config.https,
        behind_proxy: config.behind_proxy,
    })
}

async fn check(config: &Config) -> anyhow::Result<()> {
    let app = open(config, Clock::system()).await?;
    let root = app.publisher.roots().current();
    println!(
        "root: version {} of {}, {}, until {}",
        root.version(),
        root.name(),
        root.environment(),
        root.expires()
    );
    println!("database: {}", app.store.engine());
    for (role, held, needed) in app.publisher.held_counts() {
        let offline = if held < needed {
            "; the others are offline"
        } else {
            ""
        };
        println!("keys held for role {role}: {held} of {needed}{offline}");
    }
    match app.statics.live().await {
        Some(live) => println!("live: sequence {}", live.sequence),
        None => println!("live: nothing published yet"),
    }
    let mut tx = app.store.read().await?;
    match tx.audit_check().await? {
        Ok(entries) => println!("audit log: whole, {entries} entries"),
        Err(broken) => anyhow::bail!(broken),
    }
    if !config.is_loopback() && !config.behind_proxy {
        println!(
            "note: reachable from other machines; say behind_proxy = true if a proxy is in front"
        );
    }
    Ok(())
}

async fn publish(config: &Config) -> anyhow::Result<()> {
    let app = open(config, Clock::system()).await?;
    let done = app.publisher.publish("service", None).await?;
    println!(
        "sequence {}: {} parts, {} new, {} bytes to fetch, amber from {}",
        done.sequence,
        done.parts,
        done.new_parts,
        done.update_bytes,
        hcert::time::Timestamp::saturating(done.soft_expiry)
    );
    if done.key_list.waits() {
        println!(
            "the key list waits for signatures: version {} has {} of {}; version {} was published",
            done.key_list.version,
            done.key_list.signatures,
            done.key_list.needed,
            done.key_list.published_version.unwrap_or_default()
        );
    }
    for warning in &done.warnings {
        eprintln!("warning: {warning}");
    }
    Ok(())
}
