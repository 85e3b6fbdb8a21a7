//! The bodies of the fuzz targets. The ordinary tests of `verifier`, `qr`, `trust-list`,
//! `trust-exchange`, `intake`, `border`, `gate` and `hcert-scanner` include the modules by path and run them over the seeds, so that a seed that
//! fails is found without a nightly compiler.

pub mod border;
pub mod bundle;
pub mod gate;
pub mod intake;
pub mod lists;
pub mod picture;
pub mod revocation;
pub mod scanner;
pub mod targets;
