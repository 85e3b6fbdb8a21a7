//! The world's real lists: every GDHCN document, the DSCs of the EU, the issuers of SMART Health
//! Cards, with exact counts of what is read, let in and refused.
//!
//! The files are not part of the project: `HCERT_CONFORMANCE` names their folder, by default
//! `../shared/conformance` beside the project.

use std::path::{Path, PathBuf};

use hcert::{keys::PublicKey, limits::Limits, time::Timestamp};
use serde_json::Value;
use trust_exchange::{
    ImportError, Imported, Pin, ProofError, Vouch,
    admission::{Admission, Settings, admit},
    did, health_cards, unsigned,
};

/// The day after the documents were fetched.
const AT: &str = "2026-08-23T00:00:00Z";

fn at() -> Timestamp {
    AT.parse().unwrap()
}

fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("HCERT_CONFORMANCE").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    let folder = named.unwrap_or(beside);
    if folder.join("expected.jsonl").exists() {
        return Some(folder);
    }
    eprintln!(
        "\n*** SKIPPED: no conformance files in {} (set HCERT_CONFORMANCE) ***\n",
        folder.display()
    );
    None
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn development_pin(folder: &Path) -> Pin {
    let key = std::fs::read(folder.join("gdhcn-trustlist/dev/signing-key-did.json")).unwrap();
    Pin::from_file(&key, &Limits::DEFAULT).unwrap()
}

fn read(path: &Path, pin: Option<&Pin>) -> Result<Imported, ImportError> {
    let bytes = std::fs::read(path).unwrap();
    did::read(&bytes, &[], pin, at(), &Limits::DEFAULT)
}

fn documents(folder: &Path) -> Vec<Value> {
    let expected = json(&folder.join("gdhcn-trustlist/expected-trustlist.json"));
    let documents = expected["documents"].as_array().unwrap().clone();
    assert_eq!(documents.len(), 19);
    documents
}

#[test]
fn every_document_of_the_network_is_read() {
    let Some(folder) = folder() else { return };
    for document in documents(&folder) {
        let file = document["file"].as_str().unwrap();
        let imported = read(&folder.join(file), None).unwrap();
        assert_eq!(imported.vouch, Vouch::Operator);
        let listing = imported.listing;
        let count = |name: &str| usize::try_from(document[name].as_u64().unwrap()).unwrap();
        // The only entries without a key are five links of the oldest development list.
        let links = if file == "gdhcn-trustlist/dev/trustlist/did.json" {
            5
        } else {
            0
        };
        assert_eq!(
            (listing.refused.len(), listing.links.len()),
            (links, links),
            "{file}"
        );
        assert_eq!(listing.keys.len() + links, count("entries"), "{file}");
        let own: Vec<_> = listing
            .keys
            .iter()
            .map(|key| key.kid().unwrap() == key.certificate().unwrap().kid())
            .collect();
        assert_eq!(own.len(), count("entries_with_x5c"), "{file}");
        let matching = own.iter().filter(|own| **own).count();
        assert_eq!(matching, count("kid_matches_sha256"), "{file}");
    }
}

