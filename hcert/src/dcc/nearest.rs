//! What somebody may have meant.

use alloc::vec::Vec;

/// The candidates that differ least from `wanted`, the nearest first, at most `count`; only those
/// that share something with it. Letter case does not count.
pub(crate) fn nearest<'a>(
    wanted: &str,
    candidates: impl Iterator<Item = &'a str>,
    count: usize,
) -> Vec<&'a str> {
    let wanted = folded(wanted);
    let mut ranked: Vec<(usize, &str)> = candidates
        .filter_map(|candidate| {
            let other = folded(candidate);
            let distance = distance(&wanted, &other);
            // At most half of the longer one may differ.
            (2 * distance <= wanted.len().max(other.len())).then_some((distance, candidate))
        })
        .collect();
    ranked.sort_by_key(|(distance, _)| *distance);
    ranked
        .into_iter()
        .take(count)
        .map(|(_, candidate)| candidate)
        .collect()
}

/// Bounds the work on hostile input; codes are shorter.
const MAX_COMPARED: usize = 64;

fn folded(text: &str) -> Vec<char> {
    text.chars()
        .flat_map(char::to_lowercase)
        .take(MAX_COMPARED)
        .collect()
}

/// The Levenshtein distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b) {
            let substituted = diagonal + usize::from(x != y);
            diagonal = *cell;
            left = substituted.min(left + 1).min(diagonal + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    // The row is never empty.
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, want) in [
            ("", "", 0),
            ("kitten", "sitting", 3),
            ("ab", "ba", 2),
            ("dn", "dm", 1),
            ("abc", "", 3),
            ("", "ab", 2),
        ] {
            let got = distance(&folded(a), &folded(b));
            assert_eq!(got, want, "{a} {b}");
        }
    }

    #[test]
    fn nearest_first() {
        let codes = ["EU/1/20/1528", "EU/1/20/1507", "CVnCoV"];
        assert_eq!(
            nearest("eu/1/20/1527", codes.into_iter(), 2),
            ["EU/1/20/1528", "EU/1/20/1507"]
        );
        assert!(nearest("xyz", codes.into_iter(), 2).is_empty());
    }
}
