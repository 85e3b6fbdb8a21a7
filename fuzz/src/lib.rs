//! The bodies of the fuzz targets. The ordinary tests of `verifier`, `qr` and `trust-list` include
//! the modules by path and run them over the seeds, so that a seed that fails is found without a
//! nightly compiler.

pub mod picture;
pub mod revocation;
pub mod targets;
