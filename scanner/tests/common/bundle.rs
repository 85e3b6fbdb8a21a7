//! Trust bundles made for a test, signed by keys that everybody knows.

use std::sync::Arc;

use hcert::{
    keys::{PublicKey, Signer as _, SoftwareKey},
    pem,
    time::Timestamp,
    x509::Certificate,
};
use trust_list::{
    bundle::{State, write_file},
    envelope::{Document, Envelope},
    environment::Environment,
    import,
    key_list::{Key, KeyList, Material},
    limits::Limits,
    manifest::{Manifest, ManifestDraft, Part, PartKind},
    policy::Policy,
    revocation::{Batch, HashListBuilder, ListKey},
    root::{Root, RootDraft},
};

const DAY: i64 = 24 * 3600;

/// What a bundle is made of.
pub struct Contents<'a> {
    /// Of the first day of its life.
    pub issued: Timestamp,
    /// PEM files of DSCs.
    pub certificates: Vec<Vec<u8>>,
    /// Files of revocation batches.
    pub revocation: Vec<Vec<u8>>,
    /// Business rules.
    pub rules: Option<&'a str>,
}

fn key(name: u8) -> SoftwareKey {
    SoftwareKey::eddsa(&[name; 32].into())
}

fn signed(document: Document, payload: Vec<u8>, signer: u8) -> Vec<u8> {
    let mut envelope = Envelope::new(document, payload);
    envelope.sign(&key(signer)).unwrap();
    envelope.to_bytes()
}

/// A bundle file, and what a device remembers that was shipped with its root.
pub fn bundle(contents: &Contents<'_>) -> (Vec<u8>, Vec<u8>) {
    let public = |name: u8| Arc::new(PublicKey::from_spki(&key(name).spki()).unwrap());
    let root = Root::new(RootDraft {
        version: 1,
        environment: Environment::Production,
        issued: contents.issued,
        expires: contents.issued.plus_seconds(3650 * DAY),
        name: "TEST, never to be trusted".into(),
        root: (1, vec![public(1)]),
        key_list: (1, vec![public(2)]),
        manifest: (1, vec![public(3)]),
    });
    let root = signed(Document::Root, root.unwrap().encode(), 1);

    let keys = contents.certificates.iter().map(|file| {
        let text = str::from_utf8(file).unwrap();
        let der = pem::blocks(text).next().unwrap().unwrap().1;
        let certificate = Certificate::from_der(&der).unwrap();
        Key {
            kid: Some(certificate.kid().as_bytes().to_vec()),
            country: certificate.country(),
            material: Material::Certificate(der),
            domain: Some("DCC".into()),
            issuer: None,
            withdrawal: None,
            source: None,
        }
    });
    let list = KeyList {
        version: 1,
        environment: Environment::Production,
        issued: contents.issued,
        expires: contents.issued.plus_seconds(400 * DAY),
        keys: keys.collect(),
        authorities: Vec::new(),
    };
    let mut parts = vec![
        (PartKind::Keys, signed(Document::KeyList, list.encode(), 2)),
        (PartKind::Policy, Policy::default().encode()),
    ];
    if !contents.revocation.is_empty() {
        let mut lists = HashListBuilder::default();
        for file in &contents.revocation {
            let listing = import::read(file, &hcert::limits::Limits::DEFAULT).unwrap();
            for batch in &listing.batches {
                let batch = Batch::from_json(batch).unwrap();
                lists.list(ListKey::from(&batch)).extend(&batch.hashes);
            }
        }
        parts.push((PartKind::RevocationHashes, lists.write()));
    }
    parts.extend(
        contents
            .rules
            .map(|rules| (PartKind::Rules, rules.as_bytes().to_vec())),
    );
    let named = parts.iter().map(|(kind, bytes)| {
        let name = kind.name().to_owned();
        Part::of(kind.clone(), &name, bytes)
    });
    let manifest = ManifestDraft {
        sequence: 1,
        environment: Environment::Production,
        issued: contents.issued,
        soft_expiry: contents.issued.plus_seconds(30 * DAY),
        hard_expiry: contents.issued.plus_seconds(60 * DAY),
        root_version: 1,
        parts: named.collect(),
    };
    let manifest = Manifest::new(manifest, &Limits::DEFAULT).unwrap();
    let manifest = signed(Document::Manifest, manifest.encode(), 3);
    let state = State::pinned(&root, &Limits::DEFAULT).unwrap().encode();
    let parts = parts.iter().map(|(_, bytes)| bytes.as_slice());
    let file = write_file([root.as_slice()].into_iter(), &manifest, parts);
    (file, state)
}
