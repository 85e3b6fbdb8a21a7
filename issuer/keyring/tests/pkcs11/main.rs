//! Keys in an HSM, with SoftHSM in the HSM's place.
//!
//! SoftHSM takes its configuration from the environment of its process, so the cases run in a
//! process of their own: [`with_softhsm`] makes a throwaway folder of tokens and starts this
//! program again for the cases, which are marked as ignored for everybody else.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod cases;
#[path = "../keyring/made.rs"]
mod made;
mod softhsm;

use std::process::Command;

#[test]
fn with_softhsm() {
    let Some(module) = softhsm::module() else {
        eprintln!(
            "\n*** NOT TESTED with an HSM: no SoftHSM found. Install it: apt-get install \
             --no-install-recommends softhsm2 ***\n"
        );
        assert!(
            std::env::var_os("HCERT_NEED_SOFTHSM").is_none(),
            "HCERT_NEED_SOFTHSM is set, and there is no SoftHSM"
        );
        return;
    };
    let folder = softhsm::folder();
    let cases = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--test-threads=1", "cases::"])
        .env("SOFTHSM2_CONF", folder.path().join("softhsm2.conf"))
        .env(softhsm::MODULE, module)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&cases.stdout);
    println!("{said}{}", String::from_utf8_lossy(&cases.stderr));
    assert!(cases.status.success(), "a case with SoftHSM failed");
    assert!(!said.contains("running 0 tests"), "no case was run");
}
