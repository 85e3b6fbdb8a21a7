//! English.

use std::io::ErrorKind;

use super::io_error;
use crate::fault::Fault;

/// What happened, and what to do (or nothing).
pub(super) fn fault(fault: &Fault) -> (String, String) {
    let path = |given: &str| super::path(given, "standard input").to_owned();
    let (answer, remedy) = match fault {
        Fault::Read { path: file, error } => (
            format!("{} can't be read: {}", path(file), io_error(error, known)),
            match error.kind() {
                ErrorKind::NotFound => "check the name, and the folder you are in",
                _ => "",
            }
            .into(),
        ),
        Fault::TooLarge { path: file, limit } => (
            format!("{} is larger than {limit} bytes", path(file)),
            "check that it is the right file".into(),
        ),
        Fault::Write { path: file, error } => (
            format!("{file} can't be written: {}", io_error(error, known)),
            String::new(),
        ),
        Fault::Exists { path } => (
            format!("{path} is there already and was left as it is"),
            "choose another name, or replace it with --force".into(),
        ),
        Fault::StandardOutputTwice => (
            "two outputs were sent to standard output".into(),
            "give a file name to all but one".into(),
        ),
        Fault::Random(why) => (
            format!("the operating system gave no random numbers: {why}"),
            String::new(),
        ),
        Fault::NoTerminal => (
            "a passphrase is needed, and there is no terminal to ask for it".into(),
            "give the file that holds it with --passphrase-file".into(),
        ),
        Fault::EmptyPassphrase => (
            "the passphrase is empty".into(),
            "use several words that nobody would put together".into(),
        ),
        Fault::PassphrasesDiffer => (
            "the two passphrases are not the same; nothing was written".into(),
            "run the command again".into(),
        ),
        Fault::NotEncrypted { path } => (
            format!("the private key in {path} is not encrypted, so it is not used"),
            format!(
                "encrypt it, then remove the open one: openssl pkcs8 -topk8 -scrypt -in {path} -out {path}.encrypted"
            ),
        ),
        Fault::OtherEncryption { path } => (
            format!("the private key in {path} is encrypted in a way that is not safe or not known"),
            format!(
                "encrypt it anew: openssl pkcs8 -topk8 -scrypt -in {path} -out {path}.encrypted"
            ),
        ),
        Fault::NotAPrivateKey { path: file } => (
            format!("{} holds no private key", path(file)),
            "it has to be a PEM file with the line BEGIN ENCRYPTED PRIVATE KEY".into(),
        ),
        Fault::WrongPassphrase { path } => (
            format!("the passphrase does not open {path}"),
            "try again".into(),
        ),
        Fault::KeyKind { path } => (
            format!("the private key in {path} is of a kind that signs no health certificates"),
            "it has to be ECDSA on P-256, Ed25519, or RSA of 2048 to 8192 bits".into(),
        ),
        Fault::Seal(why) => (format!("the key could not be encrypted: {why}"), String::new()),
        Fault::NoCertificate { path: file } => (
            format!("{} holds no certificate", path(file)),
            "give an X.509 certificate, PEM or DER".into(),
        ),
        Fault::BadCertificate { path: file, why } => {
            (format!("{}: {why}", path(file)), String::new())
        }
        Fault::PrivateKeyShown { path: file } => (
            format!("{} holds a private key, which is never shown", path(file)),
            "give its certificate".into(),
        ),
        Fault::KeyAndCertificate { key, certificate } => (
            format!("the private key in {key} is not the one of the certificate in {certificate}"),
            "give the two files that were made together".into(),
        ),
        Fault::NotAuthority { path: file, subject } => (
            format!("{subject} in {} is no CSCA and may not sign DSCs", path(file)),
            "make one with: hcert keys csca".into(),
        ),
        Fault::CscaPeriod { from, until } => (
            format!("the CSCA is not valid now, only from {from} to {until}"),
            "check this computer's clock, or make a new CSCA".into(),
        ),
        Fault::BeyondCsca { until, days } => (
            format!("the DSC would outlive its CSCA, which ends at {until}"),
            format!("at most: --days {days}"),
        ),
        Fault::NoCountry { path: file } => (
            format!("the certificate in {} names no country", path(file)),
            "say it: --country VN for a DSC, --issuer VN to issue".into(),
        ),
        Fault::Name => (
            "the name is empty or holds a control character".into(),
            "give one such as --name \"DSC Vietnam 1\"".into(),
        ),
        Fault::Make(error) => (format!("the certificate could not be made: {error}"), String::new()),
        Fault::NoPayload => (
            "there is no payload, and no terminal to ask for one".into(),
            "give --payload FILE, or - for standard input; an example: hcert issue --example vaccination".into(),
        ),
        Fault::Json { path: file, error } => (
            format!("{} is not JSON: {error}", path(file)),
            "give one payload, a list of payloads, or one payload on each line".into(),
        ),
        Fault::NoEntries { path: file } => (
            format!("{} holds no payload", path(file)),
            "an example: hcert issue --example vaccination".into(),
        ),
        Fault::Entries { total, bad } => (entries(*total, bad.len()), String::new()),
        Fault::DscPeriod { at, from, until } => (
            format!("the DSC is not valid at the time of issue, {at}, only from {from} to {until}"),
            "use a DSC that is valid, or check this computer's clock".into(),
        ),
        Fault::BeyondDsc { expires, latest, days } => (
            format!("the certificate would end at {expires}, after the DSC's own end"),
            format!("the latest possible: --expires {latest}, or --days {days}"),
        ),
        Fault::NeverValid { issued, expires } => (
            format!("the certificate would end at {expires}, before its issue at {issued}"),
            "give a later --expires".into(),
        ),
        Fault::Profile { profile, algorithm, wanted } => (
            format!("the profile {profile} is signed with {wanted}, and this key signs with {algorithm}"),
            "use another key or another --profile".into(),
        ),
        Fault::OnePicture { total } => (
            format!("a picture holds one certificate, and there are {total} payloads"),
            "leave out --png and --svg, and make the pictures from the texts with: hcert qr".into(),
        ),
        Fault::Encode(error) => (error.to_string(), String::new()),
        Fault::NotVerified { entry, .. } => (
            match entry {
                Some(entry) => format!("the certificate of entry {entry} does not pass verification; nothing was written"),
                None => "the finished certificate does not pass verification; nothing was written".into(),
            },
            String::new(),
        ),
        Fault::Cancelled => ("nothing was issued".into(), String::new()),
        Fault::Keys(fault) => return crate::words::ceremony::en::fault(fault),
        Fault::Symbol(error) => (error.to_string(), String::new()),
        Fault::Render(error) => (error.to_string(), String::new()),
        Fault::NotText { path: file } => (
            format!("{} is not text in UTF-8", path(file)),
            String::new(),
        ),
    };
    (answer, remedy)
}

fn entries(total: usize, bad: usize) -> String {
    match (total, bad) {
        (1, _) => "the payload can't be issued; nothing was written".into(),
        (_, 1) => format!("1 of {total} payloads can't be issued; nothing was written"),
        _ => format!("{bad} of {total} payloads can't be issued; nothing was written"),
    }
}

pub(super) fn kind(kind: &str, allowed: &str) -> String {
    format!("the DSC may not sign a {kind} certificate — it may sign: {allowed}")
}

fn known(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "there is no such file",
        ErrorKind::PermissionDenied => "permission denied",
        ErrorKind::IsADirectory => "it is a folder",
        _ => return None,
    })
}
