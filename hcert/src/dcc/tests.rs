use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn document(group: &str) -> Value {
    let entry = match group {
        "v" => json!({
            "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
            "dn": 2, "sd": 2, "dt": "2021-12-20", "co": "VN", "is": "Bộ Y tế",
            "ci": "URN:UVCI:01:VN:8A1F3C#U"
        }),
        "t" => json!({
            "tg": "840539006", "tt": "LP6464-4", "nm": "PCR", "sc": "2021-06-11T17:30:00+07:00",
            "tr": "260415000", "tc": "Trạm y tế", "co": "VN", "is": "Bộ Y tế", "ci": "A"
        }),
        _ => json!({
            "tg": "840539006", "fr": "2021-06-01", "co": "VN", "is": "Bộ Y tế",
            "df": "2021-06-12", "du": "2021-11-28", "ci": "A"
        }),
    };
    let name = json!({ "fn": "Nguyễn", "fnt": "NGUYEN", "gn": "Văn Đức", "gnt": "VAN<DUC" });
    json!({ "ver": "1.3.3", "nam": name, "dob": "1998-02-26", group: [entry] })
}

/// The document with the member at a JSON pointer replaced.
fn with(group: &str, pointer: &str, value: Value) -> Value {
    let mut document = document(group);
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap();
    parent.as_object_mut().unwrap().insert(key.into(), value);
    document
}

fn without(group: &str, pointer: &str) -> Value {
    let mut document = document(group);
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    document
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove(key)
        .unwrap();
    document
}

fn faults(document: &Value) -> Vec<(String, &'static str)> {
    match Dcc::from_json(document) {
        Ok(_) => Vec::new(),
        Err(errors) => errors
            .iter()
            .map(|e| (e.path().to_string(), e.problem().code()))
            .collect(),
    }
}

fn findings(document: &Value) -> Vec<(String, &'static str)> {
    let findings = Dcc::from_json(document).unwrap().check();
    findings
        .iter()
        .map(|e| (e.path().to_string(), e.problem().code()))
        .collect()
}

#[test]
fn right_documents_come_back_as_they_are() {
    for group in ["v", "t", "r"] {
        let document = document(group);
        let dcc = Dcc::from_json(&document).unwrap();
        assert_eq!(dcc.to_json(), document);
        // The order of the schema, too.
        assert_eq!(dcc.to_json().to_string(), document.to_string());
        assert_eq!(dcc.check(), []);
        assert_eq!(dcc.event().key(), group);
    }
}

