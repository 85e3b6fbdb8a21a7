//! The quality of what is issued, by the rules of others: the JSON schemas of the EU, the issuer quality
//! checks of the EU's test data (`BasicDgcTestsList.md`: I-CO1 to I-CO5) and the issuer actions of its
//! quality assurance (`SpecialCaseHandling.md`), each checked with programs that share no code with ours.
//!
//! | check | where |
//! |---|---|
//! | I-CO1 `iss` is an ISO 3166-1 alpha-2 code | [`check_envelope`] |
//! | I-CO2 `kid` has 8 bytes | [`check_envelope`] |
//! | I-CO3 EC certificates use prime256v1 | [`keys_are_of_the_right_curve`] |
//! | I-CO4 `iat` and `exp` are integers | [`check_envelope`] |
//! | I-CO5 no undefined values | [`check_envelope`] |
//! | whitespace, null values, escapes, one event, whole doses, 180 days | [`check_payload`] |
//! | patterns of dates and names, no further fields, doses in range | the schemas |
//!
//! Not checked, because nothing of ours can break it: that a verifier copes with such deviations (all
//! "Verifier Action" entries); AT's model of validity dates, which has no issuer action. I-CO3 says
//! nothing of the national profile, whose keys are Ed25519 and no EC keys of X9.62: those certificates
//! are for verifiers of the country, not for the EU's.
//!
//! The schemas are not part of the project: `HCERT_CONFORMANCE` names their folder.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use std::{
    collections::BTreeSet,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use ciborium::Value as Cbor;
use common::{World, entry, record, settings, user};
use intake::record::Record;
use issuer::{
    domain::{desk::Upto, settings::Settings},
    store::CertificateRow,
};
use keyring::Profile;
use qr::encode::{Level, Options, Symbol};
use serde_json::Value;

/// People as they are called.
const PEOPLE: [(&str, &str, &str); 8] = [
    ("Nguyễn", "Văn Đức", "26/02/1998"),
    ("Đặng", "Thị Ngọc Ánh", "1963"),
    ("Hồ", "Ự Ễ", "05/1990"),
    (
        "Công Tằng Tôn Nữ",
        "Thị Hoàng Phương Anh Nguyễn Khoa Diệu Hiền Ngọc Quỳnh",
        "01/01/2000",
    ),
    ("H'Hen", "Niê", "15/05/1992"),
    ("Y", "Bhăm Êban", "1950"),
    ("Trần-Lê", "Thùy Dương", "31/12/1919"),
    ("Ly", "A Sùng", "29/02/2024"),
];

fn records() -> Vec<Record> {
    let mut all = Vec::new();
    for (number, (family, given, birth)) in (0..).zip(PEOPLE) {
        let passport = format!("C{number:07}");
        let person = [
            ("family_name", family),
            ("given_names", given),
            ("birth_date", birth),
            ("passport", passport.as_str()),
        ];
        let with = |event: &[(&str, &str)]| record(&[&person[..], event].concat());
        all.push(with(&[
            ("product", "Comirnaty"),
            ("dose", "1/2"),
            ("date", "2026-11-20"),
            ("lot", "FK0595"),
        ]));
        all.push(with(&[
            ("test_type", "LP6464-4"),
            ("test_name", "RT-PCR"),
            ("sampled_at", "27/11/2026 08:30"),
            ("result", "260415000"),
            ("site", "BN1"),
        ]));
        all.push(with(&[("first_positive", "2026-10-10")]));
    }
    all
}

async fn world() -> World {
    World::sqlite(Settings {
        one_step: true,
        ..settings()
    })
    .await
}

/// Certificates of every kind and person, with both codes.
async fn issued(world: &World) -> Vec<CertificateRow> {
    let entries = records().into_iter().map(|record| {
        let mut entry = entry(record, Upto::Certified);
        entry.confirmed = true;
        entry
    });
    let made = world
        .issuer
        .take_all(&user("ca"), entries.collect())
        .await
        .unwrap();
    let mut tx = world.issuer.store.read().await.unwrap();
    let mut rows = Vec::new();
    for made in made {
        let id = made.unwrap().certificate.unwrap();
        rows.push(tx.certificate(id).await.unwrap().unwrap());
    }
    rows
}

