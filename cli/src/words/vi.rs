//! Tiếng Việt.

use verifier::wording::Language;

use super::Texts;

pub(super) static TEXTS: Texts = Texts {
    language: Language::Vietnamese,
    error: "lỗi",
    warning: "cảnh báo",
    unverified: "CHƯA KIỂM CHỨNG",
    nothing_checked: "mọi nội dung dưới đây chưa được kiểm tra",
    characters: "ký tự",
    bytes: "byte",
    ends_here: "không tách mã được nữa",
    no_code_in_picture: "Không đọc được mã nào trong ảnh. Chụp lại: gần hơn, rõ nét, thấy trọn mã.",
    no_trusted_key: "các tệp không chứa khóa tin cậy nào: chỉ định chứng thư của nơi cấp bằng --trust TỆP",
    code: "Mã lỗi",
    name: "Họ và tên",
    date_of_birth: "Ngày sinh",
    issued_by: "Nơi cấp",
    valid_until: "Có giá trị đến",
    revocation: "Thu hồi",
    vaccination: "Tiêm chủng",
    vaccine: "Vắc xin",
    date: "Ngày",
    disease: "Bệnh",
    test: "Xét nghiệm",
    result: "Kết quả",
    sampled: "Lấy mẫu",
    recovery: "Khỏi bệnh",
    more_refused: |count| format!("còn {count} mục khác không dùng được"),
    no_trust_installed: |folder| {
        format!(
            "chưa có khóa tin cậy: chỉ định chứng thư của nơi cấp bằng --trust TỆP, hoặc đặt vào {folder}"
        )
    },
};
