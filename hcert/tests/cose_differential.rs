//! `hcert::cose` against `coset`, message by message.
//!
//! Reading COSE is a few lines of our own, for speed; `coset` is what the field's Rust uses. Where
//! both accept a message they have to agree on all that counts: kid, algorithm, payload, signature
//! and the bytes that were signed. Where only one accepts, the reason has to be one of the few
//! kinds below; a new kind fails the test.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod conformance;

use std::collections::{BTreeMap, BTreeSet};

use coset::{CborSerializable, CoseSign1, RegisteredLabelWithPrivate, TaggedCborSerializable};
use coset::{CoseError as CosetError, iana, iana::EnumI64 as _};
use hcert::{
    cbor::CborError,
    cose::{CoseError, Sign1},
    hc1,
    limits::Limits,
};
use proptest::prelude::*;

/// Why only one of the two readers accepts a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    /// Ours accepts: the algorithm is a number that IANA has not registered. `coset` refuses the
    /// message, ours reads it, and `hc1` refuses every number but its three.
    UnregisteredAlgorithm,
    /// Ours accepts: a kid without bytes, which names no key.
    EmptyKid,
    /// Ours accepts: something is amiss in the value of a header parameter that neither names
    /// the key nor the algorithm. It is checked for being CBOR and stepped over.
    OtherParameter,
    /// `coset` accepts: critical headers, which it leaves to its caller and ours refuses.
    Critical,
    /// `coset` accepts: deeper or longer than our limits.
    Limits,
    /// `coset` accepts: a map inside a header value has a key twice.
    DuplicateInValue,
    /// `coset` accepts: the payload is elsewhere (nil), which no certificate is made like.
    Detached,
    /// `coset` accepts: a byte string in parts (indefinite length).
    BytesInParts,
    /// `coset` accepts: a label or algorithm written as a tagged big number.
    BigNumber,
}

/// What a message says, by either reader.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    kid: Option<Vec<u8>>,
    alg: Option<i64>,
    payload: Vec<u8>,
    signature: Vec<u8>,
    to_be_signed: Vec<u8>,
}

fn ours(message: &[u8]) -> Result<Read, CoseError> {
    let message = Sign1::parse(message, &Limits::DEFAULT)?;
    Ok(Read {
        kid: message.kid().map(<[u8]>::to_vec),
        alg: message.alg(),
        payload: message.payload().to_vec(),
        signature: message.signature().to_vec(),
        to_be_signed: message.to_be_signed(),
    })
}

/// `coset` reads the tagged and the untagged form; tag 61 of a CWT is its caller's affair.
fn theirs(message: &[u8]) -> Result<CoseSign1, CosetError> {
    let inner = match message.strip_prefix(b"\xd8\x3d") {
        Some(inner) => return CoseSign1::from_tagged_slice(inner),
        None => message,
    };
    CoseSign1::from_tagged_slice(inner).or_else(|tagged| {
        // Of the two reasons the one that fits the message's form.
        match inner.first() {
            Some(first) if first >> 5 == 6 => Err(tagged),
            _ => CoseSign1::from_slice(inner),
        }
    })
}

/// The protected header has precedence (HCERT specification section 2.6.4).
fn read_of(message: &CoseSign1) -> Read {
    let number = |alg: &Option<coset::Algorithm>| match alg {
        Some(RegisteredLabelWithPrivate::Assigned(alg)) => Some(alg.to_i64()),
        Some(RegisteredLabelWithPrivate::PrivateUse(alg)) => Some(*alg),
        Some(RegisteredLabelWithPrivate::Text(_)) | None => None,
    };
    let (protected, unprotected) = (&message.protected.header, &message.unprotected);
    let kids = [&protected.key_id, &unprotected.key_id];
    Read {
        kid: kids.into_iter().find(|kid| !kid.is_empty()).cloned(),
        alg: number(&protected.alg).or(number(&unprotected.alg)),
        payload: message.payload.clone().unwrap_or_default(),
        signature: message.signature.clone(),
        to_be_signed: message.tbs_data(&[]),
    }
}

