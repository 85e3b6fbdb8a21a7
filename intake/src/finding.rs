//! What is wrong, or doubtful, with a field.

use core::fmt;

use hcert::date::{Date, DateError};

use crate::{field::Field, record::Sex};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something was mended on the way in; to be glanced at.
    Note,
    /// Unlikely: a person has to look and may confirm.
    Warning,
    /// Impossible, or missing: it has to be corrected.
    Error,
}

/// One field that is not right, or not likely.
///
/// The words for people are in [`words`](crate::words). [`found`](Finding::found) may be personal
/// data, and is for the person who typed it; `Debug` and [`Problem`] hold none of it but dates.
#[derive(Clone, PartialEq, Eq)]
pub struct Finding {
    field: Field,
    problem: Problem,
    found: Option<String>,
}

/// The most characters of a value that a finding carries.
pub const MAX_FOUND: usize = 80;

impl Finding {
    /// A finding about a field.
    pub fn new(field: Field, problem: Problem) -> Finding {
        Finding {
            field,
            problem,
            found: None,
        }
    }

    /// The same, with what was there: cut to [`MAX_FOUND`] characters, control characters and
    /// direction overrides replaced, so that it can be shown beside the message.
    #[must_use]
    pub fn with_found(mut self, found: &str) -> Finding {
        let shown: String = found.chars().take(MAX_FOUND).map(visible).collect();
        self.found = Some(shown).filter(|shown| !shown.is_empty());
        self
    }

    /// The field.
    pub fn field(&self) -> Field {
        self.field
    }

    /// What is wrong with it.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// How grave it is.
    pub fn severity(&self) -> Severity {
        self.problem.severity()
    }

    /// What was there, made safe to show as text. May be personal data.
    pub fn found(&self) -> Option<&str> {
        self.found.as_deref()
    }
}

fn visible(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' => ' ',
        c if c.is_control() => '\u{FFFD}',
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => '\u{FFFD}',
        c => c,
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field.id(), self.problem.code())
    }
}

