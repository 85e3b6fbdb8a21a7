//! Signing, and the proof that a verifier will take what was signed.

use hcert::{keys::Signer, x509::Certificate};
use keyring::{Memory, Payload, TextError, verifier_of};

use super::payloads::{Terms, Wanted};
use crate::{fault::Fault, progress::Progress};

/// What signs.
pub(super) struct Dsc<'a> {
    /// Its certificate.
    pub(super) certificate: &'a Certificate,
    /// Its private key.
    pub(super) signer: &'a dyn Signer,
}

/// A finished certificate.
pub(super) struct Issued {
    /// `HC1:...`
    pub(super) text: String,
    /// `ci`.
    pub(super) identifier: String,
}

/// Signs all payloads and verifies each.
pub(super) fn all(wanted: &[Wanted], dsc: &Dsc<'_>, terms: &Terms) -> Result<Vec<Issued>, Fault> {
    let (kid, verifier) = (dsc.certificate.kid(), verifier_of(dsc.certificate));
    let mut memory = Memory::default();
    let progress = Progress::entries(wanted.len() as u64);
    let mut issued = Vec::with_capacity(wanted.len());
    for (index, one) in wanted.iter().enumerate() {
        let payload = Payload::new(&one.dcc, &terms.issuer, terms.issued_at, terms.expires_at)?;
        let text = match payload.text(dsc.signer, &kid, &verifier, &mut memory) {
            Ok(text) => text,
            Err(error) => {
                progress.finish();
                let entry = (wanted.len() > 1).then_some(index + 1);
                return Err(fault(error, entry));
            }
        };
        issued.push(Issued {
            text,
            identifier: one.dcc.event().certificate_id().to_string(),
        });
        progress.at(index as u64 + 1);
    }
    progress.finish();
    Ok(issued)
}

fn fault(error: TextError, entry: Option<usize>) -> Fault {
    let failure = match error {
        TextError::Encode(error) => return error.into(),
        TextError::Failed(failure) => Some(failure),
        _ => None,
    };
    Fault::NotVerified { entry, failure }
}
