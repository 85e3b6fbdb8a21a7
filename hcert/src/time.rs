//! An instant, as certificates carry it.

use ::time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Whole seconds since 1970-01-01T00:00:00Z, the NumericDate of RFC 8392 section 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text is not an RFC 3339 instant such as `2021-07-01T10:00:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 instant such as 2021-07-01T10:00:00Z")]
pub struct NotRfc3339;

impl Timestamp {
    /// The earliest and latest instants that can be written as RFC 3339 (years 0000 to 9999).
    const RANGE: core::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

    /// From seconds since the epoch; `None` outside the years 0000 to 9999.
    pub fn from_unix(seconds: i64) -> Option<Timestamp> {
        Self::RANGE.contains(&seconds).then_some(Timestamp(seconds))
    }

    /// From seconds since the epoch, held within the years 0000 to 9999.
    pub fn saturating(seconds: i64) -> Timestamp {
        Timestamp(seconds.clamp(*Self::RANGE.start(), *Self::RANGE.end()))
    }

    /// Seconds since the epoch.
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// The instant in UTC.
    pub fn to_date_time(self) -> OffsetDateTime {
        // The range of the type is within that of the other.
        OffsetDateTime::from_unix_timestamp(self.0).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Later (or earlier, when negative) by whole seconds, held within the years 0000 to 9999.
    pub fn plus_seconds(self, seconds: i64) -> Timestamp {
        Timestamp::saturating(self.0.saturating_add(seconds))
    }
}

impl core::str::FromStr for Timestamp {
    type Err = NotRfc3339;

    /// Reads an RFC 3339 instant with any offset; fractions of a second are dropped.
    fn from_str(text: &str) -> Result<Self, NotRfc3339> {
        let instant = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| NotRfc3339)?;
        Timestamp::from_unix(instant.unix_timestamp()).ok_or(NotRfc3339)
    }
}

impl core::fmt::Display for Timestamp {
    /// RFC 3339 in UTC, without a fraction.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // By hand: the library's own formatting needs std.
        let at = self.to_date_time();
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        let (hour, minute, second) = at.to_hms();
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_rfc3339() {
        for (text, seconds) in [
            ("2021-07-01T10:00:00Z", 1_625_133_600),
            ("2021-07-01T12:00:00+02:00", 1_625_133_600),
            ("2021-05-30T13:38:49.9995Z", 1_622_381_929),
            ("1970-01-01T00:00:42Z", 42),
        ] {
            let instant: Timestamp = text.parse().unwrap();
            assert_eq!(instant.unix(), seconds, "{text}");
        }
        assert_eq!(Timestamp(1_625_133_600).to_string(), "2021-07-01T10:00:00Z");
        for (seconds, text) in [
            (-62_167_219_200, "0000-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(Timestamp(seconds).to_string(), text);
        }
        assert!("2021-07-01".parse::<Timestamp>().is_err());
        assert_eq!(Timestamp::from_unix(i64::MAX), None);
    }
}
