//! The generator refuses what it does not know, and leaves everything as it is.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::process::Command;

#[test]
fn nonsense_is_refused() {
    let program = env!("CARGO_BIN_EXE_vectors");
    let done = Command::new(program).arg("--nonsense").output().unwrap();
    assert!(!done.status.success());
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(said.contains("--nonsense"), "{said}");
}
