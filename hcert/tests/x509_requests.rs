//! Requests for a DSC and revocation lists made here: what makes them hold, one by one, and OpenSSL
//! on the same.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use std::{path::PathBuf, process::Command};

use hcert::{
    keys::{Algorithm, Signer, SoftwareKey},
    pem,
    time::Timestamp,
    x509::{
        Certificate, EventKind,
        crl::{CrlError, Reason, RevocationList, Revoked},
        make::{self, MakeError, Period, Subject},
        request::{Request, RequestError},
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

fn key(algorithm: Algorithm, seed: u8) -> SoftwareKey {
    let secret = Zeroizing::new([seed; 32]);
    match algorithm {
        Algorithm::EdDsa => SoftwareKey::eddsa(&secret),
        _ => SoftwareKey::es256(&secret).unwrap(),
    }
}

fn subject(common_name: &str) -> Subject<'_> {
    Subject {
        common_name,
        country: "VN",
        organisation: Some("Ministry of Health, Việt Nam"),
    }
}

fn csca(algorithm: Algorithm) -> (Certificate, SoftwareKey) {
    let key = key(algorithm, 1);
    let csca = make::csca(&subject("CSCA"), period(0, 1000), [7; 16], &key).unwrap();
    (csca, key)
}

fn dsc(serial: u8, (csca, csca_key): &(Certificate, SoftwareKey)) -> Certificate {
    make::dsc(
        &subject("DSC"),
        period(0, 500),
        [serial; 16],
        &key(Algorithm::Es256, 2).spki(),
        &[EventKind::Test],
        (csca, csca_key),
    )
    .unwrap()
}

fn revoked(dsc: &Certificate, from: i64, reason: Reason) -> Revoked {
    Revoked {
        serial: dsc.serial().to_vec(),
        revoked_at: day(20),
        reason,
        invalid_from: Some(day(from)),
    }
}

/// The replacement has to be of the same length.
fn replaced(der: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = der.windows(from.len()).position(|there| there == from);
    let at = at.expect("the bytes are there");
    let mut changed = der.to_vec();
    changed.splice(at..at + from.len(), to.iter().copied());
    changed
}

#[test]
fn a_request_becomes_the_dsc_that_the_csca_decides() {
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa] {
        let authority = csca(Algorithm::Es256);
        let key = key(algorithm, 3);
        let kinds = [EventKind::Vaccination, EventKind::Test];
        let request = Request::make(&subject("DSC 1"), &kinds, &key).unwrap();
        assert_eq!(
            request.subject(),
            "CN=DSC 1,O=Ministry of Health\\, Việt Nam,C=VN"
        );
        assert_eq!(request.country().as_deref(), Some("VN"));
        assert_eq!(request.usage().limits().collect::<Vec<_>>(), kinds);
        let proven = request.prove().unwrap();
        assert_eq!(proven.public_key().spki(), key.spki());

        let only = [EventKind::Recovery];
        let signer = (&authority.0, &authority.1 as &dyn Signer);
        let dsc = make::dsc_of_request(&proven, period(1, 99), [9; 16], &only, signer).unwrap();
        assert_eq!(dsc.check_issued_by(&authority.0), Ok(()));
        assert_eq!(dsc.subject(), request.subject());
        assert_eq!(dsc.spki().unwrap(), key.spki());
        assert_eq!(dsc.usage().limits().collect::<Vec<_>>(), only);
        assert_eq!((dsc.not_before(), dsc.not_after()), (day(1), day(99)));
        assert!(!dsc.is_authority());

        let late = make::dsc_of_request(&proven, period(1, 1001), [9; 16], &only, signer);
        assert_eq!(late.err(), Some(MakeError::Period));
    }
}

/// Whoever changes a request on its way, be it one bit, proves nothing any more.
#[test]
fn no_changed_request_is_proven() {
    let request = Request::make(&subject("DSC"), &[], &key(Algorithm::Es256, 3)).unwrap();
    let mut read = 0;
    for index in 0..request.der().len() {
        for bit in [1, 0x80] {
            let mut der = request.der().to_vec();
            der[index] ^= bit;
            if let Ok(request) = Request::from_der(&der) {
                read += 1;
                assert!(request.prove().is_err(), "byte {index}");
            }
        }
    }
    assert!(read > 100, "only {read} could be read");
}

#[test]
fn another_key_in_a_request_is_no_proof() {
    let (own, stolen) = (key(Algorithm::EdDsa, 3), key(Algorithm::EdDsa, 4));
    let request = Request::make(&subject("DSC"), &[], &own).unwrap();
    let (from, to) = (own.spki(), stolen.spki());
    let request = Request::from_der(&replaced(request.der(), &from, &to)).unwrap();
    assert_eq!(request.prove().unwrap_err(), RequestError::Possession);
}

