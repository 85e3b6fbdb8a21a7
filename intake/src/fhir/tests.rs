use serde_json::{Value, json};

use super::*;
use crate::{
    codes::Catalogue,
    draft::Settings,
    plausibility::Known,
    table::{Limits as TableLimits, Options},
    words::Language,
};
use hcert::time::Timestamp;

/// 2022-06-15T10:00:00+07:00.
const NOW: i64 = 1_655_262_000;

fn read_bytes(bytes: &[u8], limits: &Limits) -> Result<Reading, FhirError> {
    let catalogue = Catalogue::builtin();
    let options = Options {
        settings: Settings::vietnam(&catalogue).unwrap(),
        known: Known::new(&catalogue, Timestamp::saturating(NOW)),
        history: None,
        secret: &[7; 32],
        limits: TableLimits::DEFAULT,
    };
    read(bytes, &options, limits)
}

fn read_json(value: &Value) -> Reading {
    read_bytes(value.to_string().as_bytes(), &Limits::DEFAULT).unwrap()
}

fn patient() -> Value {
    json!({
        "resourceType": "Patient", "id": "p1",
        "name": [{ "use": "nickname", "text": "Đức" }, { "use": "official", "family": "Nguyễn", "given": ["Văn", "Đức"] }],
        "birthDate": "1998-02-26", "gender": "male",
        "identifier": [
            { "system": "http://example.vn/cccd", "value": "079098000001" },
            { "type": { "coding": [{ "code": "PPN" }] }, "value": "C1234567" },
        ],
        "extension": [{
            "url": "http://hl7.org/fhir/StructureDefinition/patient-nationality",
            "extension": [{ "url": "code", "valueCodeableConcept": { "coding": [{ "code": "VN" }] } }],
        }],
    })
}

fn immunization() -> Value {
    json!({
        "resourceType": "Immunization", "status": "completed",
        "identifier": [{ "system": "urn:x", "value": "1" }],
        "vaccineCode": { "coding": [
            { "system": "http://hl7.org/fhir/sid/cvx", "code": "208" },
            { "system": "http://www.whocc.no/atc", "code": "J07BN01" },
        ] },
        "patient": { "reference": "Patient/p1" },
        "occurrenceDateTime": "2021-12-20T09:00:00+07:00", "lotNumber": "FK0595",
        "location": { "identifier": { "value": "79-001" } },
        "protocolApplied": [{
            "targetDisease": [{ "coding": [{ "system": "http://snomed.info/sct", "code": "840539006" }] }],
            "doseNumberPositiveInt": 2, "seriesDosesPositiveInt": 2,
        }],
    })
}

fn observation() -> Value {
    json!({
        "resourceType": "Observation", "status": "final",
        "code": { "coding": [{ "system": "http://loinc.org", "code": "94500-6", "display": "SARS-CoV-2 RNA" }] },
        "subject": { "reference": "urn:uuid:p1" },
        "effectiveDateTime": "2021-12-20T14:30:00+07:00",
        "valueCodeableConcept": { "coding": [{ "system": "http://snomed.info/sct", "code": "260385009" }] },
        "specimen": { "identifier": { "value": "T-0001" } },
    })
}

fn bundle(resources: &[Value]) -> Value {
    let entries = resources.iter().enumerate().map(|(at, resource)| {
        let id = resource["id"]
            .as_str()
            .map_or(format!("urn:uuid:{at}"), |id| format!("urn:uuid:{id}"));
        json!({ "fullUrl": id, "resource": resource, "request": { "method": "POST", "url": "x" } })
    });
    json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries.collect::<Vec<_>>() })
}

/// Paths and problems of everything refused, and of the notes.
fn wrong(reading: &Reading) -> Vec<String> {
    let issues = reading
        .items
        .iter()
        .filter_map(|item| item.outcome.as_ref().err())
        .flatten();
    let show = |issue: &Issue| {
        let what = match &issue.what {
            What::Finding(finding) => finding.problem().code().to_owned(),
            What::Code { .. } => "code".into(),
            other => format!("{other:?}"),
        };
        format!("{} {what}", issue.path.trim_start_matches("Bundle."))
    };
    issues.chain(&reading.notes).map(show).collect()
}

#[test]
fn a_bundle() {
    let reading = read_json(&bundle(&[immunization(), patient(), observation()]));
    assert_eq!(wrong(&reading), [""; 0]);
    assert_eq!(reading.items.len(), 2);
    let record = &reading.items[0].outcome.as_ref().unwrap().record;
    assert_eq!(record.person.name.full(), "Nguyễn Văn Đức");
    assert!(record.person.documents.passport.is_some() && record.person.documents.cccd.is_some());
    let crate::record::Event::Vaccination(vaccination) = &record.event else {
        panic!("another event")
    };
    assert_eq!(vaccination.product.as_str(), "EU/1/20/1528");
    assert_eq!(vaccination.date.to_string(), "2021-12-20");
    assert_eq!(
        vaccination.site.as_ref().map(|site| site.as_str()),
        Some("79-001")
    );
    let crate::record::Event::Test(test) = &reading.items[1].outcome.as_ref().unwrap().record.event
    else {
        panic!("another event")
    };
    assert_eq!(
        (test.test_type().as_str(), test.is_positive()),
        ("LP6464-4", false)
    );
    let outcome = reading.outcome(Wording(Language::English));
    assert_eq!(outcome["issue"][0]["severity"], "information");
}

