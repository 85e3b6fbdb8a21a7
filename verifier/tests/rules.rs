//! The published CertLogic test suites, and the published rules of the member states with their tests.
//!
//! They are read from the folder that `HCERT_CONFORMANCE` names, by default `../shared/conformance`
//! beside the workspace. Where it is absent, the tests say so on standard error.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use time::OffsetDateTime;
use verifier::rules::certlogic::Expression;
use verifier::rules::{External, Outcome, Rule, RuleSet, ValueSets};

/// Assertions of the evaluator's suite, without those that it marks as not to be run.
const EVALUATOR_CASES: usize = 157;
/// Assertions that the evaluator's suite itself marks as not to be run.
const EVALUATOR_SKIPS: usize = 10;
/// Cases of the validation suite.
const VALIDATION_CASES: usize = 17;
const RULES: usize = 104;
/// Tests of the rules: all are run.
const RULE_TESTS: usize = 735;

/// Tests that give no payload at all. They are run: for CertLogic what is absent is `null`.
const WITHOUT_PAYLOAD: &[&str] = &["NL/GR-NL-0002/test004.json"];

#[test]
fn evaluator_suite() {
    let Some(folder) = business_rules() else {
        return;
    };
    let (mut run, mut skipped) = (0, 0);
    let mut failures = Vec::new();
    for file in json_files(&folder.join("certlogic/testSuite")) {
        let suite = read(&file);
        for case in array(&suite, "cases") {
            for (index, assertion) in array(case, "assertions").iter().enumerate() {
                if [&suite, case, assertion]
                    .iter()
                    .any(|part| part["directive"] == "skip")
                {
                    skipped += 1;
                    continue;
                }
                run += 1;
                let found = evaluate(case, assertion);
                if found.as_ref() != Ok(&assertion["expected"]) {
                    failures.push(format!(
                        "{} {} #{index}: {found:?}",
                        suite["name"], case["name"]
                    ));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
    assert_eq!((run, skipped), (EVALUATOR_CASES, EVALUATOR_SKIPS));
}

fn evaluate(case: &Value, assertion: &Value) -> Result<Value, String> {
    let expression = assertion.get("certLogicExpression");
    let expression = expression.or_else(|| case.get("certLogicExpression"));
    let expression = Expression::parse(expression.expect("an expression"));
    let expression = expression.map_err(|error| error.to_string())?;
    expression
        .evaluate(&assertion["data"])
        .map_err(|error| error.to_string())
}

#[test]
fn validation_suite() {
    let Some(folder) = business_rules() else {
        return;
    };
    let mut run = 0;
    for file in json_files(&folder.join("certlogic/validation-testSuite")) {
        for case in array(&read(&file), "cases") {
            run += 1;
            let expression = &case["certLogicExpression"];
            let found: Vec<_> = Expression::issues(expression)
                .into_iter()
                .map(|issue| (issue.expression.clone(), issue.fault.to_string()))
                .collect();
            let expected: Vec<_> = array(case, "issues")
                .iter()
                .map(|issue| (issue["expr"].clone(), text(issue, "message")))
                .collect();
            assert_eq!(found, expected, "{expression}");
            assert_eq!(
                Expression::parse(expression).is_ok(),
                expected.is_empty(),
                "{expression}"
            );
        }
    }
    assert_eq!(run, VALIDATION_CASES);
}

#[test]
fn rules_of_the_member_states() {
    let Some(folder) = business_rules() else {
        return;
    };
    let (mut rules, mut run) = (0, 0);
    let mut failures = Vec::new();
    for folder in rule_folders(&folder) {
        let value = read(&folder.join("rule.json"));
        assert!(
            Expression::issues(&value["Logic"]).is_empty(),
            "{}",
            folder.display()
        );
        let rule = Rule::from_json(&value).expect("a rule");
        rules += 1;
        for file in json_files(&folder.join("tests")) {
            let name = name(&folder, &file);
            let test = read(&file);
            let without_payload = WITHOUT_PAYLOAD.contains(&name.as_str());
            assert_eq!(test.get("payload").is_none(), without_payload, "{name}");
            assert!(test.get("external").is_some(), "{name}");
            run += 1;
            let found = rule.holds(&test);
            if found.as_ref().ok() != test["expected"].as_bool().as_ref() {
                failures.push(format!("{name}: {found:?}"));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
    assert_eq!((rules, run), (RULES, RULE_TESTS));
}

/// All rules as one set, over every payload of their tests, at one clock and with one edition of the
/// value sets: what each test expects need not hold then, but this must.
#[test]
fn rules_of_the_member_states_as_one_set() {
    let Some(folder) = business_rules() else {
        return;
    };
    let folders = rule_folders(&folder);
    let rules: Value = folders
        .iter()
        .map(|folder| read(&folder.join("rule.json")))
        .collect();
    let set = RuleSet::parse(&rules.to_string()).expect("a set");
    assert_eq!((set.rules().len(), set.refused().len()), (RULES, 0));

    let mut sets = ValueSets::default();
    let text = fs::read_to_string(folder.join("valueSets.json")).expect("readable");
    sets.add_json(&text).expect("value sets");
    // 2023-01-01, when all of the rules are in force.
    let clock = OffsetDateTime::from_unix_timestamp(1_672_531_200).expect("an instant");
    let external = External {
        value_sets: &sets,
        ..External::at(clock)
    };

    let (mut passed, mut failed) = (0, 0);
    for file in folders
        .iter()
        .flat_map(|folder| json_files(&folder.join("tests")))
    {
        let mut payload = read(&file)["payload"].take();
        let schema_known = payload.is_object();
        if schema_known {
            payload["ver"] = "1.3.0".into();
        }
        for result in set.evaluate(&payload, &external) {
            assert_eq!(result.reason.is_some(), result.outcome == Outcome::Open);
            match result.outcome {
                Outcome::Passed => passed += 1,
                Outcome::Failed => failed += 1,
                Outcome::Open => {}
            }
            assert!(schema_known || result.outcome == Outcome::Open);
        }
    }
    assert!(passed > 0 && failed > 0);
}

fn business_rules() -> Option<PathBuf> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance");
    let root = std::env::var_os("HCERT_CONFORMANCE").map_or_else(default, PathBuf::from);
    let folder = root.join("eu-dcc/business-rules");
    if folder.is_dir() {
        return Some(folder);
    }
    // Not by a macro: the harness would keep what those print to itself when the test passes.
    let message = format!("SKIPPED: no conformance data at {}\n", folder.display());
    std::io::stderr()
        .write_all(message.as_bytes())
        .expect("standard error");
    None
}

fn rule_folders(business_rules: &Path) -> Vec<PathBuf> {
    folders(&business_rules.join("rules"))
        .iter()
        .flat_map(|set| folders(set))
        .collect()
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    entries(folder)
        .into_iter()
        .filter(|path| path.is_dir())
        .collect()
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let is_json = |path: &PathBuf| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    };
    entries(folder).into_iter().filter(is_json).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}

/// Set, rule and file of a test, with slashes on every platform.
fn name(rule: &Path, file: &Path) -> String {
    let part = |path: Option<&Path>| {
        path.and_then(Path::file_name)
            .expect("a name")
            .to_string_lossy()
            .into_owned()
    };
    [part(rule.parent()), part(Some(rule)), part(Some(file))].join("/")
}

fn read(file: &Path) -> Value {
    let text = fs::read_to_string(file).expect("readable");
    serde_json::from_str(&text).expect("JSON")
}

fn array<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().expect("an array")
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().expect("a string").to_owned()
}