/// Both texts of each.
fn texts(rows: &[CertificateRow]) -> Vec<(Profile, String)> {
    let both = |row: &CertificateRow| {
        [
            (Profile::National, row.national.clone().unwrap()),
            (Profile::International, row.international.clone().unwrap()),
        ]
    };
    rows.iter().flat_map(both).collect()
}

/// A text taken apart without our own code: protected header and claims.
fn taken_apart(text: &str) -> (Cbor, Cbor) {
    let compressed = base45::decode(text.strip_prefix("HC1:").unwrap()).unwrap();
    let mut message = Vec::new();
    flate2::read::ZlibDecoder::new(&compressed[..])
        .read_to_end(&mut message)
        .unwrap();
    let Cbor::Tag(18, message) = ciborium::from_reader(&message[..]).unwrap() else {
        panic!("no COSE_Sign1")
    };
    let parts = message.into_array().unwrap();
    let read = |part: &Cbor| ciborium::from_reader(&part.as_bytes().unwrap()[..]).unwrap();
    (read(&parts[0]), read(&parts[2]))
}

fn at(map: &Cbor, key: i64) -> Option<&Cbor> {
    let key = Cbor::from(key);
    map.as_map()?
        .iter()
        .find(|(own, _)| *own == key)
        .map(|(_, value)| value)
}

fn as_json(value: &Cbor) -> Value {
    match value {
        Cbor::Map(map) => Value::Object(
            map.iter()
                .map(|(key, value)| (key.as_text().unwrap().to_owned(), as_json(value)))
                .collect(),
        ),
        Cbor::Array(all) => all.iter().map(as_json).collect(),
        Cbor::Text(text) => text.as_str().into(),
        Cbor::Integer(number) => i64::try_from(*number).unwrap().into(),
        other => panic!("no JSON: {other:?}"),
    }
}

/// No null and no undefined (which ciborium reads as null) anywhere.
fn has_null(value: &Cbor) -> bool {
    match value {
        Cbor::Null => true,
        Cbor::Array(all) => all.iter().any(has_null),
        Cbor::Map(map) => map
            .iter()
            .any(|(key, value)| has_null(key) || has_null(value)),
        Cbor::Tag(_, value) => has_null(value),
        _ => false,
    }
}

fn check_envelope(profile: Profile, protected: &Cbor, claims: &Cbor) {
    // I-CO1
    let iss = at(claims, 1).and_then(Cbor::as_text).unwrap();
    let sets = hcert::value_set::ValueSets::builtin();
    assert!(
        sets.get(hcert::value_set::Kind::Country, iss).is_some(),
        "I-CO1: {iss}"
    );
    assert_eq!(iss, "VN", "I-CO1");
    // I-CO2
    let kid = at(protected, 4).and_then(Cbor::as_bytes).unwrap();
    assert_eq!(kid.len(), 8, "I-CO2");
    // I-CO4
    for claim in [4, 6] {
        let seconds = at(claims, claim).unwrap().as_integer();
        assert!(
            seconds.is_some_and(|seconds| i64::try_from(seconds).unwrap() > 0),
            "I-CO4"
        );
    }
    // I-CO5
    assert!(!has_null(claims) && !has_null(protected), "I-CO5");
    let algorithm = at(protected, 1).and_then(Cbor::as_integer).unwrap();
    let expected = match profile {
        Profile::National => -8,
        Profile::International => -7,
    };
    assert_eq!(
        i64::try_from(algorithm).unwrap(),
        expected,
        "algorithm of the profile"
    );
}

