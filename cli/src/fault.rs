//! Why keys, certificates or codes could not be made: facts only, the words are in
//! [`crate::words`].

use std::io;

use hcert::{
    cose::EncodeError, dcc::FieldError, keys::Algorithm, time::Timestamp, x509::EventKind,
    x509::make::MakeError,
};
use verifier::Failure;

use crate::keys::fault::KeysFault;

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Fault {
    /// A file can't be read.
    Read { path: String, error: io::Error },
    /// A file is larger than anything that belongs there.
    TooLarge { path: String, limit: u64 },
    /// A file can't be written.
    Write { path: String, error: io::Error },
    /// A file is there already.
    Exists { path: String },
    /// Two outputs name standard output.
    StandardOutputTwice,
    /// The operating system gave no random numbers.
    Random(String),

    /// There is no terminal to ask for a passphrase.
    NoTerminal,
    /// The passphrase is empty.
    EmptyPassphrase,
    /// The passphrase was not repeated.
    PassphrasesDiffer,

    /// A private key that is not encrypted.
    NotEncrypted { path: String },
    /// Encrypted in a way that is no longer safe, or not known here.
    OtherEncryption { path: String },
    /// No private key at all.
    NotAPrivateKey { path: String },
    /// The passphrase does not open the key.
    WrongPassphrase { path: String },
    /// A private key that no health certificate is signed with.
    KeyKind { path: String },
    /// The new key could not be encrypted.
    Seal(String),

    /// No certificate in a file.
    NoCertificate { path: String },
    /// A certificate that can't be read.
    BadCertificate { path: String, why: String },
    /// A private key where a certificate or public key belongs.
    PrivateKeyShown { path: String },
    /// The key is not the one in the certificate.
    KeyAndCertificate { key: String, certificate: String },
    /// The certificate may not sign others.
    NotAuthority { path: String, subject: String },
    /// The CSCA is not valid now.
    CscaPeriod { from: Timestamp, until: Timestamp },
    /// The DSC would outlive its CSCA.
    BeyondCsca { until: Timestamp, days: i64 },
    /// The certificate names no country.
    NoCountry { path: String },
    /// A name that is empty or holds a control character.
    Name,
    /// The certificate could not be made.
    Make(MakeError),

    /// No payload, and nobody to ask for one.
    NoPayload,
    /// The payloads are not JSON.
    Json { path: String, error: String },
    /// There is no payload in the input.
    NoEntries { path: String },
    /// Payloads that may not be issued.
    Entries {
        /// How many payloads there are.
        total: usize,
        /// Those that are wrong.
        bad: Vec<BadEntry>,
    },
    /// The DSC is not valid when the certificate would be issued.
    DscPeriod {
        at: Timestamp,
        from: Timestamp,
        until: Timestamp,
    },
    /// The certificate would outlive the DSC.
    BeyondDsc {
        expires: Timestamp,
        latest: Timestamp,
        days: i64,
    },
    /// The certificate would end before it begins.
    NeverValid {
        issued: Timestamp,
        expires: Timestamp,
    },
    /// The profile asks for another algorithm than the key's.
    Profile {
        profile: &'static str,
        algorithm: Algorithm,
        wanted: &'static str,
    },
    /// A picture was asked for several certificates.
    OnePicture { total: usize },
    /// The certificate could not be encoded or signed.
    Encode(EncodeError),
    /// The finished certificate did not pass our own verification.
    NotVerified {
        entry: Option<usize>,
        failure: Option<Failure>,
    },
    /// The person at the terminal ended the questions.
    Cancelled,

    /// A key ceremony could not go on.
    Keys(KeysFault),

    /// No QR code can be made of the text.
    Symbol(qr::encode::EncodeError),
    /// The QR code can't be drawn as asked.
    Render(qr::render::RenderError),
    /// A picture has no text.
    NotText { path: String },
}

/// A payload that may not be issued, with everything that is wrong with it.
#[derive(Debug)]
pub(crate) struct BadEntry {
    /// Its place in the input, from 1.
    pub(crate) number: usize,
    /// What is wrong.
    pub(crate) problems: Vec<EntryProblem>,
}

/// One thing that is wrong with a payload.
#[derive(Debug)]
pub(crate) enum EntryProblem {
    /// A field.
    Field(FieldError),
    /// The DSC may not sign this kind.
    Kind {
        kind: EventKind,
        allowed: Vec<EventKind>,
    },
    /// Another payload of the input has the same identifier.
    SameIdentifier { path: String, other: usize },
}

impl From<KeysFault> for Fault {
    fn from(fault: KeysFault) -> Self {
        Fault::Keys(fault)
    }
}

impl From<EncodeError> for Fault {
    fn from(error: EncodeError) -> Self {
        Fault::Encode(error)
    }
}

impl From<MakeError> for Fault {
    fn from(error: MakeError) -> Self {
        Fault::Make(error)
    }
}

impl From<qr::encode::EncodeError> for Fault {
    fn from(error: qr::encode::EncodeError) -> Self {
        Fault::Symbol(error)
    }
}

impl From<qr::render::RenderError> for Fault {
    fn from(error: qr::render::RenderError) -> Self {
        Fault::Render(error)
    }
}
