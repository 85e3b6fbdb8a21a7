use super::*;
use crate::{
    draft::{Draft, Settings},
    finding::{Severity, any_error},
};

/// 2022-06-15T10:00:00+07:00.
const NOW: i64 = 1_655_262_000;

const VACCINATION: [(Field, &str); 8] = [
    (Field::FullName, "Nguyễn Văn Đức"),
    (Field::BirthDate, "26/02/1998"),
    (Field::Sex, "Nam"),
    (Field::Nationality, "VN"),
    (Field::Product, "Pfizer"),
    (Field::Dose, "2"),
    (Field::Lot, "FK0595"),
    (Field::Date, "20/12/2021"),
];
const TEST: [(Field, &str); 7] = [
    (Field::FullName, "Nguyễn Văn Đức"),
    (Field::BirthDate, "26/02/1998"),
    (Field::TestType, "PCR"),
    (Field::TestName, "Allplex"),
    (Field::SampledAt, "20/12/2021 14:30"),
    (Field::Result, "âm tính"),
    (Field::Tube, "T-0001"),
];
const RECOVERY: [(Field, &str); 3] = [
    (Field::FullName, "Nguyễn Văn Đức"),
    (Field::BirthDate, "26/02/1998"),
    (Field::FirstPositive, "01/03/2022"),
];

fn record(base: &[(Field, &'static str)], changes: &[(Field, &'static str)]) -> Record {
    let catalogue = Catalogue::builtin();
    let mut draft = Draft::default();
    for (field, text) in base.iter().chain(changes) {
        draft.set(*field, *text);
    }
    draft
        .read(&Settings::vietnam(&catalogue).unwrap())
        .unwrap()
        .record
}

fn earlier(catalogue: &Catalogue, doses: &[(u8, u8, &str, &str)]) -> Vec<Earlier> {
    doses
        .iter()
        .map(|(number, total, product, date)| Earlier {
            dose: Dose::new(*number, *total).unwrap(),
            product: catalogue.product(product).unwrap(),
            date: Date::parse(date).unwrap(),
        })
        .collect()
}

fn codes(findings: &[Finding]) -> Vec<String> {
    let show = |finding: &Finding| {
        let sign = if finding.severity() == Severity::Error {
            "!"
        } else {
            ""
        };
        format!("{finding:?}{sign}")
    };
    findings.iter().map(show).collect()
}

fn checked(base: &[(Field, &'static str)], changes: &[(Field, &'static str)]) -> Vec<String> {
    let catalogue = Catalogue::builtin();
    codes(&check(
        &record(base, changes),
        &Known::new(&catalogue, Timestamp::saturating(NOW)),
    ))
}

#[test]
fn what_is_right_is_silent() {
    assert_eq!(checked(&VACCINATION, &[]), [""; 0]);
    assert_eq!(checked(&TEST, &[]), [""; 0]);
    assert_eq!(checked(&RECOVERY, &[]), [""; 0]);
    assert_eq!(
        checked(&VACCINATION, &[(Field::BirthDate, "1998")]),
        [""; 0]
    );
    assert_eq!(
        checked(&VACCINATION, &[(Field::Date, "15/06/2022")]),
        [""; 0]
    );
    assert_eq!(
        checked(
            &VACCINATION,
            &[(Field::FullName, "Lee Min Ho"), (Field::Nationality, "KR")]
        ),
        [""; 0]
    );
    assert_eq!(
        checked(
            &VACCINATION,
            &[
                (Field::FullName, "Müller-O'Brien"),
                (Field::GivenNames, "Jörg"),
                (Field::FamilyName, "Müller-O'Brien")
            ]
        ),
        [""; 0]
    );
    assert_eq!(
        checked(&VACCINATION, &[(Field::FullName, "Đặng Mai Lê")]),
        [""; 0]
    );
    assert_eq!(
        checked(&VACCINATION, &[(Field::FullName, "H' Hen Niê")]),
        [""; 0]
    );
}

