//! Greek letters, by ELOT 743 (ISO 843 type 2), which Greek and Cypriot passports use.

use super::transliterate::Cluster;

/// The letters for the first of `clusters`, and how many clusters they stand for; `None` if it
/// is not Greek. `previous` is the cluster before, to know the start of a word.
pub(super) fn letters(
    previous: Option<Cluster>,
    clusters: &[Cluster],
) -> Option<(&'static str, usize)> {
    let first = clusters.first()?;
    single(first.base)?;
    let second = clusters.get(1);
    let pair = second.map(|second| (first.base, second.base));
    let after = clusters.get(2).map(|cluster| cluster.base);
    // ευ is one sound unless the marks say otherwise: άυ, αϋ.
    let joined = !first.acute && second.is_some_and(|second| !second.diaeresis);
    let starts_word = previous.is_none_or(|cluster| single(cluster.base).is_none());
    let ends_word = after.is_none_or(|base| single(base).is_none());
    Some(match pair {
        Some(('Ο', 'Υ')) if joined => ("OU", 2),
        Some(('Α', 'Υ')) if joined => (if is_voiced(after) { "AV" } else { "AF" }, 2),
        Some(('Ε', 'Υ')) if joined => (if is_voiced(after) { "EV" } else { "EF" }, 2),
        Some(('Η', 'Υ')) if joined => (if is_voiced(after) { "IV" } else { "IF" }, 2),
        Some(('Γ', 'Γ')) => ("NG", 2),
        Some(('Γ', 'Ξ')) => ("NX", 2),
        Some(('Γ', 'Χ')) => ("NCH", 2),
        Some(('Μ', 'Π')) if starts_word || ends_word => ("B", 2),
        _ => (single(first.base)?, 1),
    })
}

/// Vowels and the voiced consonants, before which αυ is spoken "av".
fn is_voiced(after: Option<char>) -> bool {
    after.is_some_and(|base| {
        matches!(base, 'Α' | 'Ε' | 'Η' | 'Ι' | 'Ο' | 'Υ' | 'Ω')
            || matches!(base, 'Β' | 'Γ' | 'Δ' | 'Ζ' | 'Λ' | 'Μ' | 'Ν' | 'Ρ')
    })
}

fn single(base: char) -> Option<&'static str> {
    Some(match base {
        'Α' => "A",
        'Β' => "V",
        'Γ' => "G",
        'Δ' => "D",
        'Ε' => "E",
        'Ζ' => "Z",
        'Η' | 'Ι' => "I",
        'Θ' => "TH",
        'Κ' => "K",
        'Λ' => "L",
        'Μ' => "M",
        'Ν' => "N",
        'Ξ' => "X",
        'Ο' | 'Ω' => "O",
        'Π' => "P",
        'Ρ' => "R",
        'Σ' => "S",
        'Τ' => "T",
        'Υ' => "Y",
        'Φ' => "F",
        'Χ' => "CH",
        'Ψ' => "PS",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::name::Transliteration;

    #[test]
    fn elot_743() {
        for (text, want) in [
            ("Αθανάσιος", "ATHANASIOS"),
            ("Παπαδόπουλος", "PAPADOPOULOS"),
            ("Γεώργιος Ιωάννου", "GEORGIOS<IOANNOU"),
            ("Ευάγγελος", "EVANGELOS"),
            ("Ευτυχία", "EFTYCHIA"),
            ("Παύλος", "PAVLOS"),
            ("Σταύρος Αυξεντίου", "STAVROS<AFXENTIOU"),
            ("Μπάμπης", "BAMPIS"),
            ("Ταΰγετος", "TAYGETOS"),
            ("Ξενοφών Ψαρράς", "XENOFON<PSARRAS"),
            ("Άγχος Σφίγξ", "ANCHOS<SFINX"),
            ("Κωνσταντίνος Χρήστου", "KONSTANTINOS<CHRISTOU"),
            ("ΘΕΟΔΩΡΟΣ", "THEODOROS"),
        ] {
            assert_eq!(
                Transliteration::Icao.apply(text).unwrap().as_str(),
                want,
                "{text}"
            );
        }
    }
}
