//! One update: pieces in, from whomever; a bundle out, or a reason.
//!
//! The order is that of the TUF specification's client workflow (section 5): roots one after the
//! other, then the manifest, then the parts it names. Nobody is believed for where a piece came
//! from.

use alloc::{collections::BTreeMap, format, string::ToString, vec, vec::Vec};

use super::{Bundle, PartBytes, State, UpdateError, state::own_root};
use crate::{
    digest::Digest,
    envelope::{Document, Envelope},
    environment::Environment,
    key_list::KeyList,
    limits::Limits,
    manifest::{Manifest, Part, PartKind},
    root::{Role, Root},
};

/// What a manifest that holds means for whoever has an older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// Newer than what is in use.
    Newer,
    /// The very one in use.
    Same,
}

/// An update in progress. Dropping it changes nothing.
#[derive(Debug)]
pub struct Update {
    limits: Limits,
    state: State,
    root: Root,
    roots: Vec<Vec<u8>>,
    steps: usize,
    manifest: Option<(Manifest, Vec<u8>)>,
    parts: BTreeMap<Digest, PartBytes>,
}

impl Update {
    /// Begins from what is remembered.
    pub fn begin(state: &State, limits: Limits) -> Result<Update, UpdateError> {
        let (root, _) = own_root(&state.root, &limits)
            .map_err(|error| UpdateError::State(error.to_string()))?;
        Ok(Update {
            limits,
            root,
            roots: vec![state.root.clone()],
            state: state.clone(),
            steps: 0,
            manifest: None,
            parts: BTreeMap::new(),
        })
    }

    /// The version of the root to ask for next; when there is none, go on to the manifest.
    pub fn next_root(&self) -> u64 {
        self.root.version().saturating_add(1)
    }

    /// Takes the next root. It has to be signed by a threshold of its predecessor's keys and by a
    /// threshold of its own (TUF specification 5.3.4). One that is known already is passed over,
    /// because a bundle carries them all.
    pub fn root(&mut self, bytes: &[u8]) -> Result<(), UpdateError> {
        self.steps += 1;
        if self.steps > self.limits.roots {
            return Err(UpdateError::RootCount(self.limits.roots));
        }
        let envelope = Envelope::parse(Document::Root, bytes, &self.limits)?;
        let offered = Root::parse(envelope.unverified_payload())?;
        if offered.version() <= self.root.version() {
            return Ok(());
        }
        if offered.version() != self.next_root() {
            return Err(UpdateError::RootVersion {
                expected: self.next_root(),
                found: offered.version(),
            });
        }
        envelope.verify(Role::Root, &self.root.keys(Role::Root))?;
        envelope.verify(Role::Root, &offered.keys(Role::Root))?;
        self.check_environment(offered.environment())?;
        // Whoever stole a key could have counted up to the last number there is, after which
        // nothing newer exists. New keys for a role begin to count anew (TUF specification
        // 5.3.11, recovery from fast-forward attacks).
        if offered.role(Role::Manifest) != self.root.role(Role::Manifest) {
            self.state.sequence = 0;
            self.state.manifest = None;
            // It could have dated itself into the future, too.
            self.state.highest_time = offered.issued();
        }
        if offered.role(Role::Keys) != self.root.role(Role::Keys) {
            self.state.keys_version = 0;
        }
        self.state.root = bytes.to_vec();
        self.saw(offered.issued());
        self.roots.push(bytes.to_vec());
        self.root = offered;
        Ok(())
    }

