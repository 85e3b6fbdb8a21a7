//! The keyring by its public face: rotation, sources in files, certifying, approving.

mod approval;
mod certify;
mod file;
mod made;
mod rotation;
