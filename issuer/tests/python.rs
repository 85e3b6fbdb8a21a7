//! Others use the API: requests signed by a Python library, and schemathesis, which reads the API's
//! description and tries what it says and what it does not.
//!
//! Without Python or the packages (`tests/python/venv.sh`) they are skipped, and say so; with
//! `HCERT_PYTHON=required` they fail. `HCERT_SCHEMATHESIS` is how many examples are tried of each
//! operation, else 4, and `HCERT_SCHEMATHESIS_SECONDS` how long at most, else 60.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;
#[path = "common/http.rs"]
mod http;

use std::{
    net::SocketAddr,
    path::Path,
    process::{Command, Output},
    time::Duration,
};

use common::{SITE, World, settings};
use data_encoding::HEXLOWER;
use hcert::keys::SoftwareKey;
use http::{Program, app};
use issuer::{
    http::router,
    roles::Role::{self, Clerk},
};
use service::{listen, roles::Role as _};
use tokio::net::TcpListener;
use zeroize::Zeroizing;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python");

/// No fault of the server, and no answer that its description does not have.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance";

/// The interpreter, if the packages can be had.
async fn python() -> Option<String> {
    let script = Path::new(FOLDER).join("venv.sh");
    let made = tokio::task::spawn_blocking(|| Command::new("bash").arg(script).output());
    let made = made.await.unwrap();
    let python = made.as_ref().ok().filter(|made| made.status.success());
    let python = python.map(|made| String::from_utf8_lossy(&made.stdout).trim().to_owned());
    if python.is_none() {
        let why = made.map(|made| String::from_utf8_lossy(&made.stderr).into_owned());
        assert!(
            std::env::var_os("HCERT_PYTHON").is_none(),
            "no Python environment: {why:?}"
        );
        eprintln!("SKIPPED: no Python environment: {why:?}");
    }
    python
}

async fn serve(world: &World) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = router(app(&world.issuer));
    tokio::spawn(listen::serve(
        listener,
        router,
        Duration::from_secs(20),
        std::future::pending(),
    ));
    address
}

/// What a script says, as a client of the service.
async fn run(
    mut command: Command,
    world: &World,
    program: &Program,
    algorithm: &str,
    most: Duration,
) -> Output {
    // What the tools leave behind goes away with it.
    let folder = tempfile::tempdir().unwrap();
    command
        .current_dir(&folder)
        .env("PYTHONPATH", FOLDER)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("HCERT_SEED", HEXLOWER.encode(&program.seed))
        .env("HCERT_ALGORITHM", algorithm)
        .env("HCERT_CLIENT", &program.name)
        .env("HCERT_BEARER", &program.bearer)
        .env("HCERT_NOW", world.clock.now().unix().to_string());
    let output = tokio::task::spawn_blocking(move || command.output());
    tokio::time::timeout(most, output)
        .await
        .expect("it takes too long")
        .unwrap()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_signs_what_is_accepted() {
    let Some(python) = python().await else {
        return;
    };
    for algorithm in ["ed25519", "ecdsa-p256-sha256"] {
        let world = World::sqlite(settings()).await;
        let mut program = Program::new(&world.issuer, "his", &[Clerk], SITE).await;
        if algorithm != "ed25519" {
            let key = SoftwareKey::es256(&Zeroizing::new(program.seed)).unwrap();
            program =
                Program::with(&world.issuer, "his-p256", &[Clerk], SITE, key, program.seed).await;
        }
        let address = serve(&world).await;
        let mut command = Command::new(&python);
        command
            .arg(Path::new(FOLDER).join("http_signature.py"))
            .arg(address.to_string());
        let output = run(
            command,
            &world,
            &program,
            algorithm,
            Duration::from_secs(60),
        )
        .await;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{algorithm}\n{said}\n{error}");
        assert_eq!(said.matches("ok ").count(), 9, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_nothing() {
    let Some(python) = python().await else {
        return;
    };
    let number = |name: &str, usual: u64| {
        let text = std::env::var(name).ok();
        text.map_or(usual, |text| text.parse().unwrap())
    };
    let examples = number("HCERT_SCHEMATHESIS", 4).to_string();
    let seconds = number("HCERT_SCHEMATHESIS_SECONDS", 60);
    let world = World::sqlite(settings()).await;
    // One that may do everything gets to the bottom of everything.
    let program = Program::new(&world.issuer, "schemathesis", Role::ALL, "VN").await;
    let address = serve(&world).await;
    let mut command = Command::new(&python);
    command
        .args(["-m", "schemathesis.cli", "run"])
        .arg(format!("http://{address}/api/v1/openapi.json"))
        .args(["--phases", "examples,coverage,fuzzing"])
        .args(["--max-examples", &examples])
        .args(["--max-time", &seconds.to_string()])
        .args(["--checks", CHECKS])
        .args(["--generation-database", "none", "--seed", "1", "--no-color"])
        .env("SCHEMATHESIS_HOOKS", "schemathesis_hooks");
    let most = Duration::from_secs(seconds * 3 + 60);
    let output = run(command, &world, &program, "ed25519", most).await;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}\n{error}");
    println!("{said}");
    let made = world.number("SELECT COUNT(*) FROM idempotency").await;
    assert!(made > 0, "nothing got through:\n{said}");
}
