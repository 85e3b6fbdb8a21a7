//! What C sees.
//!
//! Every function keeps panics on this side, checks its pointers for null, and says in its
//! documentation what they have to point to. Nothing but these functions may be called from outside.
#![allow(
    unsafe_code,
    reason = "the border to C is unsafe by its nature, and nothing else here is"
)]

mod border;
mod scanner;
mod trust;
mod verdict;

use std::ffi::c_char;

pub use border::{HCERT_NOW, HcertStatus, hcert_last_error};
pub use scanner::{HcertScanner, hcert_scanner_free, hcert_scanner_new, hcert_scanner_replace};
pub use scanner::{hcert_scanner_verify, hcert_scanner_verify_image};
pub use trust::{HcertBytes, hcert_trust_state};
pub use trust::{HcertTrust, hcert_trust_add, hcert_trust_add_file, hcert_trust_free};
pub use trust::{hcert_bytes_free, hcert_trust_new, hcert_trust_pin, hcert_trust_remember};
pub use verdict::{
    HcertColour, HcertDoubt, HcertLanguage, HcertRevocation, HcertVerdict, hcert_string_free,
    hcert_verdict_free, hcert_verdict_json,
};

/// The version of this interface. It changes when something that was there before means another
/// thing; what is added leaves it.
pub const HCERT_ABI_VERSION: u32 = 1;

/// The version of the interface of the library that was loaded. Compare it with
/// `HCERT_ABI_VERSION` of the header before anything else.
#[unsafe(no_mangle)]
pub extern "C" fn hcert_abi_version() -> u32 {
    HCERT_ABI_VERSION
}

/// The version of the library, such as "0.1.0". It lives as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn hcert_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}
