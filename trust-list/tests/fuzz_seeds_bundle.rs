//! The fuzz target `bundle` of `fuzz/` over its seeds, without a fuzzer. An input that once failed
//! is a seed as well.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use std::path::{Path, PathBuf};

#[allow(unreachable_pub, reason = "a module of another crate")]
#[path = "../../fuzz/src/bundle.rs"]
mod bundle;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn every_seed() {
    let mut count = 0;
    for file in std::fs::read_dir(root().join("fuzz/seeds/bundle")).unwrap() {
        let path = file.unwrap().path();
        eprintln!("{}", path.display());
        bundle::bundle(&std::fs::read(&path).unwrap());
        count += 1;
    }
    assert!(count > 4, "only {count} seeds");
}

#[test]
fn every_bundle_of_the_test_vectors() {
    let files = std::fs::read_dir(root().join("test-vectors/bundles")).unwrap();
    let read = files.filter(|file| {
        let path = file.as_ref().unwrap().path();
        bundle::bundle(&std::fs::read(path).unwrap())
    });
    assert!(read.count() > 30);
}
