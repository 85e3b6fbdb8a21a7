//! The keys that the issuer signs with, and the one place where a payload becomes a signed,
//! verified text.
//!
//! A [`Source`] is where a document signer lies: in a sealed file, or in an HSM behind PKCS #11.
//! [`Dsc::open`] makes a [`Dsc`] of it, with its [`Profile`], its uses and the period in which it
//! signs. A [`Keyring`] holds them all, knows which one signs at an instant ([`Keyring::pick`])
//! and what a person has to do before the next one is missed ([`Keyring::due`]).
//!
//! [`Certifier::certify`] takes a [`Dcc`](hcert::dcc::Dcc) and gives its texts. There is no way in
//! for bytes or hashes: what is signed is encoded here, and what was signed is read back by the
//! `verifier` crate and compared before anybody gets it.
//!
//! [`SiteKey`] and [`Approval`] are the step before: a site's officer approves a record.
//!
//! No clock and no randomness: every instant is an argument. Only [`Source`] reads files, and only
//! [`pkcs11`] talks to a device.

mod approval;
mod certifier;
mod dsc;
mod due;
mod file;
mod keyring;
pub mod pkcs11;
mod profile;
mod secret;
mod site_key;
mod source;
mod text;

pub use approval::{Approval, ApprovalError, CONTENT_TYPE as APPROVAL_CONTENT_TYPE};
pub use certifier::{Certified, Certifier, CertifyError, Code, NotAlpha2, Terms};
pub use dsc::{BoxedSigner, Dsc, DscError, DscTerms, Place, Stop};
pub use due::Due;
pub use keyring::{Duplicate, Keyring, NoKey};
pub use profile::{NotAProfile, Profile};
pub use secret::Secret;
pub use site_key::{BadSecret, SiteKey};
pub use source::{OpenError, Source, SourceError};
pub use text::{Memory, Payload, TextError, verifier_of};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Whole days from one instant to another; negative when it lies before.
fn days_between(from: hcert::time::Timestamp, to: hcert::time::Timestamp) -> i64 {
    (to.unix() - from.unix()).div_euclid(DAY)
}
