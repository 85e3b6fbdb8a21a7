//! The language of a page.

use axum::extract::Request;
use hcert::time::Timestamp;

use super::LANGUAGE_COOKIE;
use crate::{config::Language, http::access::cookie};

/// The language of a page, and how it writes things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tongue(Language);

impl Tongue {
    /// Of a request: asked for, chosen before, or the service's own.
    pub(crate) fn of(request: &Request, default: Language) -> Tongue {
        let asked = request.uri().query().unwrap_or_default();
        let asked = asked
            .split('&')
            .find_map(|pair| pair.strip_prefix("language=").map(str::to_owned));
        let chosen = asked.or_else(|| cookie(request.headers(), LANGUAGE_COOKIE));
        Tongue(match chosen.as_deref() {
            Some("vi") => Language::Vi,
            Some("en") => Language::En,
            _ => default,
        })
    }

    /// One of two texts.
    pub(crate) fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        match self.0 {
            Language::Vi => vi,
            Language::En => en,
        }
    }

    /// The tag in HTML.
    pub(crate) fn tag(&self) -> &'static str {
        match self.0 {
            Language::Vi => "vi",
            Language::En => "en",
        }
    }

    /// The other language, and its name in itself.
    pub(crate) fn other(&self) -> (&'static str, &'static str) {
        match self.0 {
            Language::Vi => ("en", "English"),
            Language::En => ("vi", "Tiếng Việt"),
        }
    }

    /// An instant in UTC: `22/11/2026 14:05 UTC`, `22 Nov 2026 14:05 UTC`.
    pub(crate) fn time(&self, at: &i64) -> String {
        const MONTHS: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let at = Timestamp::saturating(*at).to_date_time();
        let (day, month, year) = (at.day(), u8::from(at.month()), at.year());
        let (hour, minute) = (at.hour(), at.minute());
        match self.0 {
            Language::Vi => format!("{day:02}/{month:02}/{year} {hour:02}:{minute:02} UTC"),
            Language::En => {
                let name = MONTHS.get(usize::from(month) - 1).unwrap_or(&"");
                format!("{day} {name} {year} {hour:02}:{minute:02} UTC")
            }
        }
    }

    /// A length of time, as people say it.
    pub(crate) fn span(&self, seconds: &i64) -> String {
        let (count, vi, en) = match seconds.unsigned_abs() {
            s if s < 120 => (s, "giây", "s"),
            s if s < 2 * 3600 => (s / 60, "phút", "min"),
            s if s < 48 * 3600 => (s / 3600, "giờ", "h"),
            s => (s / 86400, "ngày", "days"),
        };
        format!("{count} {}", self.say(vi, en))
    }

    /// A number of bytes, as people say it.
    pub(crate) fn bytes(&self, bytes: &u64) -> String {
        match *bytes {
            b if b < 10_000 => format!("{b} B"),
            b if b < 10_000_000 => format!("{} kB", b / 1000),
            b => format!("{} MB", b / 1_000_000),
        }
    }

    /// A number with its thousands apart: `1.234.567`, `1,234,567`.
    pub(crate) fn number(&self, number: &i64) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_people_write() {
        let (vi, en) = (Tongue(Language::Vi), Tongue(Language::En));
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
}
