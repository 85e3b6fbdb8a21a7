use serde_json::json;

use super::super::certlogic::Fault;
use super::*;

fn sample() -> Value {
    json!({
        "Identifier": "VR-XX-0001",
        "Type": "Acceptance",
        "Country": "XX",
        "Version": "1.0.2",
        "SchemaVersion": "1.3.0",
        "Engine": "CERTLOGIC",
        "EngineVersion": "0.7.5",
        "CertificateType": "Vaccination",
        "Description": [
            { "lang": "en", "desc": "Complete." },
            { "lang": "de", "desc": "Vollständig." },
        ],
        "ValidFrom": "2021-06-01T02:00:00+02:00",
        "ValidTo": "2030-06-01T00:00:00Z",
        "AffectedFields": ["v.0", "v.0.dn"],
        "Logic": { ">=": [{ "var": "payload.v.0.dn" }, 2] },
    })
}

#[test]
fn every_field_is_read() {
    let rule = Rule::from_json(&sample()).unwrap();
    assert_eq!(rule.identifier(), "VR-XX-0001");
    assert_eq!(rule.rule_type(), RuleType::Acceptance);
    assert_eq!((rule.country(), rule.region()), ("XX", None));
    assert_eq!(rule.version(), Version::new(1, 0, 2));
    assert_eq!(rule.schema_version(), Version::new(1, 3, 0));
    assert_eq!(rule.engine(), ("CERTLOGIC", Version::new(0, 7, 5)));
    assert_eq!(rule.certificate_type(), CertificateType::Vaccination);
    assert_eq!(rule.descriptions().get("DE"), Some("Vollständig."));
    assert_eq!(rule.descriptions().get("fr"), None);
    assert_eq!(rule.valid_from().unix_timestamp(), 1_622_505_600);
    assert_eq!(rule.valid_to().unix_timestamp(), 1_906_502_400);
    assert_eq!(rule.affected_fields(), ["v.0", "v.0.dn"]);
    assert_eq!(rule.logic_error(), None);
}

#[test]
fn small_initials_are_read_too() {
    let lower = sample()
        .as_object()
        .unwrap()
        .iter()
        .fold(json!({}), |mut lower, (name, value)| {
            let (first, rest) = name.split_at(1);
            lower[first.to_lowercase() + rest] = value.clone();
            lower
        });
    assert_eq!(Rule::from_json(&lower), Rule::from_json(&sample()));
}

#[test]
fn what_is_absent_or_unreadable_is_named() {
    for name in sample().as_object().unwrap().keys() {
        let mut rule = sample();
        rule.as_object_mut().unwrap().shift_remove(name);
        let error = Rule::from_json(&rule).unwrap_err();
        assert!(
            matches!(error, RuleError::Missing(field) if field == name),
            "{name}: {error}"
        );
        if name == "Logic" {
            continue;
        }
        for bad in [json!(null), json!(1), json!("?"), json!([1]), json!({})] {
            let text_is_free = ["Identifier", "Country", "Engine"].contains(&name.as_str());
            if text_is_free && bad == "?" {
                continue;
            }
            rule[name] = bad.clone();
            let error = Rule::from_json(&rule).unwrap_err();
            assert!(
                matches!(error, RuleError::Invalid(field) if field == name),
                "{name}: {bad}"
            );
        }
    }
    assert_eq!(Rule::from_json(&json!("rule")), Err(RuleError::NotAnObject));
}

#[test]
fn a_region_is_optional() {
    for (region, expected) in [
        (json!(null), None),
        (json!(""), None),
        (json!("BY"), Some("BY")),
    ] {
        let mut rule = sample();
        rule["Region"] = region;
        assert_eq!(Rule::from_json(&rule).unwrap().region(), expected);
    }
    let mut rule = sample();
    rule["Region"] = json!(7);
    assert_eq!(Rule::from_json(&rule), Err(RuleError::Invalid("Region")));
}

#[test]
fn conditions() {
    let data = json!({ "payload": { "v": [{ "dn": 1 }] } });
    let table = [
        (json!(true), Ok(true)),
        (
            json!({ "===": [{ "var": "payload.v.0.dn" }, 2] }),
            Ok(false),
        ),
        (
            json!({ "var": "payload.v" }),
            Err("value of the rule is neither true nor false"),
        ),
        (
            json!({ "var": "payload.x" }),
            Err("value of the rule is neither true nor false"),
        ),
        (json!(1), Err("value of the rule is neither true nor false")),
        (
            json!("true"),
            Err("value of the rule is neither true nor false"),
        ),
        (
            json!({ "+": [1, "1"] }),
            Err("rule has no value: \"+\" takes integers, but found a string"),
        ),
        (
            json!({ "or": [true, true] }),
            Err("logic of the rule is not CertLogic: unrecognised operator: \"or\", at \"\""),
        ),
    ];
    for (logic, expected) in table {
        let mut rule = sample();
        rule["Logic"] = logic;
        let held = Rule::from_json(&rule)
            .unwrap()
            .holds(&data)
            .map_err(|error| error.to_string());
        assert_eq!(held, expected.map_err(str::to_owned));
    }
}

#[test]
fn the_logic_of_another_engine_is_not_read() {
    for (engine, version, known) in [
        ("CERTLOGIC", "0.7.5", true),
        ("CERTLOGIC", "1.3.3", true),
        ("CERTLOGIC", "1.3.4", false),
        ("CERTLOGIC", "2.0.0", false),
        ("certlogic", "1.0.0", false),
        ("REGO", "1.0.0", false),
    ] {
        let mut rule = sample();
        rule["Engine"] = json!(engine);
        rule["EngineVersion"] = json!(version);
        rule["Logic"] = json!(true);
        let held = Rule::from_json(&rule).unwrap().holds(&json!({}));
        let version = version.parse().unwrap();
        let other = OpenReason::Engine {
            engine: engine.to_owned(),
            version,
        };
        assert_eq!(held, if known { Ok(true) } else { Err(other) });

        rule["Logic"] = json!({ "from the future": [] });
        let rule = Rule::from_json(&rule).unwrap();
        let fault = Fault::Operator("from the future".to_owned());
        let error = ParseError {
            at: String::new(),
            fault,
        };
        assert_eq!(rule.logic_error(), known.then_some(&error));
        assert!(rule.holds(&json!({})).is_err());
    }
}
