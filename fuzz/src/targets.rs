//! Everything that strangers can hand to a verifier, but for pictures.
//!
//! One verifier trusts a chain of two certificates made here, a bare Ed25519 key and an RSA key
//! that nobody has the other half of, and knows the texts that were signed: [`known`]. A verdict of
//! "valid" about anything else that was not signed here is a forgery, and panics.

use std::{cell::RefCell, sync::OnceLock};

use hcert::{
    base64, cbor, cose,
    cose::Sign1,
    cwt::{Claims, ContentKind, Draft},
    hc1::{self, Decoder, Encoder},
    keys::{PublicKey, Signer as _, SoftwareKey},
    kid::Kid,
    limits::Limits,
    received::{ReceivedDcc, ReceivedDvc},
    time::Timestamp,
    x509::{
        Certificate, EventKind,
        crl::{Reason, RevocationList, Revoked},
        make::{self, Period, Subject},
        request::Request,
    },
};
use serde_json::{Value, json};
use time::OffsetDateTime;
use verifier::{
    Session, Verdict, Verifier,
    rules::{External, RuleSet},
    trust::{Trust, TrustBuilder},
    unverified,
    wording::Language,
};

/// 2026-06-01T00:00:00Z, when everything is verified.
const NOW: i64 = 1_780_272_000;
const DAY: i64 = 24 * 60 * 60;

/// An RSA key of 2048 bits; its private half was thrown away.
const RSA: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAp4gA/l16Wyh3T6lfyg/wA9K1meDNSRWhRVJtSXYnR+AG\
whV5JC/8P72mQZ0PGyPswQSyiiqX4PpGxdvWPpq9sYxpTj34Dp1ywmqTzg6xOLLBEVSpw0B2rgby03mC601GPll4gpYxvZGCrp+VW1dtrbM1GoFfEqQn\
QeU0bUV0smO5AcyXPLcqmoNmleyXjKlBoLE/PvHdXtqBNAPOtuxOCbHD/yzXwbaPBxPpHAqS6ZcDTsEPBtokJkoyb6cmJP9Idl74f6tosDSZK/KTPrZO\
TR24NO1AnlXs3UbMWODhQqFRiIwP2eG90BAmDyBp0aEySVPTBWKXaw03HC6++AqLDwIDAQAB";

/// What all targets share, made once.
struct World {
    csca: Certificate,
    dsc: Certificate,
    dsc_key: SoftwareKey,
    ed25519: SoftwareKey,
    verifier: Verifier,
    texts: Vec<String>,
    /// The bytes under each known signature.
    signed: Vec<Vec<u8>>,
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::saturating(seconds)
}

/// A P-256 key: PKCS #8 around the secret number alone.
fn p256(secret: u8) -> SoftwareKey {
    const START: &[u8] =
        b"\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\
        \x86\x48\xce\x3d\x03\x01\x07\x04\x27\x30\x25\x02\x01\x01\x04\x20";
    SoftwareKey::from_pkcs8(&[START, &[secret; 32]].concat()).expect("a P-256 key")
}

/// An Ed25519 key, as above.
fn ed25519(secret: u8) -> SoftwareKey {
    const START: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
    SoftwareKey::from_pkcs8(&[START, &[secret; 32]].concat()).expect("an Ed25519 key")
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let (csca_key, dsc_key, ed25519) = (p256(1), p256(2), ed25519(3));
        let subject = |common_name| Subject {
            common_name,
            country: "VN",
            organisation: None,
        };
        let period = |days| Period {
            not_before: at(NOW - days * DAY),
            not_after: at(NOW + days * DAY),
        };
        let csca = make::csca(&subject("CSCA"), period(1000), [1; 16], &csca_key).expect("a CSCA");
        let kinds = [EventKind::Vaccination, EventKind::Test];
        let dsc = make::dsc(
            &subject("DSC"),
            period(500),
            [2; 16],
            &dsc_key.spki(),
            &kinds,
            (&csca, &csca_key),
        )
        .expect("a DSC");
        let mut world = World {
            verifier: Verifier::new(trust(&[
                csca.der(),
                dsc.der(),
                &ed25519.spki(),
                RSA.as_bytes(),
            ])),
            csca,
            dsc,
            dsc_key,
            ed25519,
            texts: Vec::new(),
            signed: Vec::new(),
        };
        for (name, payload) in payloads() {
            let kind = if name == "dvc" {
                ContentKind::WhoDvc
            } else {
                ContentKind::EuDcc
            };
            let claims = claims(kind, &cbor_of(&payload));
            for eddsa in [false, true] {
                world.texts.push(world.sign(claims.clone(), eddsa));
            }
        }
        world.signed = world
            .texts
            .iter()
            .filter_map(|text| signed_bytes(text))
            .collect();
        world
    })
}

