//! Example payloads, to start from.

use hcert::x509::EventKind;

/// A payload of this kind, without `ci`, so that each issue makes a new one.
pub(super) fn of(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Vaccination => {
            r#"{
  "ver": "1.3.3",
  "nam": { "fn": "Nguyễn", "gn": "Văn Đức" },
  "dob": "1998-02-26",
  "v": [{
    "tg": "840539006",
    "vp": "1119349007",
    "mp": "EU/1/20/1528",
    "ma": "ORG-100030215",
    "dn": 2,
    "sd": 2,
    "dt": "2021-12-20",
    "co": "VN",
    "is": "Bộ Y tế"
  }]
}
"#
        }
        EventKind::Test => {
            r#"{
  "ver": "1.3.3",
  "nam": { "fn": "Đỗ", "gn": "Thị Hồng Nhung" },
  "dob": "1990-11",
  "t": [{
    "tg": "840539006",
    "tt": "LP6464-4",
    "nm": "RT-PCR",
    "sc": "2021-12-20T08:30:00+07:00",
    "tr": "260415000",
    "tc": "Bệnh viện Bệnh nhiệt đới Trung ương",
    "co": "VN",
    "is": "Bộ Y tế"
  }]
}
"#
        }
        EventKind::Recovery => {
            r#"{
  "ver": "1.3.3",
  "nam": { "fn": "Trần", "gn": "Thị Ưng" },
  "dob": "1956",
  "r": [{
    "tg": "840539006",
    "fr": "2021-12-01",
    "co": "VN",
    "is": "Bộ Y tế",
    "df": "2021-12-12",
    "du": "2022-05-30"
  }]
}
"#
        }
    }
}

#[cfg(test)]
mod tests {
    use hcert::{dcc::Dcc, value_set::ValueSets};
    use serde_json::Value;

    use super::*;

    #[test]
    fn they_lack_nothing_but_the_identifier() {
        for kind in EventKind::ALL {
            let mut value: Value = serde_json::from_str(of(kind)).unwrap();
            let group = &kind.name()[..1];
            assert!(value[group][0].get("ci").is_none());
            value[group][0]["ci"] = "A".into();
            let dcc = Dcc::from_json(&value).unwrap();
            assert_eq!(dcc.check(), []);
            assert_eq!(ValueSets::builtin().check(&dcc), []);
        }
    }
}
