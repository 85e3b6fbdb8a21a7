//! Times as people at the gate write them.

use hcert::time::Timestamp;
use jiff::tz::{Offset, TimeZone};
use verifier::wording::Language;

/// Where the gate stands: which times its people mean.
#[derive(Debug, Clone)]
pub struct Place(TimeZone);

/// `2027-01-15T08:00:00Z`
const LENGTH: usize = 20;

impl Place {
    /// By the machine's own time zone; UTC if it has none.
    pub fn of_this_machine() -> Place {
        Place(TimeZone::try_system().unwrap_or(TimeZone::UTC))
    }

    /// So many hours east of UTC, the whole year.
    pub fn east_of_utc(hours: i8) -> Place {
        Place(Offset::from_hours(hours).map_or(TimeZone::UTC, TimeZone::fixed))
    }

    /// A sentence, in which times as computers write them become times as people do:
    /// `15:00 ngày 15/01/2027`, `15 Jan 2027, 15:00`; with `UTC` where the machine knows no other.
    pub(super) fn in_words(&self, text: &str, language: Language) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let found = rest.get(..LENGTH).filter(|_| c.is_ascii_digit());
            let time = found.and_then(|found| found.parse().ok());
            if let Some(time) = time.and_then(|time| self.words(time, language)) {
                out.push_str(&time);
                rest = rest.get(LENGTH..).unwrap_or_default();
            } else {
                out.push(c);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
        out
    }

    fn words(&self, time: Timestamp, language: Language) -> Option<String> {
        let time = jiff::Timestamp::from_second(time.unix()).ok()?;
        let time = time.to_zoned_datetime(self.0.clone());
        let utc = if self.0 == TimeZone::UTC { " UTC" } else { "" };
        let form = match language {
            Language::Vietnamese => "%H:%M ngày %d/%m/%Y",
            Language::English => "%-d %b %Y, %H:%M",
        };
        Some(match language {
            // The zone belongs to the hour.
            Language::Vietnamese => {
                time.strftime(form)
                    .to_string()
                    .replacen(" ngày", &format!("{utc} ngày"), 1)
            }
            Language::English => format!("{}{utc}", time.strftime(form)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_sentences() {
        let hanoi = Place::east_of_utc(7);
        let (vi, en) = (Language::Vietnamese, Language::English);
        assert_eq!(
            hanoi.in_words("Đã hết hạn lúc 2027-01-15T20:30:00Z. Đề nghị gia hạn.", vi),
            "Đã hết hạn lúc 03:30 ngày 16/01/2027. Đề nghị gia hạn."
        );
        assert_eq!(
            hanoi.in_words("Expired on 2027-01-15T08:00:00Z.", en),
            "Expired on 15 Jan 2027, 15:00."
        );
        assert_eq!(
            hanoi.in_words("from 2027-01-05T08:00:00Z until 2028-01-05T08:00:00Z", en),
            "from 5 Jan 2027, 15:00 until 5 Jan 2028, 15:00"
        );
        let utc = Place(TimeZone::UTC);
        assert_eq!(
            utc.in_words("2027-01-15T08:00:00Z", en),
            "15 Jan 2027, 08:00 UTC"
        );
        assert_eq!(
            utc.in_words("2027-01-15T08:00:00Z", vi),
            "08:00 UTC ngày 15/01/2027"
        );
        // What is none stays.
        for text in [
            "",
            "2027-01-15",
            "2027-13-15T08:00:00Z",
            "12345678901234567890",
            "ngày 2027-01-15T08:00:0đ",
        ] {
            assert_eq!(hanoi.in_words(text, vi), text);
        }
        let _ = Place::of_this_machine().in_words("2027-01-15T08:00:00Z", vi);
    }
}
