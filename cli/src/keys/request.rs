//! `hcert keys request` and `hcert keys sign-request`: a DSC for a key that stays where it is.

use hcert::{
    pem,
    x509::{EventKind, make, request::Request},
};

use super::{
    args::{RequestArgs, Role, SignRequestArgs},
    authority::{self, Authority},
    ceremony::{self, places},
    certificates,
    fault::KeysFault,
    fingerprint,
    make::{period_from_now, subject},
    paper, passphrase, private, show,
    transcript::Entry,
};
use crate::{context::Context, fault::Fault, files, random};

/// Makes a key and a request for its DSC.
pub(crate) fn request(args: &RequestArgs, context: &Context) -> Result<(), Fault> {
    let subject = subject(&args.subject, &args.country)?;
    let (csr, key) = args.place.paths();
    let force = args.place.force;
    ceremony::check(&places(&[&csr, &key], &args.paper), force, &args.record)?;
    let passphrase = passphrase::new(context, args.passphrase.passphrase_file.as_ref(), &key)?;
    let private = private::generate(args.algorithm)?;
    let request = Request::make(&subject, &authority::kinds(&args.kind), private.signer())?;
    let (sealed, spki) = (
        private::seal(&private, &passphrase)?,
        private.signer().spki(),
    );
    let text = pem::encode(certificates::REQUEST, request.der());
    let mut outputs = vec![
        ceremony::private(&key, sealed.clone(), force),
        ceremony::public(&csr, text.into_bytes(), force),
    ];
    if let Some(path) = &args.paper {
        let sheet = paper::Sheet {
            role: Role::Dsc,
            name: &request.subject(),
            spki: &spki,
            sealed: &sealed,
            made: context.now(),
        };
        outputs.push(ceremony::private(path, sheet.page(context)?, force));
    }
    let entry = Entry::new("keys request")
        .role(Role::Dsc)
        .with("name", request.subject())
        .with("country", args.country.as_str())
        .with("request_sha256", fingerprint::hex(request.der()))
        .key(&spki);
    ceremony::write(outputs, entry, &args.record, context)?;

    let words = context.words();
    let (making, ceremony) = (words.making(), words.ceremony());
    let mut rows = show::request_rows(&request, context);
    rows.push((ceremony.request, files::shown(&csr)));
    rows.push((making.private_key, show::sealed(&key, context)));
    rows.extend(show::paper(&args.paper, context));
    let head = format!("{}: {}", ceremony.request_made, request.subject());
    show::report(&head, &rows, &[words.next_sign(&files::shown(&csr))])
}

/// Signs a request with the CSCA.
pub(crate) fn sign(args: &SignRequestArgs, context: &Context) -> Result<(), Fault> {
    ceremony::check(&[&args.cert], args.force, &args.record)?;
    let path = || files::shown(&args.request);
    let request = certificates::read_request(&args.request)?;
    let proven = request.prove().map_err(|error| KeysFault::Request {
        path: path(),
        error,
    })?;
    let period = period_from_now(args.days, context);
    let csca = Authority::open(
        &args.authority,
        &args.passphrase,
        period.not_before,
        context,
    )?;
    csca.check_period(period)?;
    let wanted = csca.country(&args.authority)?;
    if request.country().as_deref() != Some(&wanted) {
        return Err(KeysFault::RequestCountry {
            path: path(),
            found: request.country(),
            wanted,
        }
        .into());
    }
    if proven.public_key().spki() == csca.key.signer().spki() {
        return Err(KeysFault::RequestOwnKey { path: path() }.into());
    }
    let kinds: Vec<EventKind> = if args.kind.is_empty() {
        request.usage().limits().collect()
    } else {
        authority::kinds(&args.kind)
    };
    let certificate = make::dsc_of_request(
        &proven,
        period,
        *random::bytes()?,
        &kinds,
        (&csca.certificate, csca.key.signer()),
    )?;
    let text = pem::encode("CERTIFICATE", certificate.der()).into_bytes();
    let entry = Entry::new("keys sign-request")
        .role(Role::Dsc)
        .with("request_sha256", fingerprint::hex(request.der()))
        .certificate(&certificate);
    let output = ceremony::public(&args.cert, text, args.force);
    ceremony::write(vec![output], entry, &args.record, context)?;

    let words = context.words();
    let mut rows = show::rows(&certificate, context);
    rows.push(show::key_row(proven.public_key().spki(), context));
    rows.push((words.making().certificate, files::shown(&args.cert)));
    let head = format!("{}: {}", words.making().dsc_made, certificate.subject());
    show::report(&head, &rows, &[words.ceremony().send_back.to_owned()])
}
