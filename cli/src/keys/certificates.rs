//! Certificates, requests, revocation lists and public keys in files.

use std::path::Path;

use hcert::{
    keys::PublicKey,
    pem,
    x509::{Certificate, crl::RevocationList, request::Request},
};

use super::fault::KeysFault;
use crate::{fault::Fault, files};

/// PEM label of a request (RFC 7468 section 7).
pub(crate) const REQUEST: &str = "CERTIFICATE REQUEST";
/// PEM label of a revocation list (RFC 7468 section 6).
pub(crate) const CRL: &str = "X509 CRL";

/// What a file holds.
pub(crate) enum Item {
    /// A certificate.
    Certificate(Box<Certificate>),
    /// A request for one.
    Request(Box<Request>),
    /// A revocation list.
    List(Box<RevocationList>),
    /// A public key without a certificate.
    Key(PublicKey),
}

/// All items of a file, PEM or DER.
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
            Ok((REQUEST | "NEW CERTIFICATE REQUEST", der)) => items.push(request(&path, &der)?),
            Ok((CRL, der)) => items.push(list(&path, &der)?),
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
            Item::Request(_) | Item::List(_) | Item::Key(_) => None,
        })
        .collect();
    if certificates.is_empty() {
        let path = files::shown(path);
        return Err(Fault::NoCertificate { path });
    }
    Ok(certificates)
}

/// The one request of a file.
pub(crate) fn read_request(path: &Path) -> Result<Request, Fault> {
    let mut items = read(path)?;
    match (items.pop(), items.is_empty()) {
        (Some(Item::Request(request)), true) => Ok(*request),
        _ => Err(KeysFault::NoRequest {
            path: files::shown(path),
        }
        .into()),
    }
}

/// The one revocation list of a file.
pub(crate) fn read_list(path: &Path) -> Result<RevocationList, Fault> {
    let mut items = read(path)?;
    match (items.pop(), items.is_empty()) {
        (Some(Item::List(list)), true) => Ok(*list),
        _ => Err(KeysFault::NoCrl {
            path: files::shown(path),
        }
        .into()),
    }
}

fn request(path: &str, der: &[u8]) -> Result<Item, Fault> {
    let request = Request::from_der(der).map_err(|error| KeysFault::Request {
        path: path.into(),
        error,
    })?;
    Ok(Item::Request(Box::new(request)))
}

fn list(path: &str, der: &[u8]) -> Result<Item, Fault> {
    let list = RevocationList::from_der(der).map_err(|error| KeysFault::Crl {
        path: path.into(),
        error,
    })?;
    Ok(Item::List(Box::new(list)))
}

/// Whatever the bytes are.
fn item(path: &str, der: &[u8]) -> Result<Item, Fault> {
    let not_certificate = match Certificate::from_der(der) {
        Ok(certificate) => return Ok(Item::Certificate(Box::new(certificate))),
        Err(error) => error,
    };
    if let Ok(key) = PublicKey::from_spki(der) {
        return Ok(Item::Key(key));
    }
    request(path, der)
        .or_else(|_| list(path, der))
        .map_err(|_| match der.first() {
            Some(0x30) => Fault::BadCertificate {
                path: path.into(),
                why: not_certificate.to_string(),
            },
            _ => Fault::NoCertificate { path: path.into() },
        })
}
