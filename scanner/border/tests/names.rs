//! The table of difficult names, each in a whole zone; and a person beside a zone made of its name.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

#[path = "../testing/zone.rs"]
mod zone;

use border::{Answer, Differences, Document, Doubt, Subject, compare, words::Words};
use proptest::prelude::*;
use verifier::wording::Language;
use zone::zone;

fn wanted(word: &str) -> Answer {
    let doubt = match word {
        "match" => return Answer::Match,
        "no" => {
            return Answer::NoMatch(Differences {
                name: true,
                birth: false,
            });
        }
        "part" => Doubt::NamePart,
        "order" => Doubt::NameOrder,
        "spelling" => Doubt::NameSpelling,
        "script" => Doubt::NameScript,
        other => panic!("no answer {other}"),
    };
    Answer::CantSay(vec![doubt])
}

#[test]
fn the_table_of_difficult_names() {
    let rows: Vec<&str> = include_str!("names.tsv")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let mut faults = Vec::new();
    for row in &rows {
        let [
            names,
            size,
            family,
            given,
            family_standard,
            given_standard,
            want,
        ] = row.split('\t').collect::<Vec<_>>()[..]
        else {
            panic!("not seven columns: {row}");
        };
        let document = Document::read(&zone(size, names, "980226")).unwrap();
        let subject = |birth| Subject::new(family, given, family_standard, given_standard, birth);
        let found = compare(&subject("1998-02-26"), &document);
        if found != wanted(want) {
            faults.push(format!("{row}: {found:?}"));
        }
        // Another birth date never matches, whatever the name.
        let other = compare(&subject("1998-02-27"), &document);
        assert!(
            matches!(other, Answer::NoMatch(Differences { birth: true, .. })),
            "{row}"
        );
        let half = compare(&subject("1998"), &document);
        assert_ne!(half, Answer::Match, "{row}");
        for language in Language::ALL {
            let words = Words::new(language);
            assert_eq!(words.reasons(&found).is_empty(), found == Answer::Match);
            assert!(!words.answer(&found).is_empty());
        }
    }
    assert!(rows.len() >= 200, "only {} names", rows.len());
    assert!(
        faults.is_empty(),
        "{} of {}\n{}",
        faults.len(),
        rows.len(),
        faults.join("\n")
    );
}

#[test]
fn a_citizen_card_is_matched_the_same_way() {
    let card = |name: &str| {
        let text = format!(
            "079098000001||{name}|26021998|Nam|Phường 1, Quận 3, TP. Hồ Chí Minh|10062022\r"
        );
        Document::read(&text).unwrap()
    };
    let subject = Subject::new("Nguyễn", "Văn Đức", "NGUYEN", "VAN<DUC", "1998-02-26");
    let plain = Subject::new("", "", "NGUYEN", "VAN<DUC", "1998-02-26");
    let doubt = |doubt| Answer::CantSay(vec![doubt]);
    let different = Answer::NoMatch(Differences {
        name: true,
        birth: false,
    });
    for (name, want, want_plain) in [
        ("NGUYỄN VĂN ĐỨC", Answer::Match, Answer::Match),
        ("Nguyễn Văn Đức", Answer::Match, Answer::Match),
        ("NGUYỄN VĂN DỨC", doubt(Doubt::NameMarks), Answer::Match),
        ("NGUYỄN VĂN ĐỰC", doubt(Doubt::NameMarks), Answer::Match),
        (
            "NGUYỄN ĐỨC VĂN",
            doubt(Doubt::NameOrder),
            doubt(Doubt::NameOrder),
        ),
        ("NGUYỄN ĐỨC", doubt(Doubt::NamePart), doubt(Doubt::NamePart)),
        ("NGUYỄN VĂN DŨNG", different.clone(), different.clone()),
        ("LÊ VĂN ĐỨC", different.clone(), different.clone()),
    ] {
        let card = card(name);
        assert_eq!(compare(&subject, &card), want, "{name}");
        assert_eq!(compare(&plain, &card), want_plain, "{name}");
        assert_eq!(
            format!("{card:?} {subject:?}"),
            "Document::Citizen(..) Subject(..)"
        );
    }
    let born = Subject::new("Nguyễn", "Văn Đức", "", "", "1988-02-26");
    assert_eq!(
        compare(&born, &card("NGUYỄN VĂN ĐỨC")),
        Answer::NoMatch(Differences {
            name: false,
            birth: true
        })
    );
}

