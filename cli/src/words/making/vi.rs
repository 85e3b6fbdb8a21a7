//! Tiếng Việt.

use hcert::x509::EventKind;

use super::Making;

pub(super) const MAKING: Making = Making {
    csca_made: "Đã tạo CSCA",
    dsc_made: "Đã tạo DSC",
    authority: "CSCA",
    certificate: "chứng thư",
    public_key: "khóa công khai không có chứng thư",
    private_key: "khóa bí mật",
    sealed: "đã mã hóa, chỉ chủ tệp đọc được",
    kid: "kid",
    no_kid: "không có: kid được tính từ chứng thư",
    issuer: "nơi cấp",
    country: "quốc gia",
    valid: "hiệu lực",
    algorithm: "thuật toán",
    may_sign: "được ký",
    all_kinds: "mọi loại giấy chứng nhận",
    signs_dscs: "các DSC",
    keep_offline: "giữ khóa bí mật ngoại tuyến, kèm một bản sao ở nơi an toàn thứ hai",
    repeat_passphrase: "Nhập lại mật khẩu",
    issued: "Đã cấp",
    many_issued: "giấy chứng nhận đã cấp",
    qr_made: "Đã tạo mã QR",
    pages_made: "trang hướng dẫn",
    modules: "ô",
    level: "mức",
    signs_as_csca: "đây là chứng thư của CSCA; nên ký giấy chứng nhận bằng DSC",
};

pub(super) fn kind(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Vaccination => "tiêm chủng",
        EventKind::Test => "xét nghiệm",
        EventKind::Recovery => "khỏi bệnh",
    }
}
