//! The languages of the pages, and how each writes things.

use axum::extract::Request;
use hcert::time::Timestamp;

use crate::http::cookie;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

/// The language of a page, and how it writes things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tongue {
    language: Language,
    /// Minutes east of UTC.
    offset: i16,
}

impl Tongue {
    /// In a language, with times in UTC.
    pub const fn new(language: Language) -> Tongue {
        Tongue {
            language,
            offset: 0,
        }
    }

    /// With times of a place, so many minutes east of UTC: everybody there knows which. Times in
    /// UTC say so.
    #[must_use]
    pub const fn with_offset(self, minutes: i16) -> Tongue {
        Tongue {
            offset: minutes,
            ..self
        }
    }

    /// Of a request: asked for (`?language=en`), chosen before and kept in the cookie of this
    /// name, or the service's own.
    pub fn of(request: &Request, default: Language, cookie_name: &str) -> Tongue {
        let asked = request.uri().query().unwrap_or_default();
        let asked = asked
            .split('&')
            .find_map(|pair| pair.strip_prefix("language=").map(str::to_owned));
        let chosen = asked.or_else(|| cookie(request.headers(), cookie_name));
        Tongue::new(match chosen.as_deref() {
            Some("vi") => Language::Vi,
            Some("en") => Language::En,
            _ => default,
        })
    }

    /// Which it is.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// One of two texts.
    pub fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Vi => vi,
            Language::En => en,
        }
    }

    /// The tag in HTML.
    pub fn tag(&self) -> &'static str {
        match self.language {
            Language::Vi => "vi",
            Language::En => "en",
        }
    }

    /// The other language, and its name in itself.
    pub fn other(&self) -> (&'static str, &'static str) {
        match self.language {
            Language::Vi => ("en", "English"),
            Language::En => ("vi", "Tiếng Việt"),
        }
    }

    /// An instant, seconds since 1970: `22/11/2026 14:05 UTC`, `22 Nov 2026 14:05 UTC`; without
    /// `UTC` where the times are of a place.
    pub fn time(&self, at: &i64) -> String {
        let at = at.saturating_add(i64::from(self.offset) * 60);
        let at = Timestamp::saturating(at).to_date_time();
        let day = self.day(at.year(), u8::from(at.month()), at.day());
        let zone = if self.offset == 0 { " UTC" } else { "" };
        format!("{day} {:02}:{:02}{zone}", at.hour(), at.minute())
    }

    /// An ISO date, also one without day or month: `26/02/1998`, `02/1998`, `1998`;
    /// `26 Feb 1998`, `Feb 1998`, `1998`. What is no such date stays as it is.
    pub fn date(&self, text: &str) -> String {
        let number = |text: &str, length: usize| {
            let digits = text.len() == length && text.bytes().all(|c| c.is_ascii_digit());
            digits.then(|| text.parse::<u16>().ok()).flatten()
        };
        let small = |text: &str, most: u8| {
            let number = u8::try_from(number(text, 2)?).ok()?;
            (1..=most).contains(&number).then_some(number)
        };
        let mut parts = text.split('-');
        let mut written = || {
            let year = i32::from(number(parts.next()?, 4)?);
            let Some(month) = parts.next() else {
                return Some(format!("{year:04}"));
            };
            let month = small(month, 12)?;
            let Some(day) = parts.next() else {
                return Some(match self.language {
                    Language::Vi => format!("{month:02}/{year:04}"),
                    Language::En => format!("{} {year:04}", name_of(month)),
                });
            };
            let day = small(day, 31)?;
            let end = parts.next().is_none();
            end.then(|| self.day(year, month, day))
        };
        written().unwrap_or_else(|| text.to_owned())
    }

    fn day(&self, year: i32, month: u8, day: u8) -> String {
        match self.language {
            Language::Vi => format!("{day:02}/{month:02}/{year:04}"),
            Language::En => format!("{day} {} {year:04}", name_of(month)),
        }
    }

    /// A length of time, as people say it.
    pub fn span(&self, seconds: &i64) -> String {
        let (count, vi, en) = match seconds.unsigned_abs() {
            s if s < 120 => (s, "giây", "s"),
            s if s < 2 * 3600 => (s / 60, "phút", "min"),
            s if s < 48 * 3600 => (s / 3600, "giờ", "h"),
            s => (s / 86400, "ngày", "days"),
        };
        format!("{count} {}", self.say(vi, en))
    }

    /// A number of bytes, as people say it.
    pub fn bytes(&self, bytes: &u64) -> String {
        match *bytes {
            b if b < 10_000 => format!("{b} B"),
            b if b < 10_000_000 => format!("{} kB", b / 1000),
            b => format!("{} MB", b / 1_000_000),
        }
    }

    /// A number with its thousands apart: `1.234.567`, `1,234,567`.
    pub fn number(&self, number: &i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let mut text = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push_str(self.say(".", ","));
            }
            text.push(digit);
        }
        if *number < 0 {
            format!("-{text}")
        } else {
            text
        }
    }
}

/// A month's name in English.
fn name_of(month: u8) -> &'static str {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let index = usize::from(month).saturating_sub(1);
    MONTHS.get(index).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_people_write() {
        let (vi, en) = (Tongue::new(Language::Vi), Tongue::new(Language::En));
        let at = "2026-11-02T04:05:06Z".parse::<Timestamp>().unwrap().unix();
        assert_eq!(vi.time(&at), "02/11/2026 04:05 UTC");
        assert_eq!(en.time(&at), "2 Nov 2026 04:05 UTC");
        assert_eq!(
            (vi.number(&1234567), en.number(&1234567)),
            ("1.234.567".into(), "1,234,567".into())
        );
        assert_eq!(
            (vi.number(&0), en.number(&-999)),
            ("0".into(), "-999".into())
        );
        assert_eq!(
            (vi.span(&-90), en.span(&7200)),
            ("90 giây".into(), "2 h".into())
        );
        assert_eq!(en.span(&(86400 * 3)), "3 days");
    }

    #[test]
    fn times_of_a_place() {
        let vi = Tongue::new(Language::Vi).with_offset(420);
        let at = "2026-12-31T20:05:06Z".parse::<Timestamp>().unwrap().unix();
        assert_eq!(vi.time(&at), "01/01/2027 03:05");
        let en = Tongue::new(Language::En).with_offset(-90);
        assert_eq!(en.time(&at), "31 Dec 2026 18:35");
        assert!(!en.time(&i64::MAX).is_empty() && !en.time(&i64::MIN).is_empty());
    }

    #[test]
    fn dates_of_birth() {
        let (vi, en) = (Tongue::new(Language::Vi), Tongue::new(Language::En));
        for (iso, in_vi, in_en) in [
            ("1998-02-26", "26/02/1998", "26 Feb 1998"),
            ("1998-02-06", "06/02/1998", "6 Feb 1998"),
            ("1998-02", "02/1998", "Feb 1998"),
            ("1998", "1998", "1998"),
        ] {
            assert_eq!((vi.date(iso), en.date(iso)), (in_vi.into(), in_en.into()));
        }
        for other in [
            "",
            "98",
            "1998-2",
            "1998-13",
            "1998-00-01",
            "1998-02-32",
            "1998-02-26T00:00",
            "1998-02-26-1",
            "năm",
            "+998",
        ] {
            assert_eq!(en.date(other), other);
        }
    }
}
