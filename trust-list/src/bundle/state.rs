//! What a verifier remembers between two updates.
//!
//! ```cddl
//! state = {
//!     1 => bstr,              ; envelope of the root in force
//!     2 => uint,              ; sequence of the manifest in use; 0 before the first
//!     ? 3 => bstr .size 32,   ; SHA-256 of its envelope
//!     4 => uint,              ; version of its key list
//!     5 => int                ; the highest signed time ever seen
//! }
//! ```

use alloc::vec::Vec;

use hcert::time::Timestamp;
use minicbor::{Decode, Encode, bytes::ByteSlice};

use super::UpdateError;
use crate::{
    digest::Digest,
    envelope::{Document, Envelope},
    limits::Limits,
    root::{Role, Root},
    wire::{self, Instant},
};

/// What a verifier remembers: the root it trusts, and how far it has come. Keep it where a power
/// cut can't lose it, beside the bundle and never on the medium that brings new ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    pub(super) root: Vec<u8>,
    pub(super) sequence: u64,
    pub(super) manifest: Option<Digest>,
    pub(super) keys_version: u64,
    pub(super) highest_time: Timestamp,
}

impl State {
    /// Begins with a root that somebody vouches for: shipped with a device, or its fingerprint
    /// compared. It has to be signed by its own threshold.
    pub fn pinned(root: &[u8], limits: &Limits) -> Result<State, UpdateError> {
        let (parsed, _) = own_root(root, limits)?;
        Ok(State {
            root: root.to_vec(),
            sequence: 0,
            manifest: None,
            keys_version: 0,
            highest_time: parsed.issued(),
        })
    }

    /// The root in force, and its fingerprint: SHA-256 of what its keys signed.
    pub fn root(&self, limits: &Limits) -> Result<(Root, Digest), UpdateError> {
        let (root, envelope) = own_root(&self.root, limits)?;
        Ok((root, Digest::of(envelope.unverified_payload())))
    }

    /// Reads what [`State::encode`] wrote.
    pub fn parse(bytes: &[u8]) -> Result<State, UpdateError> {
        let wire: Wire<'_> = wire::read("state", bytes)?;
        Ok(State {
            root: wire.root.to_vec(),
            sequence: wire.sequence,
            manifest: wire.manifest,
            keys_version: wire.keys_version,
            highest_time: wire.highest_time.0,
        })
    }

    /// Its bytes, to be kept.
    pub fn encode(&self) -> Vec<u8> {
        wire::write(&Wire {
            root: self.root.as_slice().into(),
            sequence: self.sequence,
            manifest: self.manifest,
            keys_version: self.keys_version,
            highest_time: Instant(self.highest_time),
        })
    }

    /// The envelope of the root in force.
    pub fn root_envelope(&self) -> &[u8] {
        &self.root
    }

    /// Sequence of the manifest in use; 0 before the first.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The highest signed time ever seen: a clock that is far behind it is wrong.
    pub fn highest_time(&self) -> Timestamp {
        self.highest_time
    }
}

/// A root that has to be signed by its own threshold, with its envelope.
pub(super) fn own_root(bytes: &[u8], limits: &Limits) -> Result<(Root, Envelope), UpdateError> {
    let envelope = Envelope::parse(Document::Root, bytes, limits)?;
    let root = Root::parse(envelope.unverified_payload())?;
    envelope.verify(Role::Root, &root.keys(Role::Root))?;
    Ok((root, envelope))
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Wire<'b> {
    #[b(1)]
    root: &'b ByteSlice,
    #[n(2)]
    sequence: u64,
    #[n(3)]
    manifest: Option<Digest>,
    #[n(4)]
    keys_version: u64,
    #[n(5)]
    highest_time: Instant,
}
