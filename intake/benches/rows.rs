//! Rows for each second, from bytes to checked records.
//!
//! `cargo bench -p intake --bench rows`; the number of rows by `HCERT_ROWS` (default 20,000).

#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a bench may stop at what it did not expect"
)]

use std::time::Instant;

use hcert::time::Timestamp;
use intake::{
    codes::Catalogue,
    draft::Settings,
    fhir,
    plausibility::Known,
    table::{Limits, Options, read, report},
    words::Language,
};
use rust_xlsxwriter::Workbook;

const HEAD: [&str; 11] = [
    "STT",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Quốc tịch",
    "Số CCCD",
    "Vắc xin",
    "Mũi tiêm",
    "Ngày tiêm",
    "Số lô",
    "Mã cơ sở",
];

/// Of every hundred rows, one has a date that does not exist.
fn row(number: usize) -> [String; 11] {
    let day = if number % 100 == 99 {
        "31/02/2022".into()
    } else {
        format!("{:02}/03/2022", number % 28 + 1)
    };
    [
        number.to_string(),
        format!(
            "Nguyễn Thị Hồng {}",
            ["Nhung", "Hạnh", "Phượng", "Thủy", "Đào"][number % 5]
        ),
        format!("{:02}/{:02}/1990", number % 28 + 1, number % 12 + 1),
        "Nữ".into(),
        "Việt Nam".into(),
        format!("079190{number:06}"),
        ["Comirnaty", "Vero Cell", "AstraZeneca", "Moderna"][number % 4].into(),
        "2/2".into(),
        day,
        format!("FK{:04}", number % 97),
        "79-001".into(),
    ]
}

fn main() {
    let rows: usize = std::env::var("HCERT_ROWS").map_or(20_000, |text| text.parse().unwrap());
    let catalogue = Catalogue::builtin();
    let options = Options {
        settings: Settings::vietnam(&catalogue).unwrap(),
        known: Known::new(&catalogue, Timestamp::saturating(1_655_262_000)),
        history: None,
        secret: &[7; 32],
        limits: Limits::DEFAULT,
    };
    let mut csv = HEAD.join(";") + "\n";
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(HEAD) {
        sheet.write_string(0, column, name).unwrap();
    }
    let mut lines = String::new();
    for number in 0..rows {
        let cells = row(number);
        csv += &(cells.join(";") + "\n");
        for (column, cell) in (0..).zip(&cells) {
            sheet
                .write_string(u32::try_from(number).unwrap() + 1, column, cell)
                .unwrap();
        }
        let (name, cccd) = (&cells[1], &cells[5]);
        let (family, given) = name.split_once(' ').unwrap();
        lines += &format!(
            "{{\"resourceType\":\"Patient\",\"id\":\"{number}\",\"name\":[{{\"family\":\"{family}\",\"given\":[\"{given}\"]}}],\
             \"birthDate\":\"1990-01-01\",\"gender\":\"female\",\"identifier\":[{{\"system\":\"x/cccd\",\"value\":\"{cccd}\"}}]}}\n\
             {{\"resourceType\":\"Immunization\",\"status\":\"completed\",\"vaccineCode\":{{\"coding\":[{{\"system\":\
             \"http://hl7.org/fhir/sid/cvx\",\"code\":\"208\"}}]}},\"patient\":{{\"reference\":\"Patient/{number}\"}},\
             \"occurrenceDateTime\":\"2022-03-20\",\"protocolApplied\":[{{\"doseNumberPositiveInt\":2}}]}}\n"
        );
    }
    let xlsx = book.save_to_buffer().unwrap();
    for (name, bytes) in [("CSV", csv.as_bytes()), ("XLSX", &xlsx)] {
        let mut best = f64::INFINITY;
        for _ in 0..3 {
            let start = Instant::now();
            let table = read(bytes, &options).unwrap();
            best = best.min(start.elapsed().as_secs_f64());
            assert_eq!(table.rows().len(), rows);
            assert_eq!(table.refused().count(), rows / 100);
        }
        println!(
            "{name:5} {rows} rows, {} bytes: {best:.3} s, {:.0} rows/s",
            bytes.len(),
            rows as f64 / best
        );
    }
    let table = read(csv.as_bytes(), &options).unwrap();
    let start = Instant::now();
    let text = report(&table, Language::Vietnamese);
    println!(
        "report of {} rows: {:.4} s, {} bytes",
        rows / 100,
        start.elapsed().as_secs_f64(),
        text.len()
    );
    let start = Instant::now();
    let reading = fhir::read(lines.as_bytes(), &options, &fhir::Limits::DEFAULT).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    let accepted = reading
        .items
        .iter()
        .filter(|item| item.outcome.is_ok())
        .count();
    println!(
        "FHIR  {accepted} of {rows} as NDJSON, {} bytes: {seconds:.3} s, {:.0}/s",
        lines.len(),
        rows as f64 / seconds
    );
}
