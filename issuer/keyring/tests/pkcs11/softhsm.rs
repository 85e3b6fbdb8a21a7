//! A folder of tokens that is gone with the test.

use std::{
    fs,
    path::PathBuf,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

use keyring::{
    Secret,
    pkcs11::{Pkcs11Error, Token, TokenName},
};
use tempfile::TempDir;

/// Names the module to the cases.
pub(crate) const MODULE: &str = "HCERT_TEST_SOFTHSM";

pub(crate) const PIN: &str = "271828";

/// Where distributions put it.
const PLACES: &[&str] = &[
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
];

/// The module, if SoftHSM is there with its tool.
pub(crate) fn module() -> Option<PathBuf> {
    let tool = Command::new("softhsm2-util").arg("--version").output();
    tool.ok().filter(|tool| tool.status.success())?;
    PLACES.iter().map(PathBuf::from).find(|path| path.exists())
}

/// A folder with SoftHSM's configuration and no token.
pub(crate) fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("tokens");
    fs::create_dir(&tokens).unwrap();
    let configuration = format!(
        "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
        tokens.display()
    );
    fs::write(folder.path().join("softhsm2.conf"), configuration).unwrap();
    folder
}

/// The module, in a case.
pub(crate) fn here() -> PathBuf {
    let module = std::env::var_os(MODULE);
    module
        .expect("the cases are run by with_softhsm(), which gives them tokens")
        .into()
}

/// A new token with a label of its own.
pub(crate) fn new_token() -> String {
    static COUNT: AtomicU8 = AtomicU8::new(0);
    let label = format!("case-{}", COUNT.fetch_add(1, Ordering::SeqCst));
    // Modules look for new tokens when they begin.
    end_module();
    let made = Command::new("softhsm2-util")
        .args([
            "--init-token",
            "--free",
            "--so-pin",
            "314159",
            "--pin",
            PIN,
            "--label",
            &label,
        ])
        .output()
        .unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    label
}

pub(crate) fn open(label: &str, pin: &str) -> Result<Arc<Token>, Pkcs11Error> {
    let name = TokenName::Label(label.to_owned());
    Token::open(&here(), &name, &Secret::new(pin.to_owned()))
}

/// Ends the module behind everybody's back, as an HSM that is switched off does: all sessions,
/// logins and handles are gone.
pub(crate) fn end_module() {
    let module = cryptoki::context::Pkcs11::new(here()).unwrap();
    // It may not have begun yet.
    let _ = module.finalize();
}