#[test]
fn lines_and_single_resources() {
    let text = format!("{}\r\n\n{}\n", patient(), immunization());
    let reading = read_bytes(text.as_bytes(), &Limits::DEFAULT).unwrap();
    assert_eq!(wrong(&reading), [""; 0]);
    assert_eq!(reading.items[0].path, "line[3]");
    let alone = read_json(&immunization());
    assert_eq!(wrong(&alone), ["Immunization.patient Reference"]);
}

#[test]
fn other_codes_of_vaccines() {
    for (system, code, want) in [
        ("http://id.who.int/icd11/mms", "XM8866", Some("BBIBP-CorV")),
        (
            "http://snomed.info/sct",
            "10871000172106",
            Some("EU/1/20/1507"),
        ),
        (
            "https://ec.europa.eu/health/documents/community-register/html/",
            "EU/1/21/1529",
            Some("EU/1/21/1529"),
        ),
        ("http://hl7.org/fhir/sid/cvx", "505", Some("Sputnik-V")),
        ("http://hl7.org/fhir/sid/cvx", "213", None),
        ("http://snomed.info/sct", "1", None),
    ] {
        let mut changed = immunization();
        changed["vaccineCode"] = json!({ "coding": [{ "system": system, "code": code }] });
        let reading = read_json(&bundle(&[changed, patient()]));
        let product =
            reading.items[0]
                .outcome
                .as_ref()
                .ok()
                .map(|accepted| match &accepted.record.event {
                    crate::record::Event::Vaccination(vaccination) => {
                        vaccination.product.as_str().to_owned()
                    }
                    _ => String::new(),
                });
        assert_eq!(product.as_deref(), want, "{code}");
    }
    let mut named = immunization();
    named["vaccineCode"] = json!({ "text": "Comirnaty" });
    assert_eq!(wrong(&read_json(&bundle(&[named, patient()]))), [""; 0]);
}

#[test]
fn errors_name_the_element() {
    let e = "entry[0].resource";
    for (pointer, value, want) in [
        (
            "/vaccineCode",
            json!({ "coding": [{ "system": "x", "code": "y" }] }),
            vec![format!("{e}.vaccineCode code")],
        ),
        (
            "/occurrenceDateTime",
            json!("2021-13-20"),
            vec![format!("{e}.occurrenceDateTime date")],
        ),
        (
            "/occurrenceDateTime",
            json!("2021-12"),
            vec![format!("{e}.occurrenceDateTime form")],
        ),
        (
            "/occurrenceDateTime",
            json!("2022-12-20"),
            vec![format!("{e}.occurrenceDateTime future")],
        ),
        (
            "/occurrenceDateTime",
            Value::Null,
            vec![format!("{e}.occurrenceDateTime missing")],
        ),
        (
            "/lotNumber",
            json!("="),
            vec![format!("{e}.lotNumber form")],
        ),
        (
            "/status",
            json!("entered-in-error"),
            vec![format!("{e}.status Status")],
        ),
        (
            "/patient/reference",
            json!("Patient/other"),
            vec![format!("{e}.patient Reference")],
        ),
        (
            "/patient/reference",
            json!("Immunization/i"),
            vec![format!("{e}.patient Reference")],
        ),
        (
            "/patient/reference",
            json!("https://fhir.example.vn/r4/Patient/p1/_history/2"),
            vec![],
        ),
        (
            "/protocolApplied",
            json!([]),
            vec![format!("{e}.protocolApplied missing")],
        ),
        (
            "/protocolApplied/0/doseNumberPositiveInt",
            json!(99),
            vec![format!("{e}.protocolApplied[0].doseNumber form")],
        ),
        (
            "/protocolApplied/0/doseNumberPositiveInt",
            json!("2"),
            vec![format!("{e} Structure")],
        ),
        (
            "/protocolApplied/0/targetDisease/0/coding/0/code",
            json!("1"),
            vec![format!("{e}.protocolApplied[0].targetDisease[0] code")],
        ),
        (
            "/modifierExtension",
            json!([{ "url": "x" }]),
            vec![format!("{e}.modifierExtension Structure")],
        ),
    ] {
        let mut changed = immunization();
        changed["id"] = "i".into();
        let key = pointer.trim_start_matches('/');
        match changed.pointer_mut(pointer) {
            Some(place) => *place = value,
            None => changed[key] = value,
        }
        assert_eq!(
            wrong(&read_json(&bundle(&[changed, patient()]))),
            want,
            "{pointer}"
        );
    }
    for (key, value, want) in [
        (
            "birthDate",
            json!("26/02/1998"),
            vec!["entry[1].resource.birthDate date"],
        ),
        (
            "birthDate",
            Value::Null,
            vec!["entry[1].resource.birthDate missing"],
        ),
        ("name", json!([]), vec!["entry[1].resource.name missing"]),
        (
            "gender",
            json!("m"),
            vec!["entry[1].resource.gender Structure"],
        ),
        (
            "gender",
            json!("female"),
            vec![
                "entry[1].resource.gender name_sex",
                "entry[1].resource.identifier[0].value card_sex",
            ],
        ),
    ] {
        let mut changed = patient();
        changed[key] = value.clone();
        if value.is_null() {
            changed.as_object_mut().unwrap().remove(key);
        }
        let found = wrong(&read_json(&bundle(&[immunization(), changed])));
        assert_eq!(found, want, "{key}");
    }
}

