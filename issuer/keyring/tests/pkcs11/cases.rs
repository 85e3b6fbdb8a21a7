//! What is to hold with an HSM.

use std::{fs, sync::Arc};

use cryptoki::{
    context::Pkcs11,
    object::{Attribute, ObjectClass},
};
use hcert::{
    keys::{Algorithm, PublicKey, Signer as _},
    pem,
    x509::{Certificate, EventKind::Vaccination, make, request::Request},
};
use keyring::{
    Certifier, Dsc, Keyring, OpenError, Place, Profile,
    Profile::{International, National},
    Secret, Source, SourceError, Terms,
    pkcs11::{KeyKind, KeyName, Pkcs11Error, Pkcs11Signer, Token, TokenName, generate, request},
};
use verifier::{Verifier, trust::TrustBuilder};

use crate::{
    made::{csca, day, dcc, period, subject, terms},
    softhsm::{PIN, end_module, here, new_token, open},
};

/// Both kinds of key, with the profile they sign for.
const KINDS: [(KeyKind, Profile, &str); 2] = [
    (KeyKind::Ed25519, National, "01"),
    (KeyKind::P256, International, "02"),
];

fn id(hex: &str) -> KeyName {
    hex.parse().unwrap()
}

/// Makes a key of a kind in the token, and lets the CSCA sign the DSC that it requests.
fn make_dsc(token: &Arc<Token>, kind: KeyKind, hex: &str) -> Certificate {
    let KeyName::Id(bytes) = id(hex) else {
        panic!("made so above")
    };
    let spki = generate(token, kind, "dsc", &bytes).unwrap();
    let csr = request(token, &id(hex), &subject("DSC"), &[Vaccination]).unwrap();
    // It goes to the CSCA as a file, and nothing else does.
    let csr = Request::from_der(csr.der()).unwrap();
    let proven = csr.prove().unwrap();
    assert_eq!(proven.public_key().spki(), spki);
    assert_eq!(csr.usage().limits().collect::<Vec<_>>(), [Vaccination]);
    let csca = csca();
    let serial = [spki[spki.len() - 1]; 16];
    let period = period("2026-01-01", "2027-07-01");
    let authority = (&csca.certificate, &csca.key as &dyn hcert::keys::Signer);
    make::dsc_of_request(&proven, period, serial, &[Vaccination], authority).unwrap()
}

fn source(label: &str, hex: &str, certificates: &[&Certificate]) -> (tempfile::TempDir, Source) {
    let folder = tempfile::tempdir().unwrap();
    let certificate = folder.path().join("dsc.pem");
    let blocks = certificates
        .iter()
        .map(|one| pem::encode("CERTIFICATE", one.der()));
    fs::write(&certificate, blocks.collect::<String>()).unwrap();
    let source = Source::Pkcs11 {
        module: here(),
        token: TokenName::Label(label.to_owned()),
        pin: Secret::new(PIN.to_owned()),
        key: id(hex),
        certificate,
    };
    assert!(!format!("{source:?}").contains(PIN));
    (folder, source)
}

fn dsc(label: &str, profile: Profile, hex: &str, certificate: &Certificate) -> Dsc {
    let csca = csca().certificate;
    let (_folder, source) = source(label, hex, &[&csca, certificate]);
    Dsc::open(&source, &terms(profile, "2026-01-01", "2026-07-01")).unwrap()
}

#[test]
#[ignore = "run by with_softhsm()"]
fn a_token_is_opened_by_name_and_pin() {
    let label = new_token();
    let fault = |label: &str, pin: &str| open(label, pin).unwrap_err();
    // Before anybody has logged in, and while somebody is.
    for _ in 0..2 {
        let wrong = fault(&label, "000000");
        assert!(matches!(wrong, Pkcs11Error::WrongPin { .. }), "{wrong}");
        assert!(!format!("{wrong:?}{wrong}").contains("000000"));
    }
    let token = open(&label, PIN).unwrap();
    let wrong = fault(&label, "000000");
    assert!(matches!(wrong, Pkcs11Error::WrongPin { .. }), "{wrong}");
    // By its serial number it is the same.
    let serial = TokenName::Serial(token.serial().to_owned());
    let again = Token::open(&here(), &serial, &Secret::new(PIN.to_owned())).unwrap();
    assert!(Arc::ptr_eq(&token, &again));
    assert!(!format!("{token:?}").contains(PIN));

    let missing = fault("nowhere", PIN).to_string();
    assert!(
        missing.contains("no token with the label nowhere"),
        "{missing}"
    );
    assert!(missing.contains(&label), "{missing}");
    let no_module = Token::open(
        "/nowhere.so".as_ref(),
        &serial,
        &Secret::new(PIN.to_owned()),
    );
    let words = no_module.unwrap_err().to_string();
    assert!(
        words.starts_with("/nowhere.so: this PKCS #11 module"),
        "{words}"
    );
    // Somebody else's library is no module.
    let other = std::env::current_exe().unwrap();
    assert!(Token::open(&other, &serial, &Secret::new(PIN.to_owned())).is_err());
}

