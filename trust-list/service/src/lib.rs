//! The service that keeps the keys and publishes the trust bundle.
//!
//! What is trusted lives in a database ([`store`]) and changes by the rules of [`domain`]; who may
//! change it says [`people`]. [`publish`] turns it into static, signed, content-addressed files,
//! and [`serve`] hands those out without the database. [`http`] is the API and the pages,
//! [`command`] the program around it all. What every service needs is in `service`. `specs/trust-service.md` describes API and files.

pub mod command;
pub mod config;
pub mod domain;
pub mod http;
pub mod people;
pub mod publish;
pub mod serve;
pub mod store;
