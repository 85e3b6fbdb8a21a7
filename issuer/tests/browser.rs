//! A day at the desk in a real browser: `tests/browser/run.sh`. It says so when there is none, and is
//! an error then where `HCERT_NEED_BROWSER` is set.

use std::process::Command;

#[test]
fn a_day_at_the_desk() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/run.sh");
    let done = Command::new(script)
        .arg(env!("CARGO_BIN_EXE_issuer"))
        .status()
        .unwrap();
    assert!(done.success(), "{script}: {done}");
}
