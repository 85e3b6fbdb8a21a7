//! Nothing lost, nothing twice: a process that issues is killed again and again, and so is the database.
//!
//! The process is this test itself, run as a child. It asks for the same certificates under the same
//! keys each time, says which were acknowledged, and is killed at a random moment. `HCERT_KILLS` says how
//! often (5 by itself).

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use std::{
    collections::{HashMap, HashSet},
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use common::{NOW, World, at, client, dose_of, entry, settings};
use intake::codes::Catalogue;
use issuer::{
    domain::{
        Refusal,
        desk::{Once, Upto},
        settings::Settings,
    },
    id::Id,
    store::Store,
};
use service::{clock::Clock, on};

/// Where the child finds its database.
const ADDRESS: &str = "HCERT_KILLS_ADDRESS";
/// Requests, all in all.
const REQUESTS: u32 = 600;
/// Requests at a time.
const TASKS: usize = 32;

fn one_step() -> Settings {
    let mut settings = settings();
    settings.one_step = true;
    settings
}

/// The child: asks for everything, says what was acknowledged, and asks again when the database was away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the other tests run it"]
async fn child() {
    let Ok(address) = std::env::var(ADDRESS) else {
        return;
    };
    let store = Store::open(&address).await.unwrap();
    let issuer = common::issuer(store, Clock::fixed(at(NOW)), one_step());
    let catalogue = Arc::new(Catalogue::builtin());
    let next = Arc::new(AtomicU32::new(0));
    let mut tasks = Vec::new();
    for _ in 0..TASKS {
        let (issuer, catalogue, next) = (
            Arc::clone(&issuer),
            Arc::clone(&catalogue),
            Arc::clone(&next),
        );
        tasks.push(tokio::spawn(async move {
            let actor = client("killed");
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= REQUESTS {
                    break;
                }
                let mut asked = entry(dose_of(&catalogue, number), Upto::Certified);
                asked.once = Some(Once {
                    scope: actor.name.clone(),
                    key: format!("key-{number}"),
                    digest: [1; 32],
                });
                let made = loop {
                    match issuer.take(&actor, asked.clone()).await {
                        Ok(made) => break made,
                        Err(Refusal::Store(_)) => {
                            tokio::time::sleep(Duration::from_millis(50)).await
                        }
                        Err(other) => panic!("{other:?}"),
                    }
                };
                let line = format!("acknowledged {number} {}\n", made.certificate.unwrap());
                std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    issuer.close().await;
}

type Acknowledged = HashMap<u32, Id>;

/// Runs a child; what it acknowledges is told to `each`, which may kill it.
fn run(address: &str, all: &Mutex<Acknowledged>, mut each: impl FnMut(&mut Child, usize)) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "child",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(ADDRESS, address)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut count = 0;
    for line in lines.map_while(Result::ok) {
        let Some(rest) = line.split("acknowledged ").nth(1) else {
            continue;
        };
        let Some((number, id)) = rest.split_once(' ') else {
            continue;
        };
        // The last line may be cut off where it was killed.
        let Ok(id) = id.parse::<Id>() else { continue };
        let number = number.parse().unwrap();
        let before = all.lock().unwrap().insert(number, id);
        assert!(
            before.is_none_or(|before| before == id),
            "request {number} was answered with two certificates"
        );
        count += 1;
        each(&mut child, count);
    }
    child.wait().unwrap();
}

fn random(below: usize) -> usize {
    let bytes = service::random::bytes::<4>().unwrap();
    usize::try_from(u32::from_le_bytes(*bytes)).unwrap() % below
}

fn kills() -> usize {
    std::env::var("HCERT_KILLS")
        .ok()
        .and_then(|times| times.parse().ok())
        .unwrap_or(5)
}

/// Kills the child again and again, then lets one go on to the end.
fn kill_often(address: &str, all: &Mutex<Acknowledged>) {
    for _ in 0..kills() {
        let after = random(usize::try_from(REQUESTS).unwrap() / 2);
        run(address, all, |child, count| {
            if count == after + 1 {
                // SIGKILL: it has no say in it.
                child.kill().unwrap();
            }
        });
    }
    run(address, all, |_, _| {});
}

/// Every request has one certificate, and those that were acknowledged are the ones that are there.
async fn whole(world: &World, all: &Mutex<Acknowledged>) {
    let all = all.lock().unwrap().clone();
    assert_eq!(all.len(), usize::try_from(REQUESTS).unwrap());
    let mut tx = world.issuer.store.read().await.unwrap();
    let rows: Vec<(Vec<u8>, String)> = on!(tx, db => sqlx::query_as("SELECT id, uvci FROM certificates").fetch_all(db).await.unwrap());
    drop(tx);
    let ids: HashSet<Id> = rows
        .iter()
        .filter_map(|row| Id::from_slice(&row.0))
        .collect();
    let uvcis: HashSet<&str> = rows.iter().map(|row| row.1.as_str()).collect();
    assert_eq!(
        (rows.len(), ids.len(), uvcis.len()),
        (all.len(), all.len(), all.len())
    );
    assert!(
        all.values().all(|id| ids.contains(id)),
        "an acknowledged certificate is gone"
    );
    for sql in [
        "SELECT COUNT(*) FROM records",
        "SELECT COUNT(*) FROM persons",
        "SELECT COUNT(*) FROM idempotency",
        "SELECT COUNT(*) FROM audit WHERE action = 'certificate.issue'",
        "SELECT CAST(SUM(count) AS BIGINT) FROM tallies WHERE subject = 'client:killed'",
    ] {
        assert_eq!(world.number(sql).await, i64::from(REQUESTS), "{sql}");
    }
    assert_eq!(world.audited().await, i64::from(REQUESTS));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    let world = World::sqlite(one_step()).await;
    let all = Mutex::default();
    tokio::task::block_in_place(|| kill_often(&world.address, &all));
    whole(&world, &all).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    let Some(cluster) = common::postgres::start() else {
        return;
    };
    let world = World::postgres(&cluster, "kills", one_step()).await;
    let all = Mutex::default();
    tokio::task::block_in_place(|| kill_often(&world.address, &all));
    whole(&world, &all).await;
}

/// The database itself is stopped as a crash would, and started again, while the process goes on asking.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_itself() {
    let Some(cluster) = common::postgres::start() else {
        return;
    };
    let world = World::postgres(&cluster, "crashes", one_step()).await;
    let all = Mutex::default();
    let times = kills();
    tokio::task::block_in_place(|| {
        let step = usize::try_from(REQUESTS).unwrap() / (times + 1);
        let mut next = random(step) + 1;
        run(&world.address, &all, |_, count| {
            if count == next && count < usize::try_from(REQUESTS).unwrap() - TASKS {
                cluster.end();
                cluster.begin();
                next = count + random(step) + 1;
            }
        });
    });
    whole(&world, &all).await;
}