/// Compares the two on one message: the kind of difference, or nothing when both accept or both
/// refuse. The error is a text that shows an unlisted difference.
fn compare(message: &[u8]) -> Result<(bool, Option<Difference>), String> {
    match (ours(message), theirs(message)) {
        (Ok(ours), Ok(theirs)) => {
            same(&ours, &read_of(&theirs))?;
            if theirs.payload.is_none() {
                return Err("a detached payload was read".into());
            }
            Ok((true, None))
        }
        (Err(_), Err(_)) => Ok((false, None)),
        (Ok(ours), Err(error)) => only_ours(message, &ours, &error).map(|kind| (true, Some(kind))),
        (Err(error), Ok(theirs)) => {
            only_theirs(message, &error, &theirs).map(|kind| (false, Some(kind)))
        }
    }
}

fn same(ours: &Read, theirs: &Read) -> Result<(), String> {
    if ours == theirs {
        return Ok(());
    }
    Err(format!("ours   {ours:02x?}\ncoset  {theirs:02x?}"))
}

/// With everything taken out that is listed as a reason, `coset` has to accept the message and
/// to agree.
fn only_ours(message: &[u8], ours: &Read, error: &CosetError) -> Result<Difference, String> {
    let (rest, kinds) = essentials(message)
        .map_err(|fault| format!("accepted, but not by minicbor alone: {fault}"))?;
    let rest = theirs(&rest)
        .map_err(|still| format!("coset refuses ({error:?}), also the essentials ({still:?})"))?;
    let rest = read_of(&rest);
    let kid = ours.kid.clone().filter(|kid| !kid.is_empty());
    let alg = ours.alg.filter(|alg| is_registered(*alg));
    // The other header can hold what counts once the first one's is out.
    let differs = (kid != rest.kid && !kinds.contains(&Difference::EmptyKid))
        || (alg != rest.alg && !kinds.contains(&Difference::UnregisteredAlgorithm))
        || ours.payload != rest.payload
        || ours.signature != rest.signature;
    if differs {
        return Err(format!(
            "coset refuses ({error:?}), and\nours   {ours:02x?}\ncoset  {rest:02x?}"
        ));
    }
    let kind = kinds.first().copied();
    Ok(kind.unwrap_or(Difference::OtherParameter))
}

fn is_registered(alg: i64) -> bool {
    iana::Algorithm::from_i64(alg).is_some() || alg < -65536
}

/// The message anew with nothing in its headers but kid and algorithm, in the simplest form, and
/// without those that `coset` refuses. Says which of the listed kinds these were.
fn essentials(message: &[u8]) -> Result<(Vec<u8>, BTreeSet<Difference>), minicbor::decode::Error> {
    let mut kinds = BTreeSet::new();
    let mut input = minicbor::Decoder::new(message);
    while input.datatype()? == minicbor::data::Type::Tag {
        input.tag()?;
    }
    input.array()?;
    let mut parts: Vec<u8> = vec![0x84];
    let mut output = minicbor::Encoder::new(&mut parts);
    let written = "writing to a vector does not fail";
    let protected = input.bytes()?;
    let mut header = vec![0xa0];
    if !protected.is_empty() {
        header = essential_headers(&mut minicbor::Decoder::new(protected), &mut kinds)?;
    }
    output.bytes(&header).expect(written);
    let unprotected = essential_headers(&mut input, &mut kinds)?;
    output.writer_mut().extend_from_slice(&unprotected);
    output.bytes(input.bytes()?).expect(written);
    output.bytes(input.bytes()?).expect(written);
    Ok((parts, kinds))
}

