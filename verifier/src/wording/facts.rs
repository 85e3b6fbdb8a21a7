//! Dates, doses and the names of a payload's fields.

use alloc::{
    format,
    string::{String, ToString},
};

use hcert::{date::PartialDate, time::Timestamp};

use super::{Language, Wording};

/// Key, English, Vietnamese.
const LABELS: &[(&str, &str, &str)] = &[
    ("vaccination", "Vaccination", "Tiêm chủng"),
    ("test", "Test", "Xét nghiệm"),
    ("recovery", "Recovery", "Khỏi bệnh"),
    ("unknown", "Certificate", "Giấy chứng nhận"),
    ("dose", "Dose", "Mũi tiêm"),
    ("vaccine", "Vaccine", "Vắc xin"),
    ("prophylaxis", "Kind of vaccine", "Loại vắc xin"),
    ("maker", "Made by", "Nhà sản xuất"),
    ("date", "Date", "Ngày"),
    ("disease", "Disease", "Bệnh"),
    ("result", "Result", "Kết quả"),
    ("sampled", "Sampled", "Lấy mẫu"),
    ("device", "Test device", "Sinh phẩm"),
    ("centre", "Tested at", "Nơi xét nghiệm"),
    (
        "first_positive",
        "First positive test",
        "Dương tính lần đầu",
    ),
    ("from", "Valid from", "Có giá trị từ"),
    ("until", "Valid until", "Có giá trị đến"),
    ("batch", "Batch", "Số lô"),
    ("country", "Country", "Quốc gia"),
    ("issuer", "Issued by", "Nơi cấp"),
    ("identifier", "Certificate number", "Số giấy chứng nhận"),
];

impl Wording {
    /// What a field is called; its key if it has no name.
    pub(crate) fn label(self, key: &str) -> &str {
        let label = LABELS.iter().find(|(known, ..)| *known == key);
        match (label, self.0) {
            (Some((_, english, _)), Language::English) => english,
            (Some((_, _, vietnamese)), Language::Vietnamese) => vietnamese,
            (None, _) => key,
        }
    }

    /// Which dose of how many.
    pub fn dose(self, number: i64, of: i64) -> String {
        match self.0 {
            Language::English => format!("dose {number} of {of}"),
            Language::Vietnamese => format!("mũi {number} trên {of}"),
        }
    }

    /// The end of a period.
    pub(crate) fn until(self, end: &str) -> String {
        match self.0 {
            Language::English => format!("until {end}"),
            Language::Vietnamese => format!("đến {end}"),
        }
    }

    /// An instant, to the minute, in UTC.
    pub fn instant(self, instant: Timestamp) -> String {
        let time = instant.to_date_time();
        let (hour, minute) = (time.hour(), time.minute());
        let date = self.day(time.year(), u8::from(time.month()), time.day());
        format!("{date} {hour:02}:{minute:02} UTC")
    }

    /// A date as people say it, as far as it is known: 26 Feb 1998 or 26/02/1998.
    pub fn date(self, date: PartialDate) -> String {
        match (date.year(), date.month(), date.day(), self.0) {
            (Some(year), Some(month), Some(day), _) => self.day(i32::from(year), month, day),
            (Some(year), Some(month), None, Language::English) => {
                format!("{} {year}", english_month(month))
            }
            (Some(year), Some(month), None, Language::Vietnamese) => format!("{month:02}/{year}"),
            (Some(year), ..) => year.to_string(),
            (None, .., Language::English) => "unknown".into(),
            (None, .., Language::Vietnamese) => "không rõ".into(),
        }
    }

    fn day(self, year: i32, month: u8, day: u8) -> String {
        match self.0 {
            Language::English => format!("{day} {} {year}", english_month(month)),
            Language::Vietnamese => format!("{day:02}/{month:02}/{year}"),
        }
    }
}

fn english_month(month: u8) -> &'static str {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    NAMES
        .get(usize::from(month.saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}
