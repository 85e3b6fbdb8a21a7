//! `hcert issue`: full rounds, and everything it refuses.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::Folder;
use hcert::time::Timestamp;
use serde_json::{Value, json};
use verifier::{Stage, Verdict, Verifier, trust::TrustBuilder};

const AT: &str = "2030-01-01T00:00:00Z";
const KEYS: [&str; 5] = ["issue", "--cert", "pki/dsc.pem", "--key", "pki/dsc.key"];

fn payload() -> Value {
    json!({
        "ver": "1.3.3",
        "nam": { "fn": "Nguyễn", "gn": "Văn Đức" },
        "dob": "1998-02-26",
        "v": [{
            "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
            "dn": 2, "sd": 2, "dt": "2021-12-20", "co": "VN", "is": "Bộ Y tế",
            "ci": "URN:UVCI:01:VN:8A1F3C#U"
        }]
    })
}

fn issue(folder: &Folder, payload: &Value, more: &[&str]) -> common::Outcome {
    issue_text(folder, &payload.to_string(), more)
}

fn issue_text(folder: &Folder, input: &str, more: &[&str]) -> common::Outcome {
    let args = [&KEYS[..], &["--payload", "-"], more].concat();
    folder.hcert_with(&args, input)
}

fn verify(folder: &Folder, trusted: &[&str], text: &str, at: Timestamp) -> Verdict {
    let mut trust = TrustBuilder::new();
    for name in trusted {
        trust.add_file(&folder.read(name)).unwrap();
    }
    Verifier::new(trust.build()).verify(text, at)
}

/// Twenty-nine days after tomorrow: later than any clock here, earlier than any DSC's end.
fn later() -> Timestamp {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    Timestamp::from_unix(now.as_secs() as i64 + 30 * 86_400).unwrap()
}

#[test]
fn from_csca_to_a_verified_text_with_every_algorithm() {
    let folder = Folder::new();
    folder.pki("");
    for (algorithm, profile) in [
        ("es256", "international"),
        ("ps256", "international"),
        ("eddsa", "national"),
    ] {
        folder
            .dsc(algorithm, &format!("--algorithm {algorithm}"))
            .good();
        let (cert, key) = (
            format!("{algorithm}/dsc.pem"),
            format!("{algorithm}/dsc.key"),
        );
        let args = [
            "issue",
            "--cert",
            &cert,
            "--key",
            &key,
            "--payload",
            "-",
            "--profile",
            profile,
        ];
        let text = folder.hcert_with(&args, &payload().to_string()).good();
        let text = text.strip_suffix('\n').unwrap();
        assert!(text.starts_with("HC1:") && !text.contains('\n'));
        let trusted = ["pki/csca.pem", &cert];
        let verdict = verify(&folder, &trusted, text, later());
        let certificate = verdict.result.unwrap();
        let mut expected = payload();
        expected["nam"]["fnt"] = "NGUYEN".into();
        expected["nam"]["gnt"] = "VAN<DUC".into();
        assert_eq!(certificate.payload(), expected);
        assert_eq!(certificate.issuer(), Some("VN"));
        let life = verdict.expires_at.unwrap().unix() - verdict.issued_at.unwrap().unix();
        assert_eq!(life, 365 * 86_400);
        // The DSC of another run is another key.
        let verdict = verify(&folder, &["pki/dsc.pem"], text, later());
        assert_eq!(verdict.result.unwrap_err().stage(), Stage::Kid);

        let other = if profile == "national" {
            "international"
        } else {
            "national"
        };
        let args = [
            "issue",
            "--cert",
            &cert,
            "--key",
            &key,
            "--payload",
            "-",
            "--profile",
            other,
        ];
        let said = folder.hcert_with(&args, &payload().to_string()).refused();
        assert!(
            said.contains(&format!("the profile {other} is signed with")),
            "{said}"
        );
    }
}

