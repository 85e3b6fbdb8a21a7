use super::*;

/// Doc 9303 part 3, appendix A.
#[test]
fn check_digits_of_the_specification() {
    for (text, want) in [
        ("520727", 3),
        ("AB2134<<<", 5),
        ("HA672242<658022549601086<<<<<<<<<<<<<<0", 8),
        ("D231458907<<<<<<<<<<<<<<<34071279507122<<<<<<<<<<", 2),
        ("HA672242<658022549601086<<<<<<<", 8),
    ] {
        assert_eq!(check_digit(text.as_bytes()), want, "{text}");
    }
}

const PASSPORT: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n\
                        L898902C36UTO7408122F1204159ZE184226B<<<<<10";
const CARD: &str = "I<UTOD231458907<<<<<<<<<<<<<<<\n\
                    7408122F1204159UTO<<<<<<<<<<<6\n\
                    ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
const LARGE_CARD: &str = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n\
                          D231458907UTO7408122F1204159<<<<<<<6";

#[test]
fn the_examples_of_parts_4_5_and_6() {
    for (text, size, kind) in [
        (PASSPORT, Size::Td3, 'P'),
        (CARD, Size::Td1, 'I'),
        (LARGE_CARD, Size::Td2, 'I'),
    ] {
        let mrz = Mrz::read(text).unwrap();
        assert_eq!((mrz.size(), mrz.kind(), mrz.issuer()), (size, kind, "UTO"));
        assert_eq!(mrz.primary().collect::<Vec<_>>(), ["ERIKSSON"]);
        assert_eq!(mrz.secondary().collect::<Vec<_>>(), ["ANNA", "MARIA"]);
        let date = |date: MrzDate| (date.year(), date.month(), date.day());
        assert_eq!(date(mrz.birth()), (Some(74), Some(8), Some(12)));
        assert_eq!(date(mrz.expiry()), (Some(12), Some(4), Some(15)));
        assert!(!mrz.may_be_cut());
        assert_eq!(format!("{mrz:?}"), format!("Mrz({size:?}, ..)"));
    }
}

#[test]
fn as_readers_type_and_people_paste() {
    for wanted in [PASSPORT, CARD, LARGE_CARD] {
        let right = Mrz::read(wanted).unwrap();
        let spaced: String = wanted.chars().flat_map(|c| [c, ' ']).collect();
        for text in [
            wanted.to_lowercase(),
            wanted.replace('\n', ""),
            wanted.replace('\n', "\r"),
            wanted.replace('\n', "\r\n\r\n"),
            wanted.replace('\n', " "),
            format!("  {wanted}\t\r\n"),
            format!("\u{feff}{wanted}"),
            format!("\u{2}{wanted}\u{3}"),
            format!("\u{2}{}\r\u{3}7", wanted.replace('\n', "\r")),
            format!("half a line \u{2}{wanted}\u{3}"),
            wanted.replace('<', "&lt;"),
            wanted.replace("<<", "«"),
            wanted.replace('<', "‹"),
            spaced,
        ] {
            assert_eq!(Mrz::read(&text).as_ref(), Ok(&right), "{text}");
        }
    }
    let short = PASSPORT.replace("<<<<<<<<<<<<<<<<<<<\n", "\n");
    assert_eq!(Mrz::read(&short), Mrz::read(PASSPORT));
    let short = CARD.trim_end_matches('<');
    assert_eq!(Mrz::read(short), Mrz::read(CARD));
}

