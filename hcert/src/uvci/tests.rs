use super::*;
use proptest::prelude::*;

#[test]
fn check_character_vectors() {
    for text in [
        "URN:UVCI:01:NL:187/37512422923#Z",
        "URN:UVCI:01:AT:10807843F94AEE0EE5093FBC254BD813#B",
        "URN:UVCI:01:DK:1B9B48CA1F4351F4A4C023D3815A74A9#I",
        "URN:UVCI:01:AT:71EE2559DE38C6BF7304FB65A1A451EC#3",
    ] {
        let uvci = Uvci::parse(text).unwrap();
        assert_eq!(uvci.check_character(), CheckCharacter::Right, "{text}");
        let made = Uvci::new(uvci.country().unwrap(), uvci.opaque().unwrap());
        assert_eq!(made, Ok(uvci));
    }
    assert_eq!(check_character("urn:uvci:01:CH:1"), None);
}

#[test]
fn reading_rejects_no_form_in_use() {
    use CheckCharacter::{Absent, Right, Wrong};
    #[rustfmt::skip]
    let table = [
        ("urn:uvci:01:CH:97DAB5E31B589AF3CAE2F53D", Absent, Some(("01", "CH", "97DAB5E31B589AF3CAE2F53D"))),
        ("01DE/A80013335/TCXSI5Q08B0DIJGMIZJDF#T", Wrong, Some(("01", "DE", "A80013335/TCXSI5Q08B0DIJGMIZJDF"))),
        ("01:NL:1312D00", Absent, Some(("01", "NL", "1312D00"))),
        ("URN:UVCI:01:NL:DADFCC47C7334E45A906DB12FD859FB7#2", Wrong, Some(("01", "NL", "DADFCC47C7334E45A906DB12FD859FB7"))),
        ("URN:UVCI:01:NL:187/37512422923#Z", Right, Some(("01", "NL", "187/37512422923"))),
        ("URN:UVCI:V1:DE:AB#0", Wrong, Some(("V1", "DE", "AB"))),
        ("01/LU/2O1I84U8U12I5#UK", Absent, Some(("01", "LU", "2O1I84U8U12I5#UK"))),
        ("urn:uvci:01/PT/SPMS/VCC0123#2", Wrong, Some(("01", "PT", "SPMS/VCC0123"))),
        ("01ITE7300E1AB2A84C71#6", Wrong, Some(("01", "IT", "E7300E1AB2A84C71"))),
        ("dgci:V1:FR:C51AOQW7:70", Absent, Some(("V1", "FR", "C51AOQW7:70"))),
        ("UVCI:01:NZ:DDD38F56", Absent, Some(("01", "NZ", "DDD38F56"))),
        ("URN:UCI:01:NL:UGK62", Absent, Some(("01", "NL", "UGK62"))),
        ("epszdwhtrf82jts8m6xu77xdbecffpvy", Absent, None),
        ("96138d80-ef63-4474-814d-c50d1acc5d55", Absent, None),
        ("URN/UVCI/01/NL/DADF", Absent, None),
        ("URN#UVCI#01#NL#DADF", Absent, None),
        ("#", Absent, None),
        ("é", Absent, None),
        ("URN:UVCI:", Absent, None),
    ];
    for (text, check, fields) in table {
        let uvci = Uvci::parse(text).unwrap();
        assert_eq!(uvci.as_str(), text);
        assert_eq!(uvci.check_character(), check, "{text}");
        assert_eq!(uvci.fields(), fields, "{text}");
    }
}

#[test]
fn parts_of_the_three_options() {
    let parts = |opaque| {
        Uvci::new("VN", opaque).map(|uvci| {
            let parts = uvci.parts().unwrap();
            (
                parts.issuer.map(String::from),
                parts.vaccine.map(String::from),
                parts.unique.to_string(),
            )
        })
    };
    let some = |text: &str| Some(String::from(text));
    assert_eq!(parts("A1"), Ok((None, None, "A1".into())));
    assert_eq!(parts("187/A1"), Ok((some("187"), None, "A1".into())));
    assert_eq!(
        parts("187/V2/A1"),
        Ok((some("187"), some("V2"), "A1".into()))
    );
}

#[test]
fn what_is_refused() {
    assert_eq!(Uvci::parse(""), Err(UvciError::Empty));
    assert!(Uvci::parse(&"é".repeat(80)).is_ok());
    assert_eq!(Uvci::parse("e\u{301}").unwrap().as_str(), "e\u{301}");
    assert_eq!(
        Uvci::parse(&"A".repeat(81)),
        Err(UvciError::TooLong { length: 81 })
    );
    assert_eq!(
        Uvci::parse("A\nB"),
        Err(UvciError::Character { found: '\n' })
    );
    for country in ["", "V", "VNM", "vn", "ÄA", "V1"] {
        assert_eq!(
            Uvci::new(country, "A"),
            Err(UvciError::Country),
            "{country}"
        );
    }
    for opaque in ["", "/A", "A/", "A//B", "A/B/C/D"] {
        assert_eq!(Uvci::new("VN", opaque), Err(UvciError::Parts), "{opaque}");
    }
    assert_eq!(
        Uvci::new("VN", "a"),
        Err(UvciError::Character { found: 'a' })
    );
    assert_eq!(
        Uvci::new("VN", "A:B"),
        Err(UvciError::Character { found: ':' })
    );
    assert_eq!(
        Uvci::new("VN", "A#B"),
        Err(UvciError::Character { found: '#' })
    );
    assert_eq!(Uvci::new("VN", &"A".repeat(62)).map(|u| u.0.len()), Ok(79));
    assert_eq!(
        Uvci::new("VN", &"A".repeat(64)).map(|u| u.0.len()),
        Err(UvciError::TooLong { length: 81 })
    );
    assert_eq!(
        Uvci::from_bytes("VN", &[0x0f, 0xa0]).unwrap().opaque(),
        Some("0FA0")
    );
    assert_eq!(Uvci::from_bytes("VN", &[0; 31]).map(|u| u.0.len()), Ok(79));
    assert!(Uvci::from_bytes("VN", &[0; 32]).is_err());
}

proptest! {
    #[test]
    fn any_single_wrong_character_is_found(opaque in "[A-Z0-9]{1,40}", at in 0usize..40, to in 0usize..38) {
        let made = Uvci::new("VN", &opaque).unwrap();
        prop_assert_eq!(made.check_character(), CheckCharacter::Right);
        let mut bytes = made.without_check().as_bytes().to_vec();
        let at = at % bytes.len();
        prop_assume!(bytes[at] != ALPHABET[to]);
        bytes[at] = ALPHABET[to];
        let body = String::from_utf8(bytes).unwrap();
        prop_assert_ne!(check_character(&body), made.0.chars().last());
    }

    #[test]
    fn reading_never_panics(text in "\\PC{0,90}|[A-Z0-9:/#]{0,90}") {
        if let Ok(uvci) = Uvci::parse(&text) {
            let _ = (uvci.check_character(), uvci.fields(), uvci.parts());
        }
    }
}
