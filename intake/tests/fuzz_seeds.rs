//! The fuzz targets `intake_*` of `fuzz/` over their seeds, without a fuzzer. An input that once
//! failed is a seed as well.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use std::path::{Path, PathBuf};

#[allow(unreachable_pub, reason = "a module of another crate")]
#[path = "../../fuzz/src/intake.rs"]
mod intake_targets;

use intake_targets::{run, seeds};

fn folder(target: &str) -> PathBuf {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds");
    seeds.join(target)
}

#[test]
fn every_seed() {
    for target in ["intake_table", "intake_card", "intake_fhir"] {
        let mut count = 0;
        for file in std::fs::read_dir(folder(target)).unwrap() {
            let path = file.unwrap().path();
            eprintln!("{}", path.display());
            run(target, &std::fs::read(&path).unwrap());
            count += 1;
        }
        assert!(count > 2, "{target}: only {count} seeds");
    }
}

/// Each byte of each seed, changed: what a fuzzer does first.
#[test]
fn every_seed_with_a_changed_byte() {
    for (target, name, bytes) in seeds() {
        assert!(
            run(target, &bytes),
            "{target}/{name} reaches what it is for"
        );
        for place in 0..bytes.len() {
            for change in [1, 0x10, 0x80] {
                let mut bytes = bytes.clone();
                bytes[place] ^= change;
                run(target, &bytes);
            }
        }
    }
}

/// Writes the seeds: `cargo test -p intake --test fuzz_seeds -- --ignored`.
#[test]
#[ignore = "writes into fuzz/seeds"]
fn write() {
    for (target, name, bytes) in seeds() {
        std::fs::create_dir_all(folder(target)).unwrap();
        std::fs::write(folder(target).join(name), bytes).unwrap();
    }
}
