use serde_json::json;
use time::OffsetDateTime;

use super::*;
use crate::rules::ValueSets;
use crate::rules::certlogic::EvaluationError;

/// 2021-12-20T11:33:20Z
const CLOCK: i64 = 1_640_000_000;

/// A rule for all certificates that always passes, with some fields replaced.
fn rule(identifier: &str, changes: Value) -> Value {
    let mut rule = json!({
        "Identifier": identifier, "Type": "Acceptance", "Country": "XX", "Version": "1.0.0",
        "SchemaVersion": "1.0.0", "Engine": "CERTLOGIC", "EngineVersion": "0.7.5",
        "CertificateType": "General", "AffectedFields": ["v"],
        "Description": [{ "lang": "en", "desc": identifier }],
        "ValidFrom": "2021-06-01T00:00:00Z", "ValidTo": "2030-06-01T00:00:00Z", "Logic": true,
    });
    for (name, value) in changes.as_object().unwrap() {
        rule[name] = value.clone();
    }
    rule
}

fn set(rules: &[Value]) -> RuleSet {
    RuleSet::parse(&Value::from(rules).to_string()).unwrap()
}

fn clock(seconds: i64) -> External<'static> {
    External::at(OffsetDateTime::from_unix_timestamp(seconds).unwrap())
}

fn payload() -> Value {
    json!({ "ver": "1.3.0", "v": [{ "dn": 2, "sd": 2 }] })
}

/// Identifiers and outcomes, as one line.
fn outcomes(rules: &[Value], payload: &Value, external: &External<'_>) -> String {
    let results = set(rules).evaluate(payload, external);
    for result in &results {
        assert_eq!(result.reason.is_some(), result.outcome == Outcome::Open);
    }
    let words: Vec<_> = results
        .iter()
        .map(|r| format!("{}={:?}", r.id, r.outcome))
        .collect();
    words.join(" ")
}

