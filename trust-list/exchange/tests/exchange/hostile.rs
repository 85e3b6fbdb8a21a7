//! What nobody should send: every reader ends, with an error or with refusals, and without a key.

use std::sync::LazyLock;

use hcert::{limits::Limits, x509::Certificate};
use proptest::prelude::*;
use serde_json::{Value, json};
use trust_exchange::{
    ImportError, Imported, Pin, austrian, cms::Message, did, folder, gateway, german, health_cards,
    join, master_list, swiss, unsigned,
};
use trust_list::import::FileError;

use crate::made::{base64_of, csca, days, dsc, jws, key, now, pin};

type Reader = (
    &'static str,
    fn(&[u8], &Limits) -> Result<Imported, ImportError>,
);

/// Making a key takes longer than most readings.
static ANCHOR: LazyLock<Certificate> = LazyLock::new(|| csca("EU", 7));
static UPLOAD: LazyLock<Certificate> = LazyLock::new(|| csca("VN", 8));
static PIN: LazyLock<Pin> = LazyLock::new(|| pin(9));

/// Every reader of one file, without and with a key to check with.
const READERS: [Reader; 14] = [
    ("unsigned", |bytes, limits| unsigned(bytes, limits)),
    ("did", |bytes, limits| {
        did::read(bytes, &[], None, now(), limits)
    }),
    ("did, pinned", |bytes, limits| {
        did::read(bytes, &[], Some(&PIN), now(), limits)
    }),
    ("did, linked", |bytes, limits| {
        did::read(bytes, &[bytes, bytes], None, now(), limits)
    }),
    ("gateway", |bytes, limits| {
        gateway::read(bytes, &gateway::Signers::default(), limits)
    }),
    ("gateway, pinned", |bytes, limits| {
        let signers = gateway::Signers {
            anchor: Some(&ANCHOR),
            upload: core::slice::from_ref(&UPLOAD),
        };
        gateway::read(bytes, &signers, limits)
    }),
    ("german", |bytes, limits| german::read(bytes, None, limits)),
    ("german, pinned", |bytes, limits| {
        german::read(bytes, Some(&PIN), limits)
    }),
    ("swiss", |bytes, limits| {
        swiss::read(&[bytes], bytes, None, now(), limits)
    }),
    ("swiss, pinned", |bytes, limits| {
        let signer = swiss::Signer {
            root: &ANCHOR,
            common_name: "SIGN",
        };
        swiss::read(&[bytes], bytes, Some(signer), now(), limits)
    }),
    ("austrian", |bytes, limits| {
        austrian::read(bytes, bytes, None, now(), limits)
    }),
    ("austrian, pinned", |bytes, limits| {
        austrian::read(bytes, bytes, Some(&PIN), now(), limits)
    }),
    ("health cards", |bytes, limits| {
        health_cards::directory(bytes, limits)
    }),
    ("master list", |bytes, limits| {
        master_list::read(bytes, None, now(), limits)
    }),
];

/// Keys that any reader finds.
fn found(bytes: &[u8]) -> Vec<(&'static str, usize)> {
    let mut found = Vec::new();
    for (name, read) in READERS {
        if let Ok(imported) = read(bytes, &Limits::DEFAULT) {
            found.push((name, imported.listing.keys.len()));
        }
    }
    let files = [("a", bytes), ("DSC/b", bytes)];
    found.push((
        "folder",
        folder::read(files, &Limits::DEFAULT).listing.keys.len(),
    ));
    let _ = Message::parse(bytes);
    let _ = Pin::from_file(bytes, &Limits::DEFAULT);
    found
}

fn certificate() -> Certificate {
    dsc("VN", 2, 1, days(10, 300))
}

/// One good example of each form.
fn examples() -> Vec<(&'static str, Vec<u8>)> {
    let (csca, dsc) = (csca("VN", 1), certificate());
    let entries = [did::Entry {
        certificate: &dsc,
        authority: Some(&csca),
    }];
    let place = did::Place {
        host: "h",
        domain: "DCC",
        participant: "VNM",
    };
    let document = did::export(&place, &entries, ("did:web:s", &key(9)), now(), "n").unwrap();
    let gateway =
        json!([{ "kid": dsc.kid().to_string(), "rawData": base64_of(&dsc), "country": "VN" }]);
    let list = json!({ "activeKeyIds": ["AAAA"], "certs": [{ "keyId": "AAAA" }] });
    let content = crate::made::tlv(0x30, &[&[2, 1, 0], &crate::made::tlv(0x31, &[csca.der()])]);
    let signer = (&csca, &key(1) as &dyn hcert::keys::Signer);
    vec![
        ("did", document.to_string().into_bytes()),
        ("gateway", gateway.to_string().into_bytes()),
        (
            "german",
            format!("MAA=\n{}", json!({ "certificates": gateway })).into_bytes(),
        ),
        ("swiss", jws(&list, &[&dsc], 2).into_bytes()),
        (
            "health-cards",
            json!({ "issuerInfo": [{ "issuer": { "iss": "a" }, "keys": [{}] }] })
                .to_string()
                .into_bytes(),
        ),
        (
            "master-list",
            trust_exchange::cms::sign(master_list::CONTENT_TYPE, &content, signer, now()).unwrap(),
        ),
        ("der", dsc.der().to_vec()),
    ]
}

