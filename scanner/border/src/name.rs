//! Names: words of a document beside words of a certificate.

use hcert::name::{StandardName, Transliteration};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use crate::{
    Subject,
    answer::{Doubt, Field},
    arabic,
};

/// The name of a document, in the letters of a machine-readable zone.
pub(crate) struct DocumentName {
    /// Primary identifier: the family name.
    pub(crate) primary: Vec<String>,
    /// Secondary identifier: given names.
    pub(crate) secondary: Vec<String>,
    /// The field is full to its last letter, so that words may have been shortened or left out.
    pub(crate) cut: bool,
    /// The name with its Vietnamese marks, where the document has them.
    pub(crate) marked: Option<String>,
}

/// One way to write a certificate's name in the letters of a machine-readable zone.
struct Reading {
    family: Vec<String>,
    given: Vec<String>,
    split: bool,
}

/// In words shorter than this, two spellings may well be two names (`HUE` and `HU`).
const SHORTEST_SPELLING: usize = 5;
/// Words of which only the vowels differ (`MOHAMMED`, `MUHAMMAD`) have to have at least so many
/// letters, and so many consonants.
const SHORTEST_VOWELS: usize = 6;
const FEWEST_CONSONANTS: usize = 4;
/// Written for a name that somebody does not have.
const PLACEHOLDERS: [&str; 4] = ["FNU", "LNU", "XXX", "UNKNOWN"];

pub(crate) fn compare(certificate: &Subject, document: &DocumentName) -> Field {
    let best = readings(certificate)
        .iter()
        .map(|reading| one(reading, document))
        .min_by_key(|field| match field {
            Field::Same => 0,
            Field::Doubtful(_) => 1,
            Field::Different => 2,
        })
        .unwrap_or(Field::Doubtful(Doubt::NameScript));
    match &document.marked {
        Some(marked) if best == Field::Same && other_marks(certificate, marked) => {
            Field::Doubtful(Doubt::NameMarks)
        }
        _ => best,
    }
}

/// The standardised names as the issuer wrote them, and the own letters by each rule that has all
/// of them.
fn readings(certificate: &Subject) -> Vec<Reading> {
    let mut readings = Vec::new();
    let mut add = |family: Vec<String>, given: Vec<String>| {
        if !family.is_empty() || !given.is_empty() {
            readings.push(Reading {
                family,
                given,
                split: certificate.split,
            });
        }
    };
    let tokens = |name: &StandardName| name.tokens().map(str::to_owned).collect();
    let standard = |text: &str| tokens(&Transliteration::Icao.apply_lossy(text));
    add(
        standard(&certificate.family_standard),
        standard(&certificate.given_standard),
    );
    for rules in [Transliteration::Icao, Transliteration::Vietnamese] {
        let words = |text: &str| rules.apply(text).ok().map(|name| tokens(&name));
        if let (Some(family), Some(given)) = (words(&certificate.family), words(&certificate.given))
        {
            add(family, given);
        }
    }
    let words = |text: &str| match text.trim() {
        "" => Some(Vec::new()),
        text => arabic::words(text),
    };
    if let (Some(family), Some(given)) = (words(&certificate.family), words(&certificate.given)) {
        add(family, given);
    }
    readings
}

impl Reading {
    /// The orders in which the words may stand: family name first or last; any turn, where it is not
    /// known which is which.
    fn orders(&self) -> Vec<Vec<&str>> {
        let family = self.family.iter().map(String::as_str);
        let given = self.given.iter().map(String::as_str);
        let words: Vec<&str> = family.chain(given).collect();
        let turns = if self.split {
            vec![0, self.family.len()]
        } else {
            (0..words.len().max(1)).collect()
        };
        turns
            .into_iter()
            .map(|turn| {
                let mut words = without_placeholders(&words);
                let by = turn.min(words.len());
                words.rotate_left(by);
                words
            })
            .collect()
    }
}

fn without_placeholders<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let kept: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !PLACEHOLDERS.contains(word))
        .collect();
    if kept.is_empty() {
        words.to_vec()
    } else {
        kept
    }
}

