//! The fuzz targets `revocation_slice` and `revocation_lists` of `fuzz/` over their seeds, without a
//! fuzzer. An input that once failed is a seed as well.
#![cfg(feature = "build")]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use std::{convert::Infallible, path::Path, path::PathBuf};

use hcert::kid::Kid;
use sha2::{Digest, Sha256};
use trust_list::revocation::{
    Filter, FilterForm, HashKind, HashListBuilder, Index, Issued, KidEntry, ListKey, RevocationId,
    Slice, SliceBuilder, SliceEntry, make_bloom, make_partial,
};

#[allow(unreachable_pub, reason = "a module of another crate")]
#[path = "../../fuzz/src/revocation.rs"]
mod revocation;

fn folder(target: &str) -> PathBuf {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds");
    seeds.join(target)
}

fn run(target: &str, data: &[u8]) -> bool {
    match target {
        "revocation_slice" => revocation::slice(data),
        "revocation_lists" => revocation::lists(data),
        other => panic!("no target {other}"),
    }
}

#[test]
fn every_seed() {
    for target in ["revocation_slice", "revocation_lists"] {
        let mut count = 0;
        for file in std::fs::read_dir(folder(target)).unwrap() {
            let path = file.unwrap().path();
            eprintln!("{}", path.display());
            run(target, &std::fs::read(&path).unwrap());
            count += 1;
        }
        assert!(count > 4, "{target}: only {count} seeds");
    }
}

/// Each byte of each seed, changed: what a fuzzer does first.
#[test]
fn every_seed_with_a_changed_byte() {
    for (target, name, bytes) in seeds() {
        assert!(run(target, &bytes), "{name} reaches what it is for");
        for place in 0..bytes.len() {
            for change in [1, 0x80, 0xff] {
                let mut bytes = bytes.clone();
                bytes[place] ^= change;
                run(target, &bytes);
            }
        }
    }
}

/// Writes the seeds: `cargo test -p trust-list --features build --test fuzz_seeds_revocation -- --ignored`.
#[test]
#[ignore = "writes into fuzz/seeds"]
fn write() {
    for (target, name, bytes) in seeds() {
        std::fs::create_dir_all(folder(target)).unwrap();
        std::fs::write(folder(target).join(name), bytes).unwrap();
    }
}

fn seeds() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let mut seeds = Vec::new();
    let (slice, lists) = ("revocation_slice", "revocation_lists");
    let month = "2026-03".parse().unwrap();
    let first = "2026-03-01T00:00:00Z".parse().unwrap();
    let list = |revoked: &dyn Fn(u64) -> bool| -> Vec<Result<Issued, Infallible>> {
        let one = |number: u64| Issued {
            id: RevocationId::of_identifier(&number.to_string()),
            issued_at: first,
            revoked: revoked(number),
        };
        (0..300).map(|number| Ok(one(number))).collect()
    };
    let builder = SliceBuilder::new(Kid::from_bytes(b"kid"), month, first);
    let few = builder.base(|| list(&|number| number % 30 == 0)).unwrap();
    let opened = Slice::open(few.as_slice()).unwrap();
    let layer = builder
        .layer(&opened, || list(&|number| number % 15 == 0))
        .unwrap();
    let most = builder.base(|| list(&|number| number % 30 != 0)).unwrap();
    let all = builder.base(|| list(&|_| true)).unwrap();
    let none = builder.base(|| list(&|_| false)).unwrap();
    let entry = SliceEntry {
        month,
        complete_until: first,
        issued: 300,
        revoked: 20,
        base: Sha256::digest(&few).into(),
        layer: Some(Sha256::digest(&layer).into()),
    };
    let index = Index {
        built: first,
        kids: vec![KidEntry {
            kid: Kid::from_bytes(b"kid"),
            from: month,
            to: month,
            slices: vec![entry],
        }],
    };
    for (name, bytes) in [
        ("few", few),
        ("layer", layer),
        ("most", most),
        ("all", all),
        ("none", none),
        ("index", index.write().unwrap()),
    ] {
        seeds.push((slice, name, bytes));
    }

    let hash = [0x11; 16];
    let key = ListKey {
        kind: HashKind::Uci,
        kid: None,
        country: Some("VN".into()),
        expires: Some("2027-01-01T00:00:00Z".parse().unwrap()),
    };
    let mut hashes = HashListBuilder::default();
    hashes.list(key.clone()).extend([hash, [0x22; 16]]);
    let other = ListKey {
        kid: Some(Kid::from_bytes(b"kid")),
        ..key.clone()
    };
    hashes.list(other).push([0x33; 16]);
    let bloom = make_bloom(1e-3, [&hash[..]].into_iter()).unwrap();
    let partial = make_partial(1e-3, 4, &[&hash]).unwrap();
    let filter = |form, bytes: &[u8]| Filter {
        key: key.clone(),
        prefix: "1".into(),
        form,
        bytes: bytes.to_vec(),
    };
    let filters = vec![
        filter(FilterForm::Bloom, &bloom),
        filter(FilterForm::Partial, &partial),
    ];
    let batch = r#"{"country":"VN","expires":"2027-01-01T00:00:00Z","kid":"YmFyZQ==","hashType":"UCI",
        "entries":[{"hash":"AAECAwQFBgcICQoLDA0ODw=="}]}"#;
    let notices = r#"{"more":false,"batches":[{"batchId":"a","deleted":true},{"batchId":"b"}]}"#;
    // kid.lst, index.lst and two lists of one hash each.
    let time = b"\x1a\x62\x00\x00\x00";
    let kids = b"\xa1\x41\x01\xa1\x41\x0b\x02".to_vec();
    let index = [
        &b"\xa1\x41\x11\x83"[..],
        time,
        b"\x02\xa1\x41\x11\x82",
        time,
        b"\x01",
    ]
    .concat();
    let chunk = [&b"\x81\x50"[..], &hash].concat();
    let tree = [kids, index, chunk.clone(), chunk].join(revocation::END);
    for (which, name, bytes) in [
        (0, "hashes", hashes.write()),
        (1, "filters", Filter::write(filters).unwrap()),
        (2, "bloom", bloom),
        (3, "partial", partial),
        (4, "batch", batch.into()),
        (4, "notices", notices.into()),
        (5, "tree", tree),
    ] {
        seeds.push((lists, name, [&[which][..], &bytes].concat()));
    }
    seeds
}
