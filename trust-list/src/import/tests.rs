use hcert::{
    base64,
    keys::{Signer as _, SoftwareKey},
    limits::Limits,
    pem,
    time::Timestamp,
    x509::{
        Certificate,
        make::{self, Period, Subject},
    },
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::*;

fn key(secret: u8) -> SoftwareKey {
    SoftwareKey::es256(&Zeroizing::new([secret; 32])).unwrap()
}

fn certificate(country: &str, secret: u8) -> Certificate {
    let subject = Subject {
        common_name: "CSCA",
        country,
        organisation: None,
    };
    let period = Period {
        not_before: Timestamp::saturating(1_700_000_000),
        not_after: Timestamp::saturating(1_800_000_000),
    };
    make::csca(&subject, period, [secret; 16], &key(secret)).unwrap()
}

fn listing(document: &Value) -> Listing {
    read(document.to_string().as_bytes(), &Limits::DEFAULT).unwrap()
}

#[test]
fn every_form_is_told_by_its_content() {
    let certificate = certificate("VN", 1);
    let (der, spki) = (certificate.der(), key(2).spki());
    let (text, kid) = (base64::encode(der), certificate.kid().to_string());
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519",
        "x": base64::encode_url(&SoftwareKey::eddsa(&Zeroizing::new([3; 32])).spki()[12..]) });
    let pem = pem::encode("CERTIFICATE", der) + &pem::encode("PUBLIC KEY", &spki);
    let json = |value: Value| value.to_string().into_bytes();
    for (bytes, form, count) in [
        (der.to_vec(), Form::Der, 1),
        (spki.clone(), Form::Der, 1),
        (text.clone().into_bytes(), Form::Pem, 1),
        (pem.into_bytes(), Form::Pem, 2),
        (json(json!({ kid.clone(): text })), Form::KidMap, 1),
        (json(json!({ kid.clone(): [text, text] })), Form::KidMap, 2),
        (json(jwk.clone()), Form::Jwks, 1),
        (
            json(json!({ "keys": [jwk, { "x5c": [text] }] })),
            Form::Jwks,
            2,
        ),
        (
            json(json!([{ "rawData": text }, text, jwk])),
            Form::Gateway,
            3,
        ),
        (
            json(json!({ "certificates": [{ "rawData": text }] })),
            Form::Gateway,
            1,
        ),
        (
            json(json!({ "verificationMethod": [] })),
            Form::DidDocument,
            0,
        ),
        (json(json!({ "hashType": "UCI" })), Form::Revocation, 0),
        (json(json!([{ "hashType": "UCI" }])), Form::Revocation, 0),
    ] {
        let listing = read(&bytes, &Limits::DEFAULT).unwrap();
        assert_eq!((listing.form, listing.keys.len()), (form, count));
        assert_eq!(listing.refused, []);
        assert_eq!(listing.batches.len(), usize::from(form == Form::Revocation));
    }
}

#[test]
fn what_is_no_list() {
    let small = Limits {
        trust_file_bytes: 8,
        ..Limits::DEFAULT
    };
    let private = pem::encode("PRIVATE KEY", key(1).to_pkcs8().unwrap().as_bytes());
    let deep = "[".repeat(100_000);
    for (bytes, error) in [
        (&b" \n"[..], FileError::Empty),
        (b"123456789", FileError::TooLarge { limit: 8 }),
        (b"123456", FileError::Unrecognised),
        (b"\xff\xfe", FileError::Unrecognised),
        (b"{}", FileError::Unrecognised),
        (b"[1]", FileError::Unrecognised),
        (b"[[]]", FileError::Unrecognised),
        (private.as_bytes(), FileError::PrivateKey),
    ] {
        let limits = match error {
            FileError::TooLarge { .. } => small,
            _ => Limits::DEFAULT,
        };
        assert_eq!(read(bytes, &limits).err(), Some(error));
    }
    for text in ["{", "[1e999]", "{\"a\":\"\\ud800\"}", deep.as_str()] {
        let error = read(text.as_bytes(), &Limits::DEFAULT).err();
        assert!(matches!(error, Some(FileError::Json(_))), "{error:?}");
    }
}

/// The EU's gateway exchanges upload and TLS certificates in the same shape as signers.
#[test]
fn a_list_of_upload_certificates_is_none_of_signers() {
    let text = base64::encode(certificate("VN", 1).der());
    for (word, role) in [
        ("DSC", Role::Signer),
        ("CSCA", Role::Authority),
        ("UPLOAD", Role::Other("UPLOAD".into())),
        ("AUTHENTICATION", Role::Other("AUTHENTICATION".into())),
    ] {
        let entry = json!([{ "rawData": text, "certificateType": word, "country": "vn" }]);
        let found = &listing(&entry).keys[0];
        assert_eq!((&found.role, found.country.as_deref()), (&role, Some("VN")));
    }
}