#[test]
fn each_fault_is_named() {
    #[rustfmt::skip]
    let table = [
        (json!(null), "$", "wrong_type"),
        (json!([]), "$", "wrong_type"),
        (without("v", "/ver"), "ver", "missing"),
        (with("v", "/ver", json!("1.0.0")), "ver", "form"),
        (with("v", "/ver", json!(1)), "ver", "wrong_type"),
        (without("v", "/nam"), "nam", "missing"),
        (with("v", "/nam", json!("A")), "nam", "wrong_type"),
        (with("v", "/nam", json!({})), "nam", "missing"),
        (with("v", "/nam", json!({"fn": "", "gnt": ""})), "nam", "missing"),
        (with("v", "/nam/fn", json!("x".repeat(81))), "nam.fn", "too_long"),
        (with("v", "/nam/gn", json!("a\tb")), "nam.gn", "control_character"),
        (with("v", "/nam/fnt", json!("Nguyen")), "nam.fnt", "form"),
        (with("v", "/nam/gnt", json!("A".repeat(81))), "nam.gnt", "too_long"),
        (with("v", "/nam/gnt", json!(null)), "nam.gnt", "wrong_type"),
        (with("v", "/nam", json!({"fn": "王"})), "nam.fnt", "no_transliteration"),
        (with("v", "/nam/family_name", json!("A")), "nam.family_name", "unknown_field"),
        (without("v", "/dob"), "dob", "missing"),
        (with("v", "/dob", json!("1998-02-30")), "dob", "date"),
        (with("v", "/dob", json!("26/02/1998")), "dob", "date"),
        (with("v", "/dob", json!("1998-02-26T00:00:00")), "dob", "date"),
        (with("v", "/dob", json!(1998)), "dob", "wrong_type"),
        (without("v", "/v"), "$", "missing"),
        (with("v", "/r", json!([])), "r", "second_event"),
        (with("v", "/v", json!([])), "v", "count"),
        (with("v", "/v", json!([1, 2])), "v", "count"),
        (with("v", "/v", json!({})), "v", "wrong_type"),
        (with("v", "/v", json!(["A"])), "v[0]", "wrong_type"),
        (with("v", "/extra", json!(1)), "extra", "unknown_field"),
        (without("v", "/v/0/tg"), "v[0].tg", "missing"),
        (with("v", "/v/0/mp", json!("x".repeat(81))), "v[0].mp", "too_long"),
        (with("v", "/v/0/dn", json!(0)), "v[0].dn", "range"),
        (with("v", "/v/0/dn", json!(-1)), "v[0].dn", "range"),
        (with("v", "/v/0/dn", json!(1.5)), "v[0].dn", "range"),
        (with("v", "/v/0/dn", json!(1e30)), "v[0].dn", "range"),
        (with("v", "/v/0/dn", json!("1")), "v[0].dn", "wrong_type"),
        (with("v", "/v/0/sd", json!(null)), "v[0].sd", "wrong_type"),
        (with("v", "/v/0/dt", json!("2021-12")), "v[0].dt", "date"),
        (with("v", "/v/0/dt", json!("2021-12-20T00:00:00Z")), "v[0].dt", "date"),
        (with("v", "/v/0/co", json!("vn")), "v[0].co", "form"),
        (with("v", "/v/0/co", json!("")), "v[0].co", "form"),
        (with("v", "/v/0/is", json!("Bộ\u{202e}")), "v[0].is", "control_character"),
        (with("v", "/v/0/ci", json!("A".repeat(81))), "v[0].ci", "too_long"),
        (with("v", "/v/0/ci", json!("")), "v[0].ci", "empty"),
        (with("v", "/v/0/ci", json!("A\n")), "v[0].ci", "control_character"),
        (with("v", "/v/0/dm", json!(1)), "v[0].dm", "unknown_field"),
        (without("t", "/t/0/sc"), "t[0].sc", "missing"),
        (with("t", "/t/0/sc", json!("2021-06-11T17:30:00")), "t[0].sc", "date"),
        (with("t", "/t/0/sc", json!("2021-06-11")), "t[0].sc", "date"),
        (with("t", "/t/0/nm", json!("x".repeat(81))), "t[0].nm", "too_long"),
        (with("t", "/t/0/dr", json!("2021-06-11T17:30:00Z")), "t[0].dr", "unknown_field"),
        (without("r", "/r/0/fr"), "r[0].fr", "missing"),
        (with("r", "/r/0/du", json!("2021-11-31")), "r[0].du", "date"),
    ];
    for (document, path, problem) in table {
        assert!(
            faults(&document).contains(&(path.into(), problem)),
            "{path} {problem}: {:?}",
            faults(&document)
        );
        assert_eq!(faults(&document).len(), 1, "{:?}", faults(&document));
    }
}

#[test]
fn all_faults_at_once() {
    let document = json!({ "nam": { "fnt": "a", "gnt": 1 }, "dob": "x", "v": [{ "dn": 0 }] });
    let paths: Vec<String> = faults(&document)
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    let want = [
        "ver", "nam.gnt", "dob", "v[0].tg", "v[0].vp", "v[0].mp", "v[0].ma", "v[0].dn", "v[0].sd",
        "v[0].dt", "v[0].co", "v[0].is", "v[0].ci",
    ];
    assert_eq!(paths, want);
}

