//! A record in words, to be read back before it is recorded.

use hcert::value_set::Kind;
use intake::{
    codes::Catalogue,
    record::{Event, Record, Sex},
};
use service::language::{Language, Tongue};

use super::input::{display, product_name};

/// The facts in the order of every sheet: who, what, when, by whom.
pub(crate) fn of_record(
    t: Tongue,
    catalogue: &Catalogue,
    today: &str,
    record: &Record,
) -> Vec<(&'static str, String)> {
    let person = &record.person;
    let mut facts = vec![(t.say("Họ và tên", "Name"), person.name.full())];
    let standard = [
        person.name.parts().family_standard(),
        person.name.parts().given_standard(),
    ];
    let latin: Vec<&str> = standard
        .iter()
        .flatten()
        .map(|name| name.as_str())
        .collect();
    if !latin.is_empty() {
        facts.push((
            t.say("Tên không dấu trên chứng nhận", "Name as in a passport"),
            latin.join("  ").replace('<', " "),
        ));
    }
    facts.push((
        t.say("Ngày sinh", "Date of birth"),
        birth(t, &person.birth.to_string(), today),
    ));
    if let Some(sex) = person.sex {
        let said = match sex {
            Sex::Male => t.say("Nam", "Male"),
            Sex::Female => t.say("Nữ", "Female"),
            Sex::Other => t.say("Khác", "Other"),
        };
        facts.push((t.say("Giới tính", "Sex"), said.into()));
    }
    if let Some(country) = &person.nationality {
        let sets = catalogue.sets();
        let name = sets
            .display(Kind::Country, country.as_str())
            .unwrap_or(country.as_str());
        let name = if country.is_vietnam() {
            t.say("Việt Nam", "Viet Nam")
        } else {
            name
        };
        facts.push((t.say("Quốc tịch", "Nationality"), name.into()));
    }
    let documents = &person.documents;
    let numbers = [
        (
            t.say("CCCD", "Citizen card"),
            documents.cccd.as_ref().map(|n| n.as_str()),
        ),
        (
            t.say("CMND", "Identity card"),
            documents.cmnd.as_ref().map(|n| n.as_str()),
        ),
        (
            t.say("Hộ chiếu", "Passport"),
            documents.passport.as_ref().map(|n| n.as_str()),
        ),
        (
            t.say("Thẻ BHYT", "Insurance card"),
            documents.bhyt.as_ref().map(|n| n.as_str()),
        ),
    ];
    let mut any = false;
    for (name, number) in numbers {
        if let Some(number) = number {
            facts.push((name, number.into()));
            any = true;
        }
    }
    if !any {
        facts.push((
            t.say("Giấy tờ", "Documents"),
            t.say("không có", "none").into(),
        ));
    }
    event(t, catalogue, &record.event, &mut facts);
    facts
}

