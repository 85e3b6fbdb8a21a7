//! Whether two documents speak of the same person.

use alloc::{string::String, vec::Vec};
use core::fmt;

use crate::date::PartialDate;

use super::Transliteration;

/// How alike two people are, by name and date of birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Likeness {
    /// They contradict each other.
    Different,
    /// Nothing contradicts, but a person has to look: part of a name or of a date is missing or
    /// cut off.
    Possible,
    /// Same full date of birth, and the same names.
    Match,
}

/// What a document says of a person, ready to compare. The `Debug` output shows nothing of it.
#[derive(Clone)]
pub struct Person {
    family: Vec<String>,
    given: Vec<String>,
    birth: PartialDate,
}

/// The shortest machine-readable line for names has 30 characters; a name of fewer than 29 was
/// not cut off.
const SHORTEST_CUT_NAME: usize = 29;
/// In words shorter than this, `UE` and `U` may well be two names (Huệ and Hư).
const SHORTEST_TWO_LETTER_SPELLING: usize = 5;

impl Person {
    /// From the names of a document, in their own letters (`fn`, `gn`) or standardised (`fnt`,
    /// `gnt`, the lines of a passport). Letters without a transliteration rule are left out, so
    /// use the standardised names where there are any.
    pub fn new(family: &str, given: &str, birth: PartialDate) -> Person {
        Person {
            family: tokens(family),
            given: tokens(given),
            birth,
        }
    }

    fn all_tokens(&self) -> impl Iterator<Item = &String> {
        self.family.iter().chain(&self.given)
    }

    /// The length of the names in a machine-readable zone, `FAMILY<<GIVEN<NAMES`.
    fn zone_length(&self) -> usize {
        self.all_tokens().map(|token| token.len() + 1).sum()
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(..)")
    }
}

fn tokens(name: &str) -> Vec<String> {
    Transliteration::Icao
        .apply_lossy(name)
        .tokens()
        .map(String::from)
        .collect()
}

/// Compares two people by date of birth and transliterated names.
///
/// **Names are equal** when the words of family and given names, in any order, pair up one to
/// one; or when all letters written together are equal (`VAN<DER<BERG` and `VANDERBERG`, `MAI<LINH`
/// and `MAILINH`), family name first or last. Two words pair up when they are equal, or when they
/// become equal with `AE OE UE AA` read as `A O U A` (`MUELLER` and `MULLER`); the latter counts
/// fully only if the longer word has at least 5 letters, since short Vietnamese words differ by
/// just that (`HUE`, `HU`), and otherwise makes the names *similar*.
///
/// **Names are similar** when all words of one side pair up with words of the other, which has
/// more, and at least two do; or when, besides at least one such pair, one word of a side is the
/// beginning (two letters or more) of a word of the other and the side's names have at least
/// 29 characters in all, so that a machine-readable zone may have cut them off. With a single
/// shared word (people with one name) they are *weakly* similar.
///
/// | names | both dates full and equal | the known parts agree, both years known | a date unknown |
/// |---|---|---|---|
/// | equal | `Match` | `Possible` | `Possible` |
/// | similar | `Possible` | `Possible` | `Different` |
/// | weakly similar | `Possible` | `Different` | `Different` |
///
/// Everything else is `Different`: dates of which the known parts differ, other names, or a side
/// without any name. The order of `a` and `b` does not matter.
///
/// ```
/// use hcert::date::PartialDate;
/// use hcert::name::{Likeness, Person, same_person};
///
/// let birth = PartialDate::parse("1998-02-26")?;
/// let certificate = Person::new("Nguyễn", "Văn Đức", birth);
/// let passport = Person::new("NGUYEN", "VAN<DUC", birth);
/// assert_eq!(same_person(&certificate, &passport), Likeness::Match);
/// # Ok::<(), hcert::date::DateError>(())
/// ```
pub fn same_person(a: &Person, b: &Person) -> Likeness {
    let births = compare_births(a.birth, b.birth);
    match (compare_names(a, b), births) {
        (_, Births::Contradict) | (Names::Different, _) => Likeness::Different,
        (Names::Equal, Births::Equal) => Likeness::Match,
        (Names::Equal, _) | (_, Births::Equal) => Likeness::Possible,
        (Names::Similar, Births::Agree) => Likeness::Possible,
        (Names::Similar | Names::Weak, _) => Likeness::Different,
    }
}

