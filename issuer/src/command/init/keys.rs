//! A CSCA and two document signers for development.

use std::path::Path;

use anyhow::Context as _;
use hcert::{
    keys::{Signer as _, SoftwareKey},
    pem,
    time::Timestamp,
    x509::make::{self, Period, Subject},
};
use keystore::{Fresh, PrivateKey};
use service::random;

use super::write_secret;

const DAY: i64 = 86_400;

/// Writes them, each with its certificate, sealed with the passphrase.
pub(super) fn make(folder: &Path, passphrase: &str, now: Timestamp) -> anyhow::Result<()> {
    // Ten years, so that nobody's trial ends in the middle.
    let period = |days: i64| Period {
        not_before: now.plus_seconds(-DAY),
        not_after: now.plus_seconds(days * DAY),
    };
    let subject = |common_name| Subject {
        common_name,
        country: "VN",
        organisation: None,
    };
    let p256 = || -> anyhow::Result<SoftwareKey> {
        SoftwareKey::es256(&random::bytes()?).context("no such key: try again")
    };
    let csca_key = p256()?;
    let name = subject("DEVELOPMENT CSCA, not for use");
    let csca = make::csca(&name, period(3660), *random::bytes()?, &csca_key)?;
    let text = pem::encode("CERTIFICATE", csca.der());
    std::fs::write(folder.join("csca.pem"), text)?;
    let national = SoftwareKey::eddsa(&random::bytes()?);
    for (file, name, key) in [
        (
            "national",
            "DEVELOPMENT DSC national, not for use",
            national,
        ),
        (
            "international",
            "DEVELOPMENT DSC international, not for use",
            p256()?,
        ),
    ] {
        let dsc = make::dsc(
            &subject(name),
            period(3650),
            *random::bytes()?,
            &key.spki(),
            &[],
            (&csca, &csca_key),
        )?;
        let text = pem::encode("CERTIFICATE", dsc.der());
        std::fs::write(folder.join(format!("{file}.pem")), text)?;
        seal(&folder.join(format!("{file}.key")), key, passphrase)?;
    }
    seal(&folder.join("csca.key"), csca_key, passphrase)
}

fn seal(path: &Path, key: SoftwareKey, passphrase: &str) -> anyhow::Result<()> {
    let fresh = Fresh {
        salt: *random::bytes()?,
        iv: *random::bytes()?,
    };
    let sealed = PrivateKey::Software(key).seal(passphrase, &fresh)?;
    write_secret(path, sealed.as_bytes())
}
