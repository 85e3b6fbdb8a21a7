//! A key as lines that a person can type.
//!
//! The bytes are: two for the length of the encrypted key, big endian; the key (DER); the first
//! four of its SHA-256. Twenty of them make a line, in Crockford's Base32, which has no I, L, O and
//! U: eight groups of four, the line's number before them, and behind them a checksum of four,
//! which are the first twenty bits of SHA-256 over the line's number (one byte) and its bytes. Two
//! lines that were mixed up, or any letter misread, are told by their number.

use std::collections::BTreeMap;

use data_encoding::{Encoding, Specification};

use crate::keys::{fault::LineProblem, fingerprint::sha256};

/// Bytes of a line: 32 letters.
const LINE: usize = 20;
/// Letters of a checksum.
const CHECKSUM: usize = 4;
/// Bytes of SHA-256 at the end, which hold the lines together.
const SEAL: usize = 4;
/// Lines of the longest key that is typed: one of RSA with 4,096 bits has 130.
const MAX_LINES: usize = 255;

/// Crockford's Base32: in either case, with O for 0 and I or L for 1, spaces and hyphens anywhere.
fn base32() -> Option<Encoding> {
    let mut specification = Specification::new();
    specification
        .symbols
        .push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    specification
        .translate
        .from
        .push_str("abcdefghjkmnpqrstvwxyzoOiIlL");
    specification
        .translate
        .to
        .push_str("ABCDEFGHJKMNPQRSTVWXYZ001111");
    specification.ignore.push_str(" -");
    specification.encoding().ok()
}

/// The lines of an encrypted key (DER), each with number and checksum.
pub(super) fn encode(der: &[u8]) -> Vec<String> {
    let Some(base32) = base32() else {
        return Vec::new();
    };
    let length = u16::try_from(der.len()).unwrap_or(u16::MAX);
    let mut bytes = length.to_be_bytes().to_vec();
    bytes.extend_from_slice(der);
    bytes.extend(sha256(der).iter().take(SEAL));
    (1..)
        .zip(bytes.chunks(LINE))
        .map(|(number, bytes)| {
            let letters = base32.encode(bytes);
            let groups: Vec<&str> = groups(&letters).collect();
            let checksum = checksum(&base32, number, bytes);
            // The checksums stand below each other.
            format!("{number:>3}  {:<39}  {checksum}", groups.join(" "))
        })
        .collect()
}

fn groups(letters: &str) -> impl Iterator<Item = &str> {
    let starts = (0..letters.len()).step_by(4);
    starts.filter_map(|start| letters.get(start..letters.len().min(start + 4)))
}

fn checksum(base32: &Encoding, line: usize, bytes: &[u8]) -> String {
    let number = u8::try_from(line).unwrap_or(u8::MAX);
    let hash = sha256(&[&[number], bytes].concat());
    let letters = base32.encode(hash.get(..5).unwrap_or_default());
    letters.get(..CHECKSUM).unwrap_or_default().to_owned()
}

/// The encrypted key of typed lines, in any order; or everything that is wrong with them.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, Vec<LineProblem>> {
    let Some(base32) = base32() else {
        return Err(Vec::new());
    };
    let mut problems = Vec::new();
    let mut lines: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
    for (place, text) in (1..).zip(text.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        match line(&base32, place, text) {
            Ok((number, bytes)) => match lines.get(&number) {
                Some(there) if *there != bytes => {
                    problems.push(LineProblem::Twice { line: number });
                }
                _ => {
                    lines.insert(number, bytes);
                }
            },
            Err(problem) => problems.push(problem),
        }
    }
    // A line that is wrong is not missing as well.
    if problems.is_empty() {
        problems.extend(missing(&lines));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let bytes: Vec<u8> = lines.into_values().flatten().collect();
    together(&bytes).ok_or_else(|| vec![LineProblem::Together])
}

fn line(base32: &Encoding, place: usize, text: &str) -> Result<(usize, Vec<u8>), LineProblem> {
    let mut words = text.trim().splitn(2, char::is_whitespace);
    let number = words
        .next()
        .unwrap_or_default()
        .trim_end_matches(['.', ':', ')']);
    let letters: String = words.collect();
    let number: usize = match number.parse() {
        Ok(number) if (1..=MAX_LINES).contains(&number) && !letters.is_empty() => number,
        _ => return Err(LineProblem::NoNumber { place }),
    };
    let letters: Vec<char> = letters
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    let foreign = |c: &&char| base32.decode(format!("{c}0000000").as_bytes()).is_err();
    if let Some(found) = letters.iter().find(foreign) {
        return Err(LineProblem::Character {
            line: number,
            found: *found,
        });
    }
    let split = letters.len().checked_sub(CHECKSUM);
    let (Some(split), true) = (
        split.filter(|split| *split > 0),
        letters.len() <= LINE * 8 / 5 + CHECKSUM,
    ) else {
        return Err(LineProblem::Length { line: number });
    };
    let (letters, given) = letters.split_at(split);
    let letters: String = letters.iter().collect();
    // Letters that are no whole bytes: one too few or too many.
    let bytes = base32.decode(letters.as_bytes());
    let bytes = bytes.map_err(|_| LineProblem::Length { line: number })?;
    let normal = |letters: &str| {
        letters
            .to_ascii_uppercase()
            .replace('O', "0")
            .replace(['I', 'L'], "1")
    };
    let given = normal(&given.iter().collect::<String>());
    if given != checksum(base32, number, &bytes) {
        return Err(LineProblem::Checksum { line: number });
    }
    Ok((number, bytes))
}

