//! Signing, and the proof that a verifier will take what was signed.

use hcert::{
    cose::EncodeError,
    cwt::{ContentKind, Draft},
    hc1::Encoder,
    keys::Signer,
    x509::Certificate,
};
use verifier::{Session, Verifier, trust::TrustBuilder};

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
    let verifier = verifier(dsc);
    let mut session = verifier.session();
    let mut encoder = Encoder::default();
    let progress = Progress::entries(wanted.len() as u64);
    let mut issued = Vec::with_capacity(wanted.len());
    for (index, one) in wanted.iter().enumerate() {
        let text = sign(one, dsc, terms, &mut encoder)?;
        if let Err(failure) = check(&text, one, terms, &mut session) {
            progress.finish();
            return Err(Fault::NotVerified {
                entry: (wanted.len() > 1).then_some(index + 1),
                failure,
            });
        }
        issued.push(Issued {
            text,
            identifier: one.dcc.event().certificate_id().to_string(),
        });
        progress.at(index as u64 + 1);
    }
    progress.finish();
    Ok(issued)
}

fn sign(
    one: &Wanted,
    dsc: &Dsc<'_>,
    terms: &Terms,
    encoder: &mut Encoder,
) -> Result<String, Fault> {
    let content =
        minicbor::to_vec(&one.dcc).map_err(|error| EncodeError::Cose(error.to_string()))?;
    let draft = Draft {
        issuer: &terms.issuer,
        issued_at: terms.issued_at,
        expires_at: terms.expires_at,
        kind: ContentKind::EuDcc,
        content: &content,
    };
    Ok(encoder.encode(&draft, dsc.signer, &dsc.certificate.kid())?)
}

/// A verifier that trusts this DSC alone.
fn verifier(dsc: &Dsc<'_>) -> Verifier {
    let mut trust = TrustBuilder::new();
    // A certificate that could not be added is missed at once by the first verification.
    let _ = trust.add_file(dsc.certificate.der());
    Verifier::new(trust.build())
}

/// The verdict has to be good, and the content the one that was meant.
fn check(
    text: &str,
    one: &Wanted,
    terms: &Terms,
    session: &mut Session<'_>,
) -> Result<(), Option<verifier::Failure>> {
    let verdict = session.verify(text, terms.issued_at);
    let times = (verdict.issued_at, verdict.expires_at);
    let certificate = verdict.result.map_err(Some)?;
    let same = certificate.payload() == one.dcc.to_json()
        && certificate.issuer() == Some(terms.issuer.as_str())
        && times == (Some(terms.issued_at), Some(terms.expires_at));
    if same { Ok(()) } else { Err(None) }
}