#[test]
#[ignore = "run by with_softhsm()"]
fn keys_are_made_in_the_token_requested_and_sign() {
    let label = new_token();
    let token = open(&label, PIN).unwrap();
    let mut all = Vec::new();
    let mut trust = TrustBuilder::new();
    trust.add_file(csca().certificate.der()).unwrap();
    for (kind, profile, hex) in KINDS {
        let certificate = make_dsc(&token, kind, hex);
        trust.add_file(certificate.der()).unwrap();
        all.push(dsc(&label, profile, hex, &certificate));
    }
    assert!(all.iter().all(|dsc| dsc.place() == Place::Hsm));
    let verifier = Verifier::new(trust.build());
    let certifier = Certifier::new(
        Arc::new(Keyring::new(all).unwrap()),
        Terms::new("VN").unwrap(),
    );
    let (at, end) = (day("2026-02-01"), day("2027-02-01"));
    // Eight threads at once, each with sessions of its own.
    std::thread::scope(|scope| {
        for thread in 0..8_u32 {
            let (certifier, verifier) = (&certifier, &verifier);
            scope.spawn(move || {
                for number in 0..12 {
                    let dcc = dcc(Vaccination, thread * 100 + number);
                    let certified = certifier.certify(&dcc, &Profile::ALL, at, end).unwrap();
                    for code in certified.codes {
                        let valid = verifier.verify(&code.text, at).result.unwrap();
                        assert_eq!(valid.payload(), dcc.to_json());
                    }
                }
            });
        }
    });
}

#[test]
#[ignore = "run by with_softhsm()"]
fn private_keys_stay_in_the_token() {
    let label = new_token();
    let token = open(&label, PIN).unwrap();
    for (kind, _, hex) in KINDS {
        make_dsc(&token, kind, hex);
    }
    let twice = generate(&token, KeyKind::P256, "dsc", &[1]).unwrap_err();
    assert!(
        twice.to_string().contains("give the new one another id"),
        "{twice}"
    );

    let module = Pkcs11::new(here()).unwrap();
    let slots = module.get_slots_with_token().unwrap();
    let is_it = |slot: &_| module.get_token_info(*slot).unwrap().label() == label;
    let slot = slots.into_iter().find(is_it).unwrap();
    let session = module.open_ro_session(slot).unwrap();
    let found = session
        .find_objects(&[Attribute::Class(ObjectClass::PRIVATE_KEY)])
        .unwrap();
    assert_eq!(found.len(), 2);
    use cryptoki::object::AttributeType;
    for key in found {
        let wanted = [AttributeType::Value, AttributeType::NeverExtractable];
        let told = session.get_attributes(key, &wanted).unwrap();
        assert_eq!(told, [Attribute::NeverExtractable(true)]);
    }
}

#[test]
#[ignore = "run by with_softhsm()"]
fn a_key_has_to_be_that_of_the_certificate() {
    let label = new_token();
    let token = open(&label, PIN).unwrap();
    let right = make_dsc(&token, KeyKind::Ed25519, "01");
    make_dsc(&token, KeyKind::Ed25519, "02");
    make_dsc(&token, KeyKind::P256, "03");
    let fault = |hex: &str| {
        let (_folder, source) = source(&label, hex, &[&right]);
        Dsc::open(&source, &terms(National, "2026-01-01", "2026-07-01"))
    };
    assert!(fault("01").is_ok());
    for hex in ["02", "03"] {
        let error = fault(hex).unwrap_err();
        let other = matches!(
            error,
            OpenError::Source(SourceError::Pkcs11(Pkcs11Error::OtherKey { .. }))
        );
        assert!(other, "{error:?}");
        assert!(
            error
                .to_string()
                .contains("does not belong to the certificate")
        );
    }
    let missing = fault("0a1b").unwrap_err().to_string();
    assert!(
        missing.contains("no private key with id 0a1b in the token case-"),
        "{missing}"
    );

    // All three have the same label.
    let key = right.public_key().unwrap();
    let by_label = KeyName::Label("dsc".into());
    let several = Pkcs11Signer::open(&token, &by_label, &key).unwrap_err();
    assert!(
        matches!(several, Pkcs11Error::SeveralKeys { .. }),
        "{several}"
    );
    generate(&token, KeyKind::Ed25519, "alone", &[4]).unwrap();
    let alone = KeyName::Label("alone".into());
    let public = token.public_key(&alone).unwrap();
    let signer = Pkcs11Signer::open(&token, &alone, &public).unwrap();
    assert_eq!(signer.algorithm(), Algorithm::EdDsa);
    assert_eq!(signer.spki(), public.spki());

    for text in ["", "1", "0g", "+1", "đ"] {
        assert!(KeyName::from_hex(text).is_err(), "{text}");
    }
}