fn essential_headers(
    input: &mut minicbor::Decoder<'_>,
    kinds: &mut BTreeSet<Difference>,
) -> Result<Vec<u8>, minicbor::decode::Error> {
    let mut kept = Vec::new();
    let mut left = input.map()?;
    loop {
        match &mut left {
            Some(0) => break,
            Some(left) => *left -= 1,
            None if input.datatype()? == minicbor::data::Type::Break => {
                input.skip()?;
                break;
            }
            None => {}
        }
        let label = input.probe().i64().ok();
        input.skip()?;
        let start = input.position();
        let number = input.probe().i64().ok();
        let bytes = input.probe().bytes().ok();
        input.skip()?;
        match label {
            Some(1) if number.is_some_and(|alg| !is_registered(alg)) => {
                kinds.insert(Difference::UnregisteredAlgorithm);
            }
            Some(4) if bytes == Some(&[]) => {
                kinds.insert(Difference::EmptyKid);
            }
            Some(label @ (1 | 4)) => {
                let label = u8::try_from(label).expect("1 or 4");
                kept.push([&[label], &input.input()[start..input.position()]].concat());
            }
            _ => {}
        }
    }
    let count = u8::try_from(kept.len()).expect("a label is there once");
    Ok([vec![0xa0 + count], kept.concat()].concat())
}

/// Our error says which kind it is; what it says has to be in the message.
fn only_theirs(
    message: &[u8],
    error: &CoseError,
    theirs: &CoseSign1,
) -> Result<Difference, String> {
    let has = |first: &[u8]| message.iter().any(|byte| first.contains(byte));
    let critical = !theirs.protected.header.crit.is_empty() || !theirs.unprotected.crit.is_empty();
    match error {
        CoseError::Critical if critical => Ok(Difference::Critical),
        CoseError::Cbor(CborError::Depth { .. } | CborError::Entries { .. }) => {
            Ok(Difference::Limits)
        }
        CoseError::Structure {
            what: "a header label",
            expected: "there only once",
        } => Ok(Difference::DuplicateInValue),
        CoseError::Structure {
            what: "the payload",
            expected: "a byte string",
        } if theirs.payload.is_none() => Ok(Difference::Detached),
        CoseError::Structure {
            expected: "a byte string",
            ..
        } if has(&[0x5f]) => Ok(Difference::BytesInParts),
        CoseError::Structure {
            what: "a header label" | "the algorithm",
            ..
        } if has(&[0xc2, 0xc3]) => Ok(Difference::BigNumber),
        error => Err(format!("coset accepts, ours says {error:?}")),
    }
}

