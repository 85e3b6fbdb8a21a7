//! Tiếng Việt.

use std::io::ErrorKind;

use super::io_error;
use crate::fault::Fault;

/// Điều đã xảy ra, và việc cần làm (hoặc để trống).
pub(super) fn fault(fault: &Fault) -> (String, String) {
    let path = |given: &str| super::path(given, "đầu vào chuẩn").to_owned();
    let (answer, remedy) = match fault {
        Fault::Read { path: file, error } => (
            format!("không đọc được {}: {}", path(file), io_error(error, known)),
            match error.kind() {
                ErrorKind::NotFound => "kiểm tra tên tệp và thư mục hiện tại",
                _ => "",
            }
            .into(),
        ),
        Fault::TooLarge { path: file, limit } => (
            format!("{} lớn hơn {limit} byte", path(file)),
            "kiểm tra xem có đúng tệp không".into(),
        ),
        Fault::Write { path: file, error } => (
            format!("không ghi được {file}: {}", io_error(error, known)),
            String::new(),
        ),
        Fault::Exists { path } => (
            format!("{path} đã có sẵn và được giữ nguyên"),
            "chọn tên khác, hoặc thay thế bằng --force".into(),
        ),
        Fault::StandardOutputTwice => (
            "có hai kết quả cùng ghi ra đầu ra chuẩn".into(),
            "đặt tên tệp cho tất cả trừ một".into(),
        ),
        Fault::Random(why) => (
            format!("hệ điều hành không cho số ngẫu nhiên: {why}"),
            String::new(),
        ),
        Fault::NoTerminal => (
            "cần mật khẩu mà không có màn hình dòng lệnh để hỏi".into(),
            "chỉ ra tệp chứa mật khẩu bằng --passphrase-file".into(),
        ),
        Fault::EmptyPassphrase => (
            "mật khẩu để trống".into(),
            "dùng vài từ mà không ai ghép với nhau".into(),
        ),
        Fault::PassphrasesDiffer => (
            "hai lần nhập mật khẩu không giống nhau; chưa ghi gì".into(),
            "chạy lại lệnh".into(),
        ),
        Fault::NotEncrypted { path } => (
            format!("khóa bí mật trong {path} chưa được mã hóa nên không được dùng"),
            format!(
                "mã hóa rồi xóa khóa để ngỏ: openssl pkcs8 -topk8 -scrypt -in {path} -out {path}.encrypted"
            ),
        ),
        Fault::OtherEncryption { path } => (
            format!("khóa bí mật trong {path} được mã hóa theo cách không an toàn hoặc chưa biết"),
            format!("mã hóa lại: openssl pkcs8 -topk8 -scrypt -in {path} -out {path}.encrypted"),
        ),
        Fault::NotAPrivateKey { path: file } => (
            format!("{} không chứa khóa bí mật", path(file)),
            "phải là tệp PEM có dòng BEGIN ENCRYPTED PRIVATE KEY".into(),
        ),
        Fault::WrongPassphrase { path } => (
            format!("mật khẩu không mở được {path}"),
            "thử lại".into(),
        ),
        Fault::KeyKind { path } => (
            format!("khóa bí mật trong {path} thuộc loại không dùng để ký giấy chứng nhận y tế"),
            "phải là ECDSA trên P-256, Ed25519, hoặc RSA 2048 đến 8192 bit".into(),
        ),
        Fault::Seal(why) => (format!("không mã hóa được khóa: {why}"), String::new()),
        Fault::NoCertificate { path: file } => (
            format!("{} không chứa chứng thư", path(file)),
            "đưa chứng thư X.509, PEM hoặc DER".into(),
        ),
        Fault::BadCertificate { path: file, why } => {
            (format!("{}: {why}", path(file)), String::new())
        }
        Fault::PrivateKeyShown { path: file } => (
            format!("{} chứa khóa bí mật, không bao giờ được hiển thị", path(file)),
            "đưa chứng thư của khóa".into(),
        ),
        Fault::KeyAndCertificate { key, certificate } => (
            format!("khóa bí mật trong {key} không phải của chứng thư trong {certificate}"),
            "đưa hai tệp được tạo cùng nhau".into(),
        ),
        Fault::NotAuthority { path: file, subject } => (
            format!("{subject} trong {} không phải CSCA nên không được ký DSC", path(file)),
            "tạo CSCA bằng: hcert keys csca".into(),
        ),
        Fault::CscaPeriod { from, until } => (
            format!("CSCA hiện không có hiệu lực, chỉ từ {from} đến {until}"),
            "kiểm tra đồng hồ của máy, hoặc tạo CSCA mới".into(),
        ),
        Fault::BeyondCsca { until, days } => (
            format!("DSC sẽ còn hạn lâu hơn CSCA, vốn kết thúc lúc {until}"),
            format!("nhiều nhất: --days {days}"),
        ),
        Fault::NoCountry { path: file } => (
            format!("chứng thư trong {} không ghi quốc gia", path(file)),
            "ghi rõ: --country VN cho DSC, --issuer VN khi cấp".into(),
        ),
        Fault::Name => (
            "tên để trống hoặc có ký tự điều khiển".into(),
            "đặt tên, ví dụ --name \"DSC Vietnam 1\"".into(),
        ),
        Fault::Make(error) => (format!("không tạo được chứng thư: {error}"), String::new()),
        Fault::NoPayload => (
            "không có nội dung, cũng không có màn hình dòng lệnh để hỏi".into(),
            "dùng --payload TỆP, hoặc - cho đầu vào chuẩn; ví dụ mẫu: hcert issue --example vaccination".into(),
        ),
        Fault::Json { path: file, error } => (
            format!("{} không phải JSON: {error}", path(file)),
            "đưa một nội dung, một danh sách, hoặc mỗi dòng một nội dung".into(),
        ),
        Fault::NoEntries { path: file } => (
            format!("{} không có nội dung nào", path(file)),
            "ví dụ mẫu: hcert issue --example vaccination".into(),
        ),
        Fault::Entries { total, bad } => (entries(*total, bad.len()), String::new()),
        Fault::DscPeriod { at, from, until } => (
            format!("DSC không có hiệu lực vào lúc cấp, {at}, chỉ từ {from} đến {until}"),
            "dùng DSC còn hiệu lực, hoặc kiểm tra đồng hồ của máy".into(),
        ),
        Fault::BeyondDsc { expires, latest, days } => (
            format!("giấy sẽ hết hạn lúc {expires}, sau khi chính DSC hết hạn"),
            format!("muộn nhất có thể: --expires {latest}, hoặc --days {days}"),
        ),
        Fault::NeverValid { issued, expires } => (
            format!("giấy sẽ hết hạn lúc {expires}, trước lúc cấp {issued}"),
            "đặt --expires muộn hơn".into(),
        ),
        Fault::Profile { profile, algorithm, wanted } => (
            format!("loại {profile} được ký bằng {wanted}, còn khóa này ký bằng {algorithm}"),
            "dùng khóa khác hoặc --profile khác".into(),
        ),
        Fault::OnePicture { total } => (
            format!("một ảnh chỉ chứa một giấy, mà có {total} nội dung"),
            "bỏ --png và --svg, rồi tạo ảnh từ văn bản bằng: hcert qr".into(),
        ),
        Fault::Encode(error) => (format!("không tạo được giấy: {error}"), String::new()),
        Fault::NotVerified { entry, .. } => (
            match entry {
                Some(entry) => format!("giấy của mục {entry} không qua được kiểm tra; chưa ghi gì"),
                None => "giấy vừa tạo không qua được kiểm tra; chưa ghi gì".into(),
            },
            String::new(),
        ),
        Fault::Cancelled => ("chưa cấp gì".into(), String::new()),
        Fault::Keys(fault) => return crate::words::ceremony::vi::fault(fault),
        Fault::Symbol(error) => (format!("không tạo được mã QR: {error}"), String::new()),
        Fault::Render(error) => (format!("không vẽ được mã QR: {error}"), String::new()),
        Fault::NotText { path: file } => (
            format!("{} không phải văn bản UTF-8", path(file)),
            String::new(),
        ),
    };
    (answer, remedy)
}

fn entries(total: usize, bad: usize) -> String {
    match total {
        1 => "không cấp được nội dung này; chưa ghi gì".into(),
        _ => format!("{bad} trong {total} nội dung không cấp được; chưa ghi gì"),
    }
}

pub(super) fn kind(kind: &str, allowed: &str) -> String {
    format!("DSC không được ký chứng nhận {kind} — được ký: {allowed}")
}

fn known(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "không có tệp này",
        ErrorKind::PermissionDenied => "không có quyền",
        ErrorKind::IsADirectory => "đây là thư mục",
        _ => return None,
    })
}
