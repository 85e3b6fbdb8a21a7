//! What must hold of any input.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

#[allow(unreachable_pub, dead_code, reason = "a module of another crate")]
#[path = "../../fuzz/src/intake.rs"]
mod targets;

use intake::table::{guard, unguard};
use proptest::prelude::*;

/// Cells that are often right, and often wrong.
fn row() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("Nguyễn Văn Đức"),
        Just("Lê Thị Hương"),
        Just("Lee Min Ho"),
        Just("An"),
        Just("Nguyeenx Vawn A"),
        Just("=A1"),
        Just("Nguyá»…n"),
        Just("H' Hen Niê"),
        Just("王小明"),
        Just("-"),
        Just("d'Artagnan"),
    ];
    let birth = prop_oneof![
        Just("26/02/1998"),
        Just("1998"),
        Just("02/1998"),
        Just("2098"),
        Just("35852"),
        Just("1011990"),
        Just("02/26/1998"),
        Just(""),
    ];
    let number = prop_oneof![
        Just("079098000001"),
        Just("79198000001"),
        Just("012345678"),
        Just("C1234567"),
        Just("1.09E+11"),
        Just(""),
    ];
    let product = prop_oneof![
        Just("Pfizer"),
        Just("Janssen"),
        Just("Abdala"),
        Just("SCTV01C"),
        Just("NVX-CoV2373"),
        Just("x"),
        Just(""),
    ];
    let dose = prop_oneof![
        Just("1"),
        Just("2/2"),
        Just("3"),
        Just("nhắc lại 1"),
        Just("2/1"),
        Just("20"),
        Just("0")
    ];
    let date = prop_oneof![
        Just("20/12/2021"),
        Just("15/06/2022"),
        Just("16/06/2022"),
        Just("05/12/2022"),
        Just("44550"),
        Just("01/01/1900"),
    ];
    (name, birth, number, product, dose, date, "\\PC{0,6}").prop_map(
        |(name, birth, number, product, dose, date, lot)| {
            let lot = lot.replace('"', "\"\"");
            format!("{name};{birth};{number};{product};{dose};{date};\"{lot}\"")
        },
    )
}

const HEAD: &str = "Họ và tên;Ngày sinh;Số giấy tờ;Vắc xin;Mũi;Ngày tiêm;Số lô\n";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn accepted_rows_can_be_issued(rows in prop::collection::vec(row(), 1..8)) {
        let (accepted, refused) = targets::tables(format!("{HEAD}{}", rows.join("\n")).as_bytes()).unwrap();
        prop_assert_eq!(accepted + refused, rows.len());
    }

    #[test]
    fn no_table_panics(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "[\\PC\t\n;,\"]{0,200}") {
        targets::tables(&bytes);
        targets::tables(text.as_bytes());
        targets::tables(format!("{HEAD}{text}").as_bytes());
    }

    #[test]
    fn no_scan_panics(text in "\\PC{0,120}", fields in prop::collection::vec("[A-Za-zđêơ0-9'^~+?. ]{0,14}", 0..9)) {
        targets::cards(text.as_bytes());
        targets::cards(format!("079198000001|{}", fields.join("|")).as_bytes());
        targets::cards(format!("DN4790123456789|{}", fields.join("|")).as_bytes());
    }

    #[test]
    fn no_document_panics(text in "[\\PC{}\\[\\]\":,]{0,200}") {
        targets::documents(text.as_bytes());
        targets::documents(format!("{{\"resourceType\":\"Immunization\",{text}}}").as_bytes());
    }

    #[test]
    fn guarding_is_undone(text in "\\PC{0,20}") {
        let guarded = guard(&text);
        prop_assert_eq!(unguard(&guarded), &text);
    }
}
