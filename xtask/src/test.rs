//! `cargo xtask test`: everything, from nothing.

use std::{path::PathBuf, process::Command, time::Instant};

use anyhow::bail;
use clap::Args as ClapArgs;

use crate::{
    run::{self, cargo, command, headline, root},
    setup,
};

/// Arguments of `cargo xtask test`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Args {
    /// Run only these steps: format, lint, pages, tests, vectors, wasm, interop, licences. `tests` and `wasm` look at
    /// what `pages` built last.
    steps: Vec<String>,
}

type Step = (&'static str, fn() -> anyhow::Result<()>);

/// Everything is built once, with the features that an installation may leave out.
const FEATURES: [&str; 2] = ["--features", "issuer/oidc"];

/// In the order in which a mistake costs the least time.
const STEPS: &[Step] = &[
    ("format", format),
    ("lint", lint),
    ("pages", pages),
    ("tests", tests),
    ("vectors", vectors),
    ("wasm", wasm),
    ("interop", interop),
    ("licences", licences),
];

pub(crate) fn start(args: &Args) -> anyhow::Result<()> {
    if let Some(unknown) = args
        .steps
        .iter()
        .find(|step| !STEPS.iter().any(|(name, _)| name == step))
    {
        bail!(
            "no step {unknown}; there are: format, lint, pages, tests, vectors, wasm, interop, licences"
        );
    }
    setup::programs(&[setup::BUILD, setup::TEST])?;
    setup::components(&["rustfmt", "clippy"])?;
    setup::targets(&[
        "wasm32-unknown-unknown",
        "wasm32-wasip1",
        "aarch64-unknown-linux-gnu",
        "armv7-unknown-linux-gnueabihf",
        "thumbv7em-none-eabihf",
    ])?;
    let mut took = Vec::new();
    for (name, step) in STEPS {
        if args.steps.is_empty() || args.steps.iter().any(|wanted| wanted == name) {
            headline(name);
            let begun = Instant::now();
            step()?;
            took.push(format!("{name} {} s", begun.elapsed().as_secs()));
        }
    }
    println!("took: {}", took.join(", "));
    Ok(())
}

fn format() -> anyhow::Result<()> {
    run::run(cargo().args(["fmt", "--all", "--check"]))?;
    // The firmware is a workspace of its own.
    let firmware = root().join("scanner/cortex-m/Cargo.toml");
    run::run(
        cargo()
            .args(["fmt", "--check", "--manifest-path"])
            .arg(firmware),
    )
}

/// Clippy's compiler builds what the tests run: `cargo clippy` beside `cargo test` would look at six hundred
/// libraries twice.
fn lint() -> anyhow::Result<()> {
    run::run(
        linted()
            .args(["--workspace", "--all-targets", "--no-run", "--locked"])
            .args(FEATURES),
    )
}

/// `cargo test` that compiles the workspace's own packages as `cargo clippy -- -D warnings` does, and to the end. What
/// the tests themselves build (for ARM, say) is not built so: it is no variable of the environment.
fn linted() -> Command {
    let mut cargo = cargo();
    cargo
        .env(
            "CLIPPY_ARGS",
            "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__",
        )
        // Gigabytes that only a second build would read.
        .env("CARGO_INCREMENTAL", "0")
        .args([
            "test",
            "--config",
            "build.rustc-workspace-wrapper='clippy-driver'",
        ]);
    cargo
}

/// The programs, as they are built for their own tests: chosen otherwise, packages are built anew with the
/// features that they alone need.
fn programs() -> anyhow::Result<PathBuf> {
    run::run(
        linted()
            .args(["--workspace", "--no-run", "--locked"])
            .args(FEATURES),
    )?;
    Ok(run::built(true))
}

/// The pages for browsers, of these sources.
fn pages() -> anyhow::Result<()> {
    run::run(&mut command(programs()?.join("wasm-pages")))
}

fn tests() -> anyhow::Result<()> {
    setup::tool("cbindgen", "0.29.4", &[])?;
    // A database, HSM or browser that is not there would skip half of a service's tests.
    run::run(
        linted()
            .env("HCERT_NEED_POSTGRES", "1")
            .env("HCERT_NEED_SOFTHSM", "1")
            .env("HCERT_NEED_BROWSER", "1")
            .env("HCERT_NEED_ARM", "1")
            .env("HCERT_NEED_CBINDGEN", "1")
            .env("HCERT_PYTHON", "required")
            .args(["--workspace", "--locked", "--no-fail-fast"])
            .args(FEATURES),
    )
}

/// The committed vectors are what the generator makes.
fn vectors() -> anyhow::Result<()> {
    run::run(command(programs()?.join("vectors")).arg("--check"))
}

/// The crates without input and output build for a browser, and their arithmetic is right there
/// too: Wycheproof's files run in WebAssembly under Node.
fn wasm() -> anyhow::Result<()> {
    let mut check = cargo();
    check.args(["check", "--locked", "--target", "wasm32-unknown-unknown"]);
    for package in ["hcert", "trust-list", "trust-exchange", "verifier", "qr"] {
        check.args(["-p", package]);
    }
    run::run(&mut check)?;
    let runner = format!(
        "node --no-warnings {}",
        root().join("xtask/wasi.mjs").display()
    );
    run::run(
        cargo()
            .env("CARGO_TARGET_WASM32_WASIP1_RUNNER", runner)
            .args(["test", "--locked", "-p", "hcert", "--test", "wycheproof"])
            .args(["--target", "wasm32-wasip1"]),
    )?;
    module()
}

/// The module for browsers has the size and the verdicts that it should; in Node, as npm packs it.
fn module() -> anyhow::Result<()> {
    let tests = root().join("wasm-verifier/tests/node");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&tests)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    anyhow::ensure!(!files.is_empty(), "no tests in {}", tests.display());
    // By their names: folders are taken differently from one version of Node to the next.
    run::run(command("node").arg("--test").args(files))
}

/// Programs that others wrote verify what we issue.
fn interop() -> anyhow::Result<()> {
    run::run(command("bash").arg("interop/run.sh"))
}

/// cargo-deny: licences, bans, sources.
fn licences() -> anyhow::Result<()> {
    let deny = setup::tool("cargo-deny", "0.20.2", &["--no-default-features"])?;
    let rules = root().join("deny.toml");
    // The firmware has dependencies of its own.
    for workspace in ["Cargo.toml", "scanner/cortex-m/Cargo.toml"] {
        run::run(
            command(&deny)
                .arg("--manifest-path")
                .arg(root().join(workspace))
                .arg("--config")
                .arg(&rules)
                .args(["check", "licenses", "bans", "sources"]),
        )?;
    }
    Ok(())
}
