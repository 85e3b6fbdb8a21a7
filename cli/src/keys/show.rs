//! `hcert keys show`, and how all commands show what they made.

use std::path::{Path, PathBuf};

use hcert::{
    keys::{Algorithm, KeyError, PublicKey},
    x509::{
        Certificate, EventKind, KeyUsage,
        crl::{RevocationList, Revoked},
        request::Request,
    },
};

use super::{
    args::ShowArgs,
    certificates::{self, Item},
    fingerprint,
};
use crate::{context::Context, fault::Fault, files, verify::shown};

/// Shows everything in a file.
pub(crate) fn show(args: &ShowArgs, context: &Context) -> Result<(), Fault> {
    let words = context.words();
    let (making, ceremony) = (words.making(), words.ceremony());
    let mut text = String::new();
    for item in certificates::read(&args.file)? {
        let (head, rows) = match &item {
            Item::Certificate(certificate) => {
                let role = if certificate.is_authority() {
                    making.authority
                } else {
                    making.certificate
                };
                let mut rows = rows(certificate, context);
                rows.insert(1, (making.issuer, certificate.issuer()));
                (format!("{role}: {}", certificate.subject()), rows)
            }
            Item::Request(request) => (
                format!("{}: {}", ceremony.request, shown(&request.subject())),
                request_rows(request, context),
            ),
            Item::List(list) => {
                let mut rows = list_rows(list, context);
                rows.extend(
                    list.entries()
                        .iter()
                        .map(|entry| revoked_row(entry, context)),
                );
                (
                    format!("{}: {}", ceremony.list, shown(&list.issuer())),
                    rows,
                )
            }
            Item::Key(key) => (
                making.public_key.to_owned(),
                vec![
                    (making.kid, making.no_kid.to_owned()),
                    algorithm_row(key.algorithm(), context),
                    key_row(key.spki(), context),
                    (making.may_sign, making.all_kinds.to_owned()),
                ],
            ),
        };
        text += &format!("{head}\n{}", table(&rows));
    }
    files::print(text.as_bytes())
}

/// A line for each fact.
pub(crate) type Rows = Vec<Row>;

/// A label and a fact.
pub(crate) type Row = (&'static str, String);

/// What there is to know of a certificate besides its subject.
pub(crate) fn rows(certificate: &Certificate, context: &Context) -> Rows {
    let words = context.words();
    let making = words.making();
    let may_sign = if certificate.is_authority() {
        making.signs_dscs.to_owned()
    } else {
        kinds(certificate.usage(), context)
    };
    vec![
        (making.kid, kid(certificate)),
        (
            making.country,
            certificate.country().unwrap_or_else(|| "-".into()),
        ),
        (
            making.valid,
            words.period(certificate.not_before(), certificate.not_after()),
        ),
        (making.algorithm, algorithm(certificate.public_key())),
        (making.may_sign, may_sign),
        certificate_row(certificate, context),
    ]
}

/// What a request asks for, and whether it would get it.
pub(crate) fn request_rows(request: &Request, context: &Context) -> Rows {
    let words = context.words();
    let (making, ceremony) = (words.making(), words.ceremony());
    let spki = request.spki();
    let key = spki.clone().and_then(|spki| PublicKey::from_spki(&spki));
    let proof = match request.prove() {
        Ok(_) => ceremony.proven.to_owned(),
        Err(error) => words.request_error(&error),
    };
    vec![
        (
            making.country,
            request.country().unwrap_or_else(|| "-".into()),
        ),
        (making.algorithm, algorithm(key)),
        (ceremony.asks_for, kinds(request.usage(), context)),
        (ceremony.own_signature, proof),
        key_row(&spki.unwrap_or_default(), context),
    ]
}

/// A revocation list, without its entries.
pub(crate) fn list_rows(list: &RevocationList, context: &Context) -> Rows {
    let words = context.words();
    let ceremony = words.ceremony();
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".into());
    vec![
        (
            ceremony.number,
            or_none(list.number().map(|number| number.to_string())),
        ),
        (ceremony.made_on, words.instant(list.this_update())),
        (
            ceremony.next_list,
            or_none(list.next_update().map(|instant| words.instant(instant))),
        ),
        (ceremony.entries, list.entries().len().to_string()),
    ]
}

fn revoked_row(entry: &Revoked, context: &Context) -> Row {
    let words = context.words();
    let serial: String = entry
        .serial
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let from = entry.invalid_from.unwrap_or(entry.revoked_at);
    let text = format!(
        "{serial}, {}, {}",
        words.from(from),
        words.reason(entry.reason)
    );
    (words.ceremony().serial, text)
}

/// The kid in both of its forms.
pub(crate) fn kid(certificate: &Certificate) -> String {
    let kid = certificate.kid();
    let hex: String = kid
        .as_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{kid} ({hex})")
}

/// A certificate's fingerprint.
pub(crate) fn certificate_row(certificate: &Certificate, context: &Context) -> Row {
    let label = context.words().ceremony().certificate_hash;
    (label, fingerprint::grouped(certificate.der()))
}

/// The fingerprint of a public key (DER SubjectPublicKeyInfo).
pub(crate) fn key_row(spki: &[u8], context: &Context) -> Row {
    (
        context.words().ceremony().key_hash,
        fingerprint::grouped(spki),
    )
}

/// An algorithm.
pub(crate) fn algorithm_row(algorithm: Algorithm, context: &Context) -> Row {
    (context.words().making().algorithm, algorithm.to_string())
}

/// A private key's file.
pub(crate) fn sealed(path: &Path, context: &Context) -> String {
    format!(
        "{} ({})",
        files::shown(path),
        context.words().making().sealed
    )
}

/// A paper backup's file, if there is one.
pub(crate) fn paper(path: &Option<PathBuf>, context: &Context) -> Option<Row> {
    let path = path.as_deref()?;
    Some((context.words().ceremony().paper, files::shown(path)))
}

fn kinds(usage: KeyUsage, context: &Context) -> String {
    let limits: Vec<EventKind> = usage.limits().collect();
    match limits.as_slice() {
        [] => context.words().making().all_kinds.to_owned(),
        kinds => context.words().kinds(kinds),
    }
}

fn algorithm(key: Result<PublicKey, KeyError>) -> String {
    match key {
        Ok(key) => key.algorithm().to_string(),
        // A CSCA may have a key that no health certificate is signed with.
        Err(error) => error.to_string(),
    }
}

/// Prints the answer, the facts, and what to do next.
pub(crate) fn report(head: &str, rows: &[Row], remedies: &[String]) -> Result<(), Fault> {
    let mut text = format!("{head}\n{}", table(rows));
    for remedy in remedies {
        text += &format!("  — {remedy}\n");
    }
    files::print(text.as_bytes())
}

/// The rows, indented and aligned.
pub(crate) fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|(label, _)| label.chars().count()).max();
    let width = width.unwrap_or_default();
    rows.iter()
        .map(|(label, value)| {
            let space = " ".repeat(width - label.chars().count());
            format!("  {label}{space}  {value}\n")
        })
        .collect()
}
