//! Other people's trust lists in, our own out, without any input or output.
//!
//! An import has three steps, each a value that the next one takes:
//!
//! 1. Read: each form has its module, and answers an [`Imported`]: what the list says
//!    ([`trust_list::import::Listing`]) and whose word that is ([`Vouch`]). Where a key to check
//!    the list with is given, the check has to hold: a list that fails it is an error, and never
//!    becomes one that the operator vouches for.
//! 2. Admit: [`admission::admit`] decides entry by entry what is let in, with a reason for every
//!    refusal. One bad entry never drops a list.
//! 3. Publish: what was admitted goes into the bundle, whose signature is the only one that a
//!    verifier checks.
//!
//! | form | module |
//! | --- | --- |
//! | WHO GDHCN DID trust list, versions 1 and 2, embedded and by reference | [`did`] |
//! | the EU's gateway, and lists in its shape | [`gateway`] |
//! | German list | [`german`] |
//! | Swiss lists | [`swiss`] |
//! | Austrian list, version 2 | [`austrian`] |
//! | SMART Health Card directory, JWKS of an issuer | [`health_cards`] |
//! | ICAO master list | [`master_list`] |
//! | a folder of certificates | [`folder`] |
//! | anything without a signature of its own | [`unsigned`] |
//!
//! The other way, [`did::export`] and [`jwks`] write our own keys for others, and [`join`] makes
//! what a country needs to join WHO's network.

pub mod admission;
pub mod austrian;
pub mod cms;
pub mod did;
mod error;
pub mod folder;
pub mod gateway;
pub mod german;
pub mod health_cards;
pub mod join;
pub mod jwks;
mod jws;
mod key;
pub mod master_list;
mod names;
mod signature;
pub mod swiss;
mod vouch;

pub use error::{ImportError, ProofError};
pub use vouch::{Imported, Pin, PinError, Vouch};

use hcert::limits::Limits;

/// A file of any form that [`trust_list::import::read`] knows: the operator vouches for it.
pub fn unsigned(bytes: &[u8], limits: &Limits) -> Result<Imported, ImportError> {
    Ok(Imported {
        listing: trust_list::import::read(bytes, limits)?,
        vouch: Vouch::Operator,
    })
}
