//! Revocation: slices of our own, and what others publish.

use std::{collections::BTreeMap, sync::Arc};

use hcert::{keys::Algorithm, kid::Kid, time::Timestamp};
use sha2::{Digest, Sha256};
use trust_list::revocation::{
    Batch, BatchNotice, Bloom, HashListBuilder, HashLists, Index, KidEntry, Month, Partial,
    RevocationId, Revocations, Slice, SliceEntry, Status, Subject, import_tree,
};

/// 2026-06-01T00:00:00Z, when everything is asked.
const NOW: i64 = 1_780_272_000;

/// Ends the parts of which a German tree is given.
pub const END: &[u8] = b"\xff\xfe";

/// A slice, alone and as the one that an index names; or an index. Whether it was one.
pub fn slice(data: &[u8]) -> bool {
    let at = Timestamp::saturating(NOW);
    let index = Index::read(data);
    let is_index = index.is_ok();
    if let Ok(index) = index {
        assert_eq!(index.write().as_deref(), Ok(data), "one way to write it");
    }
    let opened = Slice::open(data);
    if let Ok(slice) = &opened {
        assert!(slice.revoked() <= slice.issued());
        for byte in 0..16 {
            slice.contains(&RevocationId::from_bytes([byte * 17; 16]));
        }
    }
    // Named in an index whether it is a slice or not: then it is unknown, and never "not revoked".
    let (kid, month) = match &opened {
        Ok(slice) => (slice.kid().clone(), slice.month()),
        Err(_) => (Kid::from_bytes(b"kid"), Month::of(at)),
    };
    let digest = Sha256::digest(data).into();
    let entry = SliceEntry {
        month,
        complete_until: Timestamp::saturating(i64::MAX),
        issued: 1,
        revoked: 1,
        base: digest,
        layer: None,
    };
    let index = Index {
        built: at,
        kids: vec![KidEntry {
            kid: kid.clone(),
            from: month,
            to: month,
            slices: vec![entry],
        }],
    };
    let mut revocations: Revocations<Arc<[u8]>> = Revocations::default();
    let index = index.write().expect("an index in order");
    revocations.add_index(&index).expect("an index in order");
    revocations.add_slice(digest, data.into());
    let first = format!("{month}-01T00:00:00Z");
    let subject = Subject {
        kid: Some(&kid),
        issued_at: Some(first.parse().expect("the first of a month")),
        ..subject()
    };
    let status = revocations.status(&subject, at);
    if opened.is_err() {
        assert!(matches!(status, Status::Unknown { .. }));
    }
    is_index || opened.is_ok()
}

/// Lists and filters; the first byte says which. Whether it was one.
pub fn lists(data: &[u8]) -> bool {
    let Some((which, data)) = data.split_first() else {
        return false;
    };
    let at = Timestamp::saturating(NOW);
    let hash = [0x11; 16];
    let mut revocations: Revocations<&[u8]> = Revocations::default();
    match which {
        0 => {
            if let Ok(lists) = HashLists::open(data) {
                for (number, (key, count)) in lists.lists().enumerate() {
                    let found = lists.holds(number, &hash);
                    assert!(!(found && count == 0), "{key:?}");
                }
            }
            let added = revocations.add_hashes(data).is_ok();
            ask(&revocations, added, at);
            added
        }
        1 => {
            let added = revocations.add_filters(data).is_ok();
            ask(&revocations, added, at);
            added
        }
        2 => Bloom::open(data)
            .map(|filter| filter.contains(&hash))
            .is_ok(),
        3 => Partial::open(data)
            .map(|filter| assert!(!filter.contains(&[]) || filter.contains(&hash)))
            .is_ok(),
        4 => serde_json::from_slice(data).is_ok_and(|json| {
            let batch = Batch::from_json(&json);
            assert!(batch.as_ref().is_ok_and(|batch| !batch.hashes.is_empty()) || batch.is_err());
            batch.is_ok() || BatchNotice::list_from_json(&json).is_ok()
        }),
        _ => {
            let mut lists = HashListBuilder::default();
            let taken = import_tree(&tree(data), None, &mut lists).is_ok();
            assert!(taken || lists.is_empty(), "all or nothing");
            HashLists::open(lists.write()).expect("what was written can be opened");
            taken
        }
    }
}

fn subject() -> Subject<'static> {
    Subject {
        kid: None,
        country: Some("VN"),
        algorithm: Algorithm::Es256,
        signature: &[7; 64],
        identifiers: &["URN:UVCI:01:VN:1"],
        issued_at: None,
    }
}

/// What could not be added leaves nobody "not revoked".
fn ask(revocations: &Revocations<&[u8]>, added: bool, at: Timestamp) {
    let status = revocations.status(&subject(), at);
    assert!(added || status != Status::NotRevoked);
}

/// Four files of a tree, not signed.
fn tree(mut data: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for name in [
        "kid.lst",
        "010b/index.lst",
        "010b/11/chunk.lst",
        "010b/11/11/chunk.lst",
    ] {
        let end = data.windows(2).position(|two| two == END);
        let content = &data[..end.unwrap_or(data.len())];
        data = end.map_or(&[], |end| &data[end + END.len()..]);
        // An array of four: no protected header, no other, the content, no signature.
        let mut message = b"\x84\x40\xa0\x5a".to_vec();
        let length = u32::try_from(content.len()).unwrap_or(0);
        message.extend_from_slice(&length.to_be_bytes());
        message.extend_from_slice(content);
        message.push(0x40);
        files.insert(name.to_owned(), message);
    }
    files
}
