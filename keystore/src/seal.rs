//! Sealing a key.

use hcert::pem;
use pkcs8::{
    PrivateKeyInfoRef,
    pkcs5::{pbes2, scrypt},
};
use zeroize::Zeroizing;

use crate::{PrivateKey, open::SEALED};

/// Cost of a guess at the passphrase: scrypt with N = 2^14, r = 8, p = 5, which is 16 MiB five
/// times over. A larger N would take more memory than OpenSSL lets a key file have (32 MiB), and
/// `openssl pkey` has to read these files.
const SCRYPT: (u8, u32, u32) = (14, 8, 5);

/// Random bytes for one sealing, never used twice.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fresh {
    /// Salt of the passphrase.
    pub salt: [u8; 16],
    /// Initialisation vector of AES-CBC.
    pub iv: [u8; 16],
}

/// Why a key could not be sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the private key could not be sealed: {0}")]
pub struct SealError(String);

impl PrivateKey {
    /// The key as PEM, encrypted (RFC 5958 section 3; PBES2 with scrypt and AES-256).
    pub fn seal(&self, passphrase: &str, fresh: &Fresh) -> Result<Zeroizing<String>, SealError> {
        let document;
        let der = match self {
            PrivateKey::Software(key) => {
                document = key
                    .to_pkcs8()
                    .map_err(|error| SealError(error.to_string()))?;
                document.as_bytes()
            }
            PrivateKey::Rsa(key) => key.to_pkcs8(),
        };
        let seal = || -> pkcs8::Result<_> {
            let (log_n, r, p) = SCRYPT;
            let cost =
                scrypt::Params::new(log_n, r, p).map_err(|_| pkcs8::Error::ParametersMalformed)?;
            let parameters =
                pbes2::Parameters::generate_scrypt_aes256cbc(cost, &fresh.salt, fresh.iv)?;
            PrivateKeyInfoRef::try_from(der)?.encrypt_with_params(parameters, passphrase)
        };
        let sealed = seal().map_err(|error| SealError(error.to_string()))?;
        Ok(Zeroizing::new(pem::encode(SEALED, sealed.as_bytes())))
    }
}