#[test]
fn an_error_names_its_field() {
    let wrong = |from: &str, to: &str| Mrz::read(&PASSPORT.replacen(from, to, 1)).unwrap_err();
    for (from, to, want) in [
        (
            "L898902C3",
            "L898902C4",
            MrzError::CheckDigit(Field::Number),
        ),
        ("740812", "740813", MrzError::CheckDigit(Field::Birth)),
        ("120415", "120416", MrzError::CheckDigit(Field::Expiry)),
        (
            "ZE184226B",
            "ZE184226C",
            MrzError::CheckDigit(Field::Optional),
        ),
        ("<<<<<10", "<<<<<11", MrzError::CheckDigit(Field::Whole)),
        (
            "740812",
            "74O812",
            MrzError::Form {
                field: Field::Birth,
                found: 'O',
            },
        ),
        (
            "ANNA",
            "ANN4",
            MrzError::Form {
                field: Field::Name,
                found: '4',
            },
        ),
        (
            "2F1",
            "2Q1",
            MrzError::Form {
                field: Field::Sex,
                found: 'Q',
            },
        ),
        (
            "36UTO",
            "36UT0",
            MrzError::Form {
                field: Field::Nationality,
                found: '0',
            },
        ),
        ("P<", "V<", MrzError::Kind { kind: 'V' }),
        ("ANNA", "ANNÂ", MrzError::InputMethod { found: 'Â' }),
        ("ANNA", "ANN;", MrzError::Character { found: ';' }),
        ("<<<<<10", "<<<<10", MrzError::Length { found: 87 }),
        (
            "ERIKSSON<<ANNA<MARIA",
            "<<<<<<<<<<<<<<<<<<<<",
            MrzError::NoName,
        ),
    ] {
        // The line before is short by one too, so that nothing is padded.
        let found = match want {
            MrzError::Length { .. } => {
                Mrz::read(&PASSPORT.replace('\n', "").replacen(from, to, 1)).unwrap_err()
            }
            _ => wrong(from, to),
        };
        assert_eq!(found, want, "{to}");
        assert!(!found.code().is_empty());
    }
    assert_eq!(Mrz::read(" \r\n"), Err(MrzError::Empty));
    assert_eq!(Mrz::read(&"<".repeat(513)), Err(MrzError::TooLong));
}

/// Makes the second line of a passport with right check digits.
fn passport(birth: &str) -> String {
    let number = "L898902C3";
    let digit = |text: &str| check_digit(text.as_bytes());
    let left = format!("{number}{}", digit(number));
    let birth = format!("{birth}{}", digit(birth));
    let right = "1204159<<<<<<<<<<<<<<<";
    let whole = digit(&format!("{left}{birth}{right}"));
    format!("P<UTOERIKSSON<<ANNA<<<<<<<<<<<<<<<<<<<<<<<<<{left}UTO{birth}F{right}{whole}")
}

#[test]
fn parts_of_dates_may_be_unknown_and_have_to_exist() {
    let birth = |text: &str| Mrz::read(&passport(text)).map(|mrz| mrz.birth());
    let date = |year, month, day| Ok(MrzDate { year, month, day });
    assert_eq!(birth("740812"), date(Some(74), Some(8), Some(12)));
    assert_eq!(birth("7408<<"), date(Some(74), Some(8), None));
    assert_eq!(birth("74<<<<"), date(Some(74), None, None));
    assert_eq!(birth("<<<<<<"), date(None, None, None));
    assert_eq!(birth("000229"), date(Some(0), Some(2), Some(29)));
    for wrong in [
        "741312", "740832", "740431", "730229", "740800", "7<0812", "740012",
    ] {
        assert_eq!(birth(wrong), Err(MrzError::Date(Field::Birth)), "{wrong}");
    }
}

/// Doc 9303 part 5, section 4.2.4 and part 6: a number longer than nine characters.
#[test]
fn long_document_numbers() {
    let digit = |text: &str| check_digit(text.as_bytes());
    let check = digit("D23145890AB112234566");
    let first = format!("I<UTOD23145890<AB112234566{check}<<<");
    let second = "7408122F1204159UTO<<<<<<<<<<<";
    let whole = digit(&format!(
        "{}{}{}{}",
        &first[5..30],
        &second[..7],
        &second[8..15],
        &second[18..29]
    ));
    let text = |check: u8| {
        let first = first.replacen("566", "56", 0);
        let first = first.replace(
            &format!("566{}", digit("D23145890AB112234566")),
            &format!("566{check}"),
        );
        format!("{first}{second}{whole}ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
    };
    assert!(Mrz::read(&text(check)).is_ok());
    assert_eq!(
        Mrz::read(&text((check + 1) % 10)),
        Err(MrzError::CheckDigit(Field::Number))
    );
}

#[test]
fn names_that_fill_their_field_may_be_cut() {
    let line = "P<UTONILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K";
    let mrz = Mrz::read(&format!("{line}{}", &passport("740812")[44..])).unwrap();
    assert!(mrz.may_be_cut());
    assert_eq!(
        mrz.secondary().collect::<Vec<_>>(),
        ["CHAYAPA", "DEJTHAMRONG", "K"]
    );
}
