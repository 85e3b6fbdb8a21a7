//! English.

use crate::{
    Answer, Doubt,
    mrz::{Field, MrzError},
};

pub(super) const INSURANCE_CARD: &str =
    "A health-insurance card proves no identity. Ask for the citizen card or the passport.";

pub(super) fn answer(answer: &Answer) -> &'static str {
    match answer {
        Answer::Match => "SAME PERSON",
        Answer::NoMatch(_) => "NOT THE SAME PERSON",
        Answer::CantSay(_) => "CAN'T SAY",
    }
}

pub(super) fn difference(is_name: bool) -> &'static str {
    if is_name {
        "The names differ. Ask for the document that the certificate was issued on."
    } else {
        "The dates of birth differ. Ask for the document that the certificate was issued on."
    }
}

pub(super) fn doubt(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::NamePart => {
            "One of both has a part of the name that the other lacks. Compare by eye."
        }
        Doubt::NameOrder => "The same words in another order. Compare by eye.",
        Doubt::NameSpelling => {
            "The names are spelt differently, as transliterations are. Compare by eye."
        }
        Doubt::NameMarks => "The same letters with other marks. Compare by eye.",
        Doubt::NameScript => {
            "The name can't be compared: no spelling as in passports is known. Compare by eye."
        }
        Doubt::BirthPart => "A part of a date of birth is not known. Compare by eye.",
    }
}

fn field(field: Field) -> &'static str {
    match field {
        Field::Kind => "document code",
        Field::Issuer => "issuing state",
        Field::Name => "names",
        Field::Number => "document number",
        Field::Nationality => "nationality",
        Field::Birth => "date of birth",
        Field::Sex => "sex",
        Field::Expiry => "date of expiry",
        Field::Optional => "optional data",
        Field::Whole => "whole zone",
    }
}

pub(super) fn mrz(error: &MrzError) -> String {
    match error {
        MrzError::Empty => {
            "There is no text. Read the lines with < at the foot of the document.".into()
        }
        MrzError::TooLong => {
            "The text is too long for one document. Read it once more, alone.".into()
        }
        MrzError::InputMethod { found } => format!(
            "An input method has changed the text ({found}). Switch it off (English keyboard) and \
             read the document again."
        ),
        MrzError::Character { found } => format!(
            "The lines have the letters A to Z, digits and < only, and here is {found:?}. Is the \
             keyboard layout the English one?"
        ),
        MrzError::Length { found } => format!(
            "{found} characters, where a passport has 2 lines of 44 and a card 2 of 36 or 3 of 30. \
             Read all lines again, fillers (<) too."
        ),
        MrzError::Kind { kind } => format!(
            "This is neither a passport nor an identity card (kind {kind}). Ask for one of them."
        ),
        MrzError::Form { field: at, found } => format!(
            "In the field {} stands {found:?}, which has no place there (O and 0, I and 1 look \
             alike). Read it again.",
            field(*at)
        ),
        MrzError::CheckDigit(at) => format!(
            "The check digit of the field {} does not fit: a character was misread. Read it again.",
            field(*at)
        ),
        MrzError::Date(at) => format!(
            "In the field {} stands a day that does not exist.",
            field(*at)
        ),
        MrzError::NoName => "The line of names is empty.".into(),
    }
}
