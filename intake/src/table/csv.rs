//! Separated text.

use ::csv::{ReaderBuilder, StringRecord};

use super::{Grid, GridRow, Header, Limits, SEARCHED, TableError, header};

pub(super) const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The rows, the header and its index among them. The separator is the one by which most columns
/// of the header are known.
pub(super) fn read(text: &str, limits: &Limits) -> Result<(Grid, Header, usize), TableError> {
    if text.trim().is_empty() {
        return Err(TableError::Empty);
    }
    // A line by which Excel is told the separator.
    let told = text
        .strip_prefix("sep=")
        .and_then(|rest| rest.as_bytes().first().copied());
    let mut best: Option<(u8, Header, usize)> = None;
    for separator in SEPARATORS.into_iter().chain(told) {
        let mut start = Vec::new();
        for row in rows(text, separator).take(SEARCHED) {
            start.push(row);
        }
        let found = header::find(start.iter().map(|row| (row.line, &row.cells)));
        if let Some((at, header)) = found
            && best
                .as_ref()
                .is_none_or(|(_, best, _)| best.score() < header.score())
        {
            best = Some((separator, header, at));
        }
    }
    let Some((separator, header, at)) = best else {
        return Err(TableError::NoHeader { searched: SEARCHED });
    };
    let mut all = Vec::new();
    for row in rows(text, separator) {
        if all.len() >= limits.rows {
            return Err(TableError::TooManyRows { limit: limits.rows });
        }
        check(&row, limits)?;
        all.push(row);
    }
    let grid = Grid {
        rows: all,
        separator,
    };
    Ok((grid, header, at))
}

pub(super) fn check(row: &GridRow, limits: &Limits) -> Result<(), TableError> {
    let line = row.line;
    if row.cells.len() > limits.columns
        && row
            .cells
            .iter()
            .skip(limits.columns)
            .any(|cell| !cell.is_empty())
    {
        let limit = limits.columns;
        return Err(TableError::TooManyColumns { line, limit });
    }
    if row.cells.iter().any(|cell| cell.len() > limits.cell) {
        let limit = limits.cell;
        return Err(TableError::CellTooLong { line, limit });
    }
    Ok(())
}

pub(super) fn rows(text: &str, separator: u8) -> impl Iterator<Item = GridRow> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let (mut counted, mut line) = (0, 1);
    // Reading text from memory has no way to fail; were there one, the table would end there.
    core::iter::from_fn(move || {
        let mut cells = StringRecord::new();
        match reader.read_record(&mut cells) {
            Ok(true) => {
                // Counted here, since the reader's own count is one short after `\r\n`.
                let start = cells
                    .position()
                    .and_then(|position| usize::try_from(position.byte()).ok());
                let start = start.unwrap_or(counted);
                let blank = text.get(start..).map_or(0, |rest| {
                    rest.len() - rest.trim_start_matches(['\r', '\n']).len()
                });
                line += lines(text.get(counted..start + blank).unwrap_or_default());
                counted = start + blank;
                Some(GridRow { line, cells })
            }
            _ => None,
        }
    })
}

/// Ends of lines: `\n`, `\r\n`, and `\r` alone.
fn lines(text: &str) -> u64 {
    let mut before = b' ';
    let mut count = 0;
    for byte in text.bytes() {
        count += u64::from(byte == b'\n' && before != b'\r' || byte == b'\r');
        before = byte;
    }
    count
}