fn signer(token: &Arc<Token>) -> (Pkcs11Signer, PublicKey) {
    generate(token, KeyKind::P256, "dsc", &[1]).unwrap();
    let public = token.public_key(&id("01")).unwrap();
    let signer = Pkcs11Signer::open(token, &id("01"), &public).unwrap();
    (signer, public)
}

#[test]
#[ignore = "run by with_softhsm()"]
fn lost_sessions_and_logins_come_back() {
    let label = new_token();
    let token = open(&label, PIN).unwrap();
    let (signer, public) = signer(&token);
    let good = |words: &str| {
        let signature = signer.sign(words.as_bytes()).unwrap();
        assert_eq!(signature.len(), 64);
        assert_eq!(public.verify(words.as_bytes(), &signature), Ok(()));
    };
    good("before");
    // The module has ended, and handles of before mean nothing.
    end_module();
    good("after the end");
    end_module();
    cryptoki::context::Pkcs11::new(here())
        .unwrap()
        .initialize(cryptoki::context::CInitializeArgs::new(
            cryptoki::context::CInitializeFlags::OS_LOCKING_OK,
        ))
        .unwrap();
    good("after another part of the program began it again");
    log_out();
    good("after a logout");
    // Eight threads open their sessions together, and lose them together.
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let good = &good;
            scope.spawn(move || {
                for number in 0..10 {
                    good(&format!("{thread} {number}"));
                }
            });
        }
    });
    end_module();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let good = &good;
            scope.spawn(move || good(&format!("{thread} after the end")));
        }
    });
    // Making a key logs in again as well.
    log_out();
    generate(&token, KeyKind::Ed25519, "another", &[2]).unwrap();
    end_module();
    generate(&token, KeyKind::Ed25519, "another", &[3]).unwrap();
}

/// Somebody logs out, which PKCS #11 does for all sessions of a process.
fn log_out() {
    let module = Pkcs11::new(here()).unwrap();
    for slot in module.get_slots_with_token().unwrap() {
        if let Ok(session) = module.open_ro_session(slot) {
            let _ = session.logout();
        }
    }
}

#[test]
#[ignore = "run by with_softhsm()"]
fn a_token_that_is_gone_is_named() {
    let label = new_token();
    let token = open(&label, PIN).unwrap();
    let (signer, _) = signer(&token);
    end_module();
    let gone = std::process::Command::new("softhsm2-util")
        .args(["--delete-token", "--token", &label])
        .output()
        .unwrap();
    assert!(gone.status.success());
    for _ in 0..2 {
        let error = signer.sign(b"anything").unwrap_err().to_string();
        assert!(
            error.contains(&format!("the token {label} is gone")),
            "{error}"
        );
    }
}

/// A PIN that was changed meanwhile is tried once, and not until the token locks itself.
#[test]
#[ignore = "run by with_softhsm()"]
fn a_changed_pin_is_not_tried_again_and_again() {
    let label = new_token();
    let token = open(&label, PIN).unwrap();
    let (signer, public) = signer(&token);
    let module = Pkcs11::new(here()).unwrap();
    let slots = module.get_slots_with_token().unwrap();
    let is_it = |slot: &_| module.get_token_info(*slot).unwrap().label() == label;
    let slot = slots.into_iter().find(is_it).unwrap();
    let session = module.open_rw_session(slot).unwrap();
    let pins = [PIN, "161803"].map(cryptoki::types::AuthPin::from);
    session.set_pin(&pins[0], &pins[1]).unwrap();
    drop(session);
    let signature = signer.sign(b"still logged in").unwrap();
    assert_eq!(public.verify(b"still logged in", &signature), Ok(()));
    end_module();
    for _ in 0..3 {
        let error = signer.sign(b"anything").unwrap_err().to_string();
        assert!(
            error.contains("the PIN is not that of the token"),
            "{error}"
        );
    }
}