impl World {
    /// A text over these claims, by the DSC or the bare Ed25519 key.
    fn sign(&self, claims: Vec<u8>, eddsa: bool) -> String {
        let (key, kid) = match eddsa {
            false => (&self.dsc_key, self.dsc.kid()),
            true => (&self.ed25519, Kid::from_bytes(b"bare")),
        };
        let message = cose::sign(claims, key, &kid).expect("a key in memory signs");
        wrap(&message)
    }
}

thread_local! {
    /// Reused, because making them takes longer than using them.
    static ENCODER: RefCell<Encoder> = RefCell::default();
    static SESSION: RefCell<Session<'static>> = RefCell::new(world().verifier.session());
}

/// A text around a COSE message.
fn wrap(message: &[u8]) -> String {
    ENCODER.with_borrow_mut(|encoder| encoder.wrap(message).expect("a message can be wrapped"))
}

fn verify(text: &str) -> Verdict {
    SESSION.with_borrow_mut(|session| session.verify(text, at(NOW)))
}

fn trust(files: &[&[u8]]) -> Trust {
    let mut builder = TrustBuilder::new();
    for file in files {
        builder.add_file(file).expect("a trusted file");
    }
    builder.build()
}

/// One payload of each kind, by name.
fn payloads() -> Vec<(&'static str, Value)> {
    let dcc = |key: &str, entry: Value| {
        let name = json!({ "fn": "Nguyễn", "gn": "Văn Đức", "fnt": "NGUYEN", "gnt": "VAN<DUC" });
        json!({ "ver": "1.3.3", "nam": name, "dob": "1998-02-26", key: [entry] })
    };
    let vaccination = json!({
        "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
        "dn": 2, "sd": 2, "dt": "2026-01-20", "co": "VN", "is": "Bộ Y tế",
        "ci": "URN:UVCI:01:VN:8A1F3C#U",
    });
    let test = json!({
        "tg": "840539006", "tt": "LP6464-4", "nm": "PCR", "sc": "2026-05-31T08:00:00Z",
        "tr": "260415000", "tc": "Bệnh viện", "co": "VN", "is": "Bộ Y tế",
        "ci": "URN:UVCI:01:VN:8A1F3D#U",
    });
    let recovery = json!({
        "tg": "840539006", "fr": "2026-03-01", "df": "2026-03-12", "du": "2026-08-28",
        "co": "VN", "is": "Bộ Y tế", "ci": "URN:UVCI:01:VN:8A1F3E#U",
    });
    let dvc = json!({
        "n": "Nguyễn Văn Đức", "dob": "1998-02-26", "s": "male", "nt": "VNM",
        "v": { "dn": 1, "tg": "1D47", "dt": "2026-01-20", "is": "Bộ Y tế" },
    });
    vec![
        ("vaccination", dcc("v", vaccination)),
        ("test", dcc("t", test)),
        ("recovery", dcc("r", recovery)),
        ("dvc", dvc),
    ]
}

