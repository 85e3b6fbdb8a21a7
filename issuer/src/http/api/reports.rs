//! A report as JSON: its fields are those of every way in, and what is found about them.

use intake::{
    draft::{Draft, Settings},
    field::Field,
    finding::{Finding, Severity},
    record::{Person, Record},
    words::{Language, Words},
};
use serde::{Deserialize, Serialize};
use service::problem::Problem;
use utoipa::ToSchema;

use super::{id_of, words};
use crate::{
    domain::{
        Issuer, Refusal,
        desk::{Made, Upto, Whom},
    },
    place::Place,
};

words! {
    /// How far a record goes at once.
    UptoWord {
        /// It waits for the site's officer.
        Recorded = "recorded",
        /// It waits for the authority.
        Approved = "approved",
        /// The certificate exists.
        Certified = "certified",
    }
}

impl From<UptoWord> for Upto {
    fn from(word: UptoWord) -> Upto {
        match word {
            UptoWord::Recorded => Upto::Recorded,
            UptoWord::Approved => Upto::Approved,
            UptoWord::Certified => Upto::Certified,
        }
    }
}

macro_rules! report {
    ($($(#[doc = $doc:literal])* $name:ident = $field:ident,)*) => {
        /// A person and an event, as a site reports them. Every value is text, as people write it or as the
        /// value sets have it; what is not known is left out.
        #[derive(Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        #[schema(example = json!({
            "site": "VN/79/26734/BN1", "full_name": "Nguyễn Thị Lan", "birth_date": "1998-02-26",
            "cccd": "079198001234", "kind": "vaccination", "product": "EU/1/20/1528", "dose": "1/2",
            "lot": "FF1234", "date": "2026-11-20",
        }))]
        pub(crate) struct Report {
            /// Of whom: the identifier of somebody who was found, or `new` for somebody new whoever else
            /// may look alike. Without it: whoever has the same document, birth date and name.
            pub(crate) person: Option<String>,
            /// The warnings were looked at, and it is so.
            #[serde(default)]
            pub(crate) confirmed: bool,
            /// How far to go at once; else it waits for the site's officer.
            pub(crate) upto: Option<UptoWord>,
            /// The path of the site, as VN/79/26734/BN1; without it the client's own.
            pub(crate) site: Option<String>,
            $($(#[doc = $doc])* $name: Option<String>,)*
        }

        impl Report {
            fn draft(&self, site: &Place) -> Draft<'_> {
                let mut draft = Draft::default();
                draft.set(Field::Site, site.code().to_owned());
                $(if let Some(text) = &self.$name {
                    draft.set(Field::$field, text.as_str());
                })*
                draft
            }
        }
    };
}

report! {
    /// The sender's own key of the report: what was accepted under it at this site is not made again.
    key = Key,
    /// Family and given names in one, family name first as in Vietnamese.
    full_name = FullName,
    /// Family name.
    family_name = FamilyName,
    /// Middle and given names.
    given_names = GivenNames,
    /// Family name as the passport spells it, `A` to `Z`.
    passport_family_name = PassportFamily,
    /// Given names as the passport spells them, `A` to `Z`.
    passport_given_names = PassportGiven,
    /// `1998-02-26` or `26/02/1998`; `02/1998` or `1998` where no more is known.
    birth_date = BirthDate,
    /// `Nam`, `Nữ`, `male`, `female`, `other`.
    sex = Sex,
    /// A country: its code or its name.
    nationality = Nationality,
    /// A document of any kind, told by its form.
    identity = Identity,
    /// Number of the citizen card, 12 digits.
    cccd = Cccd,
    /// Number of the old identity card, 9 digits.
    cmnd = Cmnd,
    /// Number of a passport.
    passport = Passport,
    /// Number of the health-insurance card.
    bhyt = Bhyt,
    /// `vaccination`, `test` or `recovery`; told by the other fields if it is left out.
    kind = Kind,
    /// Disease or agent; the only one of the value set if it is left out.
    disease = Disease,
    /// Kind of vaccine; told by the product.
    vaccine_type = Prophylaxis,
    /// Vaccine product: its code or its name.
    product = Product,
    /// Manufacturer of the vaccine; told by the product.
    manufacturer = Manufacturer,
    /// Lot of the vaccine.
    lot = Lot,
    /// Number of the dose, `2` or `2/2`.
    dose = Dose,
    /// Doses of the series.
    total_doses = TotalDoses,
    /// Day of the vaccination.
    date = Date,
    /// Who gave the vaccine.
    given_by = GivenBy,
    /// Country of the event; else the issuer's.
    country = Country,
    /// Type of the test.
    test_type = TestType,
    /// Name of an amplification test.
    test_name = TestName,
    /// Device of a rapid test.
    test_device = TestDevice,
    /// When the sample was taken, `2026-11-20T14:30:00+07:00` or `20/11/2026 14:30`.
    sampled_at = SampledAt,
    /// Result of the test.
    result = Result,
    /// The tube, which a pool shares.
    tube = Tube,
    /// Day of the first positive test.
    first_positive = FirstPositive,
    /// First day of validity of a recovery.
    valid_from = ValidFrom,
    /// Last day of validity of a recovery.
    valid_until = ValidUntil,
}