#[test]
fn what_is_not_understood_is_refused() {
    let key = key(Algorithm::Es256, 3);
    let request = Request::make(&subject("DSC"), &[EventKind::Test], &key).unwrap();
    // The extended key usages as a SET instead of a SEQUENCE.
    let usages = [0x55, 0x1d, 0x25, 4, 15, 0x30];
    let changed = replaced(request.der(), &usages, &[0x55, 0x1d, 0x25, 4, 15, 0x31]);
    assert_eq!(
        Request::from_der(&changed).unwrap_err(),
        RequestError::Usage
    );
    // ECDSA with SHA-224 instead of SHA-256.
    let sha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    let changed = replaced(
        request.der(),
        &sha256,
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1],
    );
    let changed = Request::from_der(&changed).unwrap();
    let algorithm = RequestError::Algorithm("1.2.840.10045.4.3.1".into());
    assert_eq!(changed.prove().unwrap_err(), algorithm);
}

#[test]
fn what_is_no_request() {
    let request = Request::make(&subject("DSC"), &[], &key(Algorithm::Es256, 3)).unwrap();
    let more = [request.der(), &[0]].concat();
    let certificate = csca(Algorithm::Es256).0;
    for bytes in [&[][..], &more, certificate.der(), b"text"] {
        let error = Request::from_der(bytes).unwrap_err();
        assert!(matches!(error, RequestError::Encoding(_)), "{error}");
    }
    let error = Request::from_der(&[0x30; 20_000]).unwrap_err();
    assert_eq!(error, RequestError::Size(20_000));
    let unnamed = Request::make(&subject(" "), &[], &key(Algorithm::Es256, 3));
    assert_eq!(unnamed.unwrap().prove().unwrap_err(), RequestError::NoName);
}

#[test]
fn a_successor_is_the_same_but_for_key_and_period() {
    let authority = csca(Algorithm::Es256);
    let old = dsc(2, &authority);
    let key = key(Algorithm::EdDsa, 5);
    let signer = (&authority.0, &authority.1 as &dyn Signer);
    let new = make::successor(&old, period(450, 900), [8; 16], &key.spki(), signer).unwrap();
    assert_eq!(new.check_issued_by(&authority.0), Ok(()));
    assert_eq!((new.subject(), new.usage()), (old.subject(), old.usage()));
    assert_ne!(new.kid(), old.kid());
    assert!(new.not_before() < old.not_after());
}

#[test]
fn a_list_grows_and_keeps_what_it_had() {
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa] {
        let authority = csca(algorithm);
        let signer = (&authority.0, &authority.1 as &dyn Signer);
        let (one, two) = (dsc(2, &authority), dsc(3, &authority));
        let empty = RevocationList::make(None, &[], period(19, 40), signer).unwrap();
        assert_eq!((empty.number(), empty.entries().len()), (Some(1), 0));
        let first = [revoked(&one, 10, Reason::Superseded)];
        let list = RevocationList::make(Some(&empty), &first, period(20, 50), signer).unwrap();
        let second = [revoked(&two, 12, Reason::Unspecified)];
        let list = RevocationList::make(Some(&list), &second, period(21, 51), signer).unwrap();
        assert_eq!(list.check_signed_by(&authority.0), Ok(()));
        assert_eq!(list.number(), Some(3));
        assert_eq!(list.this_update(), day(21));
        assert_eq!(list.next_update(), Some(day(51)));
        assert_eq!(list.find(&one), Some(&first[0]));
        assert_eq!(list.find(&two), Some(&second[0]));
        assert_eq!(list.find(&dsc(4, &authority)), None);

        let worse = [revoked(&one, 0, Reason::KeyCompromise)];
        let list = RevocationList::make(Some(&list), &worse, period(22, 52), signer).unwrap();
        assert_eq!(list.entries().len(), 2);
        assert_eq!(list.find(&one), Some(&worse[0]));
        let read = RevocationList::from_der(list.der()).unwrap();
        assert_eq!(read.entries(), list.entries());
    }
}

#[test]
fn nobody_elses_list_is_carried_on() {
    let authority = csca(Algorithm::Es256);
    let signer = (&authority.0, &authority.1 as &dyn Signer);
    let list = RevocationList::make(None, &[], period(1, 2), signer).unwrap();
    // The same name, another key.
    let stranger_key = key(Algorithm::Es256, 6);
    let stranger = make::csca(&subject("CSCA"), period(0, 1000), [7; 16], &stranger_key).unwrap();
    let not_signed = CrlError::NotSignedBy(stranger.subject().into());
    assert_eq!(list.check_signed_by(&stranger), Err(not_signed.clone()));
    let made = RevocationList::make(Some(&list), &[], period(2, 3), (&stranger, &stranger_key));
    assert_eq!(made.err(), Some(MakeError::Crl(not_signed)));
    // Certificate and key of two authorities; a DSC as authority; a period that never is.
    let mixed = RevocationList::make(None, &[], period(1, 2), (&authority.0, &stranger_key));
    assert_eq!(mixed.err(), Some(MakeError::Authority));
    let dsc_key = key(Algorithm::Es256, 2);
    let lower = RevocationList::make(None, &[], period(1, 2), (&dsc(2, &authority), &dsc_key));
    assert_eq!(lower.err(), Some(MakeError::Authority));
    let never = RevocationList::make(None, &[], period(2, 2), signer);
    assert_eq!(never.err(), Some(MakeError::Period));
}

