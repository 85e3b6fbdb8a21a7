//! Tiếng Việt.

use crate::{
    Answer, Doubt,
    mrz::{Field, MrzError},
};

pub(super) const INSURANCE_CARD: &str =
    "Thẻ bảo hiểm y tế không chứng minh được danh tính. Yêu cầu thẻ căn cước hoặc hộ chiếu.";

pub(super) fn answer(answer: &Answer) -> &'static str {
    match answer {
        Answer::Match => "CÙNG MỘT NGƯỜI",
        Answer::NoMatch(_) => "KHÔNG CÙNG NGƯỜI",
        Answer::CantSay(_) => "KHÔNG XÁC ĐỊNH",
    }
}

pub(super) fn difference(is_name: bool) -> &'static str {
    if is_name {
        "Họ tên khác nhau. Yêu cầu giấy tờ đã dùng khi cấp chứng nhận."
    } else {
        "Ngày sinh khác nhau. Yêu cầu giấy tờ đã dùng khi cấp chứng nhận."
    }
}

pub(super) fn doubt(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::NamePart => "Một bên có phần tên mà bên kia không có. Hãy so bằng mắt.",
        Doubt::NameOrder => "Cùng các chữ nhưng khác thứ tự. Hãy so bằng mắt.",
        Doubt::NameSpelling => "Tên viết khác nhau theo cách phiên âm. Hãy so bằng mắt.",
        Doubt::NameMarks => "Cùng chữ cái nhưng khác dấu. Hãy so bằng mắt.",
        Doubt::NameScript => {
            "Không so được tên: không biết cách viết như trên hộ chiếu. Hãy so bằng mắt."
        }
        Doubt::BirthPart => "Ngày sinh không đầy đủ. Hãy so bằng mắt.",
    }
}

fn field(field: Field) -> &'static str {
    match field {
        Field::Kind => "loại giấy tờ",
        Field::Issuer => "nước cấp",
        Field::Name => "họ tên",
        Field::Number => "số giấy tờ",
        Field::Nationality => "quốc tịch",
        Field::Birth => "ngày sinh",
        Field::Sex => "giới tính",
        Field::Expiry => "ngày hết hạn",
        Field::Optional => "dữ liệu tùy chọn",
        Field::Whole => "toàn bộ vùng đọc máy",
    }
}

pub(super) fn mrz(error: &MrzError) -> String {
    match error {
        MrzError::Empty => "Không có gì để đọc. Đọc các dòng có dấu < ở cuối giấy tờ.".into(),
        MrzError::TooLong => "Văn bản quá dài cho một giấy tờ. Đọc lại riêng giấy tờ này.".into(),
        MrzError::InputMethod { found } => format!(
            "Bộ gõ đã làm thay đổi văn bản ({found}). Tắt bộ gõ (chọn bàn phím tiếng Anh) rồi đọc lại."
        ),
        MrzError::Character { found } => format!(
            "Các dòng này chỉ có chữ A đến Z, chữ số và dấu <, nhưng ở đây có {found:?}. Bàn phím có \
             đang là kiểu tiếng Anh không?"
        ),
        MrzError::Length { found } => format!(
            "Có {found} ký tự, trong khi hộ chiếu có 2 dòng 44 ký tự, thẻ có 2 dòng 36 hoặc 3 dòng 30. \
             Đọc lại đủ các dòng, kể cả dấu <."
        ),
        MrzError::Kind { kind } => format!(
            "Đây không phải hộ chiếu hay thẻ căn cước (loại {kind}). Yêu cầu một trong hai loại đó."
        ),
        MrzError::Form { field: at, found } => format!(
            "Ở mục {} có {found:?}, không thể có ở đó (O và 0, I và 1 trông giống nhau). Đọc lại.",
            field(*at)
        ),
        MrzError::CheckDigit(at) => format!(
            "Số kiểm tra của mục {} không khớp: có ký tự đọc sai. Đọc lại.",
            field(*at)
        ),
        MrzError::Date(at) => format!("Mục {} có ngày không tồn tại.", field(*at)),
        MrzError::NoName => "Dòng họ tên để trống.".into(),
    }
}
