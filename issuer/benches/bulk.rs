//! A whole job of bulk work: a file checked, certificates made, sheets printed.
//!
//! `cargo bench -p issuer --bench bulk`. `HCERT_ROWS` rows (20,000; the memory is meant to be flat through
//! 100,000), `HCERT_SHEETS` printed (1,000), `HCERT_ENGINE` for one engine only. PostgreSQL runs with its
//! own settings, so that what is answered survives a power cut.

#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a bench may stop at what it did not expect"
)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use common::{
    NOW, SITE, at, place,
    postgres::{self, Cluster},
    settings, user,
};
use cpu_time::ProcessTime;
use intake::words::Language;
use issuer::{
    bulk::{
        exports::{Export, Paper},
        upload::Upload,
        worker,
    },
    domain::{Issuer, settings::Settings},
    id::Id,
    store::Store,
};
use keyring::Profile;
use service::clock::Clock;
use tokio::sync::watch;

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

/// Resident memory, in MB.
fn resident() -> f64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: f64 = statm.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096.0 / 1e6
}

fn file(rows: usize) -> Vec<u8> {
    let mut text = String::from(
        "Họ và tên;Ngày sinh;Giới tính;Số CCCD;Vắc xin;Số lô;Mũi tiêm;Ngày tiêm;Mã cơ sở\n",
    );
    let families = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng", "Bùi"];
    let given = [
        "An",
        "Bình",
        "Cường",
        "Dũng",
        "Hương",
        "Lan",
        "Mai",
        "Phượng",
    ];
    for number in 0..rows {
        text += &format!(
            "{} Văn {};{:02}/{:02}/1998;Nam;079098{number:06};Comirnaty;FK0595;1/2;27/11/2026;BN1\n",
            families[number % 7],
            given[number / 7 % 8],
            number / 12 % 28 + 1,
            number % 12 + 1,
        );
    }
    text.into_bytes()
}

/// The codes of each certificate: what they are called, and their profiles.
fn codes() -> [(&'static str, Vec<Profile>); 2] {
    [
        ("international code", vec![Profile::International]),
        ("both codes", Profile::ALL.to_vec()),
    ]
}

async fn measure(engine: &str, address: &str, postgres: Option<&Cluster>, profiles: Vec<Profile>) {
    let store = Store::open(address).await.unwrap();
    common::settle(&store).await;
    let mut settings = Settings {
        one_step: true,
        ..settings()
    };
    settings.profiles = profiles;
    let issuer = common::issuer(store, Clock::fixed(at(NOW)), settings);
    let lan = user("lan");
    let rows = number("HCERT_ROWS", 20_000);

    let begin = Instant::now();
    let upload = Upload {
        site: place(SITE),
        name: "bench.csv".into(),
        file: Bytes::from(file(rows)),
        upto: None,
        confirmed: false,
        language: Language::English,
        once: None,
    };
    let job = issuer.upload(&lan, upload).await.unwrap();
    assert_eq!(job.rows, i64::try_from(rows).unwrap());
    let took = begin.elapsed().as_secs_f64();
    println!(
        "{engine}: checked and kept {rows} rows: {:.0} a second, {:.0} MB",
        rows as f64 / took,
        resident()
    );

    let (begin, spent) = (Instant::now(), ProcessTime::now());
    let theirs = postgres.map(Cluster::spent);
    issuer.run_job(&lan, job.id).await.unwrap();
    let (stop, stopped) = watch::channel(false);
    let options = worker::Options {
        idle: Duration::from_millis(20),
        hands: number("HCERT_HANDS", 2),
        ..worker::Options::default()
    };
    let worker = tokio::spawn(worker::run(Arc::clone(&issuer), options, stopped));
    let mut at_ten_thousand = None;
    let job = loop {
        let job = issuer.job(&lan, job.id).await.unwrap();
        if job.made >= 10_000 && at_ten_thousand.is_none() {
            at_ten_thousand = Some(resident());
        }
        if job.state != "running" {
            break job;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let took = begin.elapsed().as_secs_f64();
    let theirs = postgres
        .zip(theirs)
        .map(|(cluster, before)| cluster.spent() - before);
    stop.send(true).unwrap();
    worker.await.unwrap();
    assert_eq!((job.state.as_str(), job.made), ("done", job.rows));
    let micros = |seconds: f64| seconds * 1e6 / rows as f64;
    println!(
        "{engine}: {:.0} certificates a second, each durable; processor time {:.0} µs each{}",
        rows as f64 / took,
        micros(spent.elapsed().as_secs_f64()),
        theirs.map_or_else(String::new, |theirs| format!(
            ", the database's {:.0} µs",
            micros(theirs)
        )),
    );
    println!(
        "{engine}: {:.0} MB at 10,000, {:.0} MB at the end",
        at_ten_thousand.unwrap_or_default(),
        resident()
    );
    if number("HCERT_SHEETS", 1000) > 0 {
        print(engine, &issuer, job.id).await;
    }
}

async fn print(engine: &str, issuer: &Arc<Issuer>, job: Id) {
    let lan = user("lan");
    let sheets = number("HCERT_SHEETS", 1000);
    for kind in ["fold", "label"] {
        let begin = Instant::now();
        let paper = Paper {
            kind: Paper::kind_of(kind).unwrap(),
            part: 1,
        };
        let export = issuer.job_pdf(&lan, job, paper).await.unwrap();
        report(engine, kind, drain(export, sheets).await, begin);
    }
    let begin = Instant::now();
    let export = issuer.job_zip(&lan, job, 1).await.unwrap();
    report(
        engine,
        "pictures, in a ZIP",
        drain(export, sheets).await,
        begin,
    );
    let begin = Instant::now();
    let (bytes, _) = drain(issuer.job_codes(&lan, job).await.unwrap(), usize::MAX).await;
    println!(
        "{engine}: all codes as CSV: {} kB in {:.1} s",
        bytes / 1000,
        begin.elapsed().as_secs_f64()
    );
}

fn report(engine: &str, what: &str, (bytes, certificates): (usize, usize), begin: Instant) {
    println!(
        "{engine}: {what}: {:.0} certificates a minute, {} kB each, {:.0} MB resident",
        certificates as f64 * 60.0 / begin.elapsed().as_secs_f64(),
        bytes / 1000 / certificates.max(1),
        resident()
    );
}

/// Takes an export until there are so many certificates in it: 200 come at a time.
async fn drain(mut export: Export, most: usize) -> (usize, usize) {
    let (mut bytes, mut certificates) = (0, 0);
    while let Some(piece) = export.body.recv().await {
        bytes += piece.unwrap().len();
        certificates += 200;
        if certificates >= most {
            break;
        }
    }
    (bytes, certificates)
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let only = std::env::var("HCERT_ENGINE").unwrap_or_default();
    for (what, profiles) in codes() {
        if only != "sqlite" {
            let cluster = postgres::start_durable().expect("a PostgreSQL to measure");
            let address = cluster.database("bulk");
            let engine = format!("PostgreSQL, {what}");
            runtime.block_on(measure(&engine, &address, Some(&cluster), profiles.clone()));
        }
        if only != "postgres" {
            let dir = tempfile::tempdir().unwrap();
            let address = format!("sqlite:{}", dir.path().join("issuer.sqlite").display());
            let engine = format!("SQLite, {what}");
            runtime.block_on(measure(&engine, &address, None, profiles));
        }
    }
}
