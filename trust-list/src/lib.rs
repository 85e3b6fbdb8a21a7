//! What is trusted: the signed bundle of keys, revocation, rules and policies.

pub mod bundle;
pub mod import;
pub mod revocation;
