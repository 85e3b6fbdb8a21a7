//! Tiếng Việt.

use alloc::{
    format,
    string::{String, ToString},
};

use hcert::{
    base45::Base45Error,
    cbor::CborError,
    hc1::DecodeError,
    received::{ContentError, SchemaError},
    x509::EventKind,
    zlib::ZlibError,
};

use crate::{Colour, Doubt, Reason, Revocation};

pub(super) fn colour(colour: Colour, cannot_say: bool) -> &'static str {
    match colour {
        Colour::Green => "HỢP LỆ",
        Colour::Amber if cannot_say => "KHÔNG XÁC ĐỊNH",
        Colour::Amber => "CHƯA ĐỦ",
        Colour::Red => "KHÔNG HỢP LỆ",
    }
}

pub(super) fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Picture(why) => format!("Không đọc được mã trong ảnh: {why}"),
        Reason::Unrecognised => {
            "Đây không phải giấy chứng nhận y tế. Đề nghị xuất trình đúng mã của giấy.".into()
        }
        Reason::Unsupported(format) => format!(
            "Đây là giấy chứng nhận loại {format}, phiên bản này chưa đọc được. Đề nghị xuất trình \
             giấy khác."
        ),
        Reason::Decode(error) => format!(
            "Mã bị hỏng hoặc không phải giấy chứng nhận y tế ({}). Quét lại hoặc đề nghị in \
             lại.",
            decode(error)
        ),
        Reason::Claims(error) => {
            format!(
                "Không đọc được nội dung đã ký ({}). Đề nghị xuất trình giấy khác.",
                cbor(error)
            )
        }
        Reason::UnknownKey(Some(kid)) => format!(
            "Không rõ nơi cấp: không có khóa tin cậy nào mang số hiệu {kid}. Cập nhật danh sách \
             tin cậy hoặc đề nghị giấy khác."
        ),
        Reason::UnknownKey(None) => {
            "Không rõ nơi cấp: mã không ghi số hiệu khóa. Đề nghị xuất trình giấy khác.".into()
        }
        Reason::Chain(error) => {
            format!("Khóa của nơi cấp không đáng tin cậy: {error}. Cập nhật danh sách tin cậy.")
        }
        Reason::SignerPeriod {
            issued_at,
            not_before,
            not_after,
        } => format!(
            "Giấy cấp lúc {issued_at}, khi khóa của nơi cấp không có hiệu lực (từ {not_before} đến \
             {not_after}). Đề nghị xuất trình giấy khác."
        ),
        Reason::SignerWithdrawn {
            compromised: true, ..
        } => "Khóa của nơi cấp đã bị đánh cắp: không tin được giấy nào ký bằng khóa này. Đề nghị \
              người giữ giấy xin cấp lại."
            .into(),
        Reason::SignerWithdrawn { from, .. } => format!(
            "Khóa của nơi cấp đã bị rút lúc {from}, trước khi giấy này được cấp. Đề nghị xuất \
             trình giấy khác."
        ),
        Reason::TrustExpired(since) => format!(
            "Danh sách tin cậy của máy này đã hết hạn lúc {since}, từ đó không được chấp nhận giấy \
             nào. Cập nhật danh sách tin cậy."
        ),
        Reason::Key(error) => {
            format!("Không dùng được khóa của nơi cấp: {error}. Cập nhật danh sách tin cậy.")
        }
        Reason::Signature => {
            "Chữ ký không đúng: mã này không do cơ quan y tế cấp như hiện trạng.".into()
        }
        Reason::KeyUsage(kind) => format!(
            "Khóa của nơi cấp không được phép ký {}. Đề nghị xuất trình giấy khác.",
            kind_name(*kind)
        ),
        Reason::NotYetValid(from) => {
            format!("Chỉ có hiệu lực từ {from}. Kiểm tra ngày giờ của máy này.")
        }
        Reason::Expired(until) => {
            format!("Đã hết hạn lúc {until}. Đề nghị người giữ giấy gia hạn.")
        }
        Reason::Revoked => "Nơi cấp đã thu hồi giấy này. Đề nghị xuất trình giấy khác.".into(),
        Reason::Content(error) => {
            format!(
                "Nội dung không đúng quy định: {}. Đề nghị xuất trình giấy khác.",
                content(error)
            )
        }
        Reason::NoContent => "Có chữ ký nhưng không phải loại giấy chứng nhận y tế đã biết.".into(),
        Reason::NoExpiry => "Giấy không ghi ngày hết hạn, điều bắt buộc phải có.".into(),
    }
}

