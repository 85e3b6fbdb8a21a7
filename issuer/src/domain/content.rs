//! A record as the database has it, and as the site's key approves it.
//!
//! The row of a record holds the event as a JSON object of draft fields, the row of a person holds the
//! person. Both are canonical: codes and ISO dates in the order of [`Field::ALL`], so that
//! [`Draft::read`] makes the same [`Record`] again, and that the bytes that were approved can be made
//! again.

use hcert::time::Timestamp;
use intake::{
    draft::{Draft, Settings},
    field::Field,
    record::{Event, Person, Record},
};
use serde_json::{Map, Value};

use super::Refusal;
use crate::{
    id::Id,
    store::{PersonRow, RecordRow, StoreError},
};

/// The fields of a draft as a JSON object; those of the event, or all of them.
fn object(draft: &Draft<'_>, whole: bool) -> Value {
    let fields = draft
        .fields()
        .filter(|(field, _)| whole || !field.is_of_person());
    let fields = fields.map(|(field, text)| (field.id().to_owned(), Value::from(text)));
    Value::Object(fields.collect::<Map<String, Value>>())
}

/// The event, as the column `content` holds it.
pub fn of_event(record: &Record) -> String {
    object(&Draft::of(record), false).to_string()
}

/// Person and event, as they are approved.
pub fn canonical(record: &Record) -> Vec<u8> {
    object(&Draft::of(record), true).to_string().into_bytes()
}

/// The draft of a person and a JSON object of fields.
pub fn draft(person: &PersonRow, content: &str) -> Result<Draft<'static>, Refusal> {
    let damaged = || StoreError::Content("a record without fields".into());
    let fields: Map<String, Value> = serde_json::from_str(content).map_err(|_| damaged())?;
    let mut draft = Draft::default();
    for (id, text) in &fields {
        let field = Field::of(id).filter(|field| !field.is_of_person());
        let (Some(field), Some(text)) = (field, text.as_str()) else {
            return Err(damaged().into());
        };
        draft.set(field, text.to_owned());
    }
    set_person(&mut draft, person);
    Ok(draft)
}

/// The record of a person and a JSON object of fields.
pub fn read(settings: &Settings<'_>, person: &PersonRow, content: &str) -> Result<Record, Refusal> {
    let read = draft(person, content)?.read(settings);
    Ok(read.map_err(Refusal::Findings)?.record)
}

/// The event of a record, of this person.
pub(super) fn of_person(
    settings: &Settings<'_>,
    person: &PersonRow,
    record: &Record,
) -> Result<Record, Refusal> {
    let mut draft = Draft::of(record);
    set_person(&mut draft, person);
    Ok(draft.read(settings).map_err(Refusal::Findings)?.record)
}

/// Puts the person into a draft; what the row does not have is empty.
fn set_person(draft: &mut Draft<'static>, row: &PersonRow) {
    let mut set = |field, text: &str| draft.set(field, text.to_owned());
    set(Field::FamilyName, &row.family);
    set(Field::GivenNames, &row.given);
    set(Field::PassportFamily, &row.family_t);
    set(Field::PassportGiven, &row.given_t);
    set(Field::BirthDate, &row.birth);
    for (field, text) in [
        (Field::Sex, &row.sex),
        (Field::Nationality, &row.nationality),
        (Field::Cccd, &row.cccd),
        (Field::Cmnd, &row.cmnd),
        (Field::Passport, &row.passport),
        (Field::Bhyt, &row.bhyt),
    ] {
        set(field, text.as_deref().unwrap_or_default());
    }
}

/// The row of a person who is recorded for the first time.
pub fn row_of(person: &Person, id: Id, site: &str, by: &str, at: Timestamp) -> PersonRow {
    let documents = &person.documents;
    let standard = |name: Option<&hcert::name::StandardName>| {
        name.map_or_else(String::new, |name| name.as_str().to_owned())
    };
    let parts = person.name.parts();
    let number = |number: Option<&str>| number.map(str::to_owned);
    PersonRow {
        id,
        family: person.name.family().to_owned(),
        given: person.name.given().to_owned(),
        family_t: standard(parts.family_standard()),
        given_t: standard(parts.given_standard()),
        name_key: name_key(person),
        birth: person.birth.to_string(),
        sex: person.sex.map(|sex| sex.id().to_owned()),
        nationality: person
            .nationality
            .as_ref()
            .map(|country| country.as_str().to_owned()),
        cccd: number(documents.cccd.as_ref().map(|number| number.as_str())),
        cmnd: number(documents.cmnd.as_ref().map(|number| number.as_str())),
        passport: number(documents.passport.as_ref().map(|number| number.as_str())),
        bhyt: number(documents.bhyt.as_ref().map(|number| number.as_str())),
        site: site.to_owned(),
        created_at: at.unix(),
        created_by: by.to_owned(),
        changed_at: at.unix(),
        erased_at: None,
    }
}

/// Whether both rows say the same of a person.
pub(super) fn says_the_same(a: &PersonRow, b: &PersonRow) -> bool {
    changed_fields(a, b).is_empty()
}

/// The names of the fields in which two rows differ.
pub(super) fn changed_fields(a: &PersonRow, b: &PersonRow) -> Vec<&'static str> {
    let some = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        (Field::FamilyName, a.family != b.family),
        (Field::GivenNames, a.given != b.given),
        (Field::PassportFamily, a.family_t != b.family_t),
        (Field::PassportGiven, a.given_t != b.given_t),
        (Field::BirthDate, a.birth != b.birth),
        (Field::Sex, some(&a.sex) != some(&b.sex)),
        (
            Field::Nationality,
            some(&a.nationality) != some(&b.nationality),
        ),
        (Field::Cccd, some(&a.cccd) != some(&b.cccd)),
        (Field::Cmnd, some(&a.cmnd) != some(&b.cmnd)),
        (Field::Passport, some(&a.passport) != some(&b.passport)),
        (Field::Bhyt, some(&a.bhyt) != some(&b.bhyt)),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field.id()))
    .collect()
}

/// The words of the passport's name, sorted: equal for the same name in another order or without marks.
pub fn name_key(person: &Person) -> String {
    let parts = person.name.parts();
    let both = [parts.family_standard(), parts.given_standard()];
    let mut words: Vec<&str> = both
        .into_iter()
        .flatten()
        .flat_map(|name| name.tokens())
        .collect();
    words.sort_unstable();
    words.join(" ")
}

/// Writes the event of a record into its row.
pub(super) fn set_event(row: &mut RecordRow, record: &Record) {
    row.kind = record.event.id().to_owned();
    row.day = record.event.date().to_string();
    row.content = of_event(record);
    (row.product, row.lot, row.dose, row.total, row.tube) = (None, None, None, None, None);
    match &record.event {
        Event::Vaccination(vaccination) => {
            row.product = Some(vaccination.product.as_str().to_owned());
            row.lot = vaccination.lot.as_ref().map(|lot| lot.as_str().to_owned());
            row.dose = Some(i64::from(vaccination.dose.number()));
            row.total = Some(i64::from(vaccination.dose.total()));
        }
        Event::Test(test) => row.tube = test.tube.as_ref().map(|tube| tube.as_str().to_owned()),
        Event::Recovery(_) => {}
    }
}
