//! Other people's files, which are not part of the project: `HCERT_CONFORMANCE` names their
//! folder, by default `../shared/conformance` beside the project.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test program uses a part of this"
)]

use std::path::{Path, PathBuf};

/// The folder; without it a test is skipped, and says so.
pub fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("HCERT_CONFORMANCE").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance");
    let folder = named.unwrap_or(beside);
    if folder.join("expected.jsonl").exists() {
        return Some(folder);
    }
    eprintln!(
        "\n*** SKIPPED: no conformance files in {} (set HCERT_CONFORMANCE) ***\n",
        folder.display()
    );
    None
}
