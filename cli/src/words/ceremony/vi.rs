//! Tiếng Việt.

use hcert::{
    keys::KeyError,
    x509::{
        ChainError,
        crl::{CrlError, Reason},
        request::RequestError,
    },
};

use super::{Ceremony, listed};
use crate::keys::{
    args::Role,
    fault::{ChainProblem, KeysFault, LineProblem},
};

pub(super) const CEREMONY: Ceremony = Ceremony {
    root_made: "Đã tạo khóa gốc",
    online_made: "Đã tạo khóa trực tuyến",
    request_made: "Đã tạo yêu cầu",
    renewed: "Đã tạo DSC kế nhiệm",
    revoked: "Đã thu hồi DSC",
    list_made: "Đã lập danh sách thu hồi",
    paper_made: "Đã tạo bản sao giấy",
    restored: "Đã khôi phục khóa",

    role: "vai trò",
    holder: "người giữ",
    key_hash: "SHA-256 của khóa",
    certificate_hash: "SHA-256",
    sealed_hash: "SHA-256 của khóa đã mã hóa",
    public_file: "khóa công khai",
    paper: "bản sao giấy",
    request: "yêu cầu",
    asks_for: "xin được ký",
    own_signature: "chữ ký",
    proven: "bằng chính khóa đó, đúng yêu cầu",
    list: "danh sách thu hồi",
    number: "số",
    made_on: "lập lúc",
    next_list: "kỳ sau",
    entries: "số mục",
    serial: "số sê-ri",
    revoked_from: "thu hồi từ",
    reason: "lý do",
    ends: "hết hạn",
    file: "tệp",

    keep_online: "chỉ giữ khóa bí mật ở nơi ký danh mục, không để ở nơi nào khác",
    print_paper: "in ra, thử khôi phục từ bản in, và cất riêng với mật khẩu",
    try_restored: "kiểm tra xem mật khẩu có mở được không: hcert keys paper sẽ hỏi mật khẩu",
    send_back: "gửi lại chứng thư, và công bố trong danh sách tin cậy trước khi dùng để ký",
    first_list: "đây là danh sách mới; nếu trước đó đã có danh sách, hãy đặt vào đây rồi chạy lại lệnh",
    renew_dsc: "tạo DSC kế nhiệm: hcert keys renew",
    renew_csca: "tạo CSCA mới kịp cho các DSC: hcert keys csca",
    renew_list: "lập danh sách mới: hcert keys crl",

    paper_title: "Bản sao giấy",
    paper_warning: "Đây là khóa đã mã hóa. Không có mật khẩu thì trang này vô dụng; không được cất mật khẩu cùng trang này.",
    paper_text: "Cùng khóa đó dạng chữ: số dòng, tám nhóm, mã kiểm tra của dòng",
    paper_how: "Cách khôi phục",
    paper_steps: [
        "Quét hoặc chụp trang này, phẳng và rõ nét: hcert keys restore ẢNH --key TỆP. Đọc được PDF, PNG và JPEG.",
        "Hoặc đọc mã bằng máy đọc QR bất kỳ rồi lưu nguyên văn bản: đó là tệp PEM mà openssl pkey mở được.",
        "Hoặc gõ các dòng vào một tệp văn bản, cả số dòng và mã kiểm tra: hcert keys restore TỆP --key TỆP. Chữ hoa hay thường đều được; không có chữ I, L, O, U. Dòng sai sẽ được báo theo số dòng.",
        "Mật khẩu mở tệp đã khôi phục như trước. Đối chiếu SHA-256 ở trên.",
    ],
    paper_signs: ["Ngày và chữ ký của người giữ", "Cất giữ tại"],

    facts: [
        ("role", "vai trò"),
        ("holder", "người giữ"),
        ("name", "tên"),
        ("country", "quốc gia"),
        ("algorithm", "thuật toán"),
        ("kid", "kid"),
        ("key_sha256", "SHA-256 của khóa"),
        ("certificate_sha256", "SHA-256 của chứng thư"),
        ("request_sha256", "SHA-256 của yêu cầu"),
        ("sealed_sha256", "SHA-256 của khóa đã mã hóa"),
        ("valid_from", "hiệu lực từ"),
        ("valid_until", "hiệu lực đến"),
        ("revoked_from", "thu hồi từ"),
        ("reason", "lý do"),
        ("crl_number", "số danh sách"),
        ("crl_entries", "số mục thu hồi"),
        ("files", "tệp"),
        ("witnesses", "người chứng kiến"),
        ("program", "chương trình"),
    ],
    last_hash: "SHA-256 của mục cuối, đại diện cho tất cả các mục. Ký tay:",
};

pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::Root => "khóa gốc của danh sách tin cậy",
        Role::Online => "khóa trực tuyến của danh sách tin cậy",
        Role::Csca => "khóa của CSCA",
        Role::Dsc => "khóa của DSC",
    }
}

