//! The person.

use core::fmt;

use hcert::date::PartialDate;

use crate::{
    codes::Country,
    finding::{Form, Problem},
    plain::plain,
    record::{Bhyt, Cccd, Cmnd, Name, Passport},
};

/// Sex as documents state it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// `Nam`.
    Male,
    /// `Nữ`.
    Female,
    /// Any other statement, the `X` of passports.
    Other,
}

impl Sex {
    /// A stable name, which [`Sex::parse`] reads.
    pub const fn id(self) -> &'static str {
        match self {
            Sex::Male => "male",
            Sex::Female => "female",
            Sex::Other => "other",
        }
    }

    /// What people and systems write: `Nam`, `Nữ`, `nu`, `M`, `F`, `male`, `female`, and the
    /// insurance cards' `1` and `2`.
    pub fn parse(text: &str) -> Result<Sex, Problem> {
        match plain(text).as_str() {
            "" => Err(Problem::Missing),
            "nam" | "m" | "male" | "1" | "trai" | "man" => Ok(Sex::Male),
            "nu" | "f" | "female" | "2" | "gai" | "woman" => Ok(Sex::Female),
            "x" | "other" | "khac" | "o" => Ok(Sex::Other),
            _ => Err(Problem::Form(Form::Sex)),
        }
    }
}

/// The documents that were shown; none for a child without any.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Documents {
    /// The personal number of the citizen card.
    pub cccd: Option<Cccd>,
    /// The old identity card.
    pub cmnd: Option<Cmnd>,
    /// The passport.
    pub passport: Option<Passport>,
    /// The health-insurance card.
    pub bhyt: Option<Bhyt>,
}

/// A person, as a site knows them.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: Name,
    /// The date of birth, of which the day or the month may be unknown.
    pub birth: PartialDate,
    /// The sex, where it is known.
    pub sex: Option<Sex>,
    /// The nationality, where it is known.
    pub nationality: Option<Country>,
    /// The documents.
    pub documents: Documents,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sexes() {
        for (text, want) in [
            ("Nam", Sex::Male),
            ("NỮ", Sex::Female),
            ("nu", Sex::Female),
            ("Nu\u{31b}\u{303}", Sex::Female),
            ("M", Sex::Male),
            ("2", Sex::Female),
            ("Khác", Sex::Other),
        ] {
            assert_eq!(Sex::parse(text), Ok(want), "{text}");
        }
        assert_eq!(Sex::parse("3"), Err(Problem::Form(Form::Sex)));
        assert_eq!(Sex::parse(" "), Err(Problem::Missing));
    }
}
