//! Tiếng Việt.

use super::NetworkTexts;

pub(super) static TEXTS: NetworkTexts = NetworkTexts {
    made: "đã tạo khóa và chứng thư cho mạng lưới của WHO, thành viên",
    handed_in: "để nộp",
    private_keys: "khóa bí mật",
    next_steps: |out, domain, participant| {
        vec![
            format!("cất {out}/private/*/SCA.key ngoài mạng, và một bản sao ở nơi an toàn thứ hai"),
            format!("kiểm tra lại trước khi nộp: hcert keys network check {out}"),
            format!(
                "đưa nội dung {out}/participant vào kho thành viên mà WHO cấp cho {participant}, và \
                 báo SHA-256 của SCA cho WHO qua đường khác: hcert keys show \
                 {out}/participant/onboarding/{domain}/SCA/SCA.pem"
            ),
            format!(
                "khi WHO đã nhận, tải DSC lên: hcert keys network upload --dsc \
                 {out}/DSC/{domain}/DSC.pem --up-cert \
                 {out}/participant/onboarding/{domain}/UP/UP.pem --up-key {out}/private/UP.key \
                 --out {out}/DSC.cms"
            ),
            "phát triển, nghiệm thu, chính thức: mỗi môi trường tạo khóa riêng, không dùng chung"
                .into(),
        ]
    },
    lies_open: "khóa bí mật không mã hóa, hoặc nằm trong thư mục để nộp: bỏ ra ngay, và tạo khóa mới \
                nếu có ai đã đọc được",
    several: |count| format!("{count} chứng thư trong một tệp, trong khi chỉ được một"),
    shared_key: |other| format!("trùng khóa với {other}: mỗi chứng thư phải có khóa riêng"),
    result: |certificates, faults, advice| match faults {
        0 => format!("{certificates} chứng thư: mạng lưới chấp nhận; {advice} lời khuyên"),
        faults => format!("{certificates} chứng thư: {faults} lỗi, {advice} lời khuyên"),
    },
    up_ended: "chứng thư tải lên hiện không có hiệu lực",
    other_content: "bản tải lên không chứa DSC; chưa ghi gì cả",
    signed_by: "người ký",
    upload: "bản tải lên",
    upload_made: "đã tạo bản tải lên",
    upload_next: |body| match body {
        Some(body) => format!(
            "gửi bằng chứng thư TLS: POST /trustedCertificate, kiểu application/json, nội dung {body}"
        ),
        None => {
            "gửi bằng chứng thư TLS: POST /signerCertificate, kiểu application/cms-text; với POST \
                 /trustedCertificate thì tạo nội dung bằng --request"
                .into()
        }
    },
};
