//! Private keys: made, sealed with a passphrase, opened.

use std::path::Path;

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
};
use hcert::{
    keys::{RsaKey, Signer, SoftwareKey},
    pem,
};
use pkcs8::{
    EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef,
    pkcs5::{self, pbes2, scrypt},
};
use zeroize::Zeroizing;

use super::args::AlgorithmArg;
use crate::{fault::Fault, files, random};

/// Cost of a guess at the passphrase: scrypt with N = 2^14, r = 8, p = 5, which is 16 MiB five
/// times over, as costly as the OWASP recommendation of N = 2^17 with p = 1. A larger N would take
/// more memory than OpenSSL lets a key file have (32 MiB), and `openssl pkey` has to read these
/// files.
const SCRYPT_LOG_N: u8 = 14;
const SCRYPT_R: u32 = 8;
const SCRYPT_P: u32 = 5;

/// The PEM label of an encrypted private key (RFC 7468 section 11).
pub(crate) const SEALED: &str = "ENCRYPTED PRIVATE KEY";

/// A private key in memory.
pub(crate) enum PrivateKey {
    /// ES256 or EdDSA.
    Software(SoftwareKey),
    /// PS256.
    Rsa(RsaKey),
}

impl PrivateKey {
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

    /// What signs with it.
    pub(crate) fn signer(&self) -> &dyn Signer {
        match self {
            PrivateKey::Software(key) => key,
            PrivateKey::Rsa(key) => key,
        }
    }

    fn from_pkcs8(der: &[u8]) -> Option<PrivateKey> {
        match SoftwareKey::from_pkcs8(der) {
            Some(key) => Some(PrivateKey::Software(key)),
            None => RsaKey::from_pkcs8(der).map(PrivateKey::Rsa),
        }
    }

    /// The key as PEM, encrypted (RFC 5958 section 3; PBES2 with scrypt and AES-256).
    pub(crate) fn seal(&self, passphrase: &str) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let document;
        let der = match self {
            PrivateKey::Software(key) => {
                document = key
                    .to_pkcs8()
                    .map_err(|error| Fault::Seal(error.to_string()))?;
                document.as_bytes()
            }
            PrivateKey::Rsa(key) => key.to_pkcs8(),
        };
        let seal = || -> pkcs8::Result<_> {
            let invalid = |_| pkcs8::Error::ParametersMalformed;
            let cost = scrypt::Params::new(SCRYPT_LOG_N, SCRYPT_R, SCRYPT_P).map_err(invalid)?;
            let (salt, iv) = (random::bytes::<16>(), random::bytes::<16>());
            let (Ok(salt), Ok(iv)) = (salt, iv) else {
                return Err(pkcs8::Error::EncryptedPrivateKey(pkcs5::Error::Rng));
            };
            let parameters = pbes2::Parameters::generate_scrypt_aes256cbc(cost, &salt[..], *iv)?;
            PrivateKeyInfoRef::try_from(der)?.encrypt_with_params(parameters, passphrase)
        };
        let sealed = seal().map_err(|error| Fault::Seal(error.to_string()))?;
        let text = pem::encode(SEALED, sealed.as_bytes());
        Ok(Zeroizing::new(text.into_bytes()))
    }
}

/// A private key file that is known to be encrypted, and not opened yet.
pub(crate) struct SealedKey {
    path: String,
    der: Vec<u8>,
}

impl SealedKey {
    /// Reads a file, and refuses a key that lies open in it.
    pub(crate) fn read(path: &Path) -> Result<SealedKey, Fault> {
        let bytes = files::read_keys(path)?;
        let path = files::shown(path);
        let Ok(text) = str::from_utf8(&bytes) else {
            return Err(if PrivateKey::from_pkcs8(&bytes).is_some() {
                Fault::NotEncrypted { path }
            } else {
                Fault::NotAPrivateKey { path }
            });
        };
        // The encryption of OpenSSL before 1.0, which no standard describes: one round of MD5.
        if text.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(Fault::OtherEncryption { path });
        }
        for (label, der) in pem::blocks(text).flatten() {
            match label {
                SEALED => return Ok(SealedKey { path, der }),
                label if label.ends_with("PRIVATE KEY") => {
                    drop(Zeroizing::new(der));
                    return Err(Fault::NotEncrypted { path });
                }
                _ => {}
            }
        }
        Err(Fault::NotAPrivateKey { path })
    }

    /// The file's key alone, as PEM.
    pub(crate) fn pem(&self) -> String {
        pem::encode(SEALED, &self.der)
    }

    /// Opens it.
    pub(crate) fn open(&self, passphrase: &str) -> Result<PrivateKey, Fault> {
        let path = || self.path.clone();
        let Ok(sealed) = EncryptedPrivateKeyInfoRef::try_from(self.der.as_slice()) else {
            return Err(Fault::OtherEncryption { path: path() });
        };
        let opened = sealed.decrypt(passphrase).map_err(|error| match error {
            // What is decrypted with the wrong key has no right padding, or is no DER.
            pkcs8::Error::EncryptedPrivateKey(pkcs5::Error::DecryptFailed)
            | pkcs8::Error::Asn1(_) => Fault::WrongPassphrase { path: path() },
            _ => Fault::OtherEncryption { path: path() },
        })?;
        PrivateKey::from_pkcs8(opened.as_bytes()).ok_or_else(|| Fault::KeyKind { path: path() })
    }
}
