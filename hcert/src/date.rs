//! Calendar dates as health certificates write them.
//!
//! Three types, from the simplest to the most detailed:
//!
//! - [`Date`]: a full calendar date, `1998-02-26`. Used for `dt`, `fr`, `df` and `du`.
//! - [`PartialDate`]: a date of birth, of which the month or the day, or everything, may be
//!   unknown. Used for `dob`.
//! - [`DateTime`]: a moment with its offset from UTC, `2021-06-11T17:30:00+02:00`. Used for `sc`.
//!
//! Each has a strict `parse` for issuing, which takes only what the DCC schema 1.3.3 allows and
//! only dates that exist, and a `parse_lenient` for reading, which also takes the deviations that
//! occur in signed certificates. What is written out is always the strict form.

mod date_time;
mod partial;
mod typed;

use alloc::string::{String, ToString};
use core::{fmt, str::FromStr};

use ::time::{Duration, Month};

pub use date_time::DateTime;
pub use partial::PartialDate;

/// The earliest year that a certificate can carry.
pub const MIN_YEAR: u16 = 1900;
/// The latest year that a certificate can carry.
pub const MAX_YEAR: u16 = 2099;

/// Why a text is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DateError {
    /// The text does not have the shape asked for.
    #[error("not of the form {expected}")]
    Shape {
        /// The form that is expected, for example `YYYY-MM-DD`.
        expected: &'static str,
    },
    /// The year lies outside [`MIN_YEAR`]..=[`MAX_YEAR`].
    #[error("the year {year} is outside 1900 to 2099")]
    Year {
        /// The year found.
        year: u16,
    },
    /// There is no such month.
    #[error("there is no month {month}")]
    Month {
        /// The month found.
        month: u8,
    },
    /// The month has no such day, for example 30 February.
    #[error("the month has no day {day}")]
    Day {
        /// The day found.
        day: u8,
    },
    /// The hour, minute, second or offset does not exist.
    #[error("there is no such time of day or offset")]
    Time,
}

/// A day of the calendar in the years 1900 to 2099.
///
/// The text form is ISO 8601, `YYYY-MM-DD`.
///
/// ```
/// use hcert::date::Date;
///
/// let given = Date::parse("2021-06-11")?;
/// assert_eq!(given.add_days(10).map(|d| d.to_string()), Some("2021-06-21".into()));
/// assert!(Date::parse("2021-02-29").is_err());
/// # Ok::<(), hcert::date::DateError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(::time::Date);

impl Date {
    /// The date of these three numbers, if it exists.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Date, DateError> {
        check_year(year)?;
        let month_name = Month::try_from(month).map_err(|_| DateError::Month { month })?;
        ::time::Date::from_calendar_date(i32::from(year), month_name, day)
            .map(Date)
            .map_err(|_| DateError::Day { day })
    }

    /// Strict: exactly `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Result<Date, DateError> {
        let expected = "YYYY-MM-DD";
        let shape = DateError::Shape { expected };
        let mut parts = text.split('-');
        let (Some(y), Some(m), Some(d), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(shape);
        };
        let year = digits(y, 4).ok_or(shape)?;
        let month = digits(m, 2).ok_or(shape)?;
        let day = digits(d, 2).ok_or(shape)?;
        Date::new(year, narrow(month), narrow(day))
    }

    /// For reading: [`Date::parse`], with spaces around it and a time after it dropped
    /// (`2021-06-11T00:00:00.000Z`).
    ///
    /// The time is dropped without being converted to another zone: issuers that append it mean
    /// the day they wrote.
    pub fn parse_lenient(text: &str) -> Result<Date, DateError> {
        Date::parse(without_time(text))
    }

    /// What people type: the strict form, `26/02/1998` (also with `-` or `.`, and one-digit day
    /// or month) and `26021998`. The day always comes before the month.
    pub fn parse_typed(text: &str) -> Result<Date, DateError> {
        let expected = "DD/MM/YYYY";
        PartialDate::parse_typed(text)?
            .full()
            .ok_or(DateError::Shape { expected })
    }

    /// The year, 1900 to 2099.
    pub fn year(self) -> u16 {
        // The constructors hold the year within four digits.
        u16::try_from(self.0.year()).unwrap_or(MIN_YEAR)
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        u8::from(self.0.month())
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.0.day()
    }

    /// The date this many days later (earlier when negative); `None` outside 1900 to 2099.
    pub fn add_days(self, days: i32) -> Option<Date> {
        let date = self.0.checked_add(Duration::days(i64::from(days)))?;
        let year = u16::try_from(date.year()).ok()?;
        check_year(year).ok()?;
        Some(Date(date))
    }

    /// How many days `self` lies after `earlier`; negative when it lies before.
    pub fn days_since(self, earlier: Date) -> i32 {
        self.0.to_julian_day() - earlier.0.to_julian_day()
    }

    /// The date in UTC at this many seconds after 1970-01-01T00:00:00Z; `None` outside 1900 to
    /// 2099.
    pub fn from_unix_seconds(seconds: i64) -> Option<Date> {
        let moment = ::time::OffsetDateTime::from_unix_timestamp(seconds).ok()?;
        Date::from_calendar(moment.date())
    }

    fn from_calendar(date: ::time::Date) -> Option<Date> {
        let year = u16::try_from(date.year()).ok()?;
        check_year(year).ok()?;
        Some(Date(date))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:04}-{:02}-{:02}",
            self.year(),
            self.month(),
            self.day()
        )
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Date, DateError> {
        Date::parse(text)
    }
}

