//! Content for certificates: invented people, and codes from the EU's value sets.

use super::cbor::{Item, object};

/// Nguyễn Văn Đức.
pub(super) fn duc() -> Item {
    object([
        ("fn", "Nguyễn".into()),
        ("fnt", "NGUYEN".into()),
        ("gn", "Văn Đức".into()),
        ("gnt", "VAN<DUC".into()),
    ])
}

/// Đỗ Thị Hồng Nhung.
pub(super) fn nhung() -> Item {
    object([
        ("fn", "Đỗ".into()),
        ("fnt", "DO".into()),
        ("gn", "Thị Hồng Nhung".into()),
        ("gnt", "THI<HONG<NHUNG".into()),
    ])
}

fn dcc(group: &str, entry: Item) -> Item {
    object([
        ("ver", "1.3.3".into()),
        ("nam", duc()),
        ("dob", "1998-02-26".into()),
        (group, Item::Array(vec![entry])),
    ])
}

/// The UVCI of a sample, with its check character.
pub(super) fn uvci(opaque: &str) -> String {
    let body = format!("URN:UVCI:01:XX:TEST/{opaque}");
    let check = hcert::uvci::check_character(&body).unwrap_or('?');
    format!("{body}#{check}")
}

/// Second dose of two.
pub(super) fn vaccination() -> Item {
    dcc(
        "v",
        object([
            ("tg", "840539006".into()),
            ("vp", "1119349007".into()),
            ("mp", "EU/1/20/1528".into()),
            ("ma", "ORG-100030215".into()),
            ("dn", 2.into()),
            ("sd", 2.into()),
            ("dt", "2025-12-20".into()),
            ("co", "VN".into()),
            ("is", "TEST Bộ Y tế".into()),
            ("ci", Item::Text(uvci("VACCINATION"))),
        ]),
    )
}

/// A NAAT, not detected.
pub(super) fn naat() -> Item {
    dcc(
        "t",
        object([
            ("tg", "840539006".into()),
            ("tt", "LP6464-4".into()),
            ("nm", "TEST RT-PCR".into()),
            ("sc", "2026-01-14T09:30:00Z".into()),
            ("tr", "260415000".into()),
            ("tc", "TEST Bệnh viện Chợ Rẫy".into()),
            ("co", "VN".into()),
            ("is", "TEST Bộ Y tế".into()),
            ("ci", Item::Text(uvci("NAAT"))),
        ]),
    )
}

/// A rapid antigen test, not detected.
pub(super) fn rapid_test() -> Item {
    dcc(
        "t",
        object([
            ("tg", "840539006".into()),
            ("tt", "LP217198-3".into()),
            ("ma", "1232".into()),
            ("sc", "2026-01-14T16:30:00+07:00".into()),
            ("tr", "260415000".into()),
            ("tc", "TEST Trạm y tế phường Bến Nghé".into()),
            ("co", "VN".into()),
            ("is", "TEST Bộ Y tế".into()),
            ("ci", Item::Text(uvci("RAPID"))),
        ]),
    )
}

/// A recovery.
pub(super) fn recovery() -> Item {
    dcc(
        "r",
        object([
            ("tg", "840539006".into()),
            ("fr", "2025-12-01".into()),
            ("df", "2025-12-12".into()),
            ("du", "2026-05-30".into()),
            ("co", "VN".into()),
            ("is", "TEST Bộ Y tế".into()),
            ("ci", Item::Text(uvci("RECOVERY"))),
        ]),
    )
}

/// An ICVP of 2026 against yellow fever.
pub(super) fn icvp() -> Item {
    object([
        ("v", "1.0.0".into()),
        ("n", "Nguyễn Văn Đức".into()),
        ("dob", "1998-02-26".into()),
        ("s", "male".into()),
        ("nt", "VNM".into()),
        ("id", "TEST001098".into()),
        ("dt", "PPN".into()),
        (
            "vx",
            object([
                (
                    "vp",
                    "YellowFeverProductd2c75a15ed309658b3968519ddb31690".into(),
                ),
                ("dv", "2025-12-20".into()),
                ("bo", "TEST-LOT-1".into()),
                ("is", "TEST Bộ Y tế".into()),
            ]),
        ),
    ])
}

/// An ICVP of the form of 2024 and 2025, with the dose below `v`.
pub(super) fn icvp_of_2025() -> Item {
    object([
        ("n", "Nguyễn Văn Đức".into()),
        ("dob", "1998-02-26".into()),
        ("s", "male".into()),
        ("ntl", "VN".into()),
        (
            "v",
            object([
                ("dn", "1".into()),
                ("tg", "1D47".into()),
                ("dt", "2025-12-20".into()),
                ("bo", "TEST-LOT-1".into()),
                ("vls", "2025-12-30".into()),
                ("cn", "TEST BS Đỗ Thị Hồng Nhung".into()),
                ("is", "TEST Bộ Y tế".into()),
            ]),
        ),
    ])
}
