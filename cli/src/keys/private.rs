//! Private keys in files: made, sealed with a passphrase, opened. What is done to them is
//! [`keystore`]'s; files, random numbers and words for people are the command's.

use std::path::Path;

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
};
use hcert::keys::{RsaKey, SoftwareKey};
use keystore::{Fresh, OpenError};
use zeroize::Zeroizing;

use super::args::AlgorithmArg;
use crate::{fault::Fault, files, random};

pub(crate) use keystore::{PrivateKey, SEALED};

/// A new key.
pub(crate) fn generate(algorithm: AlgorithmArg) -> Result<PrivateKey, Fault> {
    Ok(match algorithm {
        AlgorithmArg::EdDsa => PrivateKey::Software(SoftwareKey::eddsa(&random::bytes()?)),
        AlgorithmArg::Es256 => loop {
            // One in 2^32 random numbers is no key.
            if let Some(key) = SoftwareKey::es256(&random::bytes()?) {
                break PrivateKey::Software(key);
            }
        },
        AlgorithmArg::Ps256 => {
            let failed = |_| Fault::Random("RSA".into());
            let pair = KeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
            let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
            let key = RsaKey::from_pkcs8(der.as_ref());
            PrivateKey::Rsa(key.ok_or_else(|| Fault::Random("RSA".into()))?)
        }
    })
}

/// A key as the bytes of its file, encrypted.
pub(crate) fn seal(key: &PrivateKey, passphrase: &str) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let fresh = Fresh {
        salt: *random::bytes()?,
        iv: *random::bytes()?,
    };
    let sealed = key.seal(passphrase, &fresh);
    let sealed = sealed.map_err(|error| Fault::Seal(error.to_string()))?;
    Ok(Zeroizing::new(sealed.as_bytes().to_vec()))
}

/// A private key file that is known to be encrypted, and not opened yet.
pub(crate) struct SealedKey {
    path: String,
    sealed: keystore::SealedKey,
}

impl SealedKey {
    /// Reads a file, and refuses a key that lies open in it.
    pub(crate) fn read(path: &Path) -> Result<SealedKey, Fault> {
        let bytes = files::read_keys(path)?;
        let path = files::shown(path);
        match keystore::SealedKey::parse(&bytes) {
            Ok(sealed) => Ok(SealedKey { path, sealed }),
            Err(error) => Err(fault(error, path)),
        }
    }

    /// The file's key alone, as PEM.
    pub(crate) fn pem(&self) -> String {
        self.sealed.pem()
    }

    /// Opens it.
    pub(crate) fn open(&self, passphrase: &str) -> Result<PrivateKey, Fault> {
        let opened = self.sealed.open(passphrase);
        opened.map_err(|error| fault(error, self.path.clone()))
    }
}

fn fault(error: OpenError, path: String) -> Fault {
    match error {
        OpenError::NotEncrypted => Fault::NotEncrypted { path },
        OpenError::OtherEncryption => Fault::OtherEncryption { path },
        OpenError::WrongPassphrase => Fault::WrongPassphrase { path },
        OpenError::Kind => Fault::KeyKind { path },
        _ => Fault::NotAPrivateKey { path },
    }
}