#[test]
fn cut_at_every_length() {
    for (name, example) in examples() {
        for length in 0..example.len() {
            let keys = found(&example[..length]);
            // A list in the German form is whole without its last line end; nothing else is.
            assert!(
                keys.iter().all(|(_, keys)| *keys == 0),
                "{name} {length}: {keys:?}"
            );
        }
    }
}

#[test]
fn nothing_in_it() {
    let deep = |start: &str| start.repeat(200_000).into_bytes();
    let mut cases: Vec<Vec<u8>> = vec![
        vec![],
        vec![0],
        b"\xff\xff".to_vec(),
        b"null".to_vec(),
        b"1e999".to_vec(),
        format!("[{}]", "9".repeat(100_000)).into_bytes(),
        deep("["),
        deep("{\"verificationMethod\":["),
        deep("{\"a\":"),
        deep("\x30\u{7f}"),
        deep("\u{1}"),
        vec![0x30; 100_000],
        vec![0x81; 100_000],
        vec![0x9f; 100_000],
        vec![0xa1; 100_000],
        [0x30, 0x80].repeat(50_000),
        [0x24, 0x80].repeat(50_000),
        b"\xbf\x61c\x9f\xbf".repeat(20_000),
        b"..".to_vec(),
        b"e30.e30.e30".to_vec(),
        b"\n\n\n".to_vec(),
        b"-----BEGIN ".repeat(10_000),
    ];
    for value in [
        json!(null),
        json!(7),
        json!("x"),
        json!([]),
        json!({}),
        json!([[[]]]),
    ] {
        for name in [
            "verificationMethod",
            "keys",
            "certificates",
            "certs",
            "activeKeyIds",
            "issuerInfo",
            "@context",
            "id",
            "proof",
        ] {
            cases.push(json!({ name: value }).to_string().into_bytes());
            cases.push(json!([{ name: value }]).to_string().into_bytes());
            let several = json!({ "verificationMethod": [value], "proof": value, "@context": value, "id": value,
                "activeKeyIds": [value], "certs": [value], "issuerInfo": [value], name: [value] });
            cases.push(several.to_string().into_bytes());
        }
    }
    for case in cases {
        let keys = found(&case);
        let start = &case[..case.len().min(60)];
        assert!(
            keys.iter().all(|(_, keys)| *keys == 0),
            "{start:?}: {keys:?}"
        );
    }
}

#[test]
fn larger_than_allowed() {
    let limits = Limits {
        trust_file_bytes: 10,
        ..Limits::DEFAULT
    };
    for (name, read) in READERS {
        let error = read(&[b'{'; 11], &limits).unwrap_err();
        assert_eq!(
            error,
            ImportError::File(FileError::TooLarge { limit: 10 }),
            "{name}"
        );
    }
    let listing = folder::read([("a", &[b'{'; 11][..])], &limits).listing;
    assert_eq!(listing.refused.len(), 1);
}

/// Members of every type where a reader expects another.
#[test]
fn wrong_types_in_good_lists() {
    let values = [
        json!(null),
        json!(7),
        json!(-1.5),
        json!(""),
        json!("x"),
        json!([]),
        json!({}),
        json!([null]),
    ];
    for (name, example) in examples() {
        let Ok(document) = serde_json::from_slice::<Value>(&example) else {
            continue;
        };
        for pointer in pointers(&document, "") {
            for value in &values {
                let mut document = document.clone();
                *document.pointer_mut(&pointer).unwrap() = value.clone();
                // What may come of it is a key of another country or domain, but no panic.
                let keys = found(document.to_string().as_bytes());
                assert!(keys.iter().all(|(_, keys)| *keys < 3), "{name} {pointer}");
            }
        }
    }
}

fn pointers(value: &Value, at: &str) -> Vec<String> {
    let mut out = vec![at.to_owned()];
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                out.extend(pointers(value, &format!("{at}/{name}")));
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                out.extend(pointers(value, &format!("{at}/{index}")));
            }
        }
        _ => {}
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        found(&bytes);
        let _ = join::check_certificate(join::Template::Sca, &bytes, &join::Question { at: now(), participant: None, authority: None });
    }

    #[test]
    fn good_lists_with_bytes_changed(
        which in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let examples = examples();
        let (_, example) = &examples[which.index(examples.len())];
        let mut changed = example.clone();
        for (place, byte) in &changes {
            let place = place.index(changed.len());
            changed[place] = *byte;
        }
        found(&changed);
        if which.index(examples.len()) == 6 {
            for template in [join::Template::Sca, join::Template::Dsc, join::Template::Tls, join::Template::Upload] {
                let question = join::Question { at: now(), participant: Some("VNM"), authority: Some(&csca("VN", 1)) };
                join::check_certificate(template, &changed, &question);
            }
        }
    }
}
