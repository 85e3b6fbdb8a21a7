//! The fuzz target of `fuzz/` over its seeds, without a fuzzer.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::path::{Path, PathBuf};

#[allow(
    unreachable_pub,
    unsafe_op_in_unsafe_fn,
    clippy::undocumented_unsafe_blocks,
    reason = "a module of another crate"
)]
#[path = "../../../fuzz/src/gate.rs"]
mod targets;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds")
}

#[test]
fn every_seed() {
    let files = std::fs::read_dir(folder().join("gate_frames")).unwrap();
    let mut count = 0;
    for file in files {
        let path = file.unwrap().path();
        eprintln!("{}", path.display());
        assert!(targets::run("gate_frames", &std::fs::read(&path).unwrap()) > 0);
        count += 1;
    }
    assert!(count >= targets::seeds().len(), "only {count} seeds");
}

/// Writes the seeds: `cargo test -p gate --test fuzz_seeds -- --ignored`.
#[test]
#[ignore = "writes into fuzz/seeds"]
fn write() {
    for (target, name, bytes) in targets::seeds() {
        let folder = folder().join(target);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}