#[test]
fn unknown_keys_get_a_hint() {
    for (key, hint) in [
        ("dm", "did you mean dn?"),
        ("dose_number", "did you mean dn?"),
        ("DT", "did you mean dt?"),
        ("totalDoses", "did you mean sd?"),
    ] {
        let errors =
            Dcc::from_json(&with("v", &alloc::format!("/v/0/{key}"), json!(1))).unwrap_err();
        assert!(errors[0].allowed().starts_with(hint), "{key}: {:?}", errors);
    }
    let errors = Dcc::from_json(&with("v", "/zzzzzz", json!(1))).unwrap_err();
    assert_eq!(errors[0].allowed(), "one of ver, nam, dob, v, t, r");
    assert_eq!(
        errors[0].to_string(),
        "zzzzzz is not a known field; allowed: one of ver, nam, dob, v, t, r"
    );
}

#[test]
fn what_is_taken_beyond_the_ordinary() {
    let issued = |document: Value| Dcc::from_json(&document).unwrap().to_json();
    assert_eq!(issued(with("v", "/v/0/dn", json!(12)))["v"][0]["dn"], 12);
    assert_eq!(issued(with("v", "/v/0/dn", json!(3.0)))["v"][0]["dn"], 3);
    assert_eq!(
        issued(with("v", "/v/0/co", json!("UNHCR")))["v"][0]["co"],
        "UNHCR"
    );
    assert_eq!(issued(with("v", "/dob", json!("")))["dob"], "");
    assert_eq!(
        issued(with("t", "/t/0/tc", json!("")))["t"][0].get("tc"),
        None
    );
    let offset = issued(with("t", "/t/0/sc", json!("2021-06-11T17:30:00.123+07")));
    assert_eq!(offset["t"][0]["sc"], "2021-06-11T17:30:00+07:00");
    let eighty = issued(with("v", "/v/0/is", json!("e\u{302}\u{303}".repeat(80))));
    assert_eq!(eighty["v"][0]["is"], "ễ".repeat(80));
    let filled = issued(with(
        "v",
        "/nam",
        json!({ "fn": "Đỗ", "gn": "Thị Hồng Nhung" }),
    ));
    assert_eq!(filled["nam"]["fnt"], "DO");
    assert_eq!(filled["nam"]["gnt"], "THI<HONG<NHUNG");
}

#[test]
fn earlier_versions_need_the_family_name() {
    for version in SchemaVersion::ALL {
        let mut document = with("v", "/nam", json!({ "gnt": "NHUNG" }));
        document["ver"] = version.as_str().into();
        let want = if version < SchemaVersion::V1_3_2 {
            vec![("nam.fnt".to_string(), "missing")]
        } else {
            vec![]
        };
        assert_eq!(faults(&document), want, "{version}");
    }
}

#[test]
fn contradictions_keep_the_schema() {
    #[rustfmt::skip]
    let table = [
        (with("v", "/dob", json!("2021-12-21")), "dob", "contradiction"),
        (with("v", "/dob", json!("2022")), "dob", "contradiction"),
        (with("t", "/dob", json!("2021-06-12")), "dob", "contradiction"),
        (with("r", "/dob", json!("2021-07")), "dob", "contradiction"),
        (with("r", "/r/0/du", json!("2021-06-11")), "r[0].du", "contradiction"),
        (with("r", "/r/0/df", json!("2021-05-31")), "r[0].df", "contradiction"),
        (without("t", "/t/0/nm"), "t[0].nm", "missing"),
        (with("t", "/t/0/tt", json!("LP217198-3")), "t[0].ma", "missing"),
        (with("v", "/v/0/is", json!("")), "v[0].is", "empty"),
        (with("v", "/v/0/mp", json!(" ")), "v[0].mp", "empty"),
        (with("v", "/v/0/mp", json!("A ")), "v[0].mp", "outer_spaces"),
        (with("v", "/nam/fn", json!(" A")), "nam.fn", "outer_spaces"),
        (with("v", "/nam", json!({"fnt": "A", "gn": "王"})), "nam.gnt", "missing"),
    ];
    for (document, path, problem) in table {
        assert_eq!(findings(&document), [(path.to_string(), problem)]);
    }
    // The day of birth itself, and partial dates that reach back before the event, are fine.
    for birth in ["2021-12-20", "2021-12", "2021", ""] {
        assert_eq!(findings(&with("v", "/dob", json!(birth))), []);
    }
}

