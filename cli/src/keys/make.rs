//! `hcert keys csca` and `hcert keys dsc`.

use std::path::{Path, PathBuf};

use hcert::{
    pem,
    time::Timestamp,
    x509::{
        Certificate,
        make::{self, Period, Subject},
    },
};

use super::{
    args::{CscaArgs, DscArgs, PlaceArgs, RecordArgs, Role, SubjectArgs},
    authority::{self, Authority},
    ceremony::{self, places},
    paper, passphrase,
    private::{self, PrivateKey},
    show,
    transcript::Entry,
};
use crate::{context::Context, fault::Fault, files, random};

const SECONDS_OF_DAY: i64 = 24 * 3600;

/// Makes a CSCA and says what was made.
pub(crate) fn csca(args: &CscaArgs, context: &Context) -> Result<(), Fault> {
    let subject = subject(&args.subject, &args.country)?;
    let (cert, key) = args.place.paths("csca");
    ceremony::check(
        &places(&[&cert, &key], &args.paper),
        args.place.force,
        &args.record,
    )?;
    let passphrase = passphrase::new(context, args.passphrase.passphrase_file.as_ref(), &key)?;
    let private = private::generate(args.algorithm.into())?;
    let period = period_from_now(args.days, context);
    let certificate = make::csca(&subject, period, *random::bytes()?, private.signer())?;
    let (making, words) = (context.words().making(), context.words());
    let made = Made {
        command: "keys csca",
        role: Role::Csca,
        certificate: &certificate,
        cert: &cert,
        key: &key,
        paper: &args.paper,
    };
    made.save(&private, &passphrase, &args.place, &args.record, context)?;
    made.report(
        making.csca_made,
        &[
            making.keep_offline.to_owned(),
            words.next_dsc(&files::shown(&cert), &files::shown(&key)),
        ],
        context,
    )
}

/// Makes a DSC and says what was made.
pub(crate) fn dsc(args: &DscArgs, context: &Context) -> Result<(), Fault> {
    let (cert, key) = args.place.paths("dsc");
    ceremony::check(
        &places(&[&cert, &key], &args.paper),
        args.place.force,
        &args.record,
    )?;
    let period = period_from_now(args.days, context);
    let csca = Authority::open(
        &args.authority,
        &args.passphrase,
        period.not_before,
        context,
    )?;
    csca.check_period(period)?;
    let country = match &args.country {
        Some(country) => country.clone(),
        None => csca.country(&args.authority)?,
    };
    let subject = subject(&args.subject, &country)?;

    let passphrase = passphrase::new(context, args.passphrase.passphrase_file.as_ref(), &key)?;
    let private = private::generate(args.algorithm)?;
    let certificate = make::dsc(
        &subject,
        period,
        *random::bytes()?,
        &private.signer().spki(),
        &authority::kinds(&args.kind),
        (&csca.certificate, csca.key.signer()),
    )?;
    let words = context.words();
    let made = Made {
        command: "keys dsc",
        role: Role::Dsc,
        certificate: &certificate,
        cert: &cert,
        key: &key,
        paper: &args.paper,
    };
    made.save(&private, &passphrase, &args.place, &args.record, context)?;
    let next = words.next_issue(&files::shown(&cert), &files::shown(&key));
    made.report(words.making().dsc_made, &[next], context)
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

/// From this instant for so many days.
pub(crate) fn period_from_now(days: u32, context: &Context) -> Period {
    let not_before = context.now();
    Period {
        not_before,
        not_after: plus_days(not_before, days),
    }
}

/// Whom a certificate will name.
pub(crate) fn subject<'a>(args: &'a SubjectArgs, country: &'a str) -> Result<Subject<'a>, Fault> {
    if !is_name(&args.name)
        || args
            .organisation
            .as_deref()
            .is_some_and(|name| !is_name(name))
    {
        return Err(Fault::Name);
    }
    Ok(Subject {
        common_name: args.name.trim(),
        country,
        organisation: args.organisation.as_deref().map(str::trim),
    })
}

/// Whether a name says anything, and does nothing to a terminal.
pub(crate) fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && !text.chars().any(char::is_control)
}

/// A certificate and its new key.
pub(crate) struct Made<'a> {
    pub(crate) command: &'a str,
    pub(crate) role: Role,
    pub(crate) certificate: &'a Certificate,
    pub(crate) cert: &'a Path,
    pub(crate) key: &'a Path,
    pub(crate) paper: &'a Option<PathBuf>,
}

impl Made<'_> {
    /// Writes key, certificate, paper and transcript, or nothing.
    pub(crate) fn save(
        &self,
        private: &PrivateKey,
        passphrase: &str,
        place: &PlaceArgs,
        record: &RecordArgs,
        context: &Context,
    ) -> Result<(), Fault> {
        let sealed = private::seal(private, passphrase)?;
        let text = pem::encode("CERTIFICATE", self.certificate.der());
        let mut outputs = vec![
            ceremony::private(self.key, sealed.clone(), place.force),
            ceremony::public(self.cert, text.into_bytes(), place.force),
        ];
        if let Some(path) = self.paper {
            let sheet = paper::Sheet {
                role: self.role,
                name: self.certificate.subject(),
                spki: &private.signer().spki(),
                sealed: &sealed,
                made: context.now(),
            };
            outputs.push(ceremony::private(path, sheet.page(context)?, place.force));
        }
        let entry = Entry::new(self.command).role(self.role);
        let entry = entry.certificate(self.certificate);
        ceremony::write(outputs, entry, record, context)
    }

    /// Says what was made, where it is, and what to do next.
    pub(crate) fn report(
        &self,
        answer: &str,
        remedies: &[String],
        context: &Context,
    ) -> Result<(), Fault> {
        let making = context.words().making();
        let mut rows = show::rows(self.certificate, context);
        rows.push((making.certificate, files::shown(self.cert)));
        rows.push((making.private_key, show::sealed(self.key, context)));
        rows.extend(show::paper(self.paper, context));
        let head = format!("{answer}: {}", self.certificate.subject());
        show::report(&head, &rows, remedies)
    }
}