fn check_payload(payload: &Value) {
    fn texts<'a>(value: &'a Value, all: &mut Vec<&'a str>) {
        match value {
            Value::String(text) => all.push(text),
            Value::Array(items) => items.iter().for_each(|item| texts(item, all)),
            Value::Object(map) => map.values().for_each(|item| texts(item, all)),
            _ => {}
        }
    }
    let mut all = Vec::new();
    texts(payload, &mut all);
    for text in all {
        assert_eq!(text.trim(), text, "whitespace: issuers must trim");
        assert!(!text.is_empty(), "null values: what is unknown is left out");
        assert!(
            !text.contains(['"', '\\']),
            "escapes: no special signs of JSON"
        );
        assert!(
            !text.chars().any(char::is_control),
            "escapes: no control characters"
        );
    }
    let events: Vec<&Value> = ["v", "t", "r"]
        .iter()
        .filter_map(|kind| payload.get(kind))
        .collect();
    assert_eq!(events.len(), 1, "one event of one kind");
    assert_eq!(events[0].as_array().unwrap().len(), 1, "multiple events");
    for dose in ["dn", "sd"] {
        if let Some(number) = events[0][0].get(dose) {
            assert!(number.is_u64(), "doses are integers");
        }
    }
    if let Some(test) = payload.get("t") {
        let sampled = test[0]["sc"].as_str().unwrap();
        assert!(
            hcert::date::DateTime::parse(sampled).is_ok(),
            "dates with invalid pattern: {sampled}"
        );
    }
    if let Some(recovery) = payload.get("r") {
        let day = |key: &str| hcert::date::Date::parse(recovery[0][key].as_str().unwrap()).unwrap();
        assert_eq!(
            day("df").days_since(day("fr")),
            11,
            "valid from the 11th day"
        );
        assert!(
            day("du").days_since(day("fr")) <= 180,
            "no longer than 180 days"
        );
    }
}

#[tokio::test]
async fn issuer_quality_checks() {
    let world = world().await;
    let rows = issued(&world).await;
    assert_eq!(rows.len(), 3 * PEOPLE.len());
    for (profile, text) in texts(&rows) {
        let (protected, claims) = taken_apart(&text);
        check_envelope(profile, &protected, &claims);
        check_payload(&as_json(at(at(&claims, -260).unwrap(), 1).unwrap()));
    }
}

/// I-CO3, read from the certificate's DER: the curve's OID 1.2.840.10045.3.1.7 in the key of the
/// international signer.
#[tokio::test]
async fn keys_are_of_the_right_curve() {
    let world = world().await;
    let mut seen = 0;
    for dsc in world.issuer.keys.all() {
        let spki = dsc.certificate().spki().unwrap();
        let has = |oid: &[u8]| spki.windows(oid.len()).any(|window| window == oid);
        let ec_key = has(&[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]);
        let prime256v1 = has(&[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]);
        assert_eq!(ec_key, prime256v1, "I-CO3");
        assert_eq!(ec_key, dsc.profile() == Profile::International);
        seen += 1;
    }
    assert_eq!(seen, 2);
}

/// The folder of published schemas; `None`, said aloud, if there is none.
fn schemas() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/conformance");
    let named = std::env::var_os("HCERT_CONFORMANCE").map_or_else(|| default.into(), PathBuf::from);
    let folder = named.join("eu-dcc/schema");
    if folder.join("1.3.3/DCC.combined-schema.json").is_file() {
        return Some(folder);
    }
    // Not eprintln!, which the test harness keeps to itself when a test passes.
    let _ = writeln!(
        std::io::stderr(),
        "\n*** SKIPPED: no schemas in {} (set HCERT_CONFORMANCE) ***\n",
        folder.display()
    );
    None
}

/// What a schema finds wrong with each payload, by Python's `jsonschema`; `None`, said aloud, where that
/// is not installed.
fn faults(schema: &Path, payloads: &[Value]) -> Option<Vec<Vec<String>>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../interop/schema.py");
    let python = std::env::var_os("HCERT_PYTHON").unwrap_or_else(|| "python3".into());
    let mut child = Command::new(python)
        .arg(script)
        .arg(schema)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let lines: String = payloads
        .iter()
        .map(|payload| format!("{payload}\n"))
        .collect();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let written = writer.join().unwrap();
    if said.contains("No module named") {
        let _ = writeln!(
            std::io::stderr(),
            "\n*** SKIPPED: Python has no package jsonschema (pip install jsonschema) ***\n"
        );
        return None;
    }
    written.unwrap();
    assert!(output.status.success(), "{said}");
    let text = String::from_utf8(output.stdout).unwrap();
    let all: Vec<Vec<String>> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(all.len(), payloads.len());
    Some(all)
}

