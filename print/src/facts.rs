//! What a certificate says, in words.

mod dates;
mod from_dcc;
mod rows;

use hcert::date::{Date, DateTime, PartialDate};

pub(crate) use dates::{date, partial_date};
pub use rows::Row;
pub(crate) use rows::{rows, title};

/// A text in both languages of the sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// In Vietnamese.
    pub vi: String,
    /// In English; where it is the same, it is printed once.
    pub en: String,
}

impl Words {
    /// Two texts.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Words {
        Words {
            vi: vi.into(),
            en: en.into(),
        }
    }

    /// A text that is the same in both languages, such as the name of a product.
    pub fn same(text: impl Into<String>) -> Words {
        let text = text.into();
        Words {
            vi: text.clone(),
            en: text,
        }
    }
}

/// The facts of one certificate. No codes: what a code stands for has been looked up before.
///
/// The fields are public because no rule lies between them. Texts are put into shape when they are
/// printed: composed (NFC), without control characters. `Debug` leaves out the person.
#[derive(Clone, PartialEq, Eq)]
pub struct Facts {
    /// The full name as its bearer writes it; in Vietnamese the family name first.
    pub name: String,
    /// The name in Latin capitals, as the passport has it; empty if unknown. Printed under the name,
    /// and instead of it where its letters have no glyphs (the fonts have Latin, Greek and Cyrillic).
    pub name_latin: String,
    /// The date of birth, as far as it is known.
    pub date_of_birth: PartialDate,
    /// Not part of a DCC, but of the eleven facts of Decision 5772/QĐ-BYT.
    pub nationality: Option<Words>,
    /// What is certified.
    pub event: EventFacts,
    /// The country where it happened.
    pub country: Words,
    /// The site where it happened, such as "Trạm y tế phường Bến Nghé".
    pub site: Option<String>,
    /// Who issued the certificate.
    pub issuer: Words,
    /// The last day on which the QR code is accepted.
    pub code_expires: Option<Date>,
    /// The number of the certificate (UVCI).
    pub number: String,
}

impl Facts {
    /// The facts as every sheet lists them, for a screen: the same words in the same order.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        rows(self)
    }

    /// What the sheet is, as a heading.
    #[must_use]
    pub fn title(&self) -> Words {
        let (vi, en) = title(&self.event);
        Words::new(vi, en)
    }
}

impl std::fmt::Debug for Facts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Facts")
            .field("event", &self.event)
            .field("code_expires", &self.code_expires)
            .finish_non_exhaustive()
    }
}

/// What is certified: exactly one of three.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventFacts {
    /// One dose of a vaccine.
    Vaccination(Vaccination),
    /// One test.
    Test(Test),
    /// A recovery.
    Recovery(Recovery),
}

/// One dose of a vaccine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vaccination {
    /// Disease targeted.
    pub disease: Words,
    /// Kind of vaccine.
    pub vaccine: Words,
    /// Name of the product.
    pub product: String,
    /// Manufacturer, or holder of the marketing authorisation.
    pub manufacturer: String,
    /// Doses this person has received in all.
    pub doses_received: u32,
    /// Which dose this one is.
    pub dose_number: u32,
    /// Doses in the series.
    pub total_doses: u32,
    /// The day of the vaccination.
    pub date: Date,
}

/// One test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// Disease targeted.
    pub disease: Words,
    /// Kind of test.
    pub test_type: Words,
    /// Name of the test, or of its device with the maker.
    pub name: Option<String>,
    /// When the sample was taken; printed in the time zone it carries.
    pub sample_taken: DateTime,
    /// The result.
    pub result: Words,
    /// Where it was tested.
    pub centre: Option<String>,
}

/// A recovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// Disease recovered from.
    pub disease: Words,
    /// The day of the first positive test.
    pub first_positive: Date,
    /// The first day on which the certificate counts.
    pub valid_from: Date,
    /// The last day on which it counts.
    pub valid_until: Date,
}
