//! Which key signs on which day, and what is due.

use hcert::{
    keys::{SignError, Signer},
    x509::EventKind::{self, Recovery, Test, Vaccination},
};
use keyring::{
    Dsc, DscError, DscTerms, Due, Keyring, NoKey, Place,
    Profile::{self, International, National},
    Stop,
};

use crate::made::{DAY, csca, day, dsc, key, limited, period, terms};

/// Two keys that overlap in June 2026, and a third after a gap in 2027.
fn rotating() -> Keyring {
    Keyring::new(vec![
        dsc(National, 1, ("2026-01-01", "2026-07-01", "2027-07-01")),
        dsc(National, 2, ("2026-06-01", "2027-01-01", "2028-01-01")),
        dsc(National, 3, ("2027-02-01", "2027-08-01", "2028-08-01")),
    ])
    .unwrap()
}

#[test]
fn the_newest_key_signs_and_the_old_one_for_what_is_left() {
    let keyring = rotating();
    let number = |dsc: &Dsc| {
        let index = keyring.all().iter().position(|one| one.kid() == dsc.kid());
        index.unwrap() + 1
    };
    for (at, days, signs) in [
        ("2025-12-31", 365, Err("2026-01-01T00:00:00Z")),
        ("2026-01-01", 365, Ok(1)),
        ("2026-05-31", 365, Ok(1)),
        ("2026-06-01", 365, Ok(2)),
        ("2026-06-30", 365, Ok(2)),
        ("2026-07-01", 365, Ok(2)),
        ("2026-12-31", 365, Ok(2)),
        ("2026-12-31", 367, Err("366 days")),
        (
            "2027-01-01",
            30,
            Err("the next begins at 2027-02-01T00:00:00Z"),
        ),
        ("2027-02-01", 365, Ok(3)),
        ("2027-07-31", 365, Ok(3)),
        (
            "2027-08-01",
            30,
            Err("stopped signing at 2027-08-01T00:00:00Z"),
        ),
    ] {
        let expires = day(at).plus_seconds(days * DAY);
        let picked = keyring.pick(National, Vaccination, day(at), expires);
        match (picked.map(number), signs) {
            (Ok(there), Ok(wanted)) => assert_eq!(there, wanted, "{at}"),
            (Err(error), Err(words)) => {
                assert!(error.to_string().contains(words), "{at}: {error}");
            }
            (there, wanted) => panic!("{at}: {there:?}, {wanted:?}"),
        }
    }
}

/// The newer key's certificate may end sooner: then the older one signs what lasts longer.
#[test]
fn a_certificate_is_signed_by_a_key_that_lasts_as_long() {
    let keyring = Keyring::new(vec![
        dsc(National, 1, ("2026-01-01", "2026-07-01", "2028-01-01")),
        dsc(National, 2, ("2026-02-01", "2026-07-01", "2027-01-01")),
    ])
    .unwrap();
    let at = day("2026-03-01");
    let picked = |expires| {
        keyring
            .pick(National, Vaccination, at, expires)
            .map(|dsc| dsc.from())
    };
    let end = day("2027-01-01");
    assert_eq!(picked(end), Ok(day("2026-02-01")));
    assert_eq!(picked(end.plus_seconds(1)), Ok(day("2026-01-01")));
    let expires = day("2028-01-01").plus_seconds(1);
    let latest = day("2028-01-01");
    assert_eq!(
        picked(expires),
        Err(NoKey::Expiry {
            expires,
            latest,
            days: 671
        })
    );
}