/// The form that a value should have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// 12 digits, the seventh and those before by the rules of the citizen card.
    Cccd,
    /// 9 digits.
    Cmnd,
    /// 5 to 15 letters and digits.
    Passport,
    /// 15 characters, or 10 digits.
    Bhyt,
    /// A citizen card, an old identity card, a passport or a health-insurance card.
    Identity,
    /// `26/02/1998` or `1998-02-26`; a birth also `02/1998` and `1998`.
    Date,
    /// `20/12/2021 14:30` or RFC 3339.
    DateTime,
    /// `Nam` or `Nữ`.
    Sex,
    /// `2`, `2/2`, or a booster.
    Dose,
    /// 3 to 20 letters, digits, `-`, `.` and `/`.
    Lot,
    /// 2 to 32 letters, digits, `-`, `_` and `.`.
    Site,
    /// 3 to 40 letters, digits and `-`.
    Tube,
    /// `A` to `Z`, space and `<`.
    PassportName,
    /// 1 to 64 visible characters.
    Key,
    /// Vaccination, test or recovery.
    Kind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    // What cannot be read.
    /// It has to be there, and is not.
    Missing,
    /// Too many characters.
    TooLong {
        /// How many there are.
        length: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A control character or an override of the text direction.
    ControlCharacter {
        /// The first one.
        found: char,
    },
    /// It does not have the form it should have.
    Form(Form),
    /// The date does not exist.
    Date(DateError),
    /// The year has two digits.
    TwoDigitYear,
    /// The month does not exist, but day and month swapped make a date.
    SwappedDate {
        /// That date.
        perhaps: Date,
    },
    /// The time of day is missing.
    TimeMissing,
    /// A spreadsheet has turned a long number into one like `1.09E+11`; digits are lost.
    ScientificNumber,
    /// The value is in no value set.
    UnknownCode {
        /// The nearest codes, with their names.
        perhaps: Vec<String>,
    },
    /// The code is no longer in use.
    InactiveCode,
    /// No passport spelling can be made of the name.
    NoTransliteration {
        /// The first letter without a rule.
        letter: char,
    },
    /// There are fields of more than one kind of event.
    TwoKinds,
    /// There is no event at all.
    NoEvent,
    /// A date lies before one that has to come first.
    BeforeOther {
        /// The field with the other date.
        other: Field,
    },

    // What was mended.
    /// A spreadsheet had dropped zeros at the start; they were put back.
    ZerosRestored,
    /// A spreadsheet's number of a day was read as that day.
    SerialDate {
        /// The day.
        read: Date,
    },

    // What cannot be.
    /// It lies in the future.
    Future {
        /// Day and month swapped make a day that has been.
        swapped: Option<Date>,
    },
    /// It is before the birth.
    BeforeBirth {
        /// Day and month swapped make a day after it.
        swapped: Option<Date>,
    },
    /// The disease was not known then.
    BeforeDisease {
        /// Day and month swapped make a day when it was.
        swapped: Option<Date>,
    },
    /// The product was nowhere in use then.
    BeforeProduct {
        /// The first day of use.
        first: Date,
    },
    /// The person would be this old.
    Age {
        /// In years.
        years: u16,
    },
    /// Younger than the product is made for.
    UnderAge {
        /// The least age in years.
        minimum: u8,
    },
    /// The citizen number says another year of birth.
    CardBirthYear {
        /// The year it says.
        card: u16,
    },
    /// The citizen number says another sex.
    CardSex {
        /// The sex it says.
        card: Sex,
    },
    /// No province has the code the number starts with.
    CardProvince {
        /// The code.
        code: u16,
    },
    /// A citizen number beside a nationality that is not Vietnamese.
    CardNationality,
    /// A child's insurance card, and no child.
    CardOfChild {
        /// The age in years.
        years: u16,
    },
    /// The name holds a digit.
    NameDigit,
    /// The name holds a character that names do not have.
    NameCharacter {
        /// The first one.
        found: char,
    },
    /// The name is one word only.
    NameOneWord,
    /// Letters were damaged when the text was converted.
    NameEncoding,
    /// The name was typed with the input method switched off.
    NameTyping {
        /// What was meant, if there is one answer only.
        perhaps: Option<String>,
    },
    /// Family and given names seem to be swapped.
    NameSwapped,
    /// The middle name is one of the other sex.
    NameSex {
        /// The middle name.
        word: &'static str,
    },
    /// The dose came sooner after the one before than the product asks for.
    DoseTooSoon {
        /// Days between them.
        days: i32,
        /// Days there should be.
        minimum: u16,
    },
    /// Another dose was given on the same day.
    DoseSameDay,
    /// This dose was reported before, with another day.
    DoseRepeated {
        /// The day reported before.
        date: Date,
    },
    /// A dose of a higher number was given on an earlier day.
    DoseOrder {
        /// The number of the other dose.
        number: u8,
    },
    /// The product's series has another length.
    SeriesLength {
        /// The usual number of doses.
        usual: u8,
    },
    /// The manufacturer is not the product's.
    ManufacturerOfOther {
        /// The code of the product's.
        expected: String,
    },
    /// The kind of vaccine is not the product's.
    ProphylaxisOfOther {
        /// The code of the product's.
        expected: String,
    },
    /// The lot looks like a date, a word or a placeholder.
    LotUnlikely,
    /// The lot was not delivered to this site.
    LotNotDelivered,
    /// The site is none that the sender may report for.
    SiteNotAllowed,
    /// A recovery is valid before the eleventh day.
    RecoveryEarly,
    /// A recovery is valid for more than 180 days after the first positive test.
    RecoveryLong,
    /// Samples of one tube have different results.
    PoolDisagrees {
        /// The line of the other sample.
        line: u64,
    },
    /// The pool is positive: nobody in it has a result before being tested alone.
    PoolPositive,
    /// The same person and event stands in the file before.
    RowTwice {
        /// The line.
        line: u64,
    },
    /// The key was used in the file before.
    KeyTwice {
        /// The line.
        line: u64,
    },
}