#[tokio::test]
async fn the_schemas_of_the_eu() {
    let Some(folder) = schemas() else { return };
    let world = world().await;
    let payloads: Vec<Value> = texts(&issued(&world).await)
        .iter()
        .map(|(_, text)| as_json(at(at(&taken_apart(text).1, -260).unwrap(), 1).unwrap()))
        .collect();
    // What breaks a schema is refused: it is no mere decoration here.
    let wrong = [
        ("/dob", "26/02/1998"),
        ("/nam/fnt", "Nguyễn"),
        ("/v/0/dt", "2026-11-31"),
        ("/v/0/co", "vn"),
        ("/v/0/dr", ""),
    ];
    let mut broken = Vec::new();
    for (path, value) in wrong {
        let mut payload = payloads[0].clone();
        match payload.pointer_mut(path) {
            Some(place) => *place = value.into(),
            None => payload["v"][0]["dr"] = value.into(),
        }
        broken.push(payload);
    }
    for version in ["1.3.0", "1.3.1", "1.3.2", "1.3.3", "latest"] {
        let schema = folder.join(version).join("DCC.combined-schema.json");
        let Some(found) = faults(&schema, &payloads) else {
            return;
        };
        for (payload, found) in payloads.iter().zip(found) {
            assert_eq!(found, Vec::<String>::new(), "{version}: {payload}");
        }
        for ((path, value), found) in wrong.iter().zip(faults(&schema, &broken).unwrap()) {
            assert!(!found.is_empty(), "{version}: {path} = {value}");
        }
    }
}

/// The check character of an UVCI, by Luhn mod 43 as annex 2 of the guidelines has it, written anew.
fn luhn(body: &str) -> char {
    const POINTS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:";
    let size = POINTS.len();
    let mut sum = 0;
    for (index, c) in body.bytes().rev().enumerate() {
        let value = POINTS.iter().position(|own| *own == c).unwrap();
        let value = if index % 2 == 0 { value * 2 } else { value };
        sum += value / size + value % size;
    }
    char::from(POINTS[(size - sum % size) % size])
}

/// Ten thousand certificates, and no two of one number; each has its right check character and tells
/// nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_numbers() {
    let world = World::sqlite(Settings {
        one_step: true,
        profiles: vec![Profile::National],
        ..settings()
    })
    .await;
    let catalogue = intake::codes::Catalogue::builtin();
    let numbers: Vec<u32> = (0..10_000).collect();
    let mut made = 0;
    for some in numbers.chunks(1000) {
        let entries = some
            .iter()
            .map(|n| entry(common::dose_of(&catalogue, *n), Upto::Certified));
        let all = world
            .issuer
            .take_all(&user("ca"), entries.collect())
            .await
            .unwrap();
        made += all
            .into_iter()
            .filter(|one| one.as_ref().unwrap().new)
            .count();
    }
    assert_eq!(made, 10_000);
    let mut tx = world.issuer.store.read().await.unwrap();
    let all: Vec<String> = service::on!(tx, db => sqlx::query_scalar("SELECT uvci FROM certificates")
        .fetch_all(db)
        .await
        .unwrap());
    let distinct: BTreeSet<&String> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (10_000, 10_000));
    for uvci in &all {
        let (body, check) = uvci.rsplit_once('#').unwrap();
        assert_eq!(check, luhn(body).to_string(), "{uvci}");
        let opaque = body.strip_prefix("URN:UVCI:01:VN:").unwrap();
        assert!(opaque.len() >= 26 && uvci.len() <= 72, "{uvci}");
        assert!(
            opaque
                .bytes()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        );
    }
    // No pattern in the first characters, as a counter or a time would leave.
    let heads: BTreeSet<&str> = all.iter().map(|uvci| &uvci[15..19]).collect();
    assert!(heads.len() > 9900, "{}", heads.len());
}

/// Level Q, alphanumeric, and small enough that a module on 5 cm of paper is larger than 0.4 mm.
#[tokio::test]
async fn symbols_are_of_level_q_and_not_too_dense() {
    let world = world().await;
    let mut largest = 0;
    for (profile, text) in texts(&issued(&world).await) {
        assert!(
            text.bytes()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || b" $%*+-./:".contains(&c))
        );
        let symbol = Symbol::new(&text, &Options::default()).unwrap();
        assert!(symbol.level() >= Level::Q, "{profile}");
        let version = symbol.version().number();
        largest = largest.max(version);
        assert!(
            version <= 22,
            "{profile}: version {version}, {} characters",
            text.len()
        );
        assert!(50.0 / symbol.width() as f32 >= 0.4);
    }
    assert!(
        largest >= 10,
        "the samples have names as long as people's: {largest}"
    );
}
