//! One report as texts, before it is a record.
//!
//! The one way in: a form's boxes, a table's cells and a FHIR bundle's elements all become a
//! [`Draft`], and [`Draft::read`] makes a [`Record`] of it or says everything that is wrong.

mod write;

use std::borrow::Cow;

use hcert::date::PartialDate;

use crate::{
    codes::{Catalogue, Country},
    field::Field,
    finding::{Finding, Form, Problem},
    plain::{is_digits, plain, tidy},
    record::{
        Bhyt, Cccd, CccdError, Cmnd, Documents, Dose, Event, Line, Lot, Name, Passport, Person,
        Record, Recovery, RecoveryOrder, Sex, Site, Test, TestLacks, Tube, Vaccination,
    },
    typed,
};

/// The most characters of one value; no field needs more.
pub const MAX_VALUE: usize = 400;

/// What reading needs to know.
#[derive(Debug, Clone)]
pub struct Settings<'a> {
    /// The value sets and products.
    pub catalogue: &'a Catalogue,
    /// The country of events for which none is written.
    pub country: Country,
    /// The offset of times without one, in minutes east of UTC; 420 in Viet Nam.
    pub offset: i16,
}

impl<'a> Settings<'a> {
    /// Those of Viet Nam; `None` if the catalogue has no such country.
    pub fn vietnam(catalogue: &'a Catalogue) -> Option<Settings<'a>> {
        Some(Settings {
            catalogue,
            country: catalogue.country("VN").ok()?,
            offset: 7 * 60,
        })
    }
}

/// The texts of one report, by field. An absent field and an empty text are the same.
#[derive(Clone)]
pub struct Draft<'a> {
    values: [Option<Cow<'a, str>>; Field::ALL.len()],
}

impl Default for Draft<'_> {
    fn default() -> Self {
        Draft {
            values: [const { None }; Field::ALL.len()],
        }
    }
}

/// A record, and what was mended to make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRecord {
    /// The record.
    pub record: Record,
    /// Notes, none of them an error.
    pub notes: Vec<Finding>,
}

const VACCINATION: [Field; 8] = [
    Field::Prophylaxis,
    Field::Product,
    Field::Manufacturer,
    Field::Lot,
    Field::Dose,
    Field::TotalDoses,
    Field::Date,
    Field::GivenBy,
];
const TEST: [Field; 6] = [
    Field::TestType,
    Field::TestName,
    Field::TestDevice,
    Field::SampledAt,
    Field::Result,
    Field::Tube,
];
const RECOVERY: [Field; 3] = [Field::FirstPositive, Field::ValidFrom, Field::ValidUntil];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Vaccination,
    Test,
    Recovery,
}

impl<'a> Draft<'a> {
    /// Sets a field.
    pub fn set(&mut self, field: Field, text: impl Into<Cow<'a, str>>) {
        if let Some(value) = self.values.get_mut(index(field)) {
            *value = Some(text.into());
        }
    }

    /// The text of a field without outer spaces; `None` if there is none.
    pub fn get(&self, field: Field) -> Option<&str> {
        let text = self.values.get(index(field))?.as_deref()?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// The fields that have a text, in the order of [`Field::ALL`].
    pub fn fields(&self) -> impl Iterator<Item = (Field, &str)> {
        let all = Field::ALL.into_iter();
        all.filter_map(|field| Some((field, self.get(field)?)))
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        Field::ALL.iter().all(|field| self.get(*field).is_none())
    }

    /// The record, or everything that is wrong.
    pub fn read(&self, settings: &Settings<'_>) -> Result<ReadRecord, Vec<Finding>> {
        let mut reader = Reader {
            draft: self,
            settings,
            findings: Vec::new(),
            notes: Vec::new(),
        };
        let person = reader.person();
        let event = reader.event();
        match (person, event) {
            (Some(person), Some(event)) if reader.findings.is_empty() => Ok(ReadRecord {
                record: Record { person, event },
                notes: reader.notes,
            }),
            _ => Err(reader.findings),
        }
    }

    /// The person alone, with what was mended, or everything that is wrong. What the draft says of an
    /// event is not looked at.
    pub fn read_person(
        &self,
        settings: &Settings<'_>,
    ) -> Result<(Person, Vec<Finding>), Vec<Finding>> {
        let mut reader = Reader {
            draft: self,
            settings,
            findings: Vec::new(),
            notes: Vec::new(),
        };
        match reader.person() {
            Some(person) if reader.findings.is_empty() => Ok((person, reader.notes)),
            _ => Err(reader.findings),
        }
    }
}

fn index(field: Field) -> usize {
    // The order of `Field::ALL` is that of the enum, which a test holds.
    field as usize
}

struct Reader<'d, 's> {
    draft: &'d Draft<'d>,
    settings: &'s Settings<'s>,
    findings: Vec<Finding>,
    notes: Vec<Finding>,
}

impl Reader<'_, '_> {
    fn fail(&mut self, field: Field, problem: Problem) {
        let finding = Finding::new(field, problem);
        let found = self.draft.get(field);
        self.findings.push(match found {
            Some(found) => finding.with_found(found),
            None => finding,
        });
    }

