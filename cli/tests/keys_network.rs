//! `hcert keys network`: the kit made, checked, found wanting, and a DSC uploaded.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::Folder;
use hcert::{pem, x509::Certificate};
use serde_json::Value;
use trust_exchange::join::read_upload;

const MAKE: [&str; 9] = [
    "keys",
    "network",
    "make",
    "--country",
    "VN",
    "--organisation",
    "Ministry of Health",
    "--out",
    "join",
];

fn made() -> Folder {
    let folder = Folder::new();
    let said = folder.hcert_with(&MAKE, "").good();
    assert!(said.contains("VNM") && said.contains("hcert keys network check join"));
    folder
}

fn certificate(folder: &Folder, name: &str) -> Certificate {
    let text = String::from_utf8(folder.read(name)).unwrap();
    let (_, der) = pem::blocks(&text).next().unwrap().unwrap();
    Certificate::from_der(&der).unwrap()
}

fn check(folder: &Folder, line: &str) -> (i32, Value) {
    let outcome = folder.hcert(&format!("keys network check --format json {line}"));
    let answer = serde_json::from_str(&outcome.stdout);
    (outcome.status, answer.unwrap_or(Value::Null))
}

#[test]
fn what_is_made_passes_and_holds_no_private_key() {
    let folder = made();
    let (status, answer) = check(&folder, "join --participant VNM");
    assert_eq!((status, &answer["faults"]), (0, &0.into()), "{answer}");
    let certificates = answer["certificates"].as_array().unwrap();
    let roles: Vec<_> = certificates.iter().map(|one| &one["role"]).collect();
    assert_eq!(roles, ["DSC", "SCA", "TLS", "UP"]);
    for key in ["DCC/SCA", "DCC/DSC", "TLS", "UP"] {
        let path = format!("join/private/{key}.key");
        let text = String::from_utf8(folder.read(&path)).unwrap();
        assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = folder.path(&path).metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{path}");
        }
    }
    let handed_in = folder
        .shell("grep -rl PRIVATE join/participant join/DSC")
        .stdout;
    assert_eq!(handed_in, "");
    // Nothing is replaced unasked.
    let said = folder.hcert_with(&MAKE, "").refused();
    assert!(said.contains("--force"), "{said}");
}

#[test]
fn a_country_a_domain_and_a_name_that_are_none() {
    let folder = Folder::new();
    for (from, to, words) in [
        ("VN", "ZZ", "no country has the code ZZ"),
        ("join", "join --domain XYZ", "no domain XYZ"),
        ("join", "join --domain DCC --domain DCC", "there twice"),
        ("Ministry of Health", " ", "name"),
    ] {
        let args = MAKE.iter().flat_map(|word| match *word == from {
            true if to == " " => vec![" "],
            true => to.split(' ').collect(),
            false => vec![*word],
        });
        let args: Vec<&str> = args.collect();
        let said = folder.hcert_with(&args, "").refused();
        assert!(said.contains(words), "{said}");
        assert!(!folder.path("join").exists());
    }
}

#[test]
fn faults_end_with_status_one() {
    let folder = made();
    let dsc = "join/DSC/DCC/DSC.pem";
    assert_eq!(check(&folder, &format!("{dsc} --role dsc")).0, 0);
    for role in ["sca", "tls"] {
        assert_eq!(
            check(&folder, &format!("{dsc} --role {role}")).0,
            1,
            "{role}"
        );
    }
    // Another country's participant, another SCA, and an instant after its end.
    assert_eq!(check(&folder, "join --participant LAO").0, 1);
    folder.pki("");
    let other = check(&folder, &format!("{dsc} --role dsc --sca pki/csca.pem"));
    assert_eq!(other.0, 1, "{}", other.1);
    assert_eq!(check(&folder, "join --at 2099-01-01T00:00:00Z").0, 1);
    // For people, each finding is a line.
    let outcome = folder.hcert(&format!("keys network check {dsc} --role sca"));
    assert_eq!(outcome.status, 1);
    assert!(
        outcome
            .stdout
            .contains("\n  ✖ the key usage has certificate signing: it does not\n")
    );
    let said = folder.hcert(&format!("keys network check {dsc}")).refused();
    assert!(said.contains("--role"), "{said}");
    let said = folder.hcert("keys network check pki").refused();
    assert!(said.contains("SCA, DSC, TLS or UP"), "{said}");
}