#[test]
fn what_has_not_happened_yet() {
    let findings = |document: &Value, at: &str| -> Vec<(String, &'static str)> {
        let findings = Dcc::from_json(document)
            .unwrap()
            .check_at(at.parse().unwrap());
        findings
            .iter()
            .map(|e| (e.path().to_string(), e.problem().code()))
            .collect()
    };
    let future = |path: &str| vec![(path.to_string(), "future")];
    for (group, path, before, at) in [
        // The day begins fourteen hours before it does in UTC.
        (
            "v",
            "v[0].dt",
            "2021-12-19T09:59:59Z",
            "2021-12-19T10:00:00Z",
        ),
        (
            "r",
            "r[0].fr",
            "2021-05-31T09:59:59Z",
            "2021-05-31T10:00:00Z",
        ),
        (
            "t",
            "t[0].sc",
            "2021-06-11T10:29:59Z",
            "2021-06-11T10:30:00Z",
        ),
    ] {
        assert_eq!(findings(&document(group), before), future(path), "{group}");
        assert_eq!(findings(&document(group), at), vec![], "{group}");
    }
    let unborn = with("v", "/dob", json!("2021-12-21"));
    assert_eq!(findings(&unborn, "2021-12-20T00:00:00Z"), future("dob"));
}

#[test]
fn cbor_in_schema_order_and_shortest_form() {
    let document = json!({ "ver": "1.3.3", "nam": { "fnt": "A" }, "dob": "1964", "r": [{
        "ci": "C", "du": "2021-11-28", "df": "2021-06-12", "is": "I", "co": "VN",
        "fr": "2021-06-01", "tg": "T" }] });
    let bytes = minicbor::to_vec(Dcc::from_json(&document).unwrap()).unwrap();
    let text = |text: &str| [&[0x60 + u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    let want = [
        vec![0xa4],
        text("ver"),
        text("1.3.3"),
        text("nam"),
        vec![0xa1],
        text("fnt"),
        text("A"),
        text("dob"),
        text("1964"),
        text("r"),
        vec![0x81, 0xa7],
        text("tg"),
        text("T"),
        text("fr"),
        text("2021-06-01"),
        text("co"),
        text("VN"),
        text("is"),
        text("I"),
        text("df"),
        text("2021-06-12"),
        text("du"),
        text("2021-11-28"),
        text("ci"),
        text("C"),
    ];
    assert_eq!(bytes, want.concat());
    let bytes =
        minicbor::to_vec(Dcc::from_json(&with("v", "/v/0/dn", json!(24))).unwrap()).unwrap();
    assert!(
        bytes
            .windows(5)
            .any(|window| window == [0x62, b'd', b'n', 0x18, 24])
    );
}

#[test]
fn debug_and_display_show_no_person() {
    let dcc = Dcc::from_json(&document("v")).unwrap();
    let shown = alloc::format!("{dcc:?} {:?}", dcc.name());
    assert!(!shown.contains("Nguy") && !shown.contains("NGUYEN") && !shown.contains("1998"));
    let errors = Dcc::from_json(&with("v", "/nam/fnt", json!("Nguyen"))).unwrap_err();
    assert!(!alloc::format!("{errors:?} {}", errors[0]).contains("Nguyen"));
    assert_eq!(errors[0].found(), Some("Nguyen"));
}

proptest! {
    #[test]
    fn any_text_is_refused_or_issued_within_the_schema(text in "\\PC{0,90}", at in 0usize..9) {
        let pointers = ["/nam/fn", "/nam/gn", "/nam/fnt", "/dob", "/v/0/mp", "/v/0/dt", "/v/0/co", "/v/0/is", "/v/0/ci"];
        if let Ok(dcc) = Dcc::from_json(&with("v", pointers[at], json!(text))) {
            let json = dcc.to_json();
            prop_assert_eq!(Dcc::from_json(&json), Ok(dcc));
            for value in json["v"][0].as_object().unwrap().values().chain(json["nam"].as_object().unwrap().values()) {
                prop_assert!(value.as_str().is_none_or(|text| text.chars().count() <= 80));
            }
        }
    }
}
