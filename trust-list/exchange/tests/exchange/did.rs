use hcert::{
    base64,
    keys::{Signer as _, SoftwareKey},
    limits::Limits,
    time::Timestamp,
    x509::Certificate,
};
use serde_json::{Value, json};
use trust_exchange::{
    ImportError, Imported, Pin, PinError, ProofError, Vouch,
    did::{self, Entry, ExportError, Place},
};
use trust_list::import::Role;
use zeroize::Zeroizing;

use crate::made::{NOW, base64_of, csca, days, dsc, key, now, pin};

const SIGNER: &str = "did:web:trust.example:signing";
const SIGNING_KEY: u8 = 9;
const PLACE: Place<'_> = Place {
    host: "trust.example",
    domain: "DCC",
    participant: "VNM",
};

fn certificates() -> (Certificate, Certificate) {
    (csca("VN", 1), dsc("VN", 2, 1, days(10, 300)))
}

fn document() -> Value {
    let (csca, dsc) = certificates();
    let entries = [
        Entry {
            certificate: &csca,
            authority: None,
        },
        Entry {
            certificate: &dsc,
            authority: Some(&csca),
        },
    ];
    let signer = (SIGNER, &key(SIGNING_KEY) as &dyn hcert::keys::Signer);
    did::export(&PLACE, &entries, signer, now(), "nonce").unwrap()
}

fn read_with(
    document: &Value,
    others: &[Value],
    pin: Option<&Pin>,
) -> Result<Imported, ImportError> {
    let bytes: Vec<_> = others
        .iter()
        .map(|other| other.to_string().into_bytes())
        .collect();
    let others: Vec<_> = bytes.iter().map(Vec::as_slice).collect();
    did::read(
        document.to_string().as_bytes(),
        &others,
        pin,
        now(),
        &Limits::DEFAULT,
    )
}

fn read(document: &Value) -> Result<Imported, ImportError> {
    read_with(document, &[], Some(&pin(SIGNING_KEY)))
}

