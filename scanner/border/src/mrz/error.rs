//! What is wrong with a machine-readable zone.

/// A field of the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The document code at the start.
    Kind,
    /// The state that issued it.
    Issuer,
    /// The names.
    Name,
    /// The document number.
    Number,
    /// The nationality.
    Nationality,
    /// The date of birth.
    Birth,
    /// The sex.
    Sex,
    /// The last day of validity.
    Expiry,
    /// Optional data (in passports the personal number).
    Optional,
    /// Everything that the last check digit covers.
    Whole,
}

impl Field {
    /// A stable word, for interfaces.
    pub const fn name(self) -> &'static str {
        match self {
            Field::Kind => "kind",
            Field::Issuer => "issuer",
            Field::Name => "name",
            Field::Number => "number",
            Field::Nationality => "nationality",
            Field::Birth => "birth",
            Field::Sex => "sex",
            Field::Expiry => "expiry",
            Field::Optional => "optional",
            Field::Whole => "whole",
        }
    }
}

/// Why a text is no machine-readable zone, or a wrong one. Holds nothing of the person but single
/// characters that have no place in a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MrzError {
    /// There is nothing.
    #[error("there is no text")]
    Empty,
    /// More than [`super::MAX_TEXT`] bytes.
    #[error("longer than {} bytes", super::MAX_TEXT)]
    TooLong,
    /// Letters with marks: an input method changed what a reader typed.
    #[error("an input method has changed the text ({found})")]
    InputMethod {
        /// The first such letter.
        found: char,
    },
    /// A character that no zone has.
    #[error("a zone has the letters A to Z, digits and < only, not {found:?}")]
    Character {
        /// The first such character.
        found: char,
    },
    /// Neither 3 lines of 30, nor 2 of 36, nor 2 of 44.
    #[error("{found} characters, where a zone has 90, 72 or 88")]
    Length {
        /// How many characters there are.
        found: usize,
    },
    /// A visa or another kind of document, which is not read.
    #[error("a document of kind {kind} is no passport or identity card")]
    Kind {
        /// Its first letter.
        kind: char,
    },
    /// A letter where a digit belongs, or the other way round.
    #[error("{found} has no place in the field {}", field.name())]
    Form {
        /// Where.
        field: Field,
        /// What stands there.
        found: char,
    },
    /// A check digit does not fit: a character of this field was misread or mistyped.
    #[error("the check digit of the field {} does not fit", .0.name())]
    CheckDigit(Field),
    /// No such day exists.
    #[error("no such day in the field {}", .0.name())]
    Date(Field),
    /// There is no name.
    #[error("there is no name")]
    NoName,
}

impl MrzError {
    /// A stable word, for interfaces.
    pub const fn code(&self) -> &'static str {
        match self {
            MrzError::Empty => "empty",
            MrzError::TooLong => "too_long",
            MrzError::InputMethod { .. } => "input_method",
            MrzError::Character { .. } => "character",
            MrzError::Length { .. } => "length",
            MrzError::Kind { .. } => "kind",
            MrzError::Form { .. } => "form",
            MrzError::CheckDigit(_) => "check_digit",
            MrzError::Date(_) => "date",
            MrzError::NoName => "no_name",
        }
    }

    /// The field it is about, where it is about one.
    pub const fn field(&self) -> Option<Field> {
        match self {
            MrzError::Form { field, .. } | MrzError::CheckDigit(field) | MrzError::Date(field) => {
                Some(*field)
            }
            MrzError::Kind { .. } => Some(Field::Kind),
            MrzError::NoName => Some(Field::Name),
            _ => None,
        }
    }
}
