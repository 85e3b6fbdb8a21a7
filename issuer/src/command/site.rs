//! `issuer site`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Subcommand;
use service::clock::Clock;

use super::{ConfigArgument, country, service_actor};
use crate::{
    config::Config,
    domain::{Issuer, places::NewPlace},
    place::Level,
};

#[derive(Debug, Subcommand)]
pub(super) enum SiteCommand {
    /// Add places and the people who work there from a spreadsheet (CSV or XLSX): all of it or, if
    /// anything is wrong, nothing. Prints names and first passwords.
    Import {
        #[command(flatten)]
        config: ConfigArgument,
        /// The spreadsheet. Columns: path (or province, commune, site), name, level, full name,
        /// sign-in name, roles; or the same in Vietnamese.
        file: PathBuf,
    },
}

pub(super) async fn run(command: SiteCommand) -> anyhow::Result<()> {
    let SiteCommand::Import { config, file } = command;
    let config = config.load()?;
    let shown = file.display().to_string();
    let bytes = std::fs::read(&file).with_context(|| format!("{shown} can't be read"))?;
    let issuer = super::issuer(&config, Clock::system()).await?;
    let country = country(&config)?;
    let actor = service_actor(&country);
    if issuer.places(&actor, &country).await?.is_empty() {
        add_country(&issuer, &config).await?;
    }
    let sheet = issuer.take_sheet(&actor, &bytes).await;
    let sheet = sheet.with_context(|| shown.clone())?;
    issuer.store.close().await;
    for (line, why) in &sheet.refused {
        eprintln!("{shown}:{line}: {why}");
    }
    anyhow::ensure!(
        sheet.refused.is_empty(),
        "{} lines are wrong: nothing was added",
        sheet.refused.len()
    );
    eprintln!("added {}, there already {}", sheet.added, sheet.known);
    for (name, password) in &sheet.passwords {
        println!("{name}\t{}", **password);
    }
    Ok(())
}

/// The first place of all.
pub(super) async fn add_country(issuer: &Issuer, config: &Config) -> anyhow::Result<()> {
    let country = country(config)?;
    let catalogue = issuer.catalogues.current();
    let kind = hcert::value_set::Kind::Country;
    let name_en = catalogue.sets().display(kind, country.as_str());
    let name_en = name_en.unwrap_or(country.as_str()).to_owned();
    let name = match country.as_str() {
        "VN" => "Việt Nam".to_owned(),
        _ => name_en.clone(),
    };
    let actor = service_actor(&country);
    let new = NewPlace {
        place: country,
        level: Level::Country,
        name,
        name_en,
        one_step: false,
    };
    Ok(issuer.add_place(&actor, &new).await?)
}
