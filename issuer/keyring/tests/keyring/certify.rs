//! Certifying: what comes out verifies, and what does not verify does not come out.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use hcert::{
    keys::{Algorithm, SignError, Signer, SoftwareKey},
    x509::EventKind::{self, Recovery, Test, Vaccination},
};
use keyring::{
    Certifier, CertifyError, Dsc, Keyring, NoKey, Place,
    Profile::{self, International, National},
    Terms, verifier_of,
};
use verifier::{Stage, Verifier, trust::TrustBuilder};

use crate::made::{DAY, csca, day, dcc, dsc, key, limited, period, terms};

fn certifier(all: Vec<Dsc>) -> Certifier {
    let keyring = Arc::new(Keyring::new(all).unwrap());
    Certifier::new(keyring, Terms::new("VN").unwrap())
}

fn both() -> Certifier {
    certifier(vec![
        dsc(National, 1, ("2026-01-01", "2026-07-01", "2027-07-01")),
        dsc(International, 2, ("2026-01-01", "2026-07-01", "2027-07-01")),
    ])
}

/// As a verifier in the field has it: the CSCA above the DSCs.
fn border(certifier: &Certifier) -> Verifier {
    let mut trust = TrustBuilder::new();
    trust.add_file(csca().certificate.der()).unwrap();
    for dsc in certifier.keyring().all() {
        trust.add_file(dsc.certificate().der()).unwrap();
    }
    Verifier::new(trust.build())
}

#[test]
fn every_kind_for_both_profiles() {
    let certifier = both();
    let verifier = border(&certifier);
    let (at, end) = (day("2026-02-01"), day("2027-02-01"));
    for kind in EventKind::ALL {
        let dcc = dcc(kind, 7);
        // A profile that is asked for twice is signed once.
        let asked = [International, National, International];
        let certified = certifier.certify(&dcc, &asked, at, end).unwrap();
        let profiles: Vec<Profile> = certified.codes.iter().map(|code| code.profile).collect();
        assert_eq!(profiles, [International, National]);
        for code in &certified.codes {
            let verdict = verifier.verify(&code.text, at);
            let signer = verdict.signer.clone().unwrap();
            let valid = verdict.result.unwrap();
            assert_eq!(valid.payload(), dcc.to_json());
            assert_eq!(valid.issuer(), Some("VN"));
            assert_eq!(verdict.expires_at, Some(end));
            assert_eq!(signer.kid(), Some(&code.kid));
            let algorithm = signer.key().unwrap().algorithm();
            assert!(code.profile.allows(algorithm), "{algorithm}");
        }
        let shown = format!("{certified:?}");
        assert!(
            !shown.contains("HC1:") && !shown.contains("Nguy"),
            "{shown}"
        );
    }
}

/// Two keys each of one use and profile: each signs its own.
#[test]
fn the_key_of_the_use_signs() {
    let period = ("2026-01-01", "2026-07-01", "2027-07-01");
    let certifier = certifier(vec![
        limited(National, 1, &[Vaccination], period),
        limited(National, 2, &[Test, Recovery], period),
    ]);
    let (at, end) = (day("2026-02-01"), day("2027-02-01"));
    for (kind, index) in [(Vaccination, 0), (Test, 1), (Recovery, 1)] {
        let certified = certifier
            .certify(&dcc(kind, 1), &[National], at, end)
            .unwrap();
        assert_eq!(
            &certified.codes[0].kid,
            certifier.keyring().all()[index].kid()
        );
    }
}

#[test]
fn all_texts_or_none() {
    let national = certifier(vec![dsc(
        National,
        1,
        ("2026-01-01", "2026-07-01", "2027-07-01"),
    )]);
    let at = day("2026-02-01");
    let certify = |profiles: &[Profile], days: i64| {
        national
            .certify(
                &dcc(Vaccination, 1),
                profiles,
                at,
                at.plus_seconds(days * DAY),
            )
            .unwrap_err()
    };
    assert_eq!(certify(&[], 1), CertifyError::NoProfile);
    assert!(matches!(
        certify(&[National], 0),
        CertifyError::NeverValid { .. }
    ));
    assert_eq!(
        certify(&[National, International], 1),
        CertifyError::NoKey(NoKey::Profile {
            profile: International
        })
    );
    let words = certify(&[National], 516).to_string();
    assert!(words.contains("at most 515 days fit"), "{words}");
    for country in ["", "V", "vn", "VNM", "Ộ"] {
        assert!(Terms::new(country).is_err(), "{country}");
    }
}

/// Signs the probe at opening, and something else or nothing after.
struct Failing(SoftwareKey, AtomicUsize, Fault);

#[derive(Clone, Copy)]
enum Fault {
    Bit,
    Other,
    Refuses,
}

impl Signer for Failing {
    fn algorithm(&self) -> Algorithm {
        self.0.algorithm()
    }

    fn spki(&self) -> Vec<u8> {
        self.0.spki()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let mut signature = self.0.sign(message)?;
        if self.1.fetch_add(1, Ordering::SeqCst) == 0 {
            return Ok(signature);
        }
        match self.2 {
            Fault::Bit => signature[9] ^= 1,
            Fault::Other => return self.0.sign(b"another message"),
            Fault::Refuses => return Err(SignError("the device is on fire".into())),
        }
        Ok(signature)
    }
}

#[test]
fn what_fails_its_own_verification_does_not_come_out() {
    let (at, end) = (day("2026-02-01"), day("2027-02-01"));
    for fault in [Fault::Bit, Fault::Other, Fault::Refuses] {
        let key = key(National, 1);
        let certificate = csca().dsc(&key.spki(), &[], period("2026-01-01", "2027-07-01"));
        let kid = certificate.kid();
        let signer = Failing(key, AtomicUsize::new(0), fault);
        let terms = terms(National, "2026-01-01", "2026-07-01");
        let dsc = Dsc::new(certificate, Box::new(signer), Place::File, &terms).unwrap();
        let failed = certifier(vec![dsc]).certify(&dcc(Vaccination, 1), &[National], at, end);
        match (failed.unwrap_err(), fault) {
            (CertifyError::Sign { error, .. }, Fault::Refuses) => {
                assert!(error.to_string().contains("on fire"), "{error}");
            }
            (
                CertifyError::NotVerified {
                    kid: of,
                    stage,
                    failure,
                    ..
                },
                _,
            ) => {
                assert_eq!((of, stage), (kid, "signature"));
                assert_eq!(failure.unwrap().stage(), Stage::Signature);
            }
            (other, _) => panic!("{other:?}"),
        }
    }
}

#[test]
fn from_many_threads() {
    let certifier = both();
    let (at, end) = (day("2026-02-01"), day("2027-02-01"));
    std::thread::scope(|scope| {
        for thread in 0..8_u32 {
            let certifier = &certifier;
            scope.spawn(move || {
                for number in 0..10 {
                    let dcc = dcc(Vaccination, thread * 100 + number);
                    let certified = certifier.certify(&dcc, &Profile::ALL, at, end).unwrap();
                    let national = &certifier.keyring().all()[0];
                    let verdict =
                        verifier_of(national.certificate()).verify(&certified.codes[0].text, at);
                    assert_eq!(verdict.result.unwrap().payload(), dcc.to_json());
                }
            });
        }
    });
}
