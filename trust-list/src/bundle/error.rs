//! Why a bundle is not taken: each attack and each accident has its own words.

use alloc::string::String;

use crate::{envelope::EnvelopeError, environment::Environment, root::RootError, wire::WireError};

/// Why bytes are not a bundle in one file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// Something else.
    #[error("not a trust bundle")]
    NotBundle,
    /// A bundle, but cut off or damaged.
    #[error("the trust bundle is cut off or damaged at byte {0}")]
    Damaged(usize),
    /// Beyond a bound.
    #[error("the trust bundle is larger than {limit} {unit}")]
    TooLarge {
        /// The bound.
        limit: usize,
        /// Of what.
        unit: &'static str,
    },
}

/// Why what is offered is not taken. The bundle in use stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// Not a bundle in one file.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// Signatures missing, or not a signed document.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// A root that can't be used.
    #[error(transparent)]
    Root(#[from] RootError),
    /// A document that can't be read.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// What is remembered of earlier updates can't be read.
    #[error("what is remembered of the trusted root can't be read: {0}")]
    State(String),
    /// Roots follow one another without a gap.
    #[error("root version {found} is offered where version {expected} has to follow")]
    RootVersion {
        /// The next version.
        expected: u64,
        /// The one offered.
        found: u64,
    },
    /// More versions than one update goes through.
    #[error("more than {0} versions of the root")]
    RootCount(usize),
    /// Test and production never mix.
    #[error(
        "what is offered is for {offered}, and this verifier's trust is for {ours}: it is not mixed"
    )]
    Environment {
        /// Of the pinned root.
        ours: Environment,
        /// Of what is offered.
        offered: Environment,
    },
    /// The manifest was made under a root that was not offered.
    #[error("the manifest needs root version {needed}, and only version {have} is to be had")]
    RootMissing {
        /// The version it was made under.
        needed: u64,
        /// The newest in hand.
        have: u64,
    },
    /// An older manifest than the one in use.
    #[error(
        "sequence {offered} is older than sequence {installed}, which is in use: an old file, or a \
         mirror that holds back the new one"
    )]
    Rollback {
        /// In use.
        installed: u64,
        /// Offered.
        offered: u64,
    },
    /// Two manifests with one sequence.
    #[error(
        "another manifest with the same sequence {0} is in use: its publisher signed two, or its \
         key is in strange hands; report this"
    )]
    Equivocation(u64),
    /// An older key list than the one in use.
    #[error("key list version {offered} is older than version {installed}, which is in use")]
    KeysRollback {
        /// In use.
        installed: u64,
        /// Offered.
        offered: u64,
    },
    /// No manifest was offered.
    #[error("no manifest")]
    NoManifest,
    /// The key list is missing.
    #[error("the key list is missing or damaged")]
    NoKeys,
    /// A part is not the one that the manifest names.
    #[error(
        "a part of {found} bytes is not what the manifest names as {name} ({length} bytes): cut \
         off, or swapped"
    )]
    WrongPart {
        /// The part asked for.
        name: String,
        /// Its length by the manifest.
        length: usize,
        /// The length offered.
        found: usize,
    },
    /// Not all parts were offered.
    #[error("parts are missing ({count}), the first is {first}")]
    PartsMissing {
        /// How many.
        count: usize,
        /// The first of them.
        first: String,
    },
}

impl UpdateError {
    /// A short word that stays the same in every language and version.
    pub fn code(&self) -> &'static str {
        match self {
            UpdateError::Bundle(BundleError::NotBundle) => "not_bundle",
            UpdateError::Bundle(BundleError::Damaged(_)) => "damaged",
            UpdateError::Bundle(BundleError::TooLarge { .. })
            | UpdateError::Envelope(EnvelopeError::TooLarge { .. })
            | UpdateError::RootCount(_) => "too_large",
            UpdateError::Envelope(EnvelopeError::Threshold { .. }) => "threshold",
            UpdateError::Envelope(EnvelopeError::Type { .. }) => "type",
            UpdateError::Envelope(EnvelopeError::Unreadable { .. })
            | UpdateError::Root(_)
            | UpdateError::Wire(_) => "unreadable",
            UpdateError::State(_) => "state",
            UpdateError::RootVersion { .. } => "root_version",
            UpdateError::Environment { .. } => "environment",
            UpdateError::RootMissing { .. } => "root_missing",
            UpdateError::Rollback { .. } => "rollback",
            UpdateError::Equivocation(_) => "equivocation",
            UpdateError::KeysRollback { .. } => "keys_rollback",
            UpdateError::NoManifest => "no_manifest",
            UpdateError::NoKeys => "no_keys",
            UpdateError::WrongPart { .. } => "wrong_part",
            UpdateError::PartsMissing { .. } => "parts_missing",
        }
    }

    /// Whether it speaks of an attack or a broken publisher rather than of a broken line.
    pub fn is_suspicious(&self) -> bool {
        matches!(
            self,
            UpdateError::Envelope(EnvelopeError::Threshold { .. })
                | UpdateError::Environment { .. }
                | UpdateError::Rollback { .. }
                | UpdateError::Equivocation(_)
                | UpdateError::KeysRollback { .. }
        )
    }
}
