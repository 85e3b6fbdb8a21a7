//! The root: which keys may sign what. Signed by a threshold of offline keys.
//!
//! ```cddl
//! root = {
//!     1 => uint,                     ; version, from 1
//!     2 => "production" / "test",
//!     3 => int,                      ; issued, seconds since 1970
//!     4 => int,                      ; expires
//!     5 => tstr,                     ; who publishes, for people
//!     6 => { 1* bstr .size 32 => bstr },   ; key id => SubjectPublicKeyInfo (DER)
//!     7 => { 1 => role, 2 => role, 3 => role }   ; of root, keys, manifest
//! }
//! role = [ threshold : 1.., [1* key-id] ]
//! ```

use alloc::{
    borrow::ToOwned,
    collections::{BTreeMap, BTreeSet},
    string::String,
    sync::Arc,
    vec::Vec,
};
use core::{fmt, str::FromStr};

use hcert::{
    keys::{KeyError, PublicKey},
    time::Timestamp,
};
use minicbor::{Decode, Encode};

use crate::{
    digest::Digest,
    environment::Environment,
    wire::{self, Instant, WireError},
};

/// What a key of the root may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The next root. Offline keys, several holders.
    Root,
    /// The key list: who may sign certificates. Best offline too; it changes a few times a month.
    Keys,
    /// The manifest: sequence, time and parts. An online key.
    Manifest,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 3] = [Role::Root, Role::Keys, Role::Manifest];

    /// The word in the root.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Root => "root",
            Role::Keys => "keys",
            Role::Manifest => "manifest",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = NotRole;

    fn from_str(text: &str) -> Result<Role, NotRole> {
        Role::ALL
            .into_iter()
            .find(|role| role.name() == text)
            .ok_or(NotRole)
    }
}

/// The text names no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a role is root, keys or manifest")]
pub struct NotRole;

/// Why a root can't be made or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RootError {
    /// Not the CBOR of a root.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// A key that can't be used.
    #[error("key {id} of the root: {error}")]
    Key {
        /// Its id, shortened.
        id: String,
        /// Why not.
        error: KeyError,
    },
    /// A key stands under an id that is not its own.
    #[error("a key of the root stands under another key's id ({0})")]
    KeyId(String),
    /// A role names a key that the root does not have.
    #[error("role {0} names a key that the root does not hold")]
    UnknownKey(Role),
    /// A role that nobody, or that too few keys, can fill.
    #[error("role {role} wants {threshold} signatures of {keys} keys")]
    Threshold {
        /// Which role.
        role: Role,
        /// Its threshold.
        threshold: usize,
        /// How many keys it has.
        keys: usize,
    },
}

/// The keys that may sign for one role, and how many of them have to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleKeys {
    /// Signatures needed, of distinct keys.
    pub threshold: usize,
    /// Ids of the keys.
    pub keys: BTreeSet<Digest>,
}

/// Which keys may sign what.
#[derive(Debug, Clone)]
pub struct Root {
    version: u64,
    environment: Environment,
    issued: Timestamp,
    expires: Timestamp,
    name: String,
    keys: BTreeMap<Digest, Arc<PublicKey>>,
    roles: Roles,
}

/// The members of every role.
#[derive(Debug, Clone)]
struct Roles {
    root: RoleKeys,
    keys: RoleKeys,
    manifest: RoleKeys,
}

/// What a new root says.
#[derive(Debug)]
pub struct RootDraft {
    /// 1 for the first, one more than its predecessor's for every other.
    pub version: u64,
    /// Never differs from the predecessor's.
    pub environment: Environment,
    /// When it is made.
    pub issued: Timestamp,
    /// Until when it is good.
    pub expires: Timestamp,
    /// Who publishes, for people: `Ministry of Health of Utopia`. At most 200 bytes.
    pub name: String,
    /// Who signs the next root: signatures needed, and the keys.
    pub root: (usize, Vec<Arc<PublicKey>>),
    /// Who signs the key list.
    pub key_list: (usize, Vec<Arc<PublicKey>>),
    /// Who signs the manifest.
    pub manifest: (usize, Vec<Arc<PublicKey>>),
}

impl Root {
    /// A new one.
    pub fn new(draft: RootDraft) -> Result<Root, RootError> {
        let mut keys = BTreeMap::new();
        let mut role = |(threshold, members): (usize, Vec<Arc<PublicKey>>)| {
            let mut ids = BTreeSet::new();
            for key in members {
                let id = Digest::of(key.spki());
                ids.insert(id);
                keys.insert(id, key);
            }
            RoleKeys {
                threshold,
                keys: ids,
            }
        };
        let roles = Roles {
            root: role(draft.root),
            keys: role(draft.key_list),
            manifest: role(draft.manifest),
        };
        Root {
            version: draft.version,
            environment: draft.environment,
            issued: draft.issued,
            expires: draft.expires,
            name: draft.name,
            keys,
            roles,
        }
        .checked()
    }

