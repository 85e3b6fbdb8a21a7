//! `cargo xtask soak`: the long proofs, which the test command runs at small counts.

use clap::Args as ClapArgs;

use crate::{
    run::{self, cargo, command, headline, is_there},
    setup,
};

/// Arguments of `cargo xtask soak`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Args {
    /// Seconds for each fuzz target.
    #[arg(long, default_value_t = 600)]
    seconds: u32,
    /// Cases for each property.
    #[arg(long, default_value_t = 100_000)]
    cases: u32,
    /// How often a program is killed in the middle of its work.
    #[arg(long, default_value_t = 100)]
    kills: u32,
    /// Rows of the bulk job in which the issuer is killed.
    #[arg(long, default_value_t = 20_000)]
    rows: u32,
    /// Codes shown to a gate on pseudo-terminals.
    #[arg(long, default_value_t = 10_000)]
    codes: u32,
    /// Verifications through the C interface, with the trust replaced after every thousand.
    #[arg(long, default_value_t = 1_000_000)]
    verifications: u32,
    /// How often the lamp goes out over a gate on a machine of its own (`soak machine`).
    #[arg(long, default_value_t = 10)]
    cuts: u32,
    /// Only these fuzz targets; or `machine`, which is only run by its name: a gate on a virtual machine
    /// with real kernel devices.
    targets: Vec<String>,
}

/// The fuzz targets, one per parser that meets a stranger's bytes.
const TARGETS: &[&str] = &[
    "verdict",
    "hc1_bytes",
    "cose",
    "x509",
    "trust_json",
    "did_reader",
    "key_list_readers",
    "bundle",
    "revocation_slice",
    "revocation_lists",
    "rules",
    "intake_card",
    "intake_table",
    "intake_fhir",
    "border_document",
    "gate_frames",
    "scanner_abi",
    "image",
];

pub(crate) fn start(args: &Args) -> anyhow::Result<()> {
    if args.targets.iter().any(|target| target == "machine") {
        headline("a gate on a machine of its own");
        setup::programs(&[setup::BUILD, setup::MACHINE])?;
        let script = run::root().join("scanner/gate/tests/machine/run.sh");
        run::run(command(script).arg(args.cuts.to_string()))?;
        if args.targets.len() == 1 {
            return Ok(());
        }
    }
    if args.targets.is_empty() {
        headline("properties");
        run::run(cargo().env("PROPTEST_CASES", args.cases.to_string()).args([
            "test",
            "--release",
            "--locked",
            "-p",
            "hcert",
            "-p",
            "verifier",
            "-p",
            "trust-list",
            "-p",
            "trust-exchange",
            "--features",
            "trust-list/build",
        ]))?;
        headline("updates killed");
        run::run(cargo().env("HCERT_KILLS", args.kills.to_string()).args([
            "test",
            "--release",
            "--locked",
            "-p",
            "cli",
            "--test",
            "trust",
            "killed",
        ]))?;
    }
    if args.targets.is_empty() {
        headline("publications killed");
        run::run(cargo().env("HCERT_FAULTS", args.kills.to_string()).args([
            "test",
            "--locked",
            "-p",
            "trust-service",
            "--test",
            "faults",
            "--",
            "--nocapture",
        ]))?;
        headline("issuing killed");
        let kills = args.kills.to_string();
        let rows = args.rows.to_string();
        let counts = [("HCERT_KILLS", &kills), ("HCERT_BULK_ROWS", &rows)];
        run::run(cargo().envs(counts).env("HCERT_NEED_POSTGRES", "1").args([
            "test",
            "--locked",
            "-p",
            "issuer",
            "--test",
            "kills",
            "--test",
            "bulk_kills",
            "--",
            "--nocapture",
            "--test-threads=1",
        ]))?;
    }
    if args.targets.is_empty() {
        headline("a gate's readers, and a week of verifications");
        let (codes, verifications) = (args.codes.to_string(), args.verifications.to_string());
        run::run(
            cargo()
                .env("HCERT_GATE_CODES", codes)
                .env("HCERT_VERIFICATIONS", verifications)
                .args([
                    "test",
                    "--release",
                    "--locked",
                    "-p",
                    "gate",
                    "-p",
                    "hcert-scanner",
                ])
                .args([
                    "--test",
                    "terminals",
                    "--test",
                    "verdicts",
                    "--",
                    "--nocapture",
                ]),
        )?;
    }
    if !is_there("cargo-fuzz") {
        run::run(cargo().args(["install", "cargo-fuzz", "--locked", "--version", "0.13.2"]))?;
    }
    for target in TARGETS {
        if !args.targets.is_empty() && !args.targets.iter().any(|wanted| wanted == target) {
            continue;
        }
        headline(&format!("fuzz {target} for {} s", args.seconds));
        let seeds = format!("fuzz/seeds/{target}");
        let corpus = format!("fuzz/corpus/{target}");
        std::fs::create_dir_all(run::root().join(&corpus))?;
        run::run(
            command("cargo")
                .args(["+nightly", "fuzz", "run", target, &corpus, &seeds, "--"])
                .arg(format!("-max_total_time={}", args.seconds))
                .args([
                    "-max_len=8192",
                    "-rss_limit_mb=3000",
                    "-print_final_stats=1",
                ])
                // A PDF that is too slow is given up while its thread still runs: that is no leak.
                .env("ASAN_OPTIONS", "detect_odr_violation=0:detect_leaks=0")
                .arg("-detect_leaks=0"),
        )?;
    }
    Ok(())
}
