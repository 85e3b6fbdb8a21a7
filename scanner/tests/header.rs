//! The committed header is what the sources say.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod common;

use std::fs;

fn generated() -> String {
    let config = cbindgen::Config::from_file(common::here("cbindgen.toml")).unwrap();
    let mut builder = cbindgen::Builder::new().with_config(config);
    for file in [
        "ffi.rs",
        "ffi/border.rs",
        "ffi/trust.rs",
        "ffi/verdict.rs",
        "ffi/scanner.rs",
    ] {
        builder = builder.with_src(common::here("src").join(file));
    }
    let mut header = Vec::new();
    builder.generate().unwrap().write(&mut header);
    // What is said of safety is Rust's; the promises themselves stay.
    String::from_utf8(header)
        .unwrap()
        .replace(" * # Safety\n", " * Demands:\n")
}

#[test]
fn the_header_is_fresh() {
    let committed = fs::read_to_string(common::here("include/hcert_scanner.h")).unwrap();
    assert!(
        committed == generated(),
        "run: cargo test -p hcert-scanner --test header -- --ignored"
    );
}

#[test]
#[ignore = "writes the header"]
fn write() {
    fs::write(common::here("include/hcert_scanner.h"), generated()).unwrap();
}
