//! The Python of the tests: an environment of its own, with pinned packages (`venv.sh`).

use std::{path::Path, process::Command};

/// Its interpreter. Without Python or the packages there is none, and that is said aloud; where
/// `HCERT_PYTHON` is set it is an error.
pub(crate) fn interpreter() -> Option<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/venv.sh");
    let made = Command::new("bash").arg(script).output();
    let python = made.as_ref().ok().filter(|made| made.status.success());
    let python = python.map(|made| String::from_utf8_lossy(&made.stdout).trim().to_owned());
    if python.is_none() {
        let why = made.map(|made| String::from_utf8_lossy(&made.stderr).into_owned());
        assert!(
            std::env::var_os("HCERT_PYTHON").is_none(),
            "no Python environment: {why:?}"
        );
        eprintln!("\n*** SKIPPED: no Python environment: {why:?} ***\n");
    }
    python
}
