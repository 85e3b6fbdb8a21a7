use super::*;
use crate::{
    codes::Catalogue, draft::Settings, finding::Finding, plausibility::Known, words::Language,
};
use hcert::time::Timestamp;

/// 2022-06-15T10:00:00+07:00.
const NOW: i64 = 1_655_262_000;

fn with<T>(limits: Limits, then: impl FnOnce(&Options<'_>) -> T) -> T {
    let catalogue = Catalogue::builtin();
    then(&Options {
        settings: Settings::vietnam(&catalogue).unwrap(),
        known: Known::new(&catalogue, Timestamp::saturating(NOW)),
        history: None,
        secret: &[7; 32],
        limits,
    })
}

fn read_text(text: impl AsRef<[u8]>) -> Result<Table, TableError> {
    with(Limits::DEFAULT, |options| read(text.as_ref(), options))
}

/// Line and findings of each row.
fn shown(table: &Table) -> Vec<String> {
    let list = |findings: &[Finding]| {
        findings
            .iter()
            .map(|finding| format!("{finding:?}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    table
        .rows()
        .iter()
        .map(|row| match &row.outcome {
            Ok(accepted) => format!("{} ok {}", row.line, list(&accepted.warnings))
                .trim()
                .to_owned(),
            Err(findings) => format!("{} {}", row.line, list(findings)),
        })
        .collect()
}

const HEAD: &str = "Họ và tên;Ngày sinh;Số CCCD;Vắc xin;Mũi;Ngày tiêm\n";

#[test]
fn a_table_as_people_make_it() {
    let table = read_text(
        "DANH SÁCH TIÊM CHỦNG;;;;;;\r\nNgày 15/06/2022\r\n\r\n\
         STT;Họ và tên (*);Ngày sinh\r\n;;\r\n\
         STT;Họ và tên (*);Ngày sinh (dd/mm/yyyy);Giới tính;CMND/CCCD;Tên vắc xin;Mũi tiêm;Ngày tiêm;Ghi chú\r\n\
         1;Nguyễn Văn Đức;26/02/1998;Nam;079098000001;Pfizer;2;20/12/2021;\"a\nb;c\"\r\n\
         ;;;;;;;;\r\n\
         2;Lê Thị Hương;1940;Nữ;;Vero Cell;1/2;44550;\r\n\
         3;Trần An;26/02/98;Nam;79098000002;Sputnik X;2;20/13/2021;\r\n",
    )
    .unwrap();
    assert_eq!(table.header().line(), 6);
    assert_eq!(
        table.header().others().collect::<Vec<_>>(),
        ["STT", "Ghi chú"]
    );
    assert_eq!(
        shown(&table),
        [
            "7 ok",
            "10 ok date: serial_date",
            "11 birth_date: two_digit_year, product: unknown_code, date: date",
        ]
    );
    assert_eq!(table.header().column_of(Field::Cccd), Some(4));
    assert_eq!(table.header().column_of(Field::GivenNames), Some(1));
}

#[test]
fn separators() {
    for separator in [",", ";", "\t", "|"] {
        let text = format!("{HEAD}Lê An;1990;;Pfizer;1;20/12/2021\n").replace(';', separator);
        assert_eq!(shown(&read_text(&text).unwrap()), ["2 ok"], "{separator}");
    }
    let told = format!("sep=;\n{HEAD}Lê An;1990;;Pfizer;1;20/12/2021\n");
    assert_eq!(shown(&read_text(&told).unwrap()), ["3 ok"]);
    let strange = format!("sep=!\n{HEAD}Lê An;1990;;Pfizer;1;20/12/2021\n").replace(';', "!");
    assert_eq!(shown(&read_text(&strange).unwrap()), ["3 ok"]);
}

#[test]
fn files_that_are_refused() {
    for (bytes, code) in [
        (&b""[..], "empty"),
        (b"\n \n", "empty"),
        (b"%PDF-1.7", "not_a_table"),
        (b"\x89PNG", "not_a_table"),
        (b"{\"resourceType\":\"Bundle\"}", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        (b"PK\x03\x04nothing", "damaged"),
        (b"a;b;c\n1;2;3\n", "no_header"),
        ("Họ tên;Ngày sinh;Giới tính\n".as_bytes(), "missing_columns"),
        (
            "Họ tên;Ngày sinh;Vắc xin;Mũi\n".as_bytes(),
            "missing_columns",
        ),
        (
            "Họ tên;Vắc xin;Mũi;Ngày tiêm\n".as_bytes(),
            "missing_columns",
        ),
        (
            "Ngày sinh;Vắc xin;Mũi;Ngày tiêm\n".as_bytes(),
            "missing_columns",
        ),
        (
            "Họ tên;Ngày sinh;Năm sinh;Vắc xin;Mũi;Ngày tiêm\n".as_bytes(),
            "column_twice",
        ),
    ] {
        assert_eq!(
            read_text(bytes).map(|_| ()).map_err(|error| error.code()),
            Err(code)
        );
    }
    let open = format!(
        "{HEAD}\"Lê An;1990;;Pfizer;1;20/12/2021\n{}",
        "x\n".repeat(3000)
    );
    assert_eq!(
        read_text(open).map(|_| ()),
        Err(TableError::CellTooLong {
            line: 2,
            limit: 4000
        })
    );
}

#[test]
fn limits_hold() {
    let small = Limits {
        bytes: 300,
        rows: 3,
        columns: 8,
        ..Limits::DEFAULT
    };
    let row = "Lê An;1990;;Pfizer;1;20/12/2021\n";
    let code = |text: &str| {
        with(small, |options| {
            read(text.as_bytes(), options)
                .map(|_| ())
                .map_err(|error| error.code())
        })
    };
    assert_eq!(code(&format!("{HEAD}{row}{row}")), Ok(()));
    assert_eq!(
        code(&format!("{HEAD}{row}{row}{row}")),
        Err("too_many_rows")
    );
    assert_eq!(
        code(&format!("{HEAD}Lê An;1990;;Pfizer;1;20/12/2021;;;x\n")),
        Err("too_many_columns")
    );
    assert_eq!(
        code(&format!("{HEAD}Lê An;1990;;Pfizer;1;20/12/2021;;;;;;;;;\n")),
        Ok(())
    );
    assert_eq!(
        code(&format!("{HEAD}{}", row.repeat(10))),
        Err("too_many_bytes")
    );
}

#[test]
fn nothing_twice() {
    let row = "Lê An;1990;079090000001;Pfizer;1;20/12/2021\n";
    let table = read_text(format!("{HEAD}{row}{row}")).unwrap();
    assert_eq!(shown(&table), ["2 ok", "3 full_name: row_twice"]);
    // The same row in another file has the same key; with another secret it has another.
    let again = read_text(format!("\n{HEAD}{row}")).unwrap();
    assert_eq!(again.rows()[0].key, table.rows()[0].key);
    let catalogue = Catalogue::builtin();
    let other = Options {
        settings: Settings::vietnam(&catalogue).unwrap(),
        known: Known::new(&catalogue, Timestamp::saturating(NOW)),
        history: None,
        secret: &[8; 32],
        limits: Limits::DEFAULT,
    };
    let text = format!("{HEAD}{row}");
    assert_ne!(
        read(text.as_bytes(), &other).unwrap().rows()[0].key,
        table.rows()[0].key
    );
    let keyed = format!(
        "Mã dòng;{HEAD}a;{row}a;{}b;{row}a b;{row}",
        row.replace("Lê An", "Lê Ba").replace("001", "002")
    );
    let table = read_text(keyed).unwrap();
    assert_eq!(
        shown(&table),
        [
            "2 ok",
            "3 key: key_twice",
            "4 full_name: row_twice",
            "5 key: form"
        ]
    );
    assert_eq!(table.rows()[0].key, "a");
}

#[test]
fn doses_of_one_person_in_one_table() {
    let text = format!(
        "{HEAD}Lê An;1990;079090000001;Pfizer;1;20/12/2021\nLê An;1990;079090000001;Pfizer;2;21/12/2021\n\
         Lê Ba;1990;079090000002;Pfizer;1;20/11/2021\nLê Ba;1990;079090000002;Pfizer;2;20/12/2021\n"
    );
    let found = shown(&read_text(text).unwrap());
    assert_eq!(
        found,
        [
            "2 date: dose_too_soon",
            "3 date: dose_too_soon",
            "4 ok",
            "5 ok"
        ]
    );
}

#[test]
fn the_history_is_asked() {
    let catalogue = Catalogue::builtin();
    let product = catalogue.product("Pfizer").unwrap();
    let history = |_: &crate::record::Person| {
        vec![crate::plausibility::Earlier {
            dose: crate::record::Dose::new(1, 2).unwrap(),
            product: product.clone(),
            date: hcert::date::Date::parse("2021-12-20").unwrap(),
        }]
    };
    let options = Options {
        settings: Settings::vietnam(&catalogue).unwrap(),
        known: Known::new(&catalogue, Timestamp::saturating(NOW)),
        history: Some(&history),
        secret: &[7; 32],
        limits: Limits::DEFAULT,
    };
    let text = format!("{HEAD}Lê An;1990;;Pfizer;2;20/12/2021\n");
    assert_eq!(
        shown(&read(text.as_bytes(), &options).unwrap()),
        ["2 date: dose_same_day"]
    );
}

#[test]
fn pools_in_a_table() {
    let head = "Họ tên;Ngày sinh;Loại xét nghiệm;Tên xét nghiệm;Thời gian lấy mẫu;Kết quả;Mã ống\n";
    let row =
        |name, result, tube| format!("{name};1990;PCR;Allplex;20/12/2021 14:30;{result};{tube}\n");
    let text = [
        head.to_owned(),
        row("Lê An", "âm", "T-1"),
        row("Lê Ba", "âm", "T-1"),
        row("Lê Tư", "dương", "T-2"),
        row("Lê Sáu", "dương", "T-2"),
        row("Lê Bảy", "dương", "T-3"),
    ];
    assert_eq!(
        shown(&read_text(text.concat()).unwrap()),
        [
            "2 ok",
            "3 ok",
            "4 result: pool_positive",
            "5 result: pool_positive",
            "6 ok"
        ]
    );
}

#[test]
fn a_report_is_corrected_and_sent_again() {
    let text = format!(
        "{HEAD}Lê An;1990;;Pfizer;1;20/12/2021\n=cmd|' /C calc'!A0;1990;;Pfizer;1;20/12/2021\nLê Ba;1990;;Pfizer;1;20/13/2021\n"
    );
    let first = read_text(&text).unwrap();
    assert_eq!(shown(&first).len(), 3);
    let written = report(&first, Language::Vietnamese);
    assert!(written.starts_with("\u{feff}\"Họ và tên\";"), "{written}");
    for line in written.lines() {
        for cell in line.split("\";\"") {
            let cell = cell.trim_start_matches(['\u{feff}', '"']);
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell}");
        }
    }
    assert!(written.contains("\"'=cmd|' /C calc'!A0\""), "{written}");
    assert!(
        written.contains("Ngày tiêm: Không có tháng 13."),
        "{written}"
    );
    assert_eq!(written.lines().count(), 3);
    // As it is, the same rows are wrong under the same keys, and the report stays as it is.
    let again = read_text(&written).unwrap();
    let keys = |table: &Table| -> Vec<String> {
        table.refused().map(|(row, _)| row.key.clone()).collect()
    };
    assert_eq!(keys(&again), keys(&first));
    assert_eq!(again.header().others().count(), 0);
    let second = report(&again, Language::Vietnamese);
    assert_eq!(second.lines().next(), written.lines().next());
    // Corrected, the row is accepted under its key.
    let corrected = read_text(written.replace("20/13/2021", "20/12/2021")).unwrap();
    let (row, accepted) = corrected.accepted().next().unwrap();
    assert_eq!(keys(&first).get(1), Some(&row.key));
    assert_ne!(row.key, accepted.fingerprint);
    assert_eq!(
        report(
            &read_text(format!("{HEAD}Lê An;1990;;Pfizer;1;20/12/2021\n")).unwrap(),
            Language::English
        ),
        ""
    );
}

#[test]
fn a_report_keeps_the_sender_s_keys() {
    let text = format!(
        "Mã dòng;{HEAD}a-1;Lê An;1990;;Pfizer;1;20/13/2021\n;Lê Ba;1990;;Pfizer;1;20/13/2021\n"
    );
    let first = read_text(&text).unwrap();
    let written = report(&first, Language::English);
    assert!(!written.contains("hcert_key"), "{written}");
    let corrected = read_text(written.replace("20/13/2021", "20/12/2021")).unwrap();
    let keys: Vec<&str> = corrected
        .accepted()
        .map(|(row, _)| row.key.as_str())
        .collect();
    assert_eq!(keys, ["a-1", first.rows()[1].key.as_str()]);
}

#[test]
fn templates_are_right() {
    let made = Timestamp::saturating(NOW);
    for language in Language::ALL {
        let bytes = template_xlsx(language, made).unwrap();
        assert_eq!(
            bytes,
            template_xlsx(language, made).unwrap(),
            "the same each time"
        );
        for table in [
            read_text(template_csv(language)).unwrap(),
            read_text(bytes).unwrap(),
        ] {
            assert_eq!(shown(&table), ["2 ok", "3 ok", "4 ok", "5 ok"]);
            assert_eq!(table.header().others().count(), 0);
        }
    }
}

mod workbooks {
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    fn book(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
        let mut book = Workbook::new();
        fill(&mut book);
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn cells_of_every_kind() {
        let bytes = book(|book| {
            book.add_worksheet()
                .write_string(0, 0, "Hướng dẫn")
                .unwrap();
            let hidden = book.add_worksheet();
            hidden.set_hidden(true);
            for (column, name) in (0..).zip(["Họ tên", "Ngày sinh", "Vắc xin", "Mũi", "Ngày tiêm"])
            {
                hidden.write_string(0, column, name).unwrap();
            }
            let sheet = book.add_worksheet();
            let names = [
                "Họ và tên",
                "Ngày sinh",
                "Số CCCD",
                "Vắc xin",
                "Mũi",
                "Ngày tiêm",
            ];
            for (column, name) in (1..).zip(names) {
                sheet.write_string(3, column, name).unwrap();
            }
            let day = Format::new().set_num_format("dd/mm/yyyy");
            let date = ExcelDateTime::from_ymd(2021, 12, 20).unwrap();
            sheet.write_string(5, 1, "Nguyễn Văn Đức").unwrap();
            sheet.write_number(5, 2, 1998).unwrap();
            sheet.write_number(5, 3, 79_098_000_001_f64).unwrap();
            sheet.write_string(5, 4, "Pfizer").unwrap();
            sheet.write_number(5, 5, 2).unwrap();
            sheet.write_datetime_with_format(5, 6, &date, &day).unwrap();
            sheet.write_string(6, 1, "Lê An").unwrap();
            sheet
                .write_datetime_with_format(
                    6,
                    2,
                    ExcelDateTime::from_ymd(1990, 1, 1).unwrap(),
                    &day,
                )
                .unwrap();
            sheet.write_string(6, 4, "Pfizer").unwrap();
            sheet.write_string(6, 5, "1/2").unwrap();
            sheet.write_number(6, 6, 44550).unwrap();
        });
        let table = read_text(bytes).unwrap();
        assert_eq!(
            shown(&table),
            ["6 ok cccd: zeros_restored", "7 ok date: serial_date"]
        );
        let births: Vec<String> = table
            .accepted()
            .map(|(_, accepted)| accepted.record.person.birth.to_string())
            .collect();
        assert_eq!(births, ["1998", "1990-01-01"]);
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bytes = book(|book| {
            let sheet = book.add_worksheet();
            sheet.write_string(0, 0, "x".repeat(30_000)).unwrap();
        });
        let small = Limits {
            unpacked: 20_000,
            ..Limits::DEFAULT
        };
        let result = with(small, |options| read(&bytes, options).map(|_| ()));
        assert_eq!(result, Err(TableError::Unpacked { limit: 20_000 }));
        let wide = book(|book| {
            book.add_worksheet().write_string(0, 300, "x").unwrap();
        });
        assert_eq!(
            read_text(wide).map(|_| ()).map_err(|error| error.code()),
            Err("too_many_columns")
        );
    }

    /// Names of cells that the library can't add up, and other damage.
    #[test]
    fn damaged_workbooks_are_refused() {
        let bytes = template_xlsx(Language::Vietnamese, Timestamp::saturating(NOW)).unwrap();
        for at in (0..bytes.len()).step_by(41) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x15;
            let _ = read_text(&changed);
            let _ = read_text(&bytes[..at]);
        }
    }

    #[test]
    fn a_name_of_a_cell_that_is_too_long() {
        use std::io::Write as _;
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let pack = "http://schemas.openxmlformats.org/package/2006/relationships";
        for (name, text) in [
            (
                "_rels/.rels",
                format!(
                    "{head}<Relationships xmlns=\"{pack}\"><Relationship Id=\"r1\" Type=\"{rel}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    "{head}<workbook xmlns=\"{main}\" xmlns:r=\"{rel}\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "{head}<Relationships xmlns=\"{pack}\"><Relationship Id=\"r1\" Type=\"{rel}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/worksheets/sheet1.xml",
                format!(
                    "{head}<worksheet xmlns=\"{main}\"><sheetData><row r=\"1\"><c r=\"{}1\"><v>1</v></c></row></sheetData></worksheet>",
                    "Z".repeat(60)
                ),
            ),
        ] {
            archive
                .start_file(name, zip::write::SimpleFileOptions::default())
                .unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        let bytes = archive.finish().unwrap().into_inner();
        let error = read_text(bytes).map(|_| ()).map_err(|error| error.code());
        assert_eq!(
            error,
            Err("damaged"),
            "a panic of the library is a damaged file"
        );
    }
}
