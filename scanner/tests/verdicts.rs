//! The C interface answers as the command line does: every vector, through the functions that C calls;
//! and many verifications while the trust is replaced.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod common;

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
};

use common::{
    AT,
    c::{Device, of_struct},
    vector,
};
use hcert_scanner::{Scanner, Trust};
use serde_json::Value;

fn json(file: &str) -> Value {
    serde_json::from_slice(&fs::read(vector(file)).unwrap()).unwrap()
}

#[test]
fn every_vector_has_its_verdict() {
    let index = json("index.json");
    let vectors = index["vectors"].as_array().unwrap();
    for entry in vectors {
        let one = json(entry["file"].as_str().unwrap());
        let file = one["text"].as_str().unwrap();
        let text = fs::read(vector(file)).unwrap();
        let trust = one["trust"].as_array().unwrap().iter();
        let trust: Vec<Vec<u8>> = trust
            .map(|file| fs::read(vector(file.as_str().unwrap())).unwrap())
            .collect();
        let at: hcert::time::Timestamp = one["at"].as_str().unwrap().parse().unwrap();
        let device = Device::new(&trust).unwrap();
        let (object, shown) = device.text(&text, at.unix(), file);
        let wanted = &one["expect"]["verdict"];
        assert_eq!(&object, wanted, "{file}");
        assert_eq!(shown, of_struct(wanted), "{file}");
    }
    assert!(vectors.len() >= 300);
}

fn trust(bundle: &Path, state: Option<&[u8]>) -> Trust {
    let mut trust = Trust::new();
    if let Some(state) = state {
        trust.remember(state).unwrap();
    }
    trust.add_file(bundle).unwrap();
    trust
}

#[test]
fn an_older_bundle_is_not_taken() {
    let (first, newer) = (vector("bundles/first.hcert"), vector("bundles/newer.hcert"));
    let scanner = Scanner::new(trust(&first, None)).unwrap();
    let next = trust(&newer, None);
    let state = next.state().unwrap();
    scanner.replace(next).unwrap();
    let sequence = |at: i64| {
        let verdict = scanner.verify("HC1:", hcert::time::Timestamp::saturating(at));
        (verdict.bundle.unwrap().sequence, verdict.clock_doubtful)
    };
    assert_eq!(sequence(AT + 86_400), (11, false));
    let mut older = Trust::new();
    older.remember(&state).unwrap();
    let refused = older.add_file(&first).unwrap_err();
    assert!(refused.to_string().contains("10"), "{refused}");
    assert!(scanner.replace(older).is_err());
    // The clock set back a year is noticed by what was signed since.
    assert_eq!(sequence(AT - 365 * 86_400), (11, true));
}

/// How often to verify: a million in `cargo xtask soak`.
fn rounds() -> u64 {
    let named = std::env::var("HCERT_VERIFICATIONS").ok();
    named.map_or(4_000, |count| count.parse().unwrap())
}

fn resident_kb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let digits = line.and_then(|line| line.split_whitespace().next());
    digits.map_or(0, |digits| digits.parse().unwrap())
}

/// A bundle is replaced after every thousand, under the feet of those who verify; each verdict is right
/// and memory stays what it is.
#[test]
fn verifying_while_the_trust_is_replaced() {
    let dsc = fs::read(vector("trust/dsc-es256.pem")).unwrap();
    let other = fs::read(vector("trust/dsc-eddsa.pem")).unwrap();
    let bundle = vector("bundles/first.hcert");
    // The texts' key beside a bundle, and beside a bundle and another key.
    let make = |more: bool| {
        let mut trust = trust(&bundle, None);
        trust.add(dsc.clone()).unwrap();
        if more {
            trust.add(other.clone()).unwrap();
        }
        trust
    };
    let scanner = Scanner::new(make(false)).unwrap();
    let valid = fs::read_to_string(vector("valid/es256-vaccination.txt")).unwrap();
    let forged: String = valid.chars().rev().collect();
    let cut = &valid[..valid.len() - 2];
    let at = hcert::time::Timestamp::saturating(AT);
    let (rounds, done, ended) = (rounds(), AtomicU64::new(0), AtomicBool::new(false));
    let mut first_kb = 0;
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while done.fetch_add(1, Ordering::Relaxed) < rounds {
                    assert!(scanner.verify(&valid, at).is_valid());
                    if done.load(Ordering::Relaxed) % 16 == 0 {
                        assert!(!scanner.verify(&forged, at).is_valid());
                        assert!(!scanner.verify(cut, at).is_valid());
                    }
                }
                ended.store(true, Ordering::Relaxed);
            });
        }
        let mut replaced = 0;
        while !ended.load(Ordering::Relaxed) {
            if done.load(Ordering::Relaxed) >= (replaced + 1) * 1000 {
                scanner.replace(make(replaced % 2 == 0)).unwrap();
                replaced += 1;
            } else {
                thread::yield_now();
            }
            if first_kb == 0 && done.load(Ordering::Relaxed) > rounds / 4 {
                first_kb = resident_kb();
            }
        }
        assert!(replaced >= rounds / 1000 - 1, "only {replaced} replaced");
    });
    let grown = resident_kb().saturating_sub(first_kb);
    eprintln!("{rounds} verifications; {first_kb} kB after a quarter, {grown} kB more at the end");
    assert!(grown < 8 * 1024, "{grown} kB more");
}
