//! Faults of the real program: killed at random moments, a disk that takes no more, clients that
//! trickle. `HCERT_FAULTS` says how often it is killed; soak says more than the usual dozen.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    http::{Method, Request},
};
use common::{Folder, clock, http, update};
use service::{clock::Clock, listen};
use trust_list::{
    bundle::{Bundle, State},
    limits::Limits,
};
use trust_service::{
    domain::documents::{self, Kind},
    people::{
        self,
        roles::{Role, Roles},
    },
    store::Store,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_trust-service");

/// A development installation, as `init` makes it.
fn installation() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let made = Command::new(PROGRAM)
        .args(["init", "--development"])
        .arg(dir.path())
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{error}");
    dir
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(dir: &Path) -> Server {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--config"])
            .arg(dir.join("service.toml"))
            .env("TRUST_SERVICE_LISTEN", "127.0.0.1:0")
            .env("RUST_LOG", "off")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap();
        Server {
            address: address.to_owned(),
            child,
        }
    }

    /// Sends a request and does not wait for the answer.
    fn publish(&self, key: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!(
            "POST /api/v1/publish HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: \
             Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn random(below: u64) -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    u64::from_be_bytes(bytes) % below.max(1)
}

/// Every manifest that was ever seen, by its sequence: none ever changes.
fn check_numbered(site: &Path, seen: &mut HashMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(site.join("manifest")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        // What was being written when the program was killed has a name of its own.
        if name.ends_with(".cose") {
            let bytes = std::fs::read(entry.path()).unwrap();
            let before = seen.entry(name.clone()).or_insert_with(|| bytes.clone());
            assert_eq!(*before, bytes, "{name} has changed");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments() {
    let count: u32 = std::env::var("HCERT_FAULTS").map_or(12, |text| text.parse().unwrap());
    let dir = installation();
    let site = dir.path().join("site");
    let address = format!("sqlite:{}", dir.path().join("trust.sqlite").display());
    let store = Store::open(&address).await.unwrap();
    let roles = Roles::of([Role::Publisher]);
    let key = people::add_client(&store, &Clock::system(), "test", "kill", roles, &[], true)
        .await
        .unwrap();

    let server = Server::start(dir.path());
    // The first publication is the schedule's.
    while !site.join("bundle.hcert").is_file() {
        std::thread::sleep(Duration::from_millis(20));
    }
    server.kill();
    // A server that has only just started takes longer than one that is warm.
    let server = Server::start(dir.path());
    let begun = Instant::now();
    let mut answer = String::new();
    server.publish(&key).read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let length = begun.elapsed();
    server.kill();

    let root = std::fs::read(dir.path().join("roots/1.cose")).unwrap();
    let pinned = State::pinned(&root, &Limits::DEFAULT).unwrap();
    let (_, mut state) = update(&site, &pinned).unwrap();
    let mut seen = HashMap::new();
    let (mut in_the_middle, mut live, mut newest) = (0, 0, 0);
    for round in 0..count {
        // Each publication has a part of its own.
        let country = char::from(b'A' + u8::try_from(round % 26).unwrap());
        let policy = format!(r#"{{"without_revocation":["A{country}"]}}"#);
        documents::put(
            &store,
            &Clock::system(),
            "test",
            Kind::Policy,
            "policy",
            policy.as_bytes(),
        )
        .await
        .unwrap();
        let server = Server::start(dir.path());
        let stream = server.publish(&key);
        let most = u64::try_from(length.as_micros()).unwrap() * 5 / 4;
        std::thread::sleep(Duration::from_micros(random(most)));
        server.kill();
        drop(stream);

        let (bundle, now) = update(&site, &state)
            .unwrap_or_else(|error| panic!("round {round}: a client is stuck: {error}"));
        assert!(now.sequence() >= state.sequence());
        assert_eq!(bundle.missing().count(), 0);
        update(&site, &pinned).unwrap();
        let file = Arc::new(std::fs::read(site.join("bundle.hcert")).unwrap());
        let (bundle, _) = Bundle::open(&file, &pinned, &Limits::DEFAULT).unwrap();
        assert_eq!(bundle.missing().count(), 0, "the single file is whole");
        check_numbered(&site, &mut seen);
        state = now;
        let mut tx = store.read().await.unwrap();
        let row = &tx.publications(1).await.unwrap()[0];
        in_the_middle += u32::from(row.sequence > newest && row.state != "published");
        live += u32::from(row.sequence > newest && row.state == "published");
        newest = row.sequence;
    }
    let server = Server::start(dir.path());
    let mut answer = String::new();
    server.publish(&key).read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (_, last) = update(&site, &state).unwrap();
    assert!(last.sequence() > state.sequence());
    let mut tx = store.read().await.unwrap();
    assert!(tx.audit_check().await.unwrap().is_ok());
    eprintln!(
        "killed {count} times, {in_the_middle} times between the taking of a sequence and the end \
         of a publication of {} ms, {live} times after; sequence {} is live",
        length.as_millis(),
        last.sequence()
    );
}

/// The system's own limit on the size of a file, which no program can get round.
#[test]
fn a_disk_that_takes_no_more() {
    let dir = installation();
    let config = dir.path().join("service.toml");
    let publish = |limit: &str| {
        Command::new("bash")
            .arg("-c")
            .arg(format!("{limit} exec \"$0\" publish --config \"$1\""))
            .arg(PROGRAM)
            .arg(&config)
            .output()
            .unwrap()
    };
    assert!(publish("").status.success());
    let root = std::fs::read(dir.path().join("roots/1.cose")).unwrap();
    let pinned = State::pinned(&root, &Limits::DEFAULT).unwrap();
    let site = dir.path().join("site");
    let (_, old) = update(&site, &pinned).unwrap();
    // SIGXFSZ ends a program that does not ignore it; bash hands the ignoring on.
    let full = publish("trap '' XFSZ; ulimit -f 0;");
    assert!(!full.status.success());
    let error = String::from_utf8_lossy(&full.stderr);
    assert!(error.contains("no space left"), "{error}");
    let (_, now) = update(&site, &pinned).unwrap();
    assert_eq!(now, old);
    assert!(publish("").status.success());
    let (_, now) = update(&site, &old).unwrap();
    assert!(now.sequence() > old.sequence());
}

#[tokio::test]
async fn a_body_that_trickles_ends_with_its_time() {
    let folder = Folder::new(1);
    let store = folder.sqlite().await;
    let patience = Duration::from_millis(200);
    let app = folder.patient_app(store, &clock(), patience).await;
    let cookie = "trust_form=token";
    let never = Body::from_stream(futures_util::stream::pending::<
        Result<Vec<u8>, std::io::Error>,
    >());
    let request = Request::builder()
        .method(Method::POST)
        .uri("/sign-in")
        .header("cookie", cookie)
        .body(never)
        .unwrap();
    let answer = http::send(&app, request).await;
    assert_eq!(answer.status, 408);
}

#[tokio::test]
async fn a_head_that_trickles_ends_with_its_time() {
    let folder = Folder::new(1);
    let app = folder.app(folder.sqlite().await, &clock()).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let router = trust_service::http::router(app);
    let patience = Duration::from_millis(200);
    let serving = tokio::spawn(listen::serve(listener, router, patience, async {
        let _ = ended.await;
    }));
    let slow = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        let begun = Instant::now();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        (begun.elapsed(), answer)
    });
    let (elapsed, answer) = slow.await.unwrap();
    assert!(elapsed < Duration::from_secs(5), "let go after {elapsed:?}");
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 408"));
    end.send(()).unwrap();
    serving.await.unwrap();
}