#[test]
fn no_key_says_why() {
    let keyring = Keyring::new(vec![
        limited(
            National,
            1,
            &[Test],
            ("2026-01-01", "2026-07-01", "2027-07-01"),
        ),
        dsc(International, 2, ("2026-03-01", "2026-07-01", "2027-07-01")),
    ])
    .unwrap();
    let why = |profile, usage, at| {
        let at = day(at);
        keyring.pick(profile, usage, at, at).unwrap_err()
    };
    assert_eq!(
        why(National, Recovery, "2026-02-01"),
        NoKey::Use {
            profile: National,
            usage: Recovery
        }
    );
    let first = day("2026-03-01");
    assert_eq!(
        why(International, Test, "2026-02-01"),
        NoKey::NotBegun {
            profile: International,
            usage: Test,
            first
        }
    );
    let ended = day("2026-07-01");
    assert_eq!(
        why(National, Test, "2026-07-01"),
        NoKey::Ended {
            profile: National,
            usage: Test,
            ended,
            next: None
        }
    );
    let none = Keyring::default();
    let at = day("2026-01-01");
    assert_eq!(
        none.pick(National, Test, at, at).unwrap_err(),
        NoKey::Profile { profile: National }
    );
}

#[test]
fn what_is_due() {
    let keyring = rotating();
    let begins = |number: u8, from| Due::Begins {
        kid: keyring.all()[usize::from(number) - 1].kid().clone(),
        profile: National,
        from: day(from),
    };
    let ends = |number: u8, ends| Due::CertificateEnds {
        kid: keyring.all()[usize::from(number) - 1].kid().clone(),
        profile: National,
        ends: day(ends),
    };
    let successor = |ends, next: Option<&str>| Due::Successor {
        profile: National,
        uses: vec![Vaccination, Test, Recovery],
        ends: day(ends),
        next: next.map(day),
    };
    for (at, ahead, expected) in [
        (
            "2026-05-01",
            60,
            vec![begins(2, "2026-06-01"), begins(3, "2027-02-01")],
        ),
        ("2026-06-15", 60, vec![begins(3, "2027-02-01")]),
        ("2026-10-01", 91, vec![begins(3, "2027-02-01")]),
        (
            "2026-10-01",
            92,
            vec![
                successor("2027-01-01", Some("2027-02-01")),
                begins(3, "2027-02-01"),
            ],
        ),
        (
            "2027-01-15",
            10,
            vec![
                successor("2027-01-15", Some("2027-02-01")),
                begins(3, "2027-02-01"),
            ],
        ),
        (
            "2027-06-20",
            45,
            vec![ends(1, "2027-07-01"), successor("2027-08-01", None)],
        ),
        ("2029-01-01", 30, vec![successor("2029-01-01", None)]),
    ] {
        assert_eq!(keyring.due(day(at), ahead), expected, "{at}");
    }
    let words: Vec<String> = keyring
        .due(day("2026-10-01"), 92)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        words[0].contains("(vaccination, test, recovery) after 2027-01-01T00:00:00Z until"),
        "{words:?}"
    );
    assert_eq!(Keyring::default().due(day("2026-01-01"), 99), []);
}

/// A kind that only one of two keys signs is missed by itself.
#[test]
fn a_use_without_successor_is_due_alone() {
    let keyring = Keyring::new(vec![
        dsc(National, 1, ("2026-01-01", "2026-07-01", "2027-07-01")),
        limited(
            National,
            2,
            &[Vaccination, Test],
            ("2026-06-01", "2027-07-01", "2028-07-01"),
        ),
    ])
    .unwrap();
    assert_eq!(
        keyring.due(day("2026-06-10"), 60),
        [Due::Successor {
            profile: National,
            uses: vec![Recovery],
            ends: day("2026-07-01"),
            next: None
        }]
    );
}

#[test]
fn one_certificate_once() {
    let same = || dsc(National, 1, ("2026-01-01", "2026-07-01", "2027-07-01"));
    let error = Keyring::new(vec![same(), same()]).unwrap_err();
    assert!(error.to_string().contains("is there twice"), "{error}");
}

/// Says that it has another key than it signs with.
struct Impostor(hcert::keys::SoftwareKey, Vec<u8>);

impl Signer for Impostor {
    fn algorithm(&self) -> hcert::keys::Algorithm {
        self.0.algorithm()
    }