fn event(t: Tongue, catalogue: &Catalogue, event: &Event, facts: &mut Vec<(&'static str, String)>) {
    let set = |kind, code: &str| {
        let english = catalogue.sets().display(kind, code).unwrap_or(code);
        display(t, kind, code, english)
    };
    match event {
        Event::Vaccination(v) => {
            facts.push((
                t.say("Vắc xin", "Vaccine"),
                product_name(catalogue, v.product.as_str()),
            ));
            facts.push((
                t.say("Nhà sản xuất", "Manufacturer"),
                set(Kind::Manufacturer, v.manufacturer.as_str()),
            ));
            let lot = v
                .lot
                .as_ref()
                .map_or(t.say("không ghi", "not said"), |lot| lot.as_str());
            facts.push((t.say("Số lô", "Lot"), lot.into()));
            facts.push((
                t.say("Mũi", "Dose"),
                dose(t, v.dose.number(), v.dose.total()),
            ));
            facts.push((t.say("Ngày tiêm", "Day"), day(t, &v.date.to_string())));
            if let Some(by) = &v.given_by {
                facts.push((t.say("Người tiêm", "Given by"), by.as_str().into()));
            }
        }
        Event::Test(test) => {
            facts.push((
                t.say("Xét nghiệm", "Test"),
                set(Kind::TestType, test.test_type().as_str()),
            ));
            if let Some(name) = test.name() {
                facts.push((
                    t.say("Tên xét nghiệm", "Name of the test"),
                    name.as_str().into(),
                ));
            }
            if let Some(device) = test.device() {
                facts.push((
                    t.say("Bộ xét nghiệm", "Device"),
                    set(Kind::TestDevice, device.as_str()),
                ));
            }
            let sampled = test.sampled_at().as_received();
            let (date, time) = sampled.split_once(['T', ' ']).unwrap_or((sampled, ""));
            let time = time.get(..5).unwrap_or(time);
            facts.push((
                t.say("Lấy mẫu lúc", "Sampled"),
                format!("{time}, {}", day(t, date)),
            ));
            facts.push((
                t.say("Kết quả", "Result"),
                set(Kind::TestResult, test.result.as_str()),
            ));
            if let Some(tube) = &test.tube {
                facts.push((t.say("Mã ống", "Tube"), tube.as_str().into()));
            }
        }
        Event::Recovery(r) => {
            facts.push((
                t.say("Dương tính lần đầu", "First positive"),
                day(t, &r.first_positive().to_string()),
            ));
            facts.push((
                t.say("Có giá trị từ", "Valid from"),
                day(t, &r.valid_from().to_string()),
            ));
            facts.push((
                t.say("Đến hết", "Valid until"),
                day(t, &r.valid_until().to_string()),
            ));
        }
    }
}

fn dose(t: Tongue, number: u8, total: u8) -> String {
    match t.language() {
        Language::Vi => format!("mũi {number} ({number}/{total})"),
        Language::En => format!("dose {number} ({number}/{total})"),
    }
}

/// A day in words: `ngày 26 tháng 2 năm 1998`, `26 Feb 1998`; without what is not known.
pub(crate) fn day(t: Tongue, iso: &str) -> String {
    if t.language() == Language::En {
        return t.date(iso);
    }
    let short = |text: &str| text.trim_start_matches('0').to_owned();
    match iso.split('-').collect::<Vec<_>>().as_slice() {
        [y] => format!("năm {y}"),
        [y, m] => format!("tháng {} năm {y}", short(m)),
        [y, m, d] => format!("ngày {} tháng {} năm {y}", short(d), short(m)),
        _ => iso.to_owned(),
    }
}

/// A birth date in words, with the age.
pub(crate) fn birth(t: Tongue, iso: &str, today: &str) -> String {
    let said = day(t, iso);
    let Some(age) = age(iso, today) else {
        return said;
    };
    match t.language() {
        Language::Vi => format!("{said} ({age} tuổi)"),
        Language::En if age == 1 => format!("{said} (1 year old)"),
        Language::En => format!("{said} ({age} years old)"),
    }
}

fn age(iso: &str, today: &str) -> Option<i32> {
    let year = |text: &str| text.get(..4)?.parse::<i32>().ok();
    let before = iso.len() == 10 && iso.get(4..) > today.get(4..);
    let age = year(today)? - year(iso)? - i32::from(before);
    (0..=130).contains(&age).then_some(age)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_and_days() {
        let t = Tongue::new(Language::Vi);
        assert_eq!(
            birth(t, "1998-02-26", "2026-11-28"),
            "ngày 26 tháng 2 năm 1998 (28 tuổi)"
        );
        assert_eq!(
            birth(t, "1998-12-01", "2026-11-28"),
            "ngày 1 tháng 12 năm 1998 (27 tuổi)"
        );
        assert_eq!(birth(t, "1940", "2026-11-28"), "năm 1940 (86 tuổi)");
        let en = Tongue::new(Language::En);
        assert_eq!(
            birth(en, "2025-11-01", "2026-11-28"),
            "1 Nov 2025 (1 year old)"
        );
        assert_eq!(day(t, "1998-02"), "tháng 2 năm 1998");
    }
}
