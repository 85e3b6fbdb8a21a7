//! `issuer specimen`: one certificate of somebody invented.

use anyhow::{Context as _, anyhow, ensure};
use intake::{draft::Draft, field::Field};
use service::{clock::Clock, random};

use super::{country, service_actor};
use crate::{
    config::Config,
    domain::desk::{Entry, Upto, Whom},
    place::Place,
};

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    ensure!(
        config.settings.specimen,
        "only with specimen = true: real certificates are issued at a desk, or by a program with a key \
         of its own"
    );
    let issuer = super::issuer(config, Clock::system()).await?;
    let country = country(config)?;
    let actor = service_actor(&country);
    let places = issuer.places(&actor, &country).await?;
    let site = places
        .iter()
        .find(|place| place.level == "site" && !place.disabled);
    let site: Place = site.context("there is no site yet")?.path.parse()?;
    let catalogue = issuer.catalogues.current();
    let now = issuer.clock.now();
    let random = u32::from_be_bytes(*random::bytes::<4>()?);
    let mut draft = Draft::default();
    for (field, text) in [
        (Field::FullName, "Nguyễn Thị Thử Nghiệm".to_owned()),
        (
            Field::BirthDate,
            format!("1990-{:02}-{:02}", random % 12 + 1, random % 28 + 1),
        ),
        (Field::Passport, format!("Z{:07}", random % 10_000_000)),
        (Field::Kind, "vaccination".to_owned()),
        (Field::Product, "EU/1/20/1528".to_owned()),
        (Field::Lot, "SPECIMEN".to_owned()),
        (Field::Dose, "2".to_owned()),
        (Field::TotalDoses, "2".to_owned()),
        (Field::Date, issuer.day(now.plus_seconds(-30 * 86_400))),
    ] {
        draft.set(field, text);
    }
    let read = draft.read(&issuer.reading(&catalogue)?);
    let entry = Entry {
        record: read.map_err(|findings| anyhow!("{findings:?}"))?.record,
        whom: Whom::New,
        site,
        upto: Upto::Certified,
        source: "desk",
        confirmed: true,
        once: None,
        row_key: None,
        row: None,
    };
    let made = issuer.take(&actor, entry).await?;
    let id = made.certificate.context("no certificate was made")?;
    let certificate = issuer.certificate(&actor, id).await?;
    for text in [certificate.national, certificate.international]
        .into_iter()
        .flatten()
    {
        println!("{text}");
    }
    issuer.close().await;
    issuer.store.close().await;
    Ok(())
}
