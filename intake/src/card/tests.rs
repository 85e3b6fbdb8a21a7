use super::*;

/// Number, name, birth, sex, mended, marks lost; or the error.
fn shown(text: &str) -> String {
    match read(text) {
        Err(error) => format!("{error:?}"),
        Ok(scan) => {
            let mended: Vec<String> = scan
                .mended
                .iter()
                .map(|mending| format!("{mending:?}"))
                .collect();
            let lost = if scan.marks_lost { " lost" } else { "" };
            let fields = match scan.card {
                Card::Citizen(card) => {
                    let old = card.old_number.unwrap_or_default();
                    format!(
                        "{} {old} {} {} {:?}",
                        card.number.as_str(),
                        card.name.as_str(),
                        card.birth,
                        card.sex
                    )
                }
                Card::Insurance(card) => {
                    format!(
                        "{} {} {} {:?}",
                        card.number.as_str(),
                        card.name.as_str(),
                        card.birth,
                        card.sex
                    )
                }
            };
            format!("{fields} [{}]{lost}", mended.join(","))
        }
    }
}

// Invented people. `A` is what most cases are a change of.
const A: &str = "001090123456 012345678 NGUYỄN VĂN A 1990-01-01 Male";
const B: &str = "079198000001  LÊ THỊ HƯƠNG 1998-03-05 Female";
const C: &str = "048098000002  Đỗ Đức Quý 1998-12-31 Male";
const I: &str = "DN4790123456789 Nguyễn Văn Đức 1998 Some(Male)";

fn check(cases: &[(&str, &str, &str)]) {
    for (text, want, rest) in cases {
        assert_eq!(shown(text), format!("{want} [{rest}"), "{text}");
    }
}

#[test]
fn as_they_are() {
    check(&[
        (
            "001090123456|012345678|NGUYỄN VĂN A|01011990|Nam|Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh|15042021",
            A,
            "]",
        ),
        (
            "001090123456|012345678|NGUYỄN VĂN A|01011990|Nam|Phường Bến Nghé|15042021\r\n",
            A,
            "]",
        ),
        (
            "\u{feff}001090123456|012345678|NGUYỄN VĂN A|01011990|Nam|Phường Bến Nghé|15042021\t",
            A,
            "]",
        ),
        (
            "001090123456|012345678|NGUYỄN VĂN A|01/01/1990|Nam|Phường Bến Nghé|15/04/2021",
            A,
            "]",
        ),
        (
            "001090123456|012345678|NGUYỄN VĂN A|01011990|Nam|Phường Bến Nghé",
            A,
            "]",
        ),
        ("001090123456|012345678|NGUYỄN VĂN A|01011990|Nam", A, "]"),
        (
            "079198000001||LÊ THỊ HƯƠNG|05031998|Nữ|Xã Tân Thới Nhì|10062022",
            B,
            "]",
        ),
        // Six fields, without the old number.
        (
            "079198000001|LÊ THỊ HƯƠNG|05031998|Nữ|Xã Tân Thới Nhì|10062022",
            B,
            "]",
        ),
        // The card of 2024 goes on with relatives, who are not read.
        (
            "079198000001||LÊ THỊ HƯƠNG|05031998|Nữ|Xã Tân Thới Nhì|10072024|TRẦN VĂN B|079070000003|LÊ THỊ D|079172000004",
            B,
            "]",
        ),
        // The letters of NFD.
        (
            "079198000001||LE\u{302} THI\u{323} HU\u{31b}O\u{31b}NG|05031998|Nu\u{31b}\u{303}|Xã Tân Thới Nhì|10062022",
            B,
            "]",
        ),
        (
            "048098000002||Đỗ  Đức Quý|31121998|Nam|Quận Hải Châu|01012023",
            C,
            "]",
        ),
        (
            " 048098000002 || Đỗ Đức Quý | 31121998 | Nam | Quận Hải Châu | 01012023 ",
            C,
            "]",
        ),
    ]);
}

