//! Why a key ceremony could not go on: facts only, the words are in [`crate::words`].

use hcert::{
    time::Timestamp,
    x509::{ChainError, crl::CrlError, request::RequestError},
};
use qr::picture::PictureError;

/// What went wrong.
#[derive(Debug)]
pub(crate) enum KeysFault {
    /// Two outputs have the same name.
    SameOutput { path: String },

    /// No request in a file.
    NoRequest { path: String },
    /// A request that gets no certificate.
    Request { path: String, error: RequestError },
    /// A request for another country than the CSCA's.
    RequestCountry {
        path: String,
        found: Option<String>,
        wanted: String,
    },
    /// A request for the key of the CSCA itself.
    RequestOwnKey { path: String },

    /// Where one DSC belongs, there are none, several, or a CSCA.
    NotOneDsc { path: String },
    /// The DSC is not of this CSCA.
    NotIssued { path: String, error: ChainError },

    /// A file that is no revocation list, or not one of this CSCA.
    Crl { path: String, error: CrlError },
    /// No revocation list in a file.
    NoCrl { path: String },
    /// The list has the DSC already, from the same day or an earlier one.
    AlreadyRevoked { path: String, from: Timestamp },
    /// Revoked from before the DSC began, from after its end, or from a day to come.
    Since {
        from: Timestamp,
        earliest: Timestamp,
        latest: Timestamp,
    },

    /// A transcript was changed.
    Transcript {
        path: String,
        line: usize,
        problem: ChainProblem,
    },
    /// A transcript without an entry.
    EmptyTranscript { path: String },

    /// A picture that can't be read.
    Picture { path: String, error: PictureError },
    /// A page or text without a key.
    NoKey { path: String },
    /// Typed lines with errors.
    Lines { problems: Vec<LineProblem> },
    /// The inputs hold several keys.
    SeveralKeys,

    /// What WHO's network would not take, in the words of its rules.
    Network { path: String, why: String },
    /// A file by itself does not say what it is for.
    NetworkRole { path: String },
    /// Nothing of the network's in a folder.
    NetworkNothing { path: String },
    /// The network names no such country.
    NetworkCountry { code: String },
}

/// What is wrong with a line of a transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChainProblem {
    /// It is no entry.
    Unreadable,
    /// Its number is not the next one.
    Number,
    /// It does not continue the line before it.
    Previous,
    /// The last line has no end: it was cut off.
    CutOff,
}

/// What is wrong with typed lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LineProblem {
    /// It does not begin with its number, at this place of the text.
    NoNumber { place: usize },
    /// It has a character that is in no line.
    Character { line: usize, found: char },
    /// It has too few or too many characters.
    Length { line: usize },
    /// Its checksum does not fit.
    Checksum { line: usize },
    /// It is there twice, differently.
    Twice { line: usize },
    /// It is not there.
    Missing { line: usize },
    /// There are more lines than the key has.
    TooMany { last: usize },
    /// Each line is right, and together they are not one key.
    Together,
}
