//! `hcert keys renew`: the successor of a DSC, which begins while the old one still holds.

use hcert::{keys::Algorithm, x509::make};

use super::{
    args::{AlgorithmArg, RenewArgs, Role},
    authority::{self, Authority},
    ceremony::{self, places},
    make::{Made, period_from_now},
    passphrase, private,
};
use crate::{context::Context, fault::Fault, files, random};

/// Makes the successor and says how long both hold.
pub(crate) fn run(args: &RenewArgs, context: &Context) -> Result<(), Fault> {
    let (cert, key) = args.place.paths("dsc");
    ceremony::check(
        &places(&[&cert, &key], &args.paper),
        args.place.force,
        &args.record,
    )?;
    let old = authority::one_dsc(&args.dsc)?;
    let period = period_from_now(args.days, context);
    let csca = Authority::open(
        &args.authority,
        &args.passphrase,
        period.not_before,
        context,
    )?;
    csca.check_issued(&old, &args.dsc)?;
    csca.check_period(period)?;
    let algorithm =
        args.algorithm
            .unwrap_or_else(|| match old.public_key().map(|key| key.algorithm()) {
                Ok(Algorithm::EdDsa) => AlgorithmArg::EdDsa,
                Ok(Algorithm::Ps256) => AlgorithmArg::Ps256,
                Ok(Algorithm::Es256) | Err(_) => AlgorithmArg::Es256,
            });
    let passphrase = passphrase::new(context, args.passphrase.passphrase_file.as_ref(), &key)?;
    let private = private::generate(algorithm)?;
    let certificate = make::successor(
        &old,
        period,
        *random::bytes()?,
        &private.signer().spki(),
        (&csca.certificate, csca.key.signer()),
    )?;
    let made = Made {
        command: "keys renew",
        role: Role::Dsc,
        certificate: &certificate,
        cert: &cert,
        key: &key,
        paper: &args.paper,
    };
    made.save(&private, &passphrase, &args.place, &args.record, context)?;
    let words = context.words();
    let (last, kid) = (old.not_after(), old.kid().to_string());
    let remedies = [
        if last >= period.not_before {
            words.both_until(&kid, last)
        } else {
            words.gap_since(&kid, last)
        },
        words.next_issue(&files::shown(&cert), &files::shown(&key)),
    ];
    made.report(words.ceremony().renewed, &remedies, context)
}
