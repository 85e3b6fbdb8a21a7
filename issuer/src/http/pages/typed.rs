//! What was typed about a report, or is known for it, before it is a record.

use std::collections::BTreeMap;

use hcert::name::split_vietnamese;
use intake::{
    card::Card,
    draft::Draft,
    field::Field,
    finding::Finding,
    record::{Documents, Name, Person},
};
use service::fields::Fields;

use crate::store::PersonRow;

/// Texts by field. Everything a form had comes back on the next page, right or wrong.
#[derive(Clone, Default)]
pub(crate) struct Typed(BTreeMap<&'static str, String>);

/// The fields that say who somebody is.
pub(crate) const PERSON: [Field; 13] = [
    Field::FullName,
    Field::FamilyName,
    Field::GivenNames,
    Field::PassportFamily,
    Field::PassportGiven,
    Field::BirthDate,
    Field::Sex,
    Field::Nationality,
    Field::Identity,
    Field::Cccd,
    Field::Cmnd,
    Field::Passport,
    Field::Bhyt,
];

impl Typed {
    pub(crate) fn of_form(fields: &Fields) -> Typed {
        let mut typed = Typed::default();
        for field in Field::ALL {
            typed.set(field, fields.text(field.id()));
        }
        typed
    }

    /// Of a card that was scanned; the name is split, so that it can be looked at.
    pub(crate) fn of_card(card: &Card) -> Typed {
        let mut typed = Typed::default();
        let (name, birth) = match card {
            Card::Citizen(card) => {
                typed.set(Field::Cccd, card.number.as_str());
                typed.set(Field::Sex, sex(card.sex));
                (card.name.as_str(), card.birth)
            }
            Card::Insurance(card) => {
                typed.set(Field::Bhyt, card.number.as_str());
                typed.set(Field::Sex, card.sex.map_or("", sex));
                (card.name.as_str(), card.birth)
            }
        };
        typed.set_name(name);
        typed.set(Field::BirthDate, &as_typed(&birth.to_string()));
        typed
    }

    /// Of somebody known.
    pub(crate) fn of_person(person: &PersonRow) -> Typed {
        let mut typed = Typed::default();
        typed.add_person(person);
        typed
    }

    /// Adds what is known of somebody.
    pub(crate) fn add_person(&mut self, person: &PersonRow) {
        self.set(Field::FamilyName, &person.family);
        self.set(Field::GivenNames, &person.given);
        self.set(Field::PassportFamily, &person.family_t.replace('<', " "));
        self.set(Field::PassportGiven, &person.given_t.replace('<', " "));
        self.set(Field::BirthDate, &as_typed(&person.birth));
        let optional = [
            (Field::Sex, &person.sex),
            (Field::Nationality, &person.nationality),
            (Field::Cccd, &person.cccd),
            (Field::Cmnd, &person.cmnd),
            (Field::Passport, &person.passport),
            (Field::Bhyt, &person.bhyt),
        ];
        for (field, text) in optional {
            self.set(field, text.as_deref().unwrap_or_default());
        }
    }

    /// Adds an event as the database has it: a JSON object of draft fields.
    pub(crate) fn add_event(&mut self, content: &str) {
        let content: BTreeMap<String, String> = serde_json::from_str(content).unwrap_or_default();
        for field in Field::ALL
            .into_iter()
            .filter(|field| !PERSON.contains(field))
        {
            if let Some(text) = content.get(field.id()) {
                let is_day = matches!(
                    field,
                    Field::Date | Field::FirstPositive | Field::ValidFrom | Field::ValidUntil
                );
                let text = if is_day { as_typed(text) } else { text.clone() };
                self.set(field, &text);
            }
        }
    }

    /// A whole name, family name first.
    pub(crate) fn set_name(&mut self, name: &str) {
        match split_vietnamese(name) {
            Some(split) => {
                self.set(Field::FamilyName, &split.family);
                self.set(Field::GivenNames, &split.given);
            }
            None => self.set(Field::FamilyName, name),
        }
    }

    pub(crate) fn set(&mut self, field: Field, text: &str) {
        match text {
            "" => drop(self.0.remove(field.id())),
            text => drop(self.0.insert(field.id(), text.to_owned())),
        }
    }

    /// Sets what is not there yet.
    pub(crate) fn preset(&mut self, field: Field, text: &str) {
        if self.get(field).is_empty() {
            self.set(field, text);
        }
    }

    pub(crate) fn get(&self, field: Field) -> &str {
        self.0.get(field.id()).map_or("", String::as_str)
    }

    /// Takes the fields of other kinds of event out.
    pub(crate) fn keep_kind(&mut self, kind: &str) {
        let others: &[&[Field]] = match kind {
            "test" => &[VACCINATION, RECOVERY],
            "recovery" => &[VACCINATION, TEST],
            _ => &[TEST, RECOVERY],
        };
        for field in others.iter().copied().flatten() {
            self.set(*field, "");
        }
        self.set(Field::Kind, kind);
    }

    pub(crate) fn draft(&self) -> Draft<'_> {
        let mut draft = Draft::default();
        for field in Field::ALL {
            if let Some(text) = self.0.get(field.id()) {
                draft.set(field, text.as_str());
            }
        }
        draft
    }

    /// Every field that has a text.
    pub(crate) fn all(&self) -> Vec<(&'static str, String)> {
        self.0
            .iter()
            .map(|(name, text)| (*name, text.clone()))
            .collect()
    }

    /// Who it is, if what is there is enough and right: for finding the one who is known already.
    pub(crate) fn person(&self) -> Option<Person> {
        let nationality = None;
        let passport = (
            self.get(Field::PassportFamily),
            self.get(Field::PassportGiven),
        );
        let (family, given) = (self.get(Field::FamilyName), self.get(Field::GivenNames));
        Some(Person {
            name: Name::new(family, given, passport, nationality).ok()?,
            birth: birth(self.get(Field::BirthDate))?.parse().ok()?,
            sex: None,
            nationality: None,
            documents: Documents {
                cccd: intake::record::Cccd::new(self.get(Field::Cccd)).ok(),
                cmnd: intake::record::Cmnd::new(self.get(Field::Cmnd)).ok(),
                passport: intake::record::Passport::new(self.get(Field::Passport)).ok(),
                bhyt: intake::record::Bhyt::new(self.get(Field::Bhyt)).ok(),
            },
        })
    }
}

