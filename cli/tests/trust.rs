//! `hcert trust`: updates from good and bad sources, and what verifying makes of them.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;
#[path = "common/publication.rs"]
mod publication;

use std::{convert::Infallible, fs, process::Command, time::Duration};

use common::Folder;
use hcert::{kid::Kid, time::Timestamp};
use publication::{DAY, Faults, Mirror, Publication, now};
use serde_json::Value;
use trust_list::{
    digest::Digest,
    environment::Environment,
    key_list::Withdrawal,
    manifest::PartKind,
    policy::AfterHardExpiry,
    revocation::{Index, Issued, KidEntry, Month, RevocationId, SliceBuilder, SliceEntry},
};

/// A folder with a DSC, a certificate in `code.txt`, and what is published of them.
fn village() -> (Folder, Publication) {
    let folder = Folder::new();
    folder.pki("");
    folder
        .shell("hcert issue --example vaccination > payload.json")
        .good();
    folder
        .hcert("issue --cert pki/dsc.pem --key pki/dsc.key --payload payload.json --text code.txt")
        .good();
    let publication = Publication::of(&folder.read("pki/dsc.pem"));
    (folder, publication)
}

fn hcert(folder: &Folder, line: &str) -> common::Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hcert"));
    command
        .args(line.split_whitespace())
        .env("HCERT_DATA_DIR", folder.path("data"));
    folder.run(command, "")
}

fn json(folder: &Folder, line: &str) -> Value {
    serde_json::from_str(&hcert(folder, line).stdout).unwrap()
}

fn verify(folder: &Folder, more: &str) -> Value {
    json(folder, &format!("verify --format json code.txt {more}"))
}

/// Installs what is published, from a folder.
fn install(folder: &Folder, publication: &Publication) {
    let _ = fs::remove_dir_all(folder.path("published"));
    publication.write(&folder.path("published"));
    let root = publication.fingerprint(1);
    hcert(
        folder,
        &format!("trust update published --root-sha256 {root}"),
    )
    .good();
}

#[test]
fn installed_once_it_verifies_with_no_trust_named() {
    let (folder, publication) = village();
    publication.write(&folder.path("published"));
    let said = hcert(&folder, "verify code.txt").refused();
    assert!(said.contains("trust"), "{said}");

    // The first time, somebody has to vouch for the root.
    let said = hcert(&folder, "trust update published").refused();
    let root = publication.fingerprint(1);
    assert!(said.contains(&root), "{said}");
    let other = "0".repeat(64);
    let said = hcert(
        &folder,
        &format!("trust update published --root-sha256 {other}"),
    );
    assert!(said.refused().contains("another one"));
    assert!(!folder.path("data/trust/bundle.hcert").exists());

    install(&folder, &publication);
    let verdict = verify(&folder, "");
    assert_eq!(verdict["colour"], "green", "{verdict}");
    assert_eq!(verdict["trust"]["bundle_sequence"], 1);
    assert_eq!(verdict["trust"]["age_days"], 0);
    assert_eq!(verdict["trust"]["environment"], "test");

    // From then on the source is known, and nothing is fetched twice.
    let again = json(&folder, "trust update --format json");
    assert_eq!(
        (&again["changed"], &again["parts_fetched"]),
        (&false.into(), &0.into())
    );
    let said = hcert(&folder, "trust update").good();
    assert!(said.starts_with("Up to date: sequence 1"), "{said}");
}

#[test]
fn every_source_and_only_what_changed() {
    let (folder, mut publication) = village();
    let mirror = Mirror::start(publication.files(), Faults::default());
    let root = publication.fingerprint(1);
    let line = format!("trust update {} --root-sha256 {root}", mirror.url);
    hcert(&folder, &line).good();
    drop(mirror);

    // A root rotated three times meanwhile, and a USB stick.
    publication.sequence = 5;
    publication.roots = 4;
    publication.rules = Some("[]".into());
    folder.write("bundle.hcert", &publication.files()["bundle.hcert"]);
    let said = json(&folder, "trust update bundle.hcert --format json");
    assert_eq!(said["sequence"], 5);
    assert_eq!(said["before"], 1);
    assert_eq!(said["root"]["version"], 4);
    // The policy is as before.
    assert_eq!(said["parts_fetched"], 2);

    publication.sequence = 6;
    let mirror = Mirror::start(publication.files(), Faults::default());
    hcert(&folder, &format!("trust update {}", mirror.url)).good();
    let asked = mirror.asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 3, "{asked:?}");
    assert_eq!(asked[..2], ["root/5.cose", "manifest.cose"]);
    assert_eq!(verify(&folder, "")["colour"], "green");
}

