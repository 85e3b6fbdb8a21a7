//! The fields of a report, by name.

/// One thing that a site reports: a column of a table, a box of a form, an element of FHIR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The sender's own key of the row, so that a row sent twice is made once.
    Key,
    /// Family and given names in one, family name first as in Vietnamese.
    FullName,
    /// Family name.
    FamilyName,
    /// Middle and given names.
    GivenNames,
    /// Family name as the passport spells it, `A` to `Z`.
    PassportFamily,
    /// Given names as the passport spells them, `A` to `Z`.
    PassportGiven,
    /// Date of birth, of which day or month may be unknown.
    BirthDate,
    /// Sex.
    Sex,
    /// Nationality.
    Nationality,
    /// A document of any kind, told by its form.
    Identity,
    /// Number of the citizen card, 12 digits.
    Cccd,
    /// Number of the old identity card, 9 digits.
    Cmnd,
    /// Number of a passport.
    Passport,
    /// Number of the health-insurance card.
    Bhyt,
    /// Which kind of event.
    Kind,
    /// Disease or agent.
    Disease,
    /// Kind of vaccine.
    Prophylaxis,
    /// Vaccine product.
    Product,
    /// Manufacturer of the vaccine.
    Manufacturer,
    /// Lot of the vaccine.
    Lot,
    /// Number of the dose, `2` or `2/2`.
    Dose,
    /// Doses of the series.
    TotalDoses,
    /// Day of the vaccination.
    Date,
    /// Code of the site.
    Site,
    /// Who gave the vaccine.
    GivenBy,
    /// Country of the event.
    Country,
    /// Type of test.
    TestType,
    /// Name of an amplification test.
    TestName,
    /// Device of a rapid test.
    TestDevice,
    /// When the sample was taken.
    SampledAt,
    /// Result of the test.
    Result,
    /// The tube, which a pool shares.
    Tube,
    /// Day of the first positive test.
    FirstPositive,
    /// First day of validity of a recovery.
    ValidFrom,
    /// Last day of validity of a recovery.
    ValidUntil,
}

impl Field {
    /// All of them, in the order a table is best laid out in.
    pub const ALL: [Field; 35] = [
        Field::Key,
        Field::FullName,
        Field::FamilyName,
        Field::GivenNames,
        Field::PassportFamily,
        Field::PassportGiven,
        Field::BirthDate,
        Field::Sex,
        Field::Nationality,
        Field::Identity,
        Field::Cccd,
        Field::Cmnd,
        Field::Passport,
        Field::Bhyt,
        Field::Kind,
        Field::Disease,
        Field::Prophylaxis,
        Field::Product,
        Field::Manufacturer,
        Field::Lot,
        Field::Dose,
        Field::TotalDoses,
        Field::Date,
        Field::Site,
        Field::GivenBy,
        Field::Country,
        Field::TestType,
        Field::TestName,
        Field::TestDevice,
        Field::SampledAt,
        Field::Result,
        Field::Tube,
        Field::FirstPositive,
        Field::ValidFrom,
        Field::ValidUntil,
    ];

    /// The field of a stable name.
    pub fn of(id: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.id() == id)
    }

    /// Whether it says something of the person, and not of the event.
    pub const fn is_of_person(self) -> bool {
        matches!(
            self,
            Field::FullName
                | Field::FamilyName
                | Field::GivenNames
                | Field::PassportFamily
                | Field::PassportGiven
                | Field::BirthDate
                | Field::Sex
                | Field::Nationality
                | Field::Identity
                | Field::Cccd
                | Field::Cmnd
                | Field::Passport
                | Field::Bhyt
        )
    }

    /// A stable name, for interfaces.
    pub const fn id(self) -> &'static str {
        match self {
            Field::Key => "key",
            Field::FullName => "full_name",
            Field::FamilyName => "family_name",
            Field::GivenNames => "given_names",
            Field::PassportFamily => "passport_family_name",
            Field::PassportGiven => "passport_given_names",
            Field::BirthDate => "birth_date",
            Field::Sex => "sex",
            Field::Nationality => "nationality",
            Field::Identity => "identity",
            Field::Cccd => "cccd",
            Field::Cmnd => "cmnd",
            Field::Passport => "passport",
            Field::Bhyt => "bhyt",
            Field::Kind => "kind",
            Field::Disease => "disease",
            Field::Prophylaxis => "vaccine_type",
            Field::Product => "product",
            Field::Manufacturer => "manufacturer",
            Field::Lot => "lot",
            Field::Dose => "dose",
            Field::TotalDoses => "total_doses",
            Field::Date => "date",
            Field::Site => "site",
            Field::GivenBy => "given_by",
            Field::Country => "country",
            Field::TestType => "test_type",
            Field::TestName => "test_name",
            Field::TestDevice => "test_device",
            Field::SampledAt => "sampled_at",
            Field::Result => "result",
            Field::Tube => "tube",
            Field::FirstPositive => "first_positive",
            Field::ValidFrom => "valid_from",
            Field::ValidUntil => "valid_until",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_listed_in_order_once() {
        assert!(Field::ALL.is_sorted());
        let mut ids: Vec<_> = Field::ALL.iter().map(|field| field.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Field::ALL.len());
        assert!(
            Field::ALL
                .iter()
                .all(|field| Field::of(field.id()) == Some(*field))
        );
        assert_eq!(Field::of("name"), None);
    }
}
