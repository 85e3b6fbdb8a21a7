//! The fuzz target of `fuzz/` over its seeds, without a fuzzer.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::path::{Path, PathBuf};

#[allow(unreachable_pub, reason = "a module of another crate")]
#[path = "../../../fuzz/src/border.rs"]
mod border_targets;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds")
}

#[test]
fn every_seed() {
    let files = std::fs::read_dir(folder().join("border_document")).unwrap();
    let mut read = 0;
    for file in files {
        let path = file.unwrap().path();
        eprintln!("{}", path.display());
        read += usize::from(border_targets::run(
            "border_document",
            &std::fs::read(&path).unwrap(),
        ));
    }
    assert!(
        read >= border_targets::seeds().len(),
        "only {read} are read"
    );
}

/// Writes the seeds: `cargo test -p border --test fuzz_seeds -- --ignored`.
#[test]
#[ignore = "writes into fuzz/seeds"]
fn write() {
    for (target, name, bytes) in border_targets::seeds() {
        let folder = folder().join(target);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}