#[test]
fn one_thing_at_a_time() {
    for (base, change, want) in [
        (
            &VACCINATION[..],
            (Field::Date, "16/06/2022"),
            "date: future!",
        ),
        (
            &VACCINATION,
            (Field::Date, "25/02/1998"),
            "date: before_birth!",
        ),
        (
            &VACCINATION,
            (Field::BirthDate, "21/12/2021"),
            "date: before_birth!",
        ),
        (
            &VACCINATION,
            (Field::BirthDate, "16/06/2022"),
            "birth_date: future! date: before_birth!",
        ),
        (
            &VACCINATION,
            (Field::Date, "31/12/2019"),
            "date: before_disease!",
        ),
        (
            &VACCINATION,
            (Field::Date, "01/12/2020"),
            "date: before_product",
        ),
        (
            &VACCINATION,
            (Field::BirthDate, "01/01/1905"),
            "birth_date: age",
        ),
        (&VACCINATION, (Field::Product, "AstraZeneca"), ""),
        (
            &VACCINATION,
            (Field::Cccd, "079097000001"),
            "cccd: card_birth_year!",
        ),
        (
            &VACCINATION,
            (Field::Cccd, "079198000001"),
            "cccd: card_sex!",
        ),
        (
            &VACCINATION,
            (Field::Cccd, "078098000001"),
            "cccd: card_province",
        ),
        (&VACCINATION, (Field::Cccd, "079098000001"), ""),
        (
            &VACCINATION,
            (Field::Bhyt, "TE1790123456789"),
            "bhyt: card_of_child",
        ),
        (
            &VACCINATION,
            (Field::FullName, "Nguyễn Văn Đức 2"),
            "given_names: name_digit!",
        ),
        (
            &VACCINATION,
            (Field::FullName, "Nguye6n4 Văn Đức"),
            "family_name: name_typing family_name: name_digit!",
        ),
        (
            &VACCINATION,
            (Field::FullName, "Nguyeenx Văn Đức"),
            "family_name: name_typing",
        ),
        (
            &VACCINATION,
            (Field::FullName, "Nguyễn Văn @Đức"),
            "given_names: name_character!",
        ),
        (
            &VACCINATION,
            (Field::FullName, "Nguyễn"),
            "full_name: name_one_word",
        ),
        (
            &VACCINATION,
            (Field::FullName, "Nguyá»…n Văn Đức"),
            "family_name: name_encoding!",
        ),
        (
            &VACCINATION,
            (Field::FullName, "Nguyễn V¨n Đức"),
            "given_names: name_encoding!",
        ),
        (
            &VACCINATION,
            (Field::FullName, "Phượng Văn Nguyễn"),
            "full_name: name_swapped",
        ),
        (
            &VACCINATION,
            (Field::FullName, "Nguyễn Thị Hoa"),
            "sex: name_sex",
        ),
        (&VACCINATION, (Field::Sex, "Nữ"), "sex: name_sex"),
        (
            &VACCINATION,
            (Field::Manufacturer, "Moderna"),
            "manufacturer: manufacturer_of_other",
        ),
        (
            &VACCINATION,
            (Field::Prophylaxis, "vector"),
            "vaccine_type: vaccine_type_of_other",
        ),
        (
            &VACCINATION,
            (Field::TotalDoses, "3"),
            "total_doses: series_length",
        ),
        (&VACCINATION, (Field::Dose, "3/3"), ""),
        (&VACCINATION, (Field::Lot, "KHONGRO"), "lot: lot_unlikely"),
        (
            &VACCINATION,
            (Field::Lot, "20/12/2021"),
            "lot: lot_unlikely",
        ),
        (&VACCINATION, (Field::Lot, "00000"), "lot: lot_unlikely"),
        (&VACCINATION, (Field::Lot, "123456"), "lot: lot_unlikely"),
        (
            &TEST,
            (Field::SampledAt, "15/06/2022 10:01"),
            "sampled_at: future!",
        ),
        (&TEST, (Field::SampledAt, "15/06/2022 10:00"), ""),
        (
            &TEST,
            (Field::SampledAt, "25/02/1998 14:30"),
            "sampled_at: before_birth!",
        ),
        (
            &RECOVERY,
            (Field::FirstPositive, "16/06/2022"),
            "first_positive: future!",
        ),
        (
            &RECOVERY,
            (Field::ValidFrom, "11/03/2022"),
            "valid_from: recovery_early",
        ),
        (
            &RECOVERY,
            (Field::ValidUntil, "29/08/2022"),
            "valid_until: recovery_long",
        ),
    ] {
        assert_eq!(checked(base, &[change]).join(" "), want, "{change:?}");
    }
    let young = [
        (Field::Product, "AstraZeneca"),
        (Field::BirthDate, "21/12/2003"),
    ];
    assert_eq!(checked(&VACCINATION, &young), ["birth_date: under_age"]);
    let grown = [
        (Field::Product, "AstraZeneca"),
        (Field::BirthDate, "20/12/2003"),
    ];
    assert_eq!(checked(&VACCINATION, &grown), [""; 0]);
    let foreign = [(Field::Nationality, "KR"), (Field::Cccd, "079098000001")];
    assert_eq!(checked(&VACCINATION, &foreign), ["cccd: card_nationality"]);
}

#[test]
fn a_swapped_date_is_proposed() {
    let catalogue = Catalogue::builtin();
    let known = Known::new(&catalogue, Timestamp::saturating(NOW));
    let findings = check(
        &record(&VACCINATION, &[(Field::Date, "05/12/2022")]),
        &known,
    );
    let swapped = Date::new(2022, 5, 12).ok();
    assert_eq!(
        findings.first().map(Finding::problem),
        Some(&Problem::Future { swapped })
    );
    let findings = check(
        &record(&VACCINATION, &[(Field::Date, "11/12/2022")]),
        &known,
    );
    assert_eq!(
        findings.first().map(Finding::problem),
        Some(&Problem::Future { swapped: None })
    );
    let findings = check(
        &record(&VACCINATION, &[(Field::BirthDate, "05/12/2022")]),
        &known,
    );
    assert_eq!(
        findings.first().map(Finding::problem),
        Some(&Problem::Future { swapped })
    );
}

