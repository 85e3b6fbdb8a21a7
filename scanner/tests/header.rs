//! The committed header is what cbindgen makes of the sources.
//!
//! cbindgen is a program of its own, for as a library it would change the features of half of the
//! project's dependencies. `cargo xtask test` installs it; where it is missing the test says so loudly and
//! does nothing, unless `HCERT_NEED_CBINDGEN` is set.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod common;

use std::{fs, path::PathBuf, process::Command};

fn cbindgen() -> Option<PathBuf> {
    // target/tools/bin, beside the folder in which tests make their files.
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let ours = target.parent()?.join("tools/bin/cbindgen");
    let path = std::env::var_os("PATH")?;
    let others = std::env::split_paths(&path).map(|folder| folder.join("cbindgen"));
    let found = std::iter::once(ours)
        .chain(others)
        .find(|program| program.is_file());
    if found.is_none() {
        let needed = std::env::var_os("HCERT_NEED_CBINDGEN").is_some();
        assert!(!needed, "no cbindgen");
        eprintln!("\n*** SKIPPED: no cbindgen (cargo xtask test installs it) ***\n");
    }
    found
}

fn generated() -> Option<String> {
    let output = common::run(
        Command::new(cbindgen()?)
            .current_dir(common::here(""))
            .env("CARGO_NET_OFFLINE", "true")
            .args(["--quiet", "--config", "cbindgen.toml", "."]),
    );
    // What is said of safety is Rust's word; the promises themselves are C's too.
    Some(
        String::from_utf8(output.stdout)
            .unwrap()
            .replace(" # Safety\n", " Demands:\n"),
    )
}

#[test]
fn the_header_is_fresh() {
    let Some(generated) = generated() else { return };
    let committed = fs::read_to_string(common::here("include/hcert_scanner.h")).unwrap();
    assert!(
        committed == generated,
        "run: cargo test -p hcert-scanner --test header -- --ignored"
    );
}

#[test]
#[ignore = "writes the header"]
fn write() {
    let generated = generated().expect("cbindgen is there");
    fs::write(common::here("include/hcert_scanner.h"), generated).unwrap();
}