impl From<Date> for String {
    fn from(date: Date) -> String {
        date.to_string()
    }
}

fn check_year(year: u16) -> Result<(), DateError> {
    if (MIN_YEAR..=MAX_YEAR).contains(&year) {
        Ok(())
    } else {
        Err(DateError::Year { year })
    }
}

/// The number written with exactly `count` ASCII digits (at most four).
fn digits(text: &str, count: usize) -> Option<u16> {
    if text.len() == count && text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

/// Two digits always fit; anything else becomes a number that no month or day has.
fn narrow(number: u16) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// The part of a date before an appended time, without surrounding spaces.
fn without_time(text: &str) -> &str {
    let text = text.trim();
    match text.split_once(['T', 't', ' ']) {
        // Only after a whole date: anything else keeps its error.
        Some((date, time))
            if date.len() == 10 && time.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            date
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn strict_takes_only_iso_dates_that_exist() {
        assert_eq!(
            Date::parse("2021-06-11").map(|d| d.to_string()),
            Ok("2021-06-11".into())
        );
        assert!(Date::parse("2020-02-29").is_ok());
        assert_eq!(Date::parse("2021-02-29"), Err(DateError::Day { day: 29 }));
        assert_eq!(Date::parse("1900-02-29"), Err(DateError::Day { day: 29 }));
        assert_eq!(
            Date::parse("2021-13-01"),
            Err(DateError::Month { month: 13 })
        );
        assert_eq!(
            Date::parse("2021-00-01"),
            Err(DateError::Month { month: 0 })
        );
        assert_eq!(
            Date::parse("1899-12-31"),
            Err(DateError::Year { year: 1899 })
        );
        assert_eq!(
            Date::parse("2100-01-01"),
            Err(DateError::Year { year: 2100 })
        );
        let shape = Err(DateError::Shape {
            expected: "YYYY-MM-DD",
        });
        for bad in [
            "",
            "2021",
            "2021-06",
            "2021-6-11",
            "20210611",
            "2021-06-11T00:00:00",
            " 2021-06-11",
            "+021-06-11",
            "2021-06-1\u{661}",
            "2021-06-11-01",
            "11-06-2021",
        ] {
            assert_eq!(Date::parse(bad), shape, "{bad:?}");
        }
    }

    #[test]
    fn lenient_drops_an_appended_time() {
        let want = Date::parse("1990-01-01");
        for text in [
            "1990-01-01",
            " 1990-01-01 ",
            "1990-01-01T00:00:00",
            "1990-01-01T00:00:00.0000000Z",
            "1990-01-01T23:00:00+02:00",
            "1990-01-01 00:00",
        ] {
            assert_eq!(Date::parse_lenient(text), want, "{text:?}");
        }
        assert!(Date::parse_lenient("1990-01T00:00:00").is_err());
    }

    #[test]
    fn arithmetic_stays_within_the_years() {
        let date = Date::parse("2020-02-28").unwrap();
        assert_eq!(date.add_days(2), Date::new(2020, 3, 1).ok());
        assert_eq!(date.add_days(-59), Date::new(2019, 12, 31).ok());
        assert_eq!(Date::new(2099, 12, 31).unwrap().add_days(1), None);
        assert_eq!(Date::new(1900, 1, 1).unwrap().add_days(-1), None);
        assert_eq!(date.add_days(i32::MAX), None);
        assert_eq!(Date::new(2021, 1, 1).unwrap().days_since(date), 308);
        assert_eq!(
            Date::from_unix_seconds(1_623_432_600),
            Date::new(2021, 6, 11).ok()
        );
    }

    proptest! {
        #[test]
        fn text_round_trip(year in 1900u16..=2099, month in 1u8..=12, day in 1u8..=28) {
            let date = Date::new(year, month, day).unwrap();
            prop_assert_eq!(Date::parse(&date.to_string()), Ok(date));
            prop_assert_eq!((date.year(), date.month(), date.day()), (year, month, day));
        }

        #[test]
        fn text_order_is_date_order(a in 0i32..73_000, b in 0i32..73_000) {
            let first = Date::new(1900, 1, 1).unwrap();
            let (x, y) = (first.add_days(a).unwrap(), first.add_days(b).unwrap());
            prop_assert_eq!(x.cmp(&y), x.to_string().cmp(&y.to_string()));
            prop_assert_eq!(x.days_since(y), a - b);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,24}|[0-9TZ:+./ -]{0,32}") {
            let _ = (Date::parse(&text), Date::parse_lenient(&text), Date::parse_typed(&text));
            let _ = (PartialDate::parse(&text), PartialDate::parse_lenient(&text));
            let _ = (DateTime::parse(&text), DateTime::parse_lenient(&text));
        }
    }
}