const VACCINATION: &[Field] = &[
    Field::Prophylaxis,
    Field::Product,
    Field::Manufacturer,
    Field::Lot,
    Field::Dose,
    Field::TotalDoses,
    Field::Date,
    Field::GivenBy,
];
const TEST: &[Field] = &[
    Field::TestType,
    Field::TestName,
    Field::TestDevice,
    Field::SampledAt,
    Field::Result,
    Field::Tube,
];
const RECOVERY: &[Field] = &[Field::FirstPositive, Field::ValidFrom, Field::ValidUntil];

fn sex(sex: intake::record::Sex) -> &'static str {
    match sex {
        intake::record::Sex::Male => "male",
        intake::record::Sex::Female => "female",
        intake::record::Sex::Other => "other",
    }
}

/// An ISO date as people type it: `26/02/1998`, `02/1998`, `1998`.
pub(crate) fn as_typed(iso: &str) -> String {
    let parts: Vec<&str> = iso.split('-').rev().collect();
    parts.join("/")
}

/// A birth date as people type it, in ISO form: `26/02/1998`, `26021998`, `02/1998`, `1998`.
pub(crate) fn birth(text: &str) -> Option<String> {
    let number = |text: &str, length: std::ops::RangeInclusive<usize>| {
        let good = length.contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit());
        good.then(|| text.parse::<u16>().ok()).flatten()
    };
    let year = |text: &str| number(text, 4..=4).filter(|year| (1900..=2099).contains(year));
    let month = |text: &str| number(text, 1..=2).filter(|month| (1..=12).contains(month));
    let day = |text: &str| number(text, 1..=2).filter(|day| (1..=31).contains(day));
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    match parts.as_slice() {
        [one] if one.len() == 8 && one.is_ascii() => {
            let (d, rest) = one.split_at(2);
            let (m, y) = rest.split_at(2);
            Some(format!("{:04}-{:02}-{:02}", year(y)?, month(m)?, day(d)?))
        }
        [y] => year(y).map(|y| format!("{y:04}")),
        [m, y] => Some(format!("{:04}-{:02}", year(y)?, month(m)?)),
        [d, m, y] if y.len() == 4 => {
            Some(format!("{:04}-{:02}-{:02}", year(y)?, month(m)?, day(d)?))
        }
        [y, m, d] => Some(format!("{:04}-{:02}-{:02}", year(y)?, month(m)?, day(d)?)),
        _ => None,
    }
}

/// The box of a form in which a finding is shown.
pub(crate) fn box_of(finding: &Finding, there: &[Field]) -> Field {
    let field = finding.field();
    if there.contains(&field) {
        return field;
    }
    match field {
        Field::FullName => Field::FamilyName,
        Field::Cccd | Field::Cmnd | Field::Passport | Field::Bhyt => Field::Identity,
        Field::TotalDoses => Field::Dose,
        Field::Manufacturer | Field::Prophylaxis => Field::Product,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birth_dates() {
        for (typed, iso) in [
            ("26/02/1998", "1998-02-26"),
            ("26021998", "1998-02-26"),
            ("6-2-1998", "1998-02-06"),
            ("1998-02-26", "1998-02-26"),
            ("02/1998", "1998-02"),
            ("1998", "1998"),
        ] {
            assert_eq!(birth(typed).as_deref(), Some(iso), "{typed}");
        }
        for wrong in [
            "",
            "079198000001",
            "31/13/1998",
            "98",
            "é6021998",
            "26/02/98",
        ] {
            assert_eq!(birth(wrong), None, "{wrong}");
        }
        assert_eq!(as_typed("1998-02-26"), "26/02/1998");
        assert_eq!(
            (as_typed("1998-02"), as_typed("1998")),
            ("02/1998".into(), "1998".into())
        );
    }
}
