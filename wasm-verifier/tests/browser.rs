//! The pages in a real browser: `tests/browser/run.sh`. It says so when there is none, and is an error
//! then where `HCERT_NEED_BROWSER` is set.

use std::process::Command;

#[test]
fn the_pages_in_a_browser() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/run.sh");
    let done = Command::new(script).status().unwrap();
    assert!(done.success(), "{script}: {done}");
}
