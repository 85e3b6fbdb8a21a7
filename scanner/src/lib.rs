//! The verifier behind a C interface.
//!
//! C, C++ and everything that can call C use `include/hcert_scanner.h`; `specs/scanner.md` says what
//! they may rely on. Within, [`Trust`] gathers what is trusted, and a [`Scanner`] decides with it and
//! takes newer trust while other threads verify. The functions that C sees are in [`ffi`]: they check
//! pointers and lengths, keep panics on this side, and leave everything else to the safe code.

pub mod ffi;
mod scanner;
mod trust;

#[cfg(feature = "image")]
pub use scanner::ImageError;
pub use scanner::Scanner;
pub use trust::{Trust, TrustError};
