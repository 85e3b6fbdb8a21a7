//! The service that vaccination and sampling sites issue certificates with.
//!
//! What a site reports becomes a record ([`domain`]), a record becomes a certificate in three steps by
//! three roles, and all of it lies in a database ([`store`]). [`http`] is the API and the pages,
//! [`bulk`] the work that takes longer than a request, [`trust`] what the trust list is told,
//! [`command`] the program around it all. `specs/issuer.md` describes API and workflow.
//!
//! The server makes every payload itself, from its own records: nothing here signs bytes that
//! somebody brings along.

pub mod actor;
pub mod backup;
pub mod bulk;
pub mod command;
pub mod config;
pub mod domain;
pub mod http;
pub mod id;
pub mod oidc;
pub mod paper;
pub mod place;
pub mod roles;
pub mod store;
pub mod trust;
