//! The folder `trust/`: certificates, bare keys and revocation batches that the vectors name.

use std::{cell::RefCell, collections::BTreeMap};

use anyhow::{Context, Result};
use hcert::kid::Kid;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{
    certificate::{Draft, usage},
    der,
    keys::Key,
};

/// A DSC with its private key.
pub(super) struct Dsc {
    pub(super) key: Key,
    pub(super) der: Vec<u8>,
    pub(super) kid: Vec<u8>,
}

/// What a revocation batch lists (dgc-gateway, RevocationHashTypeDto).
#[derive(Debug, Clone, Copy)]
pub(super) enum Hashed<'a> {
    /// A UVCI.
    Uci(&'a str),
    /// Country and UVCI.
    CountryCodeUci(&'a str, &'a str),
    /// The signature, or of ES256 its first half.
    Signature(&'a [u8]),
}

/// All keys, and all files made so far.
pub(super) struct Trust {
    dscs: BTreeMap<&'static str, Dsc>,
    files: RefCell<BTreeMap<String, Vec<u8>>>,
}

const CSCA: &str = "TEST CSCA";
const CSCA_PERIOD: (&str, &str) = ("2025-01-01T00:00:00Z", "2035-01-01T00:00:00Z");
const PERIOD: (&str, &str) = ("2025-06-01T00:00:00Z", "2028-06-01T00:00:00Z");

/// A point that satisfies no curve equation, a point of order 1, and other keys that nobody has.
const OFF_CURVE: [u8; 64] = [7; 64];
const IDENTITY: [u8; 32] = {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    bytes
};

impl Trust {
    /// Makes every key and certificate.
    pub(super) fn new() -> Result<Trust> {
        let mut trust = Trust {
            dscs: BTreeMap::new(),
            files: RefCell::default(),
        };
        let csca = Key::es256("csca")?;
        let forger = Key::es256("csca of a forger")?;
        let other = Key::es256("other csca")?;
        let ended = Key::es256("ended csca")?;
        trust.csca("csca", CSCA, CSCA_PERIOD, &csca);
        trust.csca("csca-other", "TEST CSCA other", CSCA_PERIOD, &other);
        let ended_period = ("2024-01-01T00:00:00Z", "2025-03-01T00:00:00Z");
        trust.csca("csca-ended", "TEST CSCA ended", ended_period, &ended);

        let dsc = |spki: Vec<u8>| Draft {
            subject: "",
            issuer: CSCA,
            period: PERIOD,
            spki,
            issuer_spki: csca.spki(),
            usages: &[],
            authority: false,
        };
        let es256 = |name: &str| Key::es256(name);
        for (name, key) in [
            ("dsc-es256", es256("dsc-es256")?),
            ("dsc-ps256", Key::ps256("dsc-ps256")?),
            ("dsc-eddsa", Key::eddsa("dsc-eddsa")),
            ("dsc-second", es256("dsc-second")?),
        ] {
            trust.issue(name, dsc(key.spki()), key, &csca);
        }
        for (name, usages) in [
            ("dsc-vaccination", &[usage::VACCINATION][..]),
            ("dsc-test", &[usage::TEST]),
            ("dsc-recovery", &[usage::RECOVERY]),
            ("dsc-test-and-recovery", &[usage::TEST, usage::RECOVERY]),
            ("dsc-old-arc-vaccination", &[usage::OLD_VACCINATION]),
            ("dsc-client-auth", &[usage::CLIENT_AUTH]),
            (
                "dsc-client-auth-vaccination",
                &[usage::CLIENT_AUTH, usage::VACCINATION],
            ),
        ] {
            let key = es256(name)?;
            let draft = Draft {
                usages,
                ..dsc(key.spki())
            };
            trust.issue(name, draft, key, &csca);
        }
        for (name, start, end) in [
            ("dsc-ended-before-issue", PERIOD.0, "2025-12-31T23:59:59Z"),
            ("dsc-ended-since-issue", PERIOD.0, "2026-02-01T00:00:00Z"),
            ("dsc-begins-after-issue", "2026-02-01T00:00:00Z", PERIOD.1),
        ] {
            let key = es256(name)?;
            let draft = Draft {
                period: (start, end),
                ..dsc(key.spki())
            };
            trust.issue(name, draft, key, &csca);
        }

        let key = es256("dsc-forged")?;
        let draft = dsc(key.spki());
        trust.issue("dsc-forged", draft, key, &forger);
        for (name, issuer, authority) in [
            ("dsc-of-other-csca", "TEST CSCA other", &other),
            ("dsc-of-ended-csca", "TEST CSCA ended", &ended),
        ] {
            let key = es256(name)?;
            let draft = Draft {
                issuer,
                issuer_spki: authority.spki(),
                ..dsc(key.spki())
            };
            trust.issue(name, draft, key, authority);
        }

        let p256 = [
            der::oid("1.2.840.10045.2.1"),
            der::oid("1.2.840.10045.3.1.7"),
        ];
        let point = [&[4], &OFF_CURVE[..]].concat();
        let off_curve = der::sequence(&[der::sequence(&p256), der::bits(&point)]);
        trust.issue(
            "dsc-key-off-curve",
            dsc(off_curve),
            es256("dsc-key-off-curve")?,
            &csca,
        );
        let ed25519 = der::sequence(&[der::oid("1.3.101.112")]);
        let identity = der::sequence(&[ed25519, der::bits(&IDENTITY)]);
        trust.issue(
            "dsc-key-identity",
            dsc(identity),
            Key::eddsa("dsc-key-identity"),
            &csca,
        );
        trust.bare_keys()?;
        trust.shared_kids()?;
        Ok(trust)
    }

    /// A signer.
    ///
    /// # Panics
    /// If there is none of this name.
    pub(super) fn dsc(&self, name: &str) -> &Dsc {
        self.dscs
            .get(name)
            .unwrap_or_else(|| panic!("no signer is called {name}"))
    }

    /// The files, by name.
    pub(super) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.files.borrow().clone()
    }

    /// Adds a revocation batch of one hash for the country XX.
    pub(super) fn revoke(&self, file: &str, hashed: Hashed<'_>) {
        self.revoke_until(file, "XX", "2030-01-01T00:00:00Z", hashed);
    }

    /// Adds a revocation batch of one hash for any country and time.
    pub(super) fn revoke_until(
        &self,
        file: &str,
        country: &str,
        expires: &str,
        hashed: Hashed<'_>,
    ) {
        let (kind, digest) = match hashed {
            Hashed::Uci(uci) => ("UCI", Sha256::digest(uci)),
            Hashed::CountryCodeUci(country, uci) => {
                ("COUNTRYCODEUCI", Sha256::digest([country, uci].concat()))
            }
            Hashed::Signature(bytes) => ("SIGNATURE", Sha256::digest(bytes)),
        };
        let batch = json!({
            "country": country,
            "expires": expires,
            "kid": "UNKNOWN_KID",
            "hashType": kind,
            "entries": [{ "hash": hcert::base64::encode(&digest[..16]) }],
        });
        self.add(file, format!("{batch:#}\n").into_bytes());
    }

    fn add(&self, file: &str, bytes: Vec<u8>) {
        self.files.borrow_mut().insert(file.to_owned(), bytes);
    }

    fn csca(&self, name: &str, subject: &str, period: (&str, &str), key: &Key) {
        let der = Draft {
            subject,
            issuer: subject,
            period,
            spki: key.spki(),
            issuer_spki: key.spki(),
            usages: &[],
            authority: true,
        }
        .sign(key);
        self.add(&format!("{name}.pem"), der::pem("CERTIFICATE", &der).into());
    }

    fn issue(&mut self, name: &'static str, draft: Draft<'_>, key: Key, issuer: &Key) {
        let subject = format!("TEST {name}");
        let der = Draft {
            subject: &subject,
            ..draft
        }
        .sign(issuer);
        self.add(&format!("{name}.pem"), der::pem("CERTIFICATE", &der).into());
        let kid = Kid::of_certificate(&der).as_bytes().to_vec();
        self.dscs.insert(name, Dsc { key, der, kid });
    }

    /// Keys without a certificate.
    fn bare_keys(&self) -> Result<()> {
        for (file, dsc) in [
            ("key-es256.pem", "dsc-es256"),
            ("key-eddsa.pem", "dsc-eddsa"),
        ] {
            let dsc = self.dscs.get(dsc).context("a signer is missing")?;
            self.add(file, der::pem("PUBLIC KEY", &dsc.key.spki()).into());
        }
        Ok(())
    }

    /// Two certificates under one kid, and the wrong certificate under a kid.
    fn shared_kids(&self) -> Result<()> {
        let right = self.dscs.get("dsc-es256").context("a signer is missing")?;
        let other = self.dscs.get("dsc-second").context("a signer is missing")?;
        let [right_der, other_der] = [right, other].map(|dsc| hcert::base64::encode(&dsc.der));
        let kid = hcert::base64::encode(&right.kid);
        let json = |value: serde_json::Value| format!("{value:#}\n").into_bytes();
        let both = [other_der.clone(), right_der];
        self.add("kid-of-two.json", json(json!({ kid.clone(): both })));
        self.add("kid-of-another.json", json(json!({ kid: other_der })));
        Ok(())
    }
}
