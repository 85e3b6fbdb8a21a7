//! Small secrets, sealed under a key that lies in a file of its own: a copy of the database alone
//! gives none of them away.

use std::{fmt, fs, io, path::Path};

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use zeroize::Zeroizing;

use crate::random;

/// Bytes of the nonce, which stands in front of what is sealed.
const NONCE: usize = 24;

/// Why a vault can't be made, opened or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The file can't be read.
    #[error("the secret file {file} can't be read: {error}")]
    Read {
        /// Its path.
        file: String,
        /// The system's words.
        error: io::Error,
    },
    /// The file can't be written.
    #[error("the secret file {file} can't be written: {error}")]
    Write {
        /// Its path.
        file: String,
        /// The system's words.
        error: io::Error,
    },
    /// Others on this machine may read it.
    #[error("the secret file {0} can be read by others: take that away with chmod 600 {0}")]
    Readable(String),
    /// Not what it should be.
    #[error("the secret file {0} does not hold 64 hexadecimal digits: is it the right file?")]
    Form(String),
    /// A sealed secret that this key does not open.
    #[error(
        "a sealed secret can't be opened: the secret file is not the one it was sealed with, or \
         the database was changed by others"
    )]
    Sealed,
    /// Too much for something small.
    #[error("too long to be sealed")]
    Long,
    /// No random numbers.
    #[error(transparent)]
    Random(#[from] random::NoRandom),
}

/// Seals small secrets (XChaCha20-Poly1305).
#[derive(Clone)]
pub struct Vault(XChaCha20Poly1305);

impl Vault {
    /// With a key of 32 random bytes.
    pub fn new(key: &[u8; 32]) -> Vault {
        Vault(XChaCha20Poly1305::new(key.into()))
    }

    /// With the key that a file holds as 64 hexadecimal digits. Nobody else may read the file.
    pub fn from_file(path: &Path) -> Result<Vault, VaultError> {
        let file = || path.display().to_string();
        let unreadable = |error| VaultError::Read {
            file: file(),
            error,
        };
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(path).map_err(unreadable)?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(VaultError::Readable(file()));
            }
        }
        let text = Zeroizing::new(fs::read(path).map_err(unreadable)?);
        let bytes = HEXLOWER_PERMISSIVE.decode(text.trim_ascii());
        let bytes = Zeroizing::new(bytes.map_err(|_| VaultError::Form(file()))?);
        let key: &[u8; 32] = bytes
            .as_slice()
            .try_into()
            .map_err(|_| VaultError::Form(file()))?;
        Ok(Vault::new(key))
    }

    /// Writes a new key into a new file, which only its owner may read. A file that is there
    /// stays as it is, and is an error.
    pub fn make_file(path: &Path) -> Result<(), VaultError> {
        let key = random::bytes::<32>()?;
        let text = Zeroizing::new(HEXLOWER.encode(&key[..]) + "\n");
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let written = options.open(path).and_then(|mut file| {
            io::Write::write_all(&mut file, text.as_bytes())?;
            file.sync_all()
        });
        written.map_err(|error| VaultError::Write {
            file: path.display().to_string(),
            error,
        })
    }

    /// Seals a secret for one purpose, such as `totp:NAME`: it opens for no other.
    pub fn seal(&self, purpose: &str, secret: &[u8]) -> Result<Vec<u8>, VaultError> {
        let nonce = random::bytes::<NONCE>()?;
        let payload = Payload {
            msg: secret,
            aad: purpose.as_bytes(),
        };
        let sealed = self.0.encrypt(&XNonce::from(*nonce), payload);
        let sealed = sealed.map_err(|_| VaultError::Long)?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what was sealed for a purpose; `None` for anything else.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let payload = Payload {
            msg: sealed,
            aad: purpose.as_bytes(),
        };
        let secret = self.0.decrypt(&XNonce::from(*nonce), payload).ok()?;
        Some(Zeroizing::new(secret))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// draft-irtf-cfrg-xchacha-03, appendix A.3.1, whose nonce and ciphertext stand in a row here.
    #[test]
    fn opens_what_others_sealed() {
        let key: Vec<u8> = (0x80..0xa0).collect();
        let nonce: Vec<u8> = (0x40..0x58).collect();
        let hex = "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb\
                   731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452\
                   2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9\
                   21f9664c97637da9768812f615c68b13b52e\
                   c0875924c1c7987947deafd8780acf49";
        let sealed = [nonce, HEXLOWER.decode(hex.as_bytes()).unwrap()].concat();
        let vault = Vault::new(key.as_slice().try_into().unwrap());
        let aad = HEXLOWER.decode(b"50515253c0c1c2c3c4c5c6c7").unwrap();
        let payload = Payload {
            msg: &sealed[NONCE..],
            aad: &aad,
        };
        let nonce: [u8; NONCE] = sealed[..NONCE].try_into().unwrap();
        let plain = vault.0.decrypt(&XNonce::from(nonce), payload).unwrap();
        assert!(plain.starts_with(b"Ladies and Gentlemen of the class of '99"));
    }

    #[test]
    fn for_one_purpose_under_one_key() {
        let vault = Vault::new(&[1; 32]);
        let sealed = vault.seal("totp:lan", b"secret").unwrap();
        assert_eq!(sealed.len(), NONCE + 6 + 16);
        assert_ne!(sealed, vault.seal("totp:lan", b"secret").unwrap());
        assert_eq!(
            vault.open("totp:lan", &sealed).unwrap().as_slice(),
            b"secret"
        );
        assert!(vault.open("totp:mai", &sealed).is_none());
        assert!(Vault::new(&[2; 32]).open("totp:lan", &sealed).is_none());
        for end in 0..sealed.len() {
            assert!(vault.open("totp:lan", &sealed[..end]).is_none());
        }
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(vault.open("totp:lan", &changed).is_none());
        }
        assert_eq!(format!("{vault:?}"), "Vault");
    }

    #[test]
    fn files() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        assert!(matches!(
            Vault::from_file(&path),
            Err(VaultError::Read { .. })
        ));
        Vault::make_file(&path).unwrap();
        let sealed = Vault::from_file(&path).unwrap().seal("a", b"b").unwrap();
        assert!(matches!(
            Vault::make_file(&path),
            Err(VaultError::Write { .. })
        ));
        let again = Vault::from_file(&path).unwrap();
        assert_eq!(again.open("a", &sealed).unwrap().as_slice(), b"b");
        for wrong in ["", "00", &"0".repeat(63), &"g".repeat(64), &"0".repeat(66)] {
            fs::write(&path, wrong).unwrap();
            assert!(matches!(Vault::from_file(&path), Err(VaultError::Form(_))));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
            let error = Vault::from_file(&path).unwrap_err().to_string();
            assert!(error.contains("chmod 600"), "{error}");
        }
    }
}
