//! Moments with an offset from UTC.

use alloc::string::{String, ToString};
use core::fmt;

use ::time::{OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use super::{Date, DateError, digits, narrow};

const EXPECTED: &str = "YYYY-MM-DDThh:mm:ssZ or YYYY-MM-DDThh:mm:ss+hh:mm";

/// A moment, with the offset from UTC it was written with and the text it was read from.
///
/// Two values are equal, and ordered, as moments: `17:30:00+02:00` equals `15:30:00Z`.
#[derive(Debug, Clone)]
pub struct DateTime {
    moment: OffsetDateTime,
    text: String,
}

impl DateTime {
    /// Strict, for issuing: [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339#section-5.6) with
    /// an upper-case `T` and `Z`, a real calendar date, and up to nine digits of fraction. A leap
    /// second is refused.
    pub fn parse(text: &str) -> Result<DateTime, DateError> {
        let parts = Parts::split(text).ok_or(DateError::Shape { expected: EXPECTED })?;
        let strict = parts.separator == 'T'
            && parts.second.is_some()
            && parts.fraction.len() <= 9
            && matches!(parts.offset, Offset::Utc('Z') | Offset::Colon(..));
        if !strict {
            return Err(DateError::Shape { expected: EXPECTED });
        }
        parts.into_date_time(text)
    }

    /// For reading: also a space or `t` between date and time, `z`, a missing second, a fraction
    /// of any length (cut to nanoseconds), an offset without colon or minutes (`+0200`, `+02`),
    /// spaces around it, and no offset at all, which is taken as UTC.
    pub fn parse_lenient(text: &str) -> Result<DateTime, DateError> {
        let trimmed = text.trim();
        let parts = Parts::split(trimmed).ok_or(DateError::Shape { expected: EXPECTED })?;
        parts.into_date_time(text)
    }

    /// The moment of `seconds` after 1970-01-01T00:00:00Z, in UTC; `None` outside 1900 to 2099.
    pub fn from_unix_seconds(seconds: i64) -> Option<DateTime> {
        let moment = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
        Date::from_calendar(moment.date())?;
        let text = rfc3339(moment);
        Some(DateTime { moment, text })
    }

    /// Seconds since 1970-01-01T00:00:00Z, rounded down.
    pub fn unix_seconds(&self) -> i64 {
        self.moment.unix_timestamp()
    }

    /// The date on the calendar of the place, that is, as written.
    pub fn local_date(&self) -> Date {
        Date(self.moment.date())
    }

    /// The offset from UTC in minutes, east positive.
    pub fn offset_minutes(&self) -> i16 {
        self.moment.offset().whole_minutes()
    }

    /// The text this was read from, byte for byte.
    pub fn as_received(&self) -> &str {
        &self.text
    }

    /// RFC 3339 with whole seconds, in the offset it was written with: the form to issue.
    pub fn to_rfc3339(&self) -> String {
        rfc3339(self.moment)
    }
}

impl PartialEq for DateTime {
    fn eq(&self, other: &DateTime) -> bool {
        self.moment == other.moment
    }
}

impl Eq for DateTime {}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &DateTime) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DateTime {
    fn cmp(&self, other: &DateTime) -> core::cmp::Ordering {
        self.moment.cmp(&other.moment)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

fn rfc3339(moment: OffsetDateTime) -> String {
    let date = Date(moment.date()).to_string();
    let (hour, minute, second) = (moment.hour(), moment.minute(), moment.second());
    let minutes = moment.offset().whole_minutes();
    if minutes == 0 {
        return alloc::format!("{date}T{hour:02}:{minute:02}:{second:02}Z");
    }
    let sign = if minutes < 0 { '-' } else { '+' };
    let (h, m) = (minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60);
    alloc::format!("{date}T{hour:02}:{minute:02}:{second:02}{sign}{h:02}:{m:02}")
}

/// The pieces of the text, split but not yet checked for range.
struct Parts<'a> {
    date: &'a str,
    separator: char,
    hour: u16,
    minute: u16,
    second: Option<u16>,
    fraction: &'a str,
    offset: Offset,
}

#[derive(Clone, Copy)]
enum Offset {
    /// `Z` or `z`.
    Utc(char),
    /// `+hh:mm`; sign, hours, minutes.
    Colon(i8, u16, u16),
    /// `+hhmm` or `+hh`.
    NoColon(i8, u16, u16),
    Missing,
}

impl<'a> Parts<'a> {
    fn split(text: &'a str) -> Option<Parts<'a>> {
        let (date, rest) = text.split_at_checked(10)?;
        let separator = rest
            .chars()
            .next()
            .filter(|c| matches!(c, 'T' | 't' | ' '))?;
        let rest = rest.get(1..)?;
        let time_end = rest.find(|c: char| !(c.is_ascii_digit() || ":.,".contains(c)));
        let (clock, offset) = rest.split_at_checked(time_end.unwrap_or(rest.len()))?;
        let (clock, fraction) = match clock.split_once(['.', ',']) {
            Some((clock, fraction)) if is_digits(fraction) => (clock, fraction),
            Some(_) => return None,
            None => (clock, ""),
        };
        let mut numbers = clock.split(':');
        let hour = digits(numbers.next()?, 2)?;
        let minute = digits(numbers.next()?, 2)?;
        let second = match numbers.next() {
            Some(second) => Some(digits(second, 2)?),
            None if fraction.is_empty() => None,
            None => return None,
        };
        if numbers.next().is_some() {
            return None;
        }
        let offset = Offset::split(offset)?;
        Some(Parts {
            date,
            separator,
            hour,
            minute,
            second,
            fraction,
            offset,
        })
    }

    fn into_date_time(self, text: &str) -> Result<DateTime, DateError> {
        let date = Date::parse(self.date)?;
        let second = narrow(self.second.unwrap_or(0));
        let time = Time::from_hms_nano(
            narrow(self.hour),
            narrow(self.minute),
            second,
            self.nanoseconds(),
        )
        .map_err(|_| DateError::Time)?;
        let offset = self.offset.utc_offset().ok_or(DateError::Time)?;
        let moment = PrimitiveDateTime::new(date.0, time).assume_offset(offset);
        Ok(DateTime {
            moment,
            text: text.to_string(),
        })
    }

    fn nanoseconds(&self) -> u32 {
        let digits = self
            .fraction
            .bytes()
            .chain(core::iter::repeat(b'0'))
            .take(9);
        digits.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
    }
}

impl Offset {
    fn split(text: &str) -> Option<Offset> {
        let mut chars = text.chars();
        let sign = match chars.next() {
            None => return Some(Offset::Missing),
            Some(c @ ('Z' | 'z')) if text.len() == 1 => return Some(Offset::Utc(c)),
            Some('+') => 1,
            Some('-') => -1,
            Some(_) => return None,
        };
        let rest = chars.as_str();
        if let Some((hours, minutes)) = rest.split_once(':') {
            return Some(Offset::Colon(sign, digits(hours, 2)?, digits(minutes, 2)?));
        }
        let (hours, minutes) = rest.split_at_checked(2)?;
        let minutes = if minutes.is_empty() {
            0
        } else {
            digits(minutes, 2)?
        };
        Some(Offset::NoColon(sign, digits(hours, 2)?, minutes))
    }

