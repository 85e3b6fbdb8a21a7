//! The example of `specs/revocation.md` is what our own code says it is.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use trust_list::revocation::{Index, RevocationId, Slice};

/// The bytes of the code block after a heading.
fn example(heading: &str) -> Vec<u8> {
    let spec = include_str!("../../specs/revocation.md");
    let (_, after) = spec.split_once(heading).unwrap();
    let block = after.split("```").nth(1).unwrap();
    let lines = block.lines().skip(1);
    let digits: Vec<u32> = lines
        .filter_map(|line| line.split('|').next())
        .flat_map(|line| line.chars().filter_map(|digit| digit.to_digit(16)))
        .collect();
    let byte = |pair: &[u32]| u8::try_from(pair[0] * 16 + pair[1]).unwrap();
    digits.chunks(2).map(byte).collect()
}

#[test]
fn the_slice() {
    let slice = Slice::open(example("### A slice")).unwrap();
    assert_eq!((slice.issued(), slice.revoked()), (8, 1));
    for number in 0..8 {
        let id = RevocationId::of_identifier(&format!("URN:UVCI:01:VN:{number}"));
        assert_eq!(slice.contains(&id), number == 3, "{number}");
    }
}

#[test]
fn the_index() {
    use sha2::{Digest, Sha256};
    let index = Index::read(&example("### An index")).unwrap();
    let slice = example("### A slice");
    let entry = index.kids[0].slices[0];
    assert_eq!(entry.base, <[u8; 32]>::from(Sha256::digest(&slice)));
    let opened = Slice::open(slice).unwrap();
    assert_eq!(
        (&index.kids[0].kid, entry.month),
        (opened.kid(), opened.month())
    );
    assert_eq!((entry.issued, entry.revoked), (8, 1));
}
