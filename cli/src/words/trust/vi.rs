//! Tiếng Việt.

use trust_list::bundle::UpdateError;

use super::{TrustTexts, size};

pub(super) static TEXTS: TrustTexts = TrustTexts {
    no_source: "chưa biết nguồn nào\n  - cho biết nơi công bố danh sách tin cậy: hcert trust \
                update https://...",
    no_root_there: "nguồn này không có khóa gốc\n  - kiểm tra địa chỉ, hoặc đưa khóa gốc bằng \
                    --root TỆP",
    other_root: |found| {
        format!(
            "khóa gốc được đưa ra là khóa khác: dấu vân tay là {found}\n  - hỏi lại nơi công bố; \
             chưa cài gì cả"
        )
    },
    confirm_root: |publisher, environment, fingerprint| {
        let environment = if environment == "production" {
            "chính thức"
        } else {
            "THỬ NGHIỆM"
        };
        format!(
            "máy này chưa tin nguồn nào, và nguồn này xưng là \"{publisher}\" ({environment}) với \
             khóa gốc\n  {fingerprint}\n  - so dấu vân tay này với nơi công bố qua một đường \
             khác, rồi chạy lại với --root-sha256 {fingerprint}"
        )
    },
    up_to_date: |sequence| format!("Đã là mới nhất: số thứ tự {sequence}"),
    installed: |sequence| format!("Đã cài: số thứ tự {sequence}"),
    updated: |before, after| format!("Đã cập nhật: số thứ tự {before} lên {after}"),
    fetched: |parts, bytes| format!("đã tải {parts} phần, {}", size(bytes)),
    old_stays: |sequence| format!("vẫn dùng danh sách đang có: số thứ tự {sequence}"),
    nothing_installed: "chưa cài gì cả",
    none_installed: "chưa cài danh sách tin cậy nào\n  - cài bằng: hcert trust update https://...",
    update_error: error,
    publisher: "Nơi công bố",
    environment: "Môi trường",
    production: "chính thức",
    test: "THỬ NGHIỆM: không dùng để xét giấy thật",
    made: "Lập lúc",
    made_on: |when, days| match days {
        0 => format!("{when}, hôm nay"),
        days => format!("{when}, {days} ngày trước"),
    },
    fresh_until: "Mới đến",
    ends: "Hết hạn",
    keys: "Khóa",
    key_counts: |keys, countries, authorities| {
        format!("{keys} khóa của {countries} nước, {authorities} CSCA")
    },
    root: "Khóa gốc",
    part_sizes: |count, bytes| format!("{count} phần, {}", size(bytes)),
    country_heading: "Nước       khóa   dùng    hết    rút sắp hết",
    stale: |since| {
        format!("đã cũ từ {since}: kết quả sẽ màu vàng cho đến khi cập nhật (hcert trust update)")
    },
    expired: |since| {
        format!(
            "đã hết hạn từ {since}: kết quả không còn đáng tin; hãy cập nhật (hcert trust update)"
        )
    },
    clock_behind: |days| {
        format!("đồng hồ sai: có chữ ký lập sau giờ trên máy {days} ngày; hãy chỉnh lại ngày giờ")
    },
    parts_missing: |parts| {
        format!(
            "thiếu hoặc hỏng: {}; những gì dựa vào đó là \"không rõ\"; hãy cập nhật lại",
            parts.join(", ")
        )
    },
    unreadable_keys: |count| format!("{count} khóa không đọc được"),
    ending: |count| format!("{count} khóa sẽ hết hạn trong 30 ngày"),
    good: "DÙNG ĐƯỢC",
    not_good: "KHÔNG DÙNG ĐƯỢC",
    diff: |old, new| format!("Số thứ tự {old} sang {new}"),
    diff_keys: |added, removed, changed| format!("khóa: thêm {added}, bỏ {removed}, đổi {changed}"),
    diff_parts: |changed, gone, bytes| {
        format!("phần: đổi {changed}, bỏ {gone}; phải tải {}", size(bytes))
    },
    withdrawn: "rút từ",
    root_made: |version, file| format!("Khóa gốc phiên bản {version} ở {file}, chưa có chữ ký"),
    role: |threshold, keys| format!("{threshold} trong {keys}"),
    sign_next: |file| {
        format!("tiếp theo từng người giữ khóa ký: hcert trust sign {file} --key NGƯỜI-GIỮ.key")
    },
    other_document: "là tài liệu khác, không phải bản sao của tài liệu này",
    is_root: |version, name, environment| {
        let environment = if environment == "production" {
            "chính thức"
        } else {
            "THỬ NGHIỆM"
        };
        format!("Khóa gốc phiên bản {version} của \"{name}\" ({environment})")
    },
    is_key_list: |version, keys, withdrawn| {
        format!("Danh sách khóa phiên bản {version}: {keys} khóa, trong đó {withdrawn} đã rút")
    },
    signatures: |good, needed| {
        if good >= needed {
            format!("{good} trên {needed} chữ ký: đủ")
        } else {
            format!("{good} trên {needed} chữ ký: còn thiếu {}", needed - good)
        }
    },
    trust: "DS tin cậy",
    bundle_line: |sequence, days| match days {
        0 => format!("số thứ tự {sequence}, của hôm nay"),
        days => format!("số thứ tự {sequence}, {days} ngày trước"),
    },
    two_bundles: "là danh sách tin cậy thứ hai; chỉ đưa một",
    test_bundle: "Máy này tin khóa THỬ NGHIỆM: không dùng để xét giấy thật.",
};

/// Why an update is not taken; what only a developer needs stays in English.
fn error(error: &UpdateError) -> String {
    match error {
        UpdateError::Rollback { installed, offered } => format!(
            "số thứ tự {offered} cũ hơn {installed} đang dùng: tệp cũ, hoặc máy chủ giữ lại bản mới"
        ),
        UpdateError::KeysRollback { installed, offered } => {
            format!("danh sách khóa phiên bản {offered} cũ hơn {installed} đang dùng")
        }
        UpdateError::Equivocation(sequence) => format!(
            "đang dùng một bản khác cùng số thứ tự {sequence}: nơi công bố đã ký hai bản, hoặc \
             khóa bị lộ; hãy báo việc này"
        ),
        UpdateError::Environment { .. } => {
            "bản được đưa ra thuộc môi trường khác (thử nghiệm hay chính thức): không trộn lẫn"
                .into()
        }
        UpdateError::Envelope(trust_list::envelope::EnvelopeError::Threshold {
            what,
            good,
            needed,
            ..
        }) => format!("{what}: chỉ có {good} trên {needed} chữ ký cần thiết"),
        UpdateError::WrongPart { name, .. } => {
            format!("phần {name} không đúng như bản kê: bị cắt hoặc bị tráo")
        }
        UpdateError::PartsMissing { count, first } => {
            format!("thiếu {count} phần, trước hết là {first}")
        }
        UpdateError::NoKeys => "thiếu hoặc hỏng danh sách khóa".into(),
        UpdateError::RootVersion { expected, found } => {
            format!("khóa gốc phiên bản {found} được đưa ra, trong khi phải là {expected}")
        }
        UpdateError::RootMissing { needed, have } => {
            format!("cần khóa gốc phiên bản {needed}, mà chỉ có {have}")
        }
        UpdateError::Bundle(_) => {
            format!("tệp không phải danh sách tin cậy, hoặc bị hỏng ({error})")
        }
        other => other.to_string(),
    }
}