/// Some CSCAs may sign certificates only (key usage 0x04); ours may sign both (0x06).
#[test]
fn key_usage_decides_who_makes_lists() {
    let authority = csca(Algorithm::Es256);
    let both = [0x55, 0x1d, 15, 1, 1, 0xff, 4, 4, 3, 2, 1, 6];
    let mut only = both;
    (only[10], only[11]) = (2, 4);
    let changed = Certificate::from_der(&replaced(authority.0.der(), &both, &only)).unwrap();
    assert!(changed.is_authority());
    let may_not = CrlError::MayNot(changed.subject().into());
    let made = RevocationList::make(None, &[], period(1, 2), (&changed, &authority.1));
    assert_eq!(made.err(), Some(MakeError::Crl(may_not.clone())));
    let signer = (&authority.0, &authority.1 as &dyn Signer);
    let list = RevocationList::make(None, &[], period(1, 2), signer).unwrap();
    assert_eq!(list.check_signed_by(&changed), Err(may_not));
}

#[test]
fn no_changed_list_is_the_cscas() {
    let authority = csca(Algorithm::Es256);
    let entry = revoked(&dsc(2, &authority), 10, Reason::KeyCompromise);
    let signer = (&authority.0, &authority.1 as &dyn Signer);
    let list = RevocationList::make(None, &[entry], period(1, 2), signer).unwrap();
    let mut read = 0;
    for index in 0..list.der().len() {
        let mut der = list.der().to_vec();
        der[index] ^= 1;
        if let Ok(list) = RevocationList::from_der(&der) {
            read += 1;
            assert!(list.check_signed_by(&authority.0).is_err(), "byte {index}");
        }
    }
    assert!(read > 50, "only {read} could be read");
}

/// A list of changes only, or one of another scope, is marked by a critical extension; to read it as
/// a whole list would leave revoked certificates out.
#[test]
fn critical_extensions_are_not_ignored() {
    let authority = csca(Algorithm::EdDsa);
    let signer = (&authority.0, &authority.1 as &dyn Signer);
    let list = RevocationList::make(None, &[], period(1, 2), signer).unwrap();
    // The number's extension, as issuing distribution point of the same length, and critical:
    // OID 2.5.29.20, OCTET STRING { INTEGER 1 } -> OID 2.5.29.28, TRUE, OCTET STRING {}.
    let number = [6, 3, 0x55, 0x1d, 20, 4, 3, 2, 1, 1];
    let point = [6, 3, 0x55, 0x1d, 28, 1, 1, 0xff, 4, 0];
    let changed = replaced(list.der(), &number, &point);
    assert_eq!(
        RevocationList::from_der(&changed).unwrap_err(),
        CrlError::Extension("2.5.29.28".into())
    );
    let more = [list.der(), &[0]].concat();
    for bytes in [&[][..], &more, authority.0.der(), b"text"] {
        let error = RevocationList::from_der(bytes).unwrap_err();
        assert!(matches!(error, CrlError::Encoding(_)), "{error}");
    }
    let error = RevocationList::from_der(&vec![0x30; 2 << 20]).unwrap_err();
    assert_eq!(error, CrlError::Size(2 << 20));
}

#[test]
fn openssl_takes_them() {
    let Ok(version) = Command::new("openssl").arg("version").output() else {
        eprintln!("SKIPPED: there is no openssl here");
        return;
    };
    eprintln!("{}", String::from_utf8_lossy(&version.stdout));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("requests");
    std::fs::create_dir_all(&folder).unwrap();
    let openssl = |args: &[&str]| {
        let output = Command::new("openssl")
            .args(args)
            .current_dir(&folder)
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        assert!(output.status.success(), "{args:?}: {text}");
        text
    };
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa] {
        let authority = csca(algorithm);
        let entry = revoked(&dsc(2, &authority), 10, Reason::KeyCompromise);
        let signer = (&authority.0, &authority.1 as &dyn Signer);
        let list = RevocationList::make(None, &[entry], period(1, 2), signer).unwrap();
        let request = Request::make(&subject("DSC"), &[EventKind::Test], &key(algorithm, 3));
        for (name, label, der) in [
            ("csca.pem", "CERTIFICATE", authority.0.der()),
            ("list.pem", "X509 CRL", list.der()),
            ("request.pem", "CERTIFICATE REQUEST", request.unwrap().der()),
        ] {
            std::fs::write(folder.join(name), pem::encode(label, der)).unwrap();
        }
        let said = openssl(&["req", "-in", "request.pem", "-verify", "-noout", "-text"]);
        assert!(said.contains("verify OK"), "{said}");
        assert!(said.contains("1.3.6.1.4.1.1847.2021.1.1"), "{said}");
        let said = openssl(&[
            "crl", "-in", "list.pem", "-CAfile", "csca.pem", "-noout", "-text",
        ]);
        for wanted in [
            "verify OK",
            "Key Compromise",
            "Invalidity Date",
            "Jan 11 00:00:00 2026",
        ] {
            assert!(said.contains(wanted), "{wanted}: {said}");
        }
    }
}
