//! `cargo xtask up`: the main job, once through, on a fresh machine.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use clap::Args as ClapArgs;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    run::{built, cargo, command, headline, root, run},
    service::{ISSUER, Service, TRUST},
    setup, wasm,
};

/// Where the issuer of `issuer init --development` listens.
const ISSUER_LISTENS: &str = "127.0.0.1:8350";

/// Arguments of `cargo xtask up`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Args {
    /// Where development keys and the sample are kept.
    #[arg(long, default_value = ".hcert")]
    data: PathBuf,
    /// End as soon as all of it was seen working.
    #[arg(long)]
    once: bool,
    /// Build without optimisation: quicker to build, slower to work.
    #[arg(long)]
    debug: bool,
}

/// A payload of the kind the Vietnamese vaccine passport carries; the person is invented.
const SAMPLE: &str = r#"{
  "ver": "1.3.0",
  "nam": { "fn": "Đỗ", "gn": "Thị Hồng Nhung" },
  "dob": "1998-02-26",
  "v": [{
    "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
    "dn": 2, "sd": 2, "dt": "2021-11-20", "co": "VN",
    "is": "DEVELOPMENT, not a health authority"
  }]
}
"#;

pub(crate) fn start(args: &Args) -> anyhow::Result<()> {
    setup::programs(&[setup::BUILD])?;
    headline("build");
    let profile = if args.debug { "dev" } else { "release" };
    run(cargo()
        .args(["build", "--profile", profile, "--locked"])
        .args(["-p", "cli", "-p", "trust-service", "-p", "issuer"]))?;
    let programs = built(args.debug);
    let hcert = programs.join("hcert");
    let data = root().join(&args.data);
    let at = |name: &str| data.join(name);
    fs::create_dir_all(&data).context("the data directory")?;

    if !at("dev/dsc.key").exists() {
        headline("make development keys");
        let passphrase = at("dev/passphrase");
        fs::create_dir_all(at("dev")).context("the data directory")?;
        private_file(&passphrase, "development only\n")?;
        let keys = |arguments: &[&str]| {
            let mut keys = command(&hcert);
            keys.arg("keys")
                .args(arguments)
                .arg("--passphrase-file")
                .arg(&passphrase);
            keys
        };
        run(keys(&[
            "csca",
            "--country",
            "VN",
            "--name",
            "DEVELOPMENT CSCA, not for use",
        ])
        .args([
            Path::new("--cert"),
            &at("dev/csca.pem"),
            Path::new("--key"),
            &at("dev/csca.key"),
        ]))?;
        run(keys(&[
            "dsc",
            "--country",
            "VN",
            "--name",
            "DEVELOPMENT DSC, not for use",
        ])
        .args([Path::new("--csca-cert"), &at("dev/csca.pem")])
        .args([Path::new("--csca-key"), &at("dev/csca.key")])
        .args([
            Path::new("--cert"),
            &at("dev/dsc.pem"),
            Path::new("--key"),
            &at("dev/dsc.key"),
        ]))?;
    }

    if !at("sample/certificate.png").exists() {
        headline("issue a sample");
        fs::create_dir_all(at("sample"))?;
        fs::write(at("sample/payload.json"), SAMPLE)?;
        run(command(&hcert)
            .arg("issue")
            .args([Path::new("--passphrase-file"), &at("dev/passphrase")])
            .args([
                Path::new("--key"),
                &at("dev/dsc.key"),
                Path::new("--cert"),
                &at("dev/dsc.pem"),
            ])
            .args(["--issuer", "VN", "--payload"])
            .arg(at("sample/payload.json"))
            .args([Path::new("--text"), &at("sample/certificate.txt")])
            .args([Path::new("--png"), &at("sample/certificate.png")])
            .args([Path::new("--svg"), &at("sample/certificate.svg")]))?;
    }

    let pages = wasm::pages()?;
    let trust = TRUST.built(&programs);
    let claim = format!("http://{ISSUER_LISTENS}/claim");
    let shown = [
        OsStr::new("--pages"),
        pages.as_os_str(),
        OsStr::new("--claim"),
        OsStr::new(&claim),
    ];
    Service::init(&trust, &at("service"), &shown)?;
    let service = Service::start(trust, &at("service"))?;
    let key_file = service.client_file()?;
    let url = service.url();
    let wallet = format!("{url}/app/wallet/");
    let told = [
        OsStr::new("--wallet-url"),
        OsStr::new(&wallet),
        OsStr::new("--trust-url"),
        OsStr::new(&url),
        OsStr::new("--trust-key-file"),
        key_file.as_os_str(),
    ];
    let issuers = at("issuer");
    let issuer = ISSUER.built(&programs);
    Service::init(&issuer, &issuers, &told)?;
    let issued = at("sample/issued.txt");
    let first = !issued.exists() || !at("state/trust").exists();
    if !issued.exists() {
        headline("issue a specimen");
        fs::write(&issued, Service::command(&issuer, &issuers, &["specimen"])?)?;
    }
    let issuer = Service::start(issuer, &issuers)?;
    if first {
        headline("publish the trust list");
        // Its own keys and all it issued come from the issuer, which tells by itself.
        wait_for_issuer(&service)?;
        publish(&service, &data, &hcert)?;
        headline("install it");
        let mut update = command(&hcert);
        update
            .env("HCERT_DATA_DIR", &data)
            .args(["trust", "update", &format!("{}/trust", service.url())])
            .arg("--root")
            .arg(at("service/roots/1.cose"));
        run(&mut update)?;
    }

    headline("verify the sample, and what the issuer issued, by the installed trust list");
    let mut verify: Command = command(&hcert);
    verify
        .env("HCERT_DATA_DIR", &data)
        .arg("verify")
        .arg(at("sample/certificate.png"))
        .arg(&issued);
    run(&mut verify)?;
    is_green(&hcert, &data, &issued)?;

    println!();
    println!("Trust list     {}/trust", service.url());
    println!(
        "  its desk     {}/desk  (user and password in {})",
        service.url(),
        at("service/sign-in.txt").display()
    );
    println!(
        "On a phone     {}/app/  (scan page and wallet)",
        service.url()
    );
    println!("Issuer         {}/sign-in", issuer.url());
    println!("  names and passwords, known to everybody:");
    for line in fs::read_to_string(at("issuer/sign-in.txt"))?.lines() {
        if let [name, password, roles, place, ..] = line.split('\t').collect::<Vec<_>>()[..] {
            println!("  {name:<10} {password:<22} {roles:<14} {place}");
        }
    }
    println!("The command    {}", hcert.display());
    println!("Sample         {}", at("sample").display());
    println!(
        "Keys           {}  (for development; passphrase beside them)",
        at("dev").display()
    );
    println!();
    println!(
        "Try: HCERT_DATA_DIR={} {} verify --format json {}",
        data.display(),
        hcert.display(),
        at("sample/certificate.png").display()
    );
    // The issuer first: it tells the trust list what there is to tell before it ends.
    if args.once {
        issuer.stop()?;
        return service.stop();
    }
    println!("Ctrl-C ends it; what was made stays, and the next start is quick.");
    issuer.wait()?;
    service.wait()
}

