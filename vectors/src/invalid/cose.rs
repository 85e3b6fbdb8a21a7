//! The COSE envelope: its structure, its algorithm, its kid.

use super::super::{
    cbor::Item,
    payload, stages,
    stages::{ALG, Claims, Headers, KID},
    trust::{Dsc, Trust},
    vector::{Vector, clause, invalid},
};

const SIGN1: &str = "RFC 9052 section 4.2";
const HEADERS: &str = "RFC 9052 section 3";

pub(super) fn vectors(trust: &Trust) -> Vec<Vector> {
    let es256 = trust.dsc("dsc-es256");
    [
        structure(es256),
        headers(es256),
        algorithms(trust),
        kids(trust),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn cwt() -> Vec<u8> {
    Claims::of(payload::vaccination()).to_cwt()
}

fn kid(bytes: &[u8]) -> (Item, Item) {
    (KID.into(), Item::Bytes(bytes.to_vec()))
}

fn alg(value: impl Into<Item>) -> (Item, Item) {
    (ALG.into(), value.into())
}

fn structure(es256: &Dsc) -> Vec<Vector> {
    let message = Headers::of(es256).sign(cwt(), es256);
    let make = |name: &str, says: &str, item: Item| {
        let text = stages::seal(&item.to_bytes());
        invalid("cose", name, SIGN1, says, text)
    };
    let array = |parts: Vec<Item>| stages::tagged(Item::Array(parts), &[18]);
    let tagged = |tags: &[u64]| stages::tagged(Item::Array(message.parts()), tags);
    let parts = |place: usize, part: Item| {
        let mut parts = message.parts();
        parts[place] = part;
        array(parts)
    };
    let mut five = message.parts();
    five.push(Item::Null);
    let signer = Item::Array(vec![
        Item::Bytes(message.protected.clone()),
        Item::Map(Vec::new()),
        Item::Bytes(message.signature.clone()),
    ]);
    let many = vec![
        Item::Bytes(Vec::new()),
        Item::Map(Vec::new()),
        Item::Bytes(message.payload.clone()),
        Item::Array(vec![signer]),
    ];
    vec![
        make("cose-tag-mac0", "Tagged as COSE_Mac0 (17)", tagged(&[17])),
        make(
            "cose-tag-encrypt0",
            "Tagged as COSE_Encrypt0 (16)",
            tagged(&[16]),
        ),
        make(
            "cose-tag-sign",
            "Tagged as COSE_Sign (98), shaped as COSE_Sign1",
            tagged(&[98]),
        ),
        make(
            "cose-sign",
            "A COSE_Sign with one signer",
            stages::tagged(Item::Array(many), &[98]),
        ),
        make("cose-tag-18-twice", "The tag 18 twice", tagged(&[18, 18])),
        make(
            "cose-tag-61-alone",
            "The tag 61 without 18 below",
            tagged(&[61]),
        ),
        make(
            "cose-three-parts",
            "No signature at all",
            array(message.parts()[..3].to_vec()),
        ),
        make("cose-five-parts", "A fifth part", array(five)),
        make(
            "cose-a-map",
            "A map instead of an array",
            Item::Map(Vec::new()),
        ),
        make(
            "cose-a-number",
            "A number instead of a message",
            Item::Int(18),
        ),
        make(
            "cose-payload-null",
            "The payload is detached (null)",
            parts(2, Item::Null),
        ),
        make(
            "cose-payload-not-wrapped",
            "The claims stand there as a map, not in a byte string",
            parts(2, Item::Raw(message.payload.clone())),
        ),
        make(
            "cose-protected-not-wrapped",
            "The protected header is a map, not a byte string",
            parts(0, Item::Raw(message.protected.clone())),
        ),
        make(
            "cose-unprotected-null",
            "The unprotected header is null",
            parts(1, Item::Null),
        ),
        make(
            "cose-signature-null",
            "The signature is null",
            parts(3, Item::Null),
        ),
        make(
            "cose-signature-text",
            "The signature is text",
            parts(3, "signature".into()),
        ),
    ]
}

fn headers(es256: &Dsc) -> Vec<Vector> {
    let make = |name: &str, says: &str, headers: Headers| {
        let text = headers.sign(cwt(), es256).seal();
        invalid("cose", name, HEADERS, says, text)
    };
    let protecting = |entries: Vec<(Item, Item)>| Headers::of(es256).protecting(entries);
    let right = || kid(&es256.kid);
    vec![
        make(
            "header-kid-twice",
            "kid twice, the right one last",
            protecting(vec![alg(-7), kid(b"wrongkid"), right()]),
        ),
        make(
            "header-kid-twice-longer-form",
            "kid twice, the second label written in eight bytes",
            protecting(vec![
                alg(-7),
                kid(b"wrongkid"),
                (Item::WideInt(KID), Item::Bytes(es256.kid.clone())),
            ]),
        ),
        make(
            "header-alg-twice",
            "alg twice, the right one last",
            protecting(vec![alg(-35), alg(-7), right()]),
        ),
        make(
            "header-kid-twice-unprotected",
            "kid twice in the unprotected header",
            protecting(vec![alg(-7)]).beside(vec![right(), right()]),
        ),
        make(
            "header-kid-text",
            "kid as text",
            protecting(vec![alg(-7), (KID.into(), "kid".into())]),
        ),
        make(
            "header-critical-unknown",
            "A header that has to be understood and is not",
            protecting(vec![
                alg(-7),
                (2.into(), Item::Array(vec![70_001.into()])),
                right(),
                (70_001.into(), Item::Null),
            ]),
        ),
        make(
            "header-an-array",
            "The protected header is an array",
            Headers {
                protected: Item::Array(vec![alg(-7).0]),
                ..Headers::of(es256)
            },
        ),
        make(
            "header-label-bytes",
            "A label that is neither integer nor text",
            protecting(vec![alg(-7), right(), (Item::Bytes(vec![1]), 1.into())]),
        ),
    ]
}

fn algorithms(trust: &Trust) -> Vec<Vector> {
    let es256 = trust.dsc("dsc-es256");
    let make = |stage, name: &str, says: &str, entry: Option<Item>, dsc: &str| {
        let dsc_with_key = trust.dsc(dsc);
        let mut entries = vec![kid(&dsc_with_key.kid)];
        entries.extend(entry.map(alg));
        let headers = Headers::of(dsc_with_key).protecting(entries);
        let text = headers.sign(cwt(), dsc_with_key).seal();
        invalid(stage, name, clause::ALG, says, text).by(dsc)
    };
    let number = |number: i64| Some(Item::Int(number));
    let mac = Headers::of(es256).protecting(vec![alg(5), kid(&es256.kid)]);
    let mac = mac.with_signature(cwt(), es256.key.spki()[..32].to_vec());
    let mut out = vec![
        make("cose", "alg-none", "No alg at all", None, "dsc-es256"),
        make(
            "cose",
            "alg-zero",
            "alg 0, which is reserved",
            number(0),
            "dsc-es256",
        ),
        make(
            "cose",
            "alg-es384",
            "alg ES384 (-35)",
            number(-35),
            "dsc-es256",
        ),
        make(
            "cose",
            "alg-es256k",
            "alg ES256K (-47)",
            number(-47),
            "dsc-es256",
        ),
        make(
            "cose",
            "alg-rs256",
            "alg RS256 (-257)",
            number(-257),
            "dsc-ps256",
        ),
        make(
            "cose",
            "alg-rs1",
            "alg RS1 (-65535)",
            number(-65_535),
            "dsc-ps256",
        ),
        make(
            "cose",
            "alg-text",
            "alg as text",
            Some("ES256".into()),
            "dsc-es256",
        ),
        make(
            "cose",
            "alg-null",
            "alg null",
            Some(Item::Null),
            "dsc-es256",
        ),
        invalid(
            "cose",
            "alg-hmac",
            clause::ALG,
            "alg HMAC 256 (5): the public key taken for a shared secret",
            mac.seal(),
        ),
    ];
    for (dsc, right) in [("dsc-es256", -7), ("dsc-eddsa", -8), ("dsc-ps256", -37)] {
        for (other, word) in [(-7, "es256"), (-8, "eddsa"), (-37, "ps256")] {
            if other != right {
                let name = format!("alg-{word}-for-{}", dsc.trim_start_matches("dsc-"));
                let says = "A good signature of the key, and the algorithm of another kind of key";
                out.push(make("signature", &name, says, number(other), dsc).or_at("cose"));
            }
        }
    }
    out
}

fn kids(trust: &Trust) -> Vec<Vector> {
    let es256 = trust.dsc("dsc-es256");
    let second = trust.dsc("dsc-second");
    let make = |name: &str, says: &str, headers: Headers| {
        let text = headers.sign(cwt(), es256).seal();
        invalid("kid", name, clause::KID, says, text)
    };
    let protecting = |entries: Vec<(Item, Item)>| Headers::of(es256).protecting(entries);
    let right = || kid(&es256.kid);
    let x5chain = (33.into(), Item::Bytes(second.der.clone()));
    vec![
        make(
            "kid-none",
            "No kid, and only certificates are trusted",
            protecting(vec![alg(-7)]),
        ),
        make(
            "kid-unknown",
            "A kid that nobody has",
            protecting(vec![alg(-7), kid(b"wrongkid")]),
        ),
        make(
            "kid-empty",
            "A kid of no bytes",
            protecting(vec![alg(-7), kid(b"")]),
        ),
        make(
            "kid-shortened",
            "The first seven bytes of the kid",
            protecting(vec![alg(-7), kid(&es256.kid[..7])]),
        ),
        make(
            "kid-lengthened",
            "The kid and a byte more",
            protecting(vec![alg(-7), kid(&[&es256.kid[..], &[0]].concat())]),
        ),
        make(
            "kid-wrong-protected",
            "A wrong kid protected and the right one unprotected: the protected one counts",
            protecting(vec![alg(-7), kid(b"wrongkid")]).beside(vec![right()]),
        ),
        invalid(
            "kid",
            "kid-with-own-certificate",
            clause::TRUST,
            "The message brings its certificate along (x5chain), below the CSCA, not on the list",
            Headers::of(second)
                .beside(vec![x5chain])
                .sign(cwt(), second)
                .seal(),
        ),
        invalid(
            "kid",
            "kid-of-no-trusted-key",
            clause::TRUST,
            "Nothing is trusted but the CSCA",
            Headers::of(es256).sign(cwt(), es256).seal(),
        )
        .trusting(&["csca.pem"]),
    ]
}
