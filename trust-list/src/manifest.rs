//! The manifest: what belongs together at one time, and until when it may be relied on.
//!
//! ```cddl
//! manifest = {
//!     1 => uint,                     ; sequence, from 1
//!     2 => "production" / "test",
//!     3 => int,                      ; issued, seconds since 1970
//!     4 => int,                      ; soft expiry: answers turn amber
//!     5 => int,                      ; hard expiry: the policy decides
//!     6 => uint,                     ; version of the root it was made under
//!     7 => [* part]
//! }
//! part = [ kind : tstr, name : tstr, sha256 : bstr .size 32, bytes : uint ]
//! ```

use alloc::{borrow::ToOwned, collections::BTreeSet, string::String, vec::Vec};
use core::fmt;

use hcert::time::Timestamp;
use minicbor::{Decode, Encode};

use crate::{
    digest::Digest,
    environment::Environment,
    limits::Limits,
    wire::{self, Instant, WireError},
};

/// What a part is. A reader passes over kinds it does not know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PartKind {
    /// [`crate::key_list::KeyList`], signed by itself. There is exactly one.
    Keys,
    /// Which issuers and months the slices cover.
    RevocationIndex,
    /// Revoked certificates of one key and month.
    RevocationSlice,
    /// Lists of hashes, as gateways exchange them.
    RevocationHashes,
    /// A Bloom or partial-hash filter of another country.
    RevocationFilter,
    /// Business rules in JSON (CertLogic).
    Rules,
    /// Value sets in JSON.
    ValueSets,
    /// [`crate::policy::Policy`].
    Policy,
    /// Something newer than this reader.
    Other(String),
}

impl PartKind {
    const KNOWN: [(PartKind, &'static str); 8] = [
        (PartKind::Keys, "keys"),
        (PartKind::RevocationIndex, "revocation-index"),
        (PartKind::RevocationSlice, "revocation-slice"),
        (PartKind::RevocationHashes, "revocation-hashes"),
        (PartKind::RevocationFilter, "revocation-filter"),
        (PartKind::Rules, "rules"),
        (PartKind::ValueSets, "value-sets"),
        (PartKind::Policy, "policy"),
    ];

    /// The word in the manifest.
    pub fn name(&self) -> &str {
        match self {
            PartKind::Other(name) => name,
            known => Self::KNOWN
                .iter()
                .find(|(kind, _)| kind == known)
                .map_or("", |(_, name)| name),
        }
    }

    fn of_name(name: &str) -> PartKind {
        Self::KNOWN
            .into_iter()
            .find(|(_, known)| *known == name)
            .map_or_else(|| PartKind::Other(name.to_owned()), |(kind, _)| kind)
    }
}

impl fmt::Display for PartKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One part, as the manifest names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Which one of its kind; at most 200 bytes of printable ASCII.
    pub name: String,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// How many bytes it has.
    pub length: usize,
}

impl Part {
    /// As it is named for these bytes.
    pub fn of(kind: PartKind, name: &str, bytes: &[u8]) -> Part {
        Part {
            kind,
            name: name.to_owned(),
            digest: Digest::of(bytes),
            length: bytes.len(),
        }
    }
}

/// What belongs together at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    sequence: u64,
    environment: Environment,
    issued: Timestamp,
    soft_expiry: Timestamp,
    hard_expiry: Timestamp,
    root_version: u64,
    parts: Vec<Part>,
}

/// What a new manifest says; see [`Manifest`]'s readers for each.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the readers of Manifest say what each is")]
pub struct ManifestDraft {
    pub sequence: u64,
    pub environment: Environment,
    pub issued: Timestamp,
    pub soft_expiry: Timestamp,
    pub hard_expiry: Timestamp,
    pub root_version: u64,
    pub parts: Vec<Part>,
}

impl Manifest {
    /// A new one; its parts are put in order.
    pub fn new(mut draft: ManifestDraft, limits: &Limits) -> Result<Manifest, WireError> {
        draft.parts.sort_by(|one, other| {
            (one.kind.name(), &one.name).cmp(&(other.kind.name(), &other.name))
        });
        Manifest {
            sequence: draft.sequence,
            environment: draft.environment,
            issued: draft.issued,
            soft_expiry: draft.soft_expiry,
            hard_expiry: draft.hard_expiry,
            root_version: draft.root_version,
            parts: draft.parts,
        }
        .checked(limits)
    }

