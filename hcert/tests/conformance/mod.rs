//! The conformance files, which are not part of the project: `HCERT_CONFORMANCE` names their
//! folder, by default `../shared/conformance` beside the project.

#![allow(dead_code, reason = "every test uses its own part")]

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use serde_json::Value;

/// The folder, or nothing and a loud line.
pub(crate) fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("HCERT_CONFORMANCE").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance");
    let folder = named.unwrap_or(beside);
    if folder.join("expected.jsonl").exists() {
        return Some(folder);
    }
    // Not eprintln!, which the test harness keeps to itself when a test passes.
    let said = writeln!(
        io::stderr(),
        "SKIPPED: no conformance files in {} (set HCERT_CONFORMANCE)",
        folder.display()
    );
    said.expect("stderr can be written");
    None
}

/// A JSON file of the folder.
pub(crate) fn json(folder: &Path, file: &str) -> Value {
    let path = folder.join(file);
    let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Bytes of a hexadecimal text.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "odd hex: {text}");
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex"))
        .collect()
}