fn one(reading: &Reading, document: &DocumentName) -> Field {
    let ours = reading.orders();
    let primary = document.primary.iter().map(String::as_str);
    let secondary = document.secondary.iter().map(String::as_str);
    let theirs: Vec<&str> = primary.clone().chain(secondary.clone()).collect();
    let theirs = without_placeholders(&theirs);
    let turned: Vec<&str> = secondary.chain(primary).collect();
    let turned = without_placeholders(&turned);
    let Some(words) = ours.first().filter(|words| !words.is_empty()) else {
        return Field::Doubtful(Doubt::NameScript);
    };
    if theirs.is_empty() {
        return Field::Doubtful(Doubt::NameScript);
    }
    let any = |test: &dyn Fn(&[&str], &[&str]) -> bool| {
        ours.iter()
            .any(|ours| test(ours, &theirs) || test(ours, &turned))
    };
    if any(&|ours, theirs| ours == theirs || ours.concat() == theirs.concat())
        || is_one_name_twice(words, &theirs)
        || is_one_name_twice(&theirs, words)
        || any(&|ours, theirs| each(ours, theirs, |a, b| a == b || is_respelt(a, b)))
    {
        return Field::Same;
    }
    if document.cut && ours.iter().any(|ours| is_shortened(&theirs, ours)) {
        // Not a single letter of the given names: brothers and sisters are the same.
        let no_given = document.secondary.is_empty() && words.len() > document.primary.len();
        return if no_given {
            Field::Doubtful(Doubt::NamePart)
        } else {
            Field::Same
        };
    }
    if any(&|ours, theirs| each(ours, theirs, |a, b| a == b || plain(a) == plain(b))) {
        return Field::Doubtful(Doubt::NameSpelling);
    }
    words_left(words, &theirs, document.cut)
}

/// When no order fits: what pairs up in any order, and what is left over.
fn words_left(ours: &[&str], theirs: &[&str], cut: bool) -> Field {
    let (mut ours, mut theirs) = (ours.to_vec(), theirs.to_vec());
    let mut shared = take_pairs(&mut ours, &mut theirs, |a, b| a == b || is_respelt(a, b));
    if cut {
        shared += take_pairs(&mut ours, &mut theirs, |a, b| a.starts_with(b));
    }
    match (shared, ours.is_empty(), theirs.is_empty()) {
        (_, true, true) => Field::Doubtful(Doubt::NameOrder),
        (1.., true, _) | (1.., _, true) => Field::Doubtful(Doubt::NamePart),
        _ if sounds_alike(&ours, &theirs) => Field::Doubtful(Doubt::NameSpelling),
        _ => Field::Different,
    }
}

fn each(a: &[&str], b: &[&str], same: impl Fn(&str, &str) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}

/// People with one name are entered under both headings by some.
fn is_one_name_twice(one: &[&str], twice: &[&str]) -> bool {
    matches!((one, twice), ([name], [a, b]) if name == a && name == b)
}

/// Whether each word of the zone begins the certificate's word in its place; words at the end may
/// be missing.
fn is_shortened(zone: &[&str], words: &[&str]) -> bool {
    zone.len() <= words.len()
        && zone
            .iter()
            .zip(words)
            .all(|(zone, word)| word.starts_with(zone) || plain(word).starts_with(&plain(zone)))
}

/// Whether two words are long enough to be two spellings of one name, and are.
fn is_respelt(a: &str, b: &str) -> bool {
    a.len().max(b.len()) >= SHORTEST_SPELLING && plain(a) == plain(b)
}

