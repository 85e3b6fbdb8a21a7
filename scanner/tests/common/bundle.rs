//! Trust bundles made for a test, signed by keys that everybody knows.

#[path = "../../../cli/tests/common/publication.rs"]
mod publication;

use hcert::time::Timestamp;
use publication::Publication;
use trust_list::{
    bundle::State,
    environment::Environment,
    import,
    limits::Limits,
    manifest::PartKind,
    policy::Policy,
    revocation::{Batch, HashListBuilder, ListKey},
};

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

/// A bundle file, and what a device remembers that was shipped with its root.
pub fn bundle(contents: &Contents<'_>) -> (Vec<u8>, Vec<u8>) {
    let mut publication = Publication {
        issued: contents.issued,
        soft_days: 30,
        hard_days: 60,
        environment: Environment::Production,
        policy: Policy::default(),
        rules: contents.rules.map(ToOwned::to_owned),
        ..Publication::of(&contents.certificates.concat())
    };
    if !contents.revocation.is_empty() {
        let mut lists = HashListBuilder::default();
        for file in &contents.revocation {
            let listing = import::read(file, &hcert::limits::Limits::DEFAULT).unwrap();
            for batch in &listing.batches {
                let batch = Batch::from_json(batch).unwrap();
                lists.list(ListKey::from(&batch)).extend(&batch.hashes);
            }
        }
        let part = (PartKind::RevocationHashes, "hashes", lists.write());
        publication.revocation.push(part);
    }
    let mut files = publication.files();
    let root = &files["root/1.cose"];
    let state = State::pinned(root, &Limits::DEFAULT).unwrap().encode();
    (files.remove("bundle.hcert").unwrap(), state)
}
