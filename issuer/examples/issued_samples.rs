//! Issues certificates as a site does, for other programs to verify: a record of each kind, for people
//! whose names and birth dates are not easy, through the whole issuer on a database of its own.
//!
//! ```text
//! cargo run -p issuer --example issued_samples -- FOLDER
//! ```
//!
//! makes `FOLDER/issuer-es256` and `FOLDER/issuer-eddsa`, each with `texts.txt` (one text in each line)
//! and `dsc.pem`. The keys are made for the run and kept nowhere.

#![allow(
    clippy::unwrap_used,
    reason = "an example that cannot go on should say where"
)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::{error::Error, fs, path::Path};

use hcert::{
    base64,
    keys::{Signer, SoftwareKey},
    time::Timestamp,
    x509::{
        Certificate,
        make::{self, Period, Subject},
    },
};
use issuer::{
    domain::{desk::Upto, settings::Settings},
    store::Store,
};
use keyring::{BoxedSigner, Dsc, DscTerms, Place, Profile, Stop};
use service::{clock::Clock, random};

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let folder = std::env::args().nth(1).ok_or("which folder?")?;
    let clock = Clock::system();
    let now = clock.now();
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("issuer.sqlite");
    let store = Store::open(&format!("sqlite:{}", file.display())).await?;
    common::settle(&store).await;
    let keys = vec![
        dsc(Profile::International, now)?,
        dsc(Profile::National, now)?,
    ];
    let certificates: Vec<_> = keys.iter().map(|dsc| pem(dsc.certificate())).collect();
    let settings = Settings {
        one_step: true,
        ..common::settings()
    };
    let issuer = common::issuer_with(store, clock, settings, keys);

    let mut texts = [String::new(), String::new()];
    for record in records(now) {
        let mut entry = common::entry(record, Upto::Certified);
        entry.confirmed = true;
        let made = issuer.take(&common::user("ca"), entry).await?;
        let mut tx = issuer.store.read().await?;
        let id = made.certificate.ok_or("no certificate")?;
        let row = tx.certificate(id).await?.ok_or("no certificate")?;
        for (all, text) in texts.iter_mut().zip([row.international, row.national]) {
            *all += &format!("{}\n", text.ok_or("a code is missing")?);
        }
    }
    issuer.close().await;
    for ((name, texts), pem) in ["issuer-es256", "issuer-eddsa"]
        .iter()
        .zip(texts)
        .zip(certificates)
    {
        let folder = Path::new(&folder).join(name);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("texts.txt"), texts)?;
        fs::write(folder.join("dsc.pem"), pem)?;
    }
    Ok(())
}

/// A vaccination, a test and a recovery of each.
fn records(now: Timestamp) -> Vec<intake::record::Record> {
    let day = |ago: i64| {
        let date = now.plus_seconds(-ago * common::DAY).to_date_time().date();
        format!(
            "{:04}-{:02}-{:02}",
            date.year(),
            u8::from(date.month()),
            date.day()
        )
    };
    let (days, sampled) = ([day(10), day(40)], format!("{}T08:30:00+07:00", day(2)));
    let people = [
        ("Nguyễn", "Văn Đức", "26/02/1998", "C0000001"),
        ("Đặng", "Thị Ngọc Ánh", "1963", "C0000002"),
        ("Hồ", "Ự Ễ", "05/1990", "C0000003"),
    ];
    let mut all = Vec::new();
    for (family, given, birth, passport) in people {
        let person = [
            ("family_name", family),
            ("given_names", given),
            ("birth_date", birth),
            ("passport", passport),
        ];
        for event in [
            &[
                ("product", "Comirnaty"),
                ("dose", "2/2"),
                ("lot", "FK0595"),
                ("date", days[0].as_str()),
            ][..],
            &[
                ("test_type", "LP6464-4"),
                ("test_name", "RT-PCR"),
                ("result", "260415000"),
                ("sampled_at", &sampled),
            ],
            &[("first_positive", days[1].as_str())],
        ] {
            all.push(common::record(&[&person[..], event].concat()));
        }
    }
    all
}

/// A document signer of a year and more, whose CSCA nobody keeps.
fn dsc(profile: Profile, now: Timestamp) -> Outcome<Dsc> {
    let key = match profile {
        Profile::National => SoftwareKey::eddsa(&random::bytes()?),
        Profile::International => SoftwareKey::es256(&random::bytes()?).ok_or("no P-256 key")?,
    };
    let csca_key = SoftwareKey::es256(&random::bytes()?).ok_or("no P-256 key")?;
    let period = |days: i64| Period {
        not_before: now.plus_seconds(-60 * common::DAY),
        not_after: now.plus_seconds(days * common::DAY),
    };
    let subject = |common_name| Subject {
        common_name,
        country: "VN",
        organisation: Some("Bộ Y tế"),
    };
    let csca = make::csca(&subject("CSCA"), period(1000), *random::bytes()?, &csca_key)?;
    let above: (&Certificate, &dyn Signer) = (&csca, &csca_key);
    let spki = key.spki();
    let certificate = make::dsc(
        &subject("DSC"),
        period(700),
        *random::bytes()?,
        &spki,
        &[],
        above,
    )?;
    let terms = DscTerms {
        profile,
        uses: Vec::new(),
        from: None,
        until: Stop::At(now.plus_seconds(300 * common::DAY)),
    };
    let signer: BoxedSigner = Box::new(key);
    Ok(Dsc::new(certificate, signer, Place::File, &terms)?)
}

fn pem(certificate: &Certificate) -> String {
    let text = base64::encode(certificate.der());
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .filter_map(|line| str::from_utf8(line).ok())
        .collect();
    let body = lines.join("\n");
    format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
}
