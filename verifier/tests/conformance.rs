//! Every published EU DCC vector with its expectation, as text.
//!
//! Vectors where the verifier's verdict differs from the expectation are listed by name with the
//! reason in `conformance-exceptions.tsv`; a vector that is listed and agrees is an error too, so the
//! list can't outlive its reasons.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

#[path = "../testing/conformance.rs"]
mod conformance;

use std::{collections::BTreeMap, path::Path};

use serde_json::Value;
use verifier::{Verdict, Verifier, trust::TrustBuilder};

fn verifier(vector: &Value) -> Verifier {
    let mut trust = TrustBuilder::default();
    for file in conformance::trusted(vector) {
        trust.add_file(&file).unwrap();
    }
    Verifier::new(trust.build())
}

/// What of the expectation the verdict misses.
fn misses(vector: &Value, verdict: &Verdict) -> Option<String> {
    let expect = &vector["expect"];
    let stage = verdict
        .result
        .as_ref()
        .err()
        .map(|failure| failure.stage().name());
    let found = match &verdict.result {
        Ok(_) => "valid".to_owned(),
        Err(failure) => format!("{} {:?}", failure.stage(), failure.reason()),
    };
    match expect["valid"].as_bool() {
        Some(true) if stage.is_some() => Some(format!("expected valid, found {found}")),
        Some(false) => {
            let stages = expect["stages"].as_array().unwrap();
            let right = stages.iter().any(|wanted| wanted.as_str() == stage);
            (!right).then(|| format!("expected {stages:?}, found {found}"))
        }
        _ => None,
    }
}

/// The payload is compared where the source states one.
fn payload_differs(folder: &Path, vector: &Value, verdict: &Verdict) -> Option<String> {
    let place = vector["expect"]["json"].as_str()?;
    let (file, members) = place.split_once('#').unwrap_or((place, ""));
    let file = std::fs::read_to_string(folder.join(file)).unwrap();
    let mut wanted: Value = serde_json::from_str(&file).unwrap();
    for member in members.split('/').filter(|member| !member.is_empty()) {
        wanted = wanted[member].take();
    }
    let payload = verdict.result.as_ref().ok()?.payload();
    let wanted = content_of(&wanted)?;
    (!same(&wanted, &payload)).then(|| format!("payload {payload}\n  expected {wanted}"))
}

/// Some sources state the whole CWT: the certificate is below -260/1.
fn content_of(stated: &Value) -> Option<Value> {
    if stated.get("nam").is_some() {
        return Some(stated.clone());
    }
    stated.as_object()?.values().find_map(content_of)
}

/// Equal but for the spelling of numbers (2 and 2.0).
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

fn exceptions() -> BTreeMap<String, String> {
    let lines = include_str!("conformance-exceptions.tsv").lines();
    let rows = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.map(|line| {
        let (id, reason) = line
            .split_once('\t')
            .unwrap_or_else(|| panic!("no reason: {line}"));
        (id.to_owned(), reason.to_owned())
    })
    .collect()
}

#[test]
fn every_eu_dcc_vector() {
    let Some(folder) = conformance::folder() else {
        return;
    };
    let mut exceptions = exceptions();
    let (mut faults, mut run, mut in_pictures) = (Vec::new(), 0, 0);
    for vector in conformance::vectors(&folder) {
        let id = vector["id"].as_str().unwrap();
        if !["eu-dcc", "icvp"].contains(&vector["format"].as_str().unwrap()) {
            continue;
        }
        let of_picture = vector["expect"]["stage"] == "picture";
        let Some(text) = conformance::text(&folder, &vector).filter(|_| !of_picture) else {
            in_pictures += 1;
            continue;
        };
        run += 1;
        let verdict = verifier(&vector).verify(&text, conformance::at(&vector));
        let fault =
            misses(&vector, &verdict).or_else(|| payload_differs(&folder, &vector, &verdict));
        match (fault, exceptions.remove(id)) {
            (Some(fault), None) => faults.push(format!("{id}: {fault}")),
            (None, Some(reason)) => faults.push(format!("{id}: agrees, but is listed: {reason}")),
            _ => {}
        }
    }
    for (id, reason) in exceptions {
        faults.push(format!(
            "{id}: listed ({reason}), but not among the vectors"
        ));
    }
    eprintln!("{run} vectors run as text, {in_pictures} are only about their pictures");
    assert!(
        faults.is_empty(),
        "{} disagreements\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(
        run > 400,
        "only {run} vectors: the conformance files are not whole"
    );
}
