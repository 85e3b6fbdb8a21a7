//! Bulk work and single requests, killed at random: nothing lost, nothing twice.
//!
//! The service runs in a process of its own (this binary once more, in the role of [`child`]), which is
//! killed as a power cut would; then the next one takes over. `HCERT_BULK_ROWS` rows (2,000) and
//! `HCERT_KILLS` kills (3); the long run takes 20000 and 100.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use bytes::Bytes;
use common::{NOW, SITE, World, at, dose_of, entry, place, settings, user};
use intake::{codes::Catalogue, words::Language};
use issuer::{
    bulk::{upload::Upload, worker},
    domain::desk::{Once, Upto},
    domain::settings::Settings,
    id::Id,
    store::{JobRow, Store},
};
use service::{clock::Clock, on};
use tokio::sync::watch;

/// Where the database is that the child works on.
const DATABASE: &str = "HCERT_CHILD_DATABASE";
/// Which numbers its single requests are told by.
const SINGLES: &str = "HCERT_CHILD_SINGLES";
/// Single requests at a time.
const AT_ONCE: u32 = 4;
/// Seconds after which a killed process's piece is taken over.
const LEASE: i64 = 2;

fn number(name: &str, otherwise: u32) -> u32 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

fn one_step() -> Settings {
    Settings {
        one_step: true,
        ..settings()
    }
}

/// The service, in its own process: two hands for bulk work, and single requests without an end, each of
/// which is told on standard output when it is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let Ok(address) = std::env::var(DATABASE) else {
        return;
    };
    let store = Store::open(&address).await.unwrap();
    let issuer = common::issuer(store, Clock::fixed(at(NOW)), one_step());
    let options = worker::Options {
        lease: LEASE,
        idle: Duration::from_millis(50),
        ..worker::Options::default()
    };
    let (_stop, stopped) = watch::channel(false);
    let work = tokio::spawn(worker::run(Arc::clone(&issuer), options, stopped));
    let first = number(SINGLES, 0);
    if first == 0 {
        println!("ready");
        work.await.unwrap();
        return;
    }
    let catalogue = Arc::new(Catalogue::builtin());
    println!("ready");
    for lane in 0..AT_ONCE {
        let (issuer, catalogue) = (Arc::clone(&issuer), Arc::clone(&catalogue));
        tokio::spawn(async move {
            for each in 0.. {
                let number = first + each * AT_ONCE + lane;
                let mut entry = entry(dose_of(&catalogue, number), Upto::Certified);
                entry.once = Some(Once {
                    scope: "user:mai".into(),
                    key: format!("single-{number}"),
                    digest: [1; 32],
                });
                // While the database is away, the same request is sent until it is answered.
                let made = loop {
                    match issuer.take(&user("mai"), entry.clone()).await {
                        Ok(made) => break made,
                        Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                    }
                };
                let mut out = std::io::stdout().lock();
                writeln!(
                    out,
                    "made {number} {} {}",
                    made.record,
                    made.certificate.unwrap()
                )
                .unwrap();
                out.flush().unwrap();
            }
        });
    }
    work.await.unwrap();
}

type Told = Arc<Mutex<BTreeMap<u32, (Id, Id)>>>;

/// The child, and what it has told.
struct Process {
    child: Child,
    reader: Option<std::thread::JoinHandle<()>>,
}

