//! A CSCA and a DSC made here: what makes the chain hold, one by one, and OpenSSL on the same.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use hcert::{
    keys::{Algorithm, Signer, SoftwareKey},
    time::Timestamp,
    x509::{
        Certificate, ChainError, EventKind,
        make::{self, MakeError, Period, Subject},
    },
};
use zeroize::Zeroizing;

const DAY: i64 = 24 * 60 * 60;

fn day(number: i64) -> Timestamp {
    // From 2026-01-01.
    Timestamp::saturating(1_767_225_600 + number * DAY)
}

fn period(from: i64, to: i64) -> Period {
    Period {
        not_before: day(from),
        not_after: day(to),
    }
}

/// Fixed secrets: the same certificates in every run.
fn key(algorithm: Algorithm, seed: u8) -> SoftwareKey {
    let secret = Zeroizing::new([seed; 32]);
    match algorithm {
        Algorithm::EdDsa => SoftwareKey::eddsa(&secret),
        _ => SoftwareKey::es256(&secret).expect("within the group order"),
    }
}

fn subject(common_name: &str) -> Subject<'_> {
    Subject {
        common_name,
        country: "VN",
        organisation: Some("Ministry of Health, Việt Nam"),
    }
}

fn csca(common_name: &str, key: &SoftwareKey, period: Period) -> Certificate {
    make::csca(&subject(common_name), period, [7; 16], key).unwrap()
}

fn dsc(
    period: Period,
    csca: &Certificate,
    csca_key: &SoftwareKey,
    key: &SoftwareKey,
) -> Certificate {
    let kinds = [EventKind::Vaccination, EventKind::Recovery];
    let signer: &dyn Signer = csca_key;
    make::dsc(
        &subject("DSC 1"),
        period,
        [8; 16],
        &key.spki(),
        &kinds,
        (csca, signer),
    )
    .unwrap()
}

const BOTH: [Algorithm; 2] = [Algorithm::Es256, Algorithm::EdDsa];

#[test]
fn a_good_chain_holds() {
    for algorithm in BOTH {
        let (upper, lower) = (key(algorithm, 1), key(algorithm, 2));
        let csca = csca("CSCA", &upper, period(0, 1000));
        let dsc = dsc(period(1, 500), &csca, &upper, &lower);
        assert_eq!(dsc.check_issued_by(&csca), Ok(()));
        assert!(csca.is_authority() && !dsc.is_authority());
        assert!(csca.check_issued_by(&csca).is_ok(), "self-signed");
        assert_eq!(dsc.spki().unwrap(), lower.spki());
        assert_eq!(dsc.public_key().unwrap().algorithm(), algorithm);
        assert_eq!(dsc.country().as_deref(), Some("VN"));
        let allowed = EventKind::ALL.map(|kind| dsc.usage().allows(kind));
        assert_eq!(allowed, [true, false, true]);
        assert_eq!((dsc.not_before(), dsc.not_after()), (day(1), day(500)));
        for (instant, valid) in [
            (day(1).plus_seconds(-1), false),
            (day(1), true),
            (day(500), true),
            (day(500).plus_seconds(1), false),
        ] {
            assert_eq!(dsc.is_valid_at(instant), valid, "{instant}");
        }
    }
}

/// No byte of a DSC can be changed: what can still be read is refused.
#[test]
fn a_tampered_dsc_is_refused() {
    for algorithm in BOTH {
        let (upper, lower) = (key(algorithm, 1), key(algorithm, 2));
        let csca = csca("CSCA", &upper, period(0, 1000));
        let dsc = dsc(period(1, 500), &csca, &upper, &lower);
        let (mut unreadable, mut refused) = (0, 0);
        for at in 0..dsc.der().len() {
            for bit in [0x01, 0x80] {
                let mut der = dsc.der().to_vec();
                der[at] ^= bit;
                match Certificate::from_der(&der) {
                    Ok(tampered) => {
                        assert!(
                            tampered.check_issued_by(&csca).is_err(),
                            "byte {at}, {bit:02x}"
                        );
                        refused += 1;
                    }
                    Err(_) => unreadable += 1,
                }
            }
        }
        eprintln!("{algorithm}: {refused} refused, {unreadable} unreadable");
        assert!(refused > 300, "{refused}");

        let mut der = dsc.der().to_vec();
        *der.last_mut().unwrap() ^= 1;
        let error = Certificate::from_der(&der).unwrap().check_issued_by(&csca);
        assert!(matches!(error, Err(ChainError::Signature(_))), "{error:?}");
    }
}

#[test]
fn another_csca_is_refused() {
    for algorithm in BOTH {
        let (upper, lower) = (key(algorithm, 1), key(algorithm, 2));
        let csca_1 = csca("CSCA", &upper, period(0, 1000));
        let dsc = dsc(period(1, 500), &csca_1, &upper, &lower);
        // Of the same name, with another key: the key identifiers tell.
        let other = csca("CSCA", &key(algorithm, 3), period(0, 1000));
        let error = dsc.check_issued_by(&other);
        assert!(
            matches!(error, Err(ChainError::OtherIssuer { .. })),
            "{error:?}"
        );
        // The same key under another name is still who signed: the identifier is of the key.
        let renamed = csca("Other name", &upper, period(0, 1000));
        assert_eq!(dsc.check_issued_by(&renamed), Ok(()));
    }
    // And of another kind of key.
    let upper = key(Algorithm::Es256, 1);
    let csca_1 = csca("CSCA", &upper, period(0, 1000));
    let below = dsc(period(1, 500), &csca_1, &upper, &key(Algorithm::Es256, 2));
    let other = csca("CSCA", &key(Algorithm::EdDsa, 1), period(0, 1000));
    assert!(below.check_issued_by(&other).is_err());
}

