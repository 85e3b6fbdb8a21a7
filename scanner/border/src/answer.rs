//! Whether a certificate and a document name one person.

use crate::{Document, Subject, birth, name};

/// Whether a certificate and a document name one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Names and full date of birth agree.
    Match,
    /// They contradict each other, in these fields.
    NoMatch(Differences),
    /// Nothing contradicts, but a person has to look, for these reasons.
    CantSay(Vec<Doubt>),
}

impl Answer {
    /// A stable word, for interfaces.
    pub const fn name(&self) -> &'static str {
        match self {
            Answer::Match => "match",
            Answer::NoMatch(_) => "no_match",
            Answer::CantSay(_) => "cant_say",
        }
    }
}

/// The fields that contradict each other; at least one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Differences {
    /// The names.
    pub name: bool,
    /// The dates of birth.
    pub birth: bool,
}

/// Why a person has to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Doubt {
    /// One of both has a part of the name that the other lacks.
    NamePart,
    /// The same words in an order that is not just family name first or last.
    NameOrder,
    /// The spelling differs as transliterations do (`HUE` and `HU`, `MOHAMMED` and `MUHAMMAD`).
    NameSpelling,
    /// The same letters with other Vietnamese marks (`HOÀ` and `HOA`).
    NameMarks,
    /// The certificate's name is in letters that no rule writes as a passport does, or a name is
    /// missing altogether.
    NameScript,
    /// A part of a date of birth is unknown.
    BirthPart,
}

impl Doubt {
    /// A stable word, for interfaces.
    pub const fn name(self) -> &'static str {
        match self {
            Doubt::NamePart => "name_part",
            Doubt::NameOrder => "name_order",
            Doubt::NameSpelling => "name_spelling",
            Doubt::NameMarks => "name_marks",
            Doubt::NameScript => "name_script",
            Doubt::BirthPart => "birth_part",
        }
    }
}

/// How one field compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Same,
    Doubtful(Doubt),
    Different,
}

/// Compares the person of a certificate with that of a document.
///
/// **Names** are the same when their words are, family name first or last, written apart or
/// together (`VAN<DER<BERG`, `VANDERBERG`), with `Ä Ö Ü Å Ñ` in any of their spellings (in words of
/// at least five letters, for `HUE` and `HU` are two Vietnamese names), and as far as a
/// machine-readable zone that is full to its last letter has them: there each word has to begin
/// the certificate's word in its place (Doc 9303 parts 4 to 6, section 4.2.3). The certificate's
/// standardised names count, its own letters by the ICAO and the Vietnamese rules, and Arabic ones
/// by ICAO's table.
///
/// **Dates of birth** are the same when day and month are and the year's two digits, which is what
/// a machine-readable zone has.
///
/// See [`Doubt`] for what makes the answer "can't say". A contradiction in one field is told even
/// if the other is doubtful.
pub fn compare(certificate: &Subject, document: &Document) -> Answer {
    let name = name::compare(certificate, &document.name());
    let birth = birth::compare(certificate.birth, document.birth());
    let differences = Differences {
        name: name == Field::Different,
        birth: birth == Field::Different,
    };
    if differences.name || differences.birth {
        return Answer::NoMatch(differences);
    }
    let doubts: Vec<Doubt> = [name, birth]
        .into_iter()
        .filter_map(|field| match field {
            Field::Doubtful(doubt) => Some(doubt),
            _ => None,
        })
        .collect();
    if doubts.is_empty() {
        Answer::Match
    } else {
        Answer::CantSay(doubts)
    }
}
