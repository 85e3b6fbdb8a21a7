//! `hcert verify` and `inspect`: the contract that other programs are written against, and a
//! stranger's bytes.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;
#[path = "../../scanner/border/testing/zone.rs"]
mod zone;

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use common::{Folder, Outcome};
use serde_json::Value;
use zone::zone;

/// The instant at which the project's own vectors are valid.
const AT: &str = "2026-03-01T08:00:00Z";
/// Most memory that a stranger's input may cost, in kB.
const MEMORY: u64 = 256 * 1024;

fn vector(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../test-vectors")
        .join(name)
}

fn command(more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hcert"));
    command
        .args(["verify", "--at", AT, "--trust"])
        .arg(vector("trust/dsc-es256.pem"))
        .args(more);
    command
}

fn verify(folder: &Folder, more: &[&str]) -> Outcome {
    folder.run(command(more), "")
}

fn valid_text() -> String {
    fs::read_to_string(vector("valid/es256-vaccination.txt"))
        .unwrap()
        .trim_end_matches('\n')
        .to_owned()
}

fn rows(outcome: &Outcome) -> Vec<Value> {
    outcome
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn json_has_every_key_of_the_contract() {
    let folder = Folder::new();
    let picture = vector("valid/es256-vaccination.png");
    let name = picture.to_str().unwrap();
    let outcome = verify(&folder, &["--format", "json", name]);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    let [row] = &rows(&outcome)[..] else {
        panic!("{outcome:?}")
    };
    let keys: Vec<&str> = row
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "input",
            "colour",
            "valid",
            "format",
            "failure",
            "signer",
            "issued_at",
            "expires_at",
            "holder",
            "payload",
            "revocation",
            "trust",
            "rules",
            "doubts"
        ]
    );
    assert_eq!(row["input"], name);
    assert_eq!(
        (&row["valid"], &row["format"]),
        (&Value::Bool(true), &"eu-dcc".into())
    );
    assert_eq!(row["signer"]["algorithm"], "ES256");
    assert_eq!(row["revocation"], "unknown");
    assert!(row["payload"]["v"].is_array() && row["holder"]["name"].is_string());
}

#[test]
fn a_failure_shows_nothing_of_the_content() {
    let folder = Folder::new();
    let forged = fs::read_to_string(first_invalid("signature")).unwrap();
    folder.write("forged.txt", &forged);
    let outcome = verify(&folder, &["--format", "json", "forged.txt"]);
    assert_eq!(outcome.status, 1);
    let row = &rows(&outcome)[0];
    assert_eq!(
        (&row["colour"], &row["failure"]["stage"]),
        (&"red".into(), &"signature".into())
    );
    assert_eq!(
        (&row["payload"], &row["holder"]),
        (&Value::Null, &Value::Null)
    );
    // Asked for, it is shown and marked.
    let outcome = verify(
        &folder,
        &["--format", "json", "--show-unverified", "forged.txt"],
    );
    let row = &rows(&outcome)[0];
    assert_eq!(
        (&row["valid"], &row["unverified"]),
        (&Value::Bool(false), &Value::Bool(true))
    );
    assert!(row["payload"].is_object());
    let outcome = verify(&folder, &["--show-unverified", "forged.txt"]);
    assert!(outcome.stdout.contains("UNVERIFIED | "), "{outcome:?}");
}

