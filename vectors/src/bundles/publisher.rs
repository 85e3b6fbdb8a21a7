//! A publisher with every key at hand, the attacker's too.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use hcert::{
    keys::{PublicKey, Signer as _, SoftwareKey},
    time::Timestamp,
};
use trust_list::{
    bundle::{State, write_file},
    digest::Digest,
    envelope::{Document, Envelope},
    environment::Environment,
    key_list::{Key, KeyList, Material},
    limits::Limits,
    manifest::{Manifest, ManifestDraft, Part, PartKind},
    policy::Policy,
    root::{Root, RootDraft},
};

use crate::keys;

/// Signature keys by name, the same in every run.
pub(super) fn key(name: &str) -> SoftwareKey {
    SoftwareKey::eddsa(&keys::bytes::<32>(&format!("bundle {name}")).into())
}

/// A day, in seconds.
pub(super) const DAY: i64 = 24 * 3600;

/// 2026-03-01, the day of the first publication.
pub(super) fn start() -> Timestamp {
    Timestamp::saturating(1_772_323_200)
}

/// One state of the published files. Change a field, then take the pieces.
#[derive(Clone)]
pub(super) struct Publisher {
    pub(super) environment: Environment,
    pub(super) root_version: u64,
    pub(super) root_keys: (usize, Vec<&'static str>),
    pub(super) list_keys: (usize, Vec<&'static str>),
    pub(super) manifest_keys: (usize, Vec<&'static str>),
    pub(super) root_signers: Vec<&'static str>,
    pub(super) list_signers: Vec<&'static str>,
    pub(super) manifest_signers: Vec<&'static str>,
    pub(super) root_expires: Timestamp,
    pub(super) list_version: u64,
    /// Names of the DSCs' keys.
    pub(super) keys: Vec<&'static str>,
    pub(super) sequence: u64,
    pub(super) issued: Timestamp,
    /// Days until the soft and the hard expiry.
    pub(super) life: (i64, i64),
    pub(super) rules: &'static [u8],
}

impl Default for Publisher {
    fn default() -> Publisher {
        Publisher {
            environment: Environment::Production,
            root_version: 1,
            root_keys: (2, vec!["root a", "root b", "root c"]),
            list_keys: (2, vec!["list a", "list b"]),
            manifest_keys: (1, vec!["online"]),
            root_signers: vec!["root a", "root c"],
            list_signers: vec!["list a", "list b"],
            manifest_signers: vec!["online"],
            root_expires: start().plus_seconds(3650 * DAY),
            list_version: 1,
            keys: vec!["dsc one", "dsc two"],
            sequence: 10,
            issued: start(),
            life: (3, 30),
            rules: b"[]",
        }
    }
}

fn signed(document: Document, payload: Vec<u8>, signers: &[&str]) -> Result<Envelope> {
    let mut envelope = Envelope::new(document, payload);
    for signer in signers {
        envelope.sign(&key(signer))?;
    }
    Ok(envelope)
}

impl Publisher {
    pub(super) fn root(&self) -> Result<Vec<u8>> {
        let keys = |names: &[&str]| -> Result<Vec<Arc<PublicKey>>> {
            names
                .iter()
                .map(|name| Ok(Arc::new(PublicKey::from_spki(&key(name).spki())?)))
                .collect()
        };
        let root = Root::new(RootDraft {
            version: self.root_version,
            environment: self.environment,
            issued: start(),
            expires: self.root_expires,
            name: "TEST publisher, never to be trusted".into(),
            root: (self.root_keys.0, keys(&self.root_keys.1)?),
            key_list: (self.list_keys.0, keys(&self.list_keys.1)?),
            manifest: (self.manifest_keys.0, keys(&self.manifest_keys.1)?),
        })?;
        Ok(signed(Document::Root, root.encode(), &self.root_signers)?.to_bytes())
    }

    pub(super) fn key_list(&self) -> Result<Vec<u8>> {
        let keys = self.keys.iter().map(|name| {
            let spki = key(name).spki();
            let digest = Digest::of(&spki);
            let kid = digest.as_bytes().iter().copied().take(8);
            Key {
                kid: Some(kid.collect()),
                material: Material::Spki(spki),
                country: Some("XX".into()),
                domain: Some("DCC".into()),
                issuer: None,
                withdrawal: None,
                source: None,
            }
        });
        let list = KeyList {
            version: self.list_version,
            environment: self.environment,
            issued: start(),
            expires: start().plus_seconds(400 * DAY),
            keys: keys.collect(),
            authorities: Vec::new(),
        };
        Ok(signed(Document::KeyList, list.encode(), &self.list_signers)?.to_bytes())
    }

    pub(super) fn policy(&self) -> Vec<u8> {
        Policy::default().encode()
    }

    /// The manifest over these parts.
    pub(super) fn manifest_of(&self, parts: &[(PartKind, &str, &[u8])]) -> Result<Vec<u8>> {
        let parts = parts
            .iter()
            .map(|(kind, name, bytes)| Part::of(kind.clone(), name, bytes));
        let draft = ManifestDraft {
            sequence: self.sequence,
            environment: self.environment,
            issued: self.issued,
            soft_expiry: self.issued.plus_seconds(self.life.0 * DAY),
            hard_expiry: self.issued.plus_seconds(self.life.1 * DAY),
            root_version: self.root_version,
            parts: parts.collect(),
        };
        let manifest = Manifest::new(draft, &Limits::DEFAULT)?;
        Ok(signed(
            Document::Manifest,
            manifest.encode(),
            &self.manifest_signers,
        )?
        .to_bytes())
    }

    pub(super) fn manifest(&self) -> Result<Vec<u8>> {
        let (list, policy) = (self.key_list()?, self.policy());
        self.manifest_of(&[
            (PartKind::Keys, "keys", &list),
            (PartKind::Policy, "policy", &policy),
            (PartKind::Rules, "XX", self.rules),
        ])
    }

    /// The bundle in one file, with this root alone.
    pub(super) fn file(&self) -> Result<Vec<u8>> {
        self.file_with_roots(&[self.root()?])
    }

    pub(super) fn file_with_roots(&self, roots: &[Vec<u8>]) -> Result<Vec<u8>> {
        let (list, policy) = (self.key_list()?, self.policy());
        let parts = [list.as_slice(), policy.as_slice(), self.rules];
        Ok(file(roots, &self.manifest()?, &parts))
    }

    /// What a verifier remembers that trusts this root and has seen nothing yet.
    pub(super) fn new_verifier(&self) -> Result<State> {
        State::pinned(&self.root()?, &Limits::DEFAULT).context("the root does not hold")
    }

    /// What a verifier remembers that took this bundle.
    pub(super) fn verifier(&self) -> Result<State> {
        let file = Arc::new(self.file()?);
        let opened =
            trust_list::bundle::Bundle::open(&file, &self.new_verifier()?, &Limits::DEFAULT);
        Ok(opened.context("the bundle does not hold")?.1)
    }
}

pub(super) fn file(roots: &[Vec<u8>], manifest: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    write_file(
        roots.iter().map(Vec::as_slice),
        manifest,
        parts.iter().copied(),
    )
}
