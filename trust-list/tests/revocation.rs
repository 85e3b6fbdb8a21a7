//! Slices, lists and filters together: what a verifier is told about a certificate.
#![cfg(feature = "build")]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use std::{convert::Infallible, sync::Arc};

use hcert::{keys::Algorithm, kid::Kid, time::Timestamp};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use trust_list::revocation::{
    BuildError, Filter, FilterForm, HashKind, HashListBuilder, Index, Issued, KidEntry, ListKey,
    RevocationId, Revocations, Slice, SliceBuilder, SliceEntry, SliceError, Source, Status,
    Subject, Why, make_bloom,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn day(day: i64) -> Timestamp {
    at("2026-03-01T00:00:00Z").plus_seconds((day - 1) * 86_400)
}

fn kid() -> Kid {
    Kid::from_bytes(b"8 bytes!")
}

fn ci(number: u64) -> String {
    format!("URN:UVCI:01:VN:{number}")
}

/// Certificates `numbers`, issued on a day, of which those that `revoked` says are.
fn issued(numbers: std::ops::Range<u64>, on: i64, revoked: impl Fn(u64) -> bool) -> Vec<Issued> {
    let one = |number| Issued {
        id: RevocationId::of_identifier(&ci(number)),
        issued_at: day(on),
        revoked: revoked(number),
    };
    numbers.map(one).collect()
}

fn builder(until: i64) -> SliceBuilder {
    SliceBuilder::new(kid(), "2026-03".parse().unwrap(), day(until))
}

fn base(until: i64, list: &[Issued]) -> Result<Vec<u8>, BuildError<Infallible>> {
    builder(until).base(|| list.iter().copied().map(Ok))
}

fn layer(until: i64, base: &[u8], list: &[Issued]) -> Result<Vec<u8>, BuildError<Infallible>> {
    let base = Slice::open(base).unwrap();
    builder(until).layer(&base, || list.iter().copied().map(Ok))
}

fn sha256(part: &[u8]) -> [u8; 32] {
    Sha256::digest(part).into()
}

/// 20,000 certificates until the 20th, every hundredth revoked; then 3,000 more until the 25th, and
/// by then every 97th of all revoked as well.
struct March {
    all: Vec<Issued>,
    base: Vec<u8>,
    layer: Vec<u8>,
}

fn march() -> March {
    let first = issued(0..20_000, 10, |number| number % 100 == 0);
    let base = base(20, &first).unwrap();
    let mut all = issued(0..20_000, 10, |number| {
        number % 100 == 0 || number % 97 == 0
    });
    all.extend(issued(20_000..23_000, 24, |number| number % 97 == 0));
    let layer = layer(25, &base, &all).unwrap();
    March { all, base, layer }
}

fn entry(march: &March) -> SliceEntry {
    SliceEntry {
        month: "2026-03".parse().unwrap(),
        complete_until: day(26),
        issued: 23_000,
        revoked: 500,
        base: sha256(&march.base),
        layer: Some(sha256(&march.layer)),
    }
}

fn index(slice: SliceEntry) -> Index {
    let kid = KidEntry {
        kid: kid(),
        from: "2026-02".parse().unwrap(),
        to: "2026-03".parse().unwrap(),
        slices: vec![slice],
    };
    Index {
        built: day(26),
        kids: vec![kid],
    }
}

type Part = Arc<[u8]>;

fn revocations(index: &Index, slices: &[(&[u8; 32], &[u8])]) -> Revocations<Part> {
    let mut revocations = Revocations::default();
    revocations.add_index(&index.write().unwrap()).unwrap();
    for (digest, slice) in slices {
        revocations.add_slice(**digest, Part::from(*slice));
    }
    revocations
}

fn status(revocations: &Revocations<Part>, number: u64, issued_at: Timestamp) -> Status {
    let (kid, identifier) = (kid(), ci(number));
    let subject = Subject {
        kid: Some(&kid),
        country: Some("VN"),
        algorithm: Algorithm::Es256,
        signature: &[7; 64],
        identifiers: &[&identifier],
        issued_at: Some(issued_at),
    };
    revocations.status(&subject, day(27))
}

const REVOKED: Status = Status::Revoked {
    source: Source::Slice,
};

fn unknown(why: Why) -> Status {
    Status::Unknown { why }
}

#[test]
fn every_issued_certificate_is_told_rightly() {
    let march = march();
    let entry = entry(&march);
    let revocations = revocations(
        &index(entry),
        &[
            (&entry.base, &march.base),
            (&entry.layer.unwrap(), &march.layer),
        ],
    );
    for (number, one) in (0..).zip(&march.all) {
        let expected = if one.revoked {
            REVOKED
        } else {
            Status::NotRevoked
        };
        assert_eq!(
            status(&revocations, number, one.issued_at),
            expected,
            "{number}"
        );
    }
    // Issued after the layer, and known not to be revoked: neither slice was built over them, so
    // neither may be asked.
    for number in 50_000..60_000 {
        assert_eq!(status(&revocations, number, day(26)), Status::NotRevoked);
    }
    // Issued after all of that.
    for number in 60_000..70_000 {
        let found = status(&revocations, number, day(26).plus_seconds(1));
        assert_eq!(found, unknown(Why::Younger));
    }
}

#[test]
fn without_the_check_of_time_strangers_would_be_revoked() {
    // What the two loops above stand on: a slice's answer for others is arbitrary.
    let march = march();
    let slice = Slice::open(march.base.as_slice()).unwrap();
    let strangers = issued(50_000..60_000, 26, |_| false);
    assert!(strangers.iter().any(|one| slice.contains(&one.id)));
}

#[test]
fn what_is_missing_or_damaged_is_unknown() {
    let march = march();
    let entry = entry(&march);
    let layer = entry.layer.unwrap();
    let index = index(entry);
    let parts: [(&[u8; 32], &[u8]); 2] = [(&entry.base, &march.base), (&layer, &march.layer)];
    for missing in 0..2 {
        let revocations = revocations(&index, &parts[missing..=missing]);
        // Even where the other slice would say "revoked".
        for number in [0, 1, 97] {
            assert_eq!(status(&revocations, number, day(10)), unknown(Why::Missing));
        }
    }
    for damaged in 0..2 {
        for at in [0, 40, 100, parts[damaged].1.len() - 1] {
            let mut bytes = parts[damaged].1.to_vec();
            bytes[at] ^= 1;
            let mut parts = parts;
            parts[damaged].1 = &bytes;
            let revocations = revocations(&index, &parts);
            assert_eq!(status(&revocations, 1, day(10)), unknown(Why::Damaged));
        }
    }
    let revocations = revocations(&index, &parts);
    for (issued_at, why) in [
        (at("2026-01-31T23:59:59Z"), Why::NotCovered),
        (at("2026-02-01T00:00:00Z"), Why::NothingIssued),
        (at("2026-04-01T00:00:00Z"), Why::Younger),
    ] {
        assert_eq!(status(&revocations, 1, issued_at), unknown(why));
    }
    assert_eq!(
        status(&Revocations::default(), 1, day(10)),
        unknown(Why::NotCovered)
    );
}

#[test]
fn slices_of_something_else_are_refused() {
    let march = march();
    // A layer over another base, a base in the layer's place, a slice of another kid or month.
    let other = base(20, &issued(0..100, 10, |number| number < 3)).unwrap();
    let list = issued(0..100, 10, |number| number < 9);
    let other_layer = layer(25, &other, &list).unwrap();
    let stranger = |kid: &[u8], month: &str| {
        let first = format!("{month}-01T00:00:00Z").parse().unwrap();
        let builder = SliceBuilder::new(Kid::from_bytes(kid), month.parse().unwrap(), first);
        let one = Issued {
            issued_at: first,
            ..list[0]
        };
        builder.base::<Infallible, _>(|| [Ok(one)]).unwrap()
    };
    for (base, layer) in [
        (&march.base, Some(&other_layer)),
        (&march.base, Some(&march.base)),
        (&march.layer, None),
        (&stranger(b"other", "2026-03"), None),
        (&stranger(b"8 bytes!", "2026-02"), None),
    ] {
        let mut parts: Vec<([u8; 32], &[u8])> = vec![(sha256(base), base)];
        parts.extend(layer.map(|layer| (sha256(layer), layer.as_slice())));
        let entry = SliceEntry {
            base: sha256(base),
            layer: layer.map(|layer| sha256(layer)),
            ..entry(&march)
        };
        let parts: Vec<(&[u8; 32], &[u8])> = parts.iter().map(|(a, b)| (a, *b)).collect();
        let revocations = revocations(&index(entry), &parts);
        assert_eq!(status(&revocations, 1, day(10)), unknown(Why::Damaged));
    }
}

#[test]
fn a_certificate_without_what_slices_go_by() {
    let march = march();
    let entry = entry(&march);
    let layer = entry.layer.unwrap();
    let revocations = revocations(
        &index(entry),
        &[(&entry.base, &march.base), (&layer, &march.layer)],
    );
    let kid = kid();
    let whole = Subject {
        kid: Some(&kid),
        country: None,
        algorithm: Algorithm::EdDsa,
        signature: &[7; 64],
        identifiers: &["URN:UVCI:01:VN:1", "URN:UVCI:01:VN:97"],
        issued_at: Some(day(10)),
    };
    let status = |subject| revocations.status(&subject, day(27));
    // Revoked if any of its identifiers is.
    assert_eq!(status(whole), REVOKED);
    let none = Subject {
        identifiers: &[],
        ..whole
    };
    assert_eq!(status(none), unknown(Why::NoIdentifier));
    let no_time = Subject {
        issued_at: None,
        ..whole
    };
    assert_eq!(status(no_time), unknown(Why::NoIdentifier));
    let no_kid = Subject { kid: None, ..whole };
    assert_eq!(status(no_kid), unknown(Why::NotCovered));
}

#[test]
fn a_layer_that_no_longer_fits_is_refused() {
    let march = march();
    let outdated = |list: &[Issued]| layer(25, &march.base, list);
    let mut undone = march.all.clone();
    undone[100].revoked = false;
    assert_eq!(
        outdated(&undone),
        Err(BuildError::BaseOutdated("a revocation was undone"))
    );
    let mut late = march.all.clone();
    late.extend(issued(70_000..70_001, 20, |_| false));
    let error = BuildError::BaseOutdated("it was made over another list");
    assert_eq!(outdated(&late), Err(error.clone()));
    assert_eq!(outdated(&march.all[1..]), Err(error));
    assert!(matches!(
        layer(19, &march.base, &march.all),
        Err(BuildError::BaseOutdated(_))
    ));
    assert_eq!(
        layer(26, &march.layer, &march.all),
        Err(BuildError::OtherBase)
    );
    // A day without news: the layer holds nothing but its header.
    let quiet = base(25, &march.all).unwrap();
    assert_eq!(layer(26, &quiet, &march.all).unwrap().len(), 96);
}

#[test]
fn a_list_that_contradicts_itself_is_refused() {
    let mut list = issued(0..1000, 10, |number| number % 10 == 0);
    list.push(Issued {
        revoked: false,
        ..list[0]
    });
    assert_eq!(base(20, &list), Err(BuildError::Contradiction));
    let list = issued(0..10, 40, |_| false);
    assert!(matches!(base(41, &list), Err(BuildError::Month { .. })));
    let mut calls = 0;
    let changing = builder(20).base::<Infallible, _>(|| {
        calls += 1;
        issued(0..1000 + calls, 10, |number| number % 10 == 0)
            .into_iter()
            .map(Ok)
    });
    assert_eq!(changing, Err(BuildError::Changed));
    let failing = builder(20).base(|| [Err("the database is away")]);
    assert_eq!(failing, Err(BuildError::Universe("the database is away")));
    // Later certificates are left out, and so is what is said of them.
    let mut list = issued(0..1000, 10, |number| number % 10 == 0);
    list.extend(issued(1000..1500, 21, |_| true));
    assert_eq!(
        Slice::open(base(20, &list).unwrap()).unwrap().issued(),
        1000
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn exact_for_any_share(count in 0_u64..3000, share in 0_u64..=100, offset in 0_u64..1 << 40) {
        let list = issued(offset..offset + count, 10, |number| number % 100 < share);
        let slice = Slice::open(base(20, &list).unwrap()).unwrap();
        for one in &list {
            prop_assert_eq!(slice.contains(&one.id), one.revoked);
        }
    }

    #[test]
    fn no_bytes_make_a_query_fail(
        count in 1_u64..400,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let list = issued(0..count, 10, |number| number % 7 == 0);
        let mut part = base(20, &list).unwrap();
        for (place, value) in changes {
            let place = place.index(part.len());
            part[place] = value;
        }
        if let Ok(slice) = Slice::open(part) {
            for one in &list {
                slice.contains(&one.id);
            }
        }
    }
}

#[test]
fn every_changed_byte_is_survived() {
    for (count, width) in [(500, 1), (0, 1)] {
        let list = issued(0..count, 10, |number| number % 20 == 0);
        let part = base(20, &list).unwrap();
        assert_eq!(part[9], width);
        for at in 0..part.len() {
            for value in [0, 1, 2, 4, 0x7f, 0x80, 0xff] {
                let mut part = part.clone();
                part[at] = value;
                if let Ok(slice) = Slice::open(part.as_slice()) {
                    assert!(slice.bytes().len() == part.len());
                    slice.contains(&RevocationId::from_bytes([value; 16]));
                }
            }
        }
        for length in 0..part.len() {
            assert!(Slice::open(&part[..length]).is_err(), "{length}");
        }
        let longer = [&part[..], &[0]].concat();
        assert_eq!(Slice::open(longer).map(drop), Err(SliceError::Length));
    }
}

#[test]
fn headers_that_contradict_themselves() {
    let list = issued(0..500, 10, |number| number % 20 == 0);
    let part = base(20, &list).unwrap();
    for (at, value, error) in [
        (0, b'H', SliceError::NotASlice),
        (7, b'2', SliceError::NotASlice),
        (8, 2, SliceError::Field("kind of slice")),
        (9, 3, SliceError::Field("width")),
        (10, 41, SliceError::Field("number of columns")),
        (11, 2, SliceError::Field("inversion")),
        (13, 0, SliceError::Field("length of the kid")),
        (13, 65, SliceError::Field("length of the kid")),
        (14, 1, SliceError::Field("filling")),
        (19, 1, SliceError::Field("month")),
        (20, 0xff, SliceError::Length),
        (24, 0xff, SliceError::Length),
        (31, 0xff, SliceError::Length),
        (39, 1, SliceError::Field("time")),
        (48, 0xff, SliceError::Field("number revoked")),
        (55, 0xff, SliceError::Field("number revoked")),
        (56, 1, SliceError::Field("base")),
    ] {
        let mut bad = part.clone();
        bad[at] = value;
        if at == 48 {
            bad[49] = 0xff;
        }
        assert_eq!(Slice::open(bad).map(drop), Err(error), "byte {at}");
    }
}

fn list_key(kind: HashKind, kid: Option<Kid>, country: Option<&str>) -> ListKey {
    ListKey {
        kind,
        kid,
        country: country.map(Into::into),
        expires: Some(at("2026-06-01T00:00:00Z")),
    }
}

#[test]
fn lists_and_filters_of_others() {
    let (own, other) = (Kid::from_bytes(b"own"), Kid::from_bytes(b"other"));
    let subject = Subject {
        kid: Some(&own),
        country: Some("AT"),
        algorithm: Algorithm::Es256,
        signature: &[7; 64],
        identifiers: &["URN:UVCI:01:AT:1"],
        issued_at: None,
    };
    let now = day(27);
    let with = |key: ListKey, hash: Option<[u8; 16]>| {
        let mut builder = HashListBuilder::default();
        builder.list(key).extend(hash);
        let mut revocations: Revocations<Part> = Revocations::default();
        revocations.add_hashes(builder.write().into()).unwrap();
        revocations
    };
    let revoked = |source| Status::Revoked { source };
    for kind in HashKind::ALL {
        let hash = subject.hashes(kind).next();
        for kid in [None, Some(own.clone())] {
            let set = with(list_key(kind, kid, Some("FR")), hash);
            // Revoked on any country's list, and no longer when it has expired.
            assert_eq!(set.status(&subject, now), revoked(Source::HashList));
            let after = at("2026-06-01T00:00:00Z");
            assert_eq!(set.status(&subject, after), unknown(Why::NotCovered));
        }
        let set = with(list_key(kind, Some(other.clone()), Some("AT")), hash);
        assert_eq!(set.status(&subject, now), unknown(Why::NotCovered));
        // Whose kid can be exchanged is sought under every kid.
        let any = Subject {
            kid: None,
            ..subject
        };
        assert_eq!(set.status(&any, now), revoked(Source::HashList));
    }
    // The second valid signature (r, n - s) does not evade; of other algorithms all counts.
    let mut signature = [7; 64];
    signature[40] = 8;
    let twin = Subject {
        signature: &signature,
        ..subject
    };
    let hash = subject.hashes(HashKind::Signature).next();
    let set = with(list_key(HashKind::Signature, None, None), hash);
    assert_eq!(set.status(&twin, now), revoked(Source::HashList));
    let pss = Subject {
        algorithm: Algorithm::Ps256,
        ..subject
    };
    assert_eq!(set.status(&pss, now), unknown(Why::NotCovered));

    // Covered by country or kid.
    for (key, expected) in [
        (
            list_key(HashKind::Uci, None, Some("AT")),
            Status::NotRevoked,
        ),
        (
            list_key(HashKind::Uci, Some(own.clone()), None),
            Status::NotRevoked,
        ),
        (
            list_key(HashKind::Uci, None, Some("FR")),
            unknown(Why::NotCovered),
        ),
        (
            list_key(HashKind::Uci, None, None),
            unknown(Why::NotCovered),
        ),
    ] {
        let mut set = with(key, None);
        assert_eq!(set.status(&subject, now), expected);
        let nameless = Subject {
            identifiers: &[],
            ..subject
        };
        if expected == Status::NotRevoked {
            assert_eq!(set.status(&nameless, now), unknown(Why::NoIdentifier));
        }
        // A list that can't be read might have been the one.
        assert!(set.add_hashes(Part::from(&[0x80][..])).is_err());
        assert_eq!(set.status(&subject, now), unknown(Why::Damaged));
    }

    let hash = subject.hashes(HashKind::Uci).next().unwrap();
    let filter = Filter {
        key: list_key(HashKind::Uci, None, Some("AT")),
        prefix: "".into(),
        form: FilterForm::Bloom,
        bytes: make_bloom(1e-12, [&hash[..]].into_iter()).unwrap(),
    };
    let mut set: Revocations<Part> = Revocations::default();
    set.add_filters(Filter::write(vec![filter]).unwrap().into())
        .unwrap();
    assert_eq!(set.status(&subject, now), revoked(Source::Filter));
    let other = Subject {
        identifiers: &["URN:UVCI:01:AT:2"],
        ..subject
    };
    assert_eq!(set.status(&other, now), Status::NotRevoked);
    let mut damaged: Revocations<Part> = Revocations::default();
    damaged.add_filters(Part::from(&[0x80][..])).unwrap_err();
    damaged.add_index(&[]).unwrap_err();
    assert!(!damaged.is_empty());
}

#[test]
fn no_slice_is_much_larger_than_it_should_be() {
    // Narrow equations jam for some of these.
    let list = issued(0..32_000, 10, |number| number % 4 == 0 && number > 3);
    for number in 0..12_u8 {
        let (kid, month) = (Kid::from_bytes(&[number]), "2026-03".parse().unwrap());
        let builder = SliceBuilder::new(kid, month, day(20));
        let part = builder.base::<Infallible, _>(|| list.iter().copied().map(Ok));
        let length = part.unwrap().len();
        // 1.02 (1 + 1.5) bits for each of 7999, and the overhang; jammed they have up to 26,000.
        assert!(length < 4_000, "kid {number}: {length} bytes");
    }
}

#[test]
fn what_a_header_may_not_say() {
    let few = issued(0..500, 10, |number| number % 20 == 0);
    let kid_of = |kid: &[u8], list: &[Issued]| {
        let builder = SliceBuilder::new(Kid::from_bytes(kid), "2026-03".parse().unwrap(), day(20));
        let part = builder.base::<Infallible, _>(|| list.iter().copied().map(Ok));
        part.unwrap()
    };
    // Zeros behind a kid of three bytes.
    let mut part = kid_of(b"kid", &few);
    assert!(Slice::open(part.as_slice()).is_ok());
    part[92] = 1;
    assert_eq!(
        Slice::open(part).map(drop),
        Err(SliceError::Field("filling"))
    );
    let rows = Err(SliceError::Field("number of rows"));
    let with = |list: &[Issued], changes: &[(usize, u8)]| {
        let mut part = kid_of(b"8 bytes!", list);
        for (at, value) in changes {
            part[*at] = *value;
        }
        Slice::open(part).map(drop)
    };
    // Equations, but nobody revoked; or all of them; or no second system.
    assert_eq!(with(&few, &[(48, 0)]), rows);
    assert_eq!(with(&few, &[(11, 1), (40, 25), (41, 0)]), rows);
    assert_eq!(with(&few, &[(24, 0), (25, 0)]), rows);
    // No equations, but some revoked, or columns, or exceptions.
    let none = issued(0..500, 10, |_| false);
    assert_eq!(with(&none, &[]), Ok(()));
    assert_eq!(with(&none, &[(48, 1)]), rows);
    assert_eq!(with(&none, &[(10, 1)]), rows);
    assert_eq!(with(&none, &[(28, 1)]), rows);
    assert_eq!(with(&none, &[(11, 1)]), rows);
}
