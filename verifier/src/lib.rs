//! The decision: scanned text, trusted keys and a clock in, a [`Verdict`] out.
//!
//! ```text
//! recognise -> decode -> find signer -> signature -> may it sign this -> time -> revocation
//!           -> schema -> rules
//! ```
//!
//! Put the trusted keys into a [`trust::Trust`], make a [`Verifier`] of it, and ask
//! [`Verifier::verify`]; for many codes in a row keep a [`Session`], which reuses its buffers.
//! A [`Verdict`] holds either a [`ValidCertificate`], which only this crate can make and only
//! after every stage, or a [`Failure`], which holds nothing of the certificate's content.
//!
//! The crate does no input or output at all: the clock is an argument, and nothing below it can
//! open a file or a socket. An allocator is all that it needs of a system: it runs on bare metal too.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

pub mod describe;
mod failure;
mod format;
mod json;
pub mod rules;
pub mod trust;
pub mod unverified;
mod verdict;
mod verify;
pub mod wording;

pub use failure::{Failure, Reason, Stage};
pub use format::Format;
pub use verdict::{BundleUse, Colour, Doubt, Holder, Revocation, ValidCertificate, Verdict};
pub use verify::{Session, Verifier};
