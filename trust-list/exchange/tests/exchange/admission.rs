use hcert::{
    kid::Kid,
    time::Timestamp,
    x509::{Certificate, make},
};
use trust_exchange::admission::{Admission, Chain, Settings, Why, admit};
use trust_list::import::{Form, Listed, Listing, Refused, Role};

use crate::made::{DAY, NOW, csca, days, dsc, key, now, subject};

/// An RSA key of 1,024 bits with nobody behind it.
fn weak() -> Vec<u8> {
    use crate::made::tlv;
    let n = [&[0, 0xff][..], &[0x55; 126], &[0x01]].concat();
    let numbers = tlv(0x30, &[&tlv(2, &[&n]), &tlv(2, &[&[1, 0, 1]])]);
    let oid = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
    tlv(0x30, &[oid, &tlv(3, &[&[0], &numbers])])
}

fn list(keys: Vec<Listed>) -> Listing {
    Listing {
        keys,
        ..Listing::new(Form::DidDocument)
    }
}

fn of(certificate: &Certificate) -> Listed {
    Listed::of_certificate("entry", certificate.clone())
}

fn decide(keys: Vec<Listed>, settings: &Settings) -> Admission {
    admit(&[list(keys)], &[csca("VN", 1)], settings)
}

/// The one reason for which a key is refused.
fn why(key: Listed, settings: &Settings) -> Why {
    let mut admission = decide(vec![key], settings);
    assert!(admission.admitted.is_empty(), "{:?}", admission.admitted);
    assert_eq!(admission.refused.len(), 1);
    admission.refused.remove(0).why
}

fn production() -> Settings {
    Settings::production(now())
}

fn good() -> Certificate {
    dsc("VN", 2, 1, days(10, 300))
}

#[test]
fn a_good_key_below_a_known_authority() {
    let admission = decide(vec![of(&good())], &production());
    assert_eq!(admission.admitted[0].chain, Chain::Holds);
    assert_eq!(admission.refused, []);
    // An authority later in the same list serves as well, and one beside the key itself.
    let listed = admit(
        &[list(vec![of(&good()), of(&csca("VN", 1))])],
        &[],
        &production(),
    );
    assert_eq!(listed.report.without_authority, 0);
    let mut beside = of(&good());
    beside.above = vec![csca("VN", 1)];
    assert_eq!(
        admit(&[list(vec![beside])], &[], &production()).admitted[0].chain,
        Chain::Holds
    );
}

#[test]
fn a_chain_that_does_not_hold() {
    // Its key identifier says the authority's, but another key signed it.
    let mut der = good().der().to_vec();
    let last = der.len() - 1;
    der[last] ^= 1;
    let forged = of(&Certificate::from_der(&der).unwrap());
    assert!(matches!(why(forged.clone(), &production()), Why::Chain(_)));
    // The certificate beside it does not help against the known authority.
    let mut beside = forged;
    beside.above = vec![csca("VN", 1)];
    assert!(matches!(why(beside.clone(), &production()), Why::Chain(_)));
    // Nor where none is known.
    let admission = admit(&[list(vec![beside])], &[], &production());
    assert!(matches!(admission.refused[0].why, Why::Chain(_)));
}

#[test]
fn a_signer_that_outlives_its_authority() {
    // `make` does not make one, so the authority is a younger twin with the same key that ends
    // before.
    let short = make::csca(&subject("CSCA", "VN"), days(1000, 100), [1; 16], &key(1)).unwrap();
    let admission = admit(
        &[list(vec![of(&good())])],
        core::slice::from_ref(&short),
        &production(),
    );
    assert!(
        matches!(admission.refused[0].why, Why::Outlives { .. }),
        "{:?}",
        admission.refused
    );
    // One of several authorities that holds is enough.
    let both = [short, csca("VN", 1)];
    assert_eq!(
        admit(&[list(vec![of(&good())])], &both, &production()).refused,
        []
    );
}

#[test]
fn without_an_authority() {
    let stranger = of(&dsc("SG", 4, 3, days(10, 300)));
    let admission = decide(vec![stranger.clone()], &production());
    assert_eq!(admission.admitted[0].chain, Chain::NoAuthority);
    assert_eq!(admission.report.without_authority, 1);
    let strict = Settings {
        chain_required: true,
        ..production()
    };
    assert_eq!(why(stranger, &strict), Why::NoAuthority);
}

#[test]
fn countries() {
    let listed_for = |participant: &str, certificate: &Certificate| {
        let mut key = of(certificate);
        key.participant = Some(participant.to_owned());
        key
    };
    for code in ["VNM", "vnm", "VN"] {
        assert_eq!(
            decide(vec![listed_for(code, &good())], &production()).refused,
            [],
            "{code}"
        );
    }
    let refused = why(listed_for("SGP", &good()), &production());
    let wrong = Why::WrongCountry {
        listed: "SGP".into(),
        certificate: "VN".into(),
    };
    assert_eq!(refused, wrong);
    assert!(matches!(
        why(listed_for("IOM", &good()), &production()),
        Why::WrongCountry { .. }
    ));
    let excepted = Settings {
        countries_excepted: vec![("IOM".into(), "VN".into())],
        ..production()
    };
    assert_eq!(
        decide(vec![listed_for("IOM", &good())], &excepted).refused,
        []
    );
    // Greece as the EU writes it.
    let greek = dsc("GR", 4, 3, days(10, 300));
    assert_eq!(
        decide(vec![listed_for("EL", &greek)], &production()).refused,
        []
    );

    let own = Settings {
        country: Some("SG".into()),
        ..production()
    };
    assert!(matches!(why(of(&good()), &own), Why::OtherCountry { .. }));
    let own = Settings {
        country: Some("VN".into()),
        ..production()
    };
    assert_eq!(decide(vec![of(&good())], &own).refused, []);
}

