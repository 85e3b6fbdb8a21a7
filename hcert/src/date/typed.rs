//! Dates as people in Vietnam type them and as their identity cards carry them: day first.

use super::{Date, DateError, PartialDate};

const EXPECTED: &str = "DD/MM/YYYY, MM/YYYY, YYYY or YYYY-MM-DD";

/// See [`PartialDate::parse_typed`].
pub(super) fn parse(text: &str) -> Result<PartialDate, DateError> {
    let text = text.trim();
    if let Ok(date) = PartialDate::parse(text) {
        return Ok(date);
    }
    let shape = DateError::Shape { expected: EXPECTED };
    if !text
        .bytes()
        .all(|b| b.is_ascii_digit() || b"/-. ".contains(&b))
    {
        return Err(shape);
    }
    // Eight digits in a row: the date of the card's own code, DDMMYYYY.
    if let (8, Some(day), Some(month), Some(year)) =
        (text.len(), text.get(0..2), text.get(2..4), text.get(4..8))
        && text.bytes().all(|b| b.is_ascii_digit())
    {
        return date(year, month, day);
    }
    let mut parts = text
        .split(['/', '-', '.', ' '])
        .filter(|part| !part.is_empty());
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day), None) if year.len() == 4 => date(year, month, day),
        (Some(day), Some(month), Some(year), None) => date(year, month, day),
        (Some(month), Some(year), None, None) => {
            PartialDate::from_month(four_digits(year)?, up_to_two_digits(month)?)
        }
        (Some(year), None, None, None) => PartialDate::from_year(four_digits(year)?),
        _ => Err(shape),
    }
}

fn date(year: &str, month: &str, day: &str) -> Result<PartialDate, DateError> {
    Date::new(
        four_digits(year)?,
        up_to_two_digits(month)?,
        up_to_two_digits(day)?,
    )
    .map(PartialDate::from)
}

fn four_digits(text: &str) -> Result<u16, DateError> {
    super::digits(text, 4).ok_or(DateError::Shape { expected: EXPECTED })
}

fn up_to_two_digits(text: &str) -> Result<u8, DateError> {
    match text.len() {
        1 | 2 => text
            .parse()
            .map_err(|_| DateError::Shape { expected: EXPECTED }),
        _ => Err(DateError::Shape { expected: EXPECTED }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn day_comes_first() {
        for (typed, want) in [
            ("26/02/1998", Some("1998-02-26")),
            ("26-02-1998", Some("1998-02-26")),
            ("26.2.1998", Some("1998-02-26")),
            ("6/2/1998", Some("1998-02-06")),
            ("26 02 1998", Some("1998-02-26")),
            ("26021998", Some("1998-02-26")),
            ("1998", Some("1998")),
            ("02/1998", Some("1998-02")),
            ("2/1998", Some("1998-02")),
            ("1998-02-26", Some("1998-02-26")),
            ("1998/02/26", Some("1998-02-26")),
            (" 26/02/1998 ", Some("1998-02-26")),
            ("", Some("")),
            ("02/26/1998", None),
            ("31/04/1998", None),
            ("26/02/98", None),
            ("260298", None),
            ("32011998", None),
            ("26/02/1898", None),
            ("/", None),
            ("26/02/1998/1", None),
            ("026/02/1998", None),
            ("26 tháng 2 1998", None),
        ] {
            let got = parse(typed).ok().map(|date| date.to_string());
            assert_eq!(got.as_deref(), want, "{typed:?}");
        }
        assert_eq!(parse("31/04/1998"), Err(DateError::Day { day: 31 }));
        assert_eq!(parse("02/26/1998"), Err(DateError::Month { month: 26 }));
    }
}