#[test]
fn three_forms_of_text() {
    let one = rule("A", json!({}));
    for (text, length) in [
        (one.to_string(), 1),
        (json!([one, one]).to_string(), 2),
        (json!({ "validDuration": 1, "rules": [one] }).to_string(), 1),
        ("[]".to_owned(), 0),
        (r#"{ "rules": [] }"#.to_owned(), 0),
    ] {
        let set = RuleSet::parse(&text).unwrap();
        assert_eq!(
            (set.rules().len(), set.refused().len()),
            (length, 0),
            "{text}"
        );
    }
}

#[test]
fn texts_that_are_no_set() {
    let deep = format!("[{}{}]", "[".repeat(10_000), "]".repeat(10_000));
    for text in [
        "",
        "{",
        "1",
        "null",
        "\"rules\"",
        r#"{ "rules": {} }"#,
        &deep,
    ] {
        assert!(
            RuleSet::parse(text).is_err(),
            "{}",
            text.get(..20).unwrap_or(text)
        );
    }
    let many = format!("[{}0]", "0,".repeat(MAX_RULES));
    assert!(matches!(RuleSet::parse(&many), Err(RuleSetError::TooMany(n)) if n == MAX_RULES + 1));
}

#[test]
fn a_bad_rule_is_listed_and_the_others_stay() {
    let set = set(&[
        rule("A", json!({})),
        rule("B", json!({ "CertificateType": "Passport" })),
        json!({ "identifier": "C" }),
        json!(4),
        rule("E", json!({ "Logic": { "!": [{ "some": [1] }] } })),
        rule("F", json!({})),
    ]);
    let kept: Vec<_> = set.rules().iter().map(Rule::identifier).collect();
    assert_eq!(kept, ["A", "E", "F"]);
    let refused: Vec<_> = set.refused().iter().map(ToString::to_string).collect();
    assert_eq!(
        refused,
        [
            "rule 2 (B): rule has a field \"CertificateType\" that cannot be read",
            "rule 3 (C): rule has no field \"Engine\"",
            "rule 4 (no identifier): rule is not an object",
            "rule 5 (E): logic of the rule is not CertLogic: unrecognised operator: \"some\", at \"/!/0\"",
        ]
    );
    let results = set.evaluate(&payload(), &clock(CLOCK));
    let outcomes: Vec<_> = results.iter().map(|result| result.outcome).collect();
    assert_eq!(outcomes, [Outcome::Passed, Outcome::Open, Outcome::Passed]);
}

#[test]
fn only_true_passes() {
    let logic = |identifier, logic| rule(identifier, json!({ "Logic": logic }));
    let rules = [
        logic("true", json!({ "===": [{ "var": "payload.v.0.dn" }, 2] })),
        logic("false", json!({ "===": [{ "var": "payload.v.0.dn" }, 1] })),
        logic("truthy", json!({ "var": "payload.v" })),
        logic("null", json!({ "var": "payload.r" })),
        logic(
            "error",
            json!({ "in": [1, { "var": "external.valueSets.none" }] }),
        ),
        logic("unreadable", json!(null)),
    ];
    assert_eq!(
        outcomes(&rules, &payload(), &clock(CLOCK)),
        "true=Passed false=Failed truthy=Open null=Open error=Open unreadable=Open"
    );
}

#[test]
fn unknown_engines_are_open() {
    let rules = [
        rule("other", json!({ "Engine": "REGO" })),
        rule("newer", json!({ "EngineVersion": "9.0.0" })),
    ];
    assert_eq!(
        outcomes(&rules, &payload(), &clock(CLOCK)),
        "other=Open newer=Open"
    );
}

#[test]
fn kinds_of_certificate() {
    let rules = ["General", "Test", "Vaccination", "Recovery"]
        .map(|kind| rule(kind, json!({ "CertificateType": kind })));
    let ver = "1.3.0";
    for (payload, expected) in [
        (
            json!({ "ver": ver, "v": [{}] }),
            "General=Passed Vaccination=Passed",
        ),
        (
            json!({ "ver": ver, "t": [{}], "v": [], "r": null }),
            "General=Passed Test=Passed",
        ),
        (
            json!({ "ver": ver, "r": {}, "t": [{}] }),
            "General=Passed Test=Passed Recovery=Passed",
        ),
        (json!({ "ver": ver }), "General=Passed"),
        (json!([]), "General=Open"),
        (json!(null), "General=Open"),
    ] {
        assert_eq!(
            outcomes(&rules, &payload, &clock(CLOCK)),
            expected,
            "{payload}"
        );
    }
}

#[test]
fn in_force_at_both_ends() {
    let rules = [rule(
        "A",
        json!({ "ValidFrom": "2021-12-20T11:33:20Z", "ValidTo": "2021-12-20T11:33:30Z" }),
    )];
    for (offset, expected) in [(-1, ""), (0, "A=Passed"), (10, "A=Passed"), (11, "")] {
        assert_eq!(
            outcomes(&rules, &payload(), &clock(CLOCK + offset)),
            expected,
            "{offset}"
        );
    }
}

#[test]
fn the_newest_version_in_force_counts() {
    let version = |version, from, logic| {
        rule(
            "A",
            json!({ "Version": version, "ValidFrom": from, "Logic": logic }),
        )
    };
    let old = version("1.9.0", "2021-06-01", json!(true));
    let new = version("1.10.0", "2021-06-01", json!(false));
    let future = version("2.0.0", "2022-06-01", json!(1));
    let rules = [old.clone(), future.clone(), new.clone()];
    assert_eq!(outcomes(&rules, &payload(), &clock(CLOCK)), "A=Failed");
    assert_eq!(
        outcomes(&rules, &payload(), &clock(CLOCK + 20_000_000)),
        "A=Open"
    );
    assert_eq!(
        outcomes(&[new, future, old.clone()], &payload(), &clock(CLOCK)),
        "A=Failed"
    );

    // A newer version for another kind of certificate takes the rule away from this one.
    let moved = rule(
        "A",
        json!({ "Version": "2.0.0", "CertificateType": "Test" }),
    );
    assert_eq!(
        outcomes(&[old.clone(), moved], &payload(), &clock(CLOCK)),
        ""
    );
    // Rules of two countries are two rules, whatever their identifiers.
    let other = rule("A", json!({ "Country": "YY", "Version": "3.0.0" }));
    assert_eq!(
        outcomes(&[old, other], &payload(), &clock(CLOCK)),
        "A=Passed A=Passed"
    );
}

#[test]
fn schema_versions() {
    let rules = [rule("A", json!({ "SchemaVersion": "1.3.0" }))];
    for (ver, expected) in [
        (json!("1.3.0"), "A=Passed"),
        (json!("1.3.2"), "A=Passed"),
        (json!("1.2.1"), "A=Open"),
        (json!("2.0.0"), "A=Open"),
        (json!("latest"), "A=Open"),
        (json!(1.3), "A=Open"),
        (json!(null), "A=Open"),
    ] {
        assert_eq!(
            outcomes(&rules, &json!({ "ver": ver }), &clock(CLOCK)),
            expected,
            "{ver}"
        );
    }
}

#[test]
fn countries_and_regions() {
    let rules = [
        rule("acceptance-XX", json!({})),
        rule("acceptance-YY", json!({ "Country": "YY" })),
        rule("invalidation-XX", json!({ "Type": "Invalidation" })),
        rule("region-XX", json!({ "Region": "North" })),
    ];
    for (arrival, issuer, region, expected) in [
        (
            None,
            None,
            None,
            "acceptance-XX=Passed acceptance-YY=Passed invalidation-XX=Open",
        ),
        (
            Some("yy"),
            None,
            None,
            "acceptance-YY=Passed invalidation-XX=Open",
        ),
        (
            Some("YY"),
            Some("XX"),
            None,
            "acceptance-YY=Passed invalidation-XX=Passed",
        ),
        (
            Some("XX"),
            Some("YY"),
            Some("south"),
            "acceptance-XX=Passed",
        ),
        (
            Some("XX"),
            Some("YY"),
            Some("north"),
            "acceptance-XX=Passed region-XX=Passed",
        ),
        (Some("ZZ"), Some("ZZ"), Some("North"), ""),
    ] {
        let external = External {
            country_code: arrival,
            issuer_country: issuer,
            region,
            ..clock(CLOCK)
        };
        assert_eq!(outcomes(&rules, &payload(), &external), expected);
    }
}

#[test]
fn the_clock_and_value_sets_reach_the_rules() {
    let logic = json!({ "and": [
        { "in": [{ "var": "payload.v.0.dn" }, [1, 2]] },
        { "in": ["red", { "var": "external.valueSets.colours" }] },
        { "after": [
            { "plusTime": [{ "var": "external.validationClock" }, 0, "day"] },
            { "plusTime": ["2021-12-20T11:33:19.999Z", 0, "day"] },
        ] },
    ] });
    let rules = [rule("A", json!({ "Logic": logic }))];
    let mut sets = ValueSets::default();
    sets.insert("colours", vec!["red".to_owned()]);
    let external = External {
        value_sets: &sets,
        ..clock(CLOCK)
    };
    assert_eq!(outcomes(&rules, &payload(), &external), "A=Passed");
    assert_eq!(outcomes(&rules, &payload(), &clock(CLOCK)), "A=Open");
}

#[test]
fn hostile_payloads_leave_rules_open() {
    let sum =
        json!({ "reduce": [{ "var": "payload.v" }, { "+": [{ "var": "accumulator" }, 1] }, 0] });
    let rules = [rule("A", json!({ "Logic": { ">": [sum, 0] } }))];
    let huge = json!({ "ver": "1.3.0", "v": vec![json!({}); 1_000_000] });
    let results = set(&rules).evaluate(&huge, &clock(CLOCK));
    assert_eq!(
        results[0].reason,
        Some(OpenReason::Evaluation(EvaluationError::TooMuchWork))
    );

    let mut deep = payload();
    deep["v"] = (0..10_000).fold(json!(1), |inner, _| Value::Array(vec![inner]));
    assert_eq!(outcomes(&rules, &deep, &clock(CLOCK)), "A=Passed");
    assert_eq!(
        outcomes(&rules, &json!({ "ver": "1.3.0", "v": "x" }), &clock(CLOCK)),
        "A=Open"
    );
}

#[test]
fn a_result_as_json() {
    let description = json!([{ "lang": "en", "desc": "Yes." }, { "lang": "vi", "desc": "Có." }]);
    let rules = [rule("A", json!({ "Description": description }))];
    let results = set(&rules).evaluate(&payload(), &clock(CLOCK));
    assert_eq!(
        serde_json::to_value(results).unwrap(),
        json!([{ "id": "A", "result": "passed", "description": { "en": "Yes.", "vi": "Có." } }])
    );
}

#[test]
fn sets_can_be_joined() {
    let mut joined = set(&[rule("A", json!({}))]);
    joined.extend(set(&[rule("B", json!({})), json!(1)]));
    assert_eq!((joined.rules().len(), joined.refused().len()), (2, 1));
}
