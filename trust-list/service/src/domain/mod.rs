//! What the service keeps, and the rules by which it changes.

pub mod documents;
pub mod import;
pub mod keys;
pub mod revocation;
pub mod slices;
