use hcert::{
    base64, cose,
    keys::{PublicKey, Signer as _, SoftwareKey},
    kid::Kid,
    limits::Limits,
    pem,
    time::Timestamp,
    x509::{Certificate, EventKind, make},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use trust_exchange::{
    ImportError, Imported, ProofError, Vouch, austrian, cms, folder, gateway, german, health_cards,
    jwks, swiss,
};
use trust_list::import::{FileError, Form, Role};
use zeroize::Zeroizing;

use crate::made::{
    DAY, NOW, base64_of, csca, days, der_of, dsc, jws, jws_with, key, now, pin, subject,
};

const LIMITS: &Limits = &Limits::DEFAULT;

fn signer() -> Certificate {
    dsc("VN", 2, 1, days(10, 300))
}

fn proof_error(result: Result<Imported, ImportError>) -> ProofError {
    match result {
        Err(ImportError::Proof { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

fn gateway_entry(certificate: &Certificate, kind: &str) -> Value {
    let thumbprint: String = Sha256::digest(certificate.der())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    json!({
        "kid": certificate.kid().to_string(), "timestamp": "2026-05-01T00:00:00Z",
        "country": "VN", "certificateType": kind, "thumbprint": thumbprint,
        "rawData": base64_of(certificate), "signature": "",
    })
}

fn german_list(json: &str, secret: u8) -> Vec<u8> {
    let signature = der_of(&key(secret).sign(json.trim().as_bytes()).unwrap());
    format!("{}\n{json}\n", base64::encode(&signature)).into_bytes()
}

#[test]
fn german() {
    let entries = json!({ "certificates": [gateway_entry(&signer(), "DSC")] }).to_string();
    let list = german_list(&entries, 5);
    let imported = german::read(&list, Some(&pin(5)), LIMITS).unwrap();
    assert!(matches!(imported.vouch, Vouch::Proof { at: None, .. }));
    assert_eq!(imported.listing.form, Form::German);
    assert_eq!(imported.listing.keys[0].kid(), Some(signer().kid()));
    assert_eq!(imported.listing.keys[0].role, Role::Signer);
    assert_eq!(
        german::read(&list, None, LIMITS).unwrap().vouch,
        Vouch::Operator
    );

    let changed = String::from_utf8(list.clone())
        .unwrap()
        .replace("2026-05", "2026-06");
    let with = |bytes: &[u8]| german::read(bytes, Some(&pin(5)), LIMITS);
    assert_eq!(proof_error(with(changed.as_bytes())), ProofError::Signature);
    assert_eq!(
        proof_error(with(&german_list(&entries, 6))),
        ProofError::Signature
    );
    let unsigned = format!("!\n{entries}");
    assert!(matches!(
        proof_error(with(unsigned.as_bytes())),
        ProofError::Unreadable(_)
    ));
    for broken in [entries.as_bytes(), b"", b"\xff\n{}"] {
        assert!(
            matches!(with(broken), Err(ImportError::Form { .. })),
            "{broken:?}"
        );
    }
    assert!(matches!(
        german::read(b"AA\n{", None, LIMITS),
        Err(ImportError::File(FileError::Json(_)))
    ));
    assert!(matches!(
        german::read(b"AA\n{}", None, LIMITS),
        Err(ImportError::Form { .. })
    ));
}

fn swiss_signer() -> (Certificate, Certificate) {
    let root = csca("CH", 3);
    let leaf = make::dsc(
        &subject("SIGN", "CH"),
        days(10, 300),
        [4; 16],
        &key(4).spki(),
        &[],
        (&root, &key(3)),
    );
    (root, leaf.unwrap())
}

#[test]
fn swiss() {
    let (root, leaf) = swiss_signer();
    let point = key(2).spki();
    let entry = |kid: &str| {
        json!({ "keyId": kid, "use": "sig", "alg": "ES256", "crv": "P-256",
            "x": base64::encode(&point[27..59]), "y": base64::encode(&point[59..]) })
    };
    let rsa = json!({ "keyId": "AAECAwQFBgg=", "alg": "RS256", "n": "AQ==", "e": "AQAB" });
    let ios = json!({ "keyId": "AAECAwQFBgk=", "alg": "ES256", "subjectPublicKeyInfo": base64::encode(&point) });
    let updates = json!({ "certs": [entry("AAECAwQFBgc="), entry("////////"), rsa, ios] });
    let active = json!({ "activeKeyIds": ["AAECAwQFBgc=", "AAECAwQFBgg=", "AAECAwQFBgk=", 7],
        "validDuration": 172_800_000, "upTo": 42 });
    let expected = swiss::Signer {
        root: &root,
        common_name: "SIGN",
    };
    let read = |updates: &str, active: &str, signer| {
        swiss::read(
            &[updates.as_bytes()],
            active.as_bytes(),
            signer,
            now(),
            LIMITS,
        )
    };
    let (signed, list) = (jws(&updates, &[&leaf], 4), jws(&active, &[&leaf, &root], 4));
    let imported = read(&signed, &list, Some(expected)).unwrap();
    assert!(matches!(&imported.vouch, Vouch::Proof { signer, .. } if signer.contains("CN=SIGN")));
    let kids: Vec<_> = imported
        .listing
        .keys
        .iter()
        .map(|key| key.entry.as_str())
        .collect();
    assert_eq!(kids, ["AAECAwQFBgc=", "AAECAwQFBgk="]);
    let refused: Vec<_> = imported
        .listing
        .refused
        .iter()
        .map(|refused| refused.entry.as_str())
        .collect();
    assert_eq!(refused, ["////////", "AAECAwQFBgg="]);

    // Without a signer, a JWS is read unchecked, and plain JSON too.
    assert_eq!(read(&signed, &list, None).unwrap().vouch, Vouch::Operator);
    assert_eq!(
        read(&updates.to_string(), &active.to_string(), None)
            .unwrap()
            .vouch,
        Vouch::Operator
    );

    // One unsigned part is enough to fail.
    assert_eq!(
        proof_error(read(&updates.to_string(), &list, Some(expected))),
        ProofError::Missing
    );
    assert_eq!(
        proof_error(read(&signed, &active.to_string(), Some(expected))),
        ProofError::Missing
    );
    let forged = jws(&updates, &[&leaf], 5);
    assert_eq!(
        proof_error(read(&forged, &list, Some(expected))),
        ProofError::Signature
    );
    let other = swiss::Signer {
        common_name: "SIGN-TEST",
        ..expected
    };
    assert!(matches!(
        proof_error(read(&signed, &list, Some(other))),
        ProofError::Signer(_)
    ));
    let foreign = csca("CH", 6);
    let other = swiss::Signer {
        root: &foreign,
        ..expected
    };
    assert!(matches!(
        proof_error(read(&signed, &list, Some(other))),
        ProofError::Signer(_)
    ));
    for chain in [&[][..], &[&root]] {
        let alone = jws(&active, chain, 3);
        assert!(matches!(
            proof_error(read(&signed, &alone, Some(expected))),
            ProofError::Signer(_)
        ));
    }
    // A name that reads like two.
    let double = make::dsc(
        &subject("x,CN=SIGN", "CH"),
        days(10, 300),
        [5; 16],
        &key(4).spki(),
        &[],
        (&root, &key(3)),
    );
    let double = jws(&active, &[&double.unwrap()], 4);
    assert!(matches!(
        proof_error(read(&signed, &double, Some(expected))),
        ProofError::Signer(_)
    ));
    // The root signs certificates, not lists, whatever its name.
    let rooted = swiss::Signer {
        common_name: "CSCA",
        ..expected
    };
    let by_root = jws(&active, &[&root], 3);
    assert!(matches!(
        proof_error(read(&by_root, &by_root, Some(rooted))),
        ProofError::Signer(_)
    ));
    for (name, value) in [
        ("crit", json!(["x"])),
        ("alg", json!("none")),
        ("alg", json!("HS256")),
    ] {
        let mut header = json!({ "alg": "ES256", "x5c": [base64_of(&leaf)] });
        header[name] = value;
        let odd = jws_with(&header, &active, 4);
        let error = proof_error(read(&signed, &odd, Some(expected)));
        assert!(
            matches!(error, ProofError::Unreadable(_) | ProofError::Algorithm(_)),
            "{name}: {error:?}"
        );
    }
    let late = Timestamp::saturating(NOW + 400 * DAY);
    let late = swiss::read(
        &[signed.as_bytes()],
        list.as_bytes(),
        Some(expected),
        late,
        LIMITS,
    );
    assert!(matches!(proof_error(late), ProofError::Signer(_)));
    for (updates, active) in [("{}", list.as_str()), (signed.as_str(), "{}")] {
        assert!(matches!(
            read(updates, active, None),
            Err(ImportError::Form { .. })
        ));
    }
}

fn austrian_content(indefinite: bool) -> Vec<u8> {
    let certificate = signer();
    let mut encoder = minicbor::Encoder::new(Vec::new());
    if indefinite {
        encoder
            .begin_map()
            .unwrap()
            .str("c")
            .unwrap()
            .begin_array()
            .unwrap();
    } else {
        encoder.map(1).unwrap().str("c").unwrap().array(3).unwrap();
    }
    encoder
        .map(2)
        .unwrap()
        .str("i")
        .unwrap()
        .bytes(certificate.kid().as_bytes())
        .unwrap();
    encoder.str("c").unwrap().bytes(certificate.der()).unwrap();
    encoder
        .map(1)
        .unwrap()
        .str("c")
        .unwrap()
        .bytes(b"no certificate")
        .unwrap();
    encoder
        .map(1)
        .unwrap()
        .str("i")
        .unwrap()
        .bytes(b"alone")
        .unwrap();
    if indefinite {
        encoder.end().unwrap().end().unwrap();
    }
    encoder.into_writer()
}

fn austrian_signature(content: &[u8], secret: u8, parts: [bool; 3]) -> Vec<u8> {
    let mut encoder = minicbor::Encoder::new(Vec::new());
    let count = parts.iter().filter(|part| **part).count();
    encoder.map(u64::try_from(count).unwrap()).unwrap();
    if parts[0] {
        encoder
            .i64(2)
            .unwrap()
            .bytes(&Sha256::digest(content))
            .unwrap();
    }
    if parts[1] {
        encoder.i64(4).unwrap().i64(NOW + 2 * DAY).unwrap();
    }
    if parts[2] {
        encoder.i64(5).unwrap().i64(NOW).unwrap();
    }
    cose::sign(
        encoder.into_writer(),
        &key(secret),
        &Kid::from_bytes(b"12345678"),
    )
    .unwrap()
}

#[test]
fn austrian() {
    let all = [true; 3];
    for indefinite in [false, true] {
        let content = austrian_content(indefinite);
        let signature = austrian_signature(&content, 5, all);
        let imported = austrian::read(&content, &signature, Some(&pin(5)), now(), LIMITS).unwrap();
        assert!(matches!(imported.vouch, Vouch::Proof { at: Some(at), .. } if at == now()));
        assert_eq!(imported.listing.keys.len(), 1);
        assert_eq!(imported.listing.refused.len(), 2);
    }
    let content = austrian_content(false);
    let signature = austrian_signature(&content, 5, all);
    let read = |content: &[u8], signature: &[u8], after: i64| {
        let at = Timestamp::saturating(NOW + after);
        austrian::read(content, signature, Some(&pin(5)), at, LIMITS)
    };
    assert_eq!(
        austrian::read(&content, b"", None, now(), LIMITS)
            .unwrap()
            .vouch,
        Vouch::Operator
    );
    assert!(
        read(&content, &signature, -300).is_ok()
            && read(&content, &signature, 2 * DAY + 300).is_ok()
    );
    assert!(matches!(
        proof_error(read(&content, &signature, -301)),
        ProofError::NotYet { .. }
    ));
    assert!(matches!(
        proof_error(read(&content, &signature, 2 * DAY + 301)),
        ProofError::Expired { .. }
    ));
    assert_eq!(
        proof_error(read(&austrian_content(true), &signature, 0)),
        ProofError::OtherContent
    );
    let forged = austrian_signature(&content, 6, all);
    assert_eq!(
        proof_error(read(&content, &forged, 0)),
        ProofError::Signature
    );
    for missing in 0..3 {
        let mut parts = all;
        parts[missing] = false;
        let signature = austrian_signature(&content, 5, parts);
        assert!(matches!(
            proof_error(read(&content, &signature, 0)),
            ProofError::Unreadable(_)
        ));
    }
    let eddsa = SoftwareKey::eddsa(&Zeroizing::new([5; 32]));
    let other = cose::sign(Vec::new(), &eddsa, &Kid::from_bytes(b"1")).unwrap();
    assert!(matches!(
        proof_error(read(&content, &other, 0)),
        ProofError::Algorithm(_)
    ));
    for broken in [
        &b""[..],
        b"\xa0",
        b"\xa1\x61c\x9f",
        b"\xa1\x61c\x81\x01",
        b"\xa1\x61c\x80\x00",
        b"\xa1\x61c\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
    ] {
        let error = austrian::read(broken, b"", None, now(), LIMITS);
        assert!(matches!(error, Err(ImportError::Form { .. })), "{broken:?}");
    }
}

#[test]
fn gateway_entries_are_checked_one_by_one() {
    let (anchor, upload) = (csca("EU", 7), csca("VN", 8));
    let entry = |certificate: &Certificate, kind: &str, by: &Certificate, secret: u8| {
        let mut entry = gateway_entry(certificate, kind);
        let signed = (by, &key(secret) as &dyn hcert::keys::Signer);
        let signature = cms::sign(cms::DATA, certificate.der(), signed, now()).unwrap();
        entry["signature"] = base64::encode(&signature).into();
        entry
    };
    let signers = gateway::Signers {
        anchor: Some(&anchor),
        upload: core::slice::from_ref(&upload),
    };
    let read = |entry: &Value| {
        let bytes = json!([entry]).to_string();
        gateway::read(bytes.as_bytes(), &signers, LIMITS)
            .unwrap()
            .listing
    };
    let (csca, dsc) = (csca("VN", 1), signer());
    assert_eq!(read(&entry(&dsc, "DSC", &upload, 8)).keys.len(), 1);
    assert_eq!(read(&entry(&csca, "CSCA", &anchor, 7)).keys.len(), 1);
    let mut foreign = entry(&dsc, "DSC", &upload, 8);
    foreign["country"] = "SG".into();
    let mut print = entry(&dsc, "DSC", &upload, 8);
    print["thumbprint"] = "00".into();
    for (entry, why) in [
        // The anchor does not speak for signers, nor an upload certificate for authorities.
        (entry(&dsc, "DSC", &anchor, 7), "does not match"),
        (entry(&csca, "CSCA", &upload, 8), "does not match"),
        (entry(&csca, "UPLOAD", &upload, 8), "does not match"),
        (foreign, "no signer is known"),
        (print, "fingerprint"),
        (gateway_entry(&dsc, "DSC"), "no readable signature"),
    ] {
        let listing = read(&entry);
        assert_eq!(listing.keys.len(), 0, "{why}");
        assert!(
            listing.refused[0].why.contains(why),
            "{:?}",
            listing.refused
        );
    }
    // Nobody to check with: the operator vouches, but the fingerprint still has to agree.
    let list = json!({ "certificates": [gateway_entry(&dsc, "DSC")] }).to_string();
    let imported = gateway::read(list.as_bytes(), &gateway::Signers::default(), LIMITS).unwrap();
    assert_eq!(
        (imported.vouch, imported.listing.keys.len()),
        (Vouch::Operator, 1)
    );
    for broken in ["{}", "7", "\"\""] {
        assert!(gateway::read(broken.as_bytes(), &signers, LIMITS).is_err());
    }
}

#[test]
fn keys_of_health_cards_count_for_their_issuer() {
    let jwk = jwks::of_key(&PublicKey::from_spki(&key(2).spki()).unwrap()).unwrap();
    let named = |kid: &str| {
        let mut jwk = jwk.clone();
        jwk.insert("kid".into(), kid.into());
        Value::Object(jwk)
    };
    let bad = |name: &str, value: &str| {
        let mut jwk = named("bad");
        jwk[name] = value.into();
        jwk
    };
    let list = json!({ "directory": "https://d", "time": "2026-01-01T00:00:00Z", "issuerInfo": [
        { "issuer": { "iss": "https://a" }, "keys": [named("AAAA"), bad("use", "enc"), bad("alg", "ES384"), bad("kty", "RSA")] },
        { "issuer": { "iss": "https://b" }, "keys": [named("AAAA"), { "kid": "x", "kty": "EC" }] },
        { "issuer": {}, "keys": [named("AAAA")] },
        { "issuer": { "iss": "https://c" } },
    ] });
    let listing = health_cards::directory(list.to_string().as_bytes(), LIMITS)
        .unwrap()
        .listing;
    let issuers: Vec<_> = listing
        .keys
        .iter()
        .map(|key| key.issuer.as_deref().unwrap())
        .collect();
    assert_eq!(issuers, ["https://a", "https://b"]);
    assert!(
        listing
            .keys
            .iter()
            .all(|key| key.domain.as_deref() == Some("SHC"))
    );
    assert_eq!(listing.refused.len(), 5);
    let one = json!({ "keys": [named("AAAA")] }).to_string();
    let listing = health_cards::issuer(one.as_bytes(), Some("https://a"), LIMITS)
        .unwrap()
        .listing;
    assert_eq!(listing.keys[0].issuer.as_deref(), Some("https://a"));
    assert!(health_cards::directory(one.as_bytes(), LIMITS).is_err());
    assert!(health_cards::issuer(b"[]", None, LIMITS).is_err());
}

#[test]
fn a_folder_of_files() {
    let (csca, dsc) = (csca("VN", 1), signer());
    let private = pem::encode("PRIVATE KEY", key(1).to_pkcs8().unwrap().as_bytes());
    let several = pem::encode("CERTIFICATE", dsc.der()) + &pem::encode("CERTIFICATE", b"x");
    let files: [(&str, &[u8]); 5] = [
        ("CSCA/DCC/VN/a.der", csca.der()),
        ("DSC/DCC/VN/b.pem", several.as_bytes()),
        ("UP/up.der", dsc.der()),
        ("key.pem", private.as_bytes()),
        ("readme.txt", b"hello"),
    ];
    let listing = folder::read(files, LIMITS).listing;
    let found: Vec<_> = listing
        .keys
        .iter()
        .map(|key| (key.entry.as_str(), key.role.clone()))
        .collect();
    assert_eq!(
        found,
        [
            ("CSCA/DCC/VN/a.der", Role::Authority),
            ("DSC/DCC/VN/b.pem, block 1", Role::Signer),
            ("UP/up.der", Role::Other("UP".into())),
        ]
    );
    let refused: Vec<_> = listing
        .refused
        .iter()
        .map(|refused| refused.entry.as_str())
        .collect();
    assert_eq!(
        refused,
        ["DSC/DCC/VN/b.pem, block 2", "key.pem", "readme.txt"]
    );
}

#[test]
fn our_own_keys_as_jwks() {
    let (csca, dsc) = (csca("VN", 1), signer());
    let eddsa = SoftwareKey::eddsa(&Zeroizing::new([6; 32]));
    let national = make::dsc(
        &subject("DSC", "VN"),
        days(1, 10),
        [6; 16],
        &eddsa.spki(),
        &[EventKind::Test],
        (&csca, &key(1)),
    );
    let national = national.unwrap();
    let set = jwks::export([(&dsc, Some(&csca)), (&national, None)]).unwrap();
    let listing = trust_list::import::read(set.to_string().as_bytes(), LIMITS).unwrap();
    assert_eq!((listing.form, listing.keys.len()), (Form::Jwks, 2));
    for (found, own) in listing.keys.iter().zip([&dsc, &national]) {
        assert_eq!(found.certificate().unwrap().der(), own.der());
        assert_eq!(found.kid(), Some(own.kid()));
    }
    // The numbers alone are the same keys.
    for (jwk, own) in set["keys"]
        .as_array()
        .unwrap()
        .iter()
        .zip([&dsc, &national])
    {
        assert_eq!(
            trust_list::import::jwk_key(jwk).unwrap().spki(),
            own.spki().unwrap()
        );
    }
}
