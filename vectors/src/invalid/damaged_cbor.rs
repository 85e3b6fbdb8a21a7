//! CBOR that is damaged, ambiguous or made to exhaust: in the message, and in what is signed.

use super::super::{
    cbor::{Item, head, object},
    payload, stages,
    stages::{Claims, EXP, EXPIRES_AT, HCERT, Headers, NBF},
    trust::{Dsc, Trust},
    vector::{Vector, invalid},
};

const WELL_FORMED: &str = "RFC 8949 section 5.3.1";
const KEYS: &str = "RFC 8949 section 5.6";
const LIMITS: &str = "RFC 8949 section 10";
const DEPTH: usize = 10_000;

pub(super) fn vectors(trust: &Trust) -> Vec<Vector> {
    let es256 = trust.dsc("dsc-es256");
    [around(es256), signed(es256), duplicates(es256)]
        .into_iter()
        .flatten()
        .collect()
}

fn claims() -> Claims {
    Claims::of(payload::vaccination())
}

/// A head that announces far more than follows.
fn lying(major: u8, length: u64) -> Item {
    let mut out = Vec::new();
    head(&mut out, major, length);
    out.push(0x01);
    Item::Raw(out)
}

/// One-element arrays in each other.
fn nested() -> Item {
    let mut out = vec![0x81; DEPTH];
    out.push(0x01);
    Item::Raw(out)
}

/// Faults of the message.
fn around(es256: &Dsc) -> Vec<Vector> {
    let message = claims().sign(es256);
    let bytes = message.to_bytes();
    let make = |stage, name: &str, clause, says: &str, bytes: &[u8]| {
        invalid(stage, name, clause, says, stages::seal(bytes))
    };
    let unprotected = |value: Item| {
        let mut message = message.clone();
        message.unprotected = Item::Map(vec![(99.into(), value)]);
        message.to_bytes()
    };
    let parts = |place: usize, part: Item| {
        let mut parts = message.parts();
        parts[place] = part;
        stages::tagged(Item::Array(parts), &[18]).to_bytes()
    };
    vec![
        make(
            "cbor",
            "cbor-empty",
            WELL_FORMED,
            "A stream of nothing",
            &[],
        ),
        make(
            "cbor",
            "cbor-truncated",
            WELL_FORMED,
            "The last ten bytes are missing",
            &bytes[..bytes.len() - 10],
        ),
        make(
            "cbor",
            "cbor-bytes-after",
            WELL_FORMED,
            "A byte follows the message",
            &[&bytes[..], &[0]].concat(),
        ),
        make(
            "cbor",
            "cbor-nested-in-header",
            LIMITS,
            "10,000 arrays in each other in the unprotected header",
            &unprotected(nested()),
        )
        .or_at("cose"),
        make(
            "cose",
            "cbor-nested-message",
            LIMITS,
            "10,000 arrays in each other and nothing else",
            &nested().to_bytes(),
        )
        .or_at("cbor"),
        make(
            "cose",
            "cbor-nested-tags",
            LIMITS,
            "The tag 18 ten thousand times",
            &[&vec![0xd2; DEPTH][..], &bytes[1..]].concat(),
        )
        .or_at("cbor"),
        make(
            "cbor",
            "cbor-length-lies-bytes",
            LIMITS,
            "A payload that announces 2^62 bytes",
            &parts(2, lying(2, 1 << 62)),
        )
        .or_at("cose"),
        make(
            "cose",
            "cbor-length-lies-map",
            LIMITS,
            "An unprotected header that announces 2^32 entries",
            &parts(1, lying(5, 1 << 32)),
        )
        .or_at("cbor"),
        make(
            "cbor",
            "cbor-length-lies-array",
            LIMITS,
            "A header's array that announces 2^62 elements",
            &unprotected(lying(4, 1 << 62)),
        )
        .or_at("cose"),
        make(
            "cbor",
            "cbor-open-without-end",
            WELL_FORMED,
            "An array of indefinite length that never ends",
            &{
                let mut bytes = stages::tagged(Item::OpenArray(message.parts()), &[18]).to_bytes();
                bytes.pop();
                bytes
            },
        )
        .or_at("cose"),
        make(
            "cbor",
            "cbor-reserved-length",
            WELL_FORMED,
            "A head with the reserved additional information 28",
            &unprotected(Item::Raw(vec![0x1c])),
        )
        .or_at("cose"),
    ]
}

