//! Whether an event can have been, on its day, for this person.

use hcert::date::Date;

use super::{Findings, Known, event_field, swapped, years_between};
use crate::{
    codes::ProductFacts,
    field::Field,
    finding::Problem,
    record::{Event, Record, Recovery, Vaccination},
};

/// COVID-19 was first reported at the end of December 2019.
const DISEASE: (&str, u16) = ("840539006", 2020);
/// Days that an additional dose or a booster has to keep from the dose before: the least that any
/// programme asked for.
const BOOSTER_INTERVAL: u16 = 28;

pub(super) fn check(record: &Record, known: &Known<'_>, found: &mut Findings) {
    day(record, known, found);
    if let (Some(allowed), Some(site)) = (known.allowed, record.event.site())
        && !allowed(site)
    {
        found.add(Field::Site, Problem::SiteNotAllowed, site.as_str());
    }
    match &record.event {
        Event::Vaccination(vaccination) => {
            let facts = known.catalogue.facts(&vaccination.product);
            if let Some(facts) = facts {
                product(record, vaccination, facts, found);
            }
            lot(vaccination, known, found);
            doses(vaccination, known, found);
        }
        Event::Recovery(recovery) => validity(recovery, found),
        Event::Test(_) => {}
    }
}

fn day(record: &Record, known: &Known<'_>, found: &mut Findings) {
    let (event, field) = (&record.event, event_field(&record.event));
    let date = event.date();
    let shown = match event {
        Event::Test(test) => test.sampled_at().to_rfc3339(),
        _ => date.to_string(),
    };
    let birth = record.person.birth.earliest();
    let disease = match event {
        Event::Vaccination(vaccination) => vaccination.disease.as_str(),
        Event::Test(test) => test.disease.as_str(),
        Event::Recovery(recovery) => recovery.disease.as_str(),
    };
    let known_from = (disease == DISEASE.0)
        .then(|| Date::new(DISEASE.1, 1, 1).ok())
        .flatten();
    let (Some(today), born) = (known.today(), birth) else {
        return;
    };
    let can_be = |date: Date| {
        date <= today
            && born.is_none_or(|birth| birth <= date)
            && known_from.is_none_or(|from| from <= date)
    };
    let swapped = swapped(Some(date), can_be);
    let in_future = match event {
        // To the second, and not by the day.
        Event::Test(test) => test.sampled_at().unix_seconds() > known.now.unix(),
        _ => date > today,
    };
    if in_future {
        found.add(field, Problem::Future { swapped }, &shown);
    }
    if born.is_some_and(|birth| birth > date) {
        found.add(field, Problem::BeforeBirth { swapped }, &shown);
    } else if known_from.is_some_and(|from| date < from) {
        found.add(field, Problem::BeforeDisease { swapped }, &shown);
    }
}

fn product(record: &Record, vaccination: &Vaccination, facts: &ProductFacts, found: &mut Findings) {
    let (date, dose) = (vaccination.date, vaccination.dose);
    // Before that, another finding says it.
    let known = Date::new(DISEASE.1, 1, 1).is_ok_and(|first| first <= date);
    if known && date < facts.first_use {
        let first = facts.first_use;
        found.add(
            Field::Date,
            Problem::BeforeProduct { first },
            &date.to_string(),
        );
    }
    let minimum = facts.minimum_age;
    if record
        .person
        .birth
        .earliest()
        .is_some_and(|birth| birth <= date)
        && years_between(record.person.birth, date) < u16::from(minimum)
    {
        found.add(
            Field::BirthDate,
            Problem::UnderAge { minimum },
            &record.person.birth.to_string(),
        );
    }
    if vaccination.manufacturer.as_str() != facts.manufacturer {
        let expected = facts.manufacturer.clone();
        let code = vaccination.manufacturer.as_str();
        found.add(
            Field::Manufacturer,
            Problem::ManufacturerOfOther { expected },
            code,
        );
    }
    if vaccination.prophylaxis.as_str() != facts.prophylaxis {
        let expected = facts.prophylaxis.clone();
        let code = vaccination.prophylaxis.as_str();
        found.add(
            Field::Prophylaxis,
            Problem::ProphylaxisOfOther { expected },
            code,
        );
    }
    // A dose within a series of another length; boosters (3/3, 2/1) are written in many ways.
    if dose.number() <= facts.doses && dose.total() > facts.doses && dose.number() < dose.total() {
        let usual = facts.doses;
        let shown = format!("{}/{}", dose.number(), dose.total());
        found.add(Field::TotalDoses, Problem::SeriesLength { usual }, &shown);
    }
}

