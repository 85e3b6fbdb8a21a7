//! Files of keys and certificates.

use std::{fs::File, io::Read as _, path::Path};

use hcert::{limits::Limits, x509::Certificate};
use keystore::{PrivateKey, SealedKey};
use trust_list::import::{self, Material};
use zeroize::Zeroizing;

use crate::{Secret, SourceError, dsc::BoxedSigner};

/// Largest file that is read: a sealed RSA key has 3 kB, a certificate with its CSCA as much.
const MAX_BYTES: u64 = 256 * 1024;

/// Opens a sealed private key.
pub(crate) fn private_key(path: &Path, passphrase: &Secret) -> Result<BoxedSigner, SourceError> {
    let shown = || path.display().to_string();
    let bytes = Zeroizing::new(read(path)?);
    let opened = SealedKey::parse(&bytes).and_then(|sealed| sealed.open(passphrase.expose()));
    match opened {
        Ok(PrivateKey::Software(key)) => Ok(key.quick()),
        Ok(PrivateKey::Rsa(key)) => Ok(Box::new(key)),
        Err(error) => Err(SourceError::Sealed {
            path: shown(),
            error,
        }),
    }
}

/// The certificates of a file, PEM or DER: at least one.
pub(crate) fn certificates(path: &Path) -> Result<Vec<Certificate>, SourceError> {
    let bytes = read(path)?;
    let shown = || path.display().to_string();
    let listing = import::read(&bytes, &Limits::DEFAULT).map_err(|error| {
        let (path, why) = (shown(), error.to_string());
        SourceError::Certificate { path, why }
    })?;
    let materials = listing.keys.into_iter().map(|listed| listed.material);
    let found: Vec<Certificate> = materials
        .filter_map(|material| match material {
            Material::Certificate(certificate) => Some(*certificate),
            Material::Key(_) => None,
        })
        .collect();
    if found.is_empty() {
        let why = "there is no certificate in it".to_owned();
        return Err(SourceError::Certificate { path: shown(), why });
    }
    Ok(found)
}

/// The certificate, of several, that the key belongs to.
pub(crate) fn of_key(
    path: &Path,
    certificates: Vec<Certificate>,
    signer: &BoxedSigner,
) -> Result<Certificate, SourceError> {
    let spki = signer.spki();
    certificates
        .into_iter()
        .find(|certificate| certificate.spki().is_ok_and(|there| there == spki))
        .ok_or_else(|| SourceError::OtherKey {
            path: path.display().to_string(),
        })
}

fn read(path: &Path) -> Result<Vec<u8>, SourceError> {
    let unreadable = |why: String| SourceError::Read {
        path: path.display().to_string(),
        why,
    };
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(error.to_string()))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_BYTES) {
        return Err(unreadable(format!("it has more than {MAX_BYTES} bytes")));
    }
    Ok(bytes)
}