/// JSON as CBOR, for the few kinds of value above.
fn cbor_of(value: &Value) -> Vec<u8> {
    let head = |major: u8, number: usize| match u8::try_from(number).expect("short") {
        small @ 0..24 => vec![major << 5 | small],
        large => vec![major << 5 | 24, large],
    };
    match value {
        Value::String(text) => [head(3, text.len()), text.clone().into_bytes()].concat(),
        Value::Number(number) => {
            let number = number
                .as_u64()
                .and_then(|number| usize::try_from(number).ok());
            head(0, number.expect("a small number"))
        }
        Value::Array(values) => {
            let values = values.iter().map(cbor_of);
            [vec![head(4, values.len())], values.collect()]
                .concat()
                .concat()
        }
        Value::Object(members) => {
            let start = head(5, members.len());
            let members = members
                .iter()
                .flat_map(|(key, value)| [cbor_of(&Value::String(key.clone())), cbor_of(value)]);
            [vec![start], members.collect()].concat().concat()
        }
        Value::Bool(_) | Value::Null => unreachable!("no payload here has one"),
    }
}

fn claims(kind: ContentKind, content: &[u8]) -> Vec<u8> {
    let draft = Draft {
        issuer: "VN",
        issued_at: at(NOW - DAY),
        expires_at: at(NOW + DAY),
        kind,
        content,
    };
    draft.to_cbor()
}

/// The bytes that a text's signature is over.
fn signed_bytes(text: &str) -> Option<Vec<u8>> {
    let mut decoder = Decoder::default();
    let message = decoder.decode(text).ok()?;
    Some(message.message().to_be_signed())
}

/// Asks everything that a program asks of a verdict.
fn use_verdict(verdict: &Verdict) {
    for language in Language::ALL {
        let json = verdict.to_json("fuzz", language);
        assert_eq!(json["valid"], verdict.is_valid());
        if !verdict.is_valid() {
            assert!(json["holder"].is_null() && json["payload"].is_null());
        }
    }
    let _ = (verdict.colour(), verdict.doubts());
    if let Ok(certificate) = &verdict.result {
        assert!(
            !certificate.payload().is_null(),
            "a valid certificate has a payload"
        );
        assert!(
            certificate.holder().is_some(),
            "a valid certificate names somebody"
        );
    }
}

/// A text that nobody signed here must not be valid.
fn must_not_be_forged(text: &str) {
    let verdict = verify(text);
    use_verdict(&verdict);
    if verdict.is_valid() {
        let signed = signed_bytes(text).expect("a valid text can be decoded");
        assert!(world().signed.contains(&signed), "forged: {text}");
    }
}

/// Any text; also as it is shown without a check of the signature.
pub fn verdict(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    must_not_be_forged(text);
    let layers = unverified::layers(text, Limits::DEFAULT);
    let read = Sign1::parse(&layers.cose, &Limits::DEFAULT).is_ok();
    assert_eq!(layers.failure.is_none(), read);
    let _ = unverified::payload(text, Limits::DEFAULT);
}

/// Bytes at a depth of choice below layers that are in order: the first byte chooses.
pub fn hc1_bytes(data: &[u8]) {
    let Some((depth, data)) = data.split_first() else {
        return;
    };
    let world = world();
    match depth % 6 {
        0 => must_not_be_forged(&[hc1::PREFIX, &hcert::base45::encode(data)].concat()),
        1 => must_not_be_forged(&wrap(data)),
        2 => {
            // The claims, under a signature of another message.
            let Ok(length) = u16::try_from(data.len()) else {
                return;
            };
            let kid = world.dsc.kid();
            let signature = world.dsc_key.sign(b"another message").expect("signs");
            let mut message = vec![0xd2, 0x84, 0x4d, 0xa2, 0x01, 0x26, 0x04, 0x48];
            message.extend_from_slice(kid.as_bytes());
            message.extend([&[0xa0, 0x59][..], &length.to_be_bytes()].concat());
            message.extend_from_slice(data);
            message.extend([&[0x58, 0x40][..], &signature].concat());
            must_not_be_forged(&wrap(&message));
        }
        // From here on what the issuer itself has signed: anything but a panic.
        3 => use_verdict(&verify(&world.sign(data.to_vec(), true))),
        depth => {
            let kind = if depth == 4 {
                ContentKind::EuDcc
            } else {
                ContentKind::WhoDvc
            };
            let text = world.sign(claims(kind, data), true);
            use_verdict(&verify(&text));
        }
    }
}

