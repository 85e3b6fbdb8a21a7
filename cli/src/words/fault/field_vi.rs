//! Tiếng Việt, về từng trường của nội dung.

use hcert::{date::DateError, dcc::Problem};

/// Trường sai ở điểm nào.
pub(super) fn problem(problem: &Problem) -> String {
    match problem {
        Problem::Missing => "còn thiếu".into(),
        Problem::UnknownField => "không phải trường đã biết".into(),
        Problem::WrongType { found, expected } => {
            format!("là {}, phải là {}", json_type(found), json_type(expected))
        }
        Problem::Empty => "để trống".into(),
        Problem::TooLong { length, limit } => format!("có {length} ký tự, tối đa {limit}"),
        Problem::ControlCharacter { found } => {
            format!("có ký tự điều khiển U+{:04X}", u32::from(*found))
        }
        Problem::OuterSpaces => "có khoảng trắng ở đầu hoặc cuối".into(),
        Problem::Form => "không đúng dạng".into(),
        Problem::Date(error) => date(*error),
        Problem::Range => "nằm ngoài khoảng cho phép".into(),
        Problem::Count { found } => format!("có {found} mục, phải có 1"),
        Problem::SecondEvent => "đi kèm một sự kiện khác".into(),
        Problem::NoTransliteration { letter } => format!(
            "không chuyển được từ tên, chưa có quy tắc cho chữ U+{:04X}",
            u32::from(*letter)
        ),
        Problem::Contradiction { other, why } => format!("mâu thuẫn với {other}: {}", reason(why)),
        Problem::Future => "nằm ở tương lai".into(),
        Problem::UnknownCode { set } => format!("không có trong bộ mã {set}"),
        Problem::InactiveCode { set } => format!("là mã trong bộ {set} nhưng không còn dùng"),
        other => other.to_string(),
    }
}

/// Ngày sai ở điểm nào.
pub(super) fn date(error: DateError) -> String {
    match error {
        DateError::Shape { expected } => format!("không có dạng {expected}"),
        DateError::Year { year } => format!("có năm {year} nằm ngoài 1900 đến 2099"),
        DateError::Month { month } => format!("có tháng {month} không tồn tại"),
        DateError::Day { day } => format!("có ngày {day} không tồn tại trong tháng đó"),
        DateError::Time => "có giờ hoặc múi giờ không tồn tại".into(),
        other => other.to_string(),
    }
}

fn json_type(name: &str) -> &str {
    match name {
        "a boolean" => "giá trị đúng/sai",
        "a number" => "một số",
        "a text" => "một văn bản",
        "a list" => "một danh sách",
        "an object" => "một đối tượng",
        other => other,
    }
}

fn reason(why: &str) -> &str {
    match why {
        "the birth is after the event" => "sinh sau sự kiện",
        "the end is before the start" => "kết thúc trước khi bắt đầu",
        "the start is before the first positive test" => {
            "bắt đầu trước lần xét nghiệm dương tính đầu tiên"
        }
        other => other,
    }
}

/// Giá trị được phép; cụm từ lạ được giữ nguyên.
pub(super) fn allowed(phrase: &str) -> String {
    if let Some(rest) = phrase.strip_prefix("a code of the value set ") {
        let set = rest.replace(", perhaps ", ", có thể là ");
        return format!("mã thuộc bộ {set}");
    }
    if let Some(rest) = phrase.strip_prefix("did you mean ") {
        let rest = rest.replace("? one of ", "? một trong ");
        return format!("có phải là {rest}");
    }
    if let Some(rest) = phrase.strip_prefix("one of ") {
        return format!("một trong {rest}");
    }
    match phrase {
        "1 to 10 letters A to Z, an ISO 3166 code such as VN" => {
            "1 đến 10 chữ A đến Z, mã ISO 3166 như VN"
        }
        "1 to 80 characters, URN:UVCI:01:VN:...#..." => "1 đến 80 ký tự, URN:UVCI:01:VN:...#...",
        "YYYY-MM-DD, 1900 to 2099" => "YYYY-MM-DD, từ 1900 đến 2099",
        "YYYY-MM-DD, YYYY-MM, YYYY or empty, 1900 to 2099" => {
            "YYYY-MM-DD, YYYY-MM, YYYY hoặc để trống, từ 1900 đến 2099"
        }
        "a date and time with offset, 2021-06-11T17:30:00+07:00" => {
            "ngày giờ có múi giờ, 2021-06-11T17:30:00+07:00"
        }
        "a day not after the event" => "một ngày không sau sự kiện",
        "a day not before df" => "một ngày không trước df",
        "a day not before fr" => "một ngày không trước fr",
        "a day that has been" => "một ngày đã qua",
        "a moment before the issue" => "một thời điểm trước lúc cấp",
        "a list of one entry" => "danh sách có một mục",
        "a text" => "một văn bản",
        "a text of one line" => "văn bản một dòng",
        "a whole number from 1" => "số nguyên từ 1",
        "an object with fn, gn, fnt, gnt" => "đối tượng gồm fn, gn, fnt, gnt",
        "at most 80 characters" => "tối đa 80 ký tự",
        "at most 80 of the characters A to Z and <" => "tối đa 80 ký tự A đến Z và <",
        "exactly one of v, t and r" => "đúng một trong v, t và r",
        "no spaces around it" => "không có khoảng trắng ở hai đầu",
        "the code of the device, for a rapid test (LP217198-3)" => {
            "mã thiết bị, đối với xét nghiệm nhanh (LP217198-3)"
        }
        "the name of the test, for an amplification test (LP6464-4)" => {
            "tên xét nghiệm, đối với xét nghiệm khuếch đại (LP6464-4)"
        }
        "the name in the letters of the passport, A to Z and <" => {
            "tên bằng chữ của hộ chiếu, A đến Z và <"
        }
        other => other,
    }
    .into()
}