pub(super) fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Unspecified => "không nêu",
        Reason::KeyCompromise => "khóa đã lộ",
        Reason::CaCompromise => "khóa của CSCA đã lộ",
        Reason::AffiliationChanged => "tổ chức đã thay đổi",
        Reason::Superseded => "đã có DSC thay thế",
        Reason::CessationOfOperation => "không còn cần dùng",
        Reason::CertificateHold => "tạm ngừng",
        Reason::PrivilegeWithdrawn => "không còn được phép ký",
    }
}

/// Điều đã xảy ra, và việc cần làm (hoặc để trống).
pub(in crate::words) fn fault(fault: &KeysFault) -> (String, String) {
    let named = |given: &str| crate::words::fault::path(given, "đầu vào chuẩn").to_owned();
    let (answer, remedy) = match fault {
        KeysFault::SameOutput { path } => (
            format!("{path} được dùng cho hai kết quả"),
            "đặt cho mỗi kết quả một tên riêng",
        ),
        KeysFault::NoRequest { path: file } => (
            format!("{} không chứa đúng một yêu cầu", named(file)),
            "đưa tệp được tạo bằng: hcert keys request",
        ),
        KeysFault::Request { path: file, error } => (
            format!("{}: {}", named(file), request(error)),
            request_remedy(error),
        ),
        KeysFault::RequestCountry {
            path: file,
            found,
            wanted,
        } => (
            format!(
                "{} xin chứng thư của {}, còn CSCA là của {wanted}",
                named(file),
                found.as_deref().unwrap_or("quốc gia không ghi rõ")
            ),
            "đề nghị nơi gửi lập yêu cầu với --country đúng",
        ),
        KeysFault::RequestOwnKey { path: file } => (
            format!("{} dùng chính khóa của CSCA", named(file)),
            "DSC phải có khóa riêng: hcert keys request",
        ),
        KeysFault::NotOneDsc { path: file } => (
            format!("{} không chứa đúng một DSC", named(file)),
            "đưa tệp của một DSC",
        ),
        KeysFault::NotIssued { path: file, error } => (
            format!("{}: {}", named(file), issued(error)),
            "đưa CSCA đã cấp DSC này",
        ),
        KeysFault::Crl { path: file, error } => (
            format!("{}: {}", named(file), list(error)),
            "đưa danh sách của CSCA này, hoặc đặt tên khác cho danh sách mới bằng --crl",
        ),
        KeysFault::NoCrl { path: file } => (
            format!("{} không chứa đúng một danh sách thu hồi", named(file)),
            "đặt tên khác bằng --crl",
        ),
        KeysFault::AlreadyRevoked { path, from } => (
            format!("DSC đã có trong danh sách {path}, thu hồi từ {from}"),
            "chỉ có thể dời việc thu hồi về ngày sớm hơn: --from, hoặc --compromised",
        ),
        KeysFault::Since {
            from,
            earliest,
            latest,
        } => (
            format!("không thu hồi DSC từ {from} được, chỉ từ {earliest} đến {latest}"),
            "để bỏ mọi chữ ký từ trước đến nay: --compromised",
        ),
        KeysFault::Transcript {
            path: file,
            line,
            problem,
        } => (
            format!(
                "biên bản {} không nguyên vẹn: {}",
                named(file),
                chain(*line, *problem)
            ),
            "biên bản đã bị sửa; dùng lại bản sao, hoặc lập biên bản mới và giữ nguyên bản này",
        ),
        KeysFault::EmptyTranscript { path: file } => (
            format!("biên bản {} chưa có mục nào", named(file)),
            "biên bản được ghi bởi các lệnh có --transcript",
        ),
        KeysFault::Picture { path: file, error } => (
            format!("không đọc được ảnh {}: {error}", named(file)),
            "đưa ảnh, PDF, hoặc tệp văn bản có các dòng đã gõ",
        ),
        KeysFault::NoKey { path: file } => (
            format!("không đọc được khóa nào trong {}", named(file)),
            "quét lại trang, phẳng, rõ nét, trọn trang, hoặc gõ các dòng",
        ),
        KeysFault::Lines { problems } => (
            format!(
                "các dòng đã gõ chưa đúng; chưa ghi gì{}",
                listed(problems.iter().map(line), |more| format!(
                    "và {more} lỗi nữa"
                ))
            ),
            "đối chiếu các dòng này với tờ giấy, từng chữ một",
        ),
        KeysFault::SeveralKeys => (
            "các đầu vào chứa nhiều khóa; chưa ghi gì".into(),
            "đưa ảnh hoặc các dòng của một trang",
        ),
        KeysFault::Network { path: file, why } => (
            format!("{}: {why}", named(file)),
            "xem mạng lưới yêu cầu gì: hcert keys network check",
        ),
        KeysFault::NetworkRole { path: file } => (
            format!("{} không cho biết nó dùng để làm gì", named(file)),
            "cho biết bằng --role sca, dsc, tls hoặc up",
        ),
        KeysFault::NetworkNothing { path } => (
            format!("{path} không có thư mục SCA, DSC, TLS hay UP chứa chứng thư"),
            "đưa thư mục của thành viên, hoặc một chứng thư kèm --role",
        ),
        KeysFault::NetworkCountry { code } => (
            format!("không nước nào có mã {code}"),
            "đưa mã ISO 3166-1 hai chữ cái, như VN",
        ),
    };
    (answer, remedy.to_owned())
}

