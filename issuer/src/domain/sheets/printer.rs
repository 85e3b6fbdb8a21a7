//! Drawing sheets: plain work for a processor, done apart from the async threads.

use std::sync::Arc;

use hcert::{dcc::Dcc, hc1::Decoder};
use intake::codes::Catalogue;
use keyring::{CertifyError, Profile};
use print::{Batch, Code, Facts, Kind, PrintError, Sheet};

use super::read_back::{Known, texts};
use crate::{
    domain::{Refusal, alarms::AlarmKind},
    paper::{Beside, Paper},
    store::CertificateRow,
};

/// Reads certificates back and makes sheets of them.
pub(super) struct Reader {
    pub(super) known: Known,
    pub(super) decoder: Decoder,
    pub(super) paper: Paper,
    pub(super) profiles: Vec<Profile>,
    pub(super) catalogue: Arc<Catalogue>,
}

/// A certificate that verified: the codes, the first one in front, and what they say.
pub(super) struct Read {
    pub(super) codes: Vec<Code>,
    pub(super) dcc: Dcc,
}

impl Reader {
    /// Verifies every text of a certificate; they have to say the same.
    pub(super) fn read(&mut self, certificate: &CertificateRow) -> Result<Read, Refusal> {
        let mut codes = Vec::new();
        let mut dcc: Option<Dcc> = None;
        for (profile, kid, text) in texts(certificate, &self.profiles) {
            let uvci = &certificate.uvci;
            let read = self
                .known
                .read(&mut self.decoder, profile, (kid, text), uvci)?;
            if dcc.as_ref().is_some_and(|first| *first != read) {
                return Err(Refusal::Certify(CertifyError::NotVerified {
                    profile,
                    kid: hcert::kid::Kid::from_bytes(kid),
                    stage: "content",
                    failure: None,
                }));
            }
            dcc = Some(read);
            codes.push(Code::new(on_paper(profile), text));
        }
        let dcc = dcc.ok_or_else(emptied)?;
        Ok(Read { codes, dcc })
    }

    /// The facts of a certificate that verified.
    pub(super) fn facts(
        &self,
        read: &Read,
        certificate: &CertificateRow,
        beside: &Beside,
    ) -> Facts {
        let expires = certificate.expires_at;
        self.paper
            .facts(&read.dcc, expires, beside, &self.catalogue)
    }

    /// The sheet of a certificate.
    pub(super) fn sheet(
        &mut self,
        certificate: &CertificateRow,
        beside: Beside,
    ) -> Result<Sheet, Refusal> {
        let read = self.read(certificate)?;
        let facts = self.facts(&read, certificate, &beside);
        let mut codes = read.codes.into_iter();
        let first = codes.next().ok_or_else(emptied)?;
        Ok(self.paper.sheet(facts, first, codes.next(), beside))
    }
}

/// Draws sheets of one kind into one document.
pub(super) struct Printer {
    pub(super) reader: Reader,
    pub(super) batch: Batch,
}

impl Printer {
    pub(super) fn new(press: &print::Press, kind: Kind, reader: Reader) -> Printer {
        Printer {
            reader,
            batch: Batch::new(press, kind),
        }
    }

    /// Draws one more; on a refusal the document is as it was.
    pub(super) fn draw(
        &mut self,
        certificate: &CertificateRow,
        beside: Beside,
    ) -> Result<(), Refusal> {
        let sheet = self.reader.sheet(certificate, beside)?;
        Ok(self.batch.push(&sheet)?)
    }
}

/// What is to be thought of a certificate that could not be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Its symbol could not be read back: nobody may get it.
    NotReadable,
    /// Its text does not verify: somebody changed the database.
    NotVerified,
}

impl Fault {
    /// The alarm that it raises.
    pub(super) fn alarm(self) -> AlarmKind {
        match self {
            Fault::NotReadable => AlarmKind::NotReadable,
            Fault::NotVerified => AlarmKind::Tampered,
        }
    }

    /// What makes a certificate one that nobody may get; `None` for what another paper mends.
    pub(super) fn of(refusal: &Refusal) -> Option<Fault> {
        use qr::encode::EncodeError;
        match refusal {
            Refusal::Print(PrintError::Code(EncodeError::NotReadBack { .. })) => {
                Some(Fault::NotReadable)
            }
            // Without its key nothing can be said of it, good or bad.
            Refusal::Certify(CertifyError::NotVerified { stage: "kid", .. }) => None,
            Refusal::Certify(CertifyError::NotVerified { .. }) => Some(Fault::NotVerified),
            _ => None,
        }
    }
}

fn on_paper(profile: Profile) -> print::Profile {
    match profile {
        Profile::National => print::Profile::National,
        Profile::International => print::Profile::International,
    }
}

/// Retention has taken the texts away.
fn emptied() -> Refusal {
    Refusal::State {
        state: "emptied".into(),
        why: "its personal data was removed when its time was over, and nothing is left to print",
    }
}

#[cfg(test)]
mod tests {
    use hcert::kid::Kid;
    use qr::encode::EncodeError;

    use super::*;

    #[test]
    fn what_holds_a_certificate_back() {
        let reason = String::new();
        let unread = PrintError::Code(EncodeError::NotReadBack { reason });
        assert_eq!(Fault::of(&unread.into()), Some(Fault::NotReadable));
        let dense = PrintError::TooDense {
            modules: 101,
            most: 81,
        };
        for mended in [
            dense,
            PrintError::NoName,
            PrintError::Code(EncodeError::Empty),
        ] {
            assert_eq!(Fault::of(&mended.into()), None);
        }
        let stage = |stage| {
            Refusal::Certify(CertifyError::NotVerified {
                profile: Profile::National,
                kid: Kid::from_bytes(&[0; 8]),
                stage,
                failure: None,
            })
        };
        assert_eq!(Fault::of(&stage("signature")), Some(Fault::NotVerified));
        assert_eq!(Fault::of(&stage("kid")), None);
        assert_eq!(Fault::of(&emptied()), None);
    }
}
