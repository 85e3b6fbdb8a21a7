//! `hcert keys network make`.
//!
//! ```text
//! DIR/participant/onboarding/DCC/...   what is handed in: certificates only
//! DIR/DSC/DCC/DSC.pem                  uploaded once the participant is in
//! DIR/private/DCC/SCA.key, DSC.key     encrypted
//! DIR/private/TLS.key, UP.key
//! ```

use std::path::{Path, PathBuf};

use hcert::{
    keys::Signer,
    pem,
    x509::{Certificate, make::Subject},
};
use trust_exchange::join::{
    self, DOMAINS, FolderError, Participant, Question, Template, check_certificate,
};
use trust_list::import::alpha3;

use super::refused;
use crate::{
    context::Context,
    fault::Fault,
    files, keys,
    keys::{
        args::{AlgorithmArg, MakeArgs},
        ceremony,
        fault::KeysFault,
        passphrase,
        private::{self, PrivateKey},
        show,
        transcript::Entry,
    },
    random,
};

/// A certificate with its key.
struct Made {
    template: Template,
    domain: Option<String>,
    certificate: Certificate,
    key: PrivateKey,
}

pub(super) fn run(args: &MakeArgs, context: &Context) -> Result<(), Fault> {
    let words = context.words();
    let texts = words.network();
    let Some(participant) = alpha3(&args.country) else {
        return Err(KeysFault::NetworkCountry {
            code: args.country.clone(),
        }
        .into());
    };
    let prefix = args.name.as_deref().unwrap_or(&args.country).trim();
    if !keys::make::is_name(prefix) || !keys::make::is_name(&args.organisation) {
        return Err(Fault::Name);
    }
    // Domains become folders: only known ones, before anything is made.
    for (index, domain) in args.domain.iter().enumerate() {
        if !DOMAINS.contains(&domain.as_str()) {
            return Err(refused(&args.out, FolderError::Domain(domain.clone())));
        }
        if args.domain.iter().take(index).any(|other| other == domain) {
            return Err(refused(&args.out, FolderError::Twice(domain.clone())));
        }
    }
    let mut places = Vec::new();
    for domain in &args.domain {
        for template in [Template::Sca, Template::Dsc] {
            places.push(key_path(&args.out, template, Some(domain)));
        }
        places.push(args.out.join(dsc_path(domain)));
    }
    places.push(key_path(&args.out, Template::Tls, None));
    places.push(key_path(&args.out, Template::Upload, None));
    let handed_in = args.out.join("participant");
    places.push(handed_in.clone());
    let places: Vec<&Path> = places.iter().map(PathBuf::as_path).collect();
    ceremony::check(&places, args.force, &args.record)?;
    let file = args.passphrase.passphrase_file.as_ref();
    let private = args.out.join("private");
    let passphrase = passphrase::new(context, file, &private)?;

    let all = make_all(args, prefix, participant, context)?;
    let found = |template: Template, domain: Option<&String>| {
        let mut all = all.iter();
        let made = all.find(|made| made.template == template && made.domain.as_ref() == domain);
        made.ok_or_else(|| refused(&args.out, template))
    };
    let mut authorities = Vec::new();
    for domain in &args.domain {
        let sca = found(Template::Sca, Some(domain))?;
        authorities.push((domain.as_str(), &sca.certificate));
    }
    let folder = join::folder(&Participant {
        authorities: &authorities,
        tls: &found(Template::Tls, None)?.certificate,
        tls_chain: &[],
        upload: &found(Template::Upload, None)?.certificate,
    })
    .map_err(|error| refused(&args.out, error))?;

    let mut outputs = Vec::new();
    for made in &all {
        let path = key_path(&args.out, made.template, made.domain.as_ref());
        let sealed = private::seal(&made.key, &passphrase)?;
        outputs.push(ceremony::private(&path, sealed, args.force));
        if let (Template::Dsc, Some(domain)) = (made.template, &made.domain) {
            let text = pem::encode("CERTIFICATE", made.certificate.der()).into_bytes();
            let path = args.out.join(dsc_path(domain));
            outputs.push(ceremony::public(&path, text, args.force));
        }
    }
    for (path, bytes) in folder {
        outputs.push(ceremony::public(&handed_in.join(path), bytes, args.force));
    }
    let entry = Entry::new("keys network make")
        .with("country", args.country.as_str())
        .with("name", format!("{participant}: {}", args.domain.join(", ")));
    ceremony::write(outputs, entry, &args.record, context)?;

    let mut rows = Vec::new();
    for made in &all {
        let certificate = &made.certificate;
        rows.push((
            made.template.name(),
            format!("{}  {}", show::kid(certificate), certificate.subject()),
        ));
    }
    rows.push((texts.handed_in, files::shown(&handed_in)));
    rows.push((texts.private_keys, show::sealed(&private, context)));
    let out = files::shown(&args.out);
    let domain = args.domain.first().map_or("DCC", String::as_str);
    let head = format!("{}: {participant}", texts.made);
    show::report(&head, &rows, &(texts.next_steps)(&out, domain, participant))
}

/// All certificates, each checked as the network does.
fn make_all(
    args: &MakeArgs,
    prefix: &str,
    participant: &str,
    context: &Context,
) -> Result<Vec<Made>, Fault> {
    let mut all: Vec<Made> = Vec::new();
    for domain in &args.domain {
        let several = args.domain.len() > 1;
        let name = match several {
            true => format!("{prefix} {domain}"),
            false => prefix.to_owned(),
        };
        let sca = one(args, Template::Sca, &name, Some(domain), None, context)?;
        let dsc = one(
            args,
            Template::Dsc,
            &name,
            Some(domain),
            Some(&sca),
            context,
        )?;
        all.extend([sca, dsc]);
    }
    for template in [Template::Tls, Template::Upload] {
        all.push(one(args, template, prefix, None, None, context)?);
    }
    for made in &all {
        let sca = |other: &&Made| other.template == Template::Sca && other.domain == made.domain;
        let question = Question {
            at: context.now(),
            participant: Some(participant),
            authority: all.iter().find(sca).map(|sca| &sca.certificate),
        };
        let findings = check_certificate(made.template, made.certificate.der(), &question);
        if let Some(fault) = findings.iter().find(|finding| finding.is_fault()) {
            return Err(refused(Path::new(made.template.name()), fault));
        }
    }
    Ok(all)
}

fn one(
    args: &MakeArgs,
    template: Template,
    name: &str,
    domain: Option<&String>,
    authority: Option<&Made>,
    context: &Context,
) -> Result<Made, Fault> {
    let key = private::generate(AlgorithmArg::Es256)?;
    let common_name = format!("{name} {template}");
    let subject = Subject {
        common_name: &common_name,
        country: &args.country,
        organisation: Some(args.organisation.trim()),
    };
    let period = template.period(context.now());
    let authority = authority.map(|made| (&made.certificate, made.key.signer() as &dyn Signer));
    let serial = *random::bytes()?;
    let made = join::make(template, &subject, period, serial, key.signer(), authority);
    Ok(Made {
        template,
        domain: domain.cloned(),
        certificate: made.map_err(|error| refused(Path::new(&common_name), error))?,
        key,
    })
}

fn key_path(out: &Path, template: Template, domain: Option<&String>) -> PathBuf {
    let mut path = out.join("private");
    path.extend(domain);
    path.join(format!("{template}.key"))
}

fn dsc_path(domain: &str) -> PathBuf {
    ["DSC", domain, "DSC.pem"].iter().collect()
}
