//! A record as the texts it can be read from again, as JSON: how an accepted row waits.

use std::collections::BTreeMap;

use intake::{
    draft::{Draft, Settings},
    field::Field,
    finding::Finding,
    record::{Event, Record, Sex},
};

/// The record as a JSON object, field by field; [`read`] makes the same record of it.
pub(super) fn write(record: &Record) -> String {
    let mut texts: Vec<(Field, String)> = Vec::with_capacity(24);
    let mut put = |field: Field, text: &str| {
        if !text.is_empty() {
            texts.push((field, text.to_owned()));
        }
    };
    let person = &record.person;
    let parts = person.name.parts();
    put(Field::FamilyName, person.name.family());
    put(Field::GivenNames, person.name.given());
    put(
        Field::PassportFamily,
        parts.family_standard().map_or("", |text| text.as_str()),
    );
    put(
        Field::PassportGiven,
        parts.given_standard().map_or("", |text| text.as_str()),
    );
    put(Field::BirthDate, &person.birth.to_string());
    put(
        Field::Sex,
        match person.sex {
            None => "",
            Some(Sex::Male) => "male",
            Some(Sex::Female) => "female",
            Some(Sex::Other) => "other",
        },
    );
    if let Some(country) = &person.nationality {
        put(Field::Nationality, country.as_str());
    }
    let documents = &person.documents;
    put(Field::Cccd, documents.cccd.as_ref().map_or("", |d| d.as_str()));
    put(Field::Cmnd, documents.cmnd.as_ref().map_or("", |d| d.as_str()));
    put(
        Field::Passport,
        documents.passport.as_ref().map_or("", |d| d.as_str()),
    );
    put(Field::Bhyt, documents.bhyt.as_ref().map_or("", |d| d.as_str()));
    event(&record.event, put);
    let texts: BTreeMap<&str, String> = texts
        .into_iter()
        .map(|(field, text)| (field.id(), text))
        .collect();
    // A map of texts is always JSON.
    serde_json::to_string(&texts).unwrap_or_default()
}

fn event(event: &Event, mut put: impl FnMut(Field, &str)) {
    put(Field::Kind, event.id());
    put(Field::Site, event.site().map_or("", |site| site.as_str()));
    match event {
        Event::Vaccination(v) => {
            put(Field::Disease, v.disease.as_str());
            put(Field::Prophylaxis, v.prophylaxis.as_str());
            put(Field::Product, v.product.as_str());
            put(Field::Manufacturer, v.manufacturer.as_str());
            put(Field::Lot, v.lot.as_ref().map_or("", |lot| lot.as_str()));
            put(Field::Dose, &v.dose.number().to_string());
            put(Field::TotalDoses, &v.dose.total().to_string());
            put(Field::Date, &v.date.to_string());
            put(Field::Country, v.country.as_str());
            put(
                Field::GivenBy,
                v.given_by.as_ref().map_or("", |line| line.as_str()),
            );
        }
        Event::Test(t) => {
            put(Field::Disease, t.disease.as_str());
            put(Field::TestType, t.test_type().as_str());
            put(Field::TestName, t.name().map_or("", |name| name.as_str()));
            put(
                Field::TestDevice,
                t.device().map_or("", |device| device.as_str()),
            );
            put(Field::SampledAt, &t.sampled_at().to_rfc3339());
            put(Field::Result, t.result.as_str());
            put(Field::Country, t.country.as_str());
            put(Field::Tube, t.tube.as_ref().map_or("", |tube| tube.as_str()));
        }
        Event::Recovery(r) => {
            put(Field::Disease, r.disease.as_str());
            put(Field::FirstPositive, &r.first_positive().to_string());
            put(Field::ValidFrom, &r.valid_from().to_string());
            put(Field::ValidUntil, &r.valid_until().to_string());
            put(Field::Country, r.country.as_str());
        }
    }
}

/// The fields of a stored row.
pub(super) fn fields(json: &str) -> Vec<(Field, String)> {
    let texts: BTreeMap<String, String> = serde_json::from_str(json).unwrap_or_default();
    Field::ALL
        .into_iter()
        .filter_map(|field| Some((field, texts.get(field.id())?.clone())))
        .collect()
}

/// The record of a stored row; or what is wrong, where the value sets have changed since.
pub(super) fn read(json: &str, settings: &Settings<'_>) -> Result<Record, Vec<Finding>> {
    let mut draft = Draft::default();
    for (field, text) in fields(json) {
        draft.set(field, text);
    }
    draft.read(settings).map(|read| read.record)
}

#[cfg(test)]
mod tests {
    use hcert::time::Timestamp;
    use intake::{
        codes::Catalogue,
        plausibility::Known,
        table::{self, Options},
        words::Language,
    };

    use super::*;

    #[test]
    fn the_same_record_again() {
        let catalogue = Catalogue::builtin();
        let settings = Settings::vietnam(&catalogue).unwrap();
        let now: Timestamp = "2022-06-15T03:00:00Z".parse().unwrap();
        let options = Options {
            settings: settings.clone(),
            known: Known::new(&catalogue, now),
            history: None,
            secret: &[0; 32],
            limits: table::Limits::DEFAULT,
        };
        let file = table::template_csv(Language::Vietnamese);
        let table = table::read(file.as_bytes(), &options).unwrap();
        assert_eq!(table.accepted().count(), 4);
        for (_, accepted) in table.accepted() {
            let written = write(&accepted.record);
            assert_eq!(read(&written, &settings).unwrap(), accepted.record);
            assert_eq!(write(&read(&written, &settings).unwrap()), written);
        }
        assert!(read("{}", &settings).is_err());
    }
}
