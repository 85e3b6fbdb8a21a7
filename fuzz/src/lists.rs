//! Lists that an importer is handed: every reader of `trust_exchange`.
//!
//! One list of each form is made here and signed. A list that says that a proof was checked, and
//! holds a key that was not signed here, is a forgery, and panics.

use std::sync::OnceLock;

use hcert::{
    base64, cose,
    keys::{Signer as _, SoftwareKey},
    kid::Kid,
    limits::Limits,
    pem,
    time::Timestamp,
    x509::{
        Certificate,
        make::{self, Period, Subject},
    },
};
use serde_json::{Value, json};
use trust_exchange::{
    ImportError, Imported, Pin, Vouch,
    admission::{Settings, admit},
    austrian,
    cms::{self, Message},
    did, folder, gateway, german, health_cards,
    join::{self, Question, Template},
    master_list, swiss, unsigned,
};

/// 2026-06-01T00:00:00Z, when everything is read.
const NOW: i64 = 1_780_272_000;
const DAY: i64 = 24 * 60 * 60;
const SIGNER: &str = "did:web:trust.example:signing";

struct World {
    csca: Certificate,
    dsc: Certificate,
    pin: Pin,
    /// The DER of what was signed here.
    known: Vec<Vec<u8>>,
}

fn now() -> Timestamp {
    Timestamp::saturating(NOW)
}

/// A P-256 key: PKCS #8 around the secret number alone.
fn key(secret: u8) -> SoftwareKey {
    const START: &[u8] =
        b"\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\
        \x86\x48\xce\x3d\x03\x01\x07\x04\x27\x30\x25\x02\x01\x01\x04\x20";
    SoftwareKey::from_pkcs8(&[START, &[secret; 32]].concat()).expect("a P-256 key")
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let subject = |common_name| Subject {
            common_name,
            country: "VN",
            organisation: None,
        };
        let period = |days| Period {
            not_before: Timestamp::saturating(NOW - days * DAY),
            not_after: Timestamp::saturating(NOW + days * DAY),
        };
        let csca = make::csca(&subject("CSCA"), period(1000), [1; 16], &key(1)).expect("a CSCA");
        let (above, spki) = ((&csca, &key(1) as _), key(2).spki());
        let dsc = make::dsc(&subject("DSC"), period(500), [2; 16], &spki, &[], above);
        let dsc = dsc.expect("a DSC");
        let pin = pem::encode("PUBLIC KEY", &key(1).spki());
        World {
            known: vec![csca.der().to_vec(), dsc.der().to_vec(), spki],
            pin: Pin::from_file(pin.as_bytes(), &Limits::DEFAULT).expect("a key"),
            csca,
            dsc,
        }
    })
}

/// A list whose proof held has no key but those that were signed here.
fn look(result: Result<Imported, ImportError>) {
    match result {
        Err(error) => drop(error.to_string()),
        Ok(imported) => {
            if matches!(imported.vouch, Vouch::Proof { .. }) {
                for key in &imported.listing.keys {
                    let known = world().known.iter().any(|known| known == key.der());
                    assert!(known, "a forged list: {key:?}");
                }
            }
            for settings in [Settings::production(now()), Settings::test(now())] {
                let known = core::slice::from_ref(&world().csca);
                let lists = core::slice::from_ref(&imported.listing);
                let admission = admit(lists, known, &settings);
                let all = admission.admitted.len() + admission.refused.len();
                let listed = imported.listing.keys.len() + imported.listing.refused.len();
                assert_eq!(all, listed, "an entry was lost");
                drop(admission.report.to_string());
            }
        }
    }
}

/// A DID document, by itself, pinned, and linking to itself.
pub fn did_reader(data: &[u8]) {
    let limits = &Limits::DEFAULT;
    look(did::read(data, &[], None, now(), limits));
    look(did::read(data, &[data], Some(&world().pin), now(), limits));
}

