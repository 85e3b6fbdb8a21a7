//! English.

use hcert::x509::{crl::Reason, request::RequestError};

use super::{Ceremony, listed};
use crate::keys::{
    args::Role,
    fault::{ChainProblem, KeysFault, LineProblem},
};

pub(super) const CEREMONY: Ceremony = Ceremony {
    root_made: "root key made",
    online_made: "online key made",
    request_made: "request made",
    renewed: "successor made",
    revoked: "DSC revoked",
    list_made: "revocation list made",
    paper_made: "paper backup made",
    restored: "key restored",

    role: "role",
    holder: "holder",
    key_hash: "key SHA-256",
    certificate_hash: "SHA-256",
    sealed_hash: "SHA-256 of the encrypted key",
    public_file: "public key",
    paper: "paper backup",
    request: "request",
    asks_for: "asks for",
    own_signature: "signature",
    proven: "by its own key, as it has to be",
    list: "revocation list",
    number: "number",
    made_on: "made on",
    next_list: "next list",
    entries: "entries",
    serial: "serial",
    revoked_from: "revoked from",
    reason: "reason",
    ends: "ends",
    file: "file",

    keep_online: "keep the private key where manifests are signed, and nowhere else",
    print_paper: "print it, try to restore from the print, and keep it apart from the passphrase",
    try_restored: "see that the passphrase opens it: hcert keys paper asks for it",
    send_back: "send the certificate back, and publish it in the trust list before it signs",
    first_list: "this is a new list; if there was one before, put it here and run the command again",
    renew_dsc: "make its successor: hcert keys renew",
    renew_csca: "make a new CSCA in time for its DSCs: hcert keys csca",
    renew_list: "make it anew: hcert keys crl",

    paper_title: "Paper backup",
    paper_warning: "This is an encrypted key. It is worth nothing without its passphrase, which must not be kept with this page.",
    paper_text: "The same key as text: line number, eight groups, checksum of the line",
    paper_how: "How to restore it",
    paper_steps: [
        "Scan or photograph the page, flat and sharp: hcert keys restore PHOTO --key FILE. PDF, PNG and JPEG are read.",
        "Or read the code with any QR reader, and save the text as it is: it is a PEM file that openssl pkey opens.",
        "Or type the lines into a text file, numbers and checksums too: hcert keys restore TEXT --key FILE. Letters in either case; there is no I, L, O or U. A wrong line is told by its number.",
        "The passphrase opens the restored file as before. Compare the SHA-256 above.",
    ],
    paper_signs: ["Date and signature of the holder", "Kept at"],

    facts: [
        ("role", "role"),
        ("holder", "holder"),
        ("name", "name"),
        ("country", "country"),
        ("algorithm", "algorithm"),
        ("kid", "kid"),
        ("key_sha256", "key SHA-256"),
        ("certificate_sha256", "certificate SHA-256"),
        ("request_sha256", "request SHA-256"),
        ("sealed_sha256", "encrypted key SHA-256"),
        ("valid_from", "valid from"),
        ("valid_until", "valid until"),
        ("revoked_from", "revoked from"),
        ("reason", "reason"),
        ("crl_number", "list number"),
        ("crl_entries", "list entries"),
        ("files", "files"),
        ("witnesses", "witnesses"),
        ("program", "program"),
    ],
    last_hash: "SHA-256 of the last entry, which stands for all of them. To be signed by hand:",
};

pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::Root => "root key of the trust list",
        Role::Online => "online key of the trust list",
        Role::Csca => "key of a CSCA",
        Role::Dsc => "key of a DSC",
    }
}

pub(super) fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Unspecified => "not said",
        Reason::KeyCompromise => "key in other hands",
        Reason::CaCompromise => "CSCA's key in other hands",
        Reason::AffiliationChanged => "organisation changed",
        Reason::Superseded => "superseded",
        Reason::CessationOfOperation => "no longer needed",
        Reason::CertificateHold => "suspended",
        Reason::PrivilegeWithdrawn => "no longer allowed to sign",
    }
}