#[test]
fn tests_stay_out_of_production() {
    let mut participant = of(&good());
    participant.participant = Some("XXA".into());
    let mut country = of(&good());
    country.country = Some("XCL".into());
    let certificate = of(&dsc("XA", 4, 3, days(10, 300)));
    for key in [participant, country, certificate] {
        assert!(matches!(
            why(key.clone(), &production()),
            Why::TestParticipant(_)
        ));
        assert_eq!(decide(vec![key], &Settings::test(now())).refused, []);
    }
    for host in [
        "tng-cdn-dev.who.int",
        "tng-cdn-uat.who.int",
        "pages.example:tng-cdn-dev",
    ] {
        let mut key = of(&good());
        key.entry = format!("did:web:{host}:v2:trustlist:DCC:VNM:DSC#a");
        assert!(
            matches!(why(key.clone(), &production()), Why::OtherEnvironment(_)),
            "{host}"
        );
        assert_eq!(decide(vec![key], &Settings::test(now())).refused, []);
        let mut listing = list(vec![of(&good())]);
        listing.name = Some(format!("did:web:{host}:v2:trustlist"));
        let admission = admit(&[listing], &[], &production());
        assert!(matches!(admission.refused[0].why, Why::OtherEnvironment(_)));
    }
}

#[test]
fn weak_and_foreign_keys() {
    let weak = hcert::keys::PublicKey::from_spki(&weak()).unwrap();
    let weak = Listed::of_key("weak", &weak);
    assert!(matches!(
        why(weak.clone(), &production()),
        Why::WeakKey { .. }
    ));
    let lax = Settings {
        rsa_bits: 1024,
        ..production()
    };
    assert_eq!(decide(vec![weak], &lax).refused, []);
    let mut other = of(&good());
    other.role = Role::Other("DECA".into());
    assert_eq!(why(other, &production()), Why::Use("DECA".into()));
}

#[test]
fn what_is_listed_as_an_authority_has_to_be_one() {
    let mut key = of(&good());
    key.role = Role::Authority;
    assert_eq!(why(key, &production()), Why::NotAnAuthority);
}

#[test]
fn the_domain_of_a_list_that_names_none() {
    let mut named = of(&good());
    named.domain = Some("DCC".to_owned());
    let keys = || vec![named.clone(), of(&good())];
    assert_eq!(decide(keys(), &production()).admitted.len(), 2);
    let settings = Settings {
        domain: Some("DCC".to_owned()),
        ..production()
    };
    let admission = decide(keys(), &settings);
    assert_eq!(admission.admitted.len(), 1);
    assert_eq!(admission.refused[0].why, Why::Duplicate);
}

#[test]
fn what_could_not_be_read_is_in_the_sums() {
    let mut listing = list(vec![of(&good())]);
    listing.refuse("a", "not base64");
    listing.refuse("b", Refused::PRIVATE_KEY);
    let admission = admit(&[listing], &[], &production());
    assert_eq!(
        admission.admitted.len(),
        1,
        "one bad entry never drops a list"
    );
    assert_eq!(admission.refused[0].why, Why::Unusable("not base64".into()));
    assert_eq!(admission.refused[1].why, Why::PrivateKey);
    assert_eq!(admission.report.refused["private key"], 1);
}

#[test]
fn duplicates_go_and_collisions_stay() {
    let (one, two) = (good(), dsc("VN", 4, 1, days(10, 300)));
    let shared = Some(Kid::from_bytes(b"ABCDEFGH"));
    let other_domain = |domain: &str| {
        let mut key = of(&one);
        key.domain = Some(domain.to_owned());
        key
    };
    let admission = decide(
        vec![
            of(&one).with_kid(shared.clone()),
            of(&two).with_kid(shared.clone()),
            of(&one).with_kid(shared),
            other_domain("DCC"),
            other_domain("PH4H"),
        ],
        &production(),
    );
    assert_eq!(admission.admitted.len(), 4);
    assert_eq!(admission.report.collisions, 1);
    assert_eq!(admission.report.foreign_kids, 2);
    assert_eq!(admission.refused.len(), 1);
    assert_eq!(admission.refused[0].why, Why::Duplicate);
}

/// What an expired key signed while it was valid is still valid.
#[test]
fn expired_keys_are_kept_and_counted() {
    let late = Settings::production(Timestamp::saturating(NOW + 301 * DAY));
    let admission = decide(vec![of(&good())], &late);
    assert_eq!((admission.admitted.len(), admission.report.expired), (1, 1));
    let early = Settings::production(Timestamp::saturating(NOW - 11 * DAY));
    assert_eq!(decide(vec![of(&good())], &early).report.not_yet_valid, 1);
}

#[test]
fn the_report_in_words() {
    let mut listing = list(vec![of(&good()), of(&csca("VN", 1)), of(&good())]);
    listing.refuse("a", "not base64");
    let late = Settings::production(Timestamp::saturating(NOW + 301 * DAY));
    let report = admit(&[listing], &[], &late).report;
    assert_eq!(
        report.to_string(),
        "let in: 1 signers and 1 authorities of 1 countries\n\
         countries: VN 2\n\
         forms: DID document 2\n\
         refused: 2 (duplicate 1, not usable 1)\n\
         warning: 1 are past their end; what they signed before stays valid\n"
    );
}
