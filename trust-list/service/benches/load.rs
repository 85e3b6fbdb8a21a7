//! A nation's verifiers at eight in the morning: the real server on loopback, connections that
//! stay open, conditional requests for the live manifest and whole fetches of the bundle.
//!
//! `cargo bench -p trust-service --bench load`; `HCERT_LOAD_REQUESTS` and `HCERT_LOAD_CONNECTIONS`
//! say how much. Client and server share the machine: the figures are a lower bound.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench that cannot go on should say where"
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

use common::{Folder, clock, list, take};
use service::listen;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use trust_service::http::router;

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

fn main() {
    let requests = number("HCERT_LOAD_REQUESTS", 100_000);
    let connections = number("HCERT_LOAD_CONNECTIONS", 256);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(run(requests, connections));
}

async fn run(requests: usize, connections: usize) {
    let folder = Folder::new(1);
    let (store, clock) = (folder.sqlite().await, clock());
    take(&store, &clock, list(1..150)).await;
    let app = folder.app(store.clone(), &clock).await;
    let done = app.publisher.publish("bench", None).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(listen::serve(
        listener,
        router(app),
        Duration::from_secs(60),
        std::future::pending(),
    ));
    let etag = etag(&address, "/trust/manifest.cose").await;
    let before = store.transactions();
    println!(
        "{connections} connections, bundle of {} bytes in {} parts\n",
        done.bundle_bytes, done.parts
    );
    println!("request                     requests/s      MB/s    p50 ms    p99 ms");
    let condition = format!("if-none-match: {etag}\r\n");
    let unchanged = measure(
        &address,
        "/trust/manifest.cose",
        &condition,
        requests,
        connections,
    )
    .await;
    line("manifest, not modified", &unchanged);
    let manifest = measure(&address, "/trust/manifest.cose", "", requests, connections).await;
    line("manifest, whole", &manifest);
    let bundle = measure(
        &address,
        "/trust/bundle.hcert",
        "",
        requests / 10,
        connections,
    )
    .await;
    line("bundle in one file", &bundle);
    assert_eq!(store.transactions(), before, "a request asked the database");
    println!("\nno request asked the database");
    println!(
        "polling hourly, evenly spread: {:.1} million verifiers; all within ten minutes: {:.1} million",
        unchanged.rate * 3600.0 / 1e6,
        unchanged.rate * 600.0 / 1e6
    );
}

struct Measured {
    rate: f64,
    megabytes: f64,
    p50: f64,
    p99: f64,
}

fn line(what: &str, measured: &Measured) {
    println!(
        "{what:26} {:11.0} {:9.1} {:9.2} {:9.2}",
        measured.rate, measured.megabytes, measured.p50, measured.p99
    );
}

async fn measure(
    address: &str,
    path: &str,
    extra: &str,
    requests: usize,
    connections: usize,
) -> Measured {
    let request = format!("GET {path} HTTP/1.1\r\nhost: bench\r\n{extra}\r\n");
    let left = Arc::new(AtomicUsize::new(requests));
    let begun = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let (address, request, left) = (address.to_owned(), request.clone(), Arc::clone(&left));
        tasks.push(tokio::spawn(async move {
            let mut stream = TcpStream::connect(&address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let mut buffer = vec![0; 256 * 1024];
            let (mut times, mut bytes) = (Vec::new(), 0);
            while left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
                .is_ok()
            {
                let begun = Instant::now();
                stream.write_all(request.as_bytes()).await.unwrap();
                bytes += answer(&mut stream, &mut buffer).await;
                times.push(begun.elapsed());
            }
            (times, bytes)
        }));
    }
    let (mut times, mut bytes) = (Vec::new(), 0);
    for task in tasks {
        let (own, read) = task.await.unwrap();
        times.extend(own);
        bytes += read;
    }
    let elapsed = begun.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |share: f64| {
        let place = (times.len() as f64 * share) as usize;
        times[place.min(times.len() - 1)].as_secs_f64() * 1e3
    };
    Measured {
        rate: times.len() as f64 / elapsed,
        megabytes: bytes as f64 / elapsed / 1e6,
        p50: at(0.5),
        p99: at(0.99),
    }
}

/// Reads one answer to its end; its bytes.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> usize {
    let mut head = Vec::new();
    loop {
        let count = stream.read(buffer).await.unwrap();
        assert!(count > 0, "the server hung up");
        head.extend_from_slice(&buffer[..count]);
        let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let text = String::from_utf8_lossy(&head[..end]).to_ascii_lowercase();
        assert!(
            text.starts_with("http/1.1 200") || text.starts_with("http/1.1 304"),
            "{text}"
        );
        let length = text.split("content-length: ").nth(1).map_or(0, |rest| {
            rest.lines()
                .next()
                .unwrap()
                .trim()
                .parse::<usize>()
                .unwrap()
        });
        let length = if text.starts_with("http/1.1 304") {
            0
        } else {
            length
        };
        let mut have = head.len() - end - 4;
        while have < length {
            let count = stream.read(buffer).await.unwrap();
            assert!(count > 0, "the server hung up");
            have += count;
        }
        return end + 4 + length;
    }
}

async fn etag(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = Vec::new();
    stream.read_to_end(&mut text).await.unwrap();
    let text = String::from_utf8_lossy(&text);
    let etag = text.split("etag: ").nth(1).unwrap();
    etag.lines().next().unwrap().trim().to_owned()
}
