//! Certificates and public keys in files.

use std::path::Path;

use hcert::{keys::PublicKey, pem, x509::Certificate};

use crate::{fault::Fault, files};

/// What a file holds.
pub(crate) enum Item {
    /// A certificate.
    Certificate(Box<Certificate>),
    /// A public key without a certificate.
    Key(PublicKey),
}

/// All certificates and public keys of a file, PEM or DER.
pub(crate) fn read(path: &Path) -> Result<Vec<Item>, Fault> {
    let bytes = files::read_keys(path)?;
    let path = files::shown(path);
    let text = match str::from_utf8(&bytes) {
        Ok(text) if text.contains("-----BEGIN ") => text,
        _ => return item(&path, &bytes).map(|item| vec![item]),
    };
    let mut items = Vec::new();
    for block in pem::blocks(text) {
        match block {
            Ok(("CERTIFICATE" | "PUBLIC KEY", der)) => items.push(item(&path, &der)?),
            Ok((label, der)) if label.ends_with("PRIVATE KEY") => {
                drop(zeroize::Zeroizing::new(der));
                return Err(Fault::PrivateKeyShown { path });
            }
            Ok(_) => {}
            Err(error) => {
                let why = error.to_string();
                return Err(Fault::BadCertificate { path, why });
            }
        }
    }
    if items.is_empty() {
        return Err(Fault::NoCertificate { path });
    }
    Ok(items)
}

/// All certificates of a file, at least one.
pub(crate) fn read_certificates(path: &Path) -> Result<Vec<Certificate>, Fault> {
    let certificates: Vec<Certificate> = read(path)?
        .into_iter()
        .filter_map(|item| match item {
            Item::Certificate(certificate) => Some(*certificate),
            Item::Key(_) => None,
        })
        .collect();
    if certificates.is_empty() {
        let path = files::shown(path);
        return Err(Fault::NoCertificate { path });
    }
    Ok(certificates)
}

fn item(path: &str, der: &[u8]) -> Result<Item, Fault> {
    let not_certificate = match Certificate::from_der(der) {
        Ok(certificate) => return Ok(Item::Certificate(Box::new(certificate))),
        Err(error) => error,
    };
    PublicKey::from_spki(der)
        .map(Item::Key)
        .map_err(|_| match der.first() {
            Some(0x30) => Fault::BadCertificate {
                path: path.into(),
                why: not_certificate.to_string(),
            },
            _ => Fault::NoCertificate { path: path.into() },
        })
}