/// A COSE message, and each thing that can be in one.
pub fn cose(data: &[u8]) {
    let limits = Limits::DEFAULT;
    if let Ok(message) = Sign1::parse(data, &limits) {
        let signed = message.to_be_signed();
        assert!(signed.ends_with(message.payload()));
        assert!(message.kid().is_none_or(|kid| kid.len() < data.len()));
        let _ = Claims::parse(message.payload(), &limits);
    }
    if let Ok(claims) = Claims::parse(data, &limits)
        && let Some(content) = claims.content.map(|content| content.bytes)
    {
        let _ = ReceivedDcc::parse(content, &limits);
        let _ = ReceivedDvc::parse(content, &limits);
    }
    if let Ok(json) = cbor::to_json(data, &limits) {
        let _ = json.to_string();
        let _ = ReceivedDcc::parse(data, &limits);
        let _ = ReceivedDvc::parse(data, &limits);
    }
}

/// A certificate, a public key or a file of them, in DER or text.
pub fn x509(data: &[u8]) {
    let world = world();
    if let Ok(certificate) = Certificate::from_der(data) {
        let _ = (
            certificate.subject(),
            certificate.issuer(),
            certificate.country(),
        );
        let _ = (
            certificate.is_valid_at(at(NOW)),
            certificate.usage(),
            certificate.is_authority(),
        );
        let _ = certificate.public_key();
        let _ = certificate.check_issued_by(&certificate);
        let _ = world.dsc.check_issued_by(&certificate);
        if certificate.check_issued_by(&world.csca).is_ok() {
            let made = [world.dsc.der(), world.csca.der()];
            assert!(made.contains(&certificate.der()), "a forged certificate");
        }
    }
    if let Ok(key) = PublicKey::from_spki(data) {
        assert!(key.verify(b"message", &[0; 64]).is_err());
    }
    x509_handed_in(data);
    add_file(data);
}

/// What a CSCA is handed: a request, or the revocation list to carry on.
fn x509_handed_in(data: &[u8]) {
    let world = world();
    if let Ok(request) = Request::from_der(data) {
        let _ = (request.subject(), request.country(), request.usage());
        if request.prove().is_ok() {
            // The secrets of the keys here are known to nobody outside.
            let known = request_of(&world.ed25519);
            let own = request
                .spki()
                .is_ok_and(|spki| spki == world.ed25519.spki());
            assert!(!own || request.der() == known.der(), "a forged request");
        }
    }
    if let Ok(list) = RevocationList::from_der(data) {
        let _ = (list.number(), list.next_update(), list.find(&world.dsc));
        if list.check_signed_by(&world.csca).is_ok() {
            assert_eq!(list.der(), revocation_list().der(), "a forged list");
        }
    }
}

fn request_of(key: &SoftwareKey) -> Request {
    let subject = Subject {
        common_name: "DSC",
        country: "VN",
        organisation: None,
    };
    Request::make(&subject, &[EventKind::Test], key).expect("a request")
}

fn revocation_list() -> RevocationList {
    let world = world();
    let entry = Revoked {
        serial: world.dsc.serial().to_vec(),
        revoked_at: at(NOW),
        reason: Reason::KeyCompromise,
        invalid_from: Some(at(NOW - DAY)),
    };
    let period = Period {
        not_before: at(NOW),
        not_after: at(NOW + DAY),
    };
    let authority = (&world.csca, &p256(1) as &dyn hcert::keys::Signer);
    RevocationList::make(None, &[entry], period, authority).expect("a list")
}

