//! The bodies of the fuzz targets. The ordinary tests of `verifier`, `qr` and `trust-exchange`
//! include the modules by path and run them over the seeds, so that a seed that fails is found
//! without a nightly compiler.

pub mod lists;
pub mod picture;
pub mod targets;
