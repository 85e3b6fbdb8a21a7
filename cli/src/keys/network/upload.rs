//! `hcert keys network upload`: a DSC in a message that the upload key signs.

use trust_exchange::join::{self, DOMAINS, FolderError, Question, Template, check_certificate};

use super::refused;
use crate::{
    context::Context,
    fault::Fault,
    files,
    keys::{
        args::UploadArgs,
        authority::{self, one_dsc},
        ceremony, certificates, passphrase,
        private::SealedKey,
        show,
        transcript::Entry,
    },
};

pub(super) fn run(args: &UploadArgs, context: &Context) -> Result<(), Fault> {
    let words = context.words();
    let texts = words.network();
    let mut places = vec![args.out.as_path()];
    places.extend(args.request.as_deref());
    ceremony::check(&places, args.force, &args.record)?;
    if !DOMAINS.contains(&args.domain.as_str()) {
        return Err(refused(&args.out, FolderError::Domain(args.domain.clone())));
    }
    let dsc = one_dsc(&args.dsc)?;
    let now = context.now();
    let question = Question {
        at: now,
        participant: None,
        authority: None,
    };
    let findings = check_certificate(Template::Dsc, dsc.der(), &question);
    if let Some(fault) = findings.iter().find(|finding| finding.is_fault()) {
        return Err(refused(&args.dsc, fault));
    }
    let sealed = SealedKey::read(&args.up_key)?;
    let signers = certificates::read_certificates(&args.up_cert)?;
    let file = args.passphrase.passphrase_file.as_ref();
    let secret = passphrase::existing(context, file, &args.up_key)?;
    let key = sealed.open(&secret)?;
    let Some(signer) = authority::of_key(&signers, &key) else {
        return Err(Fault::KeyAndCertificate {
            key: files::shown(&args.up_key),
            certificate: files::shown(&args.up_cert),
        });
    };
    if !signer.is_valid_at(now) {
        return Err(refused(&args.up_cert, texts.up_ended));
    }
    let upload = join::upload(&dsc, (signer, key.signer()), now);
    let upload = upload.map_err(|error| refused(&args.up_cert, error))?;
    // As the gateway reads it.
    let read = join::read_upload(&upload, signer);
    let read = read.map_err(|error| refused(&args.out, error))?;
    if read.der() != dsc.der() {
        return Err(refused(&args.out, texts.other_content));
    }
    let mut outputs = vec![ceremony::public(
        &args.out,
        format!("{upload}\n").into_bytes(),
        args.force,
    )];
    if let Some(path) = &args.request {
        let body = format!("{}\n", join::request(&args.domain, &upload));
        outputs.push(ceremony::public(path, body.into_bytes(), args.force));
    }
    let entry = Entry::new("keys network upload").certificate(&dsc);
    ceremony::write(outputs, entry, &args.record, context)?;
    let mut rows = show::rows(&dsc, context);
    rows.push((texts.signed_by, signer.subject().to_owned()));
    rows.push((texts.upload, files::shown(&args.out)));
    let body = args.request.as_deref().map(files::shown);
    let head = format!("{}: {}", texts.upload_made, dsc.subject());
    show::report(&head, &rows, &[(texts.upload_next)(body.as_deref())])
}
