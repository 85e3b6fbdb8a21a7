//! How many certificates an issuer makes: one by one as requests bring them, and in bulk, each durable
//! before it is answered.
//!
//! `cargo bench -p issuer --bench issue [sqlite|postgres] [number]`. PostgreSQL runs with its own durable
//! settings, on the same machine.

#![allow(
    clippy::unwrap_used,
    reason = "a measurement that cannot go on should say where"
)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use common::{World, client, dose_of, entry, settings};
use intake::codes::Catalogue;
use issuer::domain::{
    desk::{Entry, Once, Upto},
    settings::Settings,
};

/// Tasks that ask at a time.
const TASKS: usize = 256;
/// Rows of one batch of bulk work.
const BATCH: usize = 500;
/// Batches of bulk work at a time.
const AT_ONCE: usize = 2;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|one| one != "--bench")
        .collect();
    let number = arguments
        .iter()
        .find_map(|one| one.parse().ok())
        .unwrap_or(20_000);
    let only = |engine: &str| {
        let named = arguments
            .iter()
            .any(|one| one == "sqlite" || one == "postgres");
        !named || arguments.iter().any(|one| one == engine)
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    if only("sqlite") {
        runtime
            .block_on(async { measure("SQLite", &World::sqlite(one_step()).await, number).await });
    }
    if only("postgres") {
        let Some(cluster) = common::postgres::start_durable() else {
            return;
        };
        runtime.block_on(async {
            measure(
                "PostgreSQL",
                &World::postgres(&cluster, "bench", one_step()).await,
                number,
            )
            .await;
        });
    }
}

fn one_step() -> Settings {
    let mut settings = settings();
    settings.one_step = true;
    settings
}

async fn measure(engine: &str, world: &World, number: usize) {
    let entries = |from: usize| -> Vec<Entry> {
        let catalogue = Catalogue::builtin();
        let numbers = (from..from + number).map(|number| u32::try_from(number).unwrap());
        numbers
            .map(|number| entry(dose_of(&catalogue, number), Upto::Certified))
            .collect()
    };
    singles(engine, world, entries(0)).await;
    bulk(engine, world, entries(number)).await;
    let made = world.number("SELECT COUNT(*) FROM certificates").await;
    assert_eq!(made, i64::try_from(2 * number).unwrap());
    world.audited().await;
}

/// One by one, each with an idempotency key, as the API takes them.
async fn singles(engine: &str, world: &World, mut entries: Vec<Entry>) {
    for (number, entry) in entries.iter_mut().enumerate() {
        entry.source = "api";
        entry.once = Some(Once {
            scope: "client:bench".into(),
            key: format!("key-{number}"),
            digest: [1; 32],
        });
    }
    let entries = Arc::new(entries);
    let next = Arc::new(AtomicUsize::new(0));
    let start = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..TASKS {
        let (issuer, entries, next) = (
            Arc::clone(&world.issuer),
            Arc::clone(&entries),
            Arc::clone(&next),
        );
        tasks.push(tokio::spawn(async move {
            let actor = client("bench");
            let mut took = Vec::new();
            while let Some(entry) = entries.get(next.fetch_add(1, Ordering::Relaxed)) {
                let start = Instant::now();
                assert!(issuer.take(&actor, entry.clone()).await.unwrap().new);
                took.push(start.elapsed());
            }
            took
        }));
    }
    let mut took = Vec::new();
    for task in tasks {
        took.extend(task.await.unwrap());
    }
    let all = start.elapsed();
    took.sort_unstable();
    let part = |percent: usize| took[(took.len() * percent / 100).min(took.len() - 1)];
    println!(
        "{engine}: one by one from {TASKS} tasks: {:.0}/s, p50 {:.1} ms, p99 {:.1} ms",
        rate(took.len(), all),
        ms(part(50)),
        ms(part(99)),
    );
}

async fn bulk(engine: &str, world: &World, mut entries: Vec<Entry>) {
    for (number, entry) in entries.iter_mut().enumerate() {
        entry.source = "bulk";
        entry.row_key = Some(format!("row-{number}"));
    }
    let number = entries.len();
    let mut batches: Vec<Vec<Entry>> = entries.chunks(BATCH).map(<[Entry]>::to_vec).collect();
    batches.reverse();
    let batches = Arc::new(std::sync::Mutex::new(batches));
    let start = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..AT_ONCE {
        let (issuer, batches) = (Arc::clone(&world.issuer), Arc::clone(&batches));
        tasks.push(tokio::spawn(async move {
            let actor = client("bulk");
            loop {
                let batch = batches.lock().unwrap().pop();
                let Some(batch) = batch else { break };
                let outcomes = issuer.take_all(&actor, batch).await.unwrap();
                assert!(
                    outcomes
                        .iter()
                        .all(|one| one.as_ref().is_ok_and(|made| made.new))
                );
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    println!(
        "{engine}: in batches of {BATCH}, {AT_ONCE} at a time: {:.0}/s",
        rate(number, start.elapsed())
    );
}

fn rate(count: usize, took: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / took.as_secs_f64()
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}
