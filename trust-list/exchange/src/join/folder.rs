//! The folder that a participant hands in: one for each domain, in a repository of its own.
//!
//! ```text
//! onboarding/DCC/SCA/SCA.pem
//! onboarding/DCC/TLS/TLS.pem      exactly one certificate
//! onboarding/DCC/TLS/CA.pem       what is above it; itself when self-signed
//! onboarding/DCC/UP/UP.pem
//! ```
//!
//! TLS and upload certificates serve all domains; a further domain brings only its SCA.

use hcert::{pem, x509::Certificate};

/// The domains that the onboarding takes.
pub const DOMAINS: [&str; 4] = ["DCC", "IPS-PILGRIMAGE", "dICVP", "PH4H"];

/// The certificates of a participant.
#[derive(Debug, Clone, Copy)]
pub struct Participant<'a> {
    /// The authorities by domain. The first domain also holds the other certificates.
    pub authorities: &'a [(&'a str, &'a Certificate)],
    /// TLS client authentication.
    pub tls: &'a Certificate,
    /// What issued it; none when it is self-signed.
    pub tls_chain: &'a [Certificate],
    /// Upload.
    pub upload: &'a Certificate,
}

/// Why a folder can't be handed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// No SCA.
    #[error("there is no SCA: each domain needs one")]
    Empty,
    /// The onboarding does not know the domain.
    #[error("the network has no domain {0}; it has DCC, IPS-PILGRIMAGE, dICVP and PH4H")]
    Domain(String),
    /// A domain is there twice.
    #[error("the domain {0} is there twice")]
    Twice(String),
    /// The TLS certificate has no chain.
    #[error("the TLS certificate is not self-signed: give what issued it")]
    Chain,
    /// One key for two purposes.
    #[error("the upload certificate has to have a key of its own, and shares it with the {0}")]
    SharedKey(&'static str),
}

/// The files, as path and content.
pub fn folder(participant: &Participant<'_>) -> Result<Vec<(String, Vec<u8>)>, FolderError> {
    let Some((first, _)) = participant.authorities.first() else {
        return Err(FolderError::Empty);
    };
    let Participant {
        tls,
        tls_chain,
        upload,
        ..
    } = participant;
    if upload.spki().ok() == tls.spki().ok() {
        return Err(FolderError::SharedKey("TLS certificate"));
    }
    let own = core::slice::from_ref(*tls);
    let chain = match (tls_chain.is_empty(), tls.is_self_signed()) {
        (false, _) => *tls_chain,
        (true, true) => own,
        (true, false) => return Err(FolderError::Chain),
    };
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for (domain, sca) in participant.authorities {
        if !DOMAINS.contains(domain) {
            return Err(FolderError::Domain((*domain).to_owned()));
        }
        if upload.spki().ok() == sca.spki().ok() {
            return Err(FolderError::SharedKey("SCA"));
        }
        let path = format!("onboarding/{domain}/SCA/SCA.pem");
        if files.iter().any(|(there, _)| *there == path) {
            return Err(FolderError::Twice((*domain).to_owned()));
        }
        files.push((path, pem_of([*sca])));
    }
    let path = |name: &str| format!("onboarding/{first}/{name}.pem");
    files.push((path("TLS/TLS"), pem_of([*tls])));
    files.push((path("TLS/CA"), pem_of(chain)));
    files.push((path("UP/UP"), pem_of([*upload])));
    Ok(files)
}

fn pem_of<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> Vec<u8> {
    let blocks = certificates.into_iter();
    let text: String = blocks
        .map(|certificate| pem::encode("CERTIFICATE", certificate.der()))
        .collect();
    text.into_bytes()
}
