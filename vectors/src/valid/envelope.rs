//! What the layers around the content may look like.

use super::super::{
    cbor::Item,
    payload, stages,
    stages::{ALG, Claims, EXP, EXPIRES_AT, HCERT, Headers, IAT, ISS, ISSUED_AT, KID, NBF},
    trust::Trust,
    vector::{Vector, clause, valid},
    zlib,
};

const CBOR: &str = "RFC 8949 section 3";
const COSE: &str = "RFC 9052 section 4.2";
const DATE: &str = "RFC 8392 section 2 (NumericDate)";

pub(super) fn vectors(trust: &Trust) -> Vec<Vector> {
    [tokens(trust), times(trust), messages(trust), streams(trust)]
        .into_iter()
        .flatten()
        .collect()
}

fn claims() -> Claims {
    Claims::of(payload::vaccination())
}

fn tokens(trust: &Trust) -> Vec<Vector> {
    let es256 = trust.dsc("dsc-es256");
    let raw = |item: Item| Headers::of(es256).sign(item.to_bytes(), es256).seal();
    let map = || Item::Map(claims().0);
    vec![
        valid(
            "indefinite-lengths",
            CBOR,
            "Maps, arrays and text of indefinite length, all through the token",
            raw(map().opened()),
        ),
        valid(
            "longer-forms",
            CBOR,
            "Integers in eight bytes and text with lengths in four, all through the token",
            raw(map().widened()),
        ),
        valid(
            "claims-in-another-order",
            CBOR,
            "hcert first: the order of keys means nothing",
            raw(Item::Map(claims().0.into_iter().rev().collect())),
        ),
        valid(
            "unknown-claims",
            "RFC 8392 section 3",
            "cti, sub, aud, and claims with a private number and a text key",
            claims()
                .plus(7, Item::Bytes(vec![0xab; 16]))
                .plus(2, "subject")
                .plus(3, "audience")
                .plus(-70_001, Item::Array(vec![Item::Bool(true), Item::Null]))
                .plus("private", Item::Float(1.5))
                .seal(es256),
        ),
        valid(
            "unknown-subclaim-besides",
            clause::CLAIM,
            "A sub-claim of hcert that nobody knows yet, beside the EU DCC",
            claims()
                .with(
                    HCERT,
                    Item::Map(vec![
                        (99.into(), "later".into()),
                        (1.into(), payload::vaccination()),
                    ]),
                )
                .seal(es256),
        ),
        valid(
            "no-issuer",
            "HCERT, Issuer",
            "iss is optional",
            claims().without(ISS).seal(es256),
        ),
    ]
}

fn times(trust: &Trust) -> Vec<Vector> {
    let es256 = trust.dsc("dsc-es256");
    let text = claims().seal(es256);
    vec![
        valid(
            "times-as-floats",
            DATE,
            "exp and iat as floats with a fraction",
            claims()
                .with(EXP, Item::Float(1_800_000_000.5))
                .with(IAT, Item::Float(1_768_464_000.25))
                .seal(es256),
        ),
        valid(
            "times-tagged",
            DATE,
            "exp and iat with the CBOR tag 1, which RFC 8392 leaves out",
            claims()
                .with(EXP, Item::from(EXPIRES_AT).tagged(1))
                .with(IAT, Item::from(ISSUED_AT).tagged(1))
                .seal(es256),
        ),
        valid(
            "exp-far-future",
            DATE,
            "exp beyond the year 9999",
            claims().with(EXP, i64::MAX).seal(es256),
        ),
        valid(
            "no-iat",
            clause::IAT,
            "Without iat the signer has to be valid now",
            claims().without(IAT).seal(es256),
        ),
        valid(
            "with-nbf",
            "RFC 8392 section 3.1.5",
            "nbf in the past",
            claims().plus(NBF, ISSUED_AT + 3600).seal(es256),
        ),
        valid(
            "exactly-at-iat",
            clause::IAT,
            "In the very second of its issue",
            text.clone(),
        )
        .at(ISSUED_AT),
        valid(
            "exactly-at-exp",
            clause::EXP,
            "In the very second of its expiry: it is rejected after which, not from which on",
            text,
        )
        .at(EXPIRES_AT),
    ]
}