/// Reads with the catalogue in force and the issuer's country.
fn read_with<T>(
    issuer: &Issuer,
    read: impl FnOnce(&Settings<'_>) -> Result<T, Vec<Finding>>,
) -> Result<T, Problem> {
    let catalogue = issuer.catalogues.current();
    let country = catalogue.country(&issuer.settings.country);
    let country = country.map_err(|_| {
        Problem::asked("the issuer's country is not in the value set of countries in force")
    })?;
    let settings = Settings {
        catalogue: &catalogue,
        country,
        offset: issuer.settings.offset,
    };
    read(&settings).map_err(|findings| Refusal::Findings(findings).into())
}

/// A person from their fields.
pub(super) fn person(issuer: &Issuer, draft: &Draft<'_>) -> Result<Person, Problem> {
    read_with(issuer, |settings| draft.read_person(settings)).map(|(person, _)| person)
}

impl Report {
    /// The record, and what was mended on the way.
    pub(super) fn read(
        &self,
        issuer: &Issuer,
        site: &Place,
    ) -> Result<(Record, Vec<Finding>), Problem> {
        let draft = self.draft(site);
        let read = read_with(issuer, |settings| draft.read(settings))?;
        Ok((read.record, read.notes))
    }

    /// Of whom it is.
    pub(super) fn whom(&self) -> Result<Whom, Problem> {
        match self.person.as_deref() {
            None => Ok(Whom::Same),
            Some("new") => Ok(Whom::New),
            Some(id) => id_of("person", id).map(Whom::Known),
        }
    }

    /// The sender's key.
    pub(super) fn row_key(&self) -> Result<Option<String>, Problem> {
        let Some(key) = &self.key else {
            return Ok(None);
        };
        match (1..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
            true => Ok(Some(key.clone())),
            false => Err(Problem::asked("`key` has 1 to 64 visible ASCII characters")),
        }
    }
}

/// What is wrong, or doubtful, with a field.
#[derive(Serialize, ToSchema)]
pub(crate) struct Found {
    /// The field.
    field: &'static str,
    /// Stable word for what it is.
    problem: String,
    /// `error` has to be corrected; `warning` may be confirmed; `note` says what was mended.
    severity: &'static str,
    /// What is so, in English.
    what: String,
    /// What to do, in English.
    remedy: String,
    /// What is so, in Vietnamese.
    what_vi: String,
    /// What to do, in Vietnamese.
    remedy_vi: String,
}

impl Found {
    /// Of a finding.
    pub(crate) fn of(finding: &Finding) -> Found {
        let [vi, en] = [Language::Vietnamese, Language::English].map(Words::new);
        Found {
            field: finding.field().id(),
            problem: finding.problem().code().to_owned(),
            severity: match finding.severity() {
                Severity::Note => "note",
                Severity::Warning => "warning",
                Severity::Error => "error",
            },
            what: en.what(finding),
            remedy: en.remedy(finding),
            what_vi: vi.what(finding),
            remedy_vi: vi.remedy(finding),
        }
    }
}

/// What came of a report.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeJson {
    /// The record.
    pub(crate) record: String,
    /// The person.
    pub(crate) person: String,
    /// The certificate, if it went that far.
    pub(crate) certificate: Option<String>,
    /// Whether this request made it; else it was there, made by the same request before.
    pub(crate) new: bool,
}

impl From<Made> for MadeJson {
    fn from(made: Made) -> MadeJson {
        MadeJson {
            record: made.record.to_string(),
            person: made.person.to_string(),
            certificate: made.certificate.map(|id| id.to_string()),
            new: made.new,
        }
    }
}