fn proof_error(result: Result<Imported, ImportError>) -> ProofError {
    match result {
        Err(ImportError::Proof { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_we_export_comes_back() {
    let imported = read(&document()).unwrap();
    assert_eq!(
        imported.vouch,
        Vouch::Proof {
            signer: pin(SIGNING_KEY).name(),
            at: Some(now())
        }
    );
    let (csca, dsc) = certificates();
    let [authority, signer] = &imported.listing.keys[..] else {
        panic!("{:?}", imported.listing)
    };
    assert_eq!(authority.certificate().unwrap().der(), csca.der());
    assert_eq!(signer.certificate().unwrap().der(), dsc.der());
    assert_eq!(
        (&authority.role, &signer.role),
        (&Role::Authority, &Role::Signer)
    );
    assert_eq!(signer.kid(), Some(dsc.kid()));
    assert_eq!(signer.above[0].der(), csca.der());
    for key in &imported.listing.keys {
        assert_eq!(key.country.as_deref(), Some("VN"));
        assert_eq!(key.domain.as_deref(), Some("DCC"));
    }
    assert_eq!(imported.listing.refused, []);
}

#[test]
fn without_a_key_the_operator_vouches() {
    let mut document = document();
    document["proof"] = json!(null);
    assert_eq!(
        read_with(&document, &[], None).unwrap().vouch,
        Vouch::Operator
    );
    // With one, nothing less than a proof will do.
    assert_eq!(proof_error(read(&document)), ProofError::Missing);
    document.as_object_mut().unwrap().remove("proof");
    assert_eq!(proof_error(read(&document)), ProofError::Missing);
}

/// Whatever our reader looks at is under the signature.
#[test]
fn every_change_is_noticed() {
    let other = base64_of(&csca("VN", 7));
    let changes: [(&str, Value); 16] = [
        ("/id", "did:web:trust.example:v2:trustlist:DCC:VNX".into()),
        ("/controller", "did:web:elsewhere".into()),
        (
            "/verificationMethod/0/id",
            "did:web:trust.example:v2:trustlist:DCC:VNM:SCA#AAAAAAAAAAA=".into(),
        ),
        (
            "/verificationMethod/0/controller",
            "did:web:elsewhere".into(),
        ),
        ("/verificationMethod/0/publicKeyJwk/x5c/0", other.into()),
        (
            "/verificationMethod/0/publicKeyJwk/kid",
            "AAAAAAAAAAA=".into(),
        ),
        ("/verificationMethod/0/domain/code", "#PH4H".into()),
        ("/verificationMethod/0/participant/code", "#XXA".into()),
        ("/verificationMethod/1/keyusage/code", "#CSCA".into()),
        (
            "/verificationMethod/1/keyusage",
            json!({ "code": "#CSCA", "x": 1 }),
        ),
        (
            "/verificationMethod/1",
            "did:web:trust.example:v2:trustlist".into(),
        ),
        ("/verificationMethod", json!([])),
        ("/proof/nonce", "other".into()),
        ("/proof/created", "2026-05-31T00:00:00Z".into()),
        ("/proof/verificationMethod", "did:web:elsewhere".into()),
        (
            "/@context/2",
            "https://smart.who.int/trust/tng-context/v1-DEV.jsonld".into(),
        ),
    ];
    for (place, value) in changes {
        let mut document = document();
        *document.pointer_mut(place).unwrap() = value;
        let error = proof_error(read(&document));
        assert!(
            matches!(error, ProofError::Signature | ProofError::Uncovered(_)),
            "{place}: {error:?}"
        );
    }
}

/// A proof says nothing of what no context defines; a reader that looks at it all the same could
/// be told anything.
#[test]
fn nothing_is_read_that_is_not_covered() {
    let changes: [(&str, &str, Value); 11] = [
        ("", "assertionMethod", json!(["relative"])),
        ("", "service", json!([])),
        (
            "",
            "https://w3id.org/security#verificationMethod",
            json!([]),
        ),
        ("", "@graph", json!([])),
        ("", "publicKeyJwk", json!({})),
        ("", "@context", json!(["https://www.w3.org/ns/did/v1"])),
        (
            "",
            "@context",
            json!(["https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/suites/jws-2020/v1", { "id": "@id" }]),
        ),
        (
            "",
            "@context",
            json!([
                "https://www.w3.org/ns/did/v1",
                "https://w3id.org/security/suites/jws-2020/v1",
                "https://elsewhere/context"
            ]),
        ),
        // Without the network's context its terms mean nothing.
        (
            "",
            "@context",
            json!([
                "https://www.w3.org/ns/did/v1",
                "https://w3id.org/security/suites/jws-2020/v1"
            ]),
        ),
        // Without this type publicKeyJwk means nothing.
        (
            "/verificationMethod/0",
            "type",
            json!("Ed25519VerificationKey2018"),
        ),
        ("/proof", "proofPurpose", json!("authentication")),
    ];
    for (place, name, value) in changes {
        let mut document = document();
        document.pointer_mut(place).unwrap()[name] = value;
        let error = proof_error(read(&document));
        assert!(
            matches!(error, ProofError::Uncovered(_)),
            "{place} {name}: {error:?}"
        );
    }
    // What is not defined and not looked at changes nothing.
    let mut document = document();
    document["comment"] = "hello".into();
    document["verificationMethod"][0]["comment"] = json!({ "any": 1 });
    read(&document).unwrap();
}

/// Two entries under one identifier could trade their statements.
#[test]
fn no_identifier_twice() {
    let mut document = document();
    let first = document["verificationMethod"][0].clone();
    document["verificationMethod"]
        .as_array_mut()
        .unwrap()
        .push(first);
    assert!(matches!(
        proof_error(read(&document)),
        ProofError::Uncovered(_)
    ));
    document["verificationMethod"][2]["id"] = document["id"].clone();
    assert!(matches!(
        proof_error(read(&document)),
        ProofError::Uncovered(_)
    ));
}

/// What is verified is what is read: of a member that is there twice, the last.
#[test]
fn duplicate_members_do_not_split_proof_and_reading() {
    let text = document().to_string();
    let forged = text.replacen(
        "\"verificationMethod\":[",
        "\"verificationMethod\":[],\"verificationMethod\":[",
        1,
    );
    assert_ne!(text, forged);
    let pin = pin(SIGNING_KEY);
    let read = |text: &str| did::read(text.as_bytes(), &[], Some(&pin), now(), &Limits::DEFAULT);
    assert_eq!(read(&forged).unwrap().listing.keys.len(), 2);
    let end = text.strip_suffix('}').unwrap();
    let error = read(&format!("{end},\"verificationMethod\":[]}}"));
    assert_eq!(proof_error(error), ProofError::Signature);
}

#[test]
fn proofs_that_are_none() {
    let header = |text: &str| base64::encode_url(text.as_bytes());
    let good = document();
    let jws = good["proof"]["jws"].as_str().unwrap();
    let (_, signature) = jws.split_once("..").unwrap();
    for (jws, algorithm) in [
        (
            format!(
                "{}..{signature}",
                header(r#"{"b64":false,"crit":["b64"],"alg":"none"}"#)
            ),
            true,
        ),
        (
            format!(
                "{}..{signature}",
                header(r#"{"b64":false,"crit":["b64"],"alg":"EC"}"#)
            ),
            true,
        ),
        (
            format!(
                "{}..{signature}",
                header(r#"{"crit":["b64"],"alg":"ES256"}"#)
            ),
            false,
        ),
        (
            format!("{}..{signature}", header(r#"{"b64":false,"alg":"ES256"}"#)),
            false,
        ),
        (
            format!(
                "{}..{signature}",
                header(r#"{"b64":false,"crit":["b64","x"],"alg":"ES256"}"#)
            ),
            false,
        ),
        (format!("{}..{signature}", header("[]")), true),
        (format!("!!..{signature}"), false),
        (signature.to_owned(), false),
        (jws.replace("..", ".e30."), false),
        (String::new(), false),
    ] {
        let mut document = good.clone();
        document["proof"]["jws"] = jws.clone().into();
        match proof_error(read(&document)) {
            ProofError::Algorithm(_) => assert!(algorithm, "{jws}"),
            ProofError::Unreadable(_) => assert!(!algorithm, "{jws}"),
            other => panic!("{jws}: {other:?}"),
        }
    }
    let mut document = good.clone();
    document["proof"]["jws"] = jws.replace(signature, "AAAA").into();
    assert_eq!(proof_error(read(&document)), ProofError::Signature);
    assert_eq!(
        proof_error(read_with(&good, &[], Some(&pin(8)))),
        ProofError::Signature
    );
}

/// JOSE would have r || s where WHO writes DER; either is the signer's word.
#[test]
fn both_forms_of_a_signature() {
    let mut document = document();
    let jws = document["proof"]["jws"].as_str().unwrap().to_owned();
    let (header, signature) = jws.split_once("..").unwrap();
    let der = base64::decode(signature).unwrap();
    assert_eq!(der[0], 0x30);
    let number = |at: usize| {
        let length = usize::from(der[at + 1]);
        let digits = &der[at + 2..at + 2 + length];
        let digits = &digits[length.saturating_sub(32)..];
        (
            [&[0; 32][..], digits].concat()[digits.len()..].to_vec(),
            at + 2 + length,
        )
    };
    let (r, next) = number(2);
    let (s, _) = number(next);
    let fixed = base64::encode_url(&[r, s].concat());
    document["proof"]["jws"] = format!("{header}..{fixed}").into();
    read(&document).unwrap();
}

#[test]
fn a_pin_names_its_signer() {
    let point = key(SIGNING_KEY).spki();
    let method = |id: &str| {
        json!({ "id": id, "type": "JsonWebKey2020", "publicKeyJwk": { "kty": "EC", "crv": "P-256",
            "x": base64::encode_url(&point[27..59]), "y": base64::encode_url(&point[59..]) } })
    };
    let pin_of =
        |document: &Value| Pin::from_file(document.to_string().as_bytes(), &Limits::DEFAULT);
    let of = |id: &str| pin_of(&json!({ "id": id, "verificationMethod": [method(id)] })).unwrap();
    let imported = read_with(&document(), &[], Some(&of(SIGNER))).unwrap();
    let signer = SIGNER.to_owned();
    assert_eq!(
        imported.vouch,
        Vouch::Proof {
            signer,
            at: Some(now())
        }
    );
    let error = proof_error(read_with(&document(), &[], Some(&of("did:web:other"))));
    assert!(matches!(error, ProofError::OtherSigner { .. }), "{error:?}");
    let several = json!({ "verificationMethod": [method("did:web:a"), method("did:web:b")] });
    assert_eq!(pin_of(&several).unwrap_err(), PinError::Count(2));
    assert_eq!(
        pin_of(&json!({ "verificationMethod": [] })).unwrap_err(),
        PinError::Count(0)
    );
}

#[test]
fn a_proof_from_the_future_is_none() {
    let pin = pin(SIGNING_KEY);
    let text = document().to_string();
    let before = Timestamp::saturating(NOW - 1);
    let early = did::read(text.as_bytes(), &[], Some(&pin), before, &Limits::DEFAULT);
    assert_eq!(
        proof_error(early),
        ProofError::NotYet {
            from: now(),
            at: before
        }
    );
}

/// A list by reference, unsigned but for the documents that it leads to.
fn reference(links: &[&str]) -> Value {
    json!({ "id": "did:web:trust.example:v2:trustlist-ref", "verificationMethod": links })
}

const LINK: &str = "did:web:trust.example:v2:trustlist:DCC:VNM";

#[test]
fn links_lead_to_what_was_handed_in_and_nowhere_else() {
    let (_, dsc) = certificates();
    let entry = format!("{LINK}:DSC#{}", dsc.kid());
    let one = format!("{LINK}#{}", dsc.kid());
    let mut document = document();
    document["verificationMethod"][1]["id"] = one.clone().into();
    let others = [document, reference(&[LINK])];
    for (link, keys, why) in [
        (LINK, 2, None),
        (one.as_str(), 1, None),
        (
            "did:web:trust.example:v2:trustlist-ref",
            0,
            Some("read already"),
        ),
        (entry.as_str(), 0, Some("not handed in")),
        (
            "did:web:trust.example:v2:trustlist:DCC:SGP",
            0,
            Some("not handed in"),
        ),
        (
            "did:web:trust-dev.example:v2:trustlist:DCC:VNM",
            0,
            Some("never followed"),
        ),
        (
            "https://trust.example/v2/trustlist",
            0,
            Some("never followed"),
        ),
        ("", 0, Some("never followed")),
    ] {
        let listing = read_with(&reference(&[link]), &others, None)
            .unwrap()
            .listing;
        assert_eq!(listing.keys.len(), keys, "{link}");
        match why {
            None => assert_eq!(listing.refused, [], "{link}"),
            Some(why) => {
                assert!(
                    listing.refused[0].why.contains(why),
                    "{link}: {:?}",
                    listing.refused
                );
                assert_eq!(listing.links, [link]);
            }
        }
    }
    // Twice the same way is once.
    let listing = read_with(&reference(&[LINK, LINK]), &others, None)
        .unwrap()
        .listing;
    assert_eq!((listing.keys.len(), listing.refused.len()), (2, 1));
}

/// WHO's production list by reference links to the development list.
#[test]
fn production_never_leads_to_development() {
    let mut development = document();
    let id = "did:web:tng-cdn-dev.who.int:v2:trustlist:DCC";
    development["id"] = id.into();
    let root =
        json!({ "id": "did:web:tng-cdn.who.int:v2:trustlist-ref", "verificationMethod": [id] });
    let listing = read_with(&root, &[development], None).unwrap().listing;
    assert_eq!(listing.keys.len(), 0);
    assert!(
        listing.refused[0].why.contains("tng-cdn-dev.who.int"),
        "{:?}",
        listing.refused
    );
}

#[test]
fn followed_documents_need_their_own_proof() {
    let signer = (SIGNER, &key(SIGNING_KEY) as &dyn hcert::keys::Signer);
    let mut root = reference(&[LINK]);
    root["@context"] = document()["@context"].clone();
    let root = did::sign(root, signer, now(), "n").unwrap();
    let pin = pin(SIGNING_KEY);
    let read = |other: &Value| read_with(&root, core::slice::from_ref(other), Some(&pin)).unwrap();
    assert_eq!(read(&document()).listing.keys.len(), 2);
    let mut broken = document();
    broken["verificationMethod"][0]["keyusage"]["code"] = "#DSC".into();
    let mut unsigned = document();
    unsigned["proof"] = json!(null);
    for other in [broken, unsigned] {
        let listing = read(&other).listing;
        assert_eq!(
            (listing.keys.len(), listing.refused.len()),
            (0, 1),
            "{:?}",
            listing.refused
        );
        assert_eq!(listing.refused[0].entry, LINK);
    }
}

#[test]
fn what_can_not_be_exported() {
    let eddsa = SoftwareKey::eddsa(&Zeroizing::new([1; 32]));
    let export = |place: &Place<'_>, key: &dyn hcert::keys::Signer| {
        did::export(place, &[], (SIGNER, key), now(), "nonce")
    };
    assert!(matches!(
        export(&PLACE, &eddsa),
        Err(ExportError::Algorithm(_))
    ));
    let place = Place {
        host: "a b",
        ..PLACE
    };
    assert!(matches!(
        export(&place, &key(1)),
        Err(ExportError::Place(_))
    ));
}
