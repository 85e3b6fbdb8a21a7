//! What the content may look like: names, dates, codes, fields.

use super::super::{
    cbor::{Item, object},
    payload,
    stages::Claims,
    trust::Trust,
    vector::{Vector, clause, valid},
};

pub(super) fn vectors(trust: &Trust) -> Vec<Vector> {
    let es256 = trust.dsc("dsc-es256");
    let v = payload::vaccination;
    let make = |name: &str, says: &str, content: Item| {
        valid(name, clause::SCHEMA, says, Claims::of(content).seal(es256))
    };
    let eighty = |text: &str| text.chars().cycle().take(80).collect::<String>();
    vec![
        make(
            "name-do-thi-hong-nhung",
            "Đ, and letters with two marks",
            v().with("nam", payload::nhung()),
        ),
        make(
            "name-decomposed",
            "A name in NFD: the same letters in other bytes",
            v().with("nam/fn", "Nguye\u{302}\u{303}n")
                .with("nam/gn", "Va\u{306}n \u{110}u\u{31b}\u{301}c"),
        ),
        make(
            "name-family-only",
            "A person with one name",
            v().without("nam/gn").without("nam/gnt"),
        ),
        make(
            "name-given-standard-only",
            "fnt may be absent where gnt is there (from 1.3.2)",
            v().without("nam/fn").without("nam/fnt"),
        ),
        make(
            "name-standard-only",
            "No names in their own letters",
            v().without("nam/fn").without("nam/gn"),
        ),
        make(
            "name-of-80-letters",
            "The longest names, with three bytes for a letter",
            v().with("nam/fn", &*eighty("Nguyễn"))
                .with("nam/fnt", &*eighty("NGUYEN"))
                .with("nam/gn", &*eighty("Ợ"))
                .with("nam/gnt", &*eighty("O")),
        ),
        make(
            "born-in-a-month",
            "The day of birth is not known",
            v().with("dob", "1950-07"),
        ),
        make(
            "born-in-a-year",
            "Month and day of birth are not known",
            v().with("dob", "1950"),
        ),
        make(
            "born-unknown",
            "The date of birth is not known",
            v().with("dob", ""),
        ),
        make(
            "born-1900-01-01",
            "The earliest date of birth",
            v().with("dob", "1900-01-01"),
        ),
        make(
            "dates-with-time",
            "A time after dates, as several states write it",
            v().with("dob", "1998-02-26T00:00:00")
                .with("v/0/dt", "2025-12-20T00:00:00Z"),
        ),
        make(
            "seven-digits-of-a-second",
            "A time with seven digits of a second",
            payload::naat().with("t/0/sc", "2026-01-14T09:30:00.1234567Z"),
        ),
        make(
            "time-tagged-as-date",
            "A time with the CBOR tag 0",
            payload::naat().with("t/0/sc", Item::from("2026-01-14T09:30:00Z").tagged(0)),
        ),
        make(
            "unknown-codes",
            "Codes that are in no value set of 2023",
            v().with("v/0/vp", "J07BX99")
                .with("v/0/mp", "TEST-PRODUCT")
                .with("v/0/ma", "TEST-MAKER")
                .with("v/0/tg", "999999999"),
        ),
        make(
            "unknown-fields",
            "Fields of a later schema, at each level",
            v().plus(
                "",
                "x",
                object([("y", Item::Array(vec![1.into(), Item::Null]))]),
            )
            .plus("nam", "x", "later")
            .plus("v/0", "x", Item::Bytes(vec![1, 2, 3])),
        ),
        make(
            "field-not-a-number",
            "NaN in a field of a later schema, which JSON can only show as null",
            v().plus("", "x", Item::Float(f64::NAN)),
        ),
        make(
            "null-for-absent",
            "null where an optional field is absent",
            payload::naat()
                .with("t/0/nm", Item::Null)
                .with("t/0/tc", Item::Null)
                .plus("t/0", "ma", Item::Null)
                .plus("", "v", Item::Null)
                .with("nam/gn", Item::Null),
        ),
        make(
            "doses-as-floats",
            "2.0 for a dose number",
            v().with("v/0/dn", Item::Float(2.0))
                .with("v/0/sd", Item::Float(2.0)),
        ),
        make("booster", "A third dose of two", v().with("v/0/dn", 3)),
        make(
            "uvci-without-check",
            "A UVCI in small letters and without check character, as Switzerland has them",
            v().with("v/0/ci", "urn:uvci:01:XX:TEST0001"),
        ),
        make(
            "version-1-0-0-with-two-doses",
            "Before 1.3.0 a certificate could have several entries",
            two_doses(),
        ),
        make(
            "positive-test",
            "A positive test is authentic all the same; what it is worth is for rules",
            payload::naat().with("t/0/tr", "260373001"),
        ),
    ]
}

fn two_doses() -> Item {
    let mut content = payload::vaccination().with("ver", "1.0.0");
    let second = content.at("v/0").clone();
    let first = second
        .clone()
        .with("dn", 1)
        .with("dt", "2025-11-20")
        .with("ci", &*payload::uvci("FIRST"));
    content.with("v", Item::Array(vec![first, second]))
}