/// Every other form; the first byte chooses, so that a change of a list stays in its reader.
pub fn key_list_readers(data: &[u8]) {
    let Some((which, data)) = data.split_first() else {
        return;
    };
    let (world, limits) = (world(), &Limits::DEFAULT);
    let half = data.split_at(data.len() / 2);
    match which % 8 {
        0 => look(unsigned(data, limits)),
        1 => {
            let signers = gateway::Signers {
                anchor: Some(&world.csca),
                upload: core::slice::from_ref(&world.csca),
            };
            look(gateway::read(data, &gateway::Signers::default(), limits));
            look(gateway::read(data, &signers, limits));
        }
        2 => {
            look(german::read(data, None, limits));
            look(german::read(data, Some(&world.pin), limits));
        }
        3 => {
            let signer = swiss::Signer {
                root: &world.csca,
                common_name: "DSC",
            };
            let text = String::from_utf8_lossy(data);
            let (updates, active) = text.split_once('\n').unwrap_or((&text, &text));
            let (updates, active) = (updates.as_bytes(), active.as_bytes());
            look(swiss::read(&[updates], active, None, now(), limits));
            look(swiss::read(&[updates], active, Some(signer), now(), limits));
        }
        4 => {
            // Length of the content, content, signature.
            let parts = data.split_first_chunk().and_then(|(length, rest)| {
                rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
            });
            let (content, signature) = parts.unwrap_or(half);
            look(austrian::read(content, signature, None, now(), limits));
            look(austrian::read(
                content,
                signature,
                Some(&world.pin),
                now(),
                limits,
            ));
        }
        5 => {
            look(health_cards::directory(data, limits));
            look(health_cards::issuer(
                data,
                Some("https://a.example"),
                limits,
            ));
            look(Ok(folder::read([("DSC/a", half.0), ("b", half.1)], limits)));
        }
        6 => {
            look(master_list::read(data, None, now(), limits));
            look(master_list::read(data, Some(&world.csca), now(), limits));
            let _ = Message::parse(data).map(|message| message.check(&world.dsc).map(<[u8]>::len));
            let _ = join::read_upload(&base64::encode(data), &world.csca);
        }
        _ => {
            for template in [
                Template::Sca,
                Template::Dsc,
                Template::Tls,
                Template::Upload,
            ] {
                let question = Question {
                    at: now(),
                    participant: Some("VNM"),
                    authority: Some(&world.csca),
                };
                join::check_certificate(template, data, &question);
            }
            let _ = Pin::from_file(data, limits);
        }
    }
}

/// Runs a target by name.
pub fn run(target: &str, data: &[u8]) {
    match target {
        "did_reader" => did_reader(data),
        "key_list_readers" => key_list_readers(data),
        other => panic!("no target {other}"),
    }
}

/// How many of the seeds hold with the keys of this world. Were there none, no forgery could be
/// told.
pub fn proofs_that_hold() -> usize {
    let (world, limits) = (world(), &Limits::DEFAULT);
    let mut held = 0;
    for (target, name, bytes) in seeds() {
        let result = match (target, name.as_str()) {
            ("did_reader", "embedded") => did::read(&bytes, &[], Some(&world.pin), now(), limits),
            ("key_list_readers", "2-german") => german::read(&bytes[1..], Some(&world.pin), limits),
            ("key_list_readers", "6-master-list") => {
                master_list::read(&bytes[1..], Some(&world.csca), now(), limits)
            }
            _ => continue,
        };
        held += usize::from(matches!(result.expect(&name).vouch, Vouch::Proof { .. }));
    }
    held
}

/// The seeds: target, name, bytes.
pub fn seeds() -> Vec<(&'static str, String, Vec<u8>)> {
    let mut seeds = Vec::new();
    let mut add = |target, name: &str, bytes: &[u8]| {
        seeds.push((target, name.to_owned(), bytes.to_vec()));
    };
    for (name, document) in documents() {
        add("did_reader", name, document.to_string().as_bytes());
    }
    for (name, bytes) in lists() {
        let which = name.as_bytes()[0] - b'0';
        add("key_list_readers", name, &[&[which], &bytes[..]].concat());
    }
    seeds
}

fn documents() -> Vec<(&'static str, Value)> {
    let world = world();
    let (csca, dsc) = (&world.csca, &world.dsc);
    let place = did::Place {
        host: "trust.example",
        domain: "DCC",
        participant: "VNM",
    };
    let signer = || (SIGNER, key(1));
    let (id, secret) = signer();
    let entries = [
        did::Entry {
            certificate: csca,
            authority: None,
        },
        did::Entry {
            certificate: dsc,
            authority: Some(csca),
        },
    ];
    let embedded = did::export(&place, &entries, (id, &secret), now(), "n").expect("a document");
    let mut reference = json!({
        "@context": embedded["@context"],
        "id": "did:web:trust.example:v2:trustlist-ref",
        "verificationMethod": [
            "did:web:trust.example:v2:trustlist-ref",
            "did:web:trust.example:v2:trustlist:DCC:VNM",
            "did:web:trust-dev.example:v2:trustlist",
        ],
    });
    let unsigned = reference.clone();
    reference = did::sign(reference, (id, &secret), now(), "n").expect("a document");
    let mut legacy = embedded.clone();
    legacy["id"] = "did:web:trust.example:trustlist".into();
    legacy["verificationMethod"][0]["id"] = "did:web:trust.example:trustlist:vnm#AAAA".into();
    let own = json!({
        "id": "did:web:issuer.example", "assertionMethod": ["#key-001"],
        "verificationMethod": [{
            "id": "did:web:issuer.example#key-001", "type": "JsonWebKey2020",
            "publicKeyJwk": { "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA" },
        }],
    });
    vec![
        ("embedded", embedded),
        ("reference", reference),
        ("reference-unsigned", unsigned),
        ("legacy", legacy),
        ("own", own),
    ]
}