/// Why a text can't be taken apart; the details that only a developer needs stay in English.
fn decode(error: &DecodeError) -> String {
    match error {
        DecodeError::Prefix => "không bắt đầu bằng HC1:".into(),
        DecodeError::TextTooLong { limit } => format!("dài hơn {limit} byte"),
        DecodeError::Base45(Base45Error::Alphabet { position }) => {
            format!("ký tự thứ {position} không thuộc bảng chữ Base45")
        }
        DecodeError::Base45(Base45Error::Length { length }) => {
            format!("độ dài {length} ký tự là không thể có")
        }
        DecodeError::Base45(_) => "có nhóm ký tự vượt giá trị cho phép".into(),
        DecodeError::Zlib(ZlibError::NotZlib) => "nội dung không được nén".into(),
        DecodeError::Zlib(ZlibError::Truncated) => "nội dung nén bị cắt cụt".into(),
        DecodeError::Zlib(ZlibError::Trailing(count)) => format!("thừa {count} byte ở cuối"),
        DecodeError::Zlib(ZlibError::TooLarge { limit }) => {
            format!("nội dung bung ra quá {limit} byte")
        }
        DecodeError::Zlib(_) => "nội dung nén bị hỏng".into(),
        DecodeError::Cbor(error) => cbor(error),
        DecodeError::Algorithm(_) => "thuật toán ký không được dùng cho giấy y tế".into(),
        other => other.to_string(),
    }
}

fn cbor(error: &CborError) -> String {
    match error {
        CborError::Malformed { at } => format!("CBOR hỏng tại byte {at}"),
        CborError::Depth { limit } => format!("CBOR lồng nhau quá {limit} tầng"),
        CborError::Entries { limit } => format!("CBOR có quá {limit} phần tử"),
        CborError::DuplicateKey => "CBOR có khóa lặp lại".into(),
        CborError::Trailing(count) => format!("CBOR thừa {count} byte ở cuối"),
        other => other.to_string(),
    }
}

fn content(error: &ContentError) -> String {
    match error {
        ContentError::Cbor(error) => cbor(error),
        ContentError::Schema(SchemaError::Missing(field)) => format!("thiếu trường {field}"),
        ContentError::Schema(SchemaError::Kind { what, .. }) => format!("{what} sai kiểu dữ liệu"),
        ContentError::Schema(SchemaError::Value { field, .. }) => {
            format!("giá trị của trường {field} không hợp lệ")
        }
        ContentError::Schema(_) => {
            "phải nói về đúng một lần tiêm, xét nghiệm hoặc khỏi bệnh".into()
        }
        other => other.to_string(),
    }
}

fn kind_name(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Vaccination => "chứng nhận tiêm chủng",
        EventKind::Test => "chứng nhận xét nghiệm",
        EventKind::Recovery => "chứng nhận khỏi bệnh",
    }
}

pub(super) fn doubt(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::RevocationUnknown => {
            "Chưa kiểm tra thu hồi: không có danh sách thu hồi của nơi cấp này."
        }
        Doubt::TrustStale => {
            "Danh sách tin cậy đã cũ: khóa đã rút hoặc giấy đã thu hồi có thể lọt qua. Hãy cập nhật."
        }
        Doubt::TrustExpired => "Danh sách tin cậy đã hết hạn, không còn đáng tin. Hãy cập nhật.",
        Doubt::ClockWrong => "Đồng hồ của máy này sai: hãy chỉnh lại ngày giờ.",
        Doubt::RulesUnknown => "Không đọc được quy định hiện hành: hãy cập nhật danh sách tin cậy.",
        Doubt::RuleFailed => "Chưa đáp ứng một quy định hiện hành.",
        Doubt::RuleOpen => "Có quy định hiện hành không xét được.",
    }
}

pub(super) fn revocation(revocation: Revocation) -> &'static str {
    match revocation {
        Revocation::NotRevoked => "chưa bị thu hồi",
        Revocation::Revoked => "đã bị thu hồi",
        Revocation::Unknown => "chưa kiểm tra",
    }
}