#[test]
fn what_is_no_document_says_why() {
    for (text, code) in [
        ("", "empty"),
        ("HC1:6BF", "character"),
        ("NGUYEN VAN DUC", "length"),
        ("079098000001||NGUYỄN VĂN ĐỨC|26021998", "cut"),
        (
            "079098000001||NGUYỄN VĂN ĐỨC|31021998|Nam|A|10062022",
            "field",
        ),
        (
            "DN4790123456789|4e677579e1bb856e2056c4836e20c490e1bba963|1998|1|5175e1baad6e2031|79 - 034",
            "insurance_card",
        ),
    ] {
        let error = Document::read(text).unwrap_err();
        assert_eq!(error.code(), code, "{text}");
        for language in Language::ALL {
            assert!(!Words::new(language).document(&error).is_empty());
        }
    }
    assert!(Document::looks_like_one(&zone(
        "td3",
        "NGUYEN<<AN",
        "980226"
    )));
    assert!(Document::looks_like_one(
        "079098000001||NGUYỄN VĂN ĐỨC|26021998"
    ));
    assert!(!Document::looks_like_one("HC1:6BF"));
}

fn letters(words: &[String]) -> String {
    words.join("<")
}

proptest! {
    /// Whoever holds both documents matches, however long the name; one who differs in a letter
    /// that the zone shows does not.
    #[test]
    fn a_person_matches_the_own_passport(
        family in prop::collection::vec("[B-DF-H]{2,9}", 1..3),
        given in prop::collection::vec("[B-DF-H]{2,9}", 1..5),
        size in prop::sample::select(vec!["td1", "td2", "td3"]),
        at in 0_usize..60,
    ) {
        let width = match size { "td1" => 30, "td2" => 31, _ => 39 };
        let whole = format!("{}<<{}", letters(&family), letters(&given));
        let shown = whole[..whole.len().min(width)].to_owned();
        let ends_in_filler = shown.len() == width && shown.ends_with('<');
        // Such a field says that nothing is missing, which no issuer may do.
        prop_assume!(!ends_in_filler && shown.contains("<<"));
        let document = Document::read(&zone(size, &shown, "980226")).unwrap();
        let subject = Subject::new(&family.join(" "), &given.join(" "), "", "", "1998-02-26");
        prop_assert_eq!(compare(&subject, &document), Answer::Match);

        let mut other = shown.clone().into_bytes();
        let at = at % other.len();
        prop_assume!(other[at] != b'<');
        other[at] = b'Z';
        let other = String::from_utf8(other).unwrap();
        let other = Document::read(&zone(size, &other, "980226")).unwrap();
        prop_assert_ne!(compare(&subject, &other), Answer::Match);
    }

    /// Any single character misread in a line with check digits is noticed, or is in the names or
    /// codes, which have none.
    #[test]
    fn a_misread_digit_is_noticed(at in 0_usize..44, by in 1_u32..10) {
        let text = zone("td3", "NGUYEN<<VAN<DUC", "980226");
        let place = 45 + at;
        let c = text.as_bytes()[place];
        prop_assume!(c.is_ascii_digit());
        let wrong = char::from_digit((u32::from(c - b'0') + by) % 10, 10).unwrap();
        let mut changed = text.clone();
        changed.replace_range(place..=place, &wrong.to_string());
        prop_assert!(Document::read(&changed).is_err());
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,200}|[A-Z<0-9\r\n]{0,100}") {
        let _ = Document::read(&text);
        let _ = Document::looks_like_one(&text);
    }
}