#[test]
fn insurance_cards() {
    let name = "4e677579e1bb856e2056c4836e20c490e1bba963";
    let name_upper = name.to_uppercase();
    let residence = "5175e1baad6e2031"; // Quận 1
    for (text, rest) in [
        (
            format!("DN4790123456789|{name}|1998|1|{residence}|79 - 034|01/01/2020|31/12/2020|-"),
            "]",
        ),
        (
            format!("DN4790123456789|{name_upper}|1998|1|{residence}|79-034|01/01/2020|31/12/2020"),
            "]",
        ),
        (format!("dn4790123456789|{name}|1998|1||||"), "]"),
        (format!("DN 4 79 0123456789|{name}|1998|1"), "]"),
        (
            "DN4790123456789|Nguyễn Văn Đức|1998|1|Quận 1".to_owned(),
            "]",
        ),
        // VNI on: a digit behind a letter became its mark. 6e6775... and e1, e2, d1, a9.
        (
            "DN4790123456789|4e677579é\u{62}b856e2056c4836e20c490ébba963|1998|1".to_owned(),
            "InputMethodOn(Vni)]",
        ),
        // The pipe of a British layout.
        (
            format!("DN4790123456789~{name}~1998~1~{residence}~79 - 034"),
            "Pipe('~')]",
        ),
    ] {
        assert_eq!(shown(&text), format!("{I} [{rest}"), "{text}");
    }
    let date = shown(&format!("0123456789|{name}|26/02/1998|2"));
    assert_eq!(date, "0123456789 Nguyễn Văn Đức 1998-02-26 Some(Female) []");
    for (text, want) in [
        (format!("DN4790123456789|{name}|1998|3"), "sex: form"),
        (format!("DN4790123456789|{name}|98|1"), "birth_date: form"),
        (format!("DN4790123456789|{}|1998|1", &name[1..]), "garbled"),
        (
            format!("DN4790123456789|{}|1998|1", name.replace("e1", "ề1")),
            "garbled",
        ),
        ("DN4790123456789|zz|1998|1".to_owned(), "garbled"),
        ("DN4790123456789|ff|1998|1".to_owned(), "garbled"),
        (format!("DN4790123456789|{name}"), "cut"),
        (format!("DN9790123456789|{name}|1998|1"), "not_a_card"),
    ] {
        assert_eq!(shown(&text), want, "{text}");
    }
}

#[test]
fn hexadecimal_through_telex() {
    // `ee`, `dd`, `aa` and a vowel with `f` behind it are letters of Telex: 4c c3 aa 20 -> `LÊ`.
    let hex = "4cc3aa2041";
    assert_eq!(
        shown(&format!("DN4790123456789|{hex}|1998|1")),
        "DN4790123456789 Lê A 1998 Some(Male) []"
    );
    let typed = "4cc3â2041";
    assert_eq!(
        shown(&format!("DN4790123456789|{typed}|1998|1")),
        "DN4790123456789 Lê A 1998 Some(Male) [InputMethodOn(Telex)]"
    );
}

#[test]
fn keys_of_input_methods() {
    check(&[
        (
            "079198000001||LEE THIJ HUOWNG|05031998|Nuwx|Xax Taan Thowis Nhif|10062022",
            B,
            "Keys(Telex)]",
        ),
        (
            "079198000001||LE6 THI5 HUO7NG|05031998|Nu74|Xa4 Ta6n Tho71i Nhi2|10062022",
            B,
            "Keys(Vni)]",
        ),
        (
            "079198000001||LE6 THI5 HU7O7NG|05031998|Nu74|Xa4 Ta6n|10062022",
            B,
            "Keys(Vni)]",
        ),
        (
            "079198000001||LE^ THI. HU+O+NG|05031998|Nu+~|Xa~ Ta^n Tho+'i Nhi`|10062022",
            B,
            "Keys(Viqr)]",
        ),
        (
            "001090123456|012345678|NGUYEENX VAWN A|01011990|Nam|Phuwowngf Beens Nghes|15042021",
            A,
            "Keys(Telex)]",
        ),
        (
            "001090123456|012345678|NGUYE6N4 VA8N A|01011990|Nam|Phu7o72ng Be61n Nghe1|15042021",
            A,
            "Keys(Vni)]",
        ),
        (
            "001090123456|012345678|NGUYE^~N VA(N A|01011990|Nam|Phu+o+`ng Be^'n Nghe'|15042021",
            A,
            "Keys(Viqr)]",
        ),
        (
            "001090123456|012345678|NGUYEEXN VAWN A|01011990|Nam||15042021",
            A,
            "Keys(Telex)]",
        ),
        (
            "048098000002||DDoox DDuwcs Quys|31121998|Nam|Quaanj Hair Chaau|01012023",
            C,
            "Keys(Telex)]",
        ),
        (
            "048098000002||D9o64 D9u71c Quy1|31121998|Nam|Qua65n Ha3i Cha6u|01012023",
            C,
            "Keys(Vni)]",
        ),
        (
            "048098000002||DDo^~ DDu+'c Quy'|31121998|Nam|Qua^.n Ha?i Cha^u|01012023",
            C,
            "Keys(Viqr)]",
        ),
    ]);
}