/// Lines that are not there, or too many.
fn missing(lines: &BTreeMap<usize, Vec<u8>>) -> Vec<LineProblem> {
    let length = lines.get(&1).and_then(|first| match first.as_slice() {
        [high, low, ..] => Some(usize::from(u16::from_be_bytes([*high, *low]))),
        _ => None,
    });
    let there = lines.keys().copied().max().unwrap_or_default();
    // Without the first line nobody knows how many there are.
    let last = length.map_or(there, |length| (2 + length + SEAL).div_ceil(LINE));
    let mut problems: Vec<LineProblem> = (1..=last.clamp(1, MAX_LINES))
        .filter(|line| !lines.contains_key(line))
        .map(|line| LineProblem::Missing { line })
        .collect();
    if there > last {
        problems.push(LineProblem::TooMany { last });
    }
    problems
}

/// The key within the bytes, if its length and hash are right.
fn together(bytes: &[u8]) -> Option<Vec<u8>> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (der, seal) = rest.split_at_checked(length)?;
    let right = sha256(der).get(..SEAL).is_some_and(|hash| hash == seal);
    right.then(|| der.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(length: usize) -> Vec<u8> {
        (0..length)
            .map(|number| (number * 37 % 251) as u8)
            .collect()
    }

    /// Computed by another program from the description in specs/key-ceremony.md.
    #[test]
    fn the_format_stays() {
        let key: Vec<u8> = (0..32).collect();
        let wanted = [
            "  1  00G0 0082 0C20 A1G7 104G M2RC 1M70 Y40H  625R",
            "  2  289H 858P 2WC1 J6GV 3GEH W7V3 1Q6J J     417Q",
        ];
        assert_eq!(encode(&key), wanted);
    }

    #[test]
    fn every_length_and_back() {
        for length in [0, 1, 13, 14, 15, 34, 35, 190, 250, 1300, 2500] {
            let lines = encode(&key(length));
            assert_eq!(decode(&lines.join("\n")), Ok(key(length)), "{length}");
            assert!(lines.iter().all(|line| line.len() == 50), "{lines:?}");
        }
    }

    #[test]
    fn however_it_is_typed() {
        let mut lines = encode(&key(190));
        lines.reverse();
        let text = lines.join("\r\n\n").to_lowercase();
        assert_eq!(decode(&text), Ok(key(190)));
        let text = text.replace('0', "o").replace('1', "l");
        let numbered: Vec<String> = text
            .split("\r\n\n")
            .map(|line| {
                let (number, rest) = line.trim().split_once(' ').unwrap();
                let number = number.replace('o', "0").replace('l', "1");
                format!("{number}. {}", rest.replace(' ', "-"))
            })
            .collect();
        assert_eq!(decode(&numbered.join("\n")), Ok(key(190)));
        let twice = [lines.clone(), lines].concat();
        assert_eq!(decode(&twice.join("\n")), Ok(key(190)));
    }

    /// Each letter of each line, each with another: always told by its line.
    #[test]
    fn every_wrong_letter_is_found() {
        let lines = encode(&key(60));
        for (index, line) in lines.iter().enumerate() {
            for (at, letter) in line.char_indices().skip(5).filter(|(_, c)| *c != ' ') {
                let other = if letter == '7' { 'Q' } else { '7' };
                let mut wrong = lines.clone();
                wrong[index].replace_range(at..=at, &other.to_string());
                let number = index + 1;
                let problems = decode(&wrong.join("\n")).unwrap_err();
                assert!(
                    matches!(problems[..], [LineProblem::Checksum { line } | LineProblem::Length { line }] if line == number),
                    "{problems:?}"
                );
            }
        }
    }

    #[test]
    fn each_problem_has_its_name() {
        let lines = encode(&key(60));
        let [one, two, three, four] = &lines[..] else {
            panic!("{lines:?}");
        };
        let swapped = two.replacen('2', "3", 1);
        let other = encode(&key(61));
        let longer = encode(&key(100));
        let strangers = encode(&[9; 60]);
        let strange = two.replace(' ', "u");
        for (text, wanted) in [
            (vec![one, three, four], LineProblem::Missing { line: 2 }),
            (vec![one, two, three], LineProblem::Missing { line: 4 }),
            (vec![two, three, four], LineProblem::Missing { line: 1 }),
            (vec![one, &swapped, four], LineProblem::Checksum { line: 3 }),
            (
                vec![one, two, three, four, &longer[4]],
                LineProblem::TooMany { last: 4 },
            ),
            (vec![one, two, three, &other[3]], LineProblem::Together),
            (
                vec![one, two, &strangers[1], three, four],
                LineProblem::Twice { line: 2 },
            ),
            (
                vec![one, &strange, three, four],
                LineProblem::NoNumber { place: 2 },
            ),
        ] {
            let text: Vec<&str> = text.into_iter().map(String::as_str).collect();
            let problems = decode(&text.join("\n")).unwrap_err();
            assert_eq!(problems, [wanted], "{text:?}");
        }
        let long = format!("{one}0");
        for (line, wanted) in [
            (
                "1 ABCU EFGH",
                LineProblem::Character {
                    line: 1,
                    found: 'U',
                },
            ),
            (
                "1 ABCé EFGH",
                LineProblem::Character {
                    line: 1,
                    found: 'é',
                },
            ),
            ("1 ABCD", LineProblem::Length { line: 1 }),
            (&long, LineProblem::Length { line: 1 }),
            ("ABCD EFGH", LineProblem::NoNumber { place: 1 }),
            ("0 ABCD EFGH", LineProblem::NoNumber { place: 1 }),
            ("9999 ABCD EFGH", LineProblem::NoNumber { place: 1 }),
            ("", LineProblem::Missing { line: 1 }),
        ] {
            assert_eq!(decode(line), Err(vec![wanted]), "{line}");
        }
    }
}
