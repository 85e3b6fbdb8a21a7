//! The policy: what the publisher of a bundle wants verifiers to do where the format leaves it open.
//!
//! ```cddl
//! policy = {
//!     1 => "amber" / "red",     ; the answer after the hard expiry
//!     2 => [* country]          ; countries known to publish no revocation: not amber for that
//! }
//! country = tstr .regexp "[A-Z]{2}"
//! ```

use alloc::{borrow::ToOwned, collections::BTreeSet, string::String, vec::Vec};

use minicbor::{Decode, Encode};

use crate::wire::{self, WireError};

/// What a verifier answers with trust data that is past its hard expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AfterHardExpiry {
    /// "Can't say": a signing service that stands still must not stop a country's verifiers.
    #[default]
    Amber,
    /// "Not valid": where a wrong green is worse than a closed gate.
    Red,
}

/// What the publisher decides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// The answer after the hard expiry.
    pub after_hard_expiry: AfterHardExpiry,
    /// Countries (ISO 3166-1 alpha-2) that are known to publish no revocation lists, and whose
    /// certificates shall be green all the same.
    pub without_revocation: BTreeSet<String>,
}

impl Policy {
    /// Reads one.
    pub fn parse(bytes: &[u8]) -> Result<Policy, WireError> {
        let wire: Wire<'_> = wire::read("policy", bytes)?;
        let after_hard_expiry = match wire.after_hard_expiry {
            "amber" => AfterHardExpiry::Amber,
            "red" => AfterHardExpiry::Red,
            _ => return wire::value("policy", "the answer after expiry", "amber or red"),
        };
        let country = |text: &&str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
        if !wire.without_revocation.iter().all(country)
            || !wire.without_revocation.is_sorted_by(|one, next| one < next)
        {
            return wire::value(
                "policy",
                "its countries",
                "two capitals each, sorted, none twice",
            );
        }
        Ok(Policy {
            after_hard_expiry,
            without_revocation: wire
                .without_revocation
                .into_iter()
                .map(str::to_owned)
                .collect(),
        })
    }

    /// Writes it, as a part.
    pub fn encode(&self) -> Vec<u8> {
        wire::write(&Wire {
            after_hard_expiry: match self.after_hard_expiry {
                AfterHardExpiry::Amber => "amber",
                AfterHardExpiry::Red => "red",
            },
            without_revocation: self.without_revocation.iter().map(String::as_str).collect(),
        })
    }
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Wire<'b> {
    #[b(1)]
    after_hard_expiry: &'b str,
    #[b(2)]
    without_revocation: Vec<&'b str>,
}
