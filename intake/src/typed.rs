//! Dates and times as people and spreadsheets write them.

use hcert::date::{Date, DateError, DateTime, PartialDate};

use crate::{
    finding::{Form, Problem},
    plain::{is_digits, plain},
};

/// What was read, and a note where something was mended.
pub(crate) type Read<T> = Result<(T, Option<Problem>), Problem>;

/// A date of birth: whole, or of which the day or the month is missing; the year has to be there.
pub(crate) fn birth(text: &str) -> Read<PartialDate> {
    let (date, note) = partial(text)?;
    match date.year() {
        Some(_) => Ok((date, note)),
        None => Err(Problem::Missing),
    }
}

/// A whole date.
pub(crate) fn date(text: &str) -> Read<Date> {
    let (date, note) = partial(text)?;
    let date = date.full().ok_or(Problem::Form(Form::Date))?;
    Ok((date, note))
}

/// Date and time; where no offset is written, `offset` (minutes east of UTC) is meant.
pub(crate) fn date_time(text: &str, offset: i16) -> Read<DateTime> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::Missing);
    }
    if let Ok(moment) = DateTime::parse(text) {
        return Ok((moment, None));
    }
    let wrong = Problem::Form(Form::DateTime);
    let (day, clock) = text
        .split_once(['T', ' '])
        .ok_or_else(|| match date(text) {
            Ok(_) => Problem::TimeMissing,
            Err(
                problem @ (Problem::Date(_) | Problem::SwappedDate { .. } | Problem::TwoDigitYear),
            ) => problem,
            Err(_) => wrong.clone(),
        })?;
    // The time may stand before the day: `14:30 20/12/2021`, also with a comma.
    let (day, clock) = if day.contains([':', 'h']) {
        (clock, day)
    } else {
        (day, clock)
    };
    let (day, note) = date(day.trim_matches([',', ' ']))?;
    let clock = clock.trim_matches([',', ' ']).replace(['h', 'H', 'g'], ":");
    let clock = clock.trim_end_matches(':');
    let mut parts = clock.split(':').map(|part| {
        let right = (1..=2).contains(&part.len()) && is_digits(part);
        right.then(|| part.parse::<u8>().ok()).flatten()
    });
    let mut next = || parts.next().unwrap_or(Some(0)).ok_or(wrong.clone());
    let (hour, minute, second) = (next()?, next()?, next()?);
    if parts.next().is_some() {
        return Err(wrong);
    }
    let sign = if offset < 0 { '-' } else { '+' };
    let (h, m) = (offset.unsigned_abs() / 60, offset.unsigned_abs() % 60);
    let text = format!("{day}T{hour:02}:{minute:02}:{second:02}{sign}{h:02}:{m:02}");
    match DateTime::parse(&text) {
        Ok(moment) => Ok((moment, note)),
        Err(error) => Err(Problem::Date(error)),
    }
}

fn partial(text: &str) -> Read<PartialDate> {
    let text = text.trim().trim_start_matches('\'').trim();
    if text.is_empty() {
        return Err(Problem::Missing);
    }
    if text.len() > 40 {
        return Err(Problem::Form(Form::Date));
    }
    // A date cell of a spreadsheet that was exported with its time.
    let text = match text.split_once([' ', 'T']) {
        Some((day, clock)) if day.len() >= 8 && is_midnight(clock) => day,
        _ => text,
    };
    if is_digits(text) {
        match text.len() {
            // The first zero of 01011990, dropped.
            7 => {
                let whole = format!("0{text}");
                return typed(&whole).map(|date| (date, Some(Problem::ZerosRestored)));
            }
            5 => {
                let read = text
                    .parse()
                    .ok()
                    .and_then(from_serial)
                    .ok_or(Problem::Form(Form::Date))?;
                return Ok((read.into(), Some(Problem::SerialDate { read })));
            }
            // 19980226, which no day of a month can begin.
            8 if text.starts_with("19") || text.starts_with("20") => {
                if let Err(first) = typed(text) {
                    let (year, rest) = text.split_at_checked(4).unwrap_or((text, ""));
                    let (month, day) = rest.split_at_checked(2).unwrap_or((rest, ""));
                    let date = Date::parse(&format!("{year}-{month}-{day}"));
                    return date.map(|date| (date.into(), None)).map_err(|_| first);
                }
            }
            _ => {}
        }
    }
    let words = in_words(text);
    typed(words.as_deref().unwrap_or(text)).map(|date| (date, None))
}

fn typed(text: &str) -> Result<PartialDate, Problem> {
    PartialDate::parse_typed(text).map_err(|error| match error {
        DateError::Month { .. } => swapped(text).map_or(Problem::Date(error), |perhaps| {
            Problem::SwappedDate { perhaps }
        }),
        DateError::Shape { .. } if has_two_digit_year(text) => Problem::TwoDigitYear,
        DateError::Shape { .. } => Problem::Form(Form::Date),
        other => Problem::Date(other),
    })
}

/// The date with day and month the other way round, if there is one.
fn swapped(text: &str) -> Option<Date> {
    let mut parts = text
        .split(['/', '-', '.', ' '])
        .map(|part| part.parse::<u16>().ok());
    let (a, b, c) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = if a > 999 { (a, c, b) } else { (c, a, b) };
    Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?).ok()
}

/// The same day with day and month swapped, where that is another date.
pub(crate) fn other_way_round(date: Date) -> Option<Date> {
    let other = Date::new(date.year(), date.day(), date.month()).ok()?;
    (other != date).then_some(other)
}

