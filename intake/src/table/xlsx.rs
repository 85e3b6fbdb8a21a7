//! Workbooks of Excel.

use std::{
    io::{Cursor, Read as _},
    panic::{AssertUnwindSafe, catch_unwind},
};

use ::csv::StringRecord;
use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx};

use super::{Grid, GridRow, Header, Limits, SEARCHED, TableError, header};

/// Entries of the archive; workbooks have a few dozen.
const ENTRIES: usize = 2000;
/// Sheets that are looked at for a header.
const SHEETS: usize = 20;

/// The rows of the first visible sheet with a header.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<(Grid, Header, usize), TableError> {
    unpacked(bytes, limits)?;
    // The reader adds up letters of cell names without a bound, and panics where overflow is
    // checked. Nothing outlives the call that a panic could leave half done.
    match catch_unwind(AssertUnwindSafe(|| sheets(bytes, limits))) {
        Ok(read) => read,
        Err(_) => Err(TableError::Damaged),
    }
}

/// Unpacks everything once and throws it away: what an archive says of its sizes may be wrong.
pub(super) fn unpacked(bytes: &[u8], limits: &Limits) -> Result<(), TableError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| TableError::Damaged)?;
    if archive.len() > ENTRIES {
        return Err(TableError::Damaged);
    }
    if archive.index_for_name("xl/workbook.xml").is_none()
        && !archive
            .file_names()
            .any(|name| name.is_ok_and(|name| name.starts_with("xl")))
    {
        return Err(TableError::NotATable);
    }
    let limit = limits.unpacked;
    let mut left = limit;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|_| TableError::Damaged)?;
        // One more than is left tells "just enough" from "too much".
        let mut entry = entry.take(left.saturating_add(1));
        let size =
            std::io::copy(&mut entry, &mut std::io::sink()).map_err(|_| TableError::Damaged)?;
        left = left
            .checked_sub(size)
            .ok_or(TableError::Unpacked { limit })?;
    }
    Ok(())
}

fn sheets(bytes: &[u8], limits: &Limits) -> Result<(Grid, Header, usize), TableError> {
    let mut book = open(Cursor::new(bytes))?;
    for name in visible(&book) {
        let rows = rows(&mut book, &name, limits)?;
        let start = rows.iter().take(SEARCHED).map(|row| (row.line, &row.cells));
        if let Some((at, header)) = header::find(start) {
            let separator = b',';
            return Ok((Grid { rows, separator }, header, at));
        }
    }
    Err(TableError::NoHeader { searched: SEARCHED })
}

pub(super) fn open(bytes: Cursor<&[u8]>) -> Result<Xlsx<Cursor<&[u8]>>, TableError> {
    Xlsx::new(bytes).map_err(|_| TableError::Damaged)
}

/// The names of the sheets that people see.
pub(super) fn visible(book: &Xlsx<Cursor<&[u8]>>) -> Vec<String> {
    book.sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .take(SHEETS)
        .collect()
}

pub(super) fn rows(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    limits: &Limits,
) -> Result<Vec<GridRow>, TableError> {
    let damaged = |_| TableError::Damaged;
    let mut reader = book.worksheet_cells_reader(name).map_err(damaged)?;
    let mut rows: Vec<GridRow> = Vec::new();
    while let Some(cell) = reader.next_cell().map_err(damaged)? {
        let text = text(cell.get_value());
        let (row, column) = cell.get_position();
        if text.is_empty() {
            continue;
        }
        let line = u64::from(row) + 1;
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= limits.columns {
            let limit = limits.columns;
            return Err(TableError::TooManyColumns { line, limit });
        }
        if text.len() > limits.cell {
            let limit = limits.cell;
            return Err(TableError::CellTooLong { line, limit });
        }
        if rows.last().is_none_or(|last| last.line != line) {
            if rows.len() >= limits.rows {
                return Err(TableError::TooManyRows { limit: limits.rows });
            }
            rows.push(GridRow {
                line,
                cells: StringRecord::new(),
            });
        }
        let Some(last) = rows.last_mut() else {
            continue;
        };
        // Two cells in one place: the first one stays, as in Excel itself.
        if last.cells.len() > column {
            continue;
        }
        while last.cells.len() < column {
            last.cells.push_field("");
        }
        last.cells.push_field(&text);
    }
    Ok(rows)
}

/// A cell as it would be typed.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.trim().to_owned()
        }
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Int(number) => number.to_string(),
        // Whole numbers are written without a point, and up to 2^53 exactly.
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(is) => if *is { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) if moment.is_datetime() => date_time(moment),
        DataRef::DateTime(moment) => moment.as_f64().to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn date_time(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    if (hour, minute, second, milli) == (0, 0, 0, 0) {
        return format!("{day:02}/{month:02}/{year:04}");
    }
    format!("{day:02}/{month:02}/{year:04} {hour:02}:{minute:02}:{second:02}")
}