#[test]
fn observations() {
    let e = "entry[0].resource";
    let mut rapid = observation();
    rapid["code"]["coding"][0]["code"] = "97097-0".into();
    assert_eq!(
        wrong(&read_json(&bundle(&[rapid.clone(), patient()]))),
        [format!("{e}.device missing")]
    );
    rapid["device"] = json!({ "identifier": { "value": "1833" } });
    assert_eq!(
        wrong(&read_json(&bundle(&[rapid.clone(), patient()]))),
        [""; 0]
    );
    rapid["device"] = json!({ "display": "unheard of" });
    assert_eq!(
        wrong(&read_json(&bundle(&[rapid, patient()]))),
        [format!("{e}.device code")]
    );
    let mut other = observation();
    other["code"]["coding"][0]["code"] = "8867-4".into();
    let reading = read_json(&bundle(&[other, patient()]));
    assert_eq!(wrong(&reading), [format!("{e}.code OtherObservation")]);
    assert_eq!(
        reading.outcome(Wording(Language::English))["issue"][0]["severity"],
        "information"
    );
    let mut unknown = observation();
    unknown["valueCodeableConcept"] = json!({ "text": "maybe" });
    assert_eq!(
        wrong(&read_json(&bundle(&[unknown, patient()]))),
        [format!("{e}.valueCodeableConcept code")]
    );
    let mut early = observation();
    early["status"] = "preliminary".into();
    assert_eq!(
        wrong(&read_json(&bundle(&[early, patient()]))),
        [format!("{e}.status Status")]
    );
}

#[test]
fn nothing_twice() {
    let reading = read_json(&bundle(&[immunization(), patient(), immunization()]));
    assert_eq!(wrong(&reading), ["entry[2].resource row_twice"]);
    let mut third = immunization();
    third["occurrenceDateTime"] = "2022-04-20".into();
    let reading = read_json(&bundle(&[immunization(), patient(), third]));
    assert_eq!(wrong(&reading), ["entry[2].resource key_twice"]);
    // The same identifier gives the same key in another document.
    let again = read_json(&bundle(&[patient(), immunization()]));
    assert_eq!(again.items[0].key, reading.items[0].key);
    let reading = read_json(&bundle(&[immunization(), patient(), patient()]));
    assert!(wrong(&reading).iter().any(|issue| issue.contains("SameId")));
}

#[test]
fn documents_that_are_refused() {
    for (text, code) in [
        ("", "json"),
        ("{", "json"),
        ("[]", "not_fhir"),
        ("{\"a\":1}", "not_fhir"),
        (
            "{\"resourceType\":\"Bundle\",\"type\":\"searchset\"}",
            "bundle_type",
        ),
        (
            "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":7}",
            "not_fhir",
        ),
        (
            "{\"resourceType\":\"Bundle\",\"type\":\"collection\"}",
            "nothing_to_read",
        ),
        ("{\"resourceType\":\"Patient\"}\n{\"resourceType\":", "json"),
    ] {
        let error = read_bytes(text.as_bytes(), &Limits::DEFAULT)
            .map(|_| ())
            .map_err(|error| error.code());
        assert_eq!(error, Err(code), "{text}");
    }
    let small = Limits {
        bytes: 10,
        resources: 1,
    };
    let text = bundle(&[immunization(), patient()]).to_string();
    assert!(matches!(
        read_bytes(text.as_bytes(), &small),
        Err(FhirError::TooManyBytes { .. })
    ));
    let small = Limits {
        bytes: 10_000,
        resources: 1,
    };
    assert!(matches!(
        read_bytes(text.as_bytes(), &small),
        Err(FhirError::TooManyResources { .. })
    ));
}

#[test]
fn the_outcome_is_in_words() {
    let mut changed = immunization();
    changed["lotNumber"] = "=".into();
    let reading = read_json(&bundle(&[changed, patient()]));
    let outcome = reading.outcome(Wording(Language::Vietnamese));
    assert_eq!(outcome["issue"][0]["severity"], "error");
    assert_eq!(outcome["issue"][0]["code"], "value");
    assert_eq!(
        outcome["issue"][0]["expression"][0],
        "Bundle.entry[0].resource.lotNumber"
    );
    assert!(
        outcome["issue"][0]["details"]["text"]
            .as_str()
            .unwrap()
            .starts_with("Số lô: ")
    );
}
