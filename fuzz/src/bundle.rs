//! Target `bundle`: a bundle file, and each signed document by itself.

use std::sync::Arc;

use trust_list::{
    bundle::{Bundle, State},
    envelope::{Document, Envelope},
    key_list::KeyList,
    limits::Limits,
    manifest::Manifest,
    policy::Policy,
    root::Root,
};

/// What a verifier remembers that trusts the test root and has seen nothing yet.
const STATE: &[u8] = include_bytes!("../../test-vectors/bundles/first.state");

/// Bytes as a bundle, and as every document of one. True if anything could be read.
///
/// # Panics
/// If a document that was read is not encoded as it was received, a bundle that was opened does
/// not open again from what is written of it, or a key list was believed that the test
/// publisher never signed.
pub fn bundle(data: &[u8]) -> bool {
    let limits = Limits::DEFAULT;
    let same = |what: &str, encoded: Vec<u8>| assert_eq!(encoded, data, "{what}");
    let mut read = false;
    let mut note = |is: bool| read |= is;
    note(Root::parse(data).is_ok_and(|root| {
        same("root", root.encode());
        true
    }));
    note(Manifest::parse(data, &limits).is_ok_and(|manifest| {
        same("manifest", manifest.encode());
        true
    }));
    note(KeyList::parse(data, &limits).is_ok_and(|list| {
        same("key list", list.encode());
        true
    }));
    note(Policy::parse(data).is_ok_and(|policy| {
        same("policy", policy.encode());
        true
    }));
    note(State::parse(data).is_ok_and(|state| {
        same("state", state.encode());
        true
    }));
    for document in [Document::Root, Document::KeyList, Document::Manifest] {
        note(Envelope::parse(document, data, &limits).is_ok());
    }
    let Ok(state) = State::parse(STATE) else {
        panic!("the state of the test vectors can't be read");
    };
    if let Ok((bundle, after)) = Bundle::open(&Arc::new(data.to_vec()), &state, &limits) {
        note(true);
        // The keys of the publisher are not in the fuzzer's hands: what it signed is all there is.
        let keys = bundle.key_list().keys.len();
        assert!((2..=3).contains(&keys), "{keys} keys");
        let again = Bundle::open(&Arc::new(bundle.to_file()), &after, &limits);
        let Ok((again, _)) = again else {
            panic!("a bundle does not open again");
        };
        assert_eq!(again.key_list(), bundle.key_list());
        assert_eq!(again.missing().count(), bundle.missing().count());
    }
    read
}
