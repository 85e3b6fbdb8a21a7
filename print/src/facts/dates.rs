//! Dates as people write them: `26/02/1998` in Vietnamese, `26 Feb 1998` in English.

use hcert::date::{Date, DateTime, PartialDate};

use super::Words;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn month(number: u8) -> &'static str {
    usize::from(number)
        .checked_sub(1)
        .and_then(|index| MONTHS.get(index))
        .copied()
        .unwrap_or_default()
}

pub(crate) fn date(date: Date) -> Words {
    let (year, number, day) = (date.year(), date.month(), date.day());
    Words::new(
        format!("{day:02}/{number:02}/{year}"),
        format!("{day} {} {year}", month(number)),
    )
}

pub(crate) fn partial_date(date: PartialDate) -> Words {
    match (date.full(), date.year(), date.month()) {
        (Some(full), ..) => self::date(full),
        (None, Some(year), Some(number)) => Words::new(
            format!("{number:02}/{year}"),
            format!("{} {year}", month(number)),
        ),
        (None, Some(year), None) => Words::same(year.to_string()),
        (None, None, _) => Words::new("không rõ", "unknown"),
    }
}

/// The local time where the sample was taken, with its offset: a border counts hours.
pub(super) fn date_time(time: &DateTime) -> Words {
    let offset = i64::from(time.offset_minutes());
    let minutes = (time.unix_seconds() + offset * 60).div_euclid(60);
    let (hour, minute) = (
        minutes.div_euclid(60).rem_euclid(24),
        minutes.rem_euclid(60),
    );
    let sign = if offset < 0 { '\u{2212}' } else { '+' };
    let (hours, rest) = (offset.abs() / 60, offset.abs() % 60);
    let zone = if offset == 0 {
        "UTC".to_owned()
    } else if rest == 0 {
        format!("UTC{sign}{hours}")
    } else {
        format!("UTC{sign}{hours}:{rest:02}")
    };
    let day = date(time.local_date());
    Words::new(
        format!("{} {hour:02}:{minute:02} ({zone})", day.vi),
        format!("{} {hour:02}:{minute:02}", day.en),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (text, vi, en) in [
            ("1998-02-26", "26/02/1998", "26 Feb 1998"),
            ("2021-12-01", "01/12/2021", "1 Dec 2021"),
            ("1963-05", "05/1963", "May 1963"),
            ("1963", "1963", "1963"),
            ("", "không rõ", "unknown"),
        ] {
            let date = PartialDate::parse(text).unwrap();
            assert_eq!(partial_date(date), Words::new(vi, en));
        }
    }

    #[test]
    fn times_are_local() {
        for (text, vi, en) in [
            (
                "2021-12-20T23:30:00+07:00",
                "20/12/2021 23:30 (UTC+7)",
                "20 Dec 2021 23:30",
            ),
            (
                "2021-12-20T23:30:00Z",
                "20/12/2021 23:30 (UTC)",
                "20 Dec 2021 23:30",
            ),
            (
                "2021-12-20T00:05:00+05:30",
                "20/12/2021 00:05 (UTC+5:30)",
                "20 Dec 2021 00:05",
            ),
            (
                "2021-12-20T00:05:00-03:00",
                "20/12/2021 00:05 (UTC\u{2212}3)",
                "20 Dec 2021 00:05",
            ),
        ] {
            let time = DateTime::parse(text).unwrap();
            assert_eq!(date_time(&time), Words::new(vi, en), "{text}");
        }
    }
}
