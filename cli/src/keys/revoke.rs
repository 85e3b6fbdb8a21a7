//! `hcert keys revoke` and `hcert keys crl`: the CSCA's revocation list (RFC 5280 section 5).

use std::path::{Path, PathBuf};

use hcert::{
    keys::Signer,
    pem,
    time::Timestamp,
    x509::{
        Certificate,
        crl::{Reason, RevocationList, Revoked},
        make::Period,
    },
};

use super::{
    args::{AuthorityArgs, CrlArgs, ListArgs, RevokeArgs, Role, Since},
    authority::{self, Authority},
    ceremony, certificates,
    fault::KeysFault,
    make::plus_days,
    show,
    transcript::Entry,
};
use crate::{context::Context, fault::Fault, files};

/// Puts a DSC on the list.
pub(crate) fn run(args: &RevokeArgs, context: &Context) -> Result<(), Fault> {
    let now = context.now();
    let path = args.list.path(&args.authority);
    ceremony::check(&[&path], true, &args.record)?;
    let dsc = authority::one_dsc(&args.dsc)?;
    let (from, reason) = match args.from {
        // Nobody knows since when: since its beginning.
        None => (dsc.not_before(), Reason::KeyCompromise),
        Some(Since::Now) => (now, args.reason.into()),
        Some(Since::At(from)) => (from, args.reason.into()),
    };
    let latest = now.min(dsc.not_after());
    if !(dsc.not_before()..=latest).contains(&from) {
        let earliest = dsc.not_before();
        return Err(KeysFault::Since {
            from,
            earliest,
            latest,
        }
        .into());
    }
    let csca = Authority::open(&args.authority, &args.passphrase, now, context)?;
    csca.check_issued(&dsc, &args.dsc)?;
    let before = existing(&path, &csca.certificate)?;
    let known = before.as_ref().and_then(|list| list.find(&dsc));
    let mut revoked_at = now;
    if let Some(known) = known {
        // A revocation is never taken back: it may reach further back, or get the worse reason.
        let since = known.invalid_from.unwrap_or(known.revoked_at);
        let compromised = Reason::KeyCompromise;
        let worse = reason == compromised && known.reason != compromised;
        if since < from || (since == from && !worse) {
            let path = files::shown(&path);
            return Err(KeysFault::AlreadyRevoked { path, from: since }.into());
        }
        revoked_at = known.revoked_at;
    }
    let entry = Revoked {
        serial: dsc.serial().to_vec(),
        revoked_at,
        reason,
        invalid_from: Some(from),
    };
    let list = make(before.as_ref(), &[entry], now, args.list.next_days, &csca)?;
    let entry = Entry::new("keys revoke")
        .role(Role::Dsc)
        .certificate(&dsc)
        .revoked(from, reason)
        .list(&list);
    let text = pem::encode(certificates::CRL, list.der()).into_bytes();
    let output = ceremony::public(&path, text, true);
    ceremony::write(vec![output], entry, &args.record, context)?;

    let words = context.words();
    let (making, ceremony) = (words.making(), words.ceremony());
    let mut rows = vec![
        (making.kid, show::kid(&dsc)),
        show::certificate_row(&dsc, context),
        (ceremony.revoked_from, words.instant(from)),
        (ceremony.reason, words.reason(reason).to_owned()),
    ];
    rows.extend(show::list_rows(&list, context));
    rows.push((ceremony.list, files::shown(&path)));
    let mut remedies = vec![words.trust_needs(&dsc.kid().to_string(), from)];
    if before.is_none() {
        remedies.push(ceremony.first_list.to_owned());
    }
    let head = format!("{}: {}", ceremony.revoked, dsc.subject());
    show::report(&head, &rows, &remedies)
}

/// Makes the list anew.
pub(crate) fn renew_list(args: &CrlArgs, context: &Context) -> Result<(), Fault> {
    let now = context.now();
    let path = args.list.path(&args.authority);
    ceremony::check(&[&path], true, &args.record)?;
    let csca = Authority::open(&args.authority, &args.passphrase, now, context)?;
    let before = existing(&path, &csca.certificate)?;
    let list = make(before.as_ref(), &[], now, args.list.next_days, &csca)?;
    let entry = Entry::new("keys crl").role(Role::Csca).list(&list);
    let text = pem::encode(certificates::CRL, list.der()).into_bytes();
    let output = ceremony::public(&path, text, true);
    ceremony::write(vec![output], entry, &args.record, context)?;

    let words = context.words().ceremony();
    let mut rows = show::list_rows(&list, context);
    rows.push((words.list, files::shown(&path)));
    let remedies = match before {
        Some(_) => Vec::new(),
        None => vec![words.first_list.to_owned()],
    };
    let head = format!("{}: {}", words.list_made, list.issuer());
    show::report(&head, &rows, &remedies)
}

impl ListArgs {
    /// Where the list is: by default beside the CSCA's certificate.
    fn path(&self, authority: &AuthorityArgs) -> PathBuf {
        match &self.crl {
            Some(path) => path.clone(),
            None => authority.csca_cert.with_file_name("csca.crl.pem"),
        }
    }
}

/// The list that is there, if there is one; it has to be the CSCA's own.
fn existing(path: &Path, csca: &Certificate) -> Result<Option<RevocationList>, Fault> {
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let list = certificates::read_list(path)?;
    list.check_signed_by(csca).map_err(|error| {
        let path = files::shown(path);
        KeysFault::Crl { path, error }
    })?;
    Ok(Some(list))
}

fn make(
    before: Option<&RevocationList>,
    entries: &[Revoked],
    now: Timestamp,
    next_days: u32,
    csca: &Authority,
) -> Result<RevocationList, Fault> {
    let period = Period {
        not_before: now,
        not_after: plus_days(now, next_days),
    };
    let authority: (_, &dyn Signer) = (&csca.certificate, csca.key.signer());
    Ok(RevocationList::make(before, entries, period, authority)?)
}