    fn note(&mut self, field: Field, problem: Option<Problem>) {
        if let Some(problem) = problem {
            let finding = Finding::new(field, problem);
            self.notes
                .push(finding.with_found(self.draft.get(field).unwrap_or_default()));
        }
    }

    /// The value of a field that may be absent; an error is noted.
    fn optional<T>(
        &mut self,
        field: Field,
        read: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Option<T> {
        let text = self.draft.get(field)?;
        if text.len() > MAX_VALUE {
            let length = text.chars().count();
            self.fail(
                field,
                Problem::TooLong {
                    length,
                    limit: MAX_VALUE,
                },
            );
            return None;
        }
        match read(text) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.fail(field, problem);
                None
            }
        }
    }

    /// The value of a field that has to be there; an error is noted.
    fn required<T>(
        &mut self,
        field: Field,
        read: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Option<T> {
        if self.draft.get(field).is_none() {
            self.fail(field, Problem::Missing);
            return None;
        }
        self.optional(field, read)
    }

    /// As [`Reader::required`], of a value that may have been mended.
    fn mended<T>(&mut self, field: Field, read: impl FnOnce(&str) -> typed::Read<T>) -> Option<T> {
        let (value, note) = self.required(field, read)?;
        self.note(field, note);
        Some(value)
    }

    fn person(&mut self) -> Option<Person> {
        let catalogue = self.settings.catalogue;
        let nationality = self.optional(Field::Nationality, |text| catalogue.country(text));
        let name = self.name(nationality.as_ref());
        let birth: Option<PartialDate> = self.mended(Field::BirthDate, typed::birth);
        let sex = self.optional(Field::Sex, Sex::parse);
        let documents = self.documents();
        Some(Person {
            name: name?,
            birth: birth?,
            sex,
            nationality,
            documents,
        })
    }

    fn name(&mut self, nationality: Option<&Country>) -> Option<Name> {
        let get = |field| self.draft.get(field).unwrap_or_default();
        let (family, given) = (get(Field::FamilyName), get(Field::GivenNames));
        let passport = (get(Field::PassportFamily), get(Field::PassportGiven));
        let whole = get(Field::FullName);
        let longest = [family, given, whole, passport.0, passport.1];
        if let Some(long) = longest.iter().find(|part| part.len() > MAX_VALUE) {
            let length = long.chars().count();
            self.fail(
                Field::FullName,
                Problem::TooLong {
                    length,
                    limit: MAX_VALUE,
                },
            );
            return None;
        }
        let in_parts = !family.is_empty() || !given.is_empty();
        let (family, given) = if in_parts {
            (tidy(family), tidy(given))
        } else {
            match hcert::name::split_vietnamese(whole) {
                Some(split) => (split.family, split.given),
                None if passport.0.is_empty() && passport.1.is_empty() => {
                    self.fail(Field::FullName, Problem::Missing);
                    return None;
                }
                None => Default::default(),
            }
        };
        match Name::new(&family, &given, passport, nationality.map(Country::as_str)) {
            Ok(name) => Some(name),
            Err(findings) => {
                for finding in findings {
                    // Named as the sender has it: in one field, or in two.
                    let part = matches!(finding.field(), Field::FamilyName | Field::GivenNames);
                    let field = if part && !in_parts {
                        Field::FullName
                    } else {
                        finding.field()
                    };
                    self.fail(field, finding.problem().clone());
                }
                None
            }
        }
    }

    fn documents(&mut self) -> Documents {
        let mut documents = Documents {
            cccd: self.zeros(Field::Cccd, cccd),
            cmnd: self.zeros(Field::Cmnd, Cmnd::with_lost_zeros),
            passport: self.optional(Field::Passport, |text| {
                let passport = Passport::new(text);
                passport.map_err(|problem| scientific(text).unwrap_or(problem))
            }),
            bhyt: self.zeros(Field::Bhyt, Bhyt::with_lost_zeros),
        };
        // A document of any kind, in the field for the kind it shows to be.
        let Some(text) = self.draft.get(Field::Identity) else {
            return documents;
        };
        let compact: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        match compact.len() {
            12 if is_digits(&compact) => {
                documents.cccd = documents.cccd.or(self.zeros(Field::Identity, cccd))
            }
            9 if is_digits(&compact) => {
                documents.cmnd = documents.cmnd.or(self.optional(Field::Identity, Cmnd::new));
            }
            // One or two zeros lost of 12 digits; or an insurance number, which is not the
            // identity document that is asked for here.
            10 | 11 if is_digits(&compact) => {
                documents.cccd = documents.cccd.or(self.zeros(Field::Identity, cccd));
            }
            8 if is_digits(&compact) => {
                let cmnd = self.zeros(Field::Identity, Cmnd::with_lost_zeros);
                documents.cmnd = documents.cmnd.or(cmnd);
            }
            15 if Bhyt::new(text).is_ok() => {
                documents.bhyt = documents.bhyt.or(Bhyt::new(text).ok());
            }
            _ => {
                let passport = self.optional(Field::Identity, |text| {
                    let wrong = Problem::Form(Form::Identity);
                    let letters = compact.bytes().any(|byte| byte.is_ascii_alphabetic());
                    let passport = Passport::new(text).ok().filter(|_| letters);
                    passport.ok_or(scientific(text).unwrap_or(wrong))
                });
                documents.passport = documents.passport.or(passport);
            }
        }
        documents
    }

    fn zeros<T>(
        &mut self,
        field: Field,
        read: impl FnOnce(&str) -> Result<(T, bool), Problem>,
    ) -> Option<T> {
        let (document, lost) = self.optional(field, |text| {
            read(text).map_err(|problem| scientific(text).unwrap_or(problem))
        })?;
        self.note(field, lost.then_some(Problem::ZerosRestored));
        Some(document)
    }

    fn event(&mut self) -> Option<Event> {
        let catalogue = self.settings.catalogue;
        let kind = self.kind()?;
        let disease = match self.draft.get(Field::Disease) {
            Some(_) => self.optional(Field::Disease, |text| catalogue.disease(text)),
            // There is one disease in the value set; were there more, it would have to be said.
            None => {
                let mut active = catalogue.sets().entries(hcert::value_set::Kind::Disease);
                let only = active.next().filter(|_| active.next().is_none());
                let only = only.and_then(|entry| catalogue.disease(entry.code).ok());
                if only.is_none() {
                    self.fail(Field::Disease, Problem::Missing);
                }
                only
            }
        };
        let country = match self.draft.get(Field::Country) {
            Some(_) => self.optional(Field::Country, |text| catalogue.country(text)),
            None => Some(self.settings.country.clone()),
        };
        let site = self.optional(Field::Site, Site::new);
        let about = disease.zip(country);
        match kind {
            Kind::Vaccination => self.vaccination(about, site).map(Event::Vaccination),
            Kind::Test => self.test(about, site).map(Event::Test),
            Kind::Recovery => self.recovery(about).map(Event::Recovery),
        }
    }

    fn kind(&mut self) -> Option<Kind> {
        let any = |fields: &[Field]| {
            fields
                .iter()
                .find(|field| self.draft.get(**field).is_some())
                .copied()
        };
        let found = [
            (Kind::Vaccination, any(&VACCINATION)),
            (Kind::Test, any(&TEST)),
            (Kind::Recovery, any(&RECOVERY)),
        ];
        let said = match self.draft.get(Field::Kind).map(plain) {
            None => None,
            Some(word) => match word.as_str() {
                "v" | "vaccination" | "vaccine" | "tiem" | "tiemchung" | "vacxin"
                | "immunization" => Some(Kind::Vaccination),
                "t" | "test" | "xetnghiem" | "xn" => Some(Kind::Test),
                "r" | "recovery" | "khoi" | "khoibenh" | "hoiphuc" => Some(Kind::Recovery),
                _ => {
                    self.fail(Field::Kind, Problem::Form(Form::Kind));
                    return None;
                }
            },
        };
        let mut there = found
            .iter()
            .filter_map(|(kind, field)| field.map(|field| (*kind, field)));
        let first = there.next();
        let kind = said.or(first.map(|first| first.0));
        let other = found
            .iter()
            .find_map(|(k, field)| field.filter(|_| Some(*k) != kind));
        match (kind, other) {
            (Some(kind), None) => Some(kind),
            (Some(_), Some(other)) => {
                self.fail(other, Problem::TwoKinds);
                None
            }
            (None, _) => {
                self.fail(Field::Kind, Problem::NoEvent);
                None
            }
        }
    }

    fn vaccination(
        &mut self,
        about: Option<(crate::codes::Disease, Country)>,
        site: Option<Site>,
    ) -> Option<Vaccination> {
        let catalogue = self.settings.catalogue;
        let product = self.required(Field::Product, |text| catalogue.product(text));
        let facts = product
            .as_ref()
            .and_then(|product| catalogue.facts(product));
        // What the product says need not be written.
        let manufacturer = match (
            self.draft.get(Field::Manufacturer),
            facts.map(|f| f.manufacturer.as_str()),
        ) {
            (None, Some(code)) => catalogue.manufacturer(code).ok(),
            (None, None) if product.is_none() => None,
            _ => self.required(Field::Manufacturer, |text| catalogue.manufacturer(text)),
        };
        let prophylaxis = match (
            self.draft.get(Field::Prophylaxis),
            facts.map(|f| f.prophylaxis.as_str()),
        ) {
            (None, Some(code)) => catalogue.prophylaxis(code).ok(),
            (None, None) if product.is_none() => None,
            _ => self.required(Field::Prophylaxis, |text| catalogue.prophylaxis(text)),
        };
        /// Of a product of which nothing is known.
        const USUAL: u8 = 2;
        let usual = facts.map_or(USUAL, |facts| facts.doses);
        let total = self.draft.get(Field::TotalDoses);
        let dose = self.required(Field::Dose, |text| Dose::parse(text, total, usual));
        let lot = self.optional(Field::Lot, |text| Lot::new(&text.replace(' ', "")));
        let date = self.mended(Field::Date, typed::date);
        let given_by = self.optional(Field::GivenBy, Line::new);
        let (disease, country) = about?;
        Some(Vaccination {
            disease,
            prophylaxis: prophylaxis?,
            product: product?,
            manufacturer: manufacturer?,
            lot,
            dose: dose?,
            date: date?,
            country,
            site,
            given_by,
        })
    }

    fn test(
        &mut self,
        about: Option<(crate::codes::Disease, Country)>,
        site: Option<Site>,
    ) -> Option<Test> {
        let (catalogue, offset) = (self.settings.catalogue, self.settings.offset);
        let test_type = self.required(Field::TestType, |text| catalogue.test_type(text));
        let name = self.optional(Field::TestName, Line::new);
        let device = self.optional(Field::TestDevice, |text| catalogue.test_device(text));
        let sampled = self.mended(Field::SampledAt, |text| typed::date_time(text, offset));
        let result = self.required(Field::Result, |text| catalogue.test_result(text));
        let tube = self.optional(Field::Tube, Tube::new);
        // A device that could not be read was said already.
        let device_failed = device.is_none() && self.draft.get(Field::TestDevice).is_some();
        if device_failed {
            return None;
        }
        match Test::new(about?, test_type?, (name, device), sampled?, result?) {
            Ok(mut test) => {
                test.site = site;
                test.tube = tube;
                Some(test)
            }
            Err(TestLacks::Name) => {
                self.fail(Field::TestName, Problem::Missing);
                None
            }
            Err(TestLacks::Device) => {
                self.fail(Field::TestDevice, Problem::Missing);
                None
            }
        }
    }

    fn recovery(&mut self, about: Option<(crate::codes::Disease, Country)>) -> Option<Recovery> {
        let first = self.mended(Field::FirstPositive, typed::date);
        let from = self.optional(Field::ValidFrom, |text| {
            typed::date(text).map(|read| read.0)
        });
        let until = self.optional(Field::ValidUntil, |text| {
            typed::date(text).map(|read| read.0)
        });
        match Recovery::new(about?, first?, from, until) {
            Ok(recovery) => Some(recovery),
            Err(RecoveryOrder::From) => {
                let other = Field::FirstPositive;
                self.fail(Field::ValidFrom, Problem::BeforeOther { other });
                None
            }
            Err(RecoveryOrder::Until) => {
                let other = Field::ValidFrom;
                self.fail(Field::ValidUntil, Problem::BeforeOther { other });
                None
            }
        }
    }
}

fn cccd(text: &str) -> Result<(Cccd, bool), Problem> {
    Cccd::with_lost_zeros(text).map_err(|error| match error {
        CccdError::Length | CccdError::Century => Problem::Form(Form::Cccd),
    })
}

/// `1.09E+11`, or with a decimal comma.
fn scientific(text: &str) -> Option<Problem> {
    let (mantissa, exponent) = text.split_once(['E', 'e'])?;
    let digits = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '+'))
            && text.contains(|c: char| c.is_ascii_digit())
    };
    (digits(mantissa) && digits(exponent) && exponent.starts_with('+'))
        .then_some(Problem::ScientificNumber)
}

#[cfg(test)]
mod tests;
