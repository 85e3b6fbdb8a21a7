//! Whether documents agree with the person.

use super::{Findings, years_between};
use crate::{
    field::Field,
    finding::Problem,
    record::{Record, Sex},
};

pub(super) fn check(record: &Record, found: &mut Findings) {
    let person = &record.person;
    if let Some(cccd) = &person.documents.cccd {
        let number = cccd.as_str();
        let card = cccd.birth_year();
        if person.birth.year().is_some_and(|year| year != card) {
            found.add(Field::Cccd, Problem::CardBirthYear { card }, number);
        }
        let card = cccd.sex();
        if person
            .sex
            .is_some_and(|sex| sex != card && sex != Sex::Other)
        {
            found.add(Field::Cccd, Problem::CardSex { card }, number);
        }
        if cccd.province().is_none() {
            let code = cccd.province_code();
            found.add(Field::Cccd, Problem::CardProvince { code }, number);
        }
        if person
            .nationality
            .as_ref()
            .is_some_and(|country| !country.is_vietnam())
        {
            found.add(Field::Cccd, Problem::CardNationality, number);
        }
    }
    // The card of a child under six is valid to the end of the sixth year, and a little longer.
    if let Some(bhyt) = &person.documents.bhyt
        && bhyt.kind() == Some("TE")
    {
        /// From here on it is another person's card.
        const NO_CHILD: u16 = 8;
        let years = years_between(person.birth, record.event.date());
        if years >= NO_CHILD {
            found.add(Field::Bhyt, Problem::CardOfChild { years }, bhyt.as_str());
        }
    }
}
