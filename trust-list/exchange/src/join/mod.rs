//! Joining WHO's network: the certificates it asks for, the check of given ones, the participant's
//! folder, and the signed upload of a DSC.
//!
//! Sources: smart-trust, concepts_certificate_governance ("Certificate templates", "Validity
//! periods") and concepts_onboarding_checklist; the checks that the onboarding runs
//! (tng-participant-template, scripts/tests). Every environment (development, acceptance,
//! production) needs keys of its own: none may be used in two.
//!
//! | | signs | made by |
//! | --- | --- | --- |
//! | SCA | DSCs | [`hcert::x509::make::csca`] |
//! | DSC | health certificates | [`hcert::x509::make::dsc`] |
//! | TLS | nothing: opens the connection | [`make`] |
//! | UP | uploads of DSCs | [`make`] |

mod check;
mod folder;
mod rules;
mod upload;

pub use check::{Finding, Level, Outcome, Question, check_certificate};
pub use folder::{DOMAINS, FolderError, Participant, folder};
pub use upload::{UploadError, read_upload, request, upload};

use hcert::{
    keys::{Algorithm, Signer},
    time::Timestamp,
    x509::{
        Certificate, EventKind,
        make::{self, MakeError, Period, Purpose, Subject},
    },
};

/// A certificate of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Template {
    /// Signing Certificate Authority (CSCA): signs DSCs.
    Sca,
    /// Document Signer Certificate: signs health certificates.
    Dsc,
    /// TLS client authentication.
    Tls,
    /// Upload: signs what is sent to the gateway.
    Upload,
}

impl Template {
    /// Its short name, which is also the name of its folder and file.
    pub const fn name(self) -> &'static str {
        match self {
            Template::Sca => "SCA",
            Template::Dsc => "DSC",
            Template::Tls => "TLS",
            Template::Upload => "UP",
        }
    }

    /// How long one is valid that is made here, in days: 4 years for an SCA, 2 for a DSC, 1 for
    /// the others, as the network recommends.
    pub const fn days(self) -> i64 {
        match self {
            Template::Sca => 1461,
            Template::Dsc => 730,
            Template::Tls | Template::Upload => 365,
        }
    }

    /// The recommended period from an instant on.
    pub fn period(self, from: Timestamp) -> Period {
        Period {
            not_before: from,
            not_after: from.plus_seconds(self.days() * 24 * 60 * 60),
        }
    }
}

impl core::fmt::Display for Template {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a certificate for the network was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JoinError {
    /// The network takes ECDSA (P-256) and long RSA keys.
    #[error("the network takes no {0} keys: make a P-256 key")]
    Algorithm(Algorithm),
    /// A DSC needs the SCA that signs it.
    #[error("a DSC is signed by the SCA: give its certificate and key")]
    NoAuthority,
    /// It could not be made.
    #[error(transparent)]
    Make(#[from] MakeError),
}

/// Makes a certificate by its template. `key` is the new certificate's own; a DSC needs the SCA
/// and its key besides, and may sign all kinds. `serial` is 16 random bytes.
pub fn make(
    template: Template,
    subject: &Subject<'_>,
    period: Period,
    serial: [u8; 16],
    key: &dyn Signer,
    authority: Option<(&Certificate, &dyn Signer)>,
) -> Result<Certificate, JoinError> {
    if key.algorithm() != Algorithm::Es256 {
        return Err(JoinError::Algorithm(key.algorithm()));
    }
    Ok(match template {
        Template::Sca => make::csca(subject, period, serial, key)?,
        Template::Tls => make::self_signed(Purpose::TlsClient, subject, period, serial, key)?,
        Template::Upload => make::self_signed(Purpose::Upload, subject, period, serial, key)?,
        Template::Dsc => {
            let authority = authority.ok_or(JoinError::NoAuthority)?;
            make::dsc(
                subject,
                period,
                serial,
                &key.spki(),
                &EventKind::ALL,
                authority,
            )?
        }
    })
}