    /// Reads the payload of a root's envelope. Says nothing about who signed it.
    pub fn parse(payload: &[u8]) -> Result<Root, RootError> {
        let wire: Wire<'_> = wire::read("root", payload)?;
        let mut keys = BTreeMap::new();
        for (id, spki) in wire.keys {
            if Digest::of(spki) != id {
                return Err(RootError::KeyId(id.short()));
            }
            let key = PublicKey::from_spki(spki).map_err(|error| RootError::Key {
                id: id.short(),
                error,
            })?;
            keys.insert(id, Arc::new(key));
        }
        let roles = Roles {
            root: wire.roles.root.members()?,
            keys: wire.roles.keys.members()?,
            manifest: wire.roles.manifest.members()?,
        };
        Root {
            version: wire.version,
            environment: wire.environment,
            issued: wire.issued.0,
            expires: wire.expires.0,
            name: wire.name.to_owned(),
            keys,
            roles,
        }
        .checked()
    }

    fn checked(self) -> Result<Root, RootError> {
        if self.version == 0 {
            wire::value("root", "its version", "versions begin at 1")?;
        }
        if self.expires <= self.issued {
            wire::value("root", "its expiry", "it is not after its issue")?;
        }
        if self.name.trim().is_empty() || self.name.len() > 200 {
            wire::value("root", "its name", "it has to be 1 to 200 bytes long")?;
        }
        for role in Role::ALL {
            let members = self.role(role);
            if members.threshold == 0 || members.threshold > members.keys.len() {
                return Err(RootError::Threshold {
                    role,
                    threshold: members.threshold,
                    keys: members.keys.len(),
                });
            }
            if members.keys.iter().any(|id| !self.keys.contains_key(id)) {
                return Err(RootError::UnknownKey(role));
            }
        }
        Ok(self)
    }

    /// The payload to be signed.
    pub fn encode(&self) -> Vec<u8> {
        wire::write(&Wire {
            version: self.version,
            environment: self.environment,
            issued: Instant(self.issued),
            expires: Instant(self.expires),
            name: &self.name,
            keys: self
                .keys
                .iter()
                .map(|(id, key)| (*id, key.spki().into()))
                .collect(),
            roles: WireRoles {
                root: WireRole::of(&self.roles.root),
                keys: WireRole::of(&self.roles.keys),
                manifest: WireRole::of(&self.roles.manifest),
            },
        })
    }

    /// Counts its successors; from 1.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Production or test.
    pub fn environment(&self) -> Environment {
        self.environment
    }

    /// When it was made.
    pub fn issued(&self) -> Timestamp {
        self.issued
    }

    /// Until when it is good.
    pub fn expires(&self) -> Timestamp {
        self.expires
    }

    /// Who publishes, for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The members of a role.
    pub fn role(&self, role: Role) -> &RoleKeys {
        match role {
            Role::Root => &self.roles.root,
            Role::Keys => &self.roles.keys,
            Role::Manifest => &self.roles.manifest,
        }
    }

    /// The keys of a role, to check signatures with.
    pub fn keys(&self, role: Role) -> KeySet<'_> {
        KeySet {
            keys: &self.keys,
            role: self.role(role),
        }
    }

    /// A key by its id.
    pub fn key(&self, id: &Digest) -> Option<&PublicKey> {
        self.keys.get(id).map(AsRef::as_ref)
    }
}

/// The keys of one role of a root.
#[derive(Debug, Clone, Copy)]
pub struct KeySet<'r> {
    keys: &'r BTreeMap<Digest, Arc<PublicKey>>,
    role: &'r RoleKeys,
}

impl<'r> KeySet<'r> {
    /// Signatures needed.
    pub fn threshold(&self) -> usize {
        self.role.threshold
    }

    /// The role's key of that id.
    pub fn key(&self, id: &Digest) -> Option<&'r PublicKey> {
        let member = self.role.keys.contains(id);
        self.keys.get(id).filter(|_| member).map(AsRef::as_ref)
    }
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Wire<'b> {
    #[n(1)]
    version: u64,
    #[n(2)]
    environment: Environment,
    #[n(3)]
    issued: Instant,
    #[n(4)]
    expires: Instant,
    #[b(5)]
    name: &'b str,
    #[b(6)]
    keys: BTreeMap<Digest, &'b minicbor::bytes::ByteSlice>,
    #[n(7)]
    roles: WireRoles,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct WireRoles {
    #[n(1)]
    root: WireRole,
    #[n(2)]
    keys: WireRole,
    #[n(3)]
    manifest: WireRole,
}

#[derive(Encode, Decode)]
struct WireRole {
    #[n(0)]
    threshold: u64,
    #[n(1)]
    keys: Vec<Digest>,
}

impl WireRole {
    fn of(members: &RoleKeys) -> WireRole {
        WireRole {
            threshold: members.threshold as u64,
            keys: members.keys.iter().copied().collect(),
        }
    }

    fn members(self) -> Result<RoleKeys, WireError> {
        // Sorted and without repetition, so that the encoding stays the only one.
        if !self.keys.is_sorted_by(|one, next| one < next) {
            return wire::value(
                "root",
                "a role",
                "its keys are not sorted, or one comes twice",
            );
        }
        Ok(RoleKeys {
            threshold: usize::try_from(self.threshold).unwrap_or(usize::MAX),
            keys: self.keys.into_iter().collect(),
        })
    }
}
