//! The program says what it does, and refuses what it does not know.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::process::{Command, Output};

fn run(argument: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_wasm-pages");
    Command::new(program).arg(argument).output().unwrap()
}

#[test]
fn help_and_nonsense() {
    let help = run("--help");
    assert!(help.status.success());
    let said = String::from_utf8(help.stdout).unwrap();
    for option in ["--check", "--out"] {
        assert!(said.contains(option), "{said}");
    }
    assert!(!run("--nonsense").status.success());
}
