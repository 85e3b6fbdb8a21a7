//! Signatures that are not the key's, or not over the message.

use super::super::{
    cbor::Item,
    keys::RsaStyle,
    payload,
    stages::{ALG, Claims, Headers, KID, Message},
    trust::Trust,
    valid::{ORDER, twin},
    vector::{Vector, clause, invalid},
};

const SIGNED: &str = "RFC 9052 section 4.4";
const ECDSA: &str = "RFC 9053 section 2.1";
const EDDSA: &str = "RFC 8032 section 5.1.7";
const PSS: &str = "RFC 8230 section 2";

pub(super) fn vectors(trust: &Trust) -> Vec<Vector> {
    [
        altered(trust),
        over_something_else(trust),
        malformed(trust),
        rsa(trust),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn cwt() -> Vec<u8> {
    Claims::of(payload::vaccination()).to_cwt()
}

fn flipped(bytes: &[u8], place: usize) -> Vec<u8> {
    let mut out = bytes.to_vec();
    out[place] ^= 1;
    out
}

fn make(name: &str, clause: &'static str, says: &str, message: &Message) -> Vector {
    invalid("signature", name, clause, says, message.seal())
}

/// Changed after signing.
fn altered(trust: &Trust) -> Vec<Vector> {
    let mut out = Vec::new();
    for dsc in ["dsc-es256", "dsc-ps256", "dsc-eddsa"] {
        let signer = trust.dsc(dsc);
        let good = Headers::of(signer).sign(cwt(), signer);
        let signature = &good.signature;
        let size = signature.len();
        let mut add = |what: &str, says: &str, message: Message| {
            let name = format!("{}-{what}", dsc.trim_start_matches("dsc-"));
            out.push(make(&name, SIGNED, says, &message).by(dsc));
        };
        add(
            "signature-bit-flipped",
            "The last bit of the signature is flipped",
            good.clone().signed(flipped(signature, size - 1)),
        );
        add(
            "signature-first-bit-flipped",
            "A bit in the first byte of the signature is flipped",
            good.clone().signed(flipped(signature, 0)),
        );
        let mut later = good.clone();
        // The year in the date of birth: a digit that changes nothing else.
        let place = find(&later.payload, b"1998-02-26") + 3;
        later.payload[place] ^= 1;
        add(
            "payload-bit-flipped",
            "1999 became of 1998 in the date of birth",
            later,
        );
        let mut protected = Headers::of(signer).protected;
        protected.entries().push((3.into(), "text".into()));
        let mut message = good.clone();
        message.protected = protected.to_bytes();
        add(
            "protected-changed",
            "A protected header was added after signing",
            message,
        );
        add(
            "signature-empty",
            "A signature of no bytes",
            good.clone().signed(Vec::new()),
        );
        add(
            "signature-zeros",
            "A signature of zeros",
            good.clone().signed(vec![0; size]),
        );
        add(
            "signature-ones",
            "A signature of one bits",
            good.clone().signed(vec![0xff; size]),
        );
        add(
            "signature-truncated",
            "The last byte of the signature is missing",
            good.clone().signed(signature[..size - 1].to_vec()),
        );
        add(
            "signature-extended",
            "A zero byte follows the signature",
            good.clone().signed([&signature[..], &[0]].concat()),
        );
    }
    out
}

fn find(bytes: &[u8], part: &[u8]) -> usize {
    let found = bytes.windows(part.len()).position(|window| window == part);
    found.unwrap_or_default()
}

/// A right signature, but of another key or over other bytes.
fn over_something_else(trust: &Trust) -> Vec<Vector> {
    let es256 = trust.dsc("dsc-es256");
    let second = trust.dsc("dsc-second");
    let headers = || Headers::of(es256);
    let good = headers().sign(cwt(), es256);
    let signed = |bytes: &[u8]| good.clone().signed(es256.key.sign(bytes));
    let other = Claims::of(payload::recovery()).sign(es256);
    let context = |context| {
        Headers {
            context,
            ..headers()
        }
        .sign(cwt(), es256)
    };
    let without_aad = Item::Array(vec![
        "Signature1".into(),
        Item::Bytes(good.protected.clone()),
        Item::Bytes(good.payload.clone()),
    ]);
    let empty_header = Headers {
        protected: Item::Raw(Vec::new()),
        ..headers()
    };
    let moved = Message {
        protected: Item::Map(vec![(ALG.into(), (-7).into())]).to_bytes(),
        unprotected: Item::Map(vec![(KID.into(), Item::Bytes(es256.kid.clone()))]),
        ..good.clone()
    };
    vec![
        make(
            "signature-of-another-key",
            SIGNED,
            "Signed by another key, with the kid of the trusted one",
            &headers().sign(cwt(), second),
        ),
        make(
            "signature-of-another-certificate",
            SIGNED,
            "The signature of another health certificate of the same signer",
            &good.clone().signed(other.signature),
        ),
        make(
            "signature-kid-of-another-certificate",
            clause::KID,
            "Under the kid another certificate is trusted",
            &good,
        )
        .trusting(&["kid-of-another.json"]),
        make(
            "signature-context-signature",
            SIGNED,
            "Signed as part of a COSE_Sign: context Signature instead of Signature1",
            &context("Signature"),
        ),
        make(
            "signature-context-counter",
            SIGNED,
            "Signed as a countersignature: context CounterSignature",
            &context("CounterSignature"),
        ),
        make(
            "signature-without-external-aad",
            SIGNED,
            "The Sig_structure has no place for external data",
            &signed(&without_aad.to_bytes()),
        ),
        make(
            "signature-over-payload-only",
            SIGNED,
            "Signed are the claims, not the Sig_structure",
            &signed(&cwt()),
        ),
        make(
            "signature-over-empty-header",
            SIGNED,
            "Signed is an empty protected header in place of the one sent",
            &signed(&empty_header.to_be_signed(&cwt())),
        ),
        make(
            "kid-moved-after-signing",
            clause::KID,
            "kid was moved to the unprotected header",
            &moved,
        ),
    ]
}

/// Not a signature at all, or in a form that is not allowed.
fn malformed(trust: &Trust) -> Vec<Vector> {
    let es256 = trust.dsc("dsc-es256");
    let eddsa = trust.dsc("dsc-eddsa");
    let good = Headers::of(es256).sign(cwt(), es256);
    let (r, s) = good.signature.split_at(32);
    let with = |r: &[u8], s: &[u8]| good.clone().signed([r, s].concat());
    let ecdsa = |name: &str, says: &str, message: Message| make(name, ECDSA, says, &message);
    let zero = [0; 32];
    let edwards = Headers::of(eddsa).sign(cwt(), eddsa);
    vec![
        ecdsa("es256-r-zero", "r is zero", with(&zero, s)),
        ecdsa("es256-s-zero", "s is zero", with(r, &zero)),
        ecdsa(
            "es256-r-order",
            "r is the order of the group",
            with(&ORDER, s),
        ),
        ecdsa(
            "es256-s-order",
            "s is the order of the group",
            with(r, &ORDER),
        ),
        ecdsa("es256-r-and-s-swapped", "s || r", with(s, r)),
        ecdsa(
            "es256-der",
            "The signature in DER, as X.509 has it",
            good.clone().signed(good.der_signature()),
        ),
        ecdsa(
            "es256-twin-of-wrong-signature",
            "(r, n - s) of a signature over something else",
            good.clone()
                .signed(twin(&es256.key.sign(b"something else"))),
        ),
        make(
            "eddsa-s-plus-order",
            EDDSA,
            "S increased by the order of the group, which is no canonical signature",
            &edwards.clone().signed(plus_order(&edwards.signature)),
        )
        .by("dsc-eddsa"),
        make(
            "eddsa-r-identity",
            EDDSA,
            "R is the identity and S zero: right for every message under a key of small order",
            &edwards.clone().signed({
                let mut signature = vec![0; 64];
                signature[0] = 1;
                signature
            }),
        )
        .by("dsc-eddsa"),
    ]
}

/// Order of the base point of Ed25519, little endian.
const EDWARDS_ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// R || (S + L).
fn plus_order(signature: &[u8]) -> Vec<u8> {
    let mut out = signature.to_vec();
    let mut carry = 0;
    for (digit, addend) in out[32..].iter_mut().zip(EDWARDS_ORDER) {
        let [low, high] = (u16::from(*digit) + u16::from(addend) + carry).to_le_bytes();
        *digit = low;
        carry = u16::from(high);
    }
    out
}

fn rsa(trust: &Trust) -> Vec<Vector> {
    let ps256 = trust.dsc("dsc-ps256");
    let headers = || Headers::of(ps256);
    [
        (
            "ps256-pkcs1",
            "Padded by PKCS #1 v1.5 (RS256)",
            RsaStyle::Pkcs1,
        ),
        (
            "ps256-salt-empty",
            "A salt of no bytes",
            RsaStyle::PssSha256(0),
        ),
        (
            "ps256-salt-20",
            "A salt of 20 bytes",
            RsaStyle::PssSha256(20),
        ),
        (
            "ps256-salt-64",
            "A salt of 64 bytes",
            RsaStyle::PssSha256(64),
        ),
        (
            "ps256-sha512",
            "SHA-512 throughout (PS512)",
            RsaStyle::PssSha512,
        ),
    ]
    .map(|(name, says, style)| {
        let signature = ps256
            .key
            .sign_in_style(&headers().to_be_signed(&cwt()), style);
        make(name, PSS, says, &headers().with_signature(cwt(), signature)).by("dsc-ps256")
    })
    .into()
}
