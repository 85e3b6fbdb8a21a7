//! `cargo xtask bench`: the figures of BENCHMARKS.md, each beside its comparison in the same run.

mod command_line;
mod sections;

use std::{fmt::Write as _, fs};

use anyhow::Context as _;
use clap::{Args as ClapArgs, builder::PossibleValuesParser};
use serde_json::Value;

use crate::{
    run::{cargo, command, headline, output, root, target},
    setup,
};

/// Arguments of `cargo xtask bench`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Args {
    /// Print the report only, and leave BENCHMARKS.md as it is.
    #[arg(long)]
    dry_run: bool,
    /// Measure only these parts anew and leave the others as they are.
    #[arg(value_parser = PossibleValuesParser::new(PARTS.iter().map(|(part, _)| *part)))]
    parts: Vec<String>,
}

/// How a part of the report comes about.
enum Measure {
    /// By a function that writes its sections.
    Written(fn(&mut String) -> anyhow::Result<()>),
    /// By a bench that prints a table of its own: title, package, bench, more arguments of cargo.
    Printed(
        &'static str,
        &'static str,
        &'static str,
        &'static [&'static str],
    ),
}

use Measure::{Printed, Written};

impl Measure {
    fn write(&self, report: &mut String) -> anyhow::Result<()> {
        match self {
            Written(write) => write(report)?,
            Printed(title, package, bench, more) => {
                let text = bench_output(package, bench, more)?;
                writeln!(report, "## {title}\n\n```\n{}\n```\n", text.trim())?;
            }
        }
        Ok(())
    }
}

/// In the order in which they stand in the report.
const PARTS: &[(&str, Measure)] = &[
    ("pipeline", Written(pipeline)),
    ("worn", Written(worn)),
    ("command", Written(command_line::measure)),
    (
        "hostile",
        Printed("Pictures that are made to be slow", "qr", "hostile", &[]),
    ),
    (
        "bundle",
        Printed("The trust bundle", "verifier", "bundle", &[]),
    ),
    (
        "paper",
        Printed("Certificates on paper", "print", "sheets", &[]),
    ),
    ("certify", Printed("Certifying", "keyring", "certify", &[])),
    ("intake", Printed("Bulk intake", "intake", "rows", &[])),
    ("gate", Printed("The gate", "gate", "readers", &[])),
    ("issue", Printed("Issuing", "issuer", "issue", &[])),
    ("http", Printed("Issuing over HTTP", "issuer", "load", &[])),
    ("bulk", Printed("Bulk issuing", "issuer", "bulk", &[])),
    ("wasm", Written(module)),
    ("arm", Written(arm)),
    ("cortex-m", Written(cortex_m)),
    (
        "revocation",
        Printed(
            "Revocation",
            "trust-list",
            "revocation",
            &["--features", "build"],
        ),
    ),
];

const HEAD: &str = "# Benchmarks\n\nWritten by `cargo xtask bench`; parts may be of different days. Ratios compare cases that ran in \
                    turn in one process, batch\nby batch, on the thread's CPU clock: read them, and not the absolute times, \
                    which move with\nthe machine and its other load.\n\n";

pub(crate) fn start(args: &Args) -> anyhow::Result<()> {
    setup::programs(&[setup::BUILD, setup::TEST])?;
    let whole = args.parts.is_empty();
    let mut report = String::new();
    if whole {
        report += HEAD;
        machine(&mut report)?;
    }
    for (name, measure) in PARTS {
        if whole || args.parts.iter().any(|part| part == name) {
            measure.write(&mut report)?;
        }
    }
    println!("\n{report}");
    if !args.dry_run {
        let file = root().join("BENCHMARKS.md");
        let old = if whole {
            String::new()
        } else {
            fs::read_to_string(&file).context("BENCHMARKS.md")?
        };
        fs::write(&file, sections::replaced(&old, &report)).context("BENCHMARKS.md")?;
    }
    Ok(())
}

/// The verifier in WebAssembly, beside WebCrypto.
fn module(report: &mut String) -> anyhow::Result<()> {
    crate::wasm::build(&[])?;
    headline("bench of the module");
    let text = output(command("node").arg("wasm-verifier/tests/node/bench.mjs"))?;
    writeln!(
        report,
        "## The verifier in WebAssembly\n\n{}\n",
        text.trim()
    )?;
    headline("bench of the scan page in a browser");
    let text = output(command("bash").args(["wasm-verifier/tests/browser/run.sh", "bench"]))?;
    let text = text.trim().trim_start_matches("== bench").trim();
    writeln!(report, "## The scan page in a browser\n\n{text}\n")?;
    Ok(())
}

/// The library for devices on ARM, under qemu; its test writes the figures.
fn arm(report: &mut String) -> anyhow::Result<()> {
    setup::targets(&["aarch64-unknown-linux-gnu", "armv7-unknown-linux-gnueabihf"])?;
    let table = written("arm", "the library on ARM")?;
    headline("the library for this machine");
    let device = [
        "build",
        "--locked",
        "-p",
        "hcert-scanner",
        "--profile",
        "device",
    ];
    crate::run::run(cargo().args(device))?;
    let size = |name: &str| -> anyhow::Result<u64> {
        let file = target().join("device").join(name);
        Ok(fs::metadata(&file)
            .with_context(|| file.display().to_string())?
            .len()
            / 1024)
    };
    writeln!(
        report,
        "## The library for devices\n\nReading of pictures included; on ARM without C and C++, which is slower. A verdict on ES256 on \
         one thread: `cargo test -p hcert-scanner --test arm -- --nocapture`.\n\n{}\n| {} | {} | {} | - | - |\n",
        table.trim(),
        std::env::consts::ARCH,
        size("libhcert_scanner.so")?,
        size("libhcert_scanner.a")?,
    )?;
    Ok(())
}

