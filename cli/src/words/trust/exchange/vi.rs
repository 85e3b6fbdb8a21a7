//! Tiếng Việt.

use trust_exchange::admission::Why;
use trust_list::import::Form;

use super::{super::size, ExchangeTexts};

pub(super) static TEXTS: ExchangeTexts = ExchangeTexts {
    empty_folder: "thư mục trống\n  - đưa thư mục có chứng thư, hoặc có các tệp did.json",
    large_folder: |files, bytes| {
        format!(
            "thư mục có hơn {files} tệp hoặc {}; chỉ đưa phần chứa danh sách",
            size(bytes)
        )
    },
    no_proof: "danh sách dạng này không có chữ ký để kiểm tra bằng --proof-key hay \
               --upload-cert\n  - nhập riêng nó, không kèm các tùy chọn đó, và tự chịu trách nhiệm",
    proof_certificate: "danh sách dạng này phải kiểm tra bằng chứng thư, không phải khóa trần\n  - \
                        đưa chứng thư bằng --proof-key",
    lone_signature: "có vẻ là chữ ký của danh sách Áo mà thiếu danh sách\n  - đưa cả hai tệp",
    signature_missing: "chữ ký của danh sách Áo nằm ở tệp riêng\n  - đưa cả hai tệp",
    swiss_files: "danh sách Thụy Sĩ gồm các trang khóa và một danh sách khóa đang dùng\n  - đưa tất \
                  cả trong một lần nhập",
    signer_name: "người ký danh sách Thụy Sĩ được biết qua chứng thư gốc và tên\n  - đưa tên bằng \
                  --signer-name",
    same_file: "--out và --bundle trùng một tệp",
    test_in_production: "khóa gốc là của môi trường chính thức, khóa thử nghiệm không được vào\n  - \
                         bỏ --environment test, hoặc dùng khóa gốc thử nghiệm",

    days: "--hard-days phải lớn hơn --soft-days",
    not_before: "không phải danh sách dưới khóa gốc đã cho nên không nối tiếp được; tệp vẫn để \
                 nguyên",
    newer_root: "gói đang có nằm dưới khóa gốc mới hơn các khóa gốc đã cho\n  - đưa mọi khóa gốc, cũ \
                 trước",
    strange_key: "khóa gốc không giao cho khóa này việc ký danh sách khóa hay bản kê\n  - xem khóa \
                  nào được giao trong kết quả của hcert trust root",
    more_keys: |role, have, needed| {
        format!(
            "khóa gốc đòi {needed} khóa cho vai trò {role}, mới có {have}\n  - đưa từng khóa bằng \
             --key; khóa của nhiều người giữ thì dùng dịch vụ"
        )
    },
    own_check: "danh sách mới không qua được chính bước kiểm tra của ta; chưa ghi gì cả",
    no_batches: "không có lô thu hồi nào\n  - đưa JSON có hashType và entries, hoặc một mảng của \
                 chúng",
    batch_expired: "lô đã hết hạn, bị bỏ qua",

    sums: |keys, countries, authorities, refused| {
        format!(
            "Nhận {keys} khóa và {authorities} CSCA của {countries} nước, từ chối {refused} mục"
        )
    },
    source: |name, form, entries, vouch| format!("{name}: {form}, {entries} mục, {vouch}"),
    form,
    operator: "người vận hành tự chịu trách nhiệm",
    proof: |signer, at| match at {
        Some(at) => format!("đúng chữ ký của {signer} lúc {at}"),
        None => format!("đúng chữ ký của {signer}"),
    },
    countries: "các nước",
    refused: "từ chối",
    kind,
    why,
    warning: |name, count| match name {
        "expired" => {
            format!("{count} đã hết hạn, vẫn giữ: giấy ký trước đó vẫn có giá trị")
        }
        "not_yet_valid" => format!("{count} chưa đến ngày có hiệu lực"),
        "without_authority" => {
            format!("{count} nêu CSCA chưa biết: chỉ có danh sách bảo đảm cho chúng")
        }
        "foreign_kids" => format!("{count} nằm dưới kid không phải của chính chúng"),
        "collisions" => format!("{count} kid ứng với nhiều khóa, đều được giữ"),
        _ => format!("{count} lô thu hồi bị bỏ qua: đưa bằng --revocation"),
    },
    more: |count| format!("và {count} mục bị từ chối nữa: xem bằng --all"),
    list_written: |path| format!("Danh sách: {path}"),
    left_out: |count| {
        format!(
            "{count} khóa không có trong đó: chúng chỉ ký cho một nơi cấp, điều mà danh sách \
             không ghi được"
        )
    },
    bundle_written: |path, sequence, keys, bytes| {
        format!(
            "Gói tin cậy: {path}, số thứ tự {sequence}, {keys} khóa, {}",
            size(bytes)
        )
    },
    bundle_until: |soft, hard| format!("  mới đến {soft}, hết hạn {hard}"),
    still_withdrawn: |count| {
        format!("{count} khóa vẫn bị rút như bản trước, dù các danh sách nói gì")
    },
    no_revocation: "gói không nói gì về thu hồi nên kết quả sẽ màu vàng: --revocation TỆP, hoặc \
                    --without-revocation MÃ cho nước không công bố thu hồi",
    install_next: |bundle, root| {
        format!("cài vào máy kiểm tra: hcert trust update {bundle} --root {root}")
    },

    no_keys: "không có khóa nào để xuất\n  - xem đang có gì: hcert trust show",
    bad_did: "định danh phải có dạng did:web:MÁY-CHỦ:v2:trustlist:LĨNH-VỰC:THÀNH-VIÊN, như \
              did:web:trust.example.org:v2:trustlist:DCC:VNM",
    es256_only: "tài liệu DID phải ký bằng khóa ES256\n  - tạo khóa: hcert keys online --algorithm \
                 es256",
    out_folder: "các tệp PEM phải ghi vào thư mục, không ra đầu ra chuẩn được",
    exported: |keys, authorities, path| format!("{keys} khóa và {authorities} CSCA: {path}"),
    withdrawn_left_out: |count| format!("bỏ qua {count} khóa đã rút"),
    bare_left_out: |count| {
        format!("bỏ qua {count} khóa không có chứng thư; dạng JWKS và PEM có chúng")
    },
    several_countries: |count| {
        format!("khóa của {count} nước; mỗi thành viên chỉ bảo đảm cho khóa của mình: --country")
    },
    proof_made: |signer, key| format!("chữ ký của {signer}, SHA-256 của khóa {key}"),
    publish_at: |url| format!("công bố tại {url}, và báo khóa cho nơi khác qua đường riêng"),
};

