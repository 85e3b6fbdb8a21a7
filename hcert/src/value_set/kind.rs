//! The value sets by their names.

/// A value set of the eHealth Network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Disease or agent targeted, `tg`.
    Disease,
    /// Kind of vaccine or prophylaxis, `vp`.
    Prophylaxis,
    /// Vaccine medicinal product, `mp`.
    Product,
    /// Marketing authorisation holder or manufacturer of a vaccine, `ma` of `v`.
    Manufacturer,
    /// Type of test, `tt`.
    TestType,
    /// Test result, `tr`.
    TestResult,
    /// Device of a rapid antigen test with its maker, `ma` of `t`.
    TestDevice,
    /// Country, `co`.
    Country,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 8] = [
        Kind::Disease,
        Kind::Prophylaxis,
        Kind::Product,
        Kind::Manufacturer,
        Kind::TestType,
        Kind::TestResult,
        Kind::TestDevice,
        Kind::Country,
    ];

    /// The identifier the set is published under, `valueSetId`.
    pub fn id(self) -> &'static str {
        match self {
            Kind::Disease => "disease-agent-targeted",
            Kind::Prophylaxis => "sct-vaccines-covid-19",
            Kind::Product => "vaccines-covid-19-names",
            Kind::Manufacturer => "vaccines-covid-19-auth-holders",
            Kind::TestType => "covid-19-lab-test-type",
            Kind::TestResult => "covid-19-lab-result",
            Kind::TestDevice => "covid-19-lab-test-manufacturer-and-name",
            Kind::Country => "country-2-codes",
        }
    }

    /// The set published under this identifier.
    pub fn from_id(id: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.id() == id)
    }
}