    /// Takes the manifest: signed under the newest root, of our environment, and never older than
    /// the one in use.
    pub fn manifest(&mut self, bytes: &[u8]) -> Result<Offered, UpdateError> {
        let envelope = Envelope::parse(Document::Manifest, bytes, &self.limits)?;
        let unverified = Manifest::parse(envelope.unverified_payload(), &self.limits);
        // Said first, because without the newer root the signature can't hold either.
        if let Ok(manifest) = &unverified
            && manifest.root_version() > self.root.version()
        {
            return Err(UpdateError::RootMissing {
                needed: manifest.root_version(),
                have: self.root.version(),
            });
        }
        envelope.verify(Role::Manifest, &self.root.keys(Role::Manifest))?;
        let manifest = unverified?;
        self.check_environment(manifest.environment())?;
        let (installed, offered) = (self.state.sequence, manifest.sequence());
        if offered < installed {
            return Err(UpdateError::Rollback { installed, offered });
        }
        let digest = Digest::of(bytes);
        let same = offered == installed;
        if same && self.state.manifest.is_some_and(|known| known != digest) {
            return Err(UpdateError::Equivocation(offered));
        }
        self.state.sequence = offered;
        self.state.manifest = Some(digest);
        self.saw(manifest.issued());
        self.manifest = Some((manifest, bytes.to_vec()));
        Ok(if same { Offered::Same } else { Offered::Newer })
    }

    /// The parts still to be had. Ask for no more than [`Part::length`] bytes of each.
    pub fn wanted(&self) -> impl Iterator<Item = &Part> {
        let parts = self.manifest.iter().flat_map(|(one, _)| one.parts());
        parts.filter(|part| !self.parts.contains_key(&part.digest))
    }

    /// Takes the bytes of one part, which have to be the ones that the manifest names.
    pub fn part(&mut self, part: &Part, bytes: PartBytes) -> Result<(), UpdateError> {
        if bytes.len() != part.length || Digest::of(&bytes) != part.digest {
            return Err(UpdateError::WrongPart {
                name: format!("{} {}", part.kind, part.name),
                length: part.length,
                found: bytes.len(),
            });
        }
        self.parts.insert(part.digest, bytes);
        Ok(())
    }

    /// Takes bytes that may be a part: whichever is named by their digest. `false` for others.
    pub fn offer(&mut self, bytes: PartBytes) -> bool {
        let digest = Digest::of(&bytes);
        let wanted = self
            .wanted()
            .any(|part| part.digest == digest && part.length == bytes.len());
        if wanted {
            self.parts.insert(digest, bytes);
        }
        wanted
    }

    /// The bundle, when all parts are there; and what to remember from now on. Put the bundle in
    /// its place first and the state after it.
    pub fn finish(self) -> Result<(Bundle, State), UpdateError> {
        let mut wanted = self.wanted();
        if let Some(first) = wanted.next() {
            return Err(UpdateError::PartsMissing {
                first: format!("{} {}", first.kind, first.name),
                count: 1 + wanted.count(),
            });
        }
        drop(wanted);
        self.finish_with_what_is_there()
    }

    /// The bundle, when at least the key list is there.
    pub(super) fn finish_with_what_is_there(mut self) -> Result<(Bundle, State), UpdateError> {
        let (manifest, envelope) = self.manifest.take().ok_or(UpdateError::NoManifest)?;
        let key_list = manifest
            .parts_of(&PartKind::Keys)
            .find_map(|part| self.parts.get(&part.digest))
            .ok_or(UpdateError::NoKeys)?
            .clone();
        let key_list = self.key_list(&key_list)?;
        let installed = self.state.keys_version;
        if key_list.version < installed {
            return Err(UpdateError::KeysRollback {
                installed,
                offered: key_list.version,
            });
        }
        self.state.keys_version = key_list.version;
        self.saw(key_list.issued);
        let bundle = Bundle {
            root: self.root,
            roots: self.roots,
            manifest,
            envelope,
            key_list,
            parts: self.parts,
        };
        Ok((bundle, self.state))
    }

    fn key_list(&self, bytes: &[u8]) -> Result<KeyList, UpdateError> {
        let envelope = Envelope::parse(Document::KeyList, bytes, &self.limits)?;
        let payload = envelope.verify(Role::Keys, &self.root.keys(Role::Keys))?;
        let key_list = KeyList::parse(payload, &self.limits)?;
        self.check_environment(key_list.environment)?;
        Ok(key_list)
    }

    fn check_environment(&self, offered: Environment) -> Result<(), UpdateError> {
        let ours = self.root.environment();
        if offered == ours {
            Ok(())
        } else {
            Err(UpdateError::Environment { ours, offered })
        }
    }

    fn saw(&mut self, time: hcert::time::Timestamp) {
        self.state.highest_time = self.state.highest_time.max(time);
    }
}
