//! Where the service meets `trust_list::import`: what an uploaded list holds.

use hcert::{limits::Limits, time::Timestamp, x509::Certificate};
use trust_list::{
    environment::Environment,
    import::{self, FileError, Listed, Material, Role},
};

/// What a list may bring, and what not.
#[derive(Debug)]
pub struct Incoming {
    /// Good ones.
    pub keys: Vec<Listed>,
    /// The others: which, and why.
    pub refused: Vec<(String, String)>,
    /// Whose word it is.
    pub vouch: String,
}

/// Reads a list of any form, and decides entry by entry.
pub fn read(
    bytes: &[u8],
    _environment: Environment,
    _authorities: &[Certificate],
    _now: Timestamp,
) -> Result<Incoming, FileError> {
    let listing = import::read(bytes, &Limits::DEFAULT)?;
    Ok(Incoming {
        keys: listing.keys,
        refused: listing
            .refused
            .into_iter()
            .map(|refused| (refused.entry, refused.why))
            .collect(),
        vouch: "vouched for by the operator".into(),
    })
}

/// The DER of a listed key, and whether it is a certificate.
pub fn der(key: &Listed) -> (Vec<u8>, bool) {
    match &key.material {
        Material::Certificate(certificate) => (certificate.der().to_vec(), true),
        Material::Key(spki) => (spki.clone(), false),
    }
}

/// `signer` or `authority`; `None` for keys of other use.
pub fn role(key: &Listed) -> Option<&'static str> {
    match key.role {
        Role::Signer => Some("signer"),
        Role::Authority => Some("authority"),
        _ => None,
    }
}
