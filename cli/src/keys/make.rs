//! `hcert keys csca` and `hcert keys dsc`.

use std::path::Path;

use hcert::{
    pem,
    time::Timestamp,
    x509::{
        Certificate, EventKind,
        make::{self, Period, Subject},
    },
};
use zeroize::Zeroizing;

use super::{
    args::{CscaArgs, DscArgs, PlaceArgs, SubjectArgs},
    certificates, passphrase,
    private::{PrivateKey, SealedKey},
    show,
};
use crate::{
    context::Context,
    fault::Fault,
    files::{self, Output},
    random,
};

const SECONDS_OF_DAY: i64 = 24 * 3600;

/// Makes a CSCA and says what was made.
pub(crate) fn csca(args: &CscaArgs, context: &Context) -> Result<(), Fault> {
    let subject = subject(&args.subject, &args.country)?;
    let (cert, key) = places(&args.place, "csca")?;
    let passphrase = passphrase::new(context, args.passphrase.passphrase_file.as_ref(), &key)?;
    let private = PrivateKey::generate(args.algorithm.into())?;
    let period = period_from_now(args.days, context);
    let certificate = make::csca(&subject, period, *random::bytes()?, private.signer())?;
    save(
        (&cert, &certificate),
        (&key, &private.seal(&passphrase)?),
        args.place.force,
    )?;
    let making = context.words().making();
    let report = Report {
        answer: making.csca_made,
        certificate: &certificate,
        cert: &cert,
        key: &key,
        remedies: &[
            making.keep_offline.to_owned(),
            context
                .words()
                .next_dsc(&files::shown(&cert), &files::shown(&key)),
        ],
    };
    report.print(context)
}

/// Makes a DSC and says what was made.
pub(crate) fn dsc(args: &DscArgs, context: &Context) -> Result<(), Fault> {
    let (cert, key) = places(&args.place, "dsc")?;
    let period = period_from_now(args.days, context);
    let sealed = SealedKey::read(&args.csca_key)?;
    let authorities = certificates::read_certificates(&args.csca_cert)?;
    let file = args.passphrase.passphrase_file.as_ref();
    let csca_file = args.csca_passphrase_file.as_ref().or(file);
    let csca_passphrase = passphrase::existing(context, csca_file, &args.csca_key)?;
    let csca_key = sealed.open(&csca_passphrase)?;
    let csca = of_key(&authorities, &csca_key).ok_or_else(|| Fault::KeyAndCertificate {
        key: files::shown(&args.csca_key),
        certificate: files::shown(&args.csca_cert),
    })?;
    check_authority(csca, &args.csca_cert, period)?;
    let country = match &args.country {
        Some(country) => country.clone(),
        None => csca.country().ok_or_else(|| Fault::NoCountry {
            path: files::shown(&args.csca_cert),
        })?,
    };
    let subject = subject(&args.subject, &country)?;
    let kinds = EventKind::ALL.into_iter().filter(|kind| {
        args.kind
            .iter()
            .any(|given| EventKind::from(*given) == *kind)
    });
    let kinds: Vec<EventKind> = kinds.collect();

    let passphrase = passphrase::new(context, file, &key)?;
    let private = PrivateKey::generate(args.algorithm)?;
    let certificate = make::dsc(
        &subject,
        period,
        *random::bytes()?,
        &private.signer().spki(),
        &kinds,
        (csca, csca_key.signer()),
    )?;
    save(
        (&cert, &certificate),
        (&key, &private.seal(&passphrase)?),
        args.place.force,
    )?;
    let report = Report {
        answer: context.words().making().dsc_made,
        certificate: &certificate,
        cert: &cert,
        key: &key,
        remedies: &[context
            .words()
            .next_issue(&files::shown(&cert), &files::shown(&key))],
    };
    report.print(context)
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

fn check_authority(csca: &Certificate, path: &Path, period: Period) -> Result<(), Fault> {
    if !csca.is_authority() {
        return Err(Fault::NotAuthority {
            path: files::shown(path),
            subject: csca.subject().to_owned(),
        });
    }
    if !csca.is_valid_at(period.not_before) {
        return Err(Fault::CscaPeriod {
            from: csca.not_before(),
            until: csca.not_after(),
        });
    }
    if period.not_after > csca.not_after() {
        return Err(Fault::BeyondCsca {
            until: csca.not_after(),
            days: days_between(period.not_before, csca.not_after()),
        });
    }
    Ok(())
}

/// Whole days from one instant to another that still fit when the advice is followed an hour later.
pub(crate) fn days_between(from: Timestamp, until: Timestamp) -> i64 {
    const TIME_TO_TYPE: i64 = 3600;
    (until.unix() - from.unix() - TIME_TO_TYPE).div_euclid(SECONDS_OF_DAY)
}

/// An instant some days later.
pub(crate) fn plus_days(from: Timestamp, days: u32) -> Timestamp {
    from.plus_seconds(i64::from(days) * SECONDS_OF_DAY)
}

fn period_from_now(days: u32, context: &Context) -> Period {
    let not_before = context.now();
    Period {
        not_before,
        not_after: plus_days(not_before, days),
    }
}

fn subject<'a>(args: &'a SubjectArgs, country: &'a str) -> Result<Subject<'a>, Fault> {
    let wrong = |text: &str| text.trim().is_empty() || text.chars().any(char::is_control);
    if wrong(&args.name) || args.organisation.as_deref().is_some_and(wrong) {
        return Err(Fault::Name);
    }
    Ok(Subject {
        common_name: args.name.trim(),
        country,
        organisation: args.organisation.as_deref().map(str::trim),
    })
}

/// Where to write, looked at before anybody types a passphrase.
fn places(
    place: &PlaceArgs,
    stem: &str,
) -> Result<(std::path::PathBuf, std::path::PathBuf), Fault> {
    let (cert, key) = place.paths(stem);
    if !place.force {
        files::check_free(&cert)?;
        files::check_free(&key)?;
    }
    Ok((cert, key))
}

fn save(
    (cert, certificate): (&Path, &Certificate),
    (key, sealed): (&Path, &Zeroizing<Vec<u8>>),
    replace: bool,
) -> Result<(), Fault> {
    let text = pem::encode("CERTIFICATE", certificate.der());
    files::write_all(&[
        Output {
            path: key.to_owned(),
            bytes: sealed.clone(),
            private: true,
            replace,
        },
        Output {
            path: cert.to_owned(),
            bytes: Zeroizing::new(text.into_bytes()),
            private: false,
            replace,
        },
    ])
}

/// What was made, where it is, and what to do next.
struct Report<'a> {
    answer: &'a str,
    certificate: &'a Certificate,
    cert: &'a Path,
    key: &'a Path,
    remedies: &'a [String],
}

impl Report<'_> {
    fn print(&self, context: &Context) -> Result<(), Fault> {
        let making = context.words().making();
        let mut text = format!("{}: {}\n", self.answer, self.certificate.subject());
        let mut rows = show::rows(self.certificate, context);
        rows.push((making.certificate, files::shown(self.cert)));
        let sealed = format!("{} ({})", files::shown(self.key), making.sealed);
        rows.push((making.private_key, sealed));
        text += &show::table(&rows);
        for remedy in self.remedies {
            text += &format!("  — {remedy}\n");
        }
        files::print(text.as_bytes())
    }
}
