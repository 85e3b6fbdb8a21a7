//! From a record back to texts.

use crate::{
    draft::Draft,
    field::Field,
    record::{Event, Person, Record, Recovery, Test, Vaccination},
};

impl Draft<'static> {
    /// The record in its canonical texts: every field that it has, codes as codes, dates as ISO 8601
    /// has them. [`Draft::read`] makes the same record of it.
    pub fn of(record: &Record) -> Draft<'static> {
        let mut draft = Draft::of_person(&record.person);
        let kind = record.event.id();
        draft.set(Field::Kind, kind);
        match &record.event {
            Event::Vaccination(vaccination) => draft.vaccination_of(vaccination),
            Event::Test(test) => draft.test_of(test),
            Event::Recovery(recovery) => draft.recovery_of(recovery),
        }
        draft
    }

    /// As [`Draft::of`], of the person alone.
    pub fn of_person(person: &Person) -> Draft<'static> {
        let mut draft = Draft::default();
        let parts = person.name.parts();
        draft.text(Field::FamilyName, Some(person.name.family()));
        draft.text(Field::GivenNames, Some(person.name.given()));
        let standard = parts.family_standard().map(|name| name.as_str());
        draft.text(Field::PassportFamily, standard);
        let standard = parts.given_standard().map(|name| name.as_str());
        draft.text(Field::PassportGiven, standard);
        draft.set(Field::BirthDate, person.birth.to_string());
        draft.text(Field::Sex, person.sex.map(|sex| sex.id()));
        let nationality = person.nationality.as_ref();
        draft.text(
            Field::Nationality,
            nationality.map(|country| country.as_str()),
        );
        let documents = &person.documents;
        draft.text(
            Field::Cccd,
            documents.cccd.as_ref().map(|number| number.as_str()),
        );
        draft.text(
            Field::Cmnd,
            documents.cmnd.as_ref().map(|number| number.as_str()),
        );
        let passport = documents.passport.as_ref();
        draft.text(Field::Passport, passport.map(|number| number.as_str()));
        draft.text(
            Field::Bhyt,
            documents.bhyt.as_ref().map(|number| number.as_str()),
        );
        draft
    }

    fn vaccination_of(&mut self, vaccination: &Vaccination) {
        let dose = vaccination.dose;
        self.text(Field::Disease, Some(vaccination.disease.as_str()));
        self.text(Field::Prophylaxis, Some(vaccination.prophylaxis.as_str()));
        self.text(Field::Product, Some(vaccination.product.as_str()));
        self.text(Field::Manufacturer, Some(vaccination.manufacturer.as_str()));
        self.text(Field::Lot, vaccination.lot.as_ref().map(|lot| lot.as_str()));
        self.set(Field::Dose, format!("{}/{}", dose.number(), dose.total()));
        self.set(Field::Date, vaccination.date.to_string());
        self.text(
            Field::Site,
            vaccination.site.as_ref().map(|site| site.as_str()),
        );
        self.text(
            Field::GivenBy,
            vaccination.given_by.as_ref().map(|by| by.as_str()),
        );
        self.text(Field::Country, Some(vaccination.country.as_str()));
    }

    fn test_of(&mut self, test: &Test) {
        self.text(Field::Disease, Some(test.disease.as_str()));
        self.text(Field::TestType, Some(test.test_type().as_str()));
        self.text(Field::TestName, test.name().map(|name| name.as_str()));
        self.text(
            Field::TestDevice,
            test.device().map(|device| device.as_str()),
        );
        self.text(Field::SampledAt, Some(test.sampled_at().as_received()));
        self.text(Field::Result, Some(test.result.as_str()));
        self.text(Field::Tube, test.tube.as_ref().map(|tube| tube.as_str()));
        self.text(Field::Site, test.site.as_ref().map(|site| site.as_str()));
        self.text(Field::Country, Some(test.country.as_str()));
    }

    fn recovery_of(&mut self, recovery: &Recovery) {
        self.text(Field::Disease, Some(recovery.disease.as_str()));
        self.text(Field::Country, Some(recovery.country.as_str()));
        self.set(Field::FirstPositive, recovery.first_positive().to_string());
        self.set(Field::ValidFrom, recovery.valid_from().to_string());
        self.set(Field::ValidUntil, recovery.valid_until().to_string());
    }

    fn text(&mut self, field: Field, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.set(field, text.to_owned());
        }
    }
}
