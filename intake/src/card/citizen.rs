//! The QR code of the citizen card.

use core::fmt;

use hcert::date::{Date, PartialDate};

use crate::{
    finding::Problem,
    plain::{is_digits, tidy},
    record::{Cccd, Line, Sex},
    typed,
};

/// What the QR code of a citizen card says, front of the chip card of 2021 or back of the card of
/// 2024.
///
/// Text of fields with `|` between: personal number, old number (may be empty or left out), full
/// name, birth, sex, residence, day of issue. The card of 2024 has numbers and names of relatives
/// after that; they are not read. The text is unsigned: it saves typing, and proves nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct CitizenCard {
    /// The personal number.
    pub number: Cccd,
    /// The number of the card before, 9 or 12 digits.
    pub old_number: Option<String>,
    /// The full name, family name first.
    pub name: Line,
    /// The date of birth.
    pub birth: PartialDate,
    /// The sex.
    pub sex: Sex,
    /// The place of residence.
    pub residence: Option<String>,
    /// The day the card was issued.
    pub issued: Option<Date>,
}

impl fmt::Debug for CitizenCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CitizenCard(..)")
    }
}

/// The texts of the fields, of which only the form is known to be right.
#[derive(Clone)]
pub(super) struct Fields {
    number: String,
    old: String,
    pub(super) name: String,
    birth: String,
    pub(super) sex: String,
    pub(super) residence: String,
    issued: String,
}

/// How the fields do not fit.
pub(super) enum Misfit {
    /// It does not begin like a citizen card.
    Other,
    /// It begins like one, and ends too soon.
    Cut,
    /// After the end, another one begins.
    Second,
    /// It is one, but for this.
    Wrong(crate::field::Field, Problem),
}

impl Fields {
    /// By the form of the fields, not by their number: the old number may be left out.
    pub(super) fn split(text: &str, separator: char) -> Result<Fields, Misfit> {
        let mut parts = text.split(separator).map(str::trim).peekable();
        let number = parts
            .next()
            .filter(|part| part.len() == 12 && is_digits(part))
            .ok_or(Misfit::Other)?;
        let is_old =
            |part: &str| part.is_empty() || (is_digits(part) && matches!(part.len(), 9 | 12));
        let old = parts.next_if(|part| is_old(part)).unwrap_or_default();
        let mut next = || parts.next().map(String::from).ok_or(Misfit::Cut);
        let fields = Fields {
            number: number.into(),
            old: old.into(),
            name: next()?,
            birth: next()?,
            sex: next()?,
            residence: next().unwrap_or_default(),
            issued: next().unwrap_or_default(),
        };
        if fields.birth.is_empty() || fields.sex.is_empty() {
            return Err(Misfit::Cut);
        }
        // The day of issue with the next card's number behind it: the reader sends no Enter.
        if fields.issued.len() >= 20 && is_digits(&fields.issued) {
            return Err(Misfit::Second);
        }
        Ok(fields)
    }

    /// Without any separator: 12 digits, perhaps 9 or 12 more, the name, 8 digits, the sex, the
    /// residence, 8 digits.
    pub(super) fn split_unseparated(text: &str) -> Option<Fields> {
        let start = text.find(|c: char| !c.is_ascii_digit())?;
        let (digits, rest) = text.split_at_checked(start)?;
        let (number, old) = match digits.len() {
            12 | 21 | 24 => digits.split_at_checked(12)?,
            _ => return None,
        };
        let at = rest.find(|c: char| c.is_ascii_digit())?;
        let (name, rest) = rest.split_at_checked(at)?;
        let (birth, rest) = rest
            .split_at_checked(8)
            .filter(|parts| is_digits(parts.0))?;
        let sex = ["Nam", "Nữ"]
            .into_iter()
            .find(|sex| rest.starts_with(sex))?;
        let rest = rest.strip_prefix(sex)?;
        let (residence, issued) = match rest
            .len()
            .checked_sub(8)
            .and_then(|at| rest.split_at_checked(at))
        {
            Some((residence, issued)) if is_digits(issued) => (residence, issued),
            _ => (rest, ""),
        };
        Some(Fields {
            number: number.into(),
            old: old.into(),
            name: name.into(),
            birth: birth.into(),
            sex: sex.into(),
            residence: residence.into(),
            issued: issued.into(),
        })
    }

    pub(super) fn read(&self) -> Result<CitizenCard, Misfit> {
        use crate::field::Field;
        let wrong = |field| move |problem| Misfit::Wrong(field, problem);
        let form = Problem::Form(crate::finding::Form::Cccd);
        let number = Cccd::new(&self.number).map_err(|_| wrong(Field::Cccd)(form))?;
        let (birth, _) = typed::birth(&self.birth).map_err(wrong(Field::BirthDate))?;
        let sex = match tidy(&self.sex).as_str() {
            "Nam" => Ok(Sex::Male),
            "Nữ" => Ok(Sex::Female),
            _ => Err(Problem::Form(crate::finding::Form::Sex)),
        };
        Ok(CitizenCard {
            number,
            old_number: Some(self.old.clone()).filter(|old| !old.is_empty()),
            name: Line::new(&self.name).map_err(wrong(Field::FullName))?,
            birth,
            sex: sex.map_err(wrong(Field::Sex))?,
            residence: Some(tidy(&self.residence)).filter(|residence| !residence.is_empty()),
            issued: typed::date(&self.issued).ok().map(|read| read.0),
        })
    }
}
