//! The command as a whole: a cold start with one picture, and a file of 100,000 codes.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::Context as _;

use crate::run::{cargo, command, headline, root, run, target};

/// Codes in the large file.
const CODES: usize = 100_000;
/// Cold starts that are averaged: the kernel counts processor time in hundredths of a second.
const STARTS: u32 = 50;

pub(super) fn measure(report: &mut String) -> anyhow::Result<()> {
    headline("the command");
    run(cargo().args(["build", "--release", "--locked", "-p", "cli"]))?;
    let hcert = target().join("release/hcert");
    let vectors = root().join("test-vectors");
    let trust = vectors.join("trust/dsc-es256.pem");
    let picture = vectors.join("valid/es256-vaccination.png");
    let text = fs::read_to_string(vectors.join("valid/es256-vaccination.txt"))?;
    let verify = |input: &Path| {
        let mut verify = command(&hcert);
        verify.args([
            "verify",
            "--format",
            "json",
            "--at",
            "2026-03-01T08:00:00Z",
            "--trust",
        ]);
        verify.arg(&trust).arg(input).stdout(Stdio::null());
        verify
    };

    let before = children_cpu()?;
    for _ in 0..STARTS {
        run(&mut verify(&picture))?;
    }
    let cold = (children_cpu()? - before) / STARTS;

    let codes = target().join("bench-codes.txt");
    fs::write(
        &codes,
        format!("{}\n", text.trim_end_matches('\n')).repeat(CODES),
    )?;
    let before = children_cpu()?;
    let start = Instant::now();
    let peak = run_and_watch(&mut verify(&codes))?;
    let (wall, cpu) = (start.elapsed(), children_cpu()? - before);
    let cores = cpu.as_secs_f64() / wall.as_secs_f64();

    writeln!(report, "## The command\n")?;
    writeln!(report, "| what | figure | at most |\n|---|---:|---:|")?;
    writeln!(
        report,
        "| `hcert verify` of one PNG from a cold start, processor time (mean of {STARTS}) | {:.1} ms | 50 ms |",
        cold.as_secs_f64() * 1e3
    )?;
    writeln!(
        report,
        "| `hcert verify` of a file of {CODES} codes, peak memory | {:.1} MB | 100 MB |",
        peak as f64 / 1e3
    )?;
    writeln!(
        report,
        "| the same, wall time, and cores in use | {:.2} s, {cores:.2} cores, {:.0} codes/s | - |",
        wall.as_secs_f64(),
        CODES as f64 / wall.as_secs_f64()
    )?;
    Ok(())
}

/// Processor time of the children that ended: fields 16 and 17 of /proc/self/stat, in ticks of
/// 10 ms.
fn children_cpu() -> anyhow::Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").context("/proc/self/stat")?;
    let fields = stat
        .rsplit_once(") ")
        .map(|(_, fields)| fields)
        .unwrap_or_default();
    let ticks: u64 = fields
        .split(' ')
        .skip(13)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Ok(Duration::from_millis(ticks * 10))
}

/// Runs a command to its end; its peak memory in kB, as the kernel counts it.
fn run_and_watch(command: &mut Command) -> anyhow::Result<u64> {
    let mut child = command.spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(now.unwrap_or(0));
        if let Some(status) = child.try_wait()? {
            anyhow::ensure!(status.success(), "the command failed: {status}");
            return Ok(peak);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