#[test]
fn only_an_authority_may_issue() {
    for algorithm in BOTH {
        let (upper, lower) = (key(algorithm, 1), key(algorithm, 2));
        let csca = csca("CSCA", &upper, period(0, 1000));
        let dsc_1 = dsc(period(1, 500), &csca, &upper, &lower);
        // A DSC's key can't issue: not here,
        let kinds = [EventKind::Test];
        let pair: (&Certificate, &dyn Signer) = (&dsc_1, &lower);
        let made = make::dsc(
            &subject("Below"),
            period(2, 3),
            [9; 16],
            &lower.spki(),
            &kinds,
            pair,
        );
        assert_eq!(made.map(drop), Err(MakeError::Authority));
        // and not when somebody makes it elsewhere: an impostor of the same key that says CA
        // issues, and the DSC itself is asked.
        let impostor = self::csca("DSC 1", &lower, period(0, 1000));
        let below = dsc(period(2, 3), &impostor, &lower, &key(algorithm, 4));
        assert_eq!(below.check_issued_by(&impostor), Ok(()));
        let error = below.check_issued_by(&dsc_1);
        assert!(
            matches!(error, Err(ChainError::NotAnAuthority(_))),
            "{error:?}"
        );
    }
}

#[test]
fn a_dsc_does_not_begin_after_the_end_of_its_csca() {
    for algorithm in BOTH {
        let (upper, lower) = (key(algorithm, 1), key(algorithm, 2));
        let long = csca("CSCA", &upper, period(0, 1000));
        for (short, holds) in [
            (period(0, 100), false),
            (period(0, 101), true),
            (period(101, 1000), true),
            (period(102, 1000), true),
            (period(500, 1000), true),
            (period(501, 1000), true),
        ] {
            // The same key, certified for another period.
            let renewed = csca("CSCA", &upper, short);
            let dsc = dsc(period(101, 500), &long, &upper, &lower);
            let result = dsc.check_issued_by(&renewed);
            match holds {
                true => assert_eq!(result, Ok(())),
                false => assert!(
                    matches!(result, Err(ChainError::Period { .. })),
                    "{result:?}"
                ),
            }
        }
        // Making one that would outlive its authority is refused.
        for outside in [period(-1, 500), period(1, 1001), period(5, 5), period(6, 5)] {
            let pair: (&Certificate, &dyn Signer) = (&long, &upper);
            let made = make::dsc(&subject("DSC"), outside, [8; 16], &lower.spki(), &[], pair);
            assert_eq!(made.map(drop), Err(MakeError::Period), "{outside:?}");
        }
    }
}

/// `openssl verify` agrees, in good and in bad.
#[test]
fn openssl_agrees() {
    if Command::new("openssl").arg("version").output().is_err() {
        use std::io::Write as _;
        let said = writeln!(std::io::stderr(), "SKIPPED: no openssl on this machine");
        said.expect("stderr can be written");
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("x509");
    std::fs::create_dir_all(&folder).unwrap();
    for algorithm in BOTH {
        let (upper, lower) = (key(algorithm, 1), key(algorithm, 2));
        let good = csca("CSCA", &upper, period(0, 1000));
        let other = csca("CSCA", &key(algorithm, 3), period(0, 1000));
        let dsc = dsc(period(1, 500), &good, &upper, &lower);
        let mut tampered = dsc.der().to_vec();
        *tampered.last_mut().unwrap() ^= 1;
        let tampered = Certificate::from_der(&tampered).unwrap();
        for (authority, certificate, at, holds) in [
            (&good, &dsc, day(100), true),
            (&good, &dsc, day(501), false),
            (&other, &dsc, day(100), false),
            (&good, &tampered, day(100), false),
            (&good, &good, day(100), true),
        ] {
            let ca = pem(&folder, "ca", authority);
            let leaf = pem(&folder, "leaf", certificate);
            let output = Command::new("openssl")
                .args(["verify", "-x509_strict", "-check_ss_sig", "-attime"])
                .arg(at.unix().to_string())
                .arg("-CAfile")
                .args([ca, leaf])
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.success(), holds, "{algorithm}: {said}");
            let ours =
                certificate.check_issued_by(authority).is_ok() && certificate.is_valid_at(at);
            assert_eq!(ours, holds, "{algorithm}");
        }
    }
}

fn pem(folder: &Path, name: &str, certificate: &Certificate) -> PathBuf {
    let path = folder.join(format!("{name}.pem"));
    let text = hcert::base64::encode(certificate.der());
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| str::from_utf8(line).unwrap())
        .collect();
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    );
    std::fs::write(&path, pem).unwrap();
    path
}
