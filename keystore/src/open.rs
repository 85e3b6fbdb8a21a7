//! Opening a sealed key.

use hcert::pem;
use pkcs8::{EncryptedPrivateKeyInfoRef, pkcs5};
use zeroize::Zeroizing;

use crate::PrivateKey;

/// The PEM label of a sealed key (RFC 7468 section 11).
pub const SEALED: &str = "ENCRYPTED PRIVATE KEY";

/// Why a key file can't be used. The caller knows the file's name and says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// No private key in it.
    #[error("this is no private key in PEM: it should begin with -----BEGIN {SEALED}-----")]
    NotAPrivateKey,
    /// A private key that anybody can read.
    #[error(
        "the private key lies open in its file: seal it with a passphrase (openssl pkcs8 -topk8 -scrypt)"
    )]
    NotEncrypted,
    /// Encrypted in a way that is not read here.
    #[error(
        "the private key is encrypted in a way that is not read here: it has to be PKCS #8 with PBES2"
    )]
    OtherEncryption,
    /// Decrypted to nonsense.
    #[error("the passphrase is not the one of this key")]
    WrongPassphrase,
    /// A key of another kind.
    #[error("the private key is neither Ed25519, nor P-256, nor RSA of 2048 bits and more")]
    Kind,
}

/// A private key that is known to be encrypted, and not opened yet.
#[derive(Debug, Clone)]
pub struct SealedKey {
    der: Vec<u8>,
}

impl SealedKey {
    /// Reads the content of a key file, and refuses a key that lies open in it.
    pub fn parse(bytes: &[u8]) -> Result<SealedKey, OpenError> {
        let text = str::from_utf8(bytes).unwrap_or_default();
        // The encryption of OpenSSL before 1.0, which no standard describes: one round of MD5.
        if text.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(OpenError::OtherEncryption);
        }
        for (label, der) in pem::blocks(text).flatten() {
            if label == SEALED {
                return Ok(SealedKey { der });
            }
            if label.ends_with("PRIVATE KEY") {
                drop(Zeroizing::new(der));
                return Err(OpenError::NotEncrypted);
            }
        }
        // In DER it has no label that says what it is.
        Err(match PrivateKey::from_pkcs8(bytes) {
            Some(_) => OpenError::NotEncrypted,
            None => OpenError::NotAPrivateKey,
        })
    }

    /// The key alone as PEM, still sealed.
    pub fn pem(&self) -> String {
        pem::encode(SEALED, &self.der)
    }

    /// Opens it. The scrypt parameters of `hcert keys` take about 0.2 s and 16 MiB.
    pub fn open(&self, passphrase: &str) -> Result<PrivateKey, OpenError> {
        let sealed = EncryptedPrivateKeyInfoRef::try_from(self.der.as_slice())
            .map_err(|_| OpenError::OtherEncryption)?;
        let opened = sealed.decrypt(passphrase).map_err(|error| match error {
            // What is decrypted with the wrong key has no right padding, or is no DER.
            pkcs8::Error::EncryptedPrivateKey(pkcs5::Error::DecryptFailed)
            | pkcs8::Error::Asn1(_) => OpenError::WrongPassphrase,
            _ => OpenError::OtherEncryption,
        })?;
        PrivateKey::from_pkcs8(opened.as_bytes()).ok_or(OpenError::Kind)
    }
}

#[cfg(test)]
mod tests {
    use hcert::keys::SoftwareKey;

    use super::*;
    use crate::Fresh;

    fn key() -> PrivateKey {
        PrivateKey::Software(SoftwareKey::eddsa(&Zeroizing::new([7; 32])))
    }

    fn sealed() -> String {
        let mut fresh = Fresh::default();
        getrandom::fill(&mut fresh.salt).unwrap();
        getrandom::fill(&mut fresh.iv).unwrap();
        key().seal("correct horse", &fresh).unwrap().to_string()
    }

    #[test]
    fn sealed_and_opened() {
        let sealed = SealedKey::parse(sealed().as_bytes()).unwrap();
        let opened = sealed.open("correct horse").unwrap();
        assert_eq!(opened.signer().spki(), key().signer().spki());
        assert_eq!(
            sealed.open("wrong").unwrap_err(),
            OpenError::WrongPassphrase
        );
        assert_eq!(sealed.open("").unwrap_err(), OpenError::WrongPassphrase);
    }

    #[test]
    fn what_is_no_sealed_key() {
        let PrivateKey::Software(open) = key() else {
            panic!("made so above")
        };
        let der = open.to_pkcs8().unwrap();
        let cut = sealed().replacen("MI", "MA", 1);
        let certificate = pem::encode("CERTIFICATE", b"0");
        for (bytes, why) in [
            (&b""[..], OpenError::NotAPrivateKey),
            (b"\xff\xfe", OpenError::NotAPrivateKey),
            (certificate.as_bytes(), OpenError::NotAPrivateKey),
            (der.as_bytes(), OpenError::NotEncrypted),
            (
                pem::encode("PRIVATE KEY", der.as_bytes()).as_bytes(),
                OpenError::NotEncrypted,
            ),
            (
                b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n",
                OpenError::OtherEncryption,
            ),
        ] {
            assert_eq!(SealedKey::parse(bytes).unwrap_err(), why);
        }
        let damaged = SealedKey::parse(cut.as_bytes()).unwrap();
        assert_eq!(
            damaged.open("correct horse").unwrap_err(),
            OpenError::OtherEncryption
        );
    }
}
