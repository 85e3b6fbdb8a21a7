//! The CSCA at work: its certificate and key, opened.

use std::path::Path;

use hcert::{
    time::Timestamp,
    x509::{Certificate, EventKind, make::Period},
};

use super::{
    args::{AuthorityArgs, KindArg, PassphraseArgs},
    certificates,
    fault::KeysFault,
    make::days_between,
    passphrase,
    private::{PrivateKey, SealedKey},
};
use crate::{context::Context, fault::Fault, files};

/// A CSCA that may sign now.
pub(crate) struct Authority {
    /// Its certificate.
    pub(crate) certificate: Certificate,
    /// Its private key.
    pub(crate) key: PrivateKey,
}

impl Authority {
    /// Opens the key; certificate and key have to belong together and be valid at this instant.
    pub(crate) fn open(
        args: &AuthorityArgs,
        passphrase: &PassphraseArgs,
        now: Timestamp,
        context: &Context,
    ) -> Result<Authority, Fault> {
        let sealed = SealedKey::read(&args.csca_key)?;
        let authorities = certificates::read_certificates(&args.csca_cert)?;
        let file = args.csca_passphrase_file.as_ref();
        let file = file.or(passphrase.passphrase_file.as_ref());
        let passphrase = passphrase::existing(context, file, &args.csca_key)?;
        let key = sealed.open(&passphrase)?;
        let certificate = of_key(&authorities, &key).ok_or_else(|| Fault::KeyAndCertificate {
            key: files::shown(&args.csca_key),
            certificate: files::shown(&args.csca_cert),
        })?;
        let authority = Authority {
            certificate: certificate.clone(),
            key,
        };
        authority.check(&args.csca_cert, now)?;
        Ok(authority)
    }

    /// Its country.
    pub(crate) fn country(&self, args: &AuthorityArgs) -> Result<String, Fault> {
        self.certificate.country().ok_or_else(|| Fault::NoCountry {
            path: files::shown(&args.csca_cert),
        })
    }

    /// Refuses a DSC that would outlive it.
    pub(crate) fn check_period(&self, period: Period) -> Result<(), Fault> {
        let until = self.certificate.not_after();
        if period.not_after > until {
            return Err(Fault::BeyondCsca {
                until,
                days: days_between(period.not_before, until),
            });
        }
        Ok(())
    }

    /// Refuses anything but one DSC that it issued.
    pub(crate) fn check_issued(&self, dsc: &Certificate, path: &Path) -> Result<(), Fault> {
        dsc.check_issued_by(&self.certificate).map_err(|error| {
            let path = files::shown(path);
            KeysFault::NotIssued { path, error }.into()
        })
    }

    fn check(&self, path: &Path, now: Timestamp) -> Result<(), Fault> {
        let csca = &self.certificate;
        if !csca.is_authority() {
            return Err(Fault::NotAuthority {
                path: files::shown(path),
                subject: csca.subject().to_owned(),
            });
        }
        if !csca.is_valid_at(now) {
            return Err(Fault::CscaPeriod {
                from: csca.not_before(),
                until: csca.not_after(),
            });
        }
        Ok(())
    }
}

/// The certificate, of several, that the key belongs to.
pub(crate) fn of_key<'a>(
    certificates: &'a [Certificate],
    key: &PrivateKey,
) -> Option<&'a Certificate> {
    let spki = key.signer().spki();
    certificates
        .iter()
        .find(|certificate| certificate.spki().is_ok_and(|there| there == spki))
}

/// The one DSC of a file.
pub(crate) fn one_dsc(path: &Path) -> Result<Certificate, Fault> {
    let mut all = certificates::read_certificates(path)?;
    match (all.pop(), all.is_empty()) {
        (Some(dsc), true) if !dsc.is_authority() => Ok(dsc),
        _ => Err(KeysFault::NotOneDsc {
            path: files::shown(path),
        }
        .into()),
    }
}

/// Kinds in their usual order, each once.
pub(crate) fn kinds(given: &[KindArg]) -> Vec<EventKind> {
    let named = |kind: &EventKind| given.iter().any(|given| EventKind::from(*given) == *kind);
    EventKind::ALL.into_iter().filter(named).collect()
}