/// Until the issuer has told the trust list of its two keys and of everything it issued.
fn wait_for_issuer(service: &Service) -> anyhow::Result<()> {
    let key = service.client()?;
    let start = Instant::now();
    loop {
        let answer = service.ask("GET", "/api/v1/issued", &key, "", b"")?;
        let answer: Value = serde_json::from_str(&answer)?;
        if answer["coverage"]
            .as_array()
            .is_some_and(|kids| kids.len() >= 2)
        {
            return Ok(());
        }
        ensure!(
            start.elapsed() < Duration::from_secs(120),
            "the issuer did not tell the trust list: {answer}"
        );
        thread::sleep(Duration::from_millis(500));
    }
}

/// Every code of a file is valid, on no list, and by the rules enough.
fn is_green(hcert: &Path, data: &Path, file: &Path) -> anyhow::Result<()> {
    let output = command(hcert)
        .env("HCERT_DATA_DIR", data)
        .args(["verify", "--format", "json"])
        .arg(file)
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let mut count = 0;
    for line in said.lines() {
        let verdict: Value = serde_json::from_str(line).context("a verdict")?;
        ensure!(verdict["colour"] == "green", "not green: {verdict}");
        count += 1;
    }
    ensure!(count > 0, "there is no code in {}", file.display());
    Ok(())
}

/// The keys and the sample's issue, told to the service as an issuer would.
fn publish(service: &Service, data: &Path, hcert: &Path) -> anyhow::Result<()> {
    let at = |name: &str| data.join(name);
    let key = service.client()?;
    for certificate in ["dev/csca.pem", "dev/dsc.pem"] {
        let pem = fs::read(at(certificate))?;
        let path = format!("/api/v1/keys?source={certificate}");
        service.ask("POST", &path, &key, "application/x-pem-file", &pem)?;
    }
    // Which certificate it is and when it was issued, as any verifier reads it.
    let shown = command(hcert)
        .args(["verify", "--format", "json", "--trust"])
        .arg(at("dev/dsc.pem"))
        .arg(at("sample/certificate.txt"))
        .output()?;
    let verdict: Value = serde_json::from_slice(&shown.stdout).context("the sample's verdict")?;
    let identifier = verdict["payload"]["v"][0]["ci"]
        .as_str()
        .context("the sample has no identifier")?;
    let report = json!({
        "kid": verdict["signer"]["kid"],
        "certificates": [{
            "id": revocation_id(identifier),
            "issued_at": verdict["issued_at"],
        }],
        "complete_until": verdict["issued_at"],
    });
    let report = report.to_string();
    service.ask(
        "POST",
        "/api/v1/issued",
        &key,
        "application/json",
        report.as_bytes(),
    )?;
    service.ask("POST", "/api/v1/publish", &key, "application/json", b"{}")?;
    Ok(())
}

/// The first half of SHA-256 of the identifier, as specs/revocation.md says.
fn revocation_id(identifier: &str) -> String {
    let digest = Sha256::digest(identifier);
    base64::prelude::BASE64_STANDARD.encode(digest.get(..16).unwrap_or_default())
}

fn private_file(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| path.display().to_string())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}