fn messages(trust: &Trust) -> Vec<Vector> {
    let es256 = trust.dsc("dsc-es256");
    let message = claims().sign(es256);
    let sign = |headers: Headers| headers.sign(claims().to_cwt(), es256).seal();
    let kid = |bytes: &[u8]| (KID.into(), Item::Bytes(bytes.to_vec()));
    let alg = || (ALG.into(), Item::from(-7));
    let headers = || Headers::of(es256);
    let mut open = headers();
    open.protected = open.protected.opened();
    open.unprotected = open.unprotected.opened();
    let open = open.sign(claims().to_cwt(), es256);
    vec![
        valid(
            "kid-unprotected",
            clause::KID,
            "kid in the unprotected header only",
            sign(
                headers()
                    .protecting(vec![alg()])
                    .beside(vec![kid(&es256.kid)]),
            ),
        ),
        valid(
            "kid-in-both",
            clause::KID,
            "The right kid protected and a wrong one unprotected: the protected one counts",
            sign(headers().beside(vec![kid(b"wrongkid")])),
        ),
        valid(
            "unknown-headers",
            "RFC 9052 section 3",
            "Content type, a private number and a text label, protected and not",
            sign(
                headers()
                    .protecting(vec![
                        alg(),
                        kid(&es256.kid),
                        (3.into(), "application/cwt".into()),
                        ("private".into(), Item::Null),
                    ])
                    .beside(vec![(70_001.into(), Item::Array(vec![1.into()]))]),
            ),
        ),
        valid(
            "untagged",
            COSE,
            "No CBOR tag at all, as Luxembourg and Denmark once had it",
            message.clone().tagged(&[]).seal(),
        ),
        valid(
            "cwt-tag",
            "RFC 8392 section 6",
            "The CWT tag 61 around the tag 18, as Sweden has it",
            message.clone().tagged(&[61, 18]).seal(),
        ),
        valid(
            "message-indefinite-lengths",
            CBOR,
            "Headers and message of indefinite length",
            stages::seal(&stages::tagged(Item::OpenArray(open.parts()), &[18]).to_bytes()),
        ),
        valid(
            "high-s",
            "SEC 1 section 4.1.4",
            "An ECDSA signature with s above half the order: ES256 does not forbid it",
            message.clone().signed(high_s(&message.signature)).seal(),
        ),
        valid(
            "low-s",
            "SEC 1 section 4.1.4",
            "The same signature with s below half the order",
            message.clone().signed(low_s(&message.signature)).seal(),
        ),
    ]
}

fn streams(trust: &Trust) -> Vec<Vector> {
    let es256 = trust.dsc("dsc-es256");
    let message = claims().sign(es256).to_bytes();
    let text = stages::seal(&message);
    vec![
        valid(
            "compressed-best",
            clause::COMPRESSION,
            "The stream begins with 78 DA",
            stages::text(&zlib::best(&message)),
        ),
        valid(
            "compressed-stored",
            clause::COMPRESSION,
            "A stream of one stored block: zlib, though nothing gets smaller",
            stages::text(&zlib::stored(&message)),
        ),
        valid(
            "line-end-after",
            clause::CONTEXT,
            "A reader put CR LF after the text",
            format!("{text}\r\n"),
        ),
        valid(
            "tab-before",
            clause::CONTEXT,
            "A reader put a tab before the text",
            format!("\t{text}"),
        ),
        valid(
            "two-spaces",
            "RFC 9285 section 4.2",
            "Two spaces in a row: a space is a Base45 digit",
            with_two_spaces(trust),
        ),
    ]
}

/// The first certificate of a row whose text has two spaces in a row, and after its prefix two
/// characters more than a multiple of three.
pub(in super::super) fn with_two_spaces(trust: &Trust) -> String {
    let es256 = trust.dsc("dsc-es256");
    (0..10_000)
        .map(|second| claims().with(EXP, EXPIRES_AT + second).seal(es256))
        .find(|text| text.contains("  ") && (text.len() - "HC1:".len()) % 3 == 2)
        .unwrap_or_default()
}

/// Order of P-256.
pub(in super::super) const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// The second signature that everybody can make of one: (r, n - s).
pub(in super::super) fn twin(signature: &[u8]) -> Vec<u8> {
    let (r, s) = signature.split_at(32);
    let mut out = ORDER.to_vec();
    let mut borrow = 0;
    for (digit, subtrahend) in out.iter_mut().zip(s).rev() {
        let difference = i16::from(*digit) - i16::from(*subtrahend) - borrow;
        borrow = i16::from(difference < 0);
        *digit = difference.rem_euclid(256).to_le_bytes()[0];
    }
    [r, &out].concat()
}

/// Of a signature and its twin the one with the larger s.
fn high_s(signature: &[u8]) -> Vec<u8> {
    twin(signature).max(signature.to_vec())
}

/// The one with the smaller s.
fn low_s(signature: &[u8]) -> Vec<u8> {
    twin(signature).min(signature.to_vec())
}