#[test]
fn caps_lock() {
    check(&[
        (
            "001090123456|012345678|nguyễn văn a|01011990|nAM|pHƯỜNG bẾN nGHÉ|15042021",
            A,
            "CapsLock]",
        ),
        (
            "079198000001||lê thị hương|05031998|nỮ|xÃ tÂN tHỚI nHÌ|10062022",
            B,
            "CapsLock]",
        ),
        (
            "048098000002||đỖ đỨC qUÝ|31121998|nAM|qUẬN hẢI cHÂU|01012023",
            C,
            "CapsLock]",
        ),
        (
            "079198000001||lee thij huowng|05031998|nUWX|xAX tAAN tHOWIS nHIF|10062022",
            B,
            "CapsLock,Keys(Telex)]",
        ),
        (
            "001090123456~012345678~nguyễn văn a~01011990~nAM~pHƯỜNG bẾN nGHÉ~15042021",
            A,
            "Pipe('~'),CapsLock]",
        ),
    ]);
}

#[test]
fn other_keyboards() {
    check(&[
        (
            "001090123456~012345678~NGUYỄN VĂN A~01011990~Nam~Phường Bến Nghé~15042021",
            A,
            "Pipe('~')]",
        ),
        (
            "001090123456§012345678§NGUYỄN VĂN A§01011990§Nam§Phường Bến Nghé§15042021",
            A,
            "Pipe('§')]",
        ),
        (
            "001090123456*012345678*NGUYỄN VĂN A*01011990*Nam*Phường Bến Nghé*15042021",
            A,
            "Pipe('*')]",
        ),
        (
            "001090123456\\012345678\\NGUYỄN VĂN A\\01011990\\Nam\\Phường Bến Nghé\\15042021",
            A,
            "Pipe('\\\\')]",
        ),
        (
            "001090123456>012345678>NGUYỄN VĂN A>01011990>Nam>Phường Bến Nghé>15042021",
            A,
            "Pipe('>')]",
        ),
        (
            "001090123456\t012345678\tNGUYỄN VĂN A\t01011990\tNam\tPhường Bến Nghé\t15042021",
            A,
            "Pipe('\\t')]",
        ),
        (
            "079198000001~~LEE THIJ HUOWNG~05031998~Nuwx~Xax Taan~10062022",
            B,
            "Pipe('~'),Keys(Telex)]",
        ),
        // No pipe at all.
        (
            "001090123456012345678NGUYỄN VĂN A01011990NamPhường Bến Nghé15042021",
            A,
            "NoPipe]",
        ),
        (
            "079198000001LÊ THỊ HƯƠNG05031998NữXã Tân Thới Nhì10062022",
            B,
            "NoPipe]",
        ),
    ]);
    // Windows' Vietnamese layout: every digit is a letter or a mark. A name in plain letters, since
    // the layout has no key for others either.
    let typed = "đđăđ\u{323}đăâêô\u{300}\u{309}||LE VAN AN|đăđăă\u{323}\u{323}đ|Nam|Hoa Binh 2|ă\u{300}đôâđâă";
    assert_eq!(
        shown(typed),
        "001090123456  LE VAN AN 1990-01-01 Male [Layout(Vietnamese)] lost"
    );
    // German: y and z, and the pipe.
    let german = "001090123456''NGUZEN HUZ'01011990'Nam'Phuong Tan Phu - Quan 7'15042021";
    assert_eq!(
        shown(german),
        "001090123456  NGUYEN HUY 1990-01-01 Male [Layout(German)] lost"
    );
    // French: the digits are letters and signs.
    let french = "àà&àçà&é\"'(-µµNGUYEN HUYµà&à&&ççàµNq,µPhuong Tqn Phu Quqn Tqn Binhµ&(à'éàé&";
    assert_eq!(
        shown(french),
        "001090123456  NGUYEN HUY 1990-01-01 Male [Layout(French)] lost"
    );
}