impl Process {
    fn begin(address: &str, singles: u32, told: &Told) -> Process {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["child", "--exact", "--nocapture"])
            .env(DATABASE, address)
            .env(SINGLES, singles.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines
            .by_ref()
            .map_while(Result::ok)
            .any(|line| line.ends_with("ready"));
        assert!(ready, "the child did not begin");
        let told = Arc::clone(told);
        let reader = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mut words = line.split(' ');
                if words.next() != Some("made") {
                    continue;
                }
                let number = words.next().unwrap().parse().unwrap();
                // A line that was cut off by the kill was told to nobody.
                let ids = (words.next().map(str::parse), words.next().map(str::parse));
                if let (Some(Ok(record)), Some(Ok(certificate))) = ids {
                    told.lock().unwrap().insert(number, (record, certificate));
                }
            }
        });
        Process {
            child,
            reader: Some(reader),
        }
    }

    fn id(&self) -> u32 {
        self.child.id()
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn file(rows: u32) -> Vec<u8> {
    let mut text =
        String::from("Họ và tên;Ngày sinh;Giới tính;Số CCCD;Vắc xin;Số lô;Mũi tiêm;Ngày tiêm\n");
    for number in 0..rows {
        text += &format!(
            "Lê Văn Bình;{:02}/{:02}/1998;Nam;079098{number:06};Comirnaty;FK0595;1/2;27/11/2026\n",
            number / 12 % 28 + 1,
            number % 12 + 1,
        );
    }
    text.into_bytes()
}

/// A job that is to run.
async fn begin(world: &World, rows: u32) -> JobRow {
    let lan = user("lan");
    let upload = Upload {
        site: place(SITE),
        name: "kills.csv".into(),
        file: Bytes::from(file(rows)),
        upto: None,
        confirmed: false,
        language: Language::English,
        once: None,
    };
    let job = world.issuer.upload(&lan, upload).await.unwrap();
    assert_eq!(job.rows, i64::from(rows));
    world.issuer.run_job(&lan, job.id).await.unwrap()
}

/// The job as it stands; asked again while the database is away.
async fn look(world: &World, job: &JobRow) -> JobRow {
    loop {
        match world.issuer.job(&user("lan"), job.id).await {
            Ok(job) => return job,
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn until_done(world: &World, job: &JobRow) -> JobRow {
    let begin = Instant::now();
    loop {
        let job = look(world, job).await;
        if job.state != "running" {
            return job;
        }
        assert!(
            begin.elapsed() < Duration::from_secs(600),
            "the job does not end: {job:?}"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Some time of this many milliseconds.
fn some_time(from: u64, to: u64) -> Duration {
    let random = service::random::bytes::<8>().unwrap();
    let random = u64::from_be_bytes(*random);
    Duration::from_millis(from + random % (to - from))
}

/// Exactly one certificate for each accepted row and each answered request, and the audit log whole.
async fn check(world: &World, job: &JobRow, rows: u32, told: &Told) {
    let job = look(world, job).await;
    let rows = i64::from(rows);
    assert_eq!(
        (job.state.as_str(), job.made, job.known, job.failed),
        ("done", rows, 0, 0)
    );
    for sql in [
        "SELECT COUNT(*) FROM records WHERE source = 'bulk' AND state = 'certified'",
        "SELECT COUNT(DISTINCT certificate) FROM job_rows WHERE state = 'made'",
        "SELECT COUNT(DISTINCT c.record) FROM certificates c JOIN job_rows r ON r.certificate = c.id",
        "SELECT COUNT(*) FROM certificates c JOIN records r ON r.id = c.record WHERE r.source = 'bulk'",
        "SELECT COUNT(*) FROM row_keys",
    ] {
        assert_eq!(world.number(sql).await, rows, "{sql}");
    }
    let certificates = world.number("SELECT COUNT(*) FROM certificates").await;
    for sql in [
        "SELECT COUNT(DISTINCT uvci) FROM certificates",
        "SELECT COUNT(DISTINCT record) FROM certificates",
        "SELECT COUNT(*) FROM records",
        "SELECT COUNT(*) FROM audit WHERE action = 'certificate.issue'",
    ] {
        assert_eq!(world.number(sql).await, certificates, "{sql}");
    }
    let told = told.lock().unwrap().clone();
    assert!(certificates >= rows + i64::try_from(told.len()).unwrap());
    let mut tx = world.issuer.store.read().await.unwrap();
    for (number, (record, certificate)) in &told {
        let row = tx.certificate(*certificate).await.unwrap();
        assert_eq!(
            row.map(|row| row.record),
            Some(*record),
            "single {number} is lost"
        );
    }
    drop(tx);
    world.audited().await;
    eprintln!(
        "{rows} rows and {} answered single requests, all there once",
        told.len()
    );
}

async fn kills(world: &World, cluster: Option<&common::postgres::Cluster>) {
    let rows = number("HCERT_BULK_ROWS", 2000);
    let kills = number("HCERT_KILLS", 3);
    let told = Told::default();
    let job = begin(world, rows).await;
    // Kills are spread over the job: with more rows, each process lives longer.
    let life = u64::from(rows / kills.max(1)).clamp(300, 3000);
    for round in 0..kills {
        let mut process = Process::begin(&world.address, 400_000 + round * 5_000, &told);
        tokio::time::sleep(some_time(100, life)).await;
        if let Some(cluster) = cluster
            && round % 3 == 1
        {
            // The database dies under the process, and comes back; the process lives on.
            cluster.end();
            cluster.begin();
            tokio::time::sleep(some_time(100, life)).await;
            assert!(
                process.child.try_wait().unwrap().is_none(),
                "the process died too"
            );
        }
        process.kill();
    }
    let mut process = Process::begin(&world.address, 950_000, &told);
    until_done(world, &job).await;
    process.kill();
    check(world, &job, rows, &told).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_on_sqlite() {
    kills(&World::sqlite(one_step()).await, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_on_postgres() {
    let Some(cluster) = common::postgres::start() else {
        return;
    };
    let world = World::postgres(&cluster, "kills", one_step()).await;
    kills(&world, Some(&cluster)).await;
}

/// Two processes share a job; one of them is killed, and the other one does what it held.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shared_on_postgres() {
    let Some(cluster) = common::postgres::start() else {
        return;
    };
    let world = World::postgres(&cluster, "shared", one_step()).await;
    let rows = number("HCERT_BULK_ROWS", 6000).max(6000);
    let told = Told::default();
    let job = begin(&world, rows).await;
    let mut first = Process::begin(&world.address, 0, &told);
    let second = Process::begin(&world.address, 0, &told);
    loop {
        let job = look(&world, &job).await;
        assert_eq!(
            job.state, "running",
            "it was done before one could be killed"
        );
        let holders = holders(&world).await;
        if holders.contains(&first.id()) && holders.contains(&second.id()) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    first.kill();
    until_done(&world, &job).await;
    drop(second);
    check(&world, &job, rows, &told).await;
}

/// The processes that did pieces.
async fn holders(world: &World) -> BTreeSet<u32> {
    let mut tx = world.issuer.store.read().await.unwrap();
    let sql = "SELECT holder FROM job_chunks WHERE state = 'done'";
    let holders: Vec<String> = on!(tx, db => sqlx::query_scalar(sql).fetch_all(db).await.unwrap());
    let id = |holder: &String| holder.split('-').next().unwrap().parse().unwrap();
    holders.iter().map(id).collect()
}
