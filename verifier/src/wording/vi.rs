//! Tiếng Việt.

use hcert::x509::EventKind;

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
            "Mã bị hỏng hoặc không phải giấy chứng nhận y tế ({error}). Quét lại hoặc đề nghị in \
             lại."
        ),
        Reason::Claims(error) => {
            format!("Không đọc được nội dung đã ký ({error}). Đề nghị xuất trình giấy khác.")
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
            format!("Nội dung không đúng quy định: {error}. Đề nghị xuất trình giấy khác.")
        }
        Reason::NoContent => "Có chữ ký nhưng không phải loại giấy chứng nhận y tế đã biết.".into(),
        Reason::NoExpiry => "Giấy không ghi ngày hết hạn, điều bắt buộc phải có.".into(),
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
