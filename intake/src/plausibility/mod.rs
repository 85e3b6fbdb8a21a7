//! What cannot be, and what is not likely.
//!
//! Pure functions over records: the time and everything else that is known comes in as
//! [`Known`]. An error has to be corrected; a warning is to be looked at, and may be confirmed by
//! the person at the desk.

mod document;
mod event;
mod name;
mod pool;

use hcert::{
    date::{Date, PartialDate},
    time::Timestamp,
};

use crate::{
    codes::{Catalogue, Product},
    field::Field,
    finding::{Finding, Problem},
    record::{Dose, Event, Lot, Record, Site},
    typed::other_way_round,
};

pub use pool::pools;

/// A dose that was reported before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Which dose it was.
    pub dose: Dose,
    /// Of which product.
    pub product: Product,
    /// On which day.
    pub date: Date,
}

/// Asks whether a lot was delivered to a site.
pub type Delivered<'a> = &'a dyn Fn(&Site, &Lot) -> bool;
/// Asks whether the sender may report for a site.
pub type Allowed<'a> = &'a dyn Fn(&Site) -> bool;

/// What is known beyond the record.
#[derive(Clone)]
pub struct Known<'a> {
    /// The value sets and products.
    pub catalogue: &'a Catalogue,
    /// The present time.
    pub now: Timestamp,
    /// The offset of the place in minutes east of UTC, for which day it is.
    pub offset: i16,
    /// The doses of this person that were reported before, in any order.
    pub earlier: &'a [Earlier],
    /// Which lots were delivered where; `None` if nobody keeps account.
    pub delivered: Option<Delivered<'a>>,
    /// For which sites the sender may report; `None` for all.
    pub allowed: Option<Allowed<'a>>,
}

impl<'a> Known<'a> {
    /// Nothing but the time, in Viet Nam.
    pub fn new(catalogue: &'a Catalogue, now: Timestamp) -> Known<'a> {
        Known {
            catalogue,
            now,
            offset: 7 * 60,
            earlier: &[],
            delivered: None,
            allowed: None,
        }
    }

    /// The day it is at the place; `None` outside 1900 to 2099.
    pub fn today(&self) -> Option<Date> {
        Date::from_unix_seconds(self.now.unix().saturating_add(i64::from(self.offset) * 60))
    }
}

/// Everything that cannot be or is not likely, the person first.
///
/// Of a record without an error among the findings, [`to_dcc`](crate::record::to_dcc) makes a
/// payload that [`hcert::dcc::Dcc::check_at`] finds nothing in.
pub fn check(record: &Record, known: &Known<'_>) -> Vec<Finding> {
    let mut found = Findings(Vec::new());
    name::check(&record.person, &mut found);
    birth(record, known, &mut found);
    document::check(record, &mut found);
    event::check(record, known, &mut found);
    found.0
}

/// Findings on their way.
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, field: Field, problem: Problem, found: &str) {
        self.0.push(Finding::new(field, problem).with_found(found));
    }
}

fn birth(record: &Record, known: &Known<'_>, found: &mut Findings) {
    /// Few people are older; and a wrong century makes many.
    const OLD: u16 = 110;
    let birth = record.person.birth;
    let shown = birth.to_string();
    let (Some(today), Some(first)) = (known.today(), birth.earliest()) else {
        return;
    };
    if first > today {
        let swapped = swapped(birth.full(), |date| date <= today);
        found.add(Field::BirthDate, Problem::Future { swapped }, &shown);
    } else {
        let years = years_between(birth, today);
        if years >= OLD {
            found.add(Field::BirthDate, Problem::Age { years }, &shown);
        }
    }
}

/// Whole years from a birth to a day, the most it can be where the birth is not known to the day.
pub(crate) fn years_between(birth: PartialDate, day: Date) -> u16 {
    let Some(first) = birth.earliest() else {
        return 0;
    };
    let had = (first.month(), first.day()) <= (day.month(), day.day());
    day.year()
        .saturating_sub(first.year())
        .saturating_sub(u16::from(!had))
}

/// The date with day and month swapped, if that is right.
pub(crate) fn swapped(date: Option<Date>, is_right: impl Fn(Date) -> bool) -> Option<Date> {
    other_way_round(date?).filter(|date| is_right(*date))
}

/// The parts of an event that are a date, in the order of the form.
pub(crate) fn event_field(event: &Event) -> Field {
    match event {
        Event::Vaccination(_) => Field::Date,
        Event::Test(_) => Field::SampledAt,
        Event::Recovery(_) => Field::FirstPositive,
    }
}

#[cfg(test)]
mod tests;