/// Each ends in the old state, with a message that says so.
#[test]
fn bad_mirrors_change_nothing() {
    let (folder, mut publication) = village();
    let old_files = publication.files();
    publication.sequence = 2;
    install(&folder, &publication);
    let before = folder.read("data/trust/bundle.hcert");
    let state = folder.read("data/state/trust");
    publication.sequence = 3;
    publication.rules = Some("[]".into());
    let new_files = publication.files();
    let mut test_files = new_files.clone();
    publication.environment = Environment::Production;
    let production = publication.files();
    test_files.insert("manifest.cose".into(), production["manifest.cose"].clone());
    let mut cut = new_files.clone();
    cut.get_mut("bundle.hcert").unwrap().truncate(500);
    let fault = |fault: Faults| fault;
    let part = Some("parts/");
    let manifest = Some("manifest.cose");
    for (name, files, faults, words) in [
        (
            "older",
            &old_files,
            Faults::default(),
            "older than sequence 2",
        ),
        ("environment", &test_files, Faults::default(), "not mixed"),
        (
            "part cut",
            &new_files,
            fault(Faults {
                truncated: part,
                ..Faults::default()
            }),
            "cut off, or swapped",
        ),
        (
            "part torn",
            &new_files,
            fault(Faults {
                torn: part,
                ..Faults::default()
            }),
            "stays",
        ),
        (
            "part swapped",
            &new_files,
            fault(Faults {
                swapped: part,
                ..Faults::default()
            }),
            "cut off, or swapped",
        ),
        (
            "part endless",
            &new_files,
            fault(Faults {
                endless: part,
                ..Faults::default()
            }),
            "stays",
        ),
        (
            "manifest cut",
            &new_files,
            fault(Faults {
                truncated: manifest,
                ..Faults::default()
            }),
            "not a signed manifest",
        ),
        (
            "manifest swapped",
            &new_files,
            fault(Faults {
                swapped: manifest,
                ..Faults::default()
            }),
            "not a signed manifest",
        ),
        (
            "manifest endless",
            &new_files,
            fault(Faults {
                endless: manifest,
                ..Faults::default()
            }),
            "stays",
        ),
        (
            "server broken",
            &new_files,
            fault(Faults {
                broken: manifest,
                ..Faults::default()
            }),
            "500",
        ),
        (
            "root endless",
            &new_files,
            fault(Faults {
                endless: Some("root/"),
                ..Faults::default()
            }),
            "stays",
        ),
    ] {
        let mirror = Mirror::start(files.clone(), faults);
        let said = hcert(&folder, &format!("trust update {}", mirror.url)).refused();
        assert!(said.contains(words), "{name}: {said}");
        assert!(
            said.contains("the bundle in use stays: sequence 2"),
            "{name}: {said}"
        );
        assert!(folder.read("data/trust/bundle.hcert") == before, "{name}");
        assert!(folder.read("data/state/trust") == state, "{name}");
    }
    folder.write("cut.hcert", &cut["bundle.hcert"]);
    let said = hcert(&folder, "trust update cut.hcert").refused();
    assert!(said.contains("cut off or damaged"), "{said}");
    let said = hcert(&folder, "trust update nowhere").refused();
    assert!(said.contains("nowhere"), "{said}");
    let said = hcert(&folder, "trust update http://127.0.0.1:9/").refused();
    assert!(said.contains("the bundle in use stays"), "{said}");
    // And the good one is taken after all that.
    let mirror = Mirror::start(new_files, Faults::default());
    hcert(&folder, &format!("trust update {}", mirror.url)).good();
}

