//! Where a document signer's key lies, and opening it.

use std::path::PathBuf;

use hcert::x509::Certificate;

use crate::{
    Dsc, DscError, DscTerms, Place, Secret,
    dsc::BoxedSigner,
    file,
    pkcs11::{KeyName, Pkcs11Error, Pkcs11Signer, Token, TokenName},
};

/// Where a document signer's key and certificate lie.
#[derive(Debug, Clone)]
pub enum Source {
    /// A private key in a file, sealed with a passphrase (PKCS #8).
    File {
        /// The sealed key.
        key: PathBuf,
        /// Its certificate, PEM or DER; others may be in the file.
        certificate: PathBuf,
        /// Opens the key.
        passphrase: Secret,
    },
    /// A private key in an HSM.
    Pkcs11 {
        /// The module of the HSM's maker, a shared library.
        module: PathBuf,
        /// The token.
        token: TokenName,
        /// The PIN of the token's user.
        pin: Secret,
        /// The key in the token.
        key: KeyName,
        /// Its certificate, PEM or DER; others may be in the file.
        certificate: PathBuf,
    },
}

/// Why a source can't be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A file can't be read.
    #[error("{path}: can't be read: {why}")]
    Read {
        /// The file.
        path: String,
        /// The system's words.
        why: String,
    },
    /// The sealed key can't be opened.
    #[error("{path}: {error}")]
    Sealed {
        /// The key's file.
        path: String,
        /// Why not.
        error: keystore::OpenError,
    },
    /// The certificate can't be read.
    #[error("{path}: {why}")]
    Certificate {
        /// The certificate's file.
        path: String,
        /// Why not.
        why: String,
    },
    /// The file has certificates, and none is of this key.
    #[error("{path}: no certificate in it is of this private key")]
    OtherKey {
        /// The certificate's file.
        path: String,
    },
    /// The HSM does not give the key.
    #[error(transparent)]
    Pkcs11(#[from] Pkcs11Error),
}

/// Why there is no document signer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Key or certificate can't be had.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// They are there, and can't be used so.
    #[error(transparent)]
    Dsc(#[from] DscError),
}

impl Dsc {
    /// Opens a source. A sealed key takes about 0.2 s; an HSM is logged in once for all its keys.
    pub fn open(source: &Source, terms: &DscTerms) -> Result<Dsc, OpenError> {
        let (certificate, signer, place) = source.open()?;
        Ok(Dsc::new(certificate, signer, place, terms)?)
    }
}

impl Source {
    fn open(&self) -> Result<(Certificate, BoxedSigner, Place), SourceError> {
        match self {
            Source::File {
                key,
                certificate,
                passphrase,
            } => {
                let certificates = file::certificates(certificate)?;
                let signer = file::private_key(key, passphrase)?;
                let certificate = file::of_key(certificate, certificates, &signer)?;
                Ok((certificate, signer, Place::File))
            }
            Source::Pkcs11 {
                module,
                token,
                pin,
                key,
                certificate,
            } => {
                let certificates = file::certificates(certificate)?;
                let token = Token::open(module, token, pin)?;
                let (certificate, signer) = in_token(&token, key, certificates)?;
                Ok((certificate, Box::new(signer), Place::Hsm))
            }
        }
    }
}

/// The first certificate whose key signs in the token.
fn in_token(
    token: &std::sync::Arc<Token>,
    key: &KeyName,
    certificates: Vec<Certificate>,
) -> Result<(Certificate, Pkcs11Signer), SourceError> {
    let mut failure = None;
    for certificate in certificates {
        // A CSCA beside the DSC may have a key of a kind that no certificate is signed with.
        let Ok(public) = certificate.public_key() else {
            continue;
        };
        match Pkcs11Signer::open(token, key, &public) {
            Ok(signer) => return Ok((certificate, signer)),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    let other = || Pkcs11Error::OtherKey {
        token: token.name().to_owned(),
        key: key.to_string(),
    };
    Err(failure.unwrap_or_else(other).into())
}