    fn spki(&self) -> Vec<u8> {
        self.1.clone()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        self.0.sign(message)
    }
}

#[test]
fn keys_that_can_not_be_what_they_are_to_be() {
    let csca = csca();
    let right = period("2026-01-01", "2027-07-01");
    let national = key(National, 1);
    let only_tests = csca.dsc(&national.spki(), &[Test], right);
    let make = |profile: Profile, terms: DscTerms| {
        Dsc::new(
            only_tests.clone(),
            Box::new(key(profile, 1)),
            Place::File,
            &terms,
        )
    };
    let plain = terms(National, "2026-01-01", "2026-07-01");
    let fault = |terms: DscTerms| make(National, terms).unwrap_err().to_string();
    assert!(make(National, plain.clone()).is_ok());

    let wrong = make(National, terms(International, "2026-01-01", "2026-07-01"));
    assert_eq!(
        wrong.unwrap_err().to_string(),
        "international certificates are signed with ES256, PS256, and this key signs EdDSA"
    );
    let wrong = make(International, plain.clone()).unwrap_err();
    assert!(
        wrong
            .to_string()
            .contains("signed with EdDSA, and this key signs ES256")
    );

    let uses = vec![EventKind::Vaccination];
    assert!(
        fault(DscTerms {
            uses,
            ..plain.clone()
        })
        .contains("may not sign a vaccination")
    );
    for until in [Stop::At(day("2027-07-01")), Stop::BeforeEnd { days: 0 }] {
        let words = fault(DscTerms {
            until,
            ..plain.clone()
        });
        assert!(
            words.contains("stop before the certificate ends"),
            "{words}"
        );
    }
    let from = Some(day("2025-12-31"));
    assert!(
        fault(DscTerms {
            from,
            ..plain.clone()
        })
        .contains("begin no earlier")
    );
    let from = Some(day("2026-07-01"));
    assert!(
        fault(DscTerms {
            from,
            ..plain.clone()
        })
        .contains("never would sign")
    );

    let signer = Box::new(key(National, 2));
    let other = Dsc::new(only_tests.clone(), signer, Place::File, &plain).unwrap_err();
    assert!(matches!(other, DscError::KeyAndCertificate(_)), "{other}");
    let signer = Box::new(Impostor(key(National, 2), national.spki()));
    let other = Dsc::new(only_tests.clone(), signer, Place::File, &plain).unwrap_err();
    assert!(matches!(other, DscError::KeyAndCertificate(_)), "{other}");

    let international = terms(International, "2026-01-01", "2026-07-01");
    let (certificate, key) = (csca.certificate, Box::new(csca.key));
    let authority = Dsc::new(certificate, key, Place::File, &international).unwrap_err();
    assert!(
        authority.to_string().contains("stays offline"),
        "{authority}"
    );
}

#[test]
fn what_is_left_out_comes_from_the_certificate() {
    let csca = csca();
    let key = key(National, 1);
    let certificate = csca.dsc(
        &key.spki(),
        &[Test, Recovery],
        period("2026-01-01", "2027-07-01"),
    );
    let terms = DscTerms {
        profile: National,
        uses: Vec::new(),
        from: None,
        until: Stop::BeforeEnd { days: 365 },
    };
    let dsc = Dsc::new(certificate.clone(), Box::new(key), Place::File, &terms).unwrap();
    assert_eq!(dsc.uses(), [Test, Recovery]);
    assert_eq!(
        (dsc.from(), dsc.until()),
        (day("2026-01-01"), day("2026-07-01"))
    );
    assert_eq!(dsc.kid(), &certificate.kid());
    assert_eq!(dsc.place().name(), "file");
    assert!(!format!("{dsc:?}").contains("signer"));
    for profile in Profile::ALL {
        assert_eq!(profile.name().parse(), Ok(profile));
    }
    assert!("both".parse::<Profile>().is_err());
}
