//! Somebody who means harm, over a real socket; and texts that mean harm, in every field.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;
#[path = "common/http.rs"]
mod http;

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use axum::http::Method;
use common::{PASSWORD, SITE, World, settings};
use http::{Program, fresh, patient_app};
use issuer::{
    http::router,
    roles::Role::{Auditor, Clerk, Officer},
};
use serde_json::json;
use service::listen;
use tokio::{net::TcpListener, sync::oneshot};

/// The service on a socket of its own, until it is dropped.
struct Server {
    world: World,
    address: SocketAddr,
    clerk: Program,
    _end: oneshot::Sender<()>,
}

impl Server {
    async fn start() -> Server {
        let world = World::sqlite(settings()).await;
        let clerk = Program::new(&world.issuer, "his", &[Clerk], SITE).await;
        let app = patient_app(&world.issuer, Duration::from_secs(2));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (end, ended) = oneshot::channel();
        tokio::spawn(listen::serve(
            listener,
            router(app),
            Duration::from_secs(2),
            async {
                let _ = ended.await;
            },
        ));
        Server {
            world,
            address,
            clerk,
            _end: end,
        }
    }

    /// Sends bytes as they are, and reads until the other side ends it.
    async fn raw(&self, bytes: Vec<u8>) -> String {
        let address = self.address;
        tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(20)))
                .unwrap();
            // It may be refused while it is still being sent.
            let _ = stream.write_all(&bytes);
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer);
            String::from_utf8_lossy(&answer).into_owned()
        })
        .await
        .unwrap()
    }

    /// A request of the program, signed; more headers, as they are.
    fn signed(&self, method: Method, path: &str, more: &str, body: &[u8]) -> Vec<u8> {
        let once = fresh();
        let reads = method == Method::GET;
        let now = self.world.clock.now().unix();
        let once = (!reads).then_some(once.as_str());
        let headers = self
            .clerk
            .headers(now, &method, path, once, (!reads).then_some(body));
        let mut text =
            format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{more}");
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        let mut bytes = format!("{text}content-type: application/json\r\n").into_bytes();
        bytes.extend(format!("content-length: {}\r\n\r\n", body.len()).bytes());
        bytes.extend(body);
        bytes
    }

    async fn is_up(&self) {
        let answer = self
            .raw(b"GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_vec())
            .await;
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok\n"),
            "{answer}"
        );
    }
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("nothing")
}

