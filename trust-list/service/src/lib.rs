//! The service that keeps the keys and publishes the bundle.

pub mod clock;
pub mod config;
pub mod domain;
pub mod people;
pub mod publish;
pub mod random;
pub mod serve;
pub mod store;
