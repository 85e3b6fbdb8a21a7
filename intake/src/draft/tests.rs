use super::*;

fn draft(fields: &[(Field, &'static str)]) -> Draft<'static> {
    let mut draft = Draft::default();
    for (field, text) in fields {
        draft.set(*field, *text);
    }
    draft
}

fn read(fields: &[(Field, &'static str)]) -> Result<ReadRecord, Vec<String>> {
    let catalogue = Catalogue::builtin();
    let settings = Settings::vietnam(&catalogue).unwrap();
    draft(fields)
        .read(&settings)
        .map_err(|findings| findings.iter().map(|f| format!("{f:?}")).collect())
}

const PERSON: [(Field, &str); 4] = [
    (Field::FullName, "Nguyễn Văn Đức"),
    (Field::BirthDate, "26/02/1998"),
    (Field::Sex, "Nam"),
    (Field::Cccd, "079098000001"),
];
const DOSE: [(Field, &str); 3] = [
    (Field::Product, "Pfizer"),
    (Field::Dose, "2"),
    (Field::Date, "20/12/2021"),
];
const TEST: [(Field, &str); 4] = [
    (Field::TestType, "PCR"),
    (Field::TestName, "Allplex SARS-CoV-2"),
    (Field::SampledAt, "20/12/2021 14:30"),
    (Field::Result, "Âm tính"),
];

fn with(parts: &[&[(Field, &'static str)]]) -> Vec<(Field, &'static str)> {
    parts.concat()
}

#[test]
fn the_order_of_fields() {
    for (at, field) in Field::ALL.into_iter().enumerate() {
        assert_eq!(index(field), at, "{field:?}");
    }
}

#[test]
fn a_vaccination_with_what_the_product_says() {
    let read = read(&with(&[&PERSON, &DOSE])).unwrap();
    assert!(read.notes.is_empty());
    let person = &read.record.person;
    assert_eq!(
        (person.name.family(), person.name.given()),
        ("Nguyễn", "Văn Đức")
    );
    let Event::Vaccination(vaccination) = &read.record.event else {
        panic!("another event");
    };
    assert_eq!(vaccination.manufacturer.as_str(), "ORG-100030215");
    assert_eq!(vaccination.prophylaxis.as_str(), "1119349007");
    assert_eq!(
        (vaccination.dose.number(), vaccination.dose.total()),
        (2, 2)
    );
    assert_eq!(vaccination.country.as_str(), "VN");
}

#[test]
fn tests_and_recoveries() {
    assert!(matches!(
        read(&with(&[&PERSON, &TEST])).unwrap().record.event,
        Event::Test(_)
    ));
    let recovery = read(&with(&[&PERSON, &[(Field::FirstPositive, "01/03/2022")]])).unwrap();
    let Event::Recovery(recovery) = recovery.record.event else {
        panic!("another event");
    };
    assert_eq!(recovery.valid_from().to_string(), "2022-03-12");
    assert_eq!(recovery.valid_until().to_string(), "2022-08-28");
}

#[test]
fn everything_wrong_is_said_at_once() {
    for (fields, want) in [
        (
            vec![],
            vec![
                "full_name: missing",
                "birth_date: missing",
                "kind: no_event",
            ],
        ),
        (
            with(&[&PERSON, &[(Field::Dose, "1")]]),
            vec!["product: missing", "date: missing"],
        ),
        (
            with(&[&PERSON, &DOSE, &[(Field::Result, "âm")]]),
            vec!["result: two_kinds"],
        ),
        (
            with(&[
                &PERSON,
                &DOSE,
                &[(Field::Cccd, "1.09E+11"), (Field::Sex, "?")],
            ]),
            vec!["sex: missing", "cccd: scientific_number"],
        ),
        (
            with(&[&PERSON, &DOSE, &[(Field::Cccd, "079498000001")]]),
            vec!["cccd: form"],
        ),
        (with(&[&PERSON, &DOSE, &[(Field::Kind, "tiêm")]]), vec![]),
        (
            with(&[&PERSON, &DOSE, &[(Field::Kind, "xét nghiệm")]]),
            vec!["product: two_kinds"],
        ),
        (
            with(&[&PERSON, &DOSE, &[(Field::Lot, "A?")]]),
            vec!["lot: form"],
        ),
        (
            with(&[&PERSON, &TEST, &[(Field::TestType, "nhanh")]]),
            vec!["test_device: missing"],
        ),
        (
            with(&[&PERSON, &TEST, &[(Field::TestName, "")]]),
            vec!["test_name: missing"],
        ),
        (
            with(&[
                &PERSON,
                &[
                    (Field::FirstPositive, "01/03/2022"),
                    (Field::ValidFrom, "28/02/2022"),
                ],
            ]),
            vec!["valid_from: before_other"],
        ),
        (
            with(&[
                &PERSON,
                &[
                    (Field::FirstPositive, "01/03/2022"),
                    (Field::ValidUntil, "02/03/2022"),
                ],
            ]),
            vec!["valid_until: before_other"],
        ),
        (
            with(&[&PERSON, &DOSE, &[(Field::FullName, "王小明")]]),
            vec!["passport_family_name: no_transliteration"],
        ),
        (
            with(&[&PERSON, &DOSE, &[(Field::Identity, "abc")]]),
            vec!["identity: form"],
        ),
    ] {
        let errors = read(&fields).err().unwrap_or_default();
        assert_eq!(errors, want);
    }
}

#[test]
fn a_document_is_told_by_its_form() {
    for (text, want) in [
        ("079098000001", "cccd"),
        ("79098000001", "cccd"),
        ("012345678", "cmnd"),
        ("12345678", "cmnd"),
        ("C1234567", "passport"),
        ("TE1790123456789", "bhyt"),
    ] {
        let fields = with(&[&PERSON[..3], &DOSE, &[(Field::Identity, text)]]);
        let documents = read(&fields).unwrap().record.person.documents;
        let kinds = [
            ("cccd", documents.cccd.is_some()),
            ("cmnd", documents.cmnd.is_some()),
            ("passport", documents.passport.is_some()),
            ("bhyt", documents.bhyt.is_some()),
        ];
        let there: Vec<&str> = kinds
            .iter()
            .filter(|kind| kind.1)
            .map(|kind| kind.0)
            .collect();
        assert_eq!(there, [want], "{text}");
    }
}

#[test]
fn mended_values_are_noted() {
    let fields = with(&[
        &PERSON,
        &DOSE,
        &[(Field::Cccd, "79098000001"), (Field::Date, "44550")],
    ]);
    let notes = read(&fields).unwrap().notes;
    let notes: Vec<String> = notes.iter().map(|note| format!("{note:?}")).collect();
    assert_eq!(notes, ["cccd: zeros_restored", "date: serial_date"]);
}

#[test]
fn nothing_longer_than_any_value() {
    let mut draft = draft(&with(&[&PERSON, &DOSE]));
    draft.set(Field::Lot, "A".repeat(MAX_VALUE + 1));
    draft.set(Field::FullName, "A".repeat(MAX_VALUE + 1));
    let catalogue = Catalogue::builtin();
    let findings = draft
        .read(&Settings::vietnam(&catalogue).unwrap())
        .unwrap_err();
    let codes: Vec<String> = findings.iter().map(|f| format!("{f:?}")).collect();
    assert_eq!(codes, ["full_name: too_long", "lot: too_long"]);
}

#[test]
fn a_record_in_its_canonical_texts_is_the_same_record() {
    let catalogue = Catalogue::builtin();
    let settings = Settings::vietnam(&catalogue).unwrap();
    let recovery = [(Field::FirstPositive, "1/12/2021"), (Field::Country, "Đức")];
    let more = [
        (Field::Bhyt, "DN 4 79 0123456789"),
        (Field::Cmnd, "012 345 678"),
        (Field::Passport, "c1234567"),
        (Field::Nationality, "Việt Nam"),
        (Field::PassportGiven, "VAN DUC"),
    ];
    let site = [(Field::Site, "bn1"), (Field::GivenBy, "  Lê  An ")];
    let lot = [(Field::Lot, "fk 0595"), (Field::Dose, "nhắc lại 1")];
    let dose = [(Field::Product, "Abdala"), (Field::Date, "2021-12-20")];
    for fields in [
        with(&[&PERSON, &DOSE]),
        with(&[&PERSON, &more, &dose, &lot, &site]),
        with(&[&PERSON, &TEST, &[(Field::Tube, "t-001")]]),
        with(&[
            &[(Field::FullName, "An"), (Field::BirthDate, "1998")],
            &recovery,
        ]),
    ] {
        let record = read(&fields).unwrap().record;
        let draft = Draft::of(&record);
        let again = draft.read(&settings).unwrap();
        assert_eq!(
            (&again.record, again.notes.len()),
            (&record, 0),
            "{fields:?}"
        );
        let texts = |draft: &Draft<'_>| {
            let all = draft.fields();
            all.map(|(field, text)| (field, text.to_owned()))
                .collect::<Vec<_>>()
        };
        assert_eq!(texts(&Draft::of(&again.record)), texts(&draft));
        let of_person = Draft::of_person(&record.person);
        assert!(of_person.fields().all(|(field, _)| field.is_of_person()));
    }
}

/// A code that reads as another one would come back as another one.
#[test]
fn every_code_in_use_reads_as_itself() {
    use hcert::value_set::Kind;
    let catalogue = Catalogue::builtin();
    for kind in Kind::ALL {
        for entry in catalogue.sets().entries(kind).filter(|entry| entry.active) {
            let code = entry.code;
            let read = match kind {
                Kind::Disease => catalogue.disease(code).map(|read| read.as_str().to_owned()),
                Kind::Prophylaxis => catalogue
                    .prophylaxis(code)
                    .map(|read| read.as_str().to_owned()),
                Kind::Product => catalogue.product(code).map(|read| read.as_str().to_owned()),
                Kind::Manufacturer => catalogue
                    .manufacturer(code)
                    .map(|read| read.as_str().to_owned()),
                Kind::TestType => catalogue
                    .test_type(code)
                    .map(|read| read.as_str().to_owned()),
                Kind::TestResult => catalogue
                    .test_result(code)
                    .map(|read| read.as_str().to_owned()),
                Kind::TestDevice => catalogue
                    .test_device(code)
                    .map(|read| read.as_str().to_owned()),
                Kind::Country => catalogue.country(code).map(|read| read.as_str().to_owned()),
                _ => continue,
            };
            assert_eq!(read.as_deref(), Ok(code), "{kind:?}");
        }
    }
}