/// Killed at any moment, an update leaves a whole bundle that verifies, old or new.
#[test]
fn killed_updates_leave_a_whole_bundle() {
    let count: u64 = std::env::var("HCERT_KILLS").map_or(8, |count| count.parse().unwrap());
    let (folder, mut publication) = village();
    install(&folder, &publication);
    for round in 0..count {
        publication.sequence += 1;
        publication.rules = Some(format!("[]{}", " ".repeat(usize::try_from(round).unwrap())));
        publication.write(&folder.path("published"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_hcert"))
            .args(["trust", "update", "published"])
            .current_dir(folder.path(""))
            .env("HCERT_DATA_DIR", folder.path("data"))
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // From before the program has begun until after it has ended.
        std::thread::sleep(Duration::from_micros(500 + 7919 * round % 30_000));
        let _ = child.kill();
        let _ = child.wait();
        let verdict = verify(&folder, "");
        assert_eq!(verdict["colour"], "green", "round {round}: {verdict}");
        let sequence = verdict["trust"]["bundle_sequence"].as_u64().unwrap();
        assert!(sequence <= publication.sequence, "round {round}");
    }
    hcert(&folder, "trust update published").good();
    let sequence = verify(&folder, "")["trust"]["bundle_sequence"].clone();
    assert_eq!(sequence, publication.sequence);
}

/// A file may grow to half a kilobyte only: the disk is full in the middle of the bundle.
#[test]
fn a_full_disk_leaves_the_old_bundle() {
    let (folder, mut publication) = village();
    install(&folder, &publication);
    publication.sequence = 2;
    publication.write(&folder.path("published"));
    let data = folder.path("data");
    let said = folder.shell(&format!(
        "trap '' XFSZ; ulimit -f 1; HCERT_DATA_DIR={} hcert trust update published",
        data.display()
    ));
    let said = said.refused();
    assert!(said.contains("can't be written"), "{said}");
    assert_eq!(verify(&folder, "")["trust"]["bundle_sequence"], 1);
    let leftovers = fs::read_dir(data.join("trust")).unwrap().count();
    assert_eq!(leftovers, 1, "half a file was left behind");
}

#[test]
fn old_trust_turns_amber_then_as_the_policy_says() {
    let (folder, mut publication) = village();
    publication.issued = now().plus_seconds(-7 * DAY);
    install(&folder, &publication);
    let verdict = verify(&folder, "");
    assert_eq!(verdict["colour"], "amber");
    assert_eq!(verdict["doubts"], serde_json::json!(["trust_stale"]));
    assert_eq!(verdict["trust"]["age_days"], 7);

    publication.sequence = 2;
    publication.issued = now().plus_seconds(-60 * DAY);
    install(&folder, &publication);
    let verdict = verify(&folder, "");
    assert_eq!(verdict["colour"], "amber");
    assert_eq!(verdict["doubts"], serde_json::json!(["trust_expired"]));

    publication.sequence = 3;
    publication.policy.after_hard_expiry = AfterHardExpiry::Red;
    install(&folder, &publication);
    let verdict = verify(&folder, "");
    assert_eq!(verdict["colour"], "red");
    assert_eq!(verdict["failure"]["stage"], "trust");
    let outcome = hcert(&folder, "trust verify");
    assert_eq!(outcome.status, 1, "{outcome:?}");
}

#[test]
fn withdrawn_keys_are_red_from_their_day_or_altogether() {
    let (folder, mut publication) = village();
    publication.withdrawal = Some(Withdrawal {
        from: now().plus_seconds(DAY),
        compromised: false,
        reason: "replaced".into(),
    });
    install(&folder, &publication);
    assert_eq!(verify(&folder, "")["colour"], "green");
    for compromised in [false, true] {
        publication.sequence += 1;
        publication.withdrawal = Some(Withdrawal {
            from: now().plus_seconds(if compromised { DAY } else { -DAY }),
            compromised,
            reason: "stolen".into(),
        });
        install(&folder, &publication);
        let verdict = verify(&folder, "");
        assert_eq!(verdict["colour"], "red");
        assert_eq!(verdict["failure"]["stage"], "trust");
    }
}

/// The issuer knows all it issued: the revoked one is red, the others are green, what nobody can
/// say is amber.
#[test]
fn revoked_by_a_slice() {
    let (folder, mut publication) = village();
    publication.policy.without_revocation.clear();
    let shown = verify(&folder, "--trust pki/dsc.pem");
    let uci = shown["payload"]["v"][0]["ci"].as_str().unwrap();
    let issued_at: Timestamp = shown["issued_at"].as_str().unwrap().parse().unwrap();
    let kid = Kid::from_base64(shown["signer"]["kid"].as_str().unwrap()).unwrap();
    // Among a thousand others, each tenth of which is revoked.
    let slices = |revoked: bool, until: Timestamp| {
        let month = Month::of(issued_at);
        let others = (0..1000_u32).map(|number| Issued {
            id: RevocationId::of_identifier(&format!("other {number}")),
            issued_at,
            revoked: number % 10 == 0,
        });
        let own = Issued {
            id: RevocationId::of_identifier(uci),
            issued_at,
            revoked,
        };
        let all: Vec<Result<Issued, Infallible>> = others.chain([own]).map(Ok).collect();
        let base = SliceBuilder::new(kid.clone(), month, until)
            .base(|| all.clone())
            .unwrap();
        let index = Index {
            built: until,
            kids: vec![KidEntry {
                kid: kid.clone(),
                from: month,
                to: month,
                slices: vec![SliceEntry {
                    month,
                    complete_until: until,
                    issued: if until < issued_at { 0 } else { 1001 },
                    revoked: match (until < issued_at, revoked) {
                        (true, _) => 0,
                        (false, true) => 101,
                        (false, false) => 100,
                    },
                    base: *Digest::of(&base).as_bytes(),
                    layer: None,
                }],
            }],
        };
        vec![
            (PartKind::RevocationIndex, "index", index.write().unwrap()),
            (PartKind::RevocationSlice, "one", base),
        ]
    };
    publication.revocation = slices(false, issued_at);
    install(&folder, &publication);
    let verdict = verify(&folder, "");
    assert_eq!(verdict["colour"], "green", "{verdict}");
    assert_eq!(verdict["revocation"], "not_revoked");

    publication.sequence = 2;
    publication.revocation = slices(true, issued_at);
    install(&folder, &publication);
    let verdict = verify(&folder, "");
    assert_eq!(verdict["colour"], "red");
    assert_eq!(verdict["failure"]["stage"], "revocation");
    assert_eq!(verdict["revocation"], "revoked");

    // Undone; and issued after the slices were made: green while they are fresh, amber after.
    publication.sequence = 3;
    publication.revocation = slices(false, issued_at.plus_seconds(-60));
    install(&folder, &publication);
    assert_eq!(verify(&folder, "")["colour"], "green");
    let later = now().plus_seconds(4 * DAY);
    let verdict = verify(&folder, &format!("--at {later}"));
    assert_eq!(
        verdict["doubts"],
        serde_json::json!(["trust_stale", "revocation_unknown"])
    );

    // A slice that is lost on the way is asked for again, and never taken for "not revoked".
    publication.sequence = 4;
    publication.revocation = slices(true, issued_at);
    publication.lost = Some(PartKind::RevocationSlice);
    let bundle = &publication.files()["bundle.hcert"];
    folder.write("lost.hcert", bundle);
    let said = hcert(&folder, "trust update lost.hcert").refused();
    assert!(said.contains("parts are missing (1)"), "{said}");
    fs::write(folder.path("data/trust/bundle.hcert"), bundle).unwrap();
    let verdict = verify(&folder, "");
    assert_eq!(verdict["colour"], "amber");
    assert_eq!(verdict["doubts"], serde_json::json!(["revocation_unknown"]));
    publication.lost = None;
    folder.write("whole.hcert", &publication.files()["bundle.hcert"]);
    hcert(&folder, "trust update whole.hcert").good();
    assert_eq!(verify(&folder, "")["colour"], "red");
}

/// A policy that excuses nobody, rules that can't be read, a clock that is behind.
#[test]
fn what_is_not_known_is_never_green() {
    let (folder, mut publication) = village();
    publication.policy.without_revocation.clear();
    install(&folder, &publication);
    let doubts = |verdict: &Value| verdict["doubts"].clone();
    let verdict = verify(&folder, "");
    assert_eq!(doubts(&verdict), serde_json::json!(["revocation_unknown"]));

    publication.policy.without_revocation = ["VN".to_owned()].into();
    publication.sequence = 2;
    publication.rules = Some("not JSON".into());
    install(&folder, &publication);
    let verdict = verify(&folder, "");
    assert_eq!(doubts(&verdict), serde_json::json!(["rules_unknown"]));

    publication.rules = None;
    publication.sequence = 3;
    publication.issued = now().plus_seconds(40 * DAY);
    install(&folder, &publication);
    let outcome = hcert(&folder, "verify --format json code.txt");
    let verdict: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(doubts(&verdict), serde_json::json!(["clock_wrong"]));
    assert!(outcome.stderr.contains("the clock is wrong"), "{outcome:?}");
}

/// What is remembered outlives the bundle: taking the file away brings no old one in.
#[test]
fn an_old_bundle_stays_out_even_when_the_new_one_is_gone() {
    let (folder, mut publication) = village();
    folder.write("old.hcert", &publication.files()["bundle.hcert"]);
    publication.sequence = 9;
    install(&folder, &publication);
    fs::remove_file(folder.path("data/trust/bundle.hcert")).unwrap();
    let said = hcert(&folder, "trust update old.hcert").refused();
    assert!(said.contains("older than sequence 9"), "{said}");
    fs::copy(
        folder.path("old.hcert"),
        folder.path("data/trust/bundle.hcert"),
    )
    .unwrap();
    let said = hcert(&folder, "verify code.txt").refused();
    assert!(said.contains("older than sequence 9"), "{said}");
    fs::write(folder.path("data/state/trust"), "damaged").unwrap();
    hcert(&folder, "verify code.txt").refused();
    // Whoever wants to begin anew says so.
    let root = publication.fingerprint(1);
    hcert(
        &folder,
        &format!("trust update published --replace --root-sha256 {root}"),
    );
}

#[test]
fn shown_compared_and_in_vietnamese() {
    let (folder, mut publication) = village();
    install(&folder, &publication);
    folder.write("old.hcert", &publication.files()["bundle.hcert"]);
    let said = hcert(&folder, "trust show").good();
    assert!(said.contains("1, of 1 country"), "{said}");
    assert!(said.contains("VN"), "{said}");
    let shown = json(&folder, "trust show --format json");
    assert_eq!(shown["countries"]["VN"]["live"], 1);
    publication.sequence = 2;
    folder.dsc("second", "").good();
    publication
        .certificates
        .extend(Publication::of(&folder.read("second/dsc.pem")).certificates);
    install(&folder, &publication);
    let diff = json(&folder, "trust diff old.hcert --format json");
    assert_eq!(diff["sequence"], serde_json::json!([1, 2]));
    assert_eq!(diff["added"].as_array().unwrap().len(), 1);
    let said = hcert(&folder, "trust diff old.hcert").good();
    assert!(said.contains("1 added, 0 removed, 0 changed"), "{said}");
    for command in ["show", "update", "verify", "diff old.hcert"] {
        let said = hcert(&folder, &format!("trust {command} --lang vi"));
        let said = said.good();
        assert!(
            said.contains("ố thứ tự") || said.contains("Nơi công bố"),
            "{said}"
        );
    }
    // Named by hand, a bundle is as good as the word of whoever names it.
    let verdict = verify(&folder, "--trust old.hcert");
    assert_eq!(verdict["trust"]["bundle_sequence"], 1);
    folder.write("nobody.hcert", "");
    hcert(&folder, "trust show nobody.hcert").refused();
}

/// Three holders, each with an own key; the root is made, signed, followed by another.
#[test]
fn a_root_from_three_holders() {
    let folder = Folder::new();
    folder.pki("");
    for holder in ["a", "b", "c", "list", "online"] {
        folder.dsc(holder, "").good();
    }
    let keys = "--root-key a/dsc.pem --root-key b/dsc.pem --root-key c/dsc.pem \
                --list-key list/dsc.pem";
    let said = hcert(
        &folder,
        &format!("trust root --name Ministry {keys} --manifest-key online/dsc.pem --out 1.cose"),
    )
    .good();
    assert!(said.contains("2 of 3"), "{said}");
    let sign = |file: &str, holder: &str, more: &str| {
        folder
            .hcert(&format!("trust sign {file} --key {holder}/dsc.key {more}"))
            .good()
    };
    let said = sign("1.cose", "a", "");
    assert!(said.contains("1 of 2 signatures: 1 more needed"), "{said}");
    // The other holder signs a copy elsewhere.
    fs::copy(folder.path("1.cose"), folder.path("copy.cose")).unwrap();
    sign("copy.cose", "c", "");
    let said = folder.hcert("trust sign 1.cose --merge copy.cose").good();
    assert!(said.contains("2 of 2 signatures: enough"), "{said}");

    folder
        .hcert("trust root --after 1.cose --manifest-key b/dsc.pem --out 2.cose")
        .good();
    sign("2.cose", "b", "--root 1.cose");
    let said = sign("2.cose", "a", "--root 1.cose");
    assert_eq!(
        said.matches("2 of 2 signatures: enough").count(),
        2,
        "{said}"
    );

    let refused = |line: &str| folder.hcert(line).refused();
    assert!(refused("trust root --after 1.cose --out 2.cose").contains("there already"));
    let line = format!(
        "trust root --name M {keys} --manifest-key online/dsc.pem --root-threshold 4 --out 3.cose"
    );
    assert!(refused(&line).contains("4 signatures of 3 keys"));
    let line = "trust root --name M --root-key a/dsc.key --list-key a/dsc.pem \
                --manifest-key a/dsc.pem --out 3.cose";
    assert!(refused(line).contains("private key"));
    assert!(refused("trust sign 1.cose --merge 2.cose").contains("another document"));
    folder.write("junk", "junk");
    assert!(refused("trust sign junk --key a/dsc.key").contains("junk"));
}
