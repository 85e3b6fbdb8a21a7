//! The keyring by its public face: rotation, sources in files, certifying, approving.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod approval;
mod certify;
mod file;
mod made;
mod rotation;
