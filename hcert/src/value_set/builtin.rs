//! The built-in table.

use super::{Entry, Kind};

const TABLE: &str = include_str!("builtin.tsv");

/// The head of the section of a kind, as it stands in the table.
fn head(kind: Kind) -> &'static str {
    match kind {
        Kind::Disease => "[disease]",
        Kind::Prophylaxis => "[prophylaxis]",
        Kind::Product => "[product]",
        Kind::Manufacturer => "[manufacturer]",
        Kind::TestType => "[test_type]",
        Kind::TestResult => "[test_result]",
        Kind::TestDevice => "[test_device]",
        Kind::Country => "[country]",
    }
}

/// The lines of a section, its head among them.
fn section(kind: Kind) -> impl Iterator<Item = &'static str> {
    let head = head(kind);
    let start = TABLE
        .lines()
        .skip_while(move |line| !line.starts_with(head));
    let mut heads = 0;
    start.take_while(move |line| {
        heads += usize::from(line.starts_with('['));
        heads < 2
    })
}

pub(super) fn date(kind: Kind) -> &'static str {
    let head = section(kind).next();
    head.and_then(|line| line.split_once('\t'))
        .map_or("", |(_, date)| date)
}

pub(super) fn entries<'a>(kind: Kind) -> impl Iterator<Item = Entry<'a>> {
    section(kind).skip(1).filter_map(|line| {
        let mut columns = line.split('\t');
        let (code, display) = (columns.next()?, columns.next()?);
        Some(Entry {
            code,
            display,
            active: columns.next() != Some("inactive"),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let lines = TABLE
            .lines()
            .filter(|line| !line.starts_with(['#', '[']))
            .count();
        let mut total = 0;
        for kind in Kind::ALL {
            let entries: alloc::vec::Vec<_> = entries(kind).collect();
            assert!(!entries.is_empty(), "{kind:?}");
            assert!(entries.is_sorted_by_key(|entry| entry.code), "{kind:?}");
            assert!(
                entries
                    .iter()
                    .all(|entry| !entry.code.is_empty() && !entry.display.is_empty())
            );
            assert_eq!(date(kind).len(), 10, "{kind:?}");
            total += entries.len();
        }
        assert_eq!(total, lines);
    }

    #[test]
    fn known_codes() {
        for (kind, code, display, active) in [
            (Kind::Disease, "840539006", "COVID-19", true),
            (
                Kind::Prophylaxis,
                "1119349007",
                "SARS-CoV-2 mRNA vaccine",
                true,
            ),
            (
                Kind::Prophylaxis,
                "J07BX03",
                "covid-19 vaccines (deprecated)",
                false,
            ),
            (Kind::Product, "EU/1/20/1507", "Spikevax", true),
            (
                Kind::Manufacturer,
                "ORG-100001417",
                "Janssen-Cilag International",
                true,
            ),
            (Kind::TestType, "LP217198-3", "Rapid immunoassay", true),
            (Kind::TestResult, "260415000", "Not detected", true),
            (Kind::TestDevice, "1833", "AAZ-LMB, COVID-VIRO", true),
        ] {
            let found = entries(kind).find(|entry| entry.code == code);
            assert_eq!(
                found,
                Some(Entry {
                    code,
                    display,
                    active
                })
            );
        }
        assert!(entries(Kind::Country).any(|entry| entry.code == "VN"));
    }
}
