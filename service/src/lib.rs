//! What the project's services stand on.
//!
//! [`store`] is a database on two engines, with what every service keeps in it: [`people`] with
//! their sessions, failed sign-ins, and an audit log that is append-only. [`listen`], [`http`],
//! [`fields`], [`problem`] and [`metrics`] take requests and answer them, [`language`] writes
//! pages as people do, [`vault`] seals small secrets, and [`clock`] and [`random`] are the only
//! places that ask the machine for time and chance.
//!
//! A service has its own tables, roles, routes and pages: it wraps [`store::Store`] and
//! [`store::Tx`], declares a [`roles::Role`], and hands in what is its own.

pub mod clock;
pub mod fields;
pub mod http;
pub mod language;
pub mod listen;
pub mod log;
pub mod metrics;
pub mod people;
pub mod problem;
pub mod random;
pub mod roles;
pub mod store;
pub mod vault;