#[test]
fn what_an_entry_of_the_network_says() {
    let certificate = certificate("PT", 1);
    let x5c = [
        base64::encode(certificate.der()),
        base64::encode(certificate.der()),
    ];
    let id = "did:web:tng-cdn.who.int:v2:trustlist:DCC:PRT:DSC#AAECAwQFBgc=";
    let listing = listing(&json!({
        "id": "did:web:tng-cdn.who.int:v2:trustlist",
        "verificationMethod": [
            { "id": id, "publicKeyJwk": { "x5c": x5c }, "keyusage": { "code": "#DSC" } },
            { "id": "did:web:tng-cdn.who.int:trustlist:prt#!!", "publicKeyJwk": { "x5c": x5c } },
            { "id": id.replace("DSC", "DECA"), "publicKeyJwk": { "x5c": x5c } },
            "did:web:tng-cdn.who.int:v2:trustlist:DCC:SGP",
            { "id": "did:web:a#b" },
            7,
        ],
    }));
    let [first, old, deca] = &listing.keys[..] else {
        panic!("{:?}", listing.keys);
    };
    assert_eq!(first.entry, id);
    assert_eq!(first.kid().unwrap().as_bytes(), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(first.domain.as_deref(), Some("DCC"));
    assert_eq!(first.participant.as_deref(), Some("PRT"));
    assert_eq!(first.country.as_deref(), Some("PT"));
    assert_eq!((&first.role, first.above.len()), (&Role::Signer, 1));
    assert_eq!(old.kid(), Some(certificate.kid()));
    assert_eq!(old.participant.as_deref(), Some("PRT"));
    assert_eq!((&old.role, &old.domain), (&Role::Authority, &None));
    assert_eq!(deca.role, Role::Other("DECA".into()));
    assert_eq!(
        listing.links,
        ["did:web:tng-cdn.who.int:v2:trustlist:DCC:SGP"]
    );
    let refused: Vec<_> = listing
        .refused
        .iter()
        .map(|refused| refused.entry.as_str())
        .collect();
    assert_eq!(refused, ["did:web:a#b", "entry 6"]);
}

/// The shape of New Zealand's documents: the kid in a message is the fragment as text, and only
/// an assertion method may sign.
#[test]
fn a_document_of_an_issuers_own() {
    let point = &key(1).spki()[27..];
    let jwk = json!({ "kty": "EC", "crv": "P-256",
        "x": base64::encode_url(&point[..32]), "y": base64::encode_url(&point[32..]) });
    let document = |named: &str| {
        json!({ "id": "did:web:example.org", "assertionMethod": [named],
            "verificationMethod": [{ "id": "did:web:example.org#key-001", "publicKeyJwk": jwk }] })
    };
    for (named, role) in [
        ("did:web:example.org#key-001", Role::Signer),
        ("#key-001", Role::Signer),
        (
            "did:web:example.org#key-002",
            Role::Other("not an assertion method".into()),
        ),
    ] {
        let found = &listing(&document(named)).keys[0];
        assert_eq!(found.role, role, "{named}");
        assert_eq!(found.kid().unwrap().as_bytes(), b"key-001");
        assert_eq!(found.issuer.as_deref(), Some("did:web:example.org"));
    }
}

#[test]
fn identifiers_of_every_kind() {
    let url = DidUrl::parse("did:web:h:v2:trustlist-ref:-:OMN:SCA#a#b=");
    assert_eq!((url.host, url.is_trust_list), (Some("h"), true));
    assert_eq!(
        (url.domain, url.participant, url.usage),
        (Some("-"), Some("OMN"), Some("SCA"))
    );
    assert_eq!(url.fragment, Some("a#b="));
    for other in [
        "",
        "#",
        "did:key:z6Mk",
        "did:web:",
        "did:web:h:v2",
        "https://h/trustlist",
    ] {
        assert!(!DidUrl::parse(other).is_trust_list, "{other}");
    }
}

#[test]
fn coordinates_with_too_many_and_too_few_zeros() {
    let point = &key(1).spki()[27..];
    let (x, y) = point.split_at(32);
    let long = [&[0, 0], x].concat();
    for x in [x, &long] {
        let jwk = json!({ "kty": "EC", "crv": "P-256",
            "x": base64::encode_url(x), "y": base64::encode_url(y) });
        assert_eq!(jwk_key(&jwk).unwrap().spki(), key(1).spki());
    }
    let wide = json!({ "kty": "EC", "crv": "P-256", "x": "AQ".repeat(30), "y": "AA" });
    assert!(jwk_key(&wide).is_err());
    for broken in [
        json!({}),
        json!(7),
        json!({ "kty": "EC" }),
        json!({ "kty": "RSA", "n": 1 }),
    ] {
        assert!(jwk_key(&broken).is_err());
    }
}
