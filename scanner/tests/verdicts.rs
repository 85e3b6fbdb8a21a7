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

/// A figure of this process by Linux: `VmRSS`, its memory now; `VmHWM`, the most it ever had.
fn memory_kb(figure: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut lines = status.lines();
    let line = lines.find_map(|line| line.strip_prefix(figure)?.strip_prefix(':'));
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
                first_kb = memory_kb("VmRSS");
            }
        }
        assert!(replaced >= rounds / 1000 - 1, "only {replaced} replaced");
    });
    let grown = memory_kb("VmRSS").saturating_sub(first_kb);
    eprintln!("{rounds} verifications; {first_kb} kB after a quarter, {grown} kB more at the end");
    assert!(grown < 8 * 1024, "{grown} kB more");
}

const SIDE: u32 = 4096;

/// Pictures of the largest size, each made to give a reader much to keep.
const LARGE: [&str; 6] = [
    "noise",
    "chessboard",
    "finders",
    "larger finders",
    "rings",
    "grey",
];

fn large_picture(name: &str) -> Vec<u8> {
    let mut random = 1_u64;
    let mut noise = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random as u8
    };
    // Runs of a finder pattern, 1:1:3:1:1, in both directions.
    const RUNS: [u8; 8] = [0, 255, 0, 0, 0, 255, 0, 255];
    let run = |at: usize| RUNS[at % RUNS.len()];
    let mut pixel = |x: usize, y: usize| match name {
        "noise" => noise(),
        "chessboard" => [0, 255][(x + y) % 2],
        "finders" => run(x).max(run(y)),
        "larger finders" => run(x / 5).max(run(y / 5)),
        // The middles of Aztec codes.
        "rings" => [0, 255][(x % 12).abs_diff(5).max((y % 12).abs_diff(5)) % 2],
        "grey" => 128,
        _ => panic!("no picture {name}"),
    };
    let side = SIDE as usize;
    (0..side * side)
        .map(|at| pixel(at % side, at / side))
        .collect()
}

/// What `specs/scanner.md` promises to makers of devices: in a process of its own for each picture.
#[test]
#[cfg(target_os = "linux")]
fn a_pictures_memory_is_bounded() {
    const BYTES_PER_PIXEL: u64 = 8;
    if let Ok(name) = std::env::var("HCERT_LARGE_PICTURE") {
        let scanner = Scanner::new(trust(&vector("bundles/first.hcert"), None)).unwrap();
        let picture = large_picture(&name);
        // From here on the most counts anew.
        fs::write("/proc/self/clear_refs", "5").unwrap();
        let before = memory_kb("VmHWM");
        let at = hcert::time::Timestamp::saturating(AT);
        for thorough in [false, true] {
            let read = scanner.verify_image((SIDE, SIDE), &picture, thorough, at);
            assert!(!read.is_ok_and(|verdict| verdict.is_valid()));
        }
        println!("took {}", memory_kb("VmHWM") - before);
        return;
    }
    for name in LARGE {
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_pictures_memory_is_bounded", "--nocapture"])
            .env("HCERT_LARGE_PICTURE", name)
            .output()
            .unwrap();
        let said = String::from_utf8(child.stdout).unwrap();
        let took = said
            .split_once("took ")
            .and_then(|(_, rest)| rest.split_whitespace().next());
        let took: u64 = took
            .unwrap_or_else(|| panic!("{name}: {said}"))
            .parse()
            .unwrap();
        let pixels = u64::from(SIDE) * u64::from(SIDE);
        eprintln!(
            "{name}: {took} kB, {:.1} bytes a pixel",
            took as f64 * 1024.0 / pixels as f64
        );
        assert!(took * 1024 < BYTES_PER_PIXEL * pixels, "{name}: {took} kB");
    }
}
