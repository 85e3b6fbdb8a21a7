//! `hcert gate` as a program: green only by trust data of production, updates from a stick, killed and
//! started again, damaged files, what opens.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;
#[path = "common/publication.rs"]
mod publication;

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use common::Folder;
use publication::Publication;
use trust_list::environment::Environment;

/// A running gate with a reader on standard input and a door controller on standard output.
struct Gate {
    child: Child,
    reader: ChildStdin,
    door: BufReader<ChildStdout>,
}

impl Gate {
    fn start(folder: &Folder, more: &str) -> Gate {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hcert"))
            .args([
                "gate",
                "--lang",
                "en",
                "--lines",
                "-",
                "--repeat-minutes",
                "0",
            ])
            .args(more.split_whitespace())
            .env("HCERT_DATA_DIR", folder.path("data"))
            .current_dir(folder.path(""))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Gate {
            reader: child.stdin.take().unwrap(),
            door: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    /// Shows a code; colour and reason of the answer.
    fn show(&mut self, code: &str) -> (String, String) {
        self.reader
            .write_all(format!("{code}\r\n").as_bytes())
            .unwrap();
        let mut line = String::new();
        self.door.read_line(&mut line).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(
            (words[0], words.len(), words[4]),
            ("HCERT1", 6, "stdin"),
            "{line}"
        );
        (words[2].to_owned(), words[3].to_owned())
    }

    /// Shows a code until the answer is this one: trust data is loaded beside the answers.
    fn show_until(&mut self, code: &str, colour: &str) -> String {
        let started = Instant::now();
        loop {
            let (found, reason) = self.show(code);
            if found == colour {
                return reason;
            }
            assert!(
                started.elapsed() < Duration::from_secs(30),
                "{found} {reason}"
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// The reader ends; so does the gate. What it said on standard error.
    fn end(mut self) -> String {
        drop(self.reader);
        assert!(self.child.wait().unwrap().success());
        let mut said = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        said
    }
}

fn village() -> (Folder, Publication, String) {
    let folder = Folder::new();
    folder.pki("");
    folder
        .shell("hcert issue --example vaccination > payload.json")
        .good();
    folder
        .hcert("issue --cert pki/dsc.pem --key pki/dsc.key --payload payload.json --text code.txt")
        .good();
    let mut publication = Publication::of(&folder.read("pki/dsc.pem"));
    publication.environment = Environment::Production;
    let code = String::from_utf8(folder.read("code.txt"))
        .unwrap()
        .trim_end()
        .to_owned();
    (folder, publication, code)
}

fn install(folder: &Folder, publication: &Publication) {
    let _ = fs::remove_dir_all(folder.path("published"));
    publication.write(&folder.path("published"));
    let root = publication.fingerprint(1);
    let mut command = Command::new(env!("CARGO_BIN_EXE_hcert"));
    command
        .args(["trust", "update", "published", "--root-sha256", &root])
        .env("HCERT_DATA_DIR", folder.path("data"));
    folder.run(command, "").good();
}

#[test]
fn never_green_without_trust_data_and_green_when_it_comes() {
    let (folder, mut publication, code) = village();
    let mut gate = Gate::start(&folder, "");
    for _ in 0..3 {
        assert_eq!(gate.show(&code), ("AMBER".into(), "no_trust".into()));
    }
    // Installed while it runs.
    install(&folder, &publication);
    assert_eq!(gate.show_until(&code, "GREEN"), "-");
    assert_eq!(gate.show("8934563000123"), ("RED".into(), "prefix".into()));
    assert_eq!(gate.show(&code.to_lowercase()).0, "GREEN");
    let said = gate.end();
    assert!(said.contains("NO TRUST DATA"), "{said}");

    // A bundle of a test lets nobody in.
    publication.environment = Environment::Test;
    fs::remove_dir_all(folder.path("data")).unwrap();
    install(&folder, &publication);
    let mut gate = Gate::start(&folder, "");
    let started = Instant::now();
    while gate.show(&code) != ("AMBER".into(), "test_trust".into()) {
        assert!(started.elapsed() < Duration::from_secs(30));
    }
    gate.end();
}

#[test]
fn a_stick_brings_newer_trust_data_and_a_bad_one_changes_nothing() {
    let (folder, mut publication, code) = village();
    install(&folder, &publication);
    let mut gate = Gate::start(&folder, "--update-from stick");
    gate.show_until(&code, "GREEN");
    // A newer bundle in which the key was withdrawn.
    publication.sequence = 2;
    publication.withdrawal = Some(trust_list::key_list::Withdrawal {
        from: hcert::time::Timestamp::saturating(1),
        compromised: true,
        reason: "stolen".into(),
    });
    publication.write(&folder.path("stick"));
    assert_eq!(gate.show_until(&code, "RED"), "trust");
    // The one before is not taken any more, nor a damaged one.
    fs::remove_dir_all(folder.path("stick")).unwrap();
    thread::sleep(Duration::from_millis(2_500));
    publication.sequence = 1;
    publication.withdrawal = None;
    publication.write(&folder.path("stick"));
    thread::sleep(Duration::from_millis(3_000));
    assert_eq!(gate.show(&code), ("RED".into(), "trust".into()));
    let said = gate.end();
    assert!(said.contains("The last update failed"), "{said}");
}

#[test]
fn killed_at_random_and_with_a_damaged_bundle_it_comes_back() {
    let (folder, publication, code) = village();
    install(&folder, &publication);
    let kills = std::env::var("HCERT_KILLS").map_or(3, |count| count.parse::<u64>().unwrap() / 10);
    for n in 0..kills {
        let mut gate = Gate::start(&folder, "");
        gate.show_until(&code, "GREEN");
        thread::sleep(Duration::from_millis(n * 37 % 400));
        gate.child.kill().unwrap();
        gate.child.wait().unwrap();
    }
    // What a power cut left of the bundle, the counts and the heartbeat.
    let bundle = folder.read("data/trust/bundle.hcert");
    folder.write("data/trust/bundle.hcert", &bundle[..bundle.len() / 2]);
    fs::create_dir_all(folder.path("data/gate")).unwrap();
    folder.write("data/gate/counts.csv", b"hour,rea\xff\0");
    folder.write("data/state/gate", "no time");
    let mut gate = Gate::start(&folder, "");
    for _ in 0..3 {
        assert_eq!(gate.show(&code), ("AMBER".into(), "no_trust".into()));
    }
    folder.write("data/trust/bundle.hcert", &bundle);
    gate.show_until(&code, "GREEN");
    let said = gate.end();
    assert!(
        said.contains("1 lines of the counts are not understood"),
        "{said}"
    );

    let mut command = Command::new(env!("CARGO_BIN_EXE_hcert"));
    command
        .args(["gate", "--print-counts"])
        .env("HCERT_DATA_DIR", folder.path("data"));
    let csv = folder.run(command, "").good();
    assert!(
        csv.starts_with("hour,reader,colour,reason,count\n"),
        "{csv}"
    );
    assert!(csv.contains(",stdin,amber,no_trust,"), "{csv}");
    assert!(csv.contains(",stdin,green,,1\n"), "{csv}");
}

#[test]
fn what_opens_on_green_and_only_then() {
    let (folder, publication, code) = village();
    install(&folder, &publication);
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/open", server.local_addr().unwrap());
    let opened = folder.path("opened");
    let told = folder.path("told.json");
    let command = format!(
        "--on-green=touch {} --url {url} --json {} --counts {}",
        opened.display(),
        told.display(),
        folder.path("counts.csv").display()
    );
    // One argument with a space in it.
    let (first, rest) = command.split_once(" --url").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_hcert"))
        .args(["gate", "--names", "--no-screen", first])
        .args(format!("--url{rest}").split_whitespace())
        .env("HCERT_DATA_DIR", folder.path("data"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut reader = child.stdin.take().unwrap();
    let (sender, receiver) = std::sync::mpsc::channel();
    thread::spawn(move || {
        for stream in server.incoming() {
            let mut stream = stream.unwrap();
            let mut request = BufReader::new(stream.try_clone().unwrap());
            let (mut line, mut length) = (String::new(), 0);
            while request.read_line(&mut line).unwrap() > 2 {
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                line.clear();
            }
            let mut body = vec![0; length];
            request.read_exact(&mut body).unwrap();
            stream
                .write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
                .unwrap();
            sender.send(String::from_utf8(body).unwrap()).unwrap();
        }
    });
    reader.write_all(b"8934563000123\r").unwrap();
    let body = loop {
        reader.write_all(format!("{code}\r").as_bytes()).unwrap();
        if let Ok(body) = receiver.recv_timeout(Duration::from_millis(300)) {
            break body;
        }
    };
    drop(reader);
    assert!(child.wait().unwrap().success());
    assert!(opened.exists());
    let object: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (&object["colour"], &object["reader"]),
        (&"green".into(), &"stdin".into())
    );
    assert!(object.get("verdict").is_none(), "{object}");
    let told = fs::read_to_string(told).unwrap();
    let rows: Vec<serde_json::Value> = told
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        rows[0]["colour"],
        if rows[0]["reason"] == "no_trust" {
            "amber"
        } else {
            "red"
        }
    );
    assert_eq!(rows.last().unwrap()["verdict"]["valid"], true);
    let name = rows.last().unwrap()["verdict"]["holder"]["name"]
        .as_str()
        .unwrap();
    // Nothing of anybody in what is kept.
    let counts = String::from_utf8(folder.read("counts.csv")).unwrap();
    assert!(
        !counts.contains(name) && counts.contains(",green,"),
        "{counts}"
    );
}

#[test]
fn a_terminal_is_drawn_on_and_left_as_it_was() {
    let (folder, publication, code) = village();
    install(&folder, &publication);
    let mut child = Command::new(env!("CARGO_BIN_EXE_hcert"))
        .args(["gate", "--screen", "--lang", "vi", "--no-counts"])
        .env("HCERT_DATA_DIR", folder.path("data"))
        .env("COLORTERM", "truecolor")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut reader = child.stdin.take().unwrap();
    for _ in 0..20 {
        reader.write_all(format!("{code}\r").as_bytes()).unwrap();
        thread::sleep(Duration::from_millis(100));
    }
    drop(reader);
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("\x1b[?1049h\x1b[?25l"));
    assert!(text.ends_with("\x1b[0m\x1b[?25h\x1b[?1049l"));
    assert!(text.contains("48;2;26;127;55m"), "no green");
    assert!(text.contains('█') && text.contains('\x07'));
}
