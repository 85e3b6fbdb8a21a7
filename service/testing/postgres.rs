//! A throwaway PostgreSQL, started by the test and gone with it. Tests of any service include this
//! file: `#[path = ".../service/testing/postgres.rs"] mod postgres;`

#![allow(dead_code, reason = "each test uses a part of it")]

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// A cluster of its own, on loopback.
pub(crate) struct Cluster {
    dir: TempDir,
    bin: PathBuf,
    port: u16,
    as_root: bool,
    durable: bool,
}

/// Starts one, or says loudly that there is no server to start.
pub(crate) fn start() -> Option<Cluster> {
    start_as(false)
}

/// As [`start`], with every commit on the disk before it is answered, as in earnest: for measuring.
pub(crate) fn start_durable() -> Option<Cluster> {
    start_as(true)
}

fn start_as(durable: bool) -> Option<Cluster> {
    let Some(bin) = programs() else {
        eprintln!(
            "\n*** NOT TESTED on PostgreSQL: no server found. Install one: apt-get install \
             --no-install-recommends postgresql ***\n"
        );
        assert!(
            std::env::var_os("HCERT_NEED_POSTGRES").is_none(),
            "HCERT_NEED_POSTGRES is set, and there is no PostgreSQL"
        );
        return None;
    };
    let id = Command::new("id").arg("-u").output().unwrap();
    let as_root = id.stdout.starts_with(b"0\n");
    let dir = tempfile::tempdir().unwrap();
    if as_root {
        let path = dir.path().to_str().unwrap();
        assert!(
            Command::new("chown")
                .args(["postgres", path])
                .status()
                .unwrap()
                .success()
        );
    }
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let cluster = Cluster {
        dir,
        bin,
        port,
        as_root,
        durable,
    };
    cluster.run(
        "initdb",
        &[
            "-U",
            "hcert",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
    );
    cluster.begin();
    Some(cluster)
}

/// The newest server's programs.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop()
}

impl Cluster {
    /// Starts the server. What it says is committed survives a crash of its own, not one of the
    /// machine.
    pub(crate) fn begin(&self) {
        let quick = "-c fsync=off -c full_page_writes=off";
        let options = format!(
            "-c listen_addresses=127.0.0.1 -p {} -k {} {}",
            self.port,
            self.dir.path().display(),
            if self.durable { "" } else { quick }
        );
        let log = self.dir.path().join("log");
        let log = log.to_str().unwrap();
        self.run("pg_ctl", &["-s", "-w", "-l", log, "-o", &options, "start"]);
    }

    /// Stops it, as a crash would.
    pub(crate) fn end(&self) {
        self.run("pg_ctl", &["-m", "immediate", "-s", "stop"]);
    }

    /// Address of a new, empty database.
    pub(crate) fn database(&self, name: &str) -> String {
        let out = self
            .command("createdb")
            .args([
                "-h",
                "127.0.0.1",
                "-p",
                &self.port.to_string(),
                "-U",
                "hcert",
                name,
            ])
            .output()
            .unwrap();
        check("createdb", &out);
        format!("postgres://hcert@127.0.0.1:{}/{name}", self.port)
    }

    fn command(&self, program: &str) -> Command {
        let path = self.bin.join(program);
        let mut command = if self.as_root {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir(self.dir.path());
        command
    }

    /// Processor time of its processes that still run, in seconds: those whose parent is its first one.
    pub(crate) fn spent(&self) -> f64 {
        let file = self.dir.path().join("data/postmaster.pid");
        let first = std::fs::read_to_string(file).unwrap_or_default();
        let first = first.lines().next().unwrap_or_default().to_owned();
        let mut ticks = 0;
        for entry in std::fs::read_dir("/proc").unwrap().flatten() {
            let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            let fields: Vec<&str> = stat
                .rsplit(") ")
                .next()
                .unwrap_or_default()
                .split(' ')
                .collect();
            if fields.get(1).copied() == Some(first.as_str()) {
                let tick = |at: usize| {
                    fields
                        .get(at)
                        .and_then(|t| t.parse::<u64>().ok())
                        .unwrap_or(0)
                };
                ticks += tick(11) + tick(12);
            }
        }
        ticks as f64 / 100.0
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let data: &Path = &self.dir.path().join("data");
        // The server inherits what it is given: with pipes, this would wait for it forever.
        let status = self
            .command(program)
            .arg("-D")
            .arg(data)
            .args(arguments)
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "{program} failed");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.dir.path().join("data");
        let _ = self
            .command("pg_ctl")
            .arg("-D")
            .arg(data)
            .args(["-m", "immediate", "-s", "stop"])
            .status();
    }
}

fn check(program: &str, out: &Output) {
    let error = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{program}: {error}");
}
