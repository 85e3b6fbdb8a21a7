//! An empty table with the right columns, examples and an explanation.

use ::csv::{Terminator, WriterBuilder};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use hcert::time::Timestamp;

use crate::{
    field::Field,
    words::{Language, Words},
};

/// The template could not be made; the library that writes XLSX says why.
#[derive(Debug, thiserror::Error)]
#[error("the template could not be written: {0}")]
pub struct TemplateError(#[from] XlsxError);

/// The columns of the template. A field of which another one can stand in is left out.
const COLUMNS: [Field; 24] = [
    Field::Key,
    Field::FullName,
    Field::BirthDate,
    Field::Sex,
    Field::Nationality,
    Field::Cccd,
    Field::Passport,
    Field::Bhyt,
    Field::Product,
    Field::Manufacturer,
    Field::Lot,
    Field::Dose,
    Field::Date,
    Field::Site,
    Field::GivenBy,
    Field::TestType,
    Field::TestName,
    Field::TestDevice,
    Field::SampledAt,
    Field::Result,
    Field::Tube,
    Field::FirstPositive,
    Field::ValidFrom,
    Field::ValidUntil,
];

/// Invented people: a dose, a booster with only the year of birth known, a test, a recovery.
fn examples(language: Language) -> Vec<Vec<(Field, &'static str)>> {
    let [man, woman, negative] = match language {
        Language::Vietnamese => ["Nam", "Nữ", "Âm tính"],
        Language::English => ["Male", "Female", "Negative"],
    };
    vec![
        vec![
            (Field::FullName, "Nguyễn Văn Đức"),
            (Field::BirthDate, "26/02/1998"),
            (Field::Sex, man),
            (Field::Nationality, "VN"),
            (Field::Cccd, "079098000001"),
            (Field::Product, "Comirnaty"),
            (Field::Lot, "FK0595"),
            (Field::Dose, "2/2"),
            (Field::Date, "20/12/2021"),
            (Field::Site, "79-001"),
        ],
        vec![
            (Field::FullName, "Lê Thị Hương"),
            (Field::BirthDate, "1940"),
            (Field::Sex, woman),
            (Field::Nationality, "VN"),
            (Field::Product, "Vero Cell"),
            (Field::Lot, "202108B2715"),
            (Field::Dose, "3/3"),
            (Field::Date, "15/03/2022"),
            (Field::Site, "79-001"),
        ],
        vec![
            (Field::FullName, "Trần Minh Khôi"),
            (Field::BirthDate, "05/09/2010"),
            (Field::Sex, man),
            (Field::Nationality, "VN"),
            (Field::TestType, "PCR"),
            (Field::TestName, "Allplex SARS-CoV-2"),
            (Field::SampledAt, "20/12/2021 14:30"),
            (Field::Result, negative),
            (Field::Tube, "T-0001"),
            (Field::Site, "79-001"),
        ],
        vec![
            (Field::FullName, "Phạm Thu Hà"),
            (Field::BirthDate, "11/1985"),
            (Field::Sex, woman),
            (Field::Nationality, "VN"),
            (Field::FirstPositive, "01/03/2022"),
        ],
    ]
}

/// The template as CSV, UTF-8 with a mark, the separator `;` as Vietnamese Excel has it.
pub fn csv(language: Language) -> String {
    let words = Words::new(language);
    let mut writer = WriterBuilder::new()
        .delimiter(b';')
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    // Writing to memory has no way to fail.
    let _ = writer.write_record(COLUMNS.iter().map(|field| words.field(*field)));
    for example in examples(language) {
        let _ = writer.write_record(COLUMNS.iter().map(|field| value(&example, *field)));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    format!("\u{feff}{}", String::from_utf8(bytes).unwrap_or_default())
}

/// The template as XLSX, with a sheet that explains it. All columns are formatted as text, so that
/// no spreadsheet turns numbers and dates into others. `made_at` is written into the file.
pub fn xlsx(language: Language, made_at: Timestamp) -> Result<Vec<u8>, TemplateError> {
    let words = Words::new(language);
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_timestamp(made_at.unix())?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let [data, explanation] = words.sheets();
    let text = Format::new().set_num_format("@");
    let bold = Format::new().set_num_format("@").set_bold();
    let sheet = book.add_worksheet().set_name(data)?;
    for (column, field) in (0_u16..).zip(COLUMNS) {
        sheet.set_column_format(column, &text)?;
        sheet.set_column_width(column, 18)?;
        sheet.write_string_with_format(0, column, words.field(field), &bold)?;
        for (row, example) in (1_u32..).zip(examples(language)) {
            sheet.write_string_with_format(row, column, value(&example, field), &text)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let wrapped = Format::new().set_text_wrap();
    let sheet = book.add_worksheet().set_name(explanation)?;
    sheet.set_column_width(0, 110)?;
    for (row, line) in (0_u32..).zip(words.template()) {
        sheet.write_string_with_format(row, 0, *line, &wrapped)?;
    }
    Ok(book.save_to_buffer()?)
}

fn value(example: &[(Field, &'static str)], field: Field) -> &'static str {
    example
        .iter()
        .find(|(other, _)| *other == field)
        .map_or("", |(_, text)| text)
}
