//! What happened.

use core::fmt;

use hcert::date::{Date, DateTime};

use crate::{
    codes::{
        Country, Disease, Manufacturer, Product, Prophylaxis, TestDevice, TestResult, TestType,
    },
    record::{Dose, Line, Lot, Site, Tube},
};

/// One of three.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A dose of a vaccine.
    Vaccination(Vaccination),
    /// A test with its result.
    Test(Test),
    /// A recovery.
    Recovery(Recovery),
}

impl Event {
    /// A stable name of the kind.
    pub fn id(&self) -> &'static str {
        match self {
            Event::Vaccination(_) => "vaccination",
            Event::Test(_) => "test",
            Event::Recovery(_) => "recovery",
        }
    }

    /// The day: of the vaccination, of the sample (where it was taken), or of the first positive test.
    pub fn date(&self) -> Date {
        match self {
            Event::Vaccination(vaccination) => vaccination.date,
            Event::Test(test) => test.sampled_at().local_date(),
            Event::Recovery(recovery) => recovery.first_positive(),
        }
    }

    /// The site.
    pub fn site(&self) -> Option<&Site> {
        match self {
            Event::Vaccination(vaccination) => vaccination.site.as_ref(),
            Event::Test(test) => test.site.as_ref(),
            Event::Recovery(_) => None,
        }
    }
}

/// A dose of a vaccine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vaccination {
    /// The disease.
    pub disease: Disease,
    /// The kind of vaccine.
    pub prophylaxis: Prophylaxis,
    /// The product.
    pub product: Product,
    /// Its manufacturer.
    pub manufacturer: Manufacturer,
    /// The lot, where it is known.
    pub lot: Option<Lot>,
    /// Which dose of how many.
    pub dose: Dose,
    /// The day.
    pub date: Date,
    /// The country.
    pub country: Country,
    /// The site.
    pub site: Option<Site>,
    /// Who gave it.
    pub given_by: Option<Line>,
}

/// A test with its result: an amplification test has its name, a rapid test its device.
#[derive(Clone, PartialEq, Eq)]
pub struct Test {
    /// The disease.
    pub disease: Disease,
    test_type: TestType,
    name: Option<Line>,
    device: Option<TestDevice>,
    sampled_at: DateTime,
    /// The result.
    pub result: TestResult,
    /// The country.
    pub country: Country,
    /// The site.
    pub site: Option<Site>,
    /// The tube; people of one pool share it.
    pub tube: Option<Tube>,
}

/// What a test of its type has to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TestLacks {
    /// The name of an amplification test.
    #[error("an amplification test without its name")]
    Name,
    /// The device of a rapid test.
    #[error("a rapid test without its device")]
    Device,
}

impl Test {
    /// LOINC: nucleic acid amplification.
    pub const NAAT: &str = "LP6464-4";
    /// LOINC: rapid immunoassay.
    pub const RAPID: &str = "LP217198-3";

    /// A test; site and tube can be set after.
    pub fn new(
        (disease, country): (Disease, Country),
        test_type: TestType,
        (name, device): (Option<Line>, Option<TestDevice>),
        sampled_at: DateTime,
        result: TestResult,
    ) -> Result<Test, TestLacks> {
        match test_type.as_str() {
            Test::NAAT if name.is_none() => return Err(TestLacks::Name),
            Test::RAPID if device.is_none() => return Err(TestLacks::Device),
            _ => {}
        }
        Ok(Test {
            disease,
            test_type,
            name,
            device,
            sampled_at,
            result,
            country,
            site: None,
            tube: None,
        })
    }

    /// The type.
    pub fn test_type(&self) -> &TestType {
        &self.test_type
    }

    /// The name.
    pub fn name(&self) -> Option<&Line> {
        self.name.as_ref()
    }

    /// The device.
    pub fn device(&self) -> Option<&TestDevice> {
        self.device.as_ref()
    }

    /// When the sample was taken.
    pub fn sampled_at(&self) -> &DateTime {
        &self.sampled_at
    }

    /// Whether the disease was found (SNOMED CT 260373001).
    pub fn is_positive(&self) -> bool {
        self.result.as_str() == "260373001"
    }
}

impl fmt::Debug for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Test(..)")
    }
}

/// A recovery: its days are in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// The disease.
    pub disease: Disease,
    /// The country of the test.
    pub country: Country,
    first_positive: Date,
    valid_from: Date,
    valid_until: Date,
}

/// Which day of a recovery comes before one it has to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryOrder {
    /// The start lies before the first positive test.
    #[error("the recovery starts before the first positive test")]
    From,
    /// The end lies before the start.
    #[error("the recovery ends before it starts")]
    Until,
}

impl Recovery {
    /// A recovery is valid from the eleventh day after the first positive test...
    pub const FROM_DAYS: i32 = 11;
    /// ...to the 180th, by regulation (EU) 2021/953, annex, point 3.
    pub const UNTIL_DAYS: i32 = 180;

    /// A recovery; the days of validity that are not given are those of the regulation.
    pub fn new(
        (disease, country): (Disease, Country),
        first_positive: Date,
        valid_from: Option<Date>,
        valid_until: Option<Date>,
    ) -> Result<Recovery, RecoveryOrder> {
        // At the end of the calendar there is no later day than the day itself.
        let after = |days| first_positive.add_days(days).unwrap_or(first_positive);
        let valid_from = valid_from.unwrap_or_else(|| after(Recovery::FROM_DAYS));
        let valid_until = valid_until.unwrap_or_else(|| after(Recovery::UNTIL_DAYS));
        if valid_from < first_positive {
            return Err(RecoveryOrder::From);
        }
        if valid_until < valid_from {
            return Err(RecoveryOrder::Until);
        }
        Ok(Recovery {
            disease,
            country,
            first_positive,
            valid_from,
            valid_until,
        })
    }

    /// The day of the first positive test.
    pub fn first_positive(&self) -> Date {
        self.first_positive
    }

    /// The first day of validity.
    pub fn valid_from(&self) -> Date {
        self.valid_from
    }

    /// The last day of validity.
    pub fn valid_until(&self) -> Date {
        self.valid_until
    }
}