/// Faults of the token, under a good signature: its issuer is at fault.
fn signed(es256: &Dsc) -> Vec<Vector> {
    let make = |name: &str, clause, says: &str, cwt: Vec<u8>| {
        let text = Headers::of(es256).sign(cwt, es256).seal();
        invalid("cbor", name, clause, says, text)
    };
    let cwt = claims().to_cwt();
    let claim = |value: Item| claims().plus(99, value).to_cwt();
    let bad_text = || Item::Raw(vec![0x62, 0xc3, 0x28]);
    vec![
        make(
            "claims-truncated",
            WELL_FORMED,
            "The claims end in the middle",
            cwt[..cwt.len() / 2].to_vec(),
        ),
        make(
            "claims-bytes-after",
            WELL_FORMED,
            "Bytes follow the claims",
            [&cwt[..], &[0xf6]].concat(),
        ),
        make(
            "claims-empty",
            WELL_FORMED,
            "The payload is an empty byte string",
            Vec::new(),
        ),
        make(
            "claims-an-array",
            "RFC 8392 section 7.2",
            "The payload is an array",
            Item::Array(vec![1.into()]).to_bytes(),
        )
        .or_at("schema"),
        make(
            "claims-not-cbor",
            WELL_FORMED,
            "The payload is JSON",
            br#"{"iss":"XX","hcert":{}}"#.to_vec(),
        ),
        make(
            "claims-nested",
            LIMITS,
            "10,000 arrays in each other in an unknown claim",
            claim(nested()),
        ),
        make(
            "claims-length-lies",
            LIMITS,
            "Text that announces 2^62 bytes in an unknown claim",
            claim(lying(3, 1 << 62)),
        ),
        make(
            "claims-invalid-utf8",
            "RFC 8949 section 3.1",
            "The issuer's text is not UTF-8",
            claims().with(1, bad_text()).to_cwt(),
        ),
        make(
            "content-invalid-utf8",
            "RFC 8949 section 3.1",
            "The holder's name is not UTF-8",
            Claims::of(payload::vaccination().with("nam/fn", bad_text())).to_cwt(),
        ),
        make(
            "content-nested",
            LIMITS,
            "10,000 arrays in each other in an unknown field",
            Claims::of(payload::vaccination().plus("", "x", nested())).to_cwt(),
        ),
    ]
}

/// A key twice: which of the two counts would depend on the reader.
fn duplicates(es256: &Dsc) -> Vec<Vector> {
    let make = |name: &str, says: &str, claims: Claims| {
        invalid("cbor", name, KEYS, says, claims.seal(es256))
    };
    let content = |content: Item| Claims::of(content);
    let v = payload::vaccination;
    let two = |first: Item, second: Item| {
        Claims::of(v()).with(HCERT, Item::Map(vec![(first, v()), (second, v())]))
    };
    vec![
        make(
            "duplicate-exp",
            "exp twice, the second later",
            claims().plus(EXP, EXPIRES_AT + 1_000_000),
        ),
        make(
            "duplicate-exp-longer-form",
            "exp twice, the second key written in eight bytes",
            claims().plus(Item::WideInt(EXP), EXPIRES_AT + 1_000_000),
        ),
        make(
            "duplicate-nbf-longer-form",
            "nbf twice, in the future and in the past, in two spellings of the key",
            claims()
                .plus(Item::WideInt(NBF), EXPIRES_AT)
                .plus(Item::Raw(vec![0x18, 0x05]), 0),
        ),
        make("duplicate-hcert", "The hcert claim twice", {
            let mut claims = claims();
            claims.0.extend(Claims::of(payload::recovery()).0.pop());
            claims
        }),
        make(
            "duplicate-subclaim",
            "The sub-claim 1 twice",
            two(1.into(), 1.into()),
        ),
        make(
            "duplicate-subclaim-longer-form",
            "The sub-claim 1 twice, in two spellings of the key",
            two(1.into(), Item::Raw(vec![0x18, 0x01])),
        ),
        make(
            "duplicate-field",
            "The date of birth twice",
            content(v().plus("", "dob", "1955-01-01")),
        ),
        make(
            "duplicate-field-longer-form",
            "The date of birth twice, the second key with a longer length",
            content({
                let mut content = v();
                let key = Item::WideText("dob".to_owned());
                content.entries().push((key, "1955-01-01".into()));
                content
            }),
        ),
        make(
            "duplicate-unknown-field",
            "A key twice in a field of a later schema",
            content(v().plus("", "x", object([("y", 1.into()), ("y", 2.into())]))),
        ),
        make(
            "duplicate-unknown-field-longer-form",
            "A key twice in a field of a later schema, in two spellings",
            content(v().plus(
                "",
                "x",
                Item::Map(vec![
                    ("y".into(), 1.into()),
                    (Item::WideText("y".to_owned()), 2.into()),
                ]),
            )),
        ),
    ]
}