fn lists() -> Vec<(&'static str, Vec<u8>)> {
    let world = world();
    let (csca, dsc) = (&world.csca, &world.dsc);
    let (kid, der) = (dsc.kid().to_string(), base64::encode(dsc.der()));
    let signed = cms::sign(cms::DATA, dsc.der(), (csca, &key(1)), now()).expect("a message");
    let entry = json!({
        "kid": kid, "country": "VN", "certificateType": "DSC", "rawData": der,
        "signature": base64::encode(&signed),
    });
    let german = json!({ "certificates": [entry] }).to_string();
    let signature = key(1).sign(german.as_bytes()).expect("a signature");
    let german = format!("{}\n{german}", base64::encode(&signature));
    let point = key(2).spki();
    let (x, y) = (
        base64::encode_url(&point[27..59]),
        base64::encode_url(&point[59..]),
    );
    let swiss = [
        json!({ "certs": [{ "keyId": kid, "use": "sig", "alg": "ES256", "crv": "P-256", "x": x, "y": y }] }),
        json!({ "activeKeyIds": [kid], "validDuration": 172_800_000, "upTo": 1 }),
    ];
    let swiss = swiss.map(|part| {
        let part = |value: &Value| {
            base64::encode_url(value.to_string().as_bytes())
                + "."
                + &base64::encode_url(part.to_string().as_bytes())
        };
        let message = part(&json!({ "alg": "ES256", "x5c": [der] }));
        let signature = key(2).sign(message.as_bytes()).expect("a signature");
        format!("{message}.{}", base64::encode_url(&signature))
    });
    // { "c": [{ "i": kid, "c": certificate }] }
    let length = u16::try_from(dsc.der().len()).expect("short").to_be_bytes();
    let content = [
        b"\xa1\x61c\x81\xa2\x61i\x48",
        dsc.kid().as_bytes(),
        b"\x61c\x59",
        &length,
        dsc.der(),
    ]
    .concat();
    let austrian =
        cose::sign(b"\xa0".to_vec(), &key(1), &Kid::from_bytes(b"1")).expect("a message");
    let length = u16::try_from(content.len()).expect("short").to_be_bytes();
    let austrian = [&length[..], &content, &austrian].concat();
    let directory = json!({ "issuerInfo": [{ "issuer": { "iss": "https://a.example" },
        "keys": [{ "kty": "EC", "use": "sig", "alg": "ES256", "crv": "P-256", "kid": "AAAA", "x": x, "y": y }] }] });
    // SEQUENCE { INTEGER 0, SET OF Certificate }
    let length = |extra: usize| {
        u16::try_from(csca.der().len() + extra)
            .expect("short")
            .to_be_bytes()
    };
    let list = [
        b"\x30\x82",
        &length(7)[..],
        b"\x02\x01\x00\x31\x82",
        &length(0),
        csca.der(),
    ]
    .concat();
    let list =
        cms::sign(master_list::CONTENT_TYPE, &list, (csca, &key(1)), now()).expect("a message");
    vec![
        ("0-kid-map", format!("{{\"{kid}\":\"{der}\"}}").into_bytes()),
        ("0-pem", pem::encode("CERTIFICATE", dsc.der()).into_bytes()),
        ("1-gateway", json!([entry]).to_string().into_bytes()),
        ("2-german", german.into_bytes()),
        ("3-swiss", swiss.join("\n").into_bytes()),
        ("4-austrian", austrian),
        ("5-directory", directory.to_string().into_bytes()),
        ("6-master-list", list),
        ("6-upload", signed),
        ("7-csca", csca.der().to_vec()),
        ("7-dsc", dsc.der().to_vec()),
    ]
}
