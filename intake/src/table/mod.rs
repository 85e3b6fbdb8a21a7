//! Tables that sites send: CSV and XLSX, as spreadsheets and people make them.
//!
//! [`read`] finds out encoding, separator and columns by itself, and gives for every row either a
//! checked record or everything that is wrong with it. [`report`](report()) writes the wrong rows out
//! again with what is wrong beside them; corrected and sent again, each row is told by its key, so
//! that nothing is made twice.

mod csv;
mod decode;
mod guard;
mod header;
mod other;
mod report;
mod rows;
mod template;
mod xlsx;

use ::csv::StringRecord;

use crate::field::Field;

pub use guard::{guard, unguard};
pub use header::{Column, Header};
pub use other::{Other, read_other};
pub use report::report;
pub(crate) use rows::hash;
pub use rows::{Accepted, History, Options, Row, Table, fingerprint};
pub use template::{TemplateError, csv as template_csv, xlsx as template_xlsx};

/// How much a table may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of everything in an XLSX file, unpacked.
    pub unpacked: u64,
    /// Rows, the header among them.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Bytes of one cell.
    pub cell: usize,
}

impl Limits {
    /// Enough for a province's day, and for a sheet of 100,000 rows.
    pub const DEFAULT: Limits = Limits {
        bytes: 32 << 20,
        unpacked: 256 << 20,
        rows: 100_001,
        columns: 200,
        cell: 4000,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Limits::DEFAULT
    }
}

/// Why a file as a whole can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// More bytes than [`Limits::bytes`].
    #[error("the file has more than {limit} bytes")]
    TooManyBytes {
        /// The limit.
        limit: usize,
    },
    /// More than [`Limits::unpacked`] when unpacked.
    #[error("the file has more than {limit} bytes when unpacked")]
    Unpacked {
        /// The limit.
        limit: u64,
    },
    /// More rows than [`Limits::rows`].
    #[error("the table has more than {limit} rows")]
    TooManyRows {
        /// The limit.
        limit: usize,
    },
    /// More columns than [`Limits::columns`].
    #[error("line {line} has more than {limit} columns")]
    TooManyColumns {
        /// The line.
        line: u64,
        /// The limit.
        limit: usize,
    },
    /// A cell longer than [`Limits::cell`]; mostly a quotation mark that is not closed.
    #[error(
        "a cell from line {line} on has more than {limit} bytes: a quotation mark may not be closed"
    )]
    CellTooLong {
        /// The line on which the row begins.
        line: u64,
        /// The limit.
        limit: usize,
    },
    /// Excel's format of before 2007, or a file with a password.
    #[error("the file is an Excel file of before 2007 or has a password")]
    OldExcel,
    /// A file of another kind.
    #[error("the file is neither CSV nor XLSX")]
    NotATable,
    /// An XLSX file that can't be read.
    #[error("the XLSX file is damaged")]
    Damaged,
    /// Text in a font encoding of before Unicode.
    #[error("the letters are those of a font of before Unicode (TCVN3, VNI-Windows)")]
    LegacyFont,
    /// No row looks like a header.
    #[error("no row of the first {searched} is a header with known columns")]
    NoHeader {
        /// How many rows were looked at.
        searched: usize,
    },
    /// Columns that have to be there.
    #[error("columns are missing")]
    MissingColumns {
        /// The fields.
        fields: Vec<Field>,
    },
    /// Two columns for one field.
    #[error("columns {first} and {second} are the same")]
    ColumnTwice {
        /// The field.
        field: Field,
        /// The name of the first.
        first: String,
        /// The name of the second.
        second: String,
    },
}

impl TableError {
    /// A stable name, for interfaces.
    pub fn code(&self) -> &'static str {
        match self {
            TableError::Empty => "empty",
            TableError::TooManyBytes { .. } => "too_many_bytes",
            TableError::Unpacked { .. } => "unpacked",
            TableError::TooManyRows { .. } => "too_many_rows",
            TableError::TooManyColumns { .. } => "too_many_columns",
            TableError::CellTooLong { .. } => "cell_too_long",
            TableError::OldExcel => "old_excel",
            TableError::NotATable => "not_a_table",
            TableError::Damaged => "damaged",
            TableError::LegacyFont => "legacy_font",
            TableError::NoHeader { .. } => "no_header",
            TableError::MissingColumns { .. } => "missing_columns",
            TableError::ColumnTwice { .. } => "column_twice",
        }
    }
}

/// Rows as texts, the header and what stands above it among them.
pub(crate) struct Grid {
    rows: Vec<GridRow>,
    /// What a report of this table is to be separated by.
    separator: u8,
}

/// A row, and the line it begins on, from 1.
pub(crate) struct GridRow {
    line: u64,
    cells: StringRecord,
}

/// Rows above the header that are looked at.
const SEARCHED: usize = 30;

/// Reads a table, CSV or XLSX, told by its content.
pub fn read(bytes: &[u8], options: &Options<'_>) -> Result<Table, TableError> {
    let limits = &options.limits;
    check_kind(bytes, limits)?;
    let (grid, header, at) = match bytes {
        [b'P', b'K', 3, 4, ..] => xlsx::read(bytes, limits)?,
        _ => csv::read(&decode::text(bytes)?, limits)?,
    };
    header.check()?;
    Ok(rows::read(grid, header, at, options))
}

/// Refuses what is no table at its first bytes.
fn check_kind(bytes: &[u8], limits: &Limits) -> Result<(), TableError> {
    if bytes.len() > limits.bytes {
        let limit = limits.bytes;
        return Err(TableError::TooManyBytes { limit });
    }
    match bytes {
        [] => Err(TableError::Empty),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(TableError::OldExcel),
        [b'%', b'P', b'D', b'F', ..] | [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => {
            Err(TableError::NotATable)
        }
        [b'{', ..] => Err(TableError::NotATable),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
