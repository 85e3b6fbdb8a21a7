//! What is certified.

use core::num::NonZeroU32;

use crate::date::{Date, DateTime};
use crate::uvci::Uvci;
use crate::x509::EventKind;

use super::{CountryCode, Text};

/// What a certificate certifies: exactly one of three.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A vaccination, `v`.
    Vaccination(Vaccination),
    /// A test, `t`.
    Test(Test),
    /// A recovery, `r`.
    Recovery(Recovery),
}

// The fields are public because there is no rule of the schema between them: each type is right
// by itself, so every combination is.

/// One dose of a vaccine, the entry of `v`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vaccination {
    /// Disease or agent targeted, `tg`.
    pub disease: Text,
    /// Kind of vaccine or prophylaxis, `vp`.
    pub prophylaxis: Text,
    /// Medicinal product, `mp`.
    pub product: Text,
    /// Holder of the marketing authorisation, or manufacturer, `ma`.
    pub manufacturer: Text,
    /// The number of this dose, `dn`; may exceed `total_doses` for boosters.
    pub dose_number: NonZeroU32,
    /// The number of doses in the series, `sd`.
    pub total_doses: NonZeroU32,
    /// The day of the vaccination, `dt`.
    pub date: Date,
    /// The country of the vaccination, `co`.
    pub country: CountryCode,
    /// The issuer of the certificate, `is`.
    pub issuer: Text,
    /// The identifier of the certificate, `ci`.
    pub certificate_id: Uvci,
}

/// One test, the entry of `t`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// Disease or agent targeted, `tg`.
    pub disease: Text,
    /// Kind of test, `tt`.
    pub test_type: Text,
    /// Name of a nucleic acid amplification test, `nm`.
    pub name: Option<Text>,
    /// Device of a rapid antigen test, `ma`.
    pub device: Option<Text>,
    /// When the sample was taken, `sc`. Issued with whole seconds.
    pub sample_collected: DateTime,
    /// Result, `tr`.
    pub result: Text,
    /// Testing centre, `tc`.
    pub centre: Option<Text>,
    /// The country of the test, `co`.
    pub country: CountryCode,
    /// The issuer of the certificate, `is`.
    pub issuer: Text,
    /// The identifier of the certificate, `ci`.
    pub certificate_id: Uvci,
}

/// One recovery, the entry of `r`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// Disease or agent the person has recovered from, `tg`.
    pub disease: Text,
    /// The day of the first positive test, `fr`.
    pub first_positive: Date,
    /// The country of the test, `co`.
    pub country: CountryCode,
    /// The issuer of the certificate, `is`.
    pub issuer: Text,
    /// The first day of validity, `df`.
    pub valid_from: Date,
    /// The last day of validity, `du`.
    pub valid_until: Date,
    /// The identifier of the certificate, `ci`.
    pub certificate_id: Uvci,
}

impl Event {
    /// The key of its group: `v`, `t` or `r`.
    pub fn key(&self) -> &'static str {
        match self {
            Event::Vaccination(_) => "v",
            Event::Test(_) => "t",
            Event::Recovery(_) => "r",
        }
    }

    /// Its kind, by which a DSC can be limited.
    pub fn kind(&self) -> EventKind {
        match self {
            Event::Vaccination(_) => EventKind::Vaccination,
            Event::Test(_) => EventKind::Test,
            Event::Recovery(_) => EventKind::Recovery,
        }
    }

    /// The day it happened: of the vaccination, of the sample (where it was taken), or of the
    /// first positive test.
    pub fn date(&self) -> Date {
        match self {
            Event::Vaccination(v) => v.date,
            Event::Test(t) => t.sample_collected.local_date(),
            Event::Recovery(r) => r.first_positive,
        }
    }

    /// Disease or agent targeted, `tg`.
    pub fn disease(&self) -> &Text {
        match self {
            Event::Vaccination(v) => &v.disease,
            Event::Test(t) => &t.disease,
            Event::Recovery(r) => &r.disease,
        }
    }

    /// The country of the event, `co`.
    pub fn country(&self) -> &CountryCode {
        match self {
            Event::Vaccination(v) => &v.country,
            Event::Test(t) => &t.country,
            Event::Recovery(r) => &r.country,
        }
    }

    /// The issuer of the certificate, `is`.
    pub fn issuer(&self) -> &Text {
        match self {
            Event::Vaccination(v) => &v.issuer,
            Event::Test(t) => &t.issuer,
            Event::Recovery(r) => &r.issuer,
        }
    }

    /// The identifier of the certificate, `ci`.
    pub fn certificate_id(&self) -> &Uvci {
        match self {
            Event::Vaccination(v) => &v.certificate_id,
            Event::Test(t) => &t.certificate_id,
            Event::Recovery(r) => &r.certificate_id,
        }
    }
}
