//! Certificates and bare keys in DER, PEM or base64.

use alloc::{
    format,
    string::{String, ToString},
};

use hcert::{base64, keys::PublicKey, pem, x509::Certificate};

use super::{FileError, Form, Listed, Listing};

/// A certificate or a bare public key in DER; `None` for anything else that can be text.
pub fn der(bytes: &[u8]) -> Option<Listing> {
    let mut listing = Listing::new(Form::Der);
    add_der(&mut listing, "the file", bytes).then_some(listing)
}

/// PEM blocks, or the base64 of one DER.
pub fn text(bytes: &[u8]) -> Result<Listing, FileError> {
    let text = str::from_utf8(bytes).map_err(|_| FileError::Unrecognised)?;
    let mut listing = Listing::new(Form::Pem);
    if !text.contains("-----BEGIN ") {
        let der = base64::decode(text).filter(|der| der.first() == Some(&0x30));
        return match der {
            Some(der) if add_der(&mut listing, "the file", &der) => Ok(listing),
            _ => Err(FileError::Unrecognised),
        };
    }
    let mut found = false;
    for (index, block) in pem::blocks(text).enumerate() {
        let entry = format!("block {}", index + 1);
        match block {
            Ok((label, _)) if label.ends_with("PRIVATE KEY") => {
                return Err(FileError::PrivateKey);
            }
            Ok(("CERTIFICATE" | "PUBLIC KEY", der)) => {
                found = true;
                if !add_der(&mut listing, &entry, &der) {
                    listing.refuse(entry, "neither a certificate nor a public key");
                }
            }
            // Parameters and the like say nothing about trust.
            Ok(_) => {}
            Err(error) => {
                found = true;
                listing.refuse(entry, format!("not readable PEM: {error}"));
            }
        }
    }
    if found {
        Ok(listing)
    } else {
        Err(FileError::Unrecognised)
    }
}

/// A certificate in base64.
pub fn certificate(text: &str) -> Result<Certificate, String> {
    let der = base64::decode(text).ok_or("the certificate is not base64")?;
    Certificate::from_der(&der).map_err(|error| error.to_string())
}

/// False for what is neither, and may be text.
fn add_der(listing: &mut Listing, entry: &str, der: &[u8]) -> bool {
    match Certificate::from_der(der) {
        Ok(certificate) => listing
            .keys
            .push(Listed::of_certificate(entry, certificate)),
        Err(not_certificate) => match PublicKey::from_spki(der) {
            Ok(key) => listing.keys.push(Listed::of_key(entry, &key)),
            Err(hcert::keys::KeyError::Encoding) => {
                // Base64 text can begin with the same byte.
                if der.is_ascii() {
                    return false;
                }
                listing.refuse(entry, not_certificate);
            }
            Err(error) => listing.refuse(entry, error),
        },
    }
    true
}
