//! What is trusted: the signed bundle of keys, revocation, rules and policies.
//!
//! A bundle is what a verifier needs to decide without a network. Its shape is that of The Update
//! Framework, carried as COSE and CBOR:
//!
//! ```text
//! root  (a threshold of offline keys)  names who may sign the other two, and its successor
//! keys  (a threshold of its own)       the key list: who may sign certificates, who no longer may
//! manifest  (online)                   sequence, time, soft and hard expiry, every part by SHA-256
//! ```
//!
//! [`bundle::Update`] takes what an unreliable mirror or a USB stick hands over, piece by piece,
//! and gives a [`bundle::Bundle`] only when every check held; [`bundle::Bundle::open`] reads the
//! single-file form. Publishing starts with [`root::Root`], [`key_list::KeyList`] and
//! [`manifest::Manifest`], each encoded and signed by [`envelope::Envelope`].
//!
//! Nothing here reads a file, a clock or a socket, or needs an operating system. The format is described in `specs/bundle.md`.

#![cfg_attr(not(test), no_std)]

extern crate alloc;
// Logarithms, for sizing the filters of others.
#[cfg(feature = "build")]
extern crate std;

pub mod bundle;
pub mod clock;
pub mod digest;
pub mod envelope;
pub mod environment;
pub mod import;
pub mod key_list;
pub mod limits;
pub mod manifest;
pub mod policy;
pub mod revocation;
pub mod root;
mod wire;