/// Fails with the message and the reason.
fn must_be_listed(message: &[u8]) -> (bool, Option<Difference>) {
    match compare(message) {
        Ok(outcome) => outcome,
        Err(fault) => panic!("{}\n{fault}", to_hex(message)),
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

// The messages of the field.

#[test]
fn every_published_vector() {
    let Some(folder) = conformance::folder() else {
        return;
    };
    let vectors = std::fs::read_to_string(folder.join("expected.jsonl")).unwrap();
    let (mut accepted, mut refused) = (0, 0);
    let mut differences: BTreeMap<Difference, usize> = BTreeMap::new();
    for line in vectors.lines() {
        let vector: serde_json::Value = serde_json::from_str(line).unwrap();
        let format = vector["format"].as_str().unwrap();
        if !["eu-dcc", "icvp", "who-ddcc"].contains(&format) {
            continue;
        }
        let Some(message) = message_of(&folder, &vector) else {
            continue;
        };
        let (read, difference) = must_be_listed(&message);
        match read {
            true => accepted += 1,
            false => refused += 1,
        }
        if let Some(difference) = difference {
            *differences.entry(difference).or_default() += 1;
        }
    }
    eprintln!("{accepted} accepted, {refused} refused, differences: {differences:?}");
    assert!(accepted > 380, "only {accepted} messages");
    // No issuer of the field needs more than coset takes, nor the other way round.
    assert!(differences.is_empty());
}

/// The COSE message of a vector's text; `None` when the layers above it fail already.
fn message_of(folder: &std::path::Path, vector: &serde_json::Value) -> Option<Vec<u8>> {
    let file = std::fs::read_to_string(folder.join(vector["payload_file"].as_str()?)).ok()?;
    let text = match vector["payload_field"].as_str() {
        Some(field) => {
            let json: serde_json::Value = serde_json::from_str(&file).unwrap();
            json[field].as_str()?.to_owned()
        }
        None => file,
    };
    let text = text.trim_end_matches(['\n', '\r']);
    let mut compressed = Vec::new();
    let text = text.strip_prefix(hc1::PREFIX)?;
    hcert::base45::decode_into(text.as_bytes(), &mut compressed).ok()?;
    let mut room = Vec::new();
    hcert::zlib::Inflater::default()
        .inflate(&compressed, Limits::DEFAULT.inflated_bytes, &mut room)
        .ok()
        .map(<[u8]>::to_vec)
}

// Generated messages: each part drawn from what could be there and what could be wrong.

/// An item's first bytes: major type and a length or number, in the shortest or a longer form.
fn head(major: u8, number: u64, longer: u8) -> Vec<u8> {
    let major = major << 5;
    let be = number.to_be_bytes();
    let least = match number {
        0..24 => 0,
        24..0x100 => 1,
        0x100..0x1_0000 => 2,
        0x1_0000..0x1_0000_0000 => 3,
        _ => 4,
    };
    match least.max(longer) {
        0 => vec![major | be[7]],
        1 => vec![major | 24, be[7]],
        2 => [&[major | 25], &be[6..]].concat(),
        3 => [&[major | 26], &be[4..]].concat(),
        _ => [&[major | 27], &be[..]].concat(),
    }
}

/// Mostly the shortest form.
fn longer() -> impl Strategy<Value = u8> {
    prop_oneof![8 => Just(0u8), 1 => 1..5u8]
}

fn integer(values: impl Strategy<Value = i64> + 'static) -> BoxedStrategy<Vec<u8>> {
    (values, longer())
        .prop_map(|(value, longer)| match u64::try_from(value) {
            Ok(value) => head(0, value, longer),
            Err(_) => head(1, value.unsigned_abs() - 1, longer),
        })
        .boxed()
}

/// A string of major type 2 or 3: whole, or in parts.
fn string(major: u8, content: impl Strategy<Value = Vec<u8>> + 'static) -> BoxedStrategy<Vec<u8>> {
    (content, longer(), prop::bool::weighted(0.03))
        .prop_map(move |(content, longer, in_parts)| {
            let length = |part: &[u8]| head(major, part.len() as u64, longer);
            let whole = |part: &[u8]| [&length(part)[..], part].concat();
            match in_parts {
                false => whole(&content),
                true => {
                    let (a, b) = content.split_at(content.len() / 2);
                    [&[(major << 5) | 31], &whole(a)[..], &whole(b), &[0xff]].concat()
                }
            }
        })
        .boxed()
}

fn bytes() -> BoxedStrategy<Vec<u8>> {
    string(2, prop::collection::vec(any::<u8>(), 0..12))
}

fn text() -> BoxedStrategy<Vec<u8>> {
    let content = prop_oneof![
        "[a-z/ ]{0,6}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..3),
    ];
    string(3, content)
}

/// An array or map of items that are already bytes.
fn container(major: u8, entries: Vec<Vec<u8>>, longer: u8, indefinite: bool) -> Vec<u8> {
    let per_entry = if major == 5 { 2 } else { 1 };
    let count = (entries.len() / per_entry) as u64;
    match indefinite {
        false => [head(major, count, longer), entries.concat()].concat(),
        true => [vec![(major << 5) | 31], entries.concat(), vec![0xff]].concat(),
    }
}

fn any_item() -> BoxedStrategy<Vec<u8>> {
    let simple = prop_oneof![
        Just(vec![0xf4]),
        Just(vec![0xf6]),
        Just(vec![0xf7]),
        Just(vec![0xf0]),
        Just(vec![0xf8, 0x20]),
        Just(vec![0xf8, 0x03]),
        Just(vec![0xf9, 0x3c, 0x00]),
        Just(vec![0xfb, 0x40, 0x09, 0x21, 0xfb, 0x54, 0x44, 0x2d, 0x18]),
        Just(vec![0xff]),
        Just(vec![0x1c]),
    ];
    let leaf = prop_oneof![
        3 => integer(any::<i64>()),
        3 => integer(-10..10i64),
        3 => bytes(),
        3 => text(),
        1 => simple,
        1 => Just(vec![0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        1 => Just(vec![0xc2, 0x41, 0x01]),
        1 => Just(vec![0xa2, 0x01, 0x02, 0x01, 0x02]),
        1 => (10..20usize).prop_map(|depth| [vec![0x81; depth], vec![0x01]].concat()),
    ];
    leaf.prop_recursive(20, 40, 4, |inner| {
        let of = |major: u8, entries: BoxedStrategy<Vec<Vec<u8>>>| {
            (entries, longer(), any::<bool>()).prop_map(move |(entries, longer, indefinite)| {
                container(major, entries, longer, indefinite)
            })
        };
        let pairs = prop::collection::vec((inner.clone(), inner.clone()), 0..3);
        let pairs = pairs.prop_map(|pairs| pairs.into_iter().flat_map(|(k, v)| [k, v]).collect());
        prop_oneof![
            of(4, prop::collection::vec(inner.clone(), 0..4).boxed()),
            of(5, pairs.boxed()),
            (0..100u64, inner).prop_map(|(tag, item)| [head(6, tag, 0), item].concat()),
        ]
    })
    .boxed()
}

/// One header parameter: label and value.
fn parameter() -> BoxedStrategy<[Vec<u8>; 2]> {
    let of = |label: i64, value: BoxedStrategy<Vec<u8>>| {
        (integer(Just(label)), value)
            .prop_map(|(label, value)| [label, value])
            .boxed()
    };
    prop_oneof![
        6 => of(1, integer(prop_oneof![Just(-7i64), Just(-37), Just(-8), -50..50i64, any::<i64>()])),
        1 => of(1, any_item()),
        1 => of(2, any_item()),
        1 => of(3, prop_oneof![text(), integer(0..70i64)].boxed()),
        6 => of(4, bytes()),
        1 => of(4, any_item()),
        1 => of(5, bytes()),
        1 => of(6, any_item()),
        1 => of(7, any_item()),
        3 => (integer(any::<i64>()), any_item()).prop_map(|(label, value)| [label, value]),
        2 => (text(), any_item()).prop_map(|(label, value)| [label, value]),
        1 => (any_item(), any_item()).prop_map(|(label, value)| [label, value]),
        1 => Just([vec![0xc2, 0x41, 0x21], vec![0x01]]),
    ]
    .boxed()
}

fn header() -> BoxedStrategy<Vec<u8>> {
    let parameters = prop::collection::vec(parameter(), 0..4);
    (parameters, longer(), prop::bool::weighted(0.2))
        .prop_map(|(parameters, longer, indefinite)| {
            container(
                5,
                parameters.into_iter().flatten().collect(),
                longer,
                indefinite,
            )
        })
        .boxed()
}

fn message() -> BoxedStrategy<Vec<u8>> {
    let protected = prop_oneof![
        12 => header().prop_flat_map(|header| string(2, Just(header))),
        1 => bytes(),
        1 => Just(vec![0x40]),
        1 => header(),
    ];
    let unprotected = prop_oneof![
        6 => Just(vec![0xa0]),
        8 => header(),
        1 => any_item(),
    ];
    let body = |else_: BoxedStrategy<Vec<u8>>| prop_oneof![20 => bytes(), 1 => else_];
    let tags: BoxedStrategy<Vec<u8>> = prop_oneof![
        4 => Just(vec![]),
        6 => Just(vec![0xd2]),
        3 => Just(vec![0xd8, 0x3d, 0xd2]),
        1 => Just(vec![0xd8, 0x3d]),
        1 => Just(vec![0xd8, 0x12]),
        1 => (0..100u64).prop_map(|tag| head(6, tag, 0)),
    ]
    .boxed();
    let tail = prop_oneof![
        20 => Just(vec![]),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ];
    let parts = (
        protected,
        unprotected,
        body(prop_oneof![Just(vec![0xf6]), any_item()].boxed()),
        body(any_item()),
        prop::option::weighted(0.03, any_item()),
    );
    (tags, parts, longer(), prop::bool::weighted(0.15), tail)
        .prop_map(|(tags, (a, b, c, d, e), longer, indefinite, tail)| {
            let parts = [Some(a), Some(b), Some(c), Some(d), e];
            let array = container(4, parts.into_iter().flatten().collect(), longer, indefinite);
            [tags, array, tail].concat()
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4096,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn generated_messages(message in message()) {
        compare(&message).map_err(|fault| {
            TestCaseError::fail(format!("{}\n{fault}", to_hex(&message)))
        })?;
    }

    #[test]
    fn damaged_messages(
        message in message(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut message = message;
        for (at, byte) in damage {
            let at = at.index(message.len());
            message[at] = byte;
        }
        if let Some(cut) = cut {
            message.truncate(cut.index(message.len()));
        }
        compare(&message).map_err(|fault| {
            TestCaseError::fail(format!("{}\n{fault}", to_hex(&message)))
        })?;
    }

    #[test]
    fn junk(message in prop::collection::vec(any::<u8>(), 0..64)) {
        compare(&message).map_err(|fault| {
            TestCaseError::fail(format!("{}\n{fault}", to_hex(&message)))
        })?;
    }
}

/// The generator makes what it is for: messages both accept, and every listed difference.
#[test]
fn the_generator_reaches_every_difference() {
    use proptest::{strategy::ValueTree as _, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let message = message();
    let (mut both, mut seen) = (0, BTreeSet::new());
    for _ in 0..20_000 {
        let message = message.new_tree(&mut runner).unwrap().current();
        match must_be_listed(&message) {
            (true, None) => both += 1,
            (_, Some(difference)) => drop(seen.insert(difference)),
            _ => {}
        }
    }
    eprintln!("{both} of 20000 accepted by both; differences seen: {seen:?}");
    assert!(both > 2000, "{both}");
    assert_eq!(seen.len(), 9, "{seen:?}");
}

/// One example of each difference, to read.
#[test]
fn each_difference_by_example() {
    use Difference::*;
    for (message, accepted, difference) in [
        ("84 43 a10126 a1 04 42 6b6b 41 70 41 73", true, None),
        ("d2 84 43 a10126 a0 41 70 41 73", true, None),
        ("d83d d2 84 43 a10126 a0 41 70 41 73", true, None),
        ("9f 43 a10126 bf ff 41 70 41 73 ff", true, None),
        ("d83d 84 43 a10126 a0 41 70 41 73", false, None),
        ("84 43 a10126 a0 41 70", false, None),
        ("84 43 a10126 a2 0126 0126 41 70 41 73", false, None),
        ("84 43 a10126 a2 0126 180126 41 70 41 73", false, None),
        (
            "84 45 a10139ffff a0 41 70 41 73",
            true,
            Some(UnregisteredAlgorithm),
        ),
        ("84 43 a10126 a1 04 40 41 70 41 73", true, Some(EmptyKid)),
        (
            "84 43 a10126 a1 05 01 41 70 41 73",
            true,
            Some(OtherParameter),
        ),
        (
            "84 43 a10126 a1 02 81 01 41 70 41 73",
            false,
            Some(Critical),
        ),
        (
            "84 43 a10126 a1 6161 81818181818181818181818181818181 01 41 70 41 73",
            false,
            Some(Limits),
        ),
        (
            "84 43 a10126 a1 6161 a2 01 02 01 02 41 70 41 73",
            false,
            Some(DuplicateInValue),
        ),
        ("84 43 a10126 a0 f6 41 73", false, Some(Detached)),
        (
            "84 43 a10126 a0 5f 41 70 ff 41 73",
            false,
            Some(BytesInParts),
        ),
        (
            "84 43 a10126 a1 c24101 26 41 70 41 73",
            false,
            Some(BigNumber),
        ),
    ] {
        let bytes = conformance::hex(&message.replace(' ', ""));
        assert_eq!(compare(&bytes), Ok((accepted, difference)), "{message}");
    }
}