/// A file of trusted keys or of revocations, in JSON.
pub fn trust_json(data: &[u8]) {
    if matches!(data.first(), Some(b'{' | b'[')) {
        add_file(data);
    }
}

/// The file is added to the DSC; the known texts still get a verdict.
fn add_file(data: &[u8]) {
    let world = world();
    let mut builder = TrustBuilder::new();
    builder.add_file(world.dsc.der()).expect("a trusted file");
    let added = builder.add_file(data);
    let trust = builder.build();
    if added.is_err() {
        assert_eq!(trust.len(), 1, "an unreadable file adds no key");
        return;
    }
    let verifier = Verifier::new(trust);
    for text in world.texts.iter().take(2) {
        use_verdict(&verifier.verify(text, at(NOW)));
    }
}

/// A set of rules, over one payload of each kind.
pub fn rules(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let Ok(set) = RuleSet::parse(text) else {
        return;
    };
    for rule in set.rules() {
        let _ = (
            rule.identifier(),
            rule.descriptions().get("en"),
            rule.valid_from(),
        );
    }
    let now = OffsetDateTime::from_unix_timestamp(NOW).expect("in range");
    let anywhere = External::at(now);
    let external = External {
        country_code: Some("EU"),
        issuer_country: Some("VN"),
        exp: Some(now),
        iat: Some(now),
        kid: Some("YmFyZQ=="),
        ..External::at(now)
    };
    for (_, payload) in payloads() {
        let _ = set.evaluate(&payload, &anywhere);
        let _ = set.evaluate(&payload, &external);
    }
}

/// How many of the known texts are valid: all but the recovery that the DSC may not sign. Were
/// there none, no forgery could be told.
pub fn known_and_valid() -> usize {
    let world = world();
    let texts = world.texts.iter();
    texts
        .filter(|text| world.verifier.verify(text, at(NOW)).is_valid())
        .count()
}

/// Runs a target by name.
pub fn run(target: &str, data: &[u8]) {
    match target {
        "verdict" => verdict(data),
        "hc1_bytes" => hc1_bytes(data),
        "cose" => cose(data),
        "x509" => x509(data),
        "trust_json" => trust_json(data),
        "rules" => rules(data),
        other => panic!("no target {other}"),
    }
}

