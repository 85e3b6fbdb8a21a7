//! The verifier for JavaScript: `verifier` and `trust-list` behind functions that take bytes and text.
//!
//! What is here converts arguments and nothing else; the decisions are those of the crates below,
//! the very code of the command. The published face is `js/verifier.js`, which loads the module,
//! makes objects of JSON and errors of [`Fault`], and starts a new instance after a trap. Nothing
//! is kept in globals: what a call needs comes in with it, the time too.

mod fault;
mod trust;
mod update;
mod verify;

pub use fault::Fault;
pub use trust::{Gather, Trust};
pub use update::Update;
pub use verify::{describe, inspect_unverified, verify_json};