#[test]
fn wrong_code_page() {
    let a = "001090123456|012345678|NGUYỄN VĂN A|01011990|Nam|Phường Bến Nghé|15042021";
    let b = "079198000001||LÊ THỊ HƯƠNG|05031998|Nữ|Xã Tân Thới Nhì|10062022";
    for (text, want) in [(a, A), (b, B)] {
        // As Latin-1, and as Windows-1252.
        let latin: String = text.bytes().map(char::from).collect();
        let windows: String = text
            .bytes()
            .map(|byte| {
                encoding_rs::WINDOWS_1252
                    .decode_without_bom_handling(&[byte])
                    .0
                    .into_owned()
            })
            .collect();
        assert_eq!(shown(&latin), format!("{want} [CodePage]"));
        assert_eq!(shown(&windows), format!("{want} [CodePage]"));
    }
}

#[test]
fn letters_that_were_lost() {
    check(&[
        // The reader dropped every letter that is no ASCII.
        (
            "001090123456|012345678|NGUYN VN A|01011990|Nam|Phng Bn Ngh|15042021",
            "001090123456 012345678 NGUYN VN A 1990-01-01 Male",
            "] lost",
        ),
        (
            "079198000001||L TH HNG|05031998|N|X Tn Thi Nh|10062022",
            "079198000001  L TH HNG 1998-03-05 Female",
            "] lost",
        ),
        // It sends letters without their marks.
        (
            "079198000001||LE THI HUONG|05031998|Nu|Xa Tan Thoi Nhi|10062022",
            "079198000001  LE THI HUONG 1998-03-05 Female",
            "] lost",
        ),
    ]);
    for text in [
        "001090123456|012345678|NGUY\u{fffd}N V\u{fffd}N A|01011990|Nam||15042021",
        "079198000001||L? TH? H??NG|05031998|N?|X? T?n|10062022",
    ] {
        assert_eq!(shown(text), "garbled", "{text}");
    }
}

#[test]
fn what_is_no_card() {
    for (text, want) in [
        ("", "empty"),
        (" \r\n", "empty"),
        ("HC1:6BFOXN%TSMAHN-HVUOX", "certificate"),
        ("hc1:6bfoxn", "certificate"),
        ("shc:/5676290952", "certificate"),
        ("https://example.org/a", "link"),
        ("xin chào", "not_a_card"),
        ("8934563138165", "not_a_card"),
        (
            "00109012345|012345678|NGUYỄN VĂN A|01011990|Nam||15042021",
            "not_a_card",
        ),
        ("001090123456|012345678|NGUYỄN VĂN A", "cut"),
        ("001090123456|012345678|NGUYỄN VĂN A|01011990", "cut"),
        ("001090123456", "cut"),
        // Two scans without Enter between, and with.
        (
            "001090123456||NGUYỄN VĂN A|01011990|Nam|Quận 1|15042021079198000001||LÊ THỊ B|05031998|Nữ||10062022",
            "two_scans",
        ),
        (
            "001090123456||NGUYỄN VĂN A|01011990|Nam||15042021\n079198000001||LÊ THỊ B|05031998|Nữ||10062022",
            "two_scans",
        ),
        (
            "001490123456||NGUYỄN VĂN A|01011990|Nam||15042021",
            "cccd: form",
        ),
        (
            "001090123456||NGUYỄN VĂN A|31021990|Nam||15042021",
            "birth_date: date",
        ),
        (
            "001090123456||NGUYỄN VĂN A|01011990|Khác||15042021",
            "sex: form",
        ),
        (
            "001090123456|||01011990|Nam||15042021",
            "full_name: missing",
        ),
    ] {
        assert_eq!(shown(text), want, "{text}");
    }
    assert_eq!(shown(&"1".repeat(MAX_SCAN + 1)), "too_long");
}
