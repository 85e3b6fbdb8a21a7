//! `hcert keys show`.

use hcert::{
    keys::{KeyError, PublicKey},
    x509::{Certificate, EventKind},
};

use super::{
    args::ShowArgs,
    certificates::{self, Item},
};
use crate::{context::Context, fault::Fault, files};

/// Shows everything in a file.
pub(crate) fn show(args: &ShowArgs, context: &Context) -> Result<(), Fault> {
    let making = context.words().making();
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
            Item::Key(key) => (
                making.public_key.to_owned(),
                vec![
                    (making.kid, making.no_kid.to_owned()),
                    (making.algorithm, key.algorithm().to_string()),
                    (making.may_sign, making.all_kinds.to_owned()),
                ],
            ),
        };
        text += &format!("{head}\n{}", table(&rows));
    }
    files::print(text.as_bytes())
}

/// A line for each fact.
pub(crate) type Rows = Vec<(&'static str, String)>;

/// What there is to know of a certificate besides its subject.
pub(crate) fn rows(certificate: &Certificate, context: &Context) -> Rows {
    let words = context.words();
    let making = words.making();
    let kid = certificate.kid();
    let hex: String = kid
        .as_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let may_sign = if certificate.is_authority() {
        making.signs_dscs.to_owned()
    } else {
        let limits: Vec<EventKind> = certificate.usage().limits().collect();
        match limits.as_slice() {
            [] => making.all_kinds.to_owned(),
            kinds => words.kinds(kinds),
        }
    };
    vec![
        (making.kid, format!("{kid} ({hex})")),
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
    ]
}

fn algorithm(key: Result<PublicKey, KeyError>) -> String {
    match key {
        Ok(key) => key.algorithm().to_string(),
        // A CSCA may have a key that no health certificate is signed with.
        Err(error) => error.to_string(),
    }
}

/// The rows, indented and aligned.
pub(crate) fn table(rows: &[(&'static str, String)]) -> String {
    let width = rows.iter().map(|(label, _)| label.chars().count()).max();
    let width = width.unwrap_or_default();
    rows.iter()
        .map(|(label, value)| {
            let space = " ".repeat(width - label.chars().count());
            format!("  {label}{space}  {value}\n")
        })
        .collect()
}
