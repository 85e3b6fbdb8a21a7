//! The command hcert.
fn main() {}
