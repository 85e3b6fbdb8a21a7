//! Document signers in files.

use std::{fs, path::PathBuf};

use hcert::{
    keys::Signer as _,
    pem,
    x509::{Certificate, EventKind::Vaccination},
};
use keyring::{
    Certifier, Dsc, Keyring, OpenError, Place, Profile::National, Secret, Source, SourceError,
    Terms,
};
use keystore::{Fresh, PrivateKey};
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::made::{csca, day, dcc, key, period, terms};

/// A sealed key and its certificate, below its CSCA in the same file.
struct Files {
    folder: TempDir,
    dsc: Certificate,
}

fn files() -> Files {
    let folder = tempfile::tempdir().unwrap();
    let (csca, key) = (csca(), key(National, 1));
    let dsc = csca.dsc(&key.spki(), &[], period("2026-01-01", "2027-07-01"));
    let mut fresh = Fresh::default();
    getrandom::fill(&mut fresh.salt).unwrap();
    getrandom::fill(&mut fresh.iv).unwrap();
    let sealed = PrivateKey::Software(key)
        .seal("correct horse", &fresh)
        .unwrap();
    fs::write(folder.path().join("dsc.key"), sealed.as_bytes()).unwrap();
    let both =
        pem::encode("CERTIFICATE", csca.certificate.der()) + &pem::encode("CERTIFICATE", dsc.der());
    fs::write(folder.path().join("dsc.pem"), both).unwrap();
    Files { folder, dsc }
}

impl Files {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self, certificate: &str, passphrase: &str) -> Result<Dsc, OpenError> {
        let source = Source::File {
            key: self.path("dsc.key"),
            certificate: self.path(certificate),
            passphrase: Secret::new(passphrase.to_owned()),
        };
        assert!(!format!("{source:?}").contains(passphrase));
        Dsc::open(&source, &terms(National, "2026-01-01", "2026-07-01"))
    }
}

#[test]
fn opened_and_signing() {
    let files = files();
    let dsc = files.open("dsc.pem", "correct horse").unwrap();
    assert_eq!((dsc.kid(), dsc.place()), (&files.dsc.kid(), Place::File));
    let keyring = Keyring::new(vec![dsc]).unwrap();
    let certifier = Certifier::new(keyring.into(), Terms::new("VN").unwrap());
    let certified = certifier.certify(
        &dcc(Vaccination, 1),
        &[National],
        day("2026-02-01"),
        day("2027-02-01"),
    );
    assert!(certified.unwrap().codes[0].text.starts_with("HC1:"));
    // In DER it is the same certificate.
    fs::write(files.path("dsc.cer"), files.dsc.der()).unwrap();
    assert!(files.open("dsc.cer", "correct horse").is_ok());
}

#[test]
fn what_can_not_be_opened_says_why() {
    let files = files();
    let other = csca().dsc(
        &key(National, 2).spki(),
        &[],
        period("2026-01-01", "2027-07-01"),
    );
    let pem = pem::encode("CERTIFICATE", other.der());
    fs::write(files.path("other.pem"), pem).unwrap();
    fs::write(files.path("empty.pem"), "").unwrap();
    fs::write(files.path("long.pem"), vec![b' '; 300_000]).unwrap();
    let key = PrivateKey::Software(key(National, 1));
    let PrivateKey::Software(open) = &key else {
        panic!("made so above")
    };
    let der = Zeroizing::new(open.to_pkcs8().unwrap().as_bytes().to_vec());
    for (certificate, passphrase, words) in [
        (
            "dsc.pem",
            "wrong horse",
            "dsc.key: the passphrase is not the one of this key",
        ),
        (
            "other.pem",
            "correct horse",
            "other.pem: no certificate in it is of this private key",
        ),
        ("none.pem", "correct horse", "none.pem: can't be read"),
        ("empty.pem", "correct horse", "empty.pem: "),
        ("long.pem", "correct horse", "more than 262144 bytes"),
        ("dsc.key", "correct horse", "private key"),
    ] {
        let error = files.open(certificate, passphrase).unwrap_err();
        assert!(error.to_string().contains(words), "{certificate}: {error}");
        assert!(matches!(error, OpenError::Source(_)), "{error:?}");
    }
    fs::write(files.path("dsc.key"), pem::encode("PRIVATE KEY", &der)).unwrap();
    let error = files.open("dsc.pem", "correct horse").unwrap_err();
    let sealed = matches!(error, OpenError::Source(SourceError::Sealed { .. }));
    assert!(sealed && error.to_string().contains("lies open"), "{error}");
}
