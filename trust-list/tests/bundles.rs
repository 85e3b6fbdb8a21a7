//! The bundles of `test-vectors/bundles`, attack by attack.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use std::{collections::BTreeSet, fs, path::PathBuf, sync::Arc};

use hcert::time::Timestamp;
use serde_json::Value;
use trust_list::{
    bundle::{Bundle, State},
    limits::Limits,
};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../test-vectors/bundles")
}

fn index() -> Value {
    serde_json::from_slice(&fs::read(folder().join("index.json")).unwrap()).unwrap()
}

#[test]
fn every_offer_is_answered_as_it_should_be() {
    let index = index();
    let at: Timestamp = index["at"].as_str().unwrap().parse().unwrap();
    let mut attacks = BTreeSet::new();
    for entry in index["bundles"].as_array().unwrap() {
        let name = entry["name"].as_str().unwrap();
        attacks.extend(entry["attack"].as_str());
        let read = |ending: &str| fs::read(folder().join(format!("{name}.{ending}"))).unwrap();
        let state = State::parse(&read("state")).unwrap();
        let opened = Bundle::open(&Arc::new(read("hcert")), &state, &Limits::DEFAULT);
        let expect = &entry["expect"];
        match &opened {
            Err(error) => assert_eq!(expect["error"], error.code(), "{name}: {error}"),
            Ok((bundle, after)) => {
                let found = serde_json::json!({
                    "sequence": bundle.manifest().sequence(),
                    "root_version": bundle.root().version(),
                    "keys": bundle.key_list().keys.len(),
                    "missing": bundle.missing().count(),
                    "freshness": bundle.freshness(at).name(),
                });
                assert_eq!(expect["bundle"], found, "{name}");
                assert_eq!(after.sequence(), bundle.manifest().sequence(), "{name}");
                assert_eq!(State::parse(&after.encode()).unwrap(), *after, "{name}");
            }
        }
    }
    // Every attack of the TUF specification, section 1.5.2.
    let named = [
        "arbitrary installation",
        "endless data",
        "extraneous dependencies",
        "fast-forward",
        "indefinite freeze",
        "mix-and-match",
        "rollback",
        "slow retrieval",
        "vulnerability to key compromises",
        "wrong software installation",
    ];
    assert_eq!(attacks, BTreeSet::from(named));
}

/// Whatever byte of a good bundle is changed: never a panic, and never another content.
#[test]
fn no_flipped_byte_changes_what_is_trusted() {
    let read = |name: &str| fs::read(folder().join(name)).unwrap();
    let state = State::parse(&read("first.state")).unwrap();
    let file = read("first.hcert");
    let (good, _) = Bundle::open(&Arc::new(file.clone()), &state, &Limits::DEFAULT).unwrap();
    for place in 0..file.len() {
        let mut changed = file.clone();
        changed[place] ^= 0x41;
        if let Ok((bundle, _)) = Bundle::open(&Arc::new(changed), &state, &Limits::DEFAULT) {
            assert_eq!(bundle.key_list(), good.key_list(), "byte {place}");
            assert_eq!(
                bundle.manifest().parts(),
                good.manifest().parts(),
                "byte {place}"
            );
        }
    }
}

/// And wherever it is cut.
#[test]
fn no_cut_file_is_taken() {
    let read = |name: &str| fs::read(folder().join(name)).unwrap();
    let state = State::parse(&read("first.state")).unwrap();
    let file = read("first.hcert");
    for end in 0..file.len() {
        let cut = Arc::new(file.get(..end).unwrap().to_vec());
        assert!(
            Bundle::open(&cut, &state, &Limits::DEFAULT).is_err(),
            "cut at {end}"
        );
    }
}
