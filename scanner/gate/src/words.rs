//! What the gate says beside a verdict, in each language.

use verifier::wording::Language;

use crate::{engine::Notice, judge::Fitness, reader::Absent, scan::Advice};

/// One text in each language: Vietnamese, English.
type Both = (&'static str, &'static str);

fn say(language: Language, (vi, en): Both) -> &'static str {
    match language {
        Language::Vietnamese => vi,
        Language::English => en,
    }
}

/// What to set right at the reader.
pub fn advice(advice: Advice, language: Language) -> &'static str {
    say(
        language,
        match advice {
            Advice::CapsLock => (
                "Phím Caps Lock đang bật. Hãy tắt đi.",
                "Caps lock is on. Switch it off.",
            ),
            Advice::Noise => (
                "Có ký tự lạ trước mã. Kiểm tra dây của đầu đọc.",
                "Something stood before the code. Look at the reader's cable.",
            ),
            Advice::German => (
                "Bàn phím đang là kiểu tiếng Đức. Chọn bàn phím tiếng Anh (Mỹ).",
                "The keyboard layout is German. Choose English (US).",
            ),
            Advice::French => (
                "Bàn phím đang là kiểu tiếng Pháp. Chọn bàn phím tiếng Anh (Mỹ).",
                "The keyboard layout is French. Choose English (US).",
            ),
            Advice::ReaderLayout => (
                "Đầu đọc đang gõ theo bàn phím nước khác. Đặt đầu đọc về bàn phím Mỹ (xem sách hướng dẫn).",
                "The reader types for another country's keyboard. Set it to US (see its manual).",
            ),
            Advice::InputMethod => (
                "Bộ gõ tiếng Việt đã làm hỏng mã. Tắt bộ gõ (Unikey: chọn E) rồi quét lại.",
                "The Vietnamese input method has changed the code. Switch it off (Unikey: E) and scan again.",
            ),
            Advice::Half => (
                "Chỉ nhận được một phần của mã. Quét lại.",
                "Only a part of the code came. Scan again.",
            ),
            Advice::TooLong => (
                "Quá dài cho một mã. Kiểm tra đầu đọc có gửi phím Enter sau mỗi mã không.",
                "Too long for a code. Does the reader send Enter after each?",
            ),
        },
    )
}

/// What the gate can't vouch for, worst first.
pub fn troubles(fitness: &Fitness, language: Language) -> Vec<String> {
    let mut all = Vec::new();
    let mut add = |both: Both, more: Option<&str>| {
        let text = say(language, both);
        all.push(more.map_or_else(|| text.to_owned(), |more| format!("{text} ({more})")));
    };
    if let Some(why) = &fitness.no_trust {
        add(
            (
                "CHƯA CÓ DỮ LIỆU TIN CẬY: máy này không xác nhận được mã nào. Cập nhật dữ liệu.",
                "NO TRUST DATA: this gate can't vouch for any code. Update the trust data.",
            ),
            Some(why),
        );
    }
    if fitness.clock_wrong {
        add(
            (
                "ĐỒNG HỒ SAI: hãy đặt lại ngày giờ của máy này.",
                "THE CLOCK IS WRONG: set this device's date and time.",
            ),
            None,
        );
    }
    if fitness.test {
        add(
            (
                "DỮ LIỆU THỬ NGHIỆM: không dùng để cho vào.",
                "TEST DATA: let nobody in by it.",
            ),
            None,
        );
    }
    if fitness.stale {
        add(
            (
                "Dữ liệu tin cậy đã cũ. Hãy cập nhật.",
                "The trust data is old. Update it.",
            ),
            None,
        );
    }
    if let Some(why) = &fitness.update_failed {
        add(
            (
                "Cập nhật dữ liệu không thành; vẫn dùng dữ liệu trước.",
                "The last update failed; the trust data before it is in use.",
            ),
            Some(why),
        );
    }
    all
}

/// The gate is waiting.
pub fn ready(language: Language) -> &'static str {
    say(
        language,
        ("Đưa mã vào đầu đọc", "Show the code to the reader"),
    )
}