fn get(path: &str, more: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{more}\r\n").into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_and_too_slow() {
    let server = Server::start().await;
    let large = vec![b' '; 300 * 1024];
    let answer = server
        .raw(server.signed(Method::POST, "/api/v1/records", "", &large))
        .await;
    assert!(
        status(&answer) == "413" && answer.contains("\"code\":\"size\""),
        "{answer}"
    );
    // It is said to be small, and signed so; nothing beyond is read.
    let mut more = server.signed(Method::POST, "/api/v1/persons/search", "", b"{}");
    more.extend(vec![b'x'; 100_000]);
    assert_eq!(status(&server.raw(more).await), "422");

    let whole = server.signed(Method::POST, "/api/v1/records", "", &[b' '; 1000]);
    let cut = whole[..whole.len() - 990].to_vec();
    let begin = Instant::now();
    let slow_body = {
        let address = server.address;
        tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(&cut).unwrap();
            let mut answer = Vec::new();
            for _ in 0..40 {
                std::thread::sleep(Duration::from_millis(100));
                if stream.write_all(b" ").is_err() {
                    break;
                }
            }
            stream
                .set_read_timeout(Some(Duration::from_secs(5)))
                .unwrap();
            let _ = stream.read_to_end(&mut answer);
            String::from_utf8_lossy(&answer).into_owned()
        })
    };
    let slow_head = {
        let address = server.address;
        tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            let mut sent = 0;
            while sent < 200 && stream.write_all(b"G").is_ok() {
                std::thread::sleep(Duration::from_millis(50));
                sent += 1;
            }
            sent
        })
    };
    // Others are served meanwhile.
    server.is_up().await;
    let slow_body = slow_body.await.unwrap();
    assert!(
        slow_body.is_empty() || slow_body.contains("\"code\":\"time\""),
        "{slow_body}"
    );
    assert!(slow_head.await.unwrap() < 200, "a head that never ends");
    assert!(begin.elapsed() < Duration::from_secs(15));

    let many: String = (0..10_000)
        .map(|number| format!("x-{number}: 1\r\n"))
        .collect();
    let answer = server.raw(get("/healthz", &many)).await;
    assert!(
        matches!(status(&answer), "431" | "400" | "nothing"),
        "{answer}"
    );
    let long = "a".repeat(1_000_000);
    let answer = server.raw(get(&format!("/{long}"), "")).await;
    assert!(
        matches!(status(&answer), "414" | "431" | "400" | "nothing"),
        "{}",
        status(&answer)
    );
    server.is_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_headers_and_methods() {
    let server = Server::start().await;
    for path in [
        "/%2e%2e/%2e%2e/etc/passwd",
        "/../../etc/passwd",
        "//etc/passwd",
        "//api/v1/records",
        "/style.css/../../../etc/passwd",
        "/style.css%00",
        "/%00",
        "/desk/%2e%2e/api/v1/records",
        "/api/v1/records/%00",
        "/api/v1/records/..",
        "/api/v1/records/%ff%fe",
        "/api/v1//records",
        "/api/v1/records/;x",
        "/api/v1/records?%00",
        "/api/v1/certificates/../records",
    ] {
        for answer in [
            server.raw(get(path, "")).await,
            server.raw(server.signed(Method::GET, path, "", b"")).await,
        ] {
            let status = status(&answer);
            assert!(
                matches!(status, "404" | "400" | "401" | "303"),
                "{path}: {answer}"
            );
            assert!(!answer.contains("root:"));
        }
    }
    // Nothing of a request comes back as a header.
    for more in [
        "x-request-id: a\r\n b\r\n",
        "x-request-id: \u{e9}<script>\r\n",
        "x-request-id: ok-1\r\n",
    ] {
        let answer = server.raw(get("/healthz", more)).await;
        let id = answer
            .lines()
            .find_map(|line| line.strip_prefix("x-request-id: "))
            .unwrap_or_default();
        let good =
            id == "ok-1" || (id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert!(good || status(&answer) == "400", "{answer}");
    }
    let answer = server
        .raw(get("/sign-in?language=en%0d%0aset-cookie:x=1", ""))
        .await;
    assert!(!answer.contains("set-cookie: x=1"), "{answer}");
    for method in [
        "TRACE", "CONNECT", "PROPFIND", "DELETE", "PATCH", "OPTIONS", "get", "X",
    ] {
        let line =
            format!("{method} /api/v1/records HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let answer = server.raw(line.into_bytes()).await;
        assert!(
            matches!(status(&answer), "400" | "401" | "404" | "405"),
            "{method}: {answer}"
        );
    }
    // Two lengths, and a length with chunks: what a proxy and a service may take apart differently.
    for more in [
        "content-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\nhost: x\r\n",
        "transfer-encoding: chunked, identity\r\n\r\n0\r\n",
        "content-length: -1\r\n",
        "content-length: 99999999999999999999\r\n",
    ] {
        let line =
            format!("POST /api/v1/records HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{more}\r\n");
        let answer = server.raw(line.into_bytes()).await;
        assert!(
            matches!(status(&answer), "400" | "401" | "nothing"),
            "{more:?}: {answer}"
        );
        assert!(
            answer.matches("HTTP/1.1").count() <= 1,
            "{more:?}: {answer}"
        );
    }
    server.is_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_guarded() {
    let server = Server::start().await;
    let pages = ["/sign-in", "/desk", "/api/docs"];
    for path in [
        "/healthz",
        "/readyz",
        "/metrics",
        "/style.css",
        "/nothing",
        "/api/v1/records",
        "/api/v1/openapi.json",
        "/sign-in",
        "/desk",
        "/api/docs",
    ] {
        let answer = server.raw(get(path, "")).await;
        let head = answer.split("\r\n\r\n").next().unwrap().to_lowercase();
        for header in [
            "x-content-type-options: nosniff",
            "content-security-policy: default-src 'none'",
            "cache-control: ",
            "x-frame-options: deny",
            "referrer-policy: ",
            "x-request-id: ",
        ] {
            assert!(head.contains(header), "{path} without {header}\n{head}");
        }
        assert!(
            !head.contains("unsafe-inline") && !head.contains("unsafe-eval"),
            "{path}"
        );
        assert!(!head.contains("server:"));
        if pages.contains(&path) && status(&answer) == "200" {
            assert!(
                !answer.contains("style=\"")
                    && !answer.contains("<script>")
                    && !answer.contains(" onclick")
            );
        }
    }
}

/// Texts that mean something somewhere.
const HOSTILE: [&str; 14] = [
    "'; DROP TABLE persons; --",
    "\" OR \"1\"=\"1",
    "Robert'); DELETE FROM records;--",
    "%' OR name LIKE '%",
    "$1",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "=HYPERLINK(\"https://evil.example\",\"x\")",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\u{202e}gpj.exe",
    "a\u{0}b",
    "\r\nset-cookie: x=1",
];

#[tokio::test(flavor = "multi_thread")]
async fn hostile_texts_are_texts() {
    let server = Server::start().await;
    let app = http::app(&server.world.issuer);
    let clerk = &server.clerk;
    let counts = "SELECT (SELECT COUNT(*) FROM persons) + 1000 * (SELECT COUNT(*) FROM users)";
    let mut taken = 0;
    let before = server.world.number(counts).await;
    for (number, hostile) in (0..).zip(HOSTILE) {
        // In every field of a report: taken as a text, or refused; never a fault of the server.
        for field in [
            "full_name",
            "family_name",
            "birth_date",
            "sex",
            "nationality",
            "identity",
            "cccd",
            "cmnd",
            "passport",
            "bhyt",
            "kind",
            "disease",
            "vaccine_type",
            "product",
            "manufacturer",
            "lot",
            "dose",
            "total_doses",
            "date",
            "given_by",
            "country",
            "test_type",
            "test_name",
            "test_device",
            "sampled_at",
            "result",
            "tube",
            "first_positive",
            "valid_from",
            "valid_until",
            "site",
            "person",
            "key",
        ] {
            let mut report = json!({ "full_name": "Trần Văn Hùng", "birth_date": "1970-01-02",
                "product": "Comirnaty", "lot": "FK0595", "dose": "1/2", "date": "2026-11-27" });
            report[field] = json!(hostile);
            let answer = clerk
                .post(&app, "/api/v1/records?dry_run=true", report)
                .await;
            let fine = matches!(answer.status, 200 | 404 | 422);
            assert!(
                fine,
                "{field} = {hostile:?}: {} {}",
                answer.status,
                answer.text()
            );
        }
        // Where a name is taken, it comes back as it went in.
        let name = format!("Trần {hostile}");
        let person = json!({ "full_name": name, "birth_date": "1970-01-02", "passport": format!("C{number:07}") });
        let answer = clerk.post(&app, "/api/v1/persons", person).await;
        if answer.status == 201 {
            taken += 1;
            let id = answer.json()["id"].as_str().unwrap().to_owned();
            let shown = clerk
                .get(&app, &format!("/api/v1/persons/{id}"))
                .await
                .json();
            assert_eq!(shown["family_name"], "Trần");
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(
                words(shown["given_names"].as_str().unwrap()),
                words(hostile)
            );
        } else {
            assert_eq!(answer.status, 422, "{hostile:?}: {}", answer.text());
        }
        for search in [
            json!({ "name": hostile }),
            json!({ "number": hostile }),
            json!({ "birth_date": hostile }),
        ] {
            let answer = clerk.post(&app, "/api/v1/persons/search", search).await;
            assert!(
                matches!(answer.status, 200 | 422),
                "{hostile:?}: {}",
                answer.text()
            );
        }
        let answer = http::sign_in(&app, &hostile.replace(['\r', '\n'], " "), PASSWORD, "").await;
        assert!(
            matches!(answer.status, 401 | 422 | 429),
            "{hostile:?}: {}",
            answer.status
        );
    }
    assert_eq!(server.world.number(counts).await, before + taken);
    // An officer's reason, which others read.
    let report = json!({ "full_name": "Trần Văn Hùng", "birth_date": "1970-01-02", "passport": "D1234567",
        "product": "Comirnaty", "lot": "FK0595", "dose": "1/2", "date": "2026-11-27" });
    let made = clerk.post(&app, "/api/v1/records", report).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let record = made.json()["record"].as_str().unwrap().to_owned();
    let officer = Program::new(&server.world.issuer, "officer", &[Officer], SITE).await;
    let reason = HOSTILE[6];
    let path = format!("/api/v1/records/{record}");
    let back = json!({ "revision": 1, "reason": reason });
    let answer = officer.post(&app, &format!("{path}/send-back"), back).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(officer.get(&app, &path).await.json()["note"], reason);
    let auditor = Program::new(&server.world.issuer, "auditor", &[Auditor], "VN").await;
    let check = auditor.get(&app, "/api/v1/audit/check").await;
    assert_eq!(check.json()["whole"], true);
    server.is_up().await;
}
