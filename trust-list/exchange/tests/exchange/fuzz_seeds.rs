//! The fuzz targets of `fuzz/` that read lists, over their seeds, without a fuzzer. An input that
//! once failed is a seed as well.

use std::path::{Path, PathBuf};

#[allow(unreachable_pub, reason = "a module of another crate")]
#[path = "../../../../fuzz/src/lists.rs"]
mod lists;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds")
}

#[test]
fn every_seed() {
    for target in ["did_reader", "key_list_readers"] {
        let mut count = 0;
        for file in std::fs::read_dir(folder().join(target)).unwrap() {
            let path = file.unwrap().path();
            eprintln!("{}", path.display());
            lists::run(target, &std::fs::read(&path).unwrap());
            count += 1;
        }
        assert!(count > 4, "{target}: only {count} seeds");
    }
}

#[test]
fn the_signed_seeds_hold() {
    assert_eq!(lists::proofs_that_hold(), 3);
}

/// Writes the seeds: `cargo test -p trust-exchange fuzz_seeds -- --ignored`.
#[test]
#[ignore = "writes into fuzz/seeds"]
fn write() {
    for (target, name, bytes) in lists::seeds() {
        let folder = folder().join(target);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}
