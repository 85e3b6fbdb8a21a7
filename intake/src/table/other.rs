//! Tables of other things than records: the columns are the caller's to know.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use ::csv::StringRecord;

use super::{GridRow, Limits, SEARCHED, TableError, csv, decode, guard::unguard, xlsx};

/// A table as texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// The names of the columns.
    pub header: Vec<String>,
    /// The rows below it that are not empty, each with the line it begins on, from 1.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// Reads a table, CSV or XLSX, told by its content. The header is the row, of the first thirty, with
/// the most names that are `known`: two at least.
pub fn read_other(
    bytes: &[u8],
    limits: &Limits,
    known: &dyn Fn(&str) -> bool,
) -> Result<Other, TableError> {
    super::check_kind(bytes, limits)?;
    if bytes.starts_with(b"PK\x03\x04") {
        xlsx::unpacked(bytes, limits)?;
        // As for tables of records: the reader may panic on a file made to hurt.
        let read = catch_unwind(AssertUnwindSafe(|| of_workbook(bytes, limits, known)));
        return read.unwrap_or(Err(TableError::Damaged));
    }
    let text = decode::text(bytes)?;
    let best = csv::SEPARATORS.into_iter().filter_map(|separator| {
        let start: Vec<GridRow> = csv::rows(&text, separator).take(SEARCHED).collect();
        let (at, score) = header(&start, known)?;
        Some((score, separator, at))
    });
    // Of two separators alike the first one.
    let best = best.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let Some((_, separator, at)) = best else {
        return Err(TableError::NoHeader { searched: SEARCHED });
    };
    let mut rows = Vec::new();
    for row in csv::rows(&text, separator) {
        if rows.len() >= limits.rows {
            return Err(TableError::TooManyRows { limit: limits.rows });
        }
        csv::check(&row, limits)?;
        rows.push(row);
    }
    Ok(cut(rows, at))
}

fn of_workbook(
    bytes: &[u8],
    limits: &Limits,
    known: &dyn Fn(&str) -> bool,
) -> Result<Other, TableError> {
    let mut book = xlsx::open(Cursor::new(bytes))?;
    for name in xlsx::visible(&book) {
        let rows = xlsx::rows(&mut book, &name, limits)?;
        if let Some((at, _)) = header(&rows, known) {
            return Ok(cut(rows, at));
        }
    }
    Err(TableError::NoHeader { searched: SEARCHED })
}

fn header(rows: &[GridRow], known: &dyn Fn(&str) -> bool) -> Option<(usize, usize)> {
    let score = |cells: &StringRecord| cells.iter().filter(|name| known(name.trim())).count();
    let scores = rows.iter().take(SEARCHED).map(|row| score(&row.cells));
    let best = scores
        .enumerate()
        .reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.filter(|(_, score)| *score >= 2)
}

fn cut(rows: Vec<GridRow>, at: usize) -> Other {
    let texts = |cells: &StringRecord| -> Vec<String> {
        let cells = cells.iter();
        cells.map(|cell| unguard(cell.trim()).to_owned()).collect()
    };
    let mut rows = rows.into_iter().skip(at);
    let header = rows.next().map(|row| texts(&row.cells));
    let rows = rows.map(|row| (row.line, texts(&row.cells)));
    Other {
        header: header.unwrap_or_default(),
        rows: rows
            .filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> bool {
        ["Cơ sở", "Họ tên"].contains(&name)
    }

    #[test]
    fn separated_text() {
        let text = "Danh sách\n\nCơ sở;Họ tên;x\nA;'=Lan;\n;;\nB;\"Mai\nAnh\";y\nC\n";
        let other = read_other(text.as_bytes(), &Limits::DEFAULT, &known).unwrap();
        assert_eq!(other.header, ["Cơ sở", "Họ tên", "x"]);
        let lines: Vec<u64> = other.rows.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [4, 6, 8]);
        assert_eq!(other.rows[0].1, ["A", "=Lan", ""]);
        assert_eq!(other.rows[1].1, ["B", "Mai\nAnh", "y"]);
    }

    #[test]
    fn a_workbook() {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write(0, 0, "Hướng dẫn").unwrap();
        let sheet = book.add_worksheet();
        for (row, cells) in [["Cơ sở", "Họ tên"], ["A", "Lan"], ["", ""], ["B", "7"]]
            .into_iter()
            .enumerate()
        {
            let row = u32::try_from(row).unwrap() + 2;
            sheet.write(row, 0, cells[0]).unwrap();
            sheet.write(row, 1, cells[1]).unwrap();
        }
        let bytes = book.save_to_buffer().unwrap();
        let other = read_other(&bytes, &Limits::DEFAULT, &known).unwrap();
        assert_eq!(other.header, ["Cơ sở", "Họ tên"]);
        let row = |line, cells: [&str; 2]| (line, cells.map(str::to_owned).to_vec());
        assert_eq!(other.rows, [row(4, ["A", "Lan"]), row(6, ["B", "7"])]);
        let tight = Limits {
            unpacked: 100,
            ..Limits::DEFAULT
        };
        assert!(read_other(&bytes, &tight, &known).is_err());
    }

    #[test]
    fn what_is_no_such_table() {
        let read = |bytes: &[u8]| read_other(bytes, &Limits::DEFAULT, &known);
        assert_eq!(read(b""), Err(TableError::Empty));
        assert_eq!(read(b"%PDF-1.7"), Err(TableError::NotATable));
        assert_eq!(read(b"PK\x03\x04"), Err(TableError::Damaged));
        let none = Err(TableError::NoHeader { searched: SEARCHED });
        assert_eq!(read("Cơ sở\nA\n".as_bytes()), none);
        let few = Limits {
            rows: 2,
            ..Limits::DEFAULT
        };
        let long = "Cơ sở,Họ tên\nA,B\nC,D\n".as_bytes();
        assert_eq!(
            read_other(long, &few, &known),
            Err(TableError::TooManyRows { limit: 2 })
        );
    }
}