/// The text of some vector that fails at a stage.
fn first_invalid(stage: &str) -> PathBuf {
    let mut files: Vec<PathBuf> = fs::read_dir(vector("invalid"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let json = files.into_iter().find(|file| {
        file.extension()
            .is_some_and(|extension| extension == "json")
            && {
                let text = fs::read_to_string(file).unwrap();
                let vector: Value = serde_json::from_str(&text).unwrap();
                vector["expect"]["stage"] == stage
                    && vector["trust"].to_string().contains("dsc-es256.pem")
            }
    });
    json.unwrap().with_extension("txt")
}

#[test]
fn files_of_text_are_answered_in_their_order() {
    let folder = Folder::new();
    let good = valid_text();
    let lines: String = (0..3000)
        .map(|n| {
            if n % 7 == 0 {
                "no code\n".to_owned()
            } else {
                format!("{good}\r\n")
            }
        })
        .collect();
    folder.write("codes.txt", lines);
    let outcome = verify(&folder, &["--format", "json", "codes.txt"]);
    assert_eq!(outcome.status, 1);
    let rows = rows(&outcome);
    assert_eq!(rows.len(), 3000);
    for (n, row) in rows.iter().enumerate() {
        assert_eq!(row["line"], n + 1);
        assert_eq!(row["valid"], n % 7 != 0);
    }
}

#[test]
fn standard_input_is_answered_line_by_line() {
    let mut child = command(&["--format", "json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for text in [valid_text(), "HC1:NONSENSE".to_owned(), valid_text()] {
        input.write_all(format!("{text}\n").as_bytes()).unwrap();
        input.flush().unwrap();
        // The next line is only written when the answer to this one has come.
        let row: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
        assert_eq!(row["valid"], text == valid_text());
        assert_eq!(row["input"], "-");
    }
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn a_code_can_be_the_argument_and_the_language_vietnamese() {
    let folder = Folder::new();
    let outcome = verify(&folder, &["--lang", "vi", &valid_text()]);
    assert_eq!(outcome.status, 0);
    assert!(
        outcome.stdout.starts_with("▲ KHÔNG XÁC ĐỊNH  HC1:"),
        "{outcome:?}"
    );
    assert!(outcome.stdout.contains("Ngày sinh") && !outcome.stdout.contains('\x1b'));
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_answered() {
    let folder = Folder::new();
    folder.write("empty", "");
    folder.write("good.txt", valid_text());
    for (bad, why) in [
        ("nowhere.png", "no such file"),
        ("empty", "empty"),
        (".", "is a directory"),
    ] {
        let outcome = verify(&folder, &["--format", "json", bad, "good.txt"]);
        assert_eq!(outcome.status, 2, "{outcome:?}");
        assert!(outcome.stderr.contains(why), "{outcome:?}");
        assert_eq!(rows(&outcome)[0]["valid"], true);
    }
    let mut without = Command::new(env!("CARGO_BIN_EXE_hcert"));
    without
        .args(["verify", "good.txt"])
        .env("HCERT_DATA_DIR", "nowhere");
    let outcome = folder.run(without, "");
    assert!(outcome.refused().contains("--trust"));
}

#[test]
fn works_without_any_network() {
    let folder = Folder::new();
    let mut apart = Command::new("unshare");
    apart
        .args(["--net", "--map-root-user"])
        .arg(env!("CARGO_BIN_EXE_hcert"));
    apart
        .args(["verify", "--at", AT, "--trust"])
        .arg(vector("trust/dsc-es256.pem"));
    apart.arg(vector("valid/es256-vaccination.png"));
    if Command::new("unshare")
        .args(["--net", "--map-root-user", "true"])
        .output()
        .is_ok_and(|o| o.status.success())
    {
        folder.run(apart, "").good();
    } else {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: no network namespaces on this machine"
        );
    }
}

/// Runs a command, feeds it, and gives its peak memory in kB with its answer.
fn watched(command: &mut Command, feed: impl FnOnce(&mut dyn std::io::Write)) -> (u64, Outcome) {
    let mut child: Child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let watch = std::thread::spawn(move || {
        let mut peak = 0;
        while let Ok(text) = fs::read_to_string(&status) {
            let Some(line) = text.lines().find_map(|line| line.strip_prefix("VmHWM:")) else {
                break;
            };
            peak = line
                .trim()
                .trim_end_matches(" kB")
                .parse::<u64>()
                .unwrap()
                .max(peak);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        peak
    });
    feed(&mut child.stdin.take().unwrap());
    let output = child.wait_with_output().unwrap();
    let outcome = Outcome {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    (watch.join().unwrap(), outcome)
}

#[test]
fn hostile_files_are_refused_within_bounds() {
    let folder = Folder::new();
    let png = fs::read(vector("valid/es256-vaccination.png")).unwrap();
    // A PNG that claims 20,000 x 20,000 pixels: width and height are bytes 16 to 23.
    let mut huge = png.clone();
    huge[16..20].copy_from_slice(&20_000u32.to_be_bytes());
    huge[20..24].copy_from_slice(&20_000u32.to_be_bytes());
    folder.write("huge.png", huge);
    folder.write("cut.png", &png[..png.len() / 2]);
    folder.write("cut.jpg", [0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F']);
    folder.write(
        "broken.pdf",
        "%PDF-1.7\n1 0 obj << /Length 99999999999 >> stream\n",
    );
    folder.write("noise.txt", [0xff; 4096]);
    folder.write("nested.txt", format!("HC1:{}", "6BFOXN".repeat(2000)));
    for (file, stage) in [
        ("huge.png", "picture"),
        ("cut.png", "picture"),
        ("cut.jpg", "picture"),
        ("broken.pdf", "picture"),
        ("noise.txt", "prefix"),
        ("nested.txt", "zlib"),
    ] {
        let path = folder.path(file);
        let path = path.to_str().unwrap();
        let (peak, outcome) = watched(&mut command(&["--format", "json", path]), |_| {});
        assert_eq!(outcome.status, 1, "{file}: {outcome:?}");
        assert_eq!(
            rows(&outcome)[0]["failure"]["stage"],
            stage,
            "{file}: {outcome:?}"
        );
        assert!(!outcome.stderr.contains("panicked"), "{file}: {outcome:?}");
        assert!(peak < MEMORY, "{file}: {peak} kB");
    }
}

#[test]
fn endless_input_costs_no_memory() {
    const MEGABYTES: usize = 64;
    let (peak, outcome) = watched(&mut command(&["--format", "json", "-"]), |input| {
        let block = vec![b'A'; 1 << 20];
        input.write_all(b"HC1:").unwrap();
        for _ in 0..MEGABYTES {
            input.write_all(&block).unwrap();
        }
    });
    assert_eq!(outcome.status, 1);
    assert!(
        rows(&outcome)[0]["failure"]["message"]
            .as_str()
            .unwrap()
            .contains("longer than")
    );
    assert!(peak < 64 * 1024, "{peak} kB for {MEGABYTES} MB");
}

#[test]
fn inspect_marks_everything_as_unverified() {
    let folder = Folder::new();
    let picture = vector("valid/es256-vaccination.png");
    let shown = folder
        .hcert_with(&["inspect", picture.to_str().unwrap()], "")
        .good();
    assert!(shown.starts_with("UNVERIFIED: nothing below has been checked"));
    for layer in [
        "1 HC1",
        "2 Base45",
        "3 zlib",
        "4 COSE_Sign1",
        "5 CWT",
        "6 hcert",
    ] {
        assert!(shown.contains(layer), "{layer} in {shown}");
    }
    let json = folder
        .hcert_with(&["inspect", "--format", "json", &valid_text()], "")
        .good();
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&json["unverified"], &json["algorithm"]),
        (&Value::Bool(true), &(-7).into())
    );
}

/// A passport of the person of the first vector, and of others.
fn passport(names: &str, birth: &str) -> String {
    zone("td3", names, birth) + "\n"
}

#[test]
fn a_passport_beside_the_code() {
    let folder = Folder::new();
    let code = vector("valid/es256-vaccination.txt");
    let code = code.to_str().unwrap();
    let row = &rows(&verify(&folder, &["--format", "json", code]))[0];
    assert!(row.get("document").is_none());
    let holder = row["holder"]["name_transliterated"].as_str().unwrap();
    let birth = row["holder"]["date_of_birth"].as_str().unwrap();
    let birth = birth.replace('-', "")[2..].to_owned();

    let answer = |passport: &str| {
        folder.write("passport.txt", passport);
        let args = ["--format", "json", "--mrz", "passport.txt", code];
        let outcome = verify(&folder, &args);
        let row = rows(&outcome).remove(0);
        assert_eq!(row["valid"], true);
        (outcome.status, row["document"].clone())
    };
    let (status, document) = answer(&passport(holder, &birth));
    assert_eq!((status, &document["answer"]), (0, &"match".into()));
    let (status, document) = answer(&passport("MUSTERMANN<<ERIKA", &birth));
    assert_eq!(status, 1);
    assert_eq!(document["differences"], serde_json::json!(["name"]));
    let (status, document) = answer(&passport(holder, "010203"));
    assert_eq!(status, 1);
    assert_eq!(
        document["differences"],
        serde_json::json!(["date_of_birth"])
    );
    let given = holder.split("<<").next().unwrap();
    let (status, document) = answer(&passport(given, &birth));
    assert_eq!((status, &document["answer"]), (1, &"cant_say".into()));
    assert_eq!(document["doubts"], serde_json::json!(["name_part"]));

    // Typed at a prompt, in lower case; and a wrong one, which is not shown again.
    let typed = passport(holder, &birth).to_lowercase();
    let outcome = folder.run(command(&["--mrz", "-", code]), &typed);
    assert_eq!(outcome.status, 0, "{outcome:?}");
    assert!(outcome.stdout.contains("✔ SAME PERSON"), "{outcome:?}");
    let wrong = passport(holder, &birth).replace("B1234567", "B1234568");
    let outcome = folder.run(command(&["--lang", "vi", "--mrz", "-", code]), &wrong);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""));
    assert!(outcome.stderr.contains("số giấy tờ"), "{outcome:?}");
    assert!(!outcome.stderr.contains("B1234568") && !outcome.stderr.contains(holder));
    let outcome = folder.run(command(&["--mrz", "-", "-"]), &wrong);
    assert_eq!(outcome.status, 2);
    // Nothing is said of a person whom nobody vouches for.
    let forged = first_invalid("signature");
    folder.write("passport.txt", passport(holder, &birth));
    let args = [
        "--format",
        "json",
        "--mrz",
        "passport.txt",
        forged.to_str().unwrap(),
    ];
    let row = &rows(&verify(&folder, &args))[0];
    assert_eq!(row["document"], Value::Null);
}