/// 12 of 19 proofs are by the development key. The others name signers whose keys are not public:
/// with a key at hand they are errors and nothing less.
#[test]
fn the_proofs_of_the_network() {
    let Some(folder) = folder() else { return };
    let pinned = development_pin(&folder);
    let unnamed = std::fs::read(folder.join("gdhcn-trustlist/dev/signing-key-did.json")).unwrap();
    let listing = trust_list::import::read(&unnamed, &Limits::DEFAULT).unwrap();
    let unnamed = Pin::of_key(PublicKey::from_spki(&listing.keys[0].spki().unwrap()).unwrap());
    let mut verified = 0;
    for document in documents(&folder) {
        let path = folder.join(document["file"].as_str().unwrap());
        for (pin, named) in [(&pinned, true), (&unnamed, false)] {
            match read(&path, Some(pin)) {
                Ok(imported) => {
                    assert_eq!(document["proof_valid"], true, "{}", path.display());
                    assert!(matches!(imported.vouch, Vouch::Proof { at: Some(_), .. }));
                    verified += usize::from(named);
                }
                Err(ImportError::Proof { why, .. }) => {
                    assert!(
                        document["proof_valid"].is_null(),
                        "{}: {why}",
                        path.display()
                    );
                    match why {
                        ProofError::OtherSigner { .. } => assert!(named),
                        // The oldest lists write an algorithm that JOSE does not know.
                        ProofError::Algorithm(alg) => assert_eq!(alg, "\"EC\""),
                        ProofError::Signature => assert!(!named),
                        other => panic!("{other:?}"),
                    }
                }
                Err(other) => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(verified, 12);
}

/// Any byte of a real list, changed: read differently and still signed, never.
#[test]
fn a_real_list_with_one_byte_changed() {
    let Some(folder) = folder() else { return };
    let pin = development_pin(&folder);
    let path = "gdhcn-trustlist/dev/v2/trustlist/DCC/XCL/DSC/did.json";
    let good = std::fs::read(folder.join(path)).unwrap();
    let listing = |bytes: &[u8]| {
        let imported = did::read(bytes, &[], Some(&pin), at(), &Limits::DEFAULT).ok()?;
        Some(format!("{:?} {:?}", imported.listing, imported.vouch))
    };
    let expected = listing(&good).unwrap();
    let mut rejected = 0;
    for index in 0..good.len() {
        let mut changed = good.clone();
        changed[index] ^= 1;
        match listing(&changed) {
            None => rejected += 1,
            Some(found) => assert_eq!(found, expected, "byte {index}"),
        }
    }
    // The rest is white space, unread members and spare bits of base64.
    assert!(
        rejected * 10 > good.len() * 7,
        "{rejected} of {}",
        good.len()
    );
}

/// Our table of terms against the published contexts.
#[test]
fn the_contexts_say_what_we_say() {
    let Some(folder) = folder() else { return };
    let folder = folder.join("gdhcn-trustlist/contexts");
    let context = |file: &str| json(&folder.join(file))["@context"].clone();
    let did = context("did_v1.json");
    let security = |term: &str| Value::from(format!("https://w3id.org/security#{term}"));
    for (term, property) in [
        ("controller", "controller"),
        ("assertionMethod", "assertionMethod"),
        ("authentication", "authenticationMethod"),
        ("capabilityDelegation", "capabilityDelegationMethod"),
        ("capabilityInvocation", "capabilityInvocationMethod"),
        ("keyAgreement", "keyAgreementMethod"),
        ("verificationMethod", "verificationMethod"),
    ] {
        assert_eq!(
            (&did[term]["@id"], &did[term]["@type"]),
            (&security(property), &"@id".into())
        );
    }
    let jws = context("jws-2020_v1.json");
    let key = &jws["JsonWebKey2020"];
    assert_eq!(key["@id"], security("JsonWebKey2020"));
    assert_eq!(
        key["@context"]["publicKeyJwk"]["@id"],
        security("publicKeyJwk")
    );
    assert_eq!(key["@context"]["publicKeyJwk"]["@type"], "@json");
    let proof = &jws["JsonWebSignature2020"];
    assert_eq!(proof["@id"], security("JsonWebSignature2020"));
    let terms = &proof["@context"];
    assert_eq!(terms["created"]["@id"], "http://purl.org/dc/terms/created");
    assert_eq!(
        terms["created"]["@type"],
        "http://www.w3.org/2001/XMLSchema#dateTime"
    );
    assert_eq!(terms["nonce"], security("nonce"));
    assert_eq!(terms["proofPurpose"]["@id"], security("proofPurpose"));
    assert_eq!(
        terms["proofPurpose"]["@context"]["assertionMethod"]["@id"],
        security("assertionMethod")
    );
    assert_eq!(
        terms["verificationMethod"]["@id"],
        security("verificationMethod")
    );
    for (file, environment) in [
        ("v1.jsonld", ""),
        ("v1-dev.jsonld", "-DEV"),
        ("v1-uat.jsonld", "-UAT"),
    ] {
        let network = context(file);
        for (term, set) in [
            ("domain", "Domains"),
            ("participant", "Participants"),
            ("keyusage", "KeyUsage"),
        ] {
            let set = format!("https://smart.who.int/trust/ValueSet-{set}{environment}.jsonld");
            let inner = &network[term]["@context"];
            assert_eq!(network[term]["@id"], set.as_str());
            assert_eq!(inner["@base"], format!("{set}#"));
            assert_eq!(inner["code"]["@id"], "@id");
        }
    }
    // Nothing is defined that is neither above nor refused.
    let known = [
        "@protected",
        "@version",
        "id",
        "type",
        "proof",
        "alsoKnownAs",
        "assertionMethod",
        "authentication",
        "capabilityDelegation",
        "capabilityInvocation",
        "controller",
        "keyAgreement",
        "service",
        "verificationMethod",
        "privateKeyJwk",
        "JsonWebKey2020",
        "JsonWebSignature2020",
        "domain",
        "participant",
        "keyusage",
    ];
    for file in [
        "did_v1.json",
        "jws-2020_v1.json",
        "v1.jsonld",
        "v1-dev.jsonld",
        "v1-uat.jsonld",
    ] {
        for term in context(file).as_object().unwrap().keys() {
            assert!(known.contains(&term.as_str()), "{file}: {term}");
        }
    }
}

/// Signers, authorities, countries, and the refusals by reason.
fn sums(admission: &Admission) -> (usize, usize, usize, Vec<(&'static str, usize)>) {
    let report = &admission.report;
    let refused = report.refused.iter().map(|(why, count)| (*why, *count));
    assert_eq!(
        report.refused.values().sum::<usize>(),
        admission.refused.len()
    );
    (
        report.signers,
        report.authorities,
        report.countries(),
        refused.collect(),
    )
}

fn admitted(path: &Path, settings: &Settings) -> Admission {
    admit(&[read(path, None).unwrap().listing], &[], settings)
}

#[test]
fn the_production_lists() {
    let Some(folder) = folder() else { return };
    let settings = Settings::production(at());
    let list = |name: &str| folder.join("gdhcn-trustlist/prod").join(name);
    let second = admitted(&list("v2/trustlist/did.json"), &settings);
    let reasons = vec![
        ("chain does not hold", 7),
        ("no authority itself", 1),
        ("other use", 2),
        ("test participant", 8),
        ("wrong country", 4),
    ];
    assert_eq!(sums(&second), (425, 54, 34, reasons));
    let report = &second.report;
    assert_eq!((report.expired, report.without_authority), (306, 10));
    // Who they are. Five are signed with SHA-1; the Isle of Man's name another territory.
    let mut entries: Vec<_> = second
        .refused
        .iter()
        .map(|refusal| {
            let participant = refusal.entry.split(':').nth(6).unwrap();
            (refusal.why.kind(), participant)
        })
        .collect();
    entries.sort_unstable();
    entries.dedup();
    assert_eq!(
        entries,
        [
            ("chain does not hold", "IRL"),
            ("chain does not hold", "TGO"),
            ("chain does not hold", "TUR"),
            ("no authority itself", "AND"),
            ("other use", "XXH"),
            ("test participant", "XXH"),
            ("wrong country", "IOM"),
        ]
    );
    let first = admitted(&list("trustlist/did.json"), &settings);
    let reasons = vec![("chain does not hold", 5), ("test participant", 5)];
    assert_eq!(sums(&first), (428, 0, 31, reasons));
    for (name, expected) in [
        ("v2/trustlist/-/OMN/did.json", (2, 2, 1)),
        ("v2/trustlist/DCC/SGP/did.json", (0, 2, 1)),
        ("v2/trustlist/DCC/SGP/SCA/did.json", (0, 2, 1)),
        ("v2/trustlist/DCC/WHO/did.json", (0, 0, 0)),
    ] {
        let (signers, authorities, countries, refused) = sums(&admitted(&list(name), &settings));
        assert_eq!(
            ((signers, authorities, countries), refused),
            (expected, vec![]),
            "{name}"
        );
    }
}

#[test]
fn the_development_lists() {
    let Some(folder) = folder() else { return };
    let list = |name: &str| folder.join("gdhcn-trustlist/dev").join(name);
    let (test, production) = (Settings::test(at()), Settings::production(at()));
    for (name, expected, refused) in [
        (
            "trustlist/did.json",
            (354, 3, 104),
            vec![
                ("chain does not hold", 6),
                ("kind of key", 2),
                ("not usable", 5),
                ("outlives its authority", 2),
                ("wrong country", 1),
            ],
        ),
        (
            "v2/trustlist/did.json",
            (102, 138, 57),
            vec![
                ("chain does not hold", 2),
                ("kind of key", 2),
                ("other use", 7),
                ("outlives its authority", 2),
                ("wrong country", 2),
            ],
        ),
        (
            "v2/trustlist/DCC/did.json",
            (33, 47, 33),
            vec![
                ("kind of key", 2),
                ("other use", 4),
                ("outlives its authority", 2),
                ("wrong country", 2),
            ],
        ),
        (
            "v2/trustlist/DDCC/did.json",
            (0, 1, 1),
            vec![("other use", 1)],
        ),
        (
            "v2/trustlist/DDCC/XXA/did.json",
            (0, 1, 1),
            vec![("other use", 1)],
        ),
        ("v2/trustlist/DDCC/XXA/SCA/did.json", (0, 1, 1), vec![]),
        (
            "v2/trustlist/DDCC/XXA/DECA/did.json",
            (0, 0, 0),
            vec![("other use", 1)],
        ),
        ("v2/trustlist/DDCC/DEU/did.json", (0, 0, 0), vec![]),
        ("v2/trustlist/DCC/XCL/did.json", (1, 2, 1), vec![]),
        ("v2/trustlist/DCC/XCL/DSC/did.json", (1, 0, 1), vec![]),
        (
            "v2/trustlist/IPS-PILGRIMAGE/did.json",
            (1, 1, 1),
            vec![("other use", 2)],
        ),
        (
            "v2/trustlist/IPS-PILGRIMAGE/XXG/DSC/did.json",
            (1, 0, 1),
            vec![],
        ),
        (
            "v2/trustlist/-/XXA/did.json",
            (4, 7, 1),
            vec![("other use", 3)],
        ),
    ] {
        let admission = admitted(&list(name), &test);
        let (signers, authorities, countries) = expected;
        assert_eq!(
            sums(&admission),
            (signers, authorities, countries, refused),
            "{name}"
        );
        // Nothing of it gets into production.
        let admission = admitted(&list(name), &production);
        assert!(admission.admitted.is_empty(), "{name}");
    }
}

#[test]
fn the_certificates_of_the_eu() {
    let Some(folder) = folder() else { return };
    let list = |name: &str| {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        unsigned(&bytes, &Limits::DEFAULT).unwrap().listing
    };
    let settings = Settings::production(at());
    let listing = list("dsc/eu-dsc.json");
    assert_eq!((listing.keys.len(), listing.refused.len()), (796, 0));
    let admission = admit(core::slice::from_ref(&listing), &[], &settings);
    assert_eq!(sums(&admission), (794, 2, 77, vec![]));
    assert_eq!(admission.report.by_country["DE"], 214);
    let acceptance = admit(&[list("dsc/acc-dsc.json")], &[], &settings);
    assert_eq!(sums(&acceptance), (106, 1, 41, vec![("weak key", 1)]));
    // Both of the world's lists in one import: what is in both comes in once for each domain.
    let network = read(
        &folder.join("gdhcn-trustlist/prod/v2/trustlist/did.json"),
        None,
    )
    .unwrap();
    let settings = Settings {
        domain: Some("DCC".to_owned()),
        ..settings
    };
    let both = admit(&[listing, network.listing], &[], &settings);
    let reasons = vec![
        ("chain does not hold", 12),
        ("duplicate", 364),
        ("no authority itself", 1),
        ("other use", 2),
        ("test participant", 8),
        ("wrong country", 4),
    ];
    assert_eq!(sums(&both), (851, 55, 77, reasons));
    println!("{}", both.report);
    assert_eq!(both.report.collisions, 0);
}

#[test]
fn the_issuers_of_health_cards() {
    let Some(folder) = folder() else { return };
    let bytes = std::fs::read(folder.join("shc/issuer-jwks.json")).unwrap();
    let imported = health_cards::issuer(&bytes, None, &Limits::DEFAULT).unwrap();
    let admission = admit(&[imported.listing], &[], &Settings::production(at()));
    // Three of 200 have no numbers.
    assert_eq!(sums(&admission), (197, 0, 0, vec![("not usable", 3)]));
}
