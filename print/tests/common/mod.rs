//! Sheets to print: for tests, the bench and the example. Signed with keys that anyone can make.

#![allow(dead_code, reason = "each user takes what it needs")]
#![allow(unreachable_pub, reason = "a module of several programs")]

use hcert::cwt::{ContentKind, Draft};
use hcert::date::{Date, PartialDate};
use hcert::dcc::Dcc;
use hcert::hc1::Encoder;
use hcert::keys::SoftwareKey;
use hcert::kid::Kid;
use hcert::time::Timestamp;
use hcert::value_set::ValueSets;
use print::{Code, Facts, Notes, Profile, Sheet, Words};
use serde_json::{Value, json};

pub const NUMBER: &str = "URN:UVCI:01:VN:84A7F0C25D9B4E31A6#Y";

pub fn vaccination(family: &str, given: &str) -> Value {
    json!({
        "ver": "1.3.3", "nam": { "fn": family, "gn": given }, "dob": "1998-02-26",
        "v": [{
            "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
            "dn": 3, "sd": 3, "dt": "2021-12-20", "co": "VN", "is": "Cục Y tế dự phòng, Bộ Y tế",
            "ci": NUMBER
        }]
    })
}

pub fn test() -> Value {
    json!({
        "ver": "1.3.3", "nam": { "fn": "Đặng", "gn": "Thị Ngọc Ánh" }, "dob": "1963",
        "t": [{
            "tg": "840539006", "tt": "LP217198-3", "ma": "2010", "sc": "2021-12-20T09:30:00+07:00",
            "tr": "260415000", "tc": "Trung tâm Y tế huyện Mù Cang Chải, tỉnh Yên Bái", "co": "VN",
            "is": "Cục Y tế dự phòng, Bộ Y tế", "ci": NUMBER
        }]
    })
}

pub fn recovery() -> Value {
    json!({
        "ver": "1.3.3", "nam": { "fn": "Hồ", "gn": "Ự Ễ" }, "dob": "",
        "r": [{
            "tg": "840539006", "fr": "2021-10-01", "df": "2021-10-12", "du": "2022-03-30", "co": "VN",
            "is": "Cục Y tế dự phòng, Bộ Y tế", "ci": NUMBER
        }]
    })
}

pub fn hc1(object: &Value, profile: Profile) -> String {
    let dcc = Dcc::from_json(object).expect("samples keep the schema");
    let content = minicbor::to_vec(&dcc).expect("a vector takes everything");
    let draft = Draft {
        issuer: "VN",
        issued_at: Timestamp::from_unix(1_640_000_000).expect("a time"),
        expires_at: Timestamp::from_unix(1_671_536_000).expect("a time"),
        kind: ContentKind::EuDcc,
        content: &content,
    };
    let key = match profile {
        Profile::National => SoftwareKey::eddsa(&[7; 32].into()),
        Profile::International => SoftwareKey::es256(&[7; 32].into()).expect("a scalar"),
    };
    Encoder::default()
        .encode(&draft, &key, &Kid::of_certificate(b"sample"))
        .expect("a small certificate")
}

/// A sheet of a payload, with everything that a sheet can have.
pub fn sheet(object: &Value, first: Profile, second: Option<Profile>) -> Sheet {
    let sets = ValueSets::builtin();
    let dcc = Dcc::from_json(object).expect("samples keep the schema");
    let mut facts = Facts::from_dcc(&dcc, &sets);
    facts.nationality = Some(Words::country("VN", &sets));
    facts.code_expires = Some(Date::new(2022, 12, 20).expect("a day"));
    facts.issuer = Words::new(
        "Cục Y tế dự phòng, Bộ Y tế",
        "General Department of Preventive Medicine, Ministry of Health",
    );
    if object.get("v").is_some() {
        facts.site = Some("Trạm y tế phường Bến Nghé, quận 1, Thành phố Hồ Chí Minh".into());
    }
    Sheet {
        facts,
        notes: Notes {
            correct_at: Words::new(
                "Trạm y tế phường Bến Nghé",
                "the Bến Nghé ward health station",
            ),
            claim_code: Some("7KQM-4XPA-9".into()),
            claim_at: Some("tiemchung.example.vn/nhan".into()),
        },
        code: Code::new(first, hc1(object, first)),
        second_code: second.map(|profile| Code::new(profile, hc1(object, profile))),
        specimen: false,
    }
}

/// Sixty letters and more, in words as people have them, and the longest that a payload can hold.
pub fn long_names() -> [(String, String); 4] {
    [
        (
            "Công Tằng Tôn Nữ".into(),
            "Thị Hoàng Phương Anh Nguyễn Khoa Diệu Hiền Ngọc Quỳnh Như".into(),
        ),
        ("Ự".repeat(20), "Ễ".repeat(80)),
        ("W".repeat(80), "M".repeat(80)),
        (["Nguyễn"; 11].join(" "), ["Phương"; 11].join(" ")),
    ]
}

pub fn unknown_birth(sheet: &mut Sheet) {
    sheet.facts.date_of_birth = PartialDate::UNKNOWN;
}