#[test]
fn every_fault_of_a_payload_at_once() {
    let folder = Folder::new();
    folder.pki("");
    let mut wrong = payload();
    wrong["dob"] = "1998-02-30".into();
    wrong["v"][0]["mp"] = "EU/1/20/1529".into();
    wrong["v"][0]["dn"] = 0.into();
    wrong["v"][0]["doses"] = 2.into();
    wrong["v"][0].as_object_mut().unwrap().remove("is");
    let said = issue(&folder, &wrong, &["--text", "out.txt"]).refused();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines[..5],
        [
            "error: the payload can't be issued; nothing was written",
            "  dob the month has no day 30 (\"1998-02-30\") — allowed: YYYY-MM-DD, YYYY-MM, YYYY or empty, 1900 to 2099",
            "  v[0].doses is not a known field — allowed: one of tg, vp, mp, ma, dn, sd, dt, co, is, ci",
            "  v[0].dn is out of range (\"0\") — allowed: a whole number from 1",
            "  v[0].is is missing",
        ]
    );
    assert!(
        lines[5].starts_with(
            "  v[0].mp is not a code of the value set vaccines-covid-19-names \
             (\"EU/1/20/1529\") — allowed: a code of the value set vaccines-covid-19-names, perhaps "
        ) && lines[5].contains("EU/1/20/1528 (Comirnaty)"),
        "{said}"
    );
    assert_eq!(lines.len(), 6);
    assert!(!folder.path("out.txt").exists());

    let mut wrong = payload();
    wrong["dob"] = "2022-01-01".into();
    let said = issue(&folder, &wrong, &["--lang", "vi"]).refused();
    assert_eq!(
        said,
        "lỗi: không cấp được nội dung này; chưa ghi gì\n  \
         dob mâu thuẫn với v[0].dt: sinh sau sự kiện — cho phép: một ngày không sau sự kiện\n"
    );
    let mut wrong = payload();
    wrong["v"][0]["dt"] = "2099-01-01".into();
    let said = issue(&folder, &wrong, &[]).refused();
    assert!(said.contains("v[0].dt lies in the future"), "{said}");

    for (input, wanted) in [
        ("", "standard input holds no payload"),
        ("[]", "standard input holds no payload"),
        ("{", "standard input is not JSON: EOF while parsing"),
        ("7", "$ is a number, not an object"),
    ] {
        let said = issue_text(&folder, input, &[]).refused();
        assert!(said.contains(wanted), "{said}");
    }
}

#[test]
fn the_dsc_bounds_what_is_issued() {
    let folder = Folder::new();
    folder.pki("--kind test --days 100");
    let said = issue(&folder, &payload(), &["--days", "50"]).refused();
    assert_eq!(
        said,
        "error: the payload can't be issued; nothing was written\n  \
         the DSC may not sign a vaccination certificate — it may sign: test\n"
    );
    let test = folder.hcert("issue --example test").good();
    issue_text(&folder, &test, &["--days", "50"]).good();

    // Expired, or not begun.
    let at = issue_text(&folder, &test, &["--issued-at", AT]).refused();
    assert!(
        at.contains("the DSC is not valid at the time of issue, 2030-01-01T00:00:00Z, only from"),
        "{at}"
    );
    let at = issue_text(&folder, &test, &["--issued-at", "2020-01-01T00:00:00Z"]).refused();
    assert!(
        at.contains("the DSC is not valid at the time of issue"),
        "{at}"
    );

    // The latest possible date is one that works.
    let said = issue_text(&folder, &test, &[]).refused();
    assert!(said.contains("after the DSC's own end"), "{said}");
    let latest = said.split("--expires ").nth(1).unwrap();
    let latest = latest.split(',').next().unwrap();
    issue_text(&folder, &test, &["--expires", latest]).good();
    let said = issue_text(&folder, &test, &["--expires", "2020-01-01T00:00:00Z"]).refused();
    assert!(said.contains("before its issue"), "{said}");

    // Another DSC's key.
    folder.dsc("other", "").good();
    let args = [
        "issue",
        "--cert",
        "other/dsc.pem",
        "--key",
        "pki/dsc.key",
        "--payload",
        "-",
    ];
    let said = folder.hcert_with(&args, &test).refused();
    assert_eq!(
        said,
        "error: the private key in pki/dsc.key is not the one of the certificate in other/dsc.pem\n  \
         — give the two files that were made together\n"
    );
}

#[test]
fn an_identifier_is_made_when_there_is_none() {
    let folder = Folder::new();
    folder.pki("");
    let example = folder.hcert("issue --example recovery").good();
    let text = issue_text(&folder, &example, &["--issuer", "SG"]).good();
    let other = issue_text(&folder, &example, &["--issuer", "SG"]).good();
    let identifier = |text: &str| {
        let verdict = verify(
            &folder,
            &["pki/dsc.pem"],
            text.trim_end_matches('\n'),
            later(),
        );
        let certificate = verdict.result.unwrap();
        assert_eq!(certificate.issuer(), Some("SG"));
        let payload = certificate.payload();
        hcert::uvci::Uvci::parse(payload["r"][0]["ci"].as_str().unwrap()).unwrap()
    };
    let (one, two) = (identifier(&text), identifier(&other));
    assert_ne!(one, two);
    assert_eq!(one.country(), Some("SG"));
    assert_eq!(one.check_character(), hcert::uvci::CheckCharacter::Right);
    assert_eq!(one.opaque().map(str::len), Some(32));
}

