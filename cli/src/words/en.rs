//! English.

pub(super) const ERROR: &str = "error";
