//! The bundle: all that a verifier needs to decide offline, checked.
//!
//! A [`Bundle`] comes out of [`Update::finish`] (from a mirror or a directory, piece by piece) or
//! [`Bundle::open`] (the single file), and only after every check held. What has to be remembered
//! between two of them is a [`State`].

mod error;
mod file;
mod part;
mod state;
#[cfg(test)]
mod tests;
mod update;

use alloc::{collections::BTreeMap, vec::Vec};

use hcert::time::Timestamp;

pub use error::{BundleError, UpdateError};
pub use file::{MAGIC, Pieces, parse as take_apart, write as write_file};
pub use part::PartBytes;
pub use state::State;
pub use update::{Offered, Update};

use crate::{
    digest::Digest,
    environment::Environment,
    key_list::KeyList,
    limits::Limits,
    manifest::{Manifest, Part, PartKind},
    policy::Policy,
    root::Root,
    wire::WireError,
};

/// How much a bundle may be relied on at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Before its soft expiry.
    Fresh,
    /// Past its soft expiry: answers are amber.
    Stale {
        /// The soft expiry.
        since: Timestamp,
    },
    /// Past its hard expiry: the policy decides.
    Expired {
        /// The hard expiry, the root's or the key list's, whichever came first.
        since: Timestamp,
    },
}

impl Freshness {
    /// The word for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Freshness::Fresh => "fresh",
            Freshness::Stale { .. } => "stale",
            Freshness::Expired { .. } => "expired",
        }
    }
}

/// The times that a bundle may be judged by, without the bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// When the manifest was made.
    pub issued: Timestamp,
    /// From when on answers are amber.
    pub soft_expiry: Timestamp,
    /// From when on the policy decides: the manifest's, the root's or the key list's, whichever
    /// is first.
    pub hard_expiry: Timestamp,
}

impl Validity {
    /// How much the bundle may be relied on at an instant.
    pub fn freshness(&self, at: Timestamp) -> Freshness {
        let (soft, hard) = (self.soft_expiry, self.hard_expiry);
        if at >= hard {
            Freshness::Expired { since: hard }
        } else if at >= soft {
            Freshness::Stale { since: soft }
        } else {
            Freshness::Fresh
        }
    }

    /// Whole days since the manifest was made; 0 when the clock is before it.
    pub fn age_days(&self, at: Timestamp) -> i64 {
        let seconds = at.unix().saturating_sub(self.issued.unix());
        seconds.max(0) / (24 * 3600)
    }
}

/// A bundle whose every signature, number and digest held.
#[derive(Debug)]
pub struct Bundle {
    root: Root,
    roots: Vec<Vec<u8>>,
    manifest: Manifest,
    envelope: Vec<u8>,
    key_list: KeyList,
    parts: BTreeMap<Digest, PartBytes>,
}

impl Bundle {
    /// Opens the single-file form as somebody who remembers `state`, and says what to remember
    /// from now on.
    ///
    /// A damaged or absent part other than the key list does not stop it: that part counts as
    /// missing (see [`Bundle::missing`]), and what depends on it becomes "unknown".
    ///
    /// The file is a `&Arc<Vec<u8>>`, or a `&'static [u8]` in a microcontroller's flash; its parts
    /// are not copied.
    pub fn open(
        file: impl Into<PartBytes>,
        state: &State,
        limits: &Limits,
    ) -> Result<(Bundle, State), UpdateError> {
        Bundle::of_pieces(file::parse(file, limits)?, state, limits)
    }

    fn of_pieces(
        pieces: Pieces,
        state: &State,
        limits: &Limits,
    ) -> Result<(Bundle, State), UpdateError> {
        let mut update = Update::begin(state, *limits)?;
        for root in &pieces.roots {
            update.root(root)?;
        }
        update.manifest(&pieces.manifest)?;
        for part in pieces.parts {
            update.offer(part);
        }
        update.finish_with_what_is_there()
    }

    /// Opens the single-file form by its own first root: as good as the word of whoever named the
    /// file.
    pub fn open_alone(
        file: impl Into<PartBytes>,
        limits: &Limits,
    ) -> Result<(Bundle, State), UpdateError> {
        let pieces = file::parse(file, limits)?;
        // The format demands one.
        let damaged = BundleError::Damaged(MAGIC.len());
        let root = pieces.roots.first().ok_or(damaged)?;
        let state = State::pinned(root, limits)?;
        Bundle::of_pieces(pieces, &state, limits)
    }

    /// The root in force.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// The envelopes of the roots it came with, oldest first, ending with the one in force.
    pub fn root_envelopes(&self) -> &[Vec<u8>] {
        &self.roots
    }

    /// The manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The manifest's envelope.
    pub fn manifest_envelope(&self) -> &[u8] {
        &self.envelope
    }

    /// The key list.
    pub fn key_list(&self) -> &KeyList {
        &self.key_list
    }

    /// Production or test.
    pub fn environment(&self) -> Environment {
        self.root.environment()
    }

    /// The bytes of a part; `None` when they are missing or were damaged.
    pub fn part(&self, part: &Part) -> Option<&PartBytes> {
        self.parts.get(&part.digest)
    }

    /// All parts of a kind, with their bytes.
    pub fn parts_of<'b>(
        &'b self,
        kind: &'b PartKind,
    ) -> impl Iterator<Item = (&'b Part, Option<&'b PartBytes>)> {
        self.manifest
            .parts_of(kind)
            .map(|part| (part, self.part(part)))
    }

    /// The parts whose bytes are missing or were damaged.
    pub fn missing(&self) -> impl Iterator<Item = &Part> {
        let parts = self.manifest.parts().iter();
        parts.filter(|part| !self.parts.contains_key(&part.digest))
    }

    /// The policy, or the default one where there is none.
    ///
    /// # Errors
    /// When there is one that can't be read or is missing: what it forbids is not known then.
    pub fn policy(&self) -> Result<Policy, WireError> {
        match self.parts_of(&PartKind::Policy).next() {
            None => Ok(Policy::default()),
            Some((_, Some(bytes))) => Policy::parse(bytes),
            Some((_, None)) => crate::wire::value("policy", "its bytes", "they are missing"),
        }
    }

    /// From when on it is past its hard expiry.
    pub fn hard_expiry(&self) -> Timestamp {
        let signed = self.root.expires().min(self.key_list.expires);
        self.manifest.hard_expiry().min(signed)
    }

    /// The times that it may be judged by.
    pub fn validity(&self) -> Validity {
        Validity {
            issued: self.manifest.issued(),
            soft_expiry: self.manifest.soft_expiry(),
            hard_expiry: self.hard_expiry(),
        }
    }

    /// How much it may be relied on at an instant.
    pub fn freshness(&self, at: Timestamp) -> Freshness {
        self.validity().freshness(at)
    }

    /// Whole days since the manifest was made; 0 when the clock is before it.
    pub fn age_days(&self, at: Timestamp) -> i64 {
        self.validity().age_days(at)
    }

    /// The single-file form of what is there.
    pub fn to_file(&self) -> Vec<u8> {
        let mut written = alloc::collections::BTreeSet::new();
        let parts = self.manifest.parts().iter();
        let parts = parts
            .filter(|part| written.insert(part.digest))
            .filter_map(|part| self.part(part));
        file::write(
            self.roots.iter().map(Vec::as_slice),
            &self.envelope,
            parts.map(|part| &part[..]),
        )
    }
}
