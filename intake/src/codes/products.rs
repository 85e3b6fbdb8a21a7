//! What the value sets do not say of products.

use hcert::date::Date;

pub(super) const BUILTIN: &str = include_str!("products.tsv");

/// What is known of a vaccine product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductFacts {
    /// The code, of the value set.
    pub code: String,
    /// The code of its manufacturer.
    pub manufacturer: String,
    /// The code of its kind of vaccine.
    pub prophylaxis: String,
    /// The doses of its series.
    pub doses: u8,
    /// The least number of days between two doses of the series.
    pub interval: u16,
    /// The least age in years, of the presentation for the youngest; 0 for infants.
    pub minimum_age: u8,
    /// The first day it was in use anywhere.
    pub first_use: Date,
    /// What people call it.
    pub names: Vec<String>,
    /// Its codes in CVX.
    pub cvx: Vec<String>,
    /// Its codes in ICD-11.
    pub icd11: Vec<String>,
    /// Its codes in SNOMED CT.
    pub snomed: Vec<String>,
}

/// A line of a table of products is not right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the table of products: column {column} is missing or not right")]
pub struct ProductTableError {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

pub(super) fn read(table: &str) -> Result<Vec<ProductFacts>, ProductTableError> {
    let lines = table.lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(at, line)| {
            let columns: Vec<&str> = line.split('\t').collect();
            product(&columns).map_err(|column| ProductTableError {
                line: at + 1,
                column: column + 1,
            })
        })
        .collect()
}

/// The index of the column that is wrong, as the error.
fn product(columns: &[&str]) -> Result<ProductFacts, usize> {
    let text = |at: usize| columns.get(at).copied().ok_or(at);
    let code = |at: usize| {
        text(at).and_then(|text| {
            if text.is_empty() {
                Err(at)
            } else {
                Ok(text.to_owned())
            }
        })
    };
    let list = |at: usize, separator: char| -> Result<Vec<String>, usize> {
        let parts = text(at)?.split(separator).map(str::trim);
        Ok(parts
            .filter(|part| !part.is_empty())
            .map(String::from)
            .collect())
    };
    Ok(ProductFacts {
        code: code(0)?,
        manufacturer: code(1)?,
        prophylaxis: code(2)?,
        doses: text(3)?
            .parse()
            .ok()
            .filter(|doses| (1..=9).contains(doses))
            .ok_or(3usize)?,
        interval: text(4)?.parse().map_err(|_| 4usize)?,
        minimum_age: text(5)?.parse().map_err(|_| 5usize)?,
        first_use: Date::parse(text(6)?).map_err(|_| 6usize)?,
        names: list(7, ';')?,
        cvx: list(8, ',')?,
        icd11: list(9, ',')?,
        snomed: list(10, ',')?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hcert::value_set::{Kind, ValueSets};

    #[test]
    fn the_built_in_table_is_right() {
        let products = read(BUILTIN).unwrap();
        let sets = ValueSets::builtin();
        assert!(products.len() > 15);
        for product in &products {
            for (kind, code) in [
                (Kind::Product, &product.code),
                (Kind::Manufacturer, &product.manufacturer),
                (Kind::Prophylaxis, &product.prophylaxis),
            ] {
                assert!(
                    sets.get(kind, code).is_some_and(|entry| entry.active),
                    "{code}"
                );
            }
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (table, line, column) in [
            ("#\nA\tB\tC\t2\t21\t0\t2021-01-01\t\t\t", 2, 11),
            ("A\tB\tC\t0\t21\t0\t2021-01-01\t\t\t\t", 1, 4),
            ("A\tB\tC\t2\t21\t0\t2021-02-30\t\t\t\t", 1, 7),
            ("A\t\tC\t2\t21\t0\t2021-02-03\t\t\t\t", 1, 2),
        ] {
            assert_eq!(read(table), Err(ProductTableError { line, column }));
        }
    }
}