#[derive(Clone, Copy)]
enum Births {
    Equal,
    Agree,
    Unknown,
    Contradict,
}

fn compare_births(a: PartialDate, b: PartialDate) -> Births {
    if !a.is_compatible_with(b) {
        Births::Contradict
    } else if a.full().is_some() && b.full().is_some() {
        Births::Equal
    } else if a.year().is_some() && b.year().is_some() {
        Births::Agree
    } else {
        Births::Unknown
    }
}

#[derive(Clone, Copy)]
enum Names {
    Equal,
    Similar,
    Weak,
    Different,
}

fn compare_names(a: &Person, b: &Person) -> Names {
    if written_together(a, b) {
        return Names::Equal;
    }
    let mut left_a: Vec<&String> = a.all_tokens().collect();
    let mut left_b: Vec<&String> = b.all_tokens().collect();
    let equal = take_pairs(&mut left_a, &mut left_b, |x, y| x == y);
    let respelt = take_pairs(&mut left_a, &mut left_b, |x, y| {
        x.len().max(y.len()) >= SHORTEST_TWO_LETTER_SPELLING && plain(x) == plain(y)
    });
    let respelt_short = take_pairs(&mut left_a, &mut left_b, |x, y| plain(x) == plain(y));
    let shared = equal + respelt + respelt_short;
    let cut = is_cut(a, &left_a, &left_b) || is_cut(b, &left_b, &left_a);
    match (shared, left_a.is_empty(), left_b.is_empty()) {
        (0, _, _) => Names::Different,
        (_, true, true) if respelt_short == 0 => Names::Equal,
        (_, true, true) => Names::Similar,
        (1, true, _) | (1, _, true) => Names::Weak,
        (_, true, _) | (_, _, true) => Names::Similar,
        _ if cut => Names::Similar,
        _ => Names::Different,
    }
}

/// Whether all letters are the same without the boundaries between words.
fn written_together(a: &Person, b: &Person) -> bool {
    let join = |first: &[String], second: &[String]| [first.concat(), second.concat()].concat();
    let letters = join(&a.family, &a.given);
    !letters.is_empty()
        && (letters == join(&b.family, &b.given) || letters == join(&b.given, &b.family))
}

/// Removes pairs for which `same` holds from both sides; how many there were.
fn take_pairs(
    a: &mut Vec<&String>,
    b: &mut Vec<&String>,
    same: impl Fn(&str, &str) -> bool,
) -> usize {
    let before = a.len();
    a.retain(|x| match b.iter().position(|y| same(x, y)) {
        Some(at) => {
            b.swap_remove(at);
            false
        }
        None => true,
    });
    before - a.len()
}

/// Whether `short`, of which only the words `left` have found no partner, may be a cut-off form
/// of a name in which `others` are left.
fn is_cut(short: &Person, left: &[&String], others: &[&String]) -> bool {
    let [word] = left else { return false };
    word.len() >= 2
        && short.zone_length() >= SHORTEST_CUT_NAME
        && others.iter().any(|other| other.starts_with(word.as_str()))
}

