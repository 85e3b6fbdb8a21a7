//! Certificates issued over HTTP: the real server on loopback, connections that stay open, each request
//! signed by a program and each certificate durable before it is answered.
//!
//! `cargo bench -p issuer --bench load [sqlite|postgres] [number]`; `HCERT_LOAD_CONNECTIONS` (256). First as
//! fast as it goes, then 1,000 a second. The requests are signed before the clock starts, as those of a
//! thousand clinics are. Client, server and database share the machine: the figures are a lower bound.

#![allow(
    clippy::unwrap_used,
    reason = "a measurement that cannot go on should say where"
)]

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "../tests/common/http.rs"]
mod http;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::http::Method;
use common::{SITE, World, settings};
use http::{Program, app};
use issuer::{
    domain::settings::Settings,
    http::router,
    roles::Role::{Authority, Clerk, Officer},
};
use keyring::Profile;
use serde_json::json;
use service::listen;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

const PATH: &str = "/api/v1/records";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = arguments.iter().find_map(|one| one.parse().ok());
    let number: usize = number.unwrap_or(20_000);
    let named = |engine: &str| arguments.iter().any(|one| one == engine);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if !named("postgres") {
        for (what, profiles) in codes() {
            runtime.block_on(async {
                let world = World::sqlite(one_step(profiles)).await;
                measure(&format!("SQLite, {what}"), &world, number).await;
            });
        }
    }
    if !named("sqlite") {
        let Some(cluster) = common::postgres::start_durable() else {
            return;
        };
        for (at, (what, profiles)) in codes().into_iter().enumerate() {
            runtime.block_on(async {
                let name = format!("load{at}");
                let world = World::postgres(&cluster, &name, one_step(profiles)).await;
                measure(&format!("PostgreSQL, {what}"), &world, number).await;
            });
        }
    }
}

fn codes() -> [(&'static str, Vec<Profile>); 2] {
    [
        ("international code", vec![Profile::International]),
        ("both codes", Profile::ALL.to_vec()),
    ]
}

fn one_step(profiles: Vec<Profile>) -> Settings {
    let mut settings = settings();
    settings.one_step = true;
    settings.profiles = profiles;
    settings
}

/// A dose of a person of one's own.
fn body(number: usize) -> String {
    let family = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng"][number % 6];
    let given = ["An", "Bình", "Cường", "Dũng", "Hương", "Lan", "Mai"][number / 6 % 7];
    json!({
        "full_name": format!("{family} Văn {given}"),
        "birth_date": format!("1998-{:02}-{:02}", number % 12 + 1, number / 12 % 28 + 1),
        "sex": "male", "cccd": format!("079098{number:06}"), "product": "Comirnaty",
        "lot": "FK0595", "dose": "1/2", "date": "2026-11-27", "upto": "certified",
    })
    .to_string()
}

/// A nation's busy day: requests a second.
const USUAL: usize = 1000;

async fn measure(what: &str, world: &World, number: usize) {
    let connections = std::env::var("HCERT_LOAD_CONNECTIONS");
    let connections: usize = connections.map_or(256, |text| text.parse().unwrap());
    let roles = [Clerk, Officer, Authority];
    let program = Program::new(&world.issuer, "clinic", &roles, SITE).await;
    let now = world.clock.now().unix();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let requests = |from: usize| -> Arc<Vec<Vec<u8>>> {
        let all = from..from + number;
        Arc::new(all.map(|at| request(&program, now, &address, at)).collect())
    };
    let (fast, usual) = (requests(0), requests(number));
    let served = tokio::spawn(listen::serve(
        listener,
        router(app(&world.issuer)),
        Duration::from_secs(60),
        std::future::pending(),
    ));
    for (how, requests, rate) in [
        ("as fast as it goes", fast, None),
        ("1,000/s asked for", usual, Some(USUAL)),
    ] {
        let measured = ask(&address, requests, connections, rate).await;
        let (rate, p50, p99) = measured;
        println!(
            "{what}: over HTTP, {connections} connections, {how}: {rate:.0}/s, p50 {p50:.1} ms, p99 {p99:.1} ms"
        );
    }
    served.abort();
    let made = world.number("SELECT COUNT(*) FROM certificates").await;
    assert_eq!(made, i64::try_from(2 * number).unwrap());
    world.audited().await;
}

/// Asks, as fast as it goes or at a rate; requests a second, median and 99th percentile in milliseconds. At
/// a rate each counts from the moment at which it was due, whether or not a connection was free.
async fn ask(
    address: &str,
    requests: Arc<Vec<Vec<u8>>>,
    connections: usize,
    rate: Option<usize>,
) -> (f64, f64, f64) {
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let address = address.to_owned();
        let (requests, next) = (Arc::clone(&requests), Arc::clone(&next));
        tasks.push(tokio::spawn(async move {
            let mut stream = TcpStream::connect(&address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let mut took = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(request) = requests.get(at) else {
                    break;
                };
                let due = rate.map_or_else(Instant::now, |rate| {
                    begun
                        + Duration::from_secs(1) * u32::try_from(at).unwrap()
                            / u32::try_from(rate).unwrap()
                });
                tokio::time::sleep_until(due.into()).await;
                stream.write_all(request).await.unwrap();
                created(&mut stream).await;
                took.push(due.elapsed());
            }
            took
        }));
    }
    let mut took = Vec::new();
    for task in tasks {
        took.extend(task.await.unwrap());
    }
    let all = begun.elapsed().as_secs_f64();
    took.sort_unstable();
    let part = |percent: usize| {
        let place = (took.len() * percent / 100).min(took.len() - 1);
        took[place].as_secs_f64() * 1e3
    };
    let rate = f64::from(u32::try_from(took.len()).unwrap()) / all;
    (rate, part(50), part(99))
}

fn request(program: &Program, now: i64, host: &str, number: usize) -> Vec<u8> {
    let (once, body) = (http::fresh(), body(number));
    let headers = program.headers(now, &Method::POST, PATH, Some(&once), Some(body.as_bytes()));
    let mut head = format!(
        "POST {PATH} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    [head.as_bytes(), b"\r\n", body.as_bytes()].concat()
}

/// Reads an answer to its end: a certificate was made.
async fn created(stream: &mut TcpStream) {
    let (mut answer, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut buffer).await.unwrap();
        assert!(count > 0, "the server hung up");
        answer.extend_from_slice(&buffer[..count]);
        let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1).unwrap();
        let length: usize = length.lines().next().unwrap().trim().parse().unwrap();
        if answer.len() < end + 4 + length {
            continue;
        }
        let text = String::from_utf8_lossy(&answer[end + 4..]);
        assert!(head.starts_with("http/1.1 201"), "{head}\n{text}");
        assert!(text.contains("\"certificate\":\""), "{text}");
        return;
    }
}
