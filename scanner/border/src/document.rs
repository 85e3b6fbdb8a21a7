//! The identity document beside the certificate.

use core::fmt;

use hcert::name::{Transliteration, split_vietnamese};
use intake::card::{self, Card, CardError, CitizenCard};

use crate::{
    birth::{Birth, Year},
    mrz::{Mrz, MrzError},
    name::DocumentName,
};

/// An identity document. The `Debug` output shows nothing of the person.
#[derive(Clone)]
pub enum Document {
    /// The machine-readable zone of a passport or card.
    Mrz(Mrz),
    /// The QR code of a Vietnamese citizen card.
    Citizen {
        /// What the code says.
        card: Box<CitizenCard>,
        /// The marks of Vietnamese were lost on the way: they are not compared.
        marks_lost: bool,
    },
}

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentError {
    /// It is no machine-readable zone, or one with a mistake.
    Mrz(MrzError),
    /// It begins like a card's code.
    Card(CardError),
    /// A health-insurance card proves no identity: it has neither photograph nor full name.
    InsuranceCard,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::words::Words::ENGLISH.document(self))
    }
}

impl core::error::Error for DocumentError {}

impl DocumentError {
    /// A stable word, for interfaces.
    pub fn code(&self) -> &'static str {
        match self {
            DocumentError::Mrz(error) => error.code(),
            DocumentError::Card(error) => error.code(),
            DocumentError::InsuranceCard => "insurance_card",
        }
    }
}

impl Document {
    /// Reads what a reader typed or a person pasted. Nothing in either kind of document is signed:
    /// the eye compares it with the document itself.
    pub fn read(text: &str) -> Result<Document, DocumentError> {
        let mrz = match Mrz::read(text) {
            Ok(mrz) => return Ok(Document::Mrz(mrz)),
            Err(error) => error,
        };
        match card::read(text) {
            Ok(scan) => match scan.card {
                Card::Citizen(card) => Ok(Document::Citizen {
                    card: Box::new(card),
                    marks_lost: scan.marks_lost,
                }),
                Card::Insurance(_) => Err(DocumentError::InsuranceCard),
            },
            Err(error @ (CardError::Cut | CardError::Garbled | CardError::Field { .. })) => {
                Err(DocumentError::Card(error))
            }
            Err(_) => Err(DocumentError::Mrz(mrz)),
        }
    }

    /// Whether a text looks like an identity document rather than like a certificate: for a desk
    /// with one reader for both.
    pub fn looks_like_one(text: &str) -> bool {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        text.matches('<').count() >= 2 || (digits >= 12 && text.contains('|'))
    }

    pub(crate) fn name(&self) -> DocumentName {
        match self {
            Document::Mrz(mrz) => DocumentName {
                primary: mrz.primary().map(str::to_owned).collect(),
                secondary: mrz.secondary().map(str::to_owned).collect(),
                cut: mrz.may_be_cut(),
                marked: None,
            },
            Document::Citizen { card, marks_lost } => {
                let words = |text: &str| -> Vec<String> {
                    let standard = Transliteration::Vietnamese.apply_lossy(text);
                    standard.tokens().map(str::to_owned).collect()
                };
                let name = card.name.as_str();
                let split = split_vietnamese(name);
                DocumentName {
                    primary: split.iter().flat_map(|name| words(&name.family)).collect(),
                    secondary: split.iter().flat_map(|name| words(&name.given)).collect(),
                    cut: false,
                    marked: (!marks_lost).then(|| name.to_owned()),
                }
            }
        }
    }

    pub(crate) fn birth(&self) -> Birth {
        match self {
            Document::Mrz(mrz) => {
                let birth = mrz.birth();
                Birth {
                    year: birth.year().map(Year::TwoDigits),
                    month: birth.month(),
                    day: birth.day(),
                }
            }
            Document::Citizen { card, .. } => card.birth.into(),
        }
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Document::Mrz(_) => "Document::Mrz(..)",
            Document::Citizen { .. } => "Document::Citizen(..)",
        })
    }
}