pub(super) fn request(error: &RequestError) -> String {
    match error {
        RequestError::Size(bytes) => format!("yêu cầu dài {bytes} byte, quá giới hạn"),
        RequestError::Encoding(why) => format!("không phải yêu cầu chứng thư (PKCS #10): {why}"),
        RequestError::Usage => "không đọc được mục đích sử dụng trong yêu cầu".into(),
        RequestError::NoName => "yêu cầu không ghi tên".into(),
        RequestError::Possession => {
            "yêu cầu không được ký bằng chính khóa của nó, nên nơi gửi có thể không có khóa đó"
                .into()
        }
        RequestError::Algorithm(oid) => format!("yêu cầu được ký bằng {oid}, chưa được hỗ trợ"),
        RequestError::Key(KeyError::RsaSize { bits }) | RequestError::RsaBits { bits } => {
            format!("khóa RSA trong yêu cầu dài {bits} bit, không an toàn hoặc không dùng được")
        }
        RequestError::Key(KeyError::Unsupported(oid)) => {
            format!("loại khóa {oid} không dùng cho giấy chứng nhận y tế")
        }
        RequestError::Key(_) => "khóa công khai trong yêu cầu không hợp lệ".into(),
        RequestError::RsaExponent => "số mũ công khai của khóa RSA trong yêu cầu quá nhỏ".into(),
        other => other.to_string(),
    }
}

fn request_remedy(error: &RequestError) -> &'static str {
    match error {
        RequestError::RsaBits { .. } | RequestError::RsaExponent | RequestError::Key(_) => {
            "đề nghị lập yêu cầu với khóa P-256, Ed25519, hoặc RSA 2048 đến 4096 bit"
        }
        RequestError::Possession => {
            "đề nghị nơi gửi lập yêu cầu khác; có thể đã bị sửa trên đường gửi"
        }
        RequestError::NoName => "đề nghị lập yêu cầu có tên (common name)",
        _ => "đề nghị lập yêu cầu (PKCS #10) bằng hcert keys request hoặc openssl req",
    }
}

fn issued(error: &ChainError) -> String {
    match error {
        ChainError::NotAnAuthority(subject) => format!("{subject} không phải CSCA"),
        ChainError::OtherIssuer { lower, upper } => format!("{lower} không do {upper} cấp"),
        ChainError::Signature(subject) => format!("chữ ký dưới {subject} không phải của CSCA"),
        ChainError::Algorithm(oid) => format!("chứng thư được ký bằng {oid}, chưa được hỗ trợ"),
        ChainError::Period { lower, upper } => format!("{lower} bắt đầu sau khi {upper} hết hạn"),
        other => other.to_string(),
    }
}

fn list(error: &CrlError) -> String {
    match error {
        CrlError::Size(bytes) => format!("danh sách thu hồi dài {bytes} byte, quá giới hạn"),
        CrlError::Encoding(why) => format!("không phải danh sách thu hồi X.509: {why}"),
        CrlError::Extension(oid) => {
            format!("danh sách thu hồi có phần mở rộng bắt buộc chưa biết: {oid}")
        }
        CrlError::NotSignedBy(subject) => format!("danh sách thu hồi không do {subject} ký"),
        CrlError::MayNot(subject) => format!("{subject} không được phép ký danh sách thu hồi"),
        CrlError::Number => "danh sách thu hồi không có số dùng được".into(),
        other => other.to_string(),
    }
}

fn chain(line: usize, problem: ChainProblem) -> String {
    match problem {
        ChainProblem::Unreadable => format!("dòng {line} không phải một mục"),
        ChainProblem::Number => format!("dòng {line} không mang số kế tiếp"),
        ChainProblem::Previous => format!("dòng {line} không nối tiếp dòng trước"),
        ChainProblem::CutOff => format!("biên bản bị cắt giữa dòng {line}"),
    }
}

fn line(problem: &LineProblem) -> String {
    match problem {
        LineProblem::NoNumber { place } => {
            format!("dòng thứ {place} của văn bản không bắt đầu bằng số dòng")
        }
        LineProblem::Character { line, found } => {
            format!("dòng {line} có {found:?}, ký tự không có trong dòng nào")
        }
        LineProblem::Length { line } => format!("dòng {line} thiếu hoặc thừa chữ"),
        LineProblem::Checksum { line } => format!("dòng {line}: mã kiểm tra không khớp"),
        LineProblem::Twice { line } => format!("dòng {line} có hai lần, khác nhau"),
        LineProblem::Missing { line } => format!("thiếu dòng {line}"),
        LineProblem::TooMany { last } => format!("dòng cuối là {last}, nhưng còn dòng thừa"),
        LineProblem::Together => "từng dòng đều đúng, nhưng không cùng một trang".into(),
    }
}