/// The spelling without the second letters of ICAO transliteration.
fn plain(token: &str) -> String {
    let mut out = String::with_capacity(token.len());
    let mut previous = None;
    for letter in token.chars() {
        match (previous, letter) {
            (Some('A' | 'O' | 'U'), 'E') | (Some('A'), 'A') => previous = None,
            _ => {
                out.push(letter);
                previous = Some(letter);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Likeness::{Different, Match, Possible};
    use super::*;
    use proptest::prelude::*;

    fn person((family, given, birth): (&str, &str, &str)) -> Person {
        Person::new(family, given, PartialDate::parse(birth).unwrap())
    }

    type Case = (
        (&'static str, &'static str, &'static str),
        (&'static str, &'static str, &'static str),
        Likeness,
    );

    const FULL: &str = "1998-02-26";

    #[rustfmt::skip]
    const TABLE: &[Case] = &[
        // The same person.
        (("Nguyễn", "Văn Đức", FULL), ("NGUYEN", "VAN<DUC", FULL), Match),
        (("Nguyễn", "Văn Đức", FULL), ("VAN<DUC", "NGUYEN", FULL), Match),
        (("Đức", "Nguyễn Văn", FULL), ("NGUYEN", "VAN<DUC", FULL), Match),
        (("Müller", "Jörg", FULL), ("MULLER", "JORG", FULL), Match),
        (("MUELLER", "HANS", FULL), ("MULLER", "HANS", FULL), Match),
        (("GOESSINGER", "GABRIELE", FULL), ("GOSSINGER", "GABRIELE", FULL), Match),
        (("AAGAARD", "SOEREN", FULL), ("AGARD", "SOREN", FULL), Match),
        (("VAN<DER<BERG", "JAN", FULL), ("VANDERBERG", "JAN", FULL), Match),
        (("Lê", "Mai-Linh", FULL), ("LE", "MAILINH", FULL), Match),
        (("", "Charles", FULL), ("CHARLES", "", FULL), Match),
        (("Nguyễn", "Nguyễn An", FULL), ("NGUYEN", "AN<NGUYEN", FULL), Match),
        // A person has to look.
        (("Nguyễn", "Văn Đức", FULL), ("NGUYEN", "DUC", FULL), Possible),
        (("Nguyễn", "Văn Đức", "1998"), ("NGUYEN", "VAN<DUC", FULL), Possible),
        (("Nguyễn", "Văn Đức", "1998"), ("NGUYEN", "VAN<DUC", "1998"), Possible),
        (("Nguyễn", "Văn Đức", "1998-02"), ("NGUYEN", "DUC", FULL), Possible),
        (("Nguyễn", "Văn Đức", ""), ("NGUYEN", "VAN<DUC", FULL), Possible),
        (("Trần", "Thị Huệ", FULL), ("TRAN", "THI<HU", FULL), Possible),
        (("", "Charles", FULL), ("SMITH", "CHARLES", FULL), Possible),
        (("PAPANDROPOULOU<VASILEIADOU", "KONSTANTI", FULL), ("PAPANDROPOULOU<VASILEIADOU", "KONSTANTINA<MARIA", FULL), Possible),
        // Not the same person.
        (("Nguyễn", "Văn Đức", FULL), ("NGUYEN", "VAN<DUC", "1998-02-27"), Different),
        (("Nguyễn", "Văn Đức", FULL), ("NGUYEN", "VAN<DUC", "1997"), Different),
        (("Nguyễn", "Văn Đức", FULL), ("NGUYEN", "VAN<DUNG", FULL), Different),
        (("Nguyễn", "Thị Hà", FULL), ("NGUYEN", "THI<HANH", FULL), Different),
        (("Nguyễn", "Nguyễn An", FULL), ("NGUYEN", "AN<AN", FULL), Different),
        (("Nguyễn", "Văn Đức", ""), ("NGUYEN", "DUC", FULL), Different),
        (("", "Charles", "1998"), ("SMITH", "CHARLES", FULL), Different),
        (("", "", FULL), ("", "", FULL), Different),
        (("", "", FULL), ("NGUYEN", "AN", FULL), Different),
        (("王", "", FULL), ("李", "", FULL), Different),
    ];

    #[test]
    fn table() {
        for &(a, b, want) in TABLE {
            let (x, y) = (person(a), person(b));
            assert_eq!(same_person(&x, &y), want, "{a:?} {b:?}");
            assert_eq!(same_person(&y, &x), want, "{b:?} {a:?}");
        }
    }

    #[test]
    fn plain_spelling() {
        for (token, want) in [
            ("MUELLER", "MULLER"),
            ("AASE", "ASE"),
            ("AAEE", "AEE"),
            ("NGUYEN", "NGUYEN"),
            ("E", "E"),
        ] {
            assert_eq!(plain(token), want);
        }
    }

    proptest! {
        #[test]
        fn symmetric_and_reflexive(a in "[A-EU]{1,4}( [A-EU]{1,4}){0,3}", b in "[A-EU]{1,4}( [A-EU]{1,4}){0,3}") {
            let birth = PartialDate::parse(FULL).unwrap();
            let (x, y) = (Person::new(&a, "", birth), Person::new("", &b, birth));
            prop_assert_eq!(same_person(&x, &y), same_person(&y, &x));
            prop_assert_eq!(same_person(&x, &x), Match);
        }
    }
}