#[test]
fn files_and_pictures() {
    let folder = Folder::new();
    folder.pki("");
    folder.write("person.json", payload().to_string());
    let args = [
        &KEYS[..],
        &[
            "--payload",
            "person.json",
            "--text",
            "out/person.txt",
            "--png",
            "out/person.png",
            "--svg",
            "out/person.svg",
            "--width-mm",
            "60",
            "--level",
            "m",
        ],
    ]
    .concat();
    let said = folder.hcert_with(&args, "").good();
    assert!(
        said.starts_with("issued: URN:UVCI:01:VN:8A1F3C#U\n  valid "),
        "{said}"
    );
    assert!(
        said.contains("out/person.png (") && said.contains("level M"),
        "{said}"
    );
    let text = String::from_utf8(folder.read("out/person.txt")).unwrap();
    let text = text.trim_end_matches('\n');
    assert!(verify(&folder, &["pki/dsc.pem"], text, later()).is_valid());
    let picture = folder.read("out/person.png");
    let read = common::codes(&picture);
    assert_eq!(read, vec![text.to_owned()]);
    assert!(folder.read("out/person.svg").starts_with(b"<svg"));
    let said = folder
        .hcert("verify --trust pki/csca.pem --trust pki/dsc.pem --format json out/person.png")
        .good();
    let verdict: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (&verdict["valid"], &verdict["payload"]["dob"]),
        (&json!(true), &json!("1998-02-26"))
    );

    // A picture alone leaves standard output to the report; one on standard output has it alone.
    let args = [&KEYS[..], &["--payload", "person.json", "--svg", "-"]].concat();
    assert!(folder.hcert_with(&args, "").good().starts_with("<svg"));
    let args = [&args[..], &["--text", "-"]].concat();
    assert!(
        folder
            .hcert_with(&args, "")
            .refused()
            .contains("two outputs")
    );
    // What can't be written leaves nothing behind.
    folder.write("file", "");
    let args = [
        &KEYS[..],
        &[
            "--payload",
            "person.json",
            "--text",
            "new.txt",
            "--png",
            "file/a.png",
        ],
    ]
    .concat();
    assert!(
        folder
            .hcert_with(&args, "")
            .refused()
            .contains("can't be written")
    );
    assert_eq!(folder.names(), ["file", "out", "person.json", "pki"]);
}

#[test]
fn many_payloads_all_or_none() {
    let folder = Folder::new();
    folder.pki("");
    let entry = |number: usize| {
        let mut value = payload();
        value["v"][0]["ci"] = format!("URN:UVCI:01:VN:{number}").into();
        value["v"][0]["dn"] = (number as u64).into();
        value
    };
    let entries: Vec<Value> = (1..=120).map(entry).collect();
    let list = Value::Array(entries.clone()).to_string();
    let lines: Vec<String> = entries.iter().map(Value::to_string).collect();
    for input in [list, lines.join("\n")] {
        let texts = issue_text(&folder, &input, &[]).good();
        let texts: Vec<&str> = texts.lines().collect();
        assert_eq!(texts.len(), 120);
        for (text, wanted) in texts.iter().zip(&entries) {
            let verdict = verify(&folder, &["pki/dsc.pem"], text, later());
            let payload = verdict.result.unwrap().payload();
            assert_eq!(payload["v"], wanted["v"]);
        }
    }
    let mut bad = entries.clone();
    bad[2]["dob"] = "yesterday".into();
    bad[119]["v"][0]["co"] = "ZZ".into();
    let said = issue(&folder, &Value::Array(bad), &["--text", "all.txt"]).refused();
    assert!(said.starts_with("error: 2 of 120 payloads can't be issued; nothing was written\n  entry 3\n    dob not of the form"), "{said}");
    assert!(
        said.contains("\n  entry 120\n    v[0].co is not a code"),
        "{said}"
    );
    assert!(!folder.path("all.txt").exists());

    let same = Value::Array(vec![entry(1), entry(2), entry(1)]);
    let said = issue(&folder, &same, &[]).refused();
    assert!(
        said.contains("  entry 3\n    v[0].ci is the same as in entry 1"),
        "{said}"
    );
    let two = Value::Array(vec![entry(1), entry(2)]);
    let said = issue(&folder, &two, &["--png", "a.png"]).refused();
    assert!(said.contains("a picture holds one certificate"), "{said}");
}

#[test]
fn without_a_payload_and_a_terminal() {
    let folder = Folder::new();
    let said = folder.hcert_with(&KEYS, "").refused();
    assert!(said.contains("give --payload FILE, or -"), "{said}");
}