    /// Reads the payload of a manifest's envelope. Says nothing about who signed it.
    pub fn parse(payload: &[u8], limits: &Limits) -> Result<Manifest, WireError> {
        let wire: Wire<'_> = wire::read("manifest", payload)?;
        let part = |part: &WirePart<'_>| Part {
            kind: PartKind::of_name(part.kind),
            name: part.name.to_owned(),
            digest: part.digest,
            length: usize::try_from(part.length).unwrap_or(usize::MAX),
        };
        Manifest {
            sequence: wire.sequence,
            environment: wire.environment,
            issued: wire.issued.0,
            soft_expiry: wire.soft_expiry.0,
            hard_expiry: wire.hard_expiry.0,
            root_version: wire.root_version,
            parts: wire.parts.iter().map(part).collect(),
        }
        .checked(limits)
    }

    fn checked(self, limits: &Limits) -> Result<Manifest, WireError> {
        let wrong = |which, why| wire::value("manifest", which, why);
        if self.sequence == 0 {
            wrong("its sequence", "sequences begin at 1")?;
        }
        if !(self.issued < self.soft_expiry && self.soft_expiry <= self.hard_expiry) {
            wrong(
                "its times",
                "issue, soft and hard expiry have to follow one another",
            )?;
        }
        if self.parts.len() > limits.parts {
            wrong("its parts", "there are too many")?;
        }
        let mut total = 0_usize;
        let mut names = BTreeSet::new();
        for part in &self.parts {
            let printable = |text: &str| {
                (1..=200).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
            };
            if !printable(part.kind.name()) || !printable(&part.name) {
                wrong(
                    "a part",
                    "its kind or name is not 1 to 200 bytes of printable ASCII",
                )?;
            }
            if !names.insert((part.kind.name(), part.name.as_str())) {
                wrong("a part", "its name comes twice")?;
            }
            if part.length > limits.part_bytes {
                wrong("a part", "it is too large")?;
            }
            total = total.saturating_add(part.length);
        }
        if total > limits.bundle_bytes {
            wrong("its parts", "together they are too large")?;
        }
        let single = |kind: PartKind| self.parts_of(&kind).count() == 1;
        if !single(PartKind::Keys) {
            wrong("its parts", "there has to be exactly one key list")?;
        }
        if self.parts_of(&PartKind::Policy).count() > 1 {
            wrong("its parts", "there may be only one policy")?;
        }
        Ok(self)
    }

    /// The payload to be signed.
    pub fn encode(&self) -> Vec<u8> {
        wire::write(&Wire {
            sequence: self.sequence,
            environment: self.environment,
            issued: Instant(self.issued),
            soft_expiry: Instant(self.soft_expiry),
            hard_expiry: Instant(self.hard_expiry),
            root_version: self.root_version,
            parts: self
                .parts
                .iter()
                .map(|part| WirePart {
                    kind: part.kind.name(),
                    name: &part.name,
                    digest: part.digest,
                    length: part.length as u64,
                })
                .collect(),
        })
    }

    /// Counts publications, from 1; never goes back.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Production or test.
    pub fn environment(&self) -> Environment {
        self.environment
    }

    /// When it was made.
    pub fn issued(&self) -> Timestamp {
        self.issued
    }

    /// From when on answers are amber: a verifier should have a newer one by then.
    pub fn soft_expiry(&self) -> Timestamp {
        self.soft_expiry
    }

    /// From when on the policy decides whether it may be relied on at all.
    pub fn hard_expiry(&self) -> Timestamp {
        self.hard_expiry
    }

    /// The version of the root it was made under.
    pub fn root_version(&self) -> u64 {
        self.root_version
    }

    /// All parts.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The parts of one kind.
    pub fn parts_of<'m>(&'m self, kind: &'m PartKind) -> impl Iterator<Item = &'m Part> {
        self.parts.iter().filter(move |part| part.kind == *kind)
    }
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Wire<'b> {
    #[n(1)]
    sequence: u64,
    #[n(2)]
    environment: Environment,
    #[n(3)]
    issued: Instant,
    #[n(4)]
    soft_expiry: Instant,
    #[n(5)]
    hard_expiry: Instant,
    #[n(6)]
    root_version: u64,
    #[b(7)]
    parts: Vec<WirePart<'b>>,
}

#[derive(Encode, Decode)]
struct WirePart<'b> {
    #[b(0)]
    kind: &'b str,
    #[b(1)]
    name: &'b str,
    #[n(2)]
    digest: Digest,
    #[n(3)]
    length: u64,
}
