//! Dates of which a part may be unknown.

use alloc::string::{String, ToString};
use core::{fmt, str::FromStr};

use ::time::Month;

use super::{Date, DateError, check_year, digits, narrow, typed, without_time};

const EXPECTED: &str = "YYYY-MM-DD, YYYY-MM, YYYY or empty";

/// A date of birth: the year, the year and month, or the full date; or unknown.
///
/// The text form is `YYYY-MM-DD`, `YYYY-MM`, `YYYY`, or the empty string when nothing is known,
/// as the property `dob` of DCC schema 1.3.3. The order is by year, then month, then day, an
/// unknown part before all known ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate(Known);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Known {
    Nothing,
    Year(u16),
    Month(u16, u8),
    Full(Date),
}

impl PartialDate {
    /// Nothing is known; the empty string on the wire.
    pub const UNKNOWN: PartialDate = PartialDate(Known::Nothing);

    /// Only the year is known.
    pub fn from_year(year: u16) -> Result<PartialDate, DateError> {
        check_year(year)?;
        Ok(PartialDate(Known::Year(year)))
    }

    /// The year and the month are known.
    pub fn from_month(year: u16, month: u8) -> Result<PartialDate, DateError> {
        check_year(year)?;
        Month::try_from(month).map_err(|_| DateError::Month { month })?;
        Ok(PartialDate(Known::Month(year, month)))
    }

    /// Strict: the pattern of schema 1.3.3, and only dates that exist.
    pub fn parse(text: &str) -> Result<PartialDate, DateError> {
        let shape = DateError::Shape { expected: EXPECTED };
        if text.is_empty() {
            return Ok(PartialDate::UNKNOWN);
        }
        let mut parts = text.split('-');
        let mut next = |count| parts.next().map(|part| digits(part, count).ok_or(shape));
        let year = next(4).transpose()?.ok_or(shape)?;
        let month = next(2).transpose()?.map(narrow);
        let day = next(2).transpose()?.map(narrow);
        if parts.next().is_some() {
            return Err(shape);
        }
        match (month, day) {
            (None, _) => PartialDate::from_year(year),
            (Some(month), None) => PartialDate::from_month(year, month),
            (Some(month), Some(day)) => Date::new(year, month, day).map(PartialDate::from),
        }
    }

    /// For reading: the strict form; also with a time appended (`1990-01-01T00:00:00`, with or
    /// without a fraction and an offset, which are dropped), spaces around it, and `00` or `XX`
    /// for a part that is unknown (`1963-00-00`, `1963-05-XX`).
    pub fn parse_lenient(text: &str) -> Result<PartialDate, DateError> {
        let mut text = without_time(text);
        for _ in 0..2 {
            // From the right: a day is dropped before its month, and a year is never dropped.
            let shorter = ["-00", "-XX", "-xx"]
                .iter()
                .find_map(|end| text.strip_suffix(end));
            match shorter {
                Some(shorter) if shorter.len() >= 4 => text = shorter,
                _ => break,
            }
        }
        PartialDate::parse(text)
    }

    /// What people type: the strict form, and day-first `26/02/1998`, `26021998`, `02/1998`,
    /// `1998` (separators `/`, `-`, `.` or a space; one-digit day and month allowed).
    pub fn parse_typed(text: &str) -> Result<PartialDate, DateError> {
        typed::parse(text)
    }

    /// The year, if known.
    pub fn year(self) -> Option<u16> {
        match self.0 {
            Known::Nothing => None,
            Known::Year(year) | Known::Month(year, _) => Some(year),
            Known::Full(date) => Some(date.year()),
        }
    }

    /// The month, 1 to 12, if known.
    pub fn month(self) -> Option<u8> {
        match self.0 {
            Known::Nothing | Known::Year(_) => None,
            Known::Month(_, month) => Some(month),
            Known::Full(date) => Some(date.month()),
        }
    }

    /// The day of the month, if known.
    pub fn day(self) -> Option<u8> {
        self.full().map(Date::day)
    }

    /// The full date, if all of it is known.
    pub fn full(self) -> Option<Date> {
        match self.0 {
            Known::Full(date) => Some(date),
            _ => None,
        }
    }

    /// The first day this date can mean; `None` if nothing is known.
    pub fn earliest(self) -> Option<Date> {
        match self.0 {
            Known::Nothing => None,
            Known::Year(year) => Date::new(year, 1, 1).ok(),
            Known::Month(year, month) => Date::new(year, month, 1).ok(),
            Known::Full(date) => Some(date),
        }
    }

    /// Whether both can be the same day: what is known of both is equal.
    pub fn is_compatible_with(self, other: PartialDate) -> bool {
        fn agree<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            a.is_none() || b.is_none() || a == b
        }
        agree(self.year(), other.year())
            && agree(self.month(), other.month())
            && agree(self.day(), other.day())
    }
}

impl From<Date> for PartialDate {
    fn from(date: Date) -> PartialDate {
        PartialDate(Known::Full(date))
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Known::Nothing => Ok(()),
            Known::Year(year) => write!(f, "{year:04}"),
            Known::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Known::Full(date) => fmt::Display::fmt(&date, f),
        }
    }
}

impl fmt::Debug for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<PartialDate, DateError> {
        PartialDate::parse(text)
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> String {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(parsed: Result<PartialDate, DateError>) -> Option<String> {
        parsed.ok().map(|date| date.to_string())
    }

    #[test]
    fn strict_keeps_the_schema_pattern() {
        for good in ["", "1963", "1963-05", "1963-05-31", "2099-12-31"] {
            assert_eq!(text(PartialDate::parse(good)).as_deref(), Some(good));
        }
        for bad in [
            "1809-02-28",
            "2100",
            "63",
            "1963-",
            "1963-13",
            "1963-00",
            "1963-02-30",
            "1963-1-1",
            "1963-05-31T00:00:00",
            " 1963",
            "1963-05-31-01",
            "31/05/1963",
            "1963-00-00",
            "-",
            "-05",
        ] {
            assert!(PartialDate::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn lenient_reads_what_occurs() {
        for (received, want) in [
            ("1990-01-01T00:00:00", Some("1990-01-01")),
            ("1990-01-01T00:00:00.000+07:00", Some("1990-01-01")),
            ("1963-00", Some("1963")),
            ("1963-00-00", Some("1963")),
            ("1963-05-00", Some("1963-05")),
            ("1963-05-XX", Some("1963-05")),
            ("1963-XX-XX", Some("1963")),
            (" 1963 ", Some("1963")),
            ("", Some("")),
            ("1963-00-05", None),
            ("1963-02-30", None),
            ("0000-00-00", None),
            ("-00", None),
        ] {
            assert_eq!(
                text(PartialDate::parse_lenient(received)).as_deref(),
                want,
                "{received:?}"
            );
        }
    }

    #[test]
    fn compatible_when_the_known_parts_agree() {
        for (a, b, want) in [
            ("1990-01-01", "1990-01-01", true),
            ("1990-01-01", "1990-01", true),
            ("1990-01-01", "1990", true),
            ("1990-01-01", "", true),
            ("1990-01-01", "1990-01-02", false),
            ("1990-01-01", "1990-02", false),
            ("1990-02", "1991", false),
        ] {
            let (a, b) = (
                PartialDate::parse(a).unwrap(),
                PartialDate::parse(b).unwrap(),
            );
            assert_eq!(a.is_compatible_with(b), want, "{a} {b}");
            assert_eq!(b.is_compatible_with(a), want, "{b} {a}");
        }
    }
}