/// The seeds: target, name, bytes.
pub fn seeds() -> Vec<(&'static str, String, Vec<u8>)> {
    let world = world();
    let mut seeds: Vec<(&str, String, Vec<u8>)> = Vec::new();
    let mut add = |target, name: &str, bytes: &[u8]| {
        seeds.push((target, name.to_owned(), bytes.to_vec()));
    };
    let names = payloads()
        .into_iter()
        .flat_map(|(name, payload)| [(name, "es256", payload.clone()), (name, "eddsa", payload)]);
    for ((name, algorithm, payload), text) in names.zip(&world.texts) {
        let name_of = |what: &str| format!("{name}-{algorithm}{what}");
        add("verdict", &name_of(""), text.as_bytes());
        let layers = unverified::layers(text, Limits::DEFAULT);
        add("cose", &name_of(""), &layers.cose);
        if algorithm == "es256" {
            let deep = |depth: u8, bytes: &[u8]| [&[depth], bytes].concat();
            add(
                "hc1_bytes",
                &name_of("-0-zlib"),
                &deep(0, &layers.compressed),
            );
            add("hc1_bytes", &name_of("-1-cose"), &deep(1, &layers.cose));
            add("hc1_bytes", &name_of("-2-claims"), &deep(2, &layers.claims));
            add("hc1_bytes", &name_of("-3-claims"), &deep(3, &layers.claims));
            let depth = if name == "dvc" { 5 } else { 4 };
            let content = cbor_of(&payload);
            add("hc1_bytes", &name_of("-4-content"), &deep(depth, &content));
            add("cose", &name_of("-claims"), &layers.claims);
            add("cose", &name_of("-content"), &content);
        }
    }
    add("verdict", "empty", b"HC1:");
    add(
        "verdict",
        "other",
        b"shc:/5676290952432060346029243740446031222959532654603460292540",
    );

    add("x509", "csca", world.csca.der());
    add("x509", "dsc", world.dsc.der());
    add("x509", "ed25519-spki", &world.ed25519.spki());
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        base64::encode(world.dsc.der())
    );
    add("x509", "dsc-pem", pem.as_bytes());
    add("x509", "rsa-base64", RSA.as_bytes());
    add("x509", "request", request_of(&world.ed25519).der());
    add("x509", "revocation-list", revocation_list().der());

    let (kid, der) = (world.dsc.kid().to_string(), base64::encode(world.dsc.der()));
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "YmFyZQ==",
        "x": base64::encode_url(&world.ed25519.spki()[12..]) });
    let method = |jwk: &Value| {
        json!({ "id": format!("did:web:example:VN#{kid}"),
        "type": "JsonWebKey2020", "controller": "did:web:example", "publicKeyJwk": jwk })
    };
    let mut kid_map = serde_json::Map::new();
    kid_map.insert(kid.clone(), json!(der));
    let batch = json!({ "country": "VN", "expires": "2027-01-01T00:00:00Z", "kid": kid,
        "hashType": "UCI", "entries": [{ "hash": "AAECAwQFBgcICQoLDA0ODw==" }] });
    for (name, document) in [
        ("kid-map", Value::Object(kid_map)),
        (
            "jwks",
            json!({ "keys": [jwk, { "kty": "EC", "x5c": [der] }] }),
        ),
        (
            "did",
            json!({ "id": "did:web:example",
            "verificationMethod": [method(&jwk), method(&json!({ "kty": "EC", "x5c": [der] }))] }),
        ),
        (
            "gateway",
            json!([{ "kid": kid, "rawData": der, "certificateType": "DSC" }]),
        ),
        ("revocation", batch),
    ] {
        add("trust_json", name, document.to_string().as_bytes());
    }

    for (name, logic) in [
        (
            "complete",
            json!({ ">=": [{ "var": "payload.v.0.dn" }, { "var": "payload.v.0.sd" }] }),
        ),
        (
            "fresh",
            json!({ "if": [{ "var": "payload.t.0" }, { "before": [
            { "plusTime": [{ "var": "external.validationClock" }, 0, "day"] },
            { "plusTime": [{ "var": "payload.t.0.sc" }, 72, "hour"] },
        ] }, true] }),
        ),
        (
            "uvci",
            json!({ "===": [{ "extractFromUVCI": [{ "var": "payload.v.0.ci" }, 1] }, "VN"] }),
        ),
        (
            "born",
            json!({ "not-after": [
            { "dccDateOfBirth": [{ "var": "payload.dob" }] }, { "plusTime": ["2020-01-01", -12, "year"] },
        ] }),
        ),
        (
            "reduce",
            json!({ "reduce": [{ "var": "payload.v" },
            { "+": [{ "var": "accumulator" }, { "var": "current.dn" }] }, 0] }),
        ),
        (
            "in",
            json!({ "and": [{ "in": [{ "var": "payload.r.0.tg" }, ["840539006"]] },
            { "!": [{ "var": "payload.v" }] }] }),
        ),
    ] {
        let rule = json!({
            "Identifier": "GR-EU-0001", "Type": "Acceptance", "Country": "EU", "Version": "1.0.0",
            "SchemaVersion": "1.0.0", "Engine": "CERTLOGIC", "EngineVersion": "0.7.5",
            "CertificateType": "General", "AffectedFields": ["v.0.dn"],
            "Description": [{ "lang": "en", "desc": "A rule." }],
            "ValidFrom": "2021-06-01T00:00:00Z", "ValidTo": "2030-06-01T00:00:00Z",
            "Logic": logic,
        });
        add(
            "rules",
            name,
            json!({ "rules": [rule] }).to_string().as_bytes(),
        );
    }
    seeds
}
