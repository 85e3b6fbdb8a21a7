//! What codes are called in Vietnamese; the value sets are published in English only.

use super::Kind;

/// The Vietnamese name of a code; `None` where none is known, or where it is as in English.
pub fn vietnamese(kind: Kind, code: &str) -> Option<&'static str> {
    let table: &[(&str, &str)] = match kind {
        Kind::Prophylaxis => &PROPHYLAXIS,
        Kind::TestType => &TEST_TYPE,
        Kind::TestResult => &TEST_RESULT,
        Kind::Country => &COUNTRY,
        _ => return None,
    };
    table
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, name)| *name)
}

const PROPHYLAXIS: [(&str, &str); 9] = [
    ("1119305005", "Vắc xin kháng nguyên SARS-CoV-2"),
    ("1119349007", "Vắc xin mRNA phòng SARS-CoV-2"),
    ("1157024006", "Vắc xin SARS-CoV-2 bất hoạt toàn thể"),
    ("1162643001", "Vắc xin protein gai tái tổ hợp SARS-CoV-2"),
    ("1187593009", "Vắc xin DNA mã hóa protein gai SARS-CoV-2"),
    ("28531000087107", "Vắc xin phòng COVID-19"),
    (
        "29061000087103",
        "Vắc xin véc-tơ vi rút không nhân lên phòng COVID-19",
    ),
    ("30141000087107", "Vắc xin hạt tương tự vi rút SARS-CoV-2"),
    ("J07BX03", "Vắc xin phòng COVID-19"),
];

const TEST_TYPE: [(&str, &str); 2] = [
    ("LP217198-3", "Xét nghiệm nhanh kháng nguyên"),
    ("LP6464-4", "Xét nghiệm khuếch đại axit nucleic (PCR)"),
];

const TEST_RESULT: [(&str, &str); 2] = [("260373001", "Dương tính"), ("260415000", "Âm tính")];

/// Countries whose name in Vietnamese is another one than in English, and those whose English name of
/// the value set is too long for daily use.
const COUNTRY: [(&str, &str); 71] = [
    ("AE", "Các Tiểu vương quốc Ả Rập Thống nhất"),
    ("AR", "Argentina"),
    ("AT", "Áo"),
    ("AU", "Úc"),
    ("BE", "Bỉ"),
    ("BG", "Bulgaria"),
    ("BN", "Brunei"),
    ("BO", "Bolivia"),
    ("BR", "Brasil"),
    ("BY", "Belarus"),
    ("CD", "Cộng hòa Dân chủ Congo"),
    ("CF", "Cộng hòa Trung Phi"),
    ("CH", "Thụy Sĩ"),
    ("CI", "Bờ Biển Ngà"),
    ("CN", "Trung Quốc"),
    ("CU", "Cuba"),
    ("CY", "Síp"),
    ("CZ", "Séc"),
    ("DE", "Đức"),
    ("DK", "Đan Mạch"),
    ("DO", "Cộng hòa Dominica"),
    ("DZ", "Algérie"),
    ("EG", "Ai Cập"),
    ("ES", "Tây Ban Nha"),
    ("FI", "Phần Lan"),
    ("FM", "Micronesia"),
    ("FR", "Pháp"),
    ("GB", "Vương quốc Anh"),
    ("GE", "Gruzia"),
    ("GQ", "Guinea Xích Đạo"),
    ("GR", "Hy Lạp"),
    ("HK", "Hồng Kông"),
    ("IN", "Ấn Độ"),
    ("IQ", "Iraq"),
    ("IR", "Iran"),
    ("IT", "Ý"),
    ("JP", "Nhật Bản"),
    ("KH", "Campuchia"),
    ("KP", "Triều Tiên"),
    ("KR", "Hàn Quốc"),
    ("LA", "Lào"),
    ("LB", "Liban"),
    ("MA", "Maroc"),
    ("MD", "Moldova"),
    ("MK", "Bắc Macedonia"),
    ("MN", "Mông Cổ"),
    ("MO", "Ma Cao"),
    ("NL", "Hà Lan"),
    ("NO", "Na Uy"),
    ("PH", "Philippines"),
    ("PL", "Ba Lan"),
    ("PS", "Palestine"),
    ("PT", "Bồ Đào Nha"),
    ("RU", "Nga"),
    ("SA", "Ả Rập Xê Út"),
    ("SE", "Thụy Điển"),
    ("SS", "Nam Sudan"),
    ("SY", "Syria"),
    ("SZ", "Eswatini"),
    ("TH", "Thái Lan"),
    ("TL", "Đông Timor"),
    ("TR", "Thổ Nhĩ Kỳ"),
    ("TW", "Đài Loan"),
    ("TZ", "Tanzania"),
    ("UA", "Ukraina"),
    ("US", "Hoa Kỳ"),
    ("VA", "Tòa Thánh Vatican"),
    ("VE", "Venezuela"),
    ("VN", "Việt Nam"),
    ("XK", "Kosovo"),
    ("ZA", "Nam Phi"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value_set::ValueSets;

    #[test]
    fn all_codes_with_few_values_have_names() {
        let sets = ValueSets::builtin();
        for kind in [Kind::Prophylaxis, Kind::TestType, Kind::TestResult] {
            for entry in sets.entries(kind) {
                assert!(vietnamese(kind, entry.code).is_some(), "{}", entry.display);
            }
        }
    }

    #[test]
    fn names_belong_to_codes() {
        let sets = ValueSets::builtin();
        for (kind, table) in [
            (Kind::Prophylaxis, &PROPHYLAXIS[..]),
            (Kind::TestType, &TEST_TYPE),
            (Kind::TestResult, &TEST_RESULT),
            (Kind::Country, &COUNTRY),
        ] {
            for (code, name) in table {
                assert!(sets.get(kind, code).is_some(), "{code} {name}");
            }
        }
    }
}
