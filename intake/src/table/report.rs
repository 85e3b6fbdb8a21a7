//! The wrong rows, to be corrected and sent again.

use ::csv::{QuoteStyle, Terminator, WriterBuilder};

use super::{Column, Table, guard, header, unguard};
use crate::{
    field::Field,
    finding::{Severity, any_error},
    words::{Language, Words},
};

/// The wrong rows as CSV: their cells as they were, and after them the row's key, its line, and what
/// is wrong in words.
///
/// UTF-8 with a mark, by which Excel knows it. No cell is a formula ([`guard`]). When the file comes
/// back corrected, each row is told by its key, and the other two columns are not read. Empty if
/// nothing is wrong.
pub fn report(table: &Table, language: Language) -> String {
    if table.refused().next().is_none() {
        return String::new();
    }
    let words = Words::new(language);
    let mut writer = WriterBuilder::new()
        .delimiter(table.separator)
        .quote_style(QuoteStyle::Always)
        .terminator(Terminator::CRLF)
        .flexible(true)
        .from_writer(Vec::new());
    let columns = table.header.columns();
    // What a report of ours added before is made anew.
    let kept: Vec<usize> = columns
        .iter()
        .enumerate()
        .filter(|(at, column)| {
            let ours = table
                .header
                .names()
                .get(*at)
                .is_some_and(|name| name == header::KEY);
            **column != Column::Ours && !ours
        })
        .map(|(at, _)| at)
        .collect();
    let own_key = kept
        .iter()
        .any(|at| columns.get(*at) == Some(&Column::Field(Field::Key)));
    let added = [header::KEY, header::LINE, header::ERRORS];
    let added = added.into_iter().skip(usize::from(own_key));
    let names = kept.iter().filter_map(|at| table.header.names().get(*at));
    let names = names
        .map(|name| guard(name).into_owned())
        .chain(added.map(String::from));
    // Writing to memory has no way to fail.
    let _ = writer.write_record(names);
    for (row, findings) in table.refused() {
        let cell = |at: &usize| guard(unguard(row.cells.get(*at).unwrap_or_default())).into_owned();
        let mut cells: Vec<String> = kept.iter().map(cell).collect();
        if own_key {
            // A row without the sender's key gets ours, in the sender's column.
            let at = kept
                .iter()
                .position(|at| columns.get(*at) == Some(&Column::Field(Field::Key)));
            if let Some(cell) = at.and_then(|at| cells.get_mut(at))
                && cell.trim().is_empty()
            {
                *cell = row.key.clone();
            }
        } else {
            cells.push(guard(&row.key).into_owned());
        }
        cells.push(row.line.to_string());
        // Of a row that was held back for its warnings, they are what has to be looked at.
        let severity = match any_error(findings) {
            true => Severity::Error,
            false => Severity::Warning,
        };
        let errors = findings
            .iter()
            .filter(|finding| finding.severity() == severity);
        let said: Vec<String> = errors
            .map(|finding| {
                let column = table.header.column_of(finding.field());
                let name = column.and_then(|at| table.header.names().get(at));
                let name = name.map_or_else(|| words.field(finding.field()), String::as_str);
                format!("{name}: {} {}", words.what(finding), words.remedy(finding))
            })
            .collect();
        let mut said = said.join(" | ");
        if severity == Severity::Warning {
            said = format!("{} {said}", words.to_confirm());
        }
        cells.push(guard(&said).into_owned());
        let _ = writer.write_record(cells);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    format!("\u{feff}{}", String::from_utf8(bytes).unwrap_or_default())
}