fn lot(vaccination: &Vaccination, known: &Known<'_>, found: &mut Findings) {
    let Some(lot) = &vaccination.lot else {
        return;
    };
    let text = lot.as_str();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let is_date = matches!(parts.as_slice(), [a, b, c]
        if [a, b, c].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
            && [a, c].iter().any(|part| part.len() == 4));
    let same = text
        .bytes()
        .all(|byte| Some(&byte) == text.as_bytes().first());
    // Lots have a digit; the maker of none writes a word.
    if digits == 0 || is_date || same || text == "12345" || text == "123456" {
        found.add(Field::Lot, Problem::LotUnlikely, text);
    }
    if let (Some(delivered), Some(site)) = (known.delivered, &vaccination.site)
        && !delivered(site, lot)
    {
        found.add(Field::Lot, Problem::LotNotDelivered, text);
    }
}

fn doses(vaccination: &Vaccination, known: &Known<'_>, found: &mut Findings) {
    let (date, dose) = (vaccination.date, vaccination.dose);
    let shown = date.to_string();
    for earlier in known.earlier {
        let number = earlier.dose.number();
        if number == dose.number() && earlier.date == date && earlier.product == vaccination.product
        {
            // The same report again is for the keeper of reports, not for here.
            continue;
        }
        if earlier.date == date {
            found.add(Field::Date, Problem::DoseSameDay, &shown);
        } else if number == dose.number() {
            let date = earlier.date;
            found.add(
                Field::Dose,
                Problem::DoseRepeated { date },
                &number.to_string(),
            );
        } else if (number > dose.number()) != (earlier.date > date) {
            found.add(
                Field::Dose,
                Problem::DoseOrder { number },
                &dose.number().to_string(),
            );
        }
    }
    // The gap to the nearest dose on either side, by the interval of the dose given first.
    let before = known
        .earlier
        .iter()
        .filter(|earlier| earlier.date < date)
        .max_by_key(|earlier| earlier.date);
    let after = known
        .earlier
        .iter()
        .filter(|earlier| earlier.date > date)
        .min_by_key(|earlier| earlier.date);
    let usual = |product: &crate::codes::Product| {
        known
            .catalogue
            .facts(product)
            .map(|facts| (facts.doses, facts.interval))
    };
    let minimum = |dose: crate::record::Dose, first: &crate::codes::Product| match usual(first) {
        Some((doses, interval)) if !dose.is_booster(doses) => interval,
        _ => BOOSTER_INTERVAL,
    };
    if let Some(before) = before {
        let days = date.days_since(before.date);
        let minimum = minimum(dose, &before.product);
        if days < i32::from(minimum) {
            found.add(Field::Date, Problem::DoseTooSoon { days, minimum }, &shown);
        }
    }
    if let Some(after) = after {
        let days = after.date.days_since(date);
        let minimum = minimum(after.dose, &vaccination.product);
        if days < i32::from(minimum) {
            found.add(Field::Date, Problem::DoseTooSoon { days, minimum }, &shown);
        }
    }
}

fn validity(recovery: &Recovery, found: &mut Findings) {
    let first = recovery.first_positive();
    if recovery.valid_from().days_since(first) < Recovery::FROM_DAYS {
        found.add(
            Field::ValidFrom,
            Problem::RecoveryEarly,
            &recovery.valid_from().to_string(),
        );
    }
    if recovery.valid_until().days_since(first) > Recovery::UNTIL_DAYS {
        found.add(
            Field::ValidUntil,
            Problem::RecoveryLong,
            &recovery.valid_until().to_string(),
        );
    }
}