/// What makes a folder unfit though each certificate is good.
#[test]
fn faults_of_the_folder() {
    let fault = |prepare: &dyn Fn(&Folder)| {
        let folder = made();
        prepare(&folder);
        let (status, answer) = check(&folder, "join");
        assert_eq!(status, 1, "{answer}");
        answer["folder"].to_string()
    };
    let onboarding = "join/participant/onboarding/DCC";
    let said = fault(&|folder| {
        folder.write(
            &format!("{onboarding}/UP/UP.key"),
            folder.read("join/private/UP.key"),
        );
    });
    assert!(
        said.contains("UP.key") && said.contains("private key"),
        "{said}"
    );
    let said = fault(&|folder| {
        folder.write(
            "join/open.pem",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        );
    });
    assert!(said.contains("open.pem"), "{said}");
    let said = fault(&|folder| {
        let tls = folder.read(&format!("{onboarding}/TLS/TLS.pem"));
        folder.write(&format!("{onboarding}/UP/UP.pem"), tls);
    });
    assert!(said.contains("the same key"), "{said}");
    let said = fault(&|folder| {
        let mut two = folder.read(&format!("{onboarding}/TLS/TLS.pem"));
        two.extend(folder.read(&format!("{onboarding}/UP/UP.pem")));
        folder.write(&format!("{onboarding}/TLS/TLS.pem"), two);
    });
    assert!(said.contains("2 certificates in one file"), "{said}");
}

#[test]
fn an_upload_holds_the_dsc_and_its_signer() {
    let folder = made();
    let up = "join/participant/onboarding/DCC/UP/UP.pem";
    let dsc = "join/DSC/DCC/DSC.pem";
    let line = format!(
        "keys network upload --dsc {dsc} --up-cert {up} --up-key join/private/UP.key --out up.cms"
    );
    folder
        .hcert(&format!(
            "{line} --request up.json --domain PH4H --transcript log.jsonl"
        ))
        .good();
    let text = String::from_utf8(folder.read("up.cms")).unwrap();
    let read = read_upload(text.trim(), &certificate(&folder, up)).unwrap();
    assert_eq!(read.der(), certificate(&folder, dsc).der());
    let body: Value = serde_json::from_slice(&folder.read("up.json")).unwrap();
    assert_eq!(body["cms"], text.trim());
    assert_eq!(body["domain"], "PH4H");
    folder.hcert("keys transcript log.jsonl").good();

    for (from, to, words) in [
        ("up.cms", "up.cms", "--force"),
        ("up.cms", "new.cms --domain XYZ", "no domain XYZ"),
        (
            "private/UP.key --out up.cms",
            "private/TLS.key --out new.cms",
            "UP.pem",
        ),
        // The SCA is no DSC, and the upload certificate is not by an SCA.
        (
            "--dsc join/DSC/DCC/DSC.pem --up-cert",
            "--dsc join/participant/onboarding/DCC/SCA/SCA.pem --up-cert",
            "one DSC",
        ),
        (
            "--dsc join/DSC/DCC/DSC.pem --up-cert",
            "--dsc join/participant/onboarding/DCC/UP/UP.pem --up-cert",
            "signed by the SCA",
        ),
    ] {
        let line = line.replace(from, to).replace(
            "--out up.cms",
            match words {
                "--force" => "--out up.cms",
                _ => "--out new.cms",
            },
        );
        let said = folder.hcert(&line).refused();
        assert!(said.contains(words), "{line}: {said}");
        assert!(!folder.path("new.cms").exists());
    }
}

#[test]
fn in_vietnamese() {
    let folder = Folder::new();
    let mut args = MAKE.to_vec();
    args.extend(["--lang", "vi"]);
    let said = folder.hcert_with(&args, "").good();
    assert!(
        said.contains("để nộp") && said.contains("khóa bí mật"),
        "{said}"
    );
    let said = folder.hcert("keys network check join --lang vi").good();
    assert!(said.contains("mạng lưới chấp nhận"), "{said}");
}