/// What happened, and what to do (or nothing).
pub(in crate::words) fn fault(fault: &KeysFault) -> (String, String) {
    let named = |given: &str| crate::words::fault::path(given, "standard input").to_owned();
    let (answer, remedy) = match fault {
        KeysFault::SameOutput { path } => (
            format!("{path} is named for two outputs"),
            "give each a name of its own",
        ),
        KeysFault::NoRequest { path: file } => (
            format!("{} does not hold one request", named(file)),
            "give one that was made with: hcert keys request",
        ),
        KeysFault::Request { path: file, error } => {
            (format!("{}: {error}", named(file)), request(error))
        }
        KeysFault::RequestCountry {
            path: file,
            found,
            wanted,
        } => (
            format!(
                "{} asks for a certificate of {}, and the CSCA is of {wanted}",
                named(file),
                found.as_deref().unwrap_or("no country")
            ),
            "ask its sender for a request with the right --country",
        ),
        KeysFault::RequestOwnKey { path: file } => (
            format!("{} is for the key of the CSCA itself", named(file)),
            "a DSC has a key of its own: hcert keys request",
        ),
        KeysFault::NotOneDsc { path: file } => (
            format!("{} does not hold one DSC and nothing else", named(file)),
            "give the file of one DSC",
        ),
        KeysFault::NotIssued { path: file, error } => (
            format!("{}: {error}", named(file)),
            "give the CSCA that issued it",
        ),
        KeysFault::Crl { path: file, error } => (
            format!("{}: {error}", named(file)),
            "give the list of this CSCA, or another name for a new one with --crl",
        ),
        KeysFault::NoCrl { path: file } => (
            format!("{} does not hold one revocation list", named(file)),
            "give another name with --crl",
        ),
        KeysFault::AlreadyRevoked { path, from } => (
            format!("the DSC is on the list {path} already, revoked from {from}"),
            "a revocation can be moved to an earlier day only: --from, or --compromised",
        ),
        KeysFault::Since {
            from,
            earliest,
            latest,
        } => (
            format!("the DSC can't be revoked from {from}, only from {earliest} to {latest}"),
            "for all that it ever signed: --compromised",
        ),
        KeysFault::Transcript {
            path: file,
            line,
            problem,
        } => (
            format!(
                "the transcript {} is not in order: {}",
                named(file),
                chain(*line, *problem)
            ),
            "it was changed; go back to a copy, or begin another and keep this one as it is",
        ),
        KeysFault::EmptyTranscript { path: file } => (
            format!("the transcript {} has no entry", named(file)),
            "it is written by commands with --transcript",
        ),
        KeysFault::Picture { path: file, error } => (
            format!("{}: {error}", named(file)),
            "give a picture, a PDF, or a text with the typed lines",
        ),
        KeysFault::NoKey { path: file } => (
            format!("no key could be read in {}", named(file)),
            "scan the page again, flat, sharp and whole, or type its lines",
        ),
        KeysFault::Lines { problems } => (
            format!(
                "the typed lines are not right; nothing was written{}",
                listed(problems.iter().map(line), |more| format!("and {more} more"))
            ),
            "compare these lines with the paper, letter by letter",
        ),
        KeysFault::SeveralKeys => (
            "the inputs hold several keys; nothing was written".into(),
            "give the pictures or lines of one page",
        ),
        KeysFault::Network { path: file, why } => (
            format!("{}: {why}", named(file)),
            "see what the network asks for: hcert keys network check",
        ),
        KeysFault::NetworkRole { path: file } => (
            format!("{} does not say what it is for", named(file)),
            "say it with --role sca, dsc, tls or up",
        ),
        KeysFault::NetworkNothing { path } => (
            format!("{path} has no folder SCA, DSC, TLS or UP with certificates"),
            "give a participant's folder, or one certificate with --role",
        ),
        KeysFault::NetworkCountry { code } => (
            format!("no country has the code {code}"),
            "give the ISO 3166-1 code of two letters, as in VN",
        ),
    };
    (answer, remedy.to_owned())
}

fn request(error: &RequestError) -> &'static str {
    match error {
        RequestError::RsaBits { .. } | RequestError::RsaExponent | RequestError::Key(_) => {
            "ask for a request with a key of P-256, Ed25519, or RSA with 2048 to 4096 bits"
        }
        RequestError::Possession => {
            "ask its sender for another; it may have been changed on its way"
        }
        RequestError::NoName => "ask for a request with a common name",
        _ => "ask for a request (PKCS #10) as hcert keys request and openssl req make it",
    }
}

fn chain(line: usize, problem: ChainProblem) -> String {
    match problem {
        ChainProblem::Unreadable => format!("line {line} is no entry"),
        ChainProblem::Number => format!("line {line} does not have the next number"),
        ChainProblem::Previous => format!("line {line} does not continue the line before it"),
        ChainProblem::CutOff => format!("it ends in the middle of line {line}"),
    }
}

fn line(problem: &LineProblem) -> String {
    match problem {
        LineProblem::NoNumber { place } => {
            format!("the text's line {place} does not begin with a line number")
        }
        LineProblem::Character { line, found } => {
            format!("line {line} has {found:?}, which is in no line")
        }
        LineProblem::Length { line } => format!("line {line} has too few or too many letters"),
        LineProblem::Checksum { line } => format!("line {line}: its checksum does not fit"),
        LineProblem::Twice { line } => format!("line {line} is there twice, differently"),
        LineProblem::Missing { line } => format!("line {line} is missing"),
        LineProblem::TooMany { last } => format!("the last line is {last}, and there are more"),
        LineProblem::Together => "each line is right, but they are not of one page".into(),
    }
}
