//! Dates and date-times as CertLogic reads and offsets them.

use core::fmt;

use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// An instant with the precision of a millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DateTime(OffsetDateTime);

/// What `plusTime` counts in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Unit {
    Year,
    Month,
    Day,
    Hour,
}

impl Unit {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "year" => Self::Year,
            "month" => Self::Month,
            "day" => Self::Day,
            "hour" => Self::Hour,
            _ => return None,
        })
    }
}

impl DateTime {
    /// Reads the forms that `plusTime` takes: a full or partial date, or a date-time.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader {
            rest: text.as_bytes(),
        };
        let date = reader.date()?;
        if reader.rest.is_empty() {
            return Some(Self::midnight(date.latest));
        }
        if !date.full {
            return None;
        }
        reader.expect(b'T')?;
        let time = reader.time()?;
        let offset = reader.offset()?;
        reader.rest.is_empty().then_some(())?;
        let local = PrimitiveDateTime::new(date.latest, time);
        Self::in_range(local.assume_utc().checked_sub(offset)?)
    }

    /// Reads the forms that `dccDateOfBirth` takes: a full or partial date. A partial one stands for its
    /// last day.
    pub(super) fn parse_date_of_birth(text: &str) -> Option<Self> {
        let mut reader = Reader {
            rest: text.as_bytes(),
        };
        let date = reader.date()?;
        reader.rest.is_empty().then(|| Self::midnight(date.latest))
    }

    /// Truncates an instant to milliseconds. None outside the years that have four digits.
    pub(crate) fn from_instant(instant: OffsetDateTime) -> Option<Self> {
        let utc = instant.checked_to_offset(UtcOffset::UTC)?;
        Self::in_range(utc.truncate_to_millisecond())
    }

    /// The instant.
    pub(crate) fn instant(self) -> OffsetDateTime {
        self.0
    }

    /// Adds as JavaScript's `setUTC…` does: a day that the month lacks runs over into the next one. None
    /// outside the years 0 to 9999.
    pub(super) fn plus(self, amount: i64, unit: Unit) -> Option<Self> {
        let moved = match unit {
            Unit::Hour => self.0.checked_add(seconds(amount, 3_600)?)?,
            Unit::Day => self.0.checked_add(seconds(amount, 86_400)?)?,
            Unit::Month => self.plus_months(amount)?,
            Unit::Year => self.plus_months(amount.checked_mul(12)?)?,
        };
        Self::in_range(moved)
    }

    fn in_range(instant: OffsetDateTime) -> Option<Self> {
        (0..=9999)
            .contains(&instant.year())
            .then_some(Self(instant))
    }

    fn plus_months(self, amount: i64) -> Option<OffsetDateTime> {
        let month = i64::from(u8::from(self.0.month())) - 1;
        let months = i64::from(self.0.year())
            .checked_mul(12)?
            .checked_add(month)?;
        let months = months.checked_add(amount)?;
        let year = i32::try_from(months.div_euclid(12)).ok()?;
        let month = Month::try_from(u8::try_from(months.rem_euclid(12)).ok()? + 1).ok()?;
        let first = Date::from_calendar_date(year, month, 1).ok()?;
        let day = first.checked_add(Duration::days(i64::from(self.0.day()) - 1))?;
        Some(self.0.replace_date(day))
    }

    fn midnight(date: Date) -> Self {
        Self(date.midnight().assume_utc())
    }
}

/// The form `2021-06-01T00:00:00.000Z`.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second, millisecond) = self.0.to_hms_milli();
        let (year, month, day) = (self.0.year(), u8::from(self.0.month()), self.0.day());
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}Z"
        )
    }
}

fn seconds(amount: i64, each: i64) -> Option<Duration> {
    amount.checked_mul(each).map(Duration::seconds)
}

/// A date as read: the last day that it may mean, and whether it said the day.
struct ReadDate {
    latest: Date,
    full: bool,
}

/// Reads a date-time from its start. A table of formats cannot say "any number of decimals", nor the
/// offsets of one to four digits.
struct Reader<'t> {
    rest: &'t [u8],
}

impl<'t> Reader<'t> {
    fn date(&mut self) -> Option<ReadDate> {
        let year = i32::try_from(self.number(4)?).ok()?;
        if self.expect(b'-').is_none() {
            let latest = Date::from_calendar_date(year, Month::December, 31).ok()?;
            return Some(ReadDate {
                latest,
                full: false,
            });
        }
        let month = Month::try_from(u8::try_from(self.number(2)?).ok()?).ok()?;
        if self.expect(b'-').is_none() {
            let latest = Date::from_calendar_date(year, month, month.length(year)).ok()?;
            return Some(ReadDate {
                latest,
                full: false,
            });
        }
        let day = u8::try_from(self.number(2)?).ok()?;
        let latest = Date::from_calendar_date(year, month, day).ok()?;
        Some(ReadDate { latest, full: true })
    }

    fn time(&mut self) -> Option<Time> {
        let hour = u8::try_from(self.number(2)?).ok()?;
        self.expect(b':')?;
        let minute = u8::try_from(self.number(2)?).ok()?;
        self.expect(b':')?;
        let second = u8::try_from(self.number(2)?).ok()?;
        let millisecond = match self.expect(b'.') {
            Some(()) => self.milliseconds()?,
            None => 0,
        };
        Time::from_hms_milli(hour, minute, second, millisecond).ok()
    }

    /// The decimals after the point: those beyond the third are dropped, not rounded.
    fn milliseconds(&mut self) -> Option<u16> {
        let decimals = self.digits();
        if decimals.is_empty() {
            return None;
        }
        let padded = decimals.iter().copied().chain([b'0', b'0']).take(3);
        Some(padded.fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0')))
    }

    /// The offset from UTC: `Z`, nothing, or a sign and `h`, `hh`, `hmm`, `hhmm`, `h:mm`, `hh:mm`.
    fn offset(&mut self) -> Option<Duration> {
        let sign = match self.rest {
            [] => return Some(Duration::ZERO),
            [b'Z', rest @ ..] => {
                self.rest = rest;
                return Some(Duration::ZERO);
            }
            [b'+', rest @ ..] => {
                self.rest = rest;
                1
            }
            [b'-', rest @ ..] => {
                self.rest = rest;
                -1
            }
            _ => return None,
        };
        let digits = self.digits();
        let (hours, minutes) = match (digits.len(), self.expect(b':')) {
            (1 | 2, None) => (decimal(digits), 0),
            (3 | 4, None) => {
                let (hours, minutes) = digits.split_at(digits.len() - 2);
                (decimal(hours), decimal(minutes))
            }
            (1 | 2, Some(())) => (decimal(digits), self.number(2)?),
            _ => return None,
        };
        (hours < 24 && minutes < 60).then_some(())?;
        Some(Duration::minutes(sign * i64::from(hours * 60 + minutes)))
    }

    fn number(&mut self, length: usize) -> Option<u32> {
        let (digits, rest) = self.rest.split_at_checked(length)?;
        digits.iter().all(u8::is_ascii_digit).then_some(())?;
        self.rest = rest;
        Some(decimal(digits))
    }

    fn digits(&mut self) -> &'t [u8] {
        let length = self
            .rest
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        digits
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        let (first, rest) = self.rest.split_first()?;
        (*first == byte).then_some(())?;
        self.rest = rest;
        Some(())
    }
}

/// The value of at most four digits.
fn decimal(digits: &[u8]) -> u32 {
    digits
        .iter()
        .fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
}

#[cfg(test)]
mod tests;