fn form(form: Form) -> &'static str {
    match form {
        Form::Der => "chứng thư hoặc khóa DER",
        Form::Pem => "tệp PEM",
        Form::KidMap => "JSON gồm kid và chứng thư",
        Form::DidDocument => "tài liệu DID",
        Form::Gateway => "danh sách của cổng EU",
        Form::Revocation => "các lô thu hồi",
        Form::German => "danh sách Đức",
        Form::Swiss => "danh sách Thụy Sĩ",
        Form::Austrian => "danh sách Áo",
        Form::HealthCardDirectory => "danh bạ SMART Health Card",
        Form::MasterList => "danh sách CSCA của ICAO",
        Form::Folder => "thư mục chứng thư",
        other => other.name(),
    }
}

fn kind(kind: &'static str) -> &'static str {
    match kind {
        "not usable" => "không dùng được",
        "private key" => "khóa bí mật",
        "other use" => "mục đích khác",
        "other environment" => "môi trường khác",
        "test participant" => "thành viên thử nghiệm",
        "wrong country" => "sai nước",
        "not the source's country" => "không phải nước của nguồn",
        "weak key" => "khóa yếu",
        "kind of key" => "loại khóa",
        "chain does not hold" => "không đúng chữ ký của CSCA",
        "outlives its authority" => "hạn dài hơn CSCA",
        "no authority itself" => "không phải CSCA",
        "no authority known" => "không biết CSCA",
        "duplicate" => "trùng",
        other => other,
    }
}

fn why(why: &Why) -> String {
    match why {
        Why::PrivateKey => "đây là khóa bí mật: nơi công bố phải rút nó ngay".into(),
        Why::Use(word) => format!("ghi là {word}, loại không ký giấy chứng nhận"),
        Why::OtherEnvironment(host) => {
            format!("{host} là môi trường thử nghiệm, còn lần nhập này là chính thức")
        }
        Why::TestParticipant(code) => {
            format!("{code} là mã của thành viên thử nghiệm hay ảo, còn lần nhập này là chính thức")
        }
        Why::WrongCountry {
            listed,
            certificate,
        } => format!("ghi cho {listed}, nhưng chứng thư là của {certificate}"),
        Why::OtherCountry { expected, found } => format!(
            "nguồn là của {expected}, nhưng chứng thư là của {}",
            found.as_deref().unwrap_or("nước không rõ")
        ),
        Why::WeakKey { key, least } => format!("khóa là {key}; ít nhất phải là {least}"),
        Why::Outlives {
            until, authority, ..
        } => format!("hết hạn {until}, sau CSCA của nó ({authority})"),
        Why::NotAnAuthority => "ghi là CSCA, nhưng chứng thư không được ký chứng thư khác".into(),
        Why::NoAuthority => "không biết CSCA mà nó nêu là nơi cấp".into(),
        Why::Duplicate => "có hai lần".into(),
        other => other.to_string(),
    }
}