fn has_two_digit_year(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['/', '-', '.', ' ']).collect();
    matches!(parts.as_slice(), [a, b, c] if [a, b, c].iter().all(|part| is_digits(part) && part.len() <= 2))
}

/// `ngày 26 tháng 2 năm 1998`, `26 Feb 1998`, `26-Feb-1998`, `năm 1998`.
fn in_words(text: &str) -> Option<String> {
    if !text.chars().any(char::is_alphabetic) {
        return None;
    }
    let mut numbers = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '-' | ',' | '/' | '.')) {
        match plain(word).as_str() {
            "" | "ngay" | "thang" | "nam" => {}
            digits if is_digits(digits) => numbers.push(digits.to_owned()),
            month => {
                let at = MONTHS
                    .iter()
                    .position(|name| month.len() >= 3 && name.starts_with(month))?;
                numbers.push((at + 1).to_string());
            }
        }
    }
    // The year comes last, and has four digits.
    let year = numbers.last()?;
    (numbers.len() <= 3 && year.len() == 4).then(|| numbers.join("/"))
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn is_midnight(clock: &str) -> bool {
    let digits: String = plain(clock);
    let digits = digits.trim_end_matches(['z', 'a', 'm', 'p', 's']);
    !digits.is_empty() && (digits.chars().all(|c| c == '0') || digits == "120000")
}

/// The day of a spreadsheet's number, in the date system of 1900; from 1 March 1900, since
/// spreadsheets count a 29 February 1900 that never was.
pub(crate) fn from_serial(number: i32) -> Option<Date> {
    /// 1 March 1900.
    const FIRST: i32 = 61;
    let first = Date::new(1900, 3, 1).ok()?;
    number
        .checked_sub(FIRST)
        .filter(|days| *days >= 0)
        .and_then(|days| first.add_days(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn births_as_people_write_them() {
        for (text, want) in [
            ("26/02/1998", "1998-02-26"),
            ("26-2-1998", "1998-02-26"),
            ("26.02.1998", "1998-02-26"),
            ("26021998", "1998-02-26"),
            ("1998-02-26", "1998-02-26"),
            ("19980226", "1998-02-26"),
            ("19121998", "1998-12-19"),
            ("1998-02-26 00:00:00", "1998-02-26"),
            ("26/02/1998 12:00:00 AM", "1998-02-26"),
            ("02/1998", "1998-02"),
            ("1998", "1998"),
            ("năm 1998", "1998"),
            ("Ngày 26 tháng 2 năm 1998", "1998-02-26"),
            ("26 Feb 1998", "1998-02-26"),
            ("'26/02/1998", "1998-02-26"),
        ] {
            assert_eq!(
                birth(text).map(|(date, note)| (date.to_string(), note)),
                Ok((want.into(), None)),
                "{text}"
            );
        }
        let restored = birth("1011990").map(|(date, note)| (date.to_string(), note));
        assert_eq!(
            restored,
            Ok(("1990-01-01".into(), Some(Problem::ZerosRestored)))
        );
        let serial = birth("35852").map(|(date, _)| date.to_string());
        assert_eq!(serial, Ok("1998-02-26".into()));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let swapped = Date::new(1998, 2, 26).unwrap();
        for (text, want) in [
            ("", Problem::Missing),
            ("02/26/1998", Problem::SwappedDate { perhaps: swapped }),
            ("1998-26-02", Problem::SwappedDate { perhaps: swapped }),
            ("30/02/1998", Problem::Date(DateError::Day { day: 30 })),
            ("26/02/98", Problem::TwoDigitYear),
            ("không rõ", Problem::Form(Form::Date)),
            ("26/02/1898", Problem::Date(DateError::Year { year: 1898 })),
            ("00001", Problem::Form(Form::Date)),
            ("02/2021", Problem::Form(Form::Date)),
        ] {
            assert_eq!(date(text).map(|read| read.0), Err(want), "{text}");
        }
    }

    #[test]
    fn times() {
        for (text, want) in [
            ("20/12/2021 14:30", "2021-12-20T14:30:00+07:00"),
            ("14:30 20/12/2021", "2021-12-20T14:30:00+07:00"),
            ("14h30, 20/12/2021", "2021-12-20T14:30:00+07:00"),
            ("20/12/2021 9h", "2021-12-20T09:00:00+07:00"),
            ("2021-12-20 14:30:05", "2021-12-20T14:30:05+07:00"),
            ("2021-12-20T14:30", "2021-12-20T14:30:00+07:00"),
            ("2021-12-20T14:30:00Z", "2021-12-20T14:30:00Z"),
        ] {
            assert_eq!(
                date_time(text, 420).map(|read| read.0.to_rfc3339()),
                Ok(want.into()),
                "{text}"
            );
        }
        for (text, want) in [
            ("20/12/2021", Problem::TimeMissing),
            ("20/12/2021 25:00", Problem::Date(DateError::Time)),
            ("20/12/2021 14:30:00:00", Problem::Form(Form::DateTime)),
            ("hôm qua", Problem::Form(Form::Date)),
            ("x", Problem::Form(Form::DateTime)),
        ] {
            assert_eq!(
                date_time(text, 420).map(|read| read.0.to_rfc3339()),
                Err(want),
                "{text}"
            );
        }
    }

    #[test]
    fn serial_numbers() {
        for (number, want) in [
            (61, "1900-03-01"),
            (44550, "2021-12-20"),
            (36526, "2000-01-01"),
        ] {
            assert_eq!(
                from_serial(number).map(|date| date.to_string()),
                Some(want.into())
            );
        }
        assert_eq!(from_serial(60), None);
        assert_eq!(from_serial(i32::MAX), None);
    }
}