/// No reader is there.
pub fn no_reader(language: Language) -> &'static str {
    say(
        language,
        (
            "Không thấy đầu đọc. Kiểm tra dây cắm.",
            "No reader is there. Look at its cable.",
        ),
    )
}

/// The same code, so many minutes ago.
pub fn repeat(seconds: u64, language: Language) -> String {
    let minutes = seconds.div_ceil(60).max(1);
    match language {
        Language::Vietnamese => format!("Mã này đã được đưa ra {minutes} phút trước."),
        Language::English => format!("This code was shown {minutes} min ago."),
    }
}

/// A document without a certificate.
pub fn no_certificate(language: Language) -> &'static str {
    say(
        language,
        (
            "Đã đọc giấy tờ. Bây giờ quét mã chứng nhận.",
            "The document is read. Now scan the certificate.",
        ),
    )
}

/// Without trust data there is no verdict.
pub fn cannot_say(language: Language) -> &'static str {
    say(language, ("KHÔNG XÁC ĐỊNH", "CAN'T SAY"))
}

/// Nothing could be read.
pub fn unreadable(language: Language) -> &'static str {
    say(language, ("KHÔNG ĐỌC ĐƯỢC", "CAN'T READ"))
}

/// Why a reader is not there, and what to do.
pub fn absent(why: &Absent, language: Language) -> String {
    let text = match why {
        Absent::NotThere => no_reader(language),
        Absent::InUse => say(
            language,
            (
                "Chương trình khác đang dùng đầu đọc này. Hãy đóng chương trình đó.",
                "Another program uses this reader. Close that program.",
            ),
        ),
        Absent::Silent => say(
            language,
            (
                "Máy ảnh không gửi hình. Rút ra rồi cắm lại.",
                "The camera sends no pictures. Pull it out and plug it in again.",
            ),
        ),
        Absent::NotAllowed(group) => {
            return match language {
                Language::Vietnamese => format!(
                    "Không có quyền mở đầu đọc. Thêm người dùng vào nhóm {group} (usermod -aG {group} TÊN)."
                ),
                Language::English => format!(
                    "Not allowed to open the reader. Add the user to the group {group} (usermod -aG {group} NAME)."
                ),
            };
        }
        Absent::Unfit(what) => {
            return match language {
                Language::Vietnamese => {
                    format!("Thiết bị này không dùng được ({what}). Chọn thiết bị khác.")
                }
                Language::English => format!("This device will not do ({what}). Name another one."),
            };
        }
        Absent::Other(why) => {
            return match language {
                Language::Vietnamese => format!("Không mở được đầu đọc ({why})."),
                Language::English => format!("The reader can't be opened ({why})."),
            };
        }
    };
    text.to_owned()
}

/// What else happened; `None` where there is nothing to say.
pub fn notice(notice: &Notice, language: Language) -> Option<String> {
    Some(match notice {
        Notice::Plugged(_) | Notice::Kept => return None,
        Notice::Unplugged(reader, why) => format!("{reader}: {}", absent(why, language)),
        Notice::Door(door, why) => format!("{door}: {why}"),
        Notice::DoorSlow => say(
            language,
            (
                "Cửa phản hồi quá chậm và đã bỏ lỡ một lần mở.",
                "The door is too slow, and missed an answer.",
            ),
        )
        .to_owned(),
        Notice::OddCounts(lines) => match language {
            Language::Vietnamese => format!("Tệp số đếm có {lines} dòng không hiểu được."),
            Language::English => format!("{lines} lines of the counts are not understood."),
        },
        Notice::NotKept(why) => match language {
            Language::Vietnamese => format!(
                "Không ghi được số đếm vào đĩa; vẫn kiểm tra mã. Kiểm tra chỗ trống của đĩa. ({why})"
            ),
            Language::English => format!(
                "The counts can't be written to the disk; codes are checked as before. Is there room on it? ({why})"
            ),
        },
    })
}
