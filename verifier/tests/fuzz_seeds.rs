//! The fuzz targets of `fuzz/` over their seeds, without a fuzzer. An input that once failed is a
//! seed as well.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::path::{Path, PathBuf};

#[allow(unreachable_pub, reason = "a module of another crate")]
#[path = "../../fuzz/src/targets.rs"]
mod targets;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds")
}

#[test]
fn every_seed() {
    for target in [
        "verdict",
        "hc1_bytes",
        "cose",
        "x509",
        "trust_json",
        "rules",
    ] {
        let files = std::fs::read_dir(folder().join(target)).unwrap();
        let mut count = 0;
        for file in files {
            let path = file.unwrap().path();
            eprintln!("{}", path.display());
            targets::run(target, &std::fs::read(&path).unwrap());
            count += 1;
        }
        assert!(count > 4, "{target}: only {count} seeds");
    }
}

#[test]
fn the_known_texts_are_valid() {
    assert_eq!(targets::known_and_valid(), 7);
}

/// Writes the seeds that are made by our own code:
/// `cargo test -p verifier --test fuzz_seeds -- --ignored`.
#[test]
#[ignore = "writes into fuzz/seeds"]
fn write() {
    for (target, name, bytes) in targets::seeds() {
        let folder = folder().join(target);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}
