//! One document signer.

use core::fmt;

use hcert::{
    keys::{Algorithm, KeyError, SignError, Signer},
    kid::Kid,
    time::Timestamp,
    x509::{Certificate, EventKind},
};
use verifier::Verifier;

use crate::{
    DAY, Profile,
    text::{self, Memory, Payload, TextError},
};

/// Anything that signs, from any thread.
pub type BoxedSigner = Box<dyn Signer + Send + Sync>;

/// Signed once at opening, to see that key and certificate belong together. No certificate, no
/// request and no COSE message begins so.
pub(crate) const PROBE: &[u8] = b"hcert: does this key belong to its certificate?";

/// Where a private key lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a sealed file, and opened in memory.
    File,
    /// In an HSM, which only uses it.
    Hsm,
}

impl Place {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Place::File => "file",
            Place::Hsm => "hsm",
        }
    }
}

/// When a key stops signing. What it signed goes on being verified with its certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// At this instant.
    At(Timestamp),
    /// So many days before its certificate ends: as many as the certificates that it signs last.
    BeforeEnd {
        /// Days.
        days: u32,
    },
}

/// What a document signer is for.
#[derive(Debug, Clone)]
pub struct DscTerms {
    /// Who reads what it signs.
    pub profile: Profile,
    /// The kinds it signs here; none for all that its certificate allows.
    pub uses: Vec<EventKind>,
    /// When it begins to sign; without one when its certificate begins.
    pub from: Option<Timestamp>,
    /// When it stops.
    pub until: Stop,
}

/// Why a key can't be a document signer under these terms.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DscError {
    /// The profile is signed with another algorithm.
    #[error("{profile} certificates are signed with {wanted}, and this key signs {algorithm}",
        wanted = .profile.algorithms())]
    Algorithm {
        /// The profile.
        profile: Profile,
        /// The key's own.
        algorithm: Algorithm,
    },
    /// The certificate is a CSCA's.
    #[error("{0} is a CSCA, whose key stays offline: let it sign a DSC, and give that")]
    Authority(String),
    /// The key is not the one in the certificate.
    #[error("the private key does not belong to the certificate of {0}")]
    KeyAndCertificate(String),
    /// The certificate's key can't be used.
    #[error("the certificate's key can't be used: {0}")]
    Key(#[from] KeyError),
    /// The key did not sign the probe.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// A use that the certificate does not allow.
    #[error("the certificate of {subject} may not sign a {kind}", kind = .kind.name())]
    Use {
        /// The certificate's subject.
        subject: String,
        /// The kind asked for.
        kind: EventKind,
    },
    /// The key would never sign.
    #[error("the key would begin to sign at {from} and stop at {until}, so it never would sign")]
    Never {
        /// The beginning.
        from: Timestamp,
        /// The end.
        until: Timestamp,
    },
    /// The period reaches beyond the certificate's.
    #[error(
        "the key is to sign from {from} until {until}, and its certificate holds from {not_before} \
         until {not_after}: it has to begin no earlier and to stop before the certificate ends"
    )]
    Period {
        /// The beginning.
        from: Timestamp,
        /// The end.
        until: Timestamp,
        /// Beginning of the certificate.
        not_before: Timestamp,
        /// End of the certificate.
        not_after: Timestamp,
    },
}

/// A document signer: a private key with its certificate, and what it is for.
///
/// That key and certificate belong together was tried when it was made.
pub struct Dsc {
    certificate: Certificate,
    kid: Kid,
    signer: BoxedSigner,
    verifier: Verifier,
    place: Place,
    profile: Profile,
    uses: Vec<EventKind>,
    from: Timestamp,
    until: Timestamp,
}

impl Dsc {
    /// Puts key and certificate together. Signs one probe.
    pub fn new(
        certificate: Certificate,
        signer: BoxedSigner,
        place: Place,
        terms: &DscTerms,
    ) -> Result<Dsc, DscError> {
        let (profile, algorithm) = (terms.profile, signer.algorithm());
        if !profile.allows(algorithm) {
            return Err(DscError::Algorithm { profile, algorithm });
        }
        let subject = || certificate.subject().to_owned();
        if certificate.is_authority() {
            return Err(DscError::Authority(subject()));
        }
        let key = certificate.public_key()?;
        if key.spki() != signer.spki() || key.algorithm() != algorithm {
            return Err(DscError::KeyAndCertificate(subject()));
        }
        let signature = signer.sign(PROBE)?;
        if key.verify(PROBE, &signature).is_err() {
            return Err(DscError::KeyAndCertificate(subject()));
        }
        let (from, until) = period(&certificate, terms)?;
        Ok(Dsc {
            uses: uses(&certificate, terms)?,
            kid: certificate.kid(),
            verifier: text::verifier_of(&certificate),
            certificate,
            signer,
            place,
            profile,
            from,
            until,
        })
    }

    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The key identifier in what it signs.
    pub fn kid(&self) -> &Kid {
        &self.kid
    }

    /// The one algorithm of its key.
    pub fn algorithm(&self) -> Algorithm {
        self.signer.algorithm()
    }

    /// Where the private key lies.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Who reads what it signs.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// The kinds it signs, at least one.
    pub fn uses(&self) -> &[EventKind] {
        &self.uses
    }

    /// The instant it begins to sign at.
    pub fn from(&self) -> Timestamp {
        self.from
    }

    /// The instant it signs no more at.
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// The end of its certificate, which is the last instant that anything it signs may last to.
    pub fn ends(&self) -> Timestamp {
        self.certificate.not_after()
    }

    /// Whether it signs this kind for this profile, at whatever time.
    pub fn is_for(&self, profile: Profile, usage: EventKind) -> bool {
        self.profile == profile && self.uses.contains(&usage)
    }

    /// Whether the period in which it signs contains this instant.
    pub fn signs_at(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// Signs a payload and verifies the text.
    pub(crate) fn text(
        &self,
        payload: &Payload<'_>,
        memory: &mut Memory,
    ) -> Result<String, TextError> {
        payload.text(self.signer.as_ref(), &self.kid, &self.verifier, memory)
    }
}

impl fmt::Debug for Dsc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dsc")
            .field("kid", &self.kid)
            .field("profile", &self.profile)
            .field("algorithm", &self.algorithm())
            .field("place", &self.place)
            .field("from", &self.from)
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

fn uses(certificate: &Certificate, terms: &DscTerms) -> Result<Vec<EventKind>, DscError> {
    let allowed = |kind: &EventKind| certificate.usage().allows(*kind);
    if let Some(kind) = terms.uses.iter().copied().find(|kind| !allowed(kind)) {
        let subject = certificate.subject().to_owned();
        return Err(DscError::Use { subject, kind });
    }
    let wanted = |kind: &EventKind| terms.uses.is_empty() || terms.uses.contains(kind);
    let all = EventKind::ALL.into_iter();
    Ok(all.filter(|kind| allowed(kind) && wanted(kind)).collect())
}

fn period(certificate: &Certificate, terms: &DscTerms) -> Result<(Timestamp, Timestamp), DscError> {
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    let from = terms.from.unwrap_or(not_before);
    let until = match terms.until {
        Stop::At(until) => until,
        Stop::BeforeEnd { days } => not_after.plus_seconds(-i64::from(days) * DAY),
    };
    if until <= from {
        return Err(DscError::Never { from, until });
    }
    if from < not_before || until >= not_after {
        return Err(DscError::Period {
            from,
            until,
            not_before,
            not_after,
        });
    }
    Ok((from, until))
}