/// The verifier without an operating system; its test writes the figures.
fn cortex_m(report: &mut String) -> anyhow::Result<()> {
    setup::targets(&["thumbv7em-none-eabihf"])?;
    let table = written("cortex_m", "the verifier on a Cortex-M4")?;
    writeln!(
        report,
        "## On a Cortex-M4\n\nThe firmware of `scanner/cortex-m` under qemu: `cargo test -p hcert-scanner --test cortex_m -- \
         --nocapture`. Instructions are counted\nby the emulator; a processor takes one to two cycles for each.\n\n{}\n",
        table.trim()
    )?;
    Ok(())
}

/// What a test of the scanner writes for this report.
fn written(test: &str, title: &str) -> anyhow::Result<String> {
    headline(title);
    let arguments = ["test", "--locked", "-p", "hcert-scanner", "--test", test];
    crate::run::run(cargo().env("HCERT_NEED_ARM", "1").args(arguments))?;
    let file = target()
        .join("tmp")
        .join(format!("{}.md", test.replace('_', "-")));
    fs::read_to_string(&file).with_context(|| file.display().to_string())
}

fn machine(report: &mut String) -> anyhow::Result<()> {
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let rustc = output(command("rustc").arg("--version"))?;
    writeln!(
        report,
        "- Machine: {} cores, {}",
        cores,
        model.map_or("unknown", |(_, name)| name)
    )?;
    writeln!(report, "- Compiler: {}", rustc.trim())?;
    let lock = fs::read_to_string(root().join("Cargo.lock"))?;
    let versions: Vec<String> = [
        "aws-lc-rs",
        "ed25519-dalek",
        "p256",
        "rsa",
        "zlib-rs",
        "minicbor",
        "coset",
        "qrcode",
        "zxing-cpp",
        "rxing",
        "rqrr",
    ]
    .iter()
    .filter_map(|name| {
        let version = lock
            .split(&format!("name = \"{name}\"\nversion = \""))
            .nth(1)?;
        Some(format!("{name} {}", version.split('"').next()?))
    })
    .collect();
    writeln!(report, "- Versions: {}\n", versions.join(", "))?;
    Ok(())
}

/// What a bench prints.
fn bench_output(package: &str, bench: &str, more: &[&str]) -> anyhow::Result<String> {
    headline(&format!("bench {bench}"));
    output(
        cargo()
            .args(["bench", "--locked", "-p", package, "--bench", bench])
            .args(more),
    )
}

/// Runs a bench that prints one JSON object per line.
fn rows(package: &str, bench: &str, more: &[&str]) -> anyhow::Result<Vec<Value>> {
    let text = bench_output(package, bench, &[&["--", "--json"], more].concat())?;
    let rows = text.lines().filter(|line| line.starts_with('{'));
    Ok(rows.map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn pipeline(report: &mut String) -> anyhow::Result<()> {
    writeln!(report, "## Verifying and issuing\n")?;
    writeln!(
        report,
        "| case | us | beside | us | ratio | at most |\n|---|---:|---|---:|---:|---:|"
    )?;
    for row in rows("verifier", "pipeline", &[])? {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let number = |name: &str| row[name].as_f64().unwrap_or(f64::NAN);
        let limit = row["limit"]
            .as_f64()
            .map_or_else(|| "-".into(), |limit| format!("{limit:.2}"));
        writeln!(
            report,
            "| {} | {:.2} | {} | {:.2} | {:.3} | {limit} |",
            text("case"),
            number("us"),
            text("beside"),
            number("beside_us"),
            number("ratio"),
        )?;
    }
    writeln!(report)?;
    Ok(())
}

fn worn(report: &mut String) -> anyhow::Result<()> {
    let frames = target().join("worn-frames");
    let rows = rows("qr", "worn", &["--write", &frames.to_string_lossy()])?;
    let (readers, steps): (Vec<&Value>, Vec<&Value>) =
        rows.iter().partition(|row| row["reader"].is_string());
    writeln!(report, "## Reading worn pictures\n")?;
    writeln!(
        report,
        "Generated from a seed: see `qr/src/worn.rs` for what is done to them.\n"
    )?;
    writeln!(
        report,
        "| reader | read | of | mean ms | median ms | ms without a code |"
    )?;
    writeln!(report, "|---|---:|---:|---:|---:|---:|")?;
    for row in readers {
        let ms = |name: &str| {
            row[name]
                .as_f64()
                .map_or("-".into(), |ms| format!("{ms:.1}"))
        };
        writeln!(
            report,
            "| {} | {} | {} | {} | {} | {} |",
            row["reader"].as_str().unwrap_or_default(),
            row["read"],
            row["frames"],
            ms("mean_ms"),
            ms("median_ms"),
            ms("no_code_ms"),
        )?;
    }
    writeln!(
        report,
        "\n## Making a code of 600 characters\n\n| step | ms |\n|---|---:|"
    )?;
    for row in steps {
        let ms = row["mean_ms"].as_f64().unwrap_or(f64::NAN);
        writeln!(
            report,
            "| {} | {ms:.3} |",
            row["step"].as_str().unwrap_or_default()
        )?;
    }
    writeln!(report)?;
    Ok(())
}