impl Problem {
    /// How grave it is.
    pub fn severity(&self) -> Severity {
        match self {
            Problem::ZerosRestored | Problem::SerialDate { .. } => Severity::Note,
            Problem::Age { years } if *years < IMPOSSIBLE_AGE => Severity::Warning,
            Problem::DoseTooSoon { days, minimum }
                if days.saturating_mul(2) >= i32::from(*minimum) =>
            {
                Severity::Warning
            }
            Problem::BeforeProduct { .. }
            | Problem::UnderAge { .. }
            | Problem::CardProvince { .. }
            | Problem::CardNationality
            | Problem::CardOfChild { .. }
            | Problem::NameOneWord
            | Problem::NameTyping { .. }
            | Problem::NameSwapped
            | Problem::NameSex { .. }
            | Problem::DoseRepeated { .. }
            | Problem::DoseOrder { .. }
            | Problem::SeriesLength { .. }
            | Problem::ManufacturerOfOther { .. }
            | Problem::ProphylaxisOfOther { .. }
            | Problem::LotUnlikely
            | Problem::LotNotDelivered
            | Problem::RecoveryEarly
            | Problem::RecoveryLong => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// A stable name, for interfaces and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::Missing => "missing",
            Problem::TooLong { .. } => "too_long",
            Problem::ControlCharacter { .. } => "control_character",
            Problem::Form(_) => "form",
            Problem::Date(_) => "date",
            Problem::TwoDigitYear => "two_digit_year",
            Problem::SwappedDate { .. } => "swapped_date",
            Problem::TimeMissing => "time_missing",
            Problem::ScientificNumber => "scientific_number",
            Problem::UnknownCode { .. } => "unknown_code",
            Problem::InactiveCode => "inactive_code",
            Problem::NoTransliteration { .. } => "no_transliteration",
            Problem::TwoKinds => "two_kinds",
            Problem::NoEvent => "no_event",
            Problem::BeforeOther { .. } => "before_other",
            Problem::ZerosRestored => "zeros_restored",
            Problem::SerialDate { .. } => "serial_date",
            Problem::Future { .. } => "future",
            Problem::BeforeBirth { .. } => "before_birth",
            Problem::BeforeDisease { .. } => "before_disease",
            Problem::BeforeProduct { .. } => "before_product",
            Problem::Age { .. } => "age",
            Problem::UnderAge { .. } => "under_age",
            Problem::CardBirthYear { .. } => "card_birth_year",
            Problem::CardSex { .. } => "card_sex",
            Problem::CardProvince { .. } => "card_province",
            Problem::CardNationality => "card_nationality",
            Problem::CardOfChild { .. } => "card_of_child",
            Problem::NameDigit => "name_digit",
            Problem::NameCharacter { .. } => "name_character",
            Problem::NameOneWord => "name_one_word",
            Problem::NameEncoding => "name_encoding",
            Problem::NameTyping { .. } => "name_typing",
            Problem::NameSwapped => "name_swapped",
            Problem::NameSex { .. } => "name_sex",
            Problem::DoseTooSoon { .. } => "dose_too_soon",
            Problem::DoseSameDay => "dose_same_day",
            Problem::DoseRepeated { .. } => "dose_repeated",
            Problem::DoseOrder { .. } => "dose_order",
            Problem::SeriesLength { .. } => "series_length",
            Problem::ManufacturerOfOther { .. } => "manufacturer_of_other",
            Problem::ProphylaxisOfOther { .. } => "vaccine_type_of_other",
            Problem::LotUnlikely => "lot_unlikely",
            Problem::LotNotDelivered => "lot_not_delivered",
            Problem::SiteNotAllowed => "site_not_allowed",
            Problem::RecoveryEarly => "recovery_early",
            Problem::RecoveryLong => "recovery_long",
            Problem::PoolDisagrees { .. } => "pool_disagrees",
            Problem::PoolPositive => "pool_positive",
            Problem::RowTwice { .. } => "row_twice",
            Problem::KeyTwice { .. } => "key_twice",
        }
    }
}

/// The oldest person ever known reached 122 years.
const IMPOSSIBLE_AGE: u16 = 125;

/// Whether there is an error among the findings.
pub fn any_error(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.severity() == Severity::Error)
}

/// Whether there is a warning among the findings.
pub fn any_warning(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.severity() == Severity::Warning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_safe() {
        let finding = Finding::new(Field::FullName, Problem::NameDigit);
        let found = finding.clone().with_found("a\u{202e}b\nc\0");
        assert_eq!(found.found(), Some("a\u{FFFD}b c\u{FFFD}"));
        let long = finding.clone().with_found(&"ễ".repeat(300));
        assert_eq!(
            long.found().map(|text| text.chars().count()),
            Some(MAX_FOUND)
        );
        assert_eq!(format!("{long:?}"), "full_name: name_digit");
    }

    #[test]
    fn half_of_an_interval_is_an_error() {
        let soon = |days| Problem::DoseTooSoon { days, minimum: 21 }.severity();
        assert_eq!(soon(10), Severity::Error);
        assert_eq!(soon(11), Severity::Warning);
        assert_eq!(Problem::Age { years: 124 }.severity(), Severity::Warning);
        assert_eq!(Problem::Age { years: 125 }.severity(), Severity::Error);
    }
}