#[test]
fn doses_among_others() {
    let catalogue = Catalogue::builtin();
    let pfizer = |number, total, date| (number, total, "Pfizer", date);
    for (doses, change, want) in [
        (vec![pfizer(1, 2, "2021-11-29")], (Field::Dose, "2"), ""),
        (
            vec![pfizer(1, 2, "2021-11-30")],
            (Field::Dose, "2"),
            "date: dose_too_soon",
        ),
        (
            vec![pfizer(1, 2, "2021-12-09")],
            (Field::Dose, "2"),
            "date: dose_too_soon",
        ),
        (
            vec![pfizer(1, 2, "2021-12-10")],
            (Field::Dose, "2"),
            "date: dose_too_soon!",
        ),
        (
            vec![pfizer(1, 2, "2021-12-19")],
            (Field::Dose, "2"),
            "date: dose_too_soon!",
        ),
        (
            vec![pfizer(1, 2, "2021-12-20")],
            (Field::Dose, "2"),
            "date: dose_same_day!",
        ),
        (vec![pfizer(2, 2, "2021-12-20")], (Field::Dose, "2"), ""),
        (
            vec![pfizer(2, 2, "2021-10-20")],
            (Field::Dose, "2"),
            "dose: dose_repeated",
        ),
        (
            vec![pfizer(3, 3, "2021-10-20")],
            (Field::Dose, "2"),
            "dose: dose_order",
        ),
        (vec![pfizer(2, 2, "2022-01-10")], (Field::Dose, "1"), ""),
        (
            vec![pfizer(2, 2, "2022-01-09")],
            (Field::Dose, "1"),
            "date: dose_too_soon",
        ),
        (vec![pfizer(2, 2, "2021-11-22")], (Field::Dose, "3"), ""),
        (
            vec![pfizer(2, 2, "2021-11-23")],
            (Field::Dose, "3"),
            "date: dose_too_soon",
        ),
    ] {
        let earlier = earlier(&catalogue, &doses);
        let mut known = Known::new(&catalogue, Timestamp::saturating(NOW));
        known.earlier = &earlier;
        let found = codes(&check(&record(&VACCINATION, &[change]), &known));
        assert_eq!(found.join(" "), want, "{doses:?}");
    }
}

#[test]
fn lots_and_sites() {
    let catalogue = Catalogue::builtin();
    let mut known = Known::new(&catalogue, Timestamp::saturating(NOW));
    let delivered = |site: &Site, lot: &Lot| site.as_str() == "Q1" && lot.as_str() == "FK0595";
    let allowed = |site: &Site| site.as_str() != "Q3";
    known.delivered = Some(&delivered);
    known.allowed = Some(&allowed);
    for (site, want) in [
        ("Q1", ""),
        ("Q2", "lot: lot_not_delivered"),
        ("Q3", "site: site_not_allowed! lot: lot_not_delivered"),
    ] {
        let found = codes(&check(
            &record(&VACCINATION, &[(Field::Site, site)]),
            &known,
        ));
        assert_eq!(found.join(" "), want, "{site}");
    }
}

#[test]
fn people_in_one_tube() {
    let one = |name, result| record(&TEST, &[(Field::FullName, name), (Field::Result, result)]);
    let pool = |records: &[Record]| -> Vec<String> {
        let lines = records.iter().zip(2..).map(|(record, line)| (line, record));
        pools(lines)
            .iter()
            .map(|(at, finding)| format!("{at} {finding:?}"))
            .collect()
    };
    assert_eq!(pool(&[one("Lê An", "âm"), one("Lê Ba", "âm")]), [""; 0]);
    assert_eq!(pool(&[one("Lê An", "dương")]), [""; 0]);
    assert_eq!(
        pool(&[one("Lê An", "dương"), one("Lê An", "dương")]),
        [""; 0]
    );
    assert_eq!(
        pool(&[one("Lê An", "dương"), one("Lê Ba", "dương")]),
        ["0 result: pool_positive", "1 result: pool_positive"]
    );
    assert_eq!(
        pool(&[one("Lê An", "âm"), one("Lê Ba", "dương")]),
        [
            "0 result: pool_disagrees",
            "1 result: pool_disagrees",
            "1 result: pool_positive"
        ]
    );
}

#[test]
fn the_day_is_that_of_the_place() {
    let catalogue = Catalogue::builtin();
    // 18:00 in UTC is the next day in Viet Nam.
    let known = Known::new(&catalogue, "2022-06-14T18:00:00Z".parse().unwrap());
    assert!(!any_error(&check(
        &record(&VACCINATION, &[(Field::Date, "15/06/2022")]),
        &known
    )));
    let known = Known::new(&catalogue, "2022-06-14T16:59:59Z".parse().unwrap());
    assert!(any_error(&check(
        &record(&VACCINATION, &[(Field::Date, "15/06/2022")]),
        &known
    )));
}
