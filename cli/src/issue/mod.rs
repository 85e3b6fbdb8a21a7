//! `hcert issue`: payloads in, certificates out, all of them or none.

mod answers;
pub(crate) mod args;
mod ask;
mod example;
mod payloads;
mod questions;
mod sign;

use std::{
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::{
    context::Context,
    fault::{BadEntry, Fault},
    files::{self, Output},
    keys::{
        authority::of_key,
        certificates,
        make::{days_between, plus_days},
        passphrase,
        private::SealedKey,
    },
    picture::Pictures,
};
use args::IssueArgs;
use payloads::{Terms, Wanted};
use sign::{Dsc, Issued};

/// Issues what the arguments ask for.
pub(crate) fn run(args: &IssueArgs, context: &Context) -> Result<(), Fault> {
    if let Some(kind) = args.example {
        return files::print(example::of(kind.into()).as_bytes());
    }
    let (Some(key), Some(cert)) = (&args.key, &args.cert) else {
        // The parser has seen to it that both are there.
        return Err(Fault::NoPayload);
    };
    check_outputs(args)?;
    if args.payload.is_none() && !io::stdin().is_terminal() {
        return Err(Fault::NoPayload);
    }
    let sealed = SealedKey::read(key)?;
    let certificates = certificates::read_certificates(cert)?;
    let passphrase = passphrase::existing(context, args.passphrase.passphrase_file.as_ref(), key)?;
    let private = sealed.open(&passphrase)?;
    let certificate = of_key(&certificates, &private).ok_or_else(|| Fault::KeyAndCertificate {
        key: files::shown(key),
        certificate: files::shown(cert),
    })?;
    let dsc = Dsc {
        certificate,
        signer: private.signer(),
    };
    check_profile(args, &dsc)?;
    let terms = terms(args, &dsc, cert, context)?;
    if certificate.is_authority() {
        context.print_warning(context.words().making().signs_as_csca);
    }

    let wanted = match &args.payload {
        Some(path) => from_file(path, &terms)?,
        None => vec![ask::payload(&terms, context)?],
    };
    if args.picture.wanted() && wanted.len() != 1 {
        return Err(Fault::OnePicture {
            total: wanted.len(),
        });
    }
    let issued = sign::all(&wanted, &dsc, &terms)?;
    write(args, &issued, &terms, context)
}

/// Everything that can be refused before a passphrase is typed.
fn check_outputs(args: &IssueArgs) -> Result<(), Fault> {
    let to_standard = [&args.text, &args.picture.png, &args.picture.svg]
        .into_iter()
        .flatten()
        .filter(|path| files::is_standard(path));
    if to_standard.count() > 1 {
        return Err(Fault::StandardOutputTwice);
    }
    Ok(())
}

fn check_profile(args: &IssueArgs, dsc: &Dsc<'_>) -> Result<(), Fault> {
    let algorithm = dsc.signer.algorithm();
    match args.profile.map(keyring::Profile::from) {
        Some(profile) if !profile.allows(algorithm) => Err(Fault::Profile {
            profile: profile.name(),
            algorithm,
            wanted: profile.algorithms(),
        }),
        _ => Ok(()),
    }
}

/// Issuer and times, within what the DSC allows.
fn terms(args: &IssueArgs, dsc: &Dsc<'_>, cert: &Path, context: &Context) -> Result<Terms, Fault> {
    let issued_at = args.issued_at.unwrap_or_else(|| context.now());
    let expires_at = args
        .expires
        .unwrap_or_else(|| plus_days(issued_at, args.days));
    let certificate = dsc.certificate;
    if !certificate.is_valid_at(issued_at) {
        return Err(Fault::DscPeriod {
            at: issued_at,
            from: certificate.not_before(),
            until: certificate.not_after(),
        });
    }
    if expires_at <= issued_at {
        return Err(Fault::NeverValid {
            issued: issued_at,
            expires: expires_at,
        });
    }
    if expires_at > certificate.not_after() {
        return Err(Fault::BeyondDsc {
            expires: expires_at,
            latest: certificate.not_after(),
            days: days_between(issued_at, certificate.not_after()),
        });
    }
    let country = args.issuer.clone().or_else(|| certificate.country());
    let issuer = country
        .filter(|country| crate::keys::args::country(country).is_ok())
        .ok_or_else(|| Fault::NoCountry {
            path: files::shown(cert),
        })?;
    Ok(Terms {
        issuer: issuer.to_ascii_uppercase(),
        issued_at,
        expires_at,
        usage: certificate.usage(),
    })
}

fn from_file(path: &Path, terms: &Terms) -> Result<Vec<Wanted>, Fault> {
    let values = payloads::read(path)?;
    let total = values.len();
    let mut wanted = Vec::with_capacity(total);
    let mut bad = Vec::new();
    for (index, value) in values.into_iter().enumerate() {
        match payloads::prepare(value, terms)? {
            Ok(one) => wanted.push(one),
            Err(problems) => bad.push(BadEntry {
                number: index + 1,
                problems,
            }),
        }
    }
    if bad.is_empty() {
        bad = payloads::repeated(&wanted);
    }
    if bad.is_empty() {
        Ok(wanted)
    } else {
        Err(Fault::Entries { total, bad })
    }
}

fn write(
    args: &IssueArgs,
    issued: &[Issued],
    terms: &Terms,
    context: &Context,
) -> Result<(), Fault> {
    let mut pictures = Pictures::default();
    if let ([one], true) = (issued, args.picture.wanted()) {
        let symbol = args.picture.symbol(&one.text)?;
        pictures = args.picture.draw(&symbol, context)?;
    }
    let text_file: Option<PathBuf> = match &args.text {
        None if !args.picture.wanted() => Some("-".into()),
        given => given.clone(),
    };
    if let Some(path) = text_file {
        let mut text = String::new();
        for one in issued {
            text += &one.text;
            text.push('\n');
        }
        pictures.lines.insert(0, files::shown(&path));
        pictures.outputs.insert(
            0,
            Output {
                path,
                bytes: Zeroizing::new(text.into_bytes()),
                private: false,
                replace: true,
            },
        );
    }
    files::write_all(&pictures.outputs)?;
    let to_standard = pictures
        .outputs
        .iter()
        .any(|output| files::is_standard(&output.path));
    if to_standard {
        return Ok(());
    }
    files::print(report(issued, terms, &pictures.lines, context).as_bytes())
}

fn report(issued: &[Issued], terms: &Terms, lines: &[String], context: &Context) -> String {
    let words = context.words();
    let making = words.making();
    let mut text = match issued {
        [one] => format!("{}: {}\n", making.issued, one.identifier),
        several => format!("{} {}\n", several.len(), making.many_issued),
    };
    let valid = words.period(terms.issued_at, terms.expires_at);
    text += &format!("  {} {valid}\n", making.valid);
    for line in lines {
        text += &format!("  {line}\n");
    }
    text
}