/// The spelling without the second letters of ICAO transliteration: `AE OE UE AA` for `Ä Ö Ü Å`,
/// `NXX` and `UXX` for `Ñ` and `Ü`, `IJ` for `Ĳ` as `Y`.
fn plain(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut previous = None;
    for letter in word.replace("NXX", "N").replace("UXX", "U").chars() {
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

/// Removes pairs for which `same` holds from both sides; how many there were.
fn take_pairs(a: &mut Vec<&str>, b: &mut Vec<&str>, same: impl Fn(&str, &str) -> bool) -> usize {
    let before = a.len();
    a.retain(|x| match b.iter().position(|y| same(x, y)) {
        Some(at) => {
            b.remove(at);
            false
        }
        None => true,
    });
    before - a.len()
}

/// Whether what is left over of both, written together, differs only as transliterations of
/// Arabic, Russian or Hindi names do: in vowels, doubled letters, `I` and `Y`. One side has to be
/// one word, for in several short ones the vowels are the name (`MINH THANH`, `MANH THINH`); and a
/// vowel at the end is often all that tells a woman's name from a man's (`GABRIELA`, `GABRIELE`).
fn sounds_alike(ours: &[&str], theirs: &[&str]) -> bool {
    let (a, b) = (ours.concat(), theirs.concat());
    let skeleton = consonants(&a);
    let ending = |word: &str| word.chars().next_back().filter(|c| is_vowel(*c));
    ours.len().min(theirs.len()) == 1
        && a.len().min(b.len()) >= SHORTEST_VOWELS
        && skeleton.len() >= FEWEST_CONSONANTS
        && skeleton == consonants(&b)
        && ending(&a) == ending(&b)
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'A' | 'E' | 'I' | 'O' | 'U')
}

/// The first letter, and the consonants after it, each once in a row.
fn consonants(word: &str) -> String {
    let mut out = String::new();
    for letter in word.chars() {
        let letter = match letter {
            'J' | 'Y' => 'I',
            letter => letter,
        };
        if out.is_empty() || !(is_vowel(letter) || out.ends_with(letter)) {
            out.push(letter);
        }
    }
    out
}

/// Whether two names with the same letters differ in their Vietnamese marks, wherever in a word
/// they stand (`HÒA` and `HOÀ` are one). A name without any mark was typed without them.
fn other_marks(certificate: &Subject, marked: &str) -> bool {
    let own = format!("{} {}", certificate.family, certificate.given);
    let (own, theirs) = (marks(&own), marks(marked));
    let any = |words: &[Vec<char>]| words.iter().any(|word| !word.is_empty());
    any(&own) && any(&theirs) && own != theirs
}

/// The marks of each word, sorted; the words sorted too, for the order was compared already.
fn marks(name: &str) -> Vec<Vec<char>> {
    let mut words: Vec<Vec<char>> = name
        .split(|c: char| c.is_whitespace() || c == '-')
        .filter(|word| !word.is_empty())
        .map(|word| {
            let marks = word.nfd().filter_map(|c| match c {
                'Đ' | 'đ' => Some('đ'),
                c => is_combining_mark(c).then_some(c),
            });
            let mut marks: Vec<char> = marks.collect();
            marks.sort_unstable();
            marks
        })
        .collect();
    words.sort_unstable();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        for (word, want) in [
            ("MUELLER", "MULLER"),
            ("MUXXLLER", "MULLER"),
            ("AASE", "ASE"),
            ("MUNXXOZ", "MUNOZ"),
            ("AAEE", "AEE"),
            ("NGUYEN", "NGUYEN"),
        ] {
            assert_eq!(plain(word), want);
        }
        assert!(is_respelt("MUELLER", "MULLER"));
        assert!(!is_respelt("HUE", "HU"));
        assert_eq!(consonants("MOHAMMED"), "MHMD");
        assert_eq!(consonants("YUSSUF"), "ISF");
    }

    #[test]
    fn what_sounds_alike() {
        for (a, b, want) in [
            (&["MOHAMMED"][..], &["MUHAMMAD"][..], true),
            (&["ABD", "AL", "RAHMAN"], &["ABDELRAHMAN"], true),
            (&["SERGEY"], &["SERHII"], false),
            (&["THANH"], &["THINH"], false),
            (&["MINH", "THANH"], &["MANH", "THINH"], false),
            (&["HASSAN"], &["HUSSEIN"], false),
        ] {
            assert_eq!(sounds_alike(a, b), want, "{a:?} {b:?}");
        }
    }

    #[test]
    fn marks_count_wherever_they_stand() {
        let subject = |given| Subject::new("Nguyễn", given, "", "", "1998");
        for (given, card, want) in [
            ("Thị Hoà", "NGUYỄN THỊ HÒA", false),
            ("Thị Hoà", "NGUYỄN THỊ HOA", true),
            ("Thị Đào", "NGUYỄN THỊ DÀO", true),
            ("Thi\u{323} Hoa\u{300}", "NGUYỄN THỊ HÒA", false),
        ] {
            assert_eq!(other_marks(&subject(given), card), want, "{given} {card}");
        }
        let typed = Subject::new("NGUYEN", "THI HOA", "", "", "1998");
        assert!(!other_marks(&typed, "NGUYỄN THỊ HÒA"));
    }
}
