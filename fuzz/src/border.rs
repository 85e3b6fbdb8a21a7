//! The border desk: what a reader of documents types.

use border::{Answer, Document, Subject, compare, words::Words};
use verifier::wording::Language;

/// A document, compared with somebody.
///
/// # Panics
/// If there is nothing to say of it, or if somebody is not oneself.
pub fn documents(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data);
    let words = Language::ALL.map(Words::new);
    let document = match Document::read(&text) {
        Ok(document) => document,
        Err(error) => {
            assert!(words.iter().all(|words| !words.document(&error).is_empty()));
            return false;
        }
    };
    // Nobody is both of these.
    let matching = [("Nguyễn", "Văn Đức"), ("Müller", "Jörg")]
        .into_iter()
        .filter(|(family, given)| {
            let subject = Subject::new(family, given, "", "", "1998-02-26");
            let answer = compare(&subject, &document);
            let reasons = words[0].reasons(&answer);
            assert_eq!(reasons.is_empty(), answer == Answer::Match);
            answer == Answer::Match
        });
    assert!(matching.count() < 2, "one document is of two people");
    if let Document::Mrz(mrz) = &document {
        // Whoever the zone names matches it, if it names a birth day.
        let (family, given): (Vec<_>, Vec<_>) =
            (mrz.primary().collect(), mrz.secondary().collect());
        let birth = mrz.birth();
        let (Some(year), Some(month), Some(day)) = (birth.year(), birth.month(), birth.day())
        else {
            return true;
        };
        let birth = format!("20{year:02}-{month:02}-{day:02}");
        let subject = Subject::new("", "", &family.join("<"), &given.join("<"), &birth);
        assert_eq!(compare(&subject, &document), Answer::Match, "not oneself");
    }
    true
}

/// Runs a target by name; whether it was read.
pub fn run(target: &str, data: &[u8]) -> bool {
    match target {
        "border_document" => documents(data),
        other => panic!("no target {other}"),
    }
}

/// The seeds: target, name, bytes. Each of them is read.
pub fn seeds() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    [
        (
            "td3",
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
        ),
        (
            "td1",
            "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
        ),
        (
            "td2",
            "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
        ),
        (
            "cut",
            "P<UTONILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<KL898902C36UTO7408122F1204159ZE184226B<<<<<10",
        ),
        (
            "citizen",
            "001090123456|012345678|NGUYỄN VĂN A|01011990|Nam|Phường Bến Nghé, Quận 1|15042021\r",
        ),
    ]
    .into_iter()
    .map(|(name, text)| ("border_document", name, text.as_bytes().to_vec()))
    .collect()
}