    fn utc_offset(self) -> Option<UtcOffset> {
        match self {
            Offset::Utc(_) | Offset::Missing => Some(UtcOffset::UTC),
            Offset::Colon(sign, hours, minutes) | Offset::NoColon(sign, hours, minutes) => {
                let (hours, minutes) = (i8::try_from(hours).ok()?, i8::try_from(minutes).ok()?);
                if hours > 23 || minutes > 59 {
                    return None;
                }
                UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok()
            }
        }
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strict_is_rfc_3339() {
        for (text, seconds) in [
            ("2021-06-11T17:30:00Z", 1_623_432_600),
            ("2021-06-11T17:30:00+02:00", 1_623_425_400),
            ("2021-06-11T17:30:00.5-03:30", 1_623_445_200),
            ("2021-06-11T17:30:00.123456789Z", 1_623_432_600),
        ] {
            let moment = DateTime::parse(text).unwrap();
            assert_eq!(moment.unix_seconds(), seconds, "{text}");
            assert_eq!(moment.as_received(), text);
        }
        for bad in [
            "",
            "2021-06-11",
            "2021-06-11T17:30:00",
            "2021-06-11T17:30Z",
            "2021-06-11T17:30:00+02",
            "2021-06-11T17:30:00+0200",
            "2021-06-11 17:30:00Z",
            "2021-06-11t17:30:00Z",
            "2021-06-11T17:30:00z",
            "2021-06-11T24:00:00Z",
            "2021-06-11T17:60:00Z",
            "2021-06-11T17:30:60Z",
            "2021-06-11T17:30:00+24:00",
            "2021-06-11T17:30:00+02:60",
            "2021-06-31T17:30:00Z",
            "2021-06-11T17:30:00.Z",
            "2021-06-11T17:30:00Z ",
            "2021-06-11T17:30:00ZZ",
            "2021-06-11T7:30:00Z",
            "1899-12-31T23:59:59Z",
            "2021-06-11T17:30:00.1234567890Z",
            "2021-06-11T17:30:00:00Z",
        ] {
            assert!(DateTime::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn lenient_reads_what_occurs() {
        for (text, seconds) in [
            ("2021-06-11T17:30:00+02", 1_623_425_400),
            ("2021-06-11T17:30:00+0200", 1_623_425_400),
            ("2021-06-11T17:30:00", 1_623_432_600),
            ("2021-06-11 17:30:00z", 1_623_432_600),
            ("2021-06-11T17:30Z", 1_623_432_600),
            ("2021-06-11T17:30:00.1234567+00:00", 1_623_432_600),
            ("2021-06-11T17:30:00.1234567890123Z", 1_623_432_600),
            (" 2021-06-11T17:30:00,5Z\n", 1_623_432_600),
        ] {
            let moment = DateTime::parse_lenient(text).unwrap();
            assert_eq!(moment.unix_seconds(), seconds, "{text:?}");
            assert_eq!(moment.as_received(), text);
        }
        for bad in [
            "2021-06-11",
            "2021-06-11T17",
            "2021-06-11T17:30:00+2",
            "17:30:00Z",
        ] {
            assert!(DateTime::parse_lenient(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn issued_form() {
        for (text, want) in [
            (
                "2021-06-11T17:30:00.1234567+02",
                "2021-06-11T17:30:00+02:00",
            ),
            ("2021-06-11T17:30:00-03:30", "2021-06-11T17:30:00-03:30"),
            ("2021-06-11T17:30:00+00:00", "2021-06-11T17:30:00Z"),
            ("2021-06-11T17:30", "2021-06-11T17:30:00Z"),
        ] {
            assert_eq!(DateTime::parse_lenient(text).unwrap().to_rfc3339(), want);
        }
        let moment = DateTime::from_unix_seconds(1_623_432_600).unwrap();
        assert_eq!(moment.as_received(), "2021-06-11T17:30:00Z");
        assert_eq!(
            moment,
            DateTime::parse("2021-06-11T19:30:00+02:00").unwrap()
        );
        assert_eq!(DateTime::from_unix_seconds(i64::MAX), None);
    }

    #[test]
    fn local_date_is_the_written_one() {
        let moment = DateTime::parse("2021-01-01T00:30:00+07:00").unwrap();
        assert_eq!(moment.local_date().to_string(), "2021-01-01");
        assert_eq!(moment.offset_minutes(), 420);
    }
}
