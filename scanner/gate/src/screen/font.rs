//! Letters of blocks: five by seven, with the marks of Vietnamese above and below.

use unicode_normalization::UnicodeNormalization as _;

/// Columns of a letter, and the gap behind it.
pub(super) const ADVANCE: usize = 6;
const WIDTH: usize = 5;
/// Rows: two for a tone, two for the shape of a vowel, seven for the letter, two for the dot.
const TONE: usize = 0;
const SHAPE: usize = 2;
const LETTER: usize = 4;
const DOT: usize = 12;
const ROWS: usize = 13;

/// A picture of a text; each row a list of set columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bitmap {
    pub(super) width: usize,
    pub(super) rows: Vec<Vec<bool>>,
}

impl Bitmap {
    fn new(width: usize, height: usize) -> Bitmap {
        Bitmap {
            width,
            rows: vec![vec![false; width]; height],
        }
    }

    fn set(&mut self, column: usize, row: usize) {
        if let Some(dot) = self.rows.get_mut(row).and_then(|row| row.get_mut(column)) {
            *dot = true;
        }
    }

    /// From a drawing in which `#` is set.
    pub(super) fn drawn(rows: &[&str]) -> Bitmap {
        let width = rows.iter().map(|row| row.len()).max().unwrap_or_default();
        let mut bitmap = Bitmap::new(width, rows.len());
        for (y, row) in rows.iter().enumerate() {
            for (x, c) in row.bytes().enumerate() {
                if c == b'#' {
                    bitmap.set(x, y);
                }
            }
        }
        bitmap
    }

    /// Without empty rows above and below.
    fn cropped(mut self) -> Bitmap {
        let is_empty = |row: &Vec<bool>| row.iter().all(|dot| !dot);
        while self.rows.last().is_some_and(is_empty) {
            self.rows.pop();
        }
        let above = self.rows.iter().take_while(|row| is_empty(row)).count();
        self.rows.drain(..above);
        self
    }

    /// Two rows in each line of a terminal.
    pub(super) fn lines(&self) -> Vec<String> {
        self.rows
            .chunks(2)
            .map(|pair| {
                let dot = |row: usize, x: usize| {
                    pair.get(row).and_then(|row| row.get(x)).copied() == Some(true)
                };
                (0..self.width)
                    .map(|x| match (dot(0, x), dot(1, x)) {
                        (true, true) => '█',
                        (true, false) => '▀',
                        (false, true) => '▄',
                        (false, false) => ' ',
                    })
                    .collect()
            })
            .collect()
    }
}

/// A text as blocks, in upper case; `None` if a letter of it is not to be had.
pub(super) fn text(text: &str) -> Option<Bitmap> {
    let letters: Vec<char> = text.to_uppercase().nfc().collect();
    let mut bitmap = Bitmap::new(letters.len() * ADVANCE, ROWS);
    for (index, letter) in letters.iter().enumerate() {
        put(&mut bitmap, index * ADVANCE, *letter)?;
    }
    Some(bitmap.cropped())
}

fn put(bitmap: &mut Bitmap, left: usize, letter: char) -> Option<()> {
    let mut parts = std::iter::once(letter).nfd();
    let base = parts.next()?;
    rows(bitmap, left, LETTER, &glyph(base)?);
    let (mut shape, mut tone) = (None, None);
    for mark in parts {
        match mark {
            '\u{302}' => shape = Some([0b00100, 0b01010]),
            '\u{306}' => shape = Some([0b01010, 0b00100]),
            '\u{31b}' => {
                bitmap.set(left + WIDTH, LETTER);
                bitmap.set(left + WIDTH, LETTER - 1);
            }
            '\u{308}' => shape = Some([0b01010, 0b00000]),
            '\u{30a}' => shape = Some([0b00100, 0b00100]),
            '\u{30c}' => shape = Some([0b01010, 0b00100]),
            '\u{300}' => tone = Some([0b01000, 0b00100]),
            '\u{301}' => tone = Some([0b00010, 0b00100]),
            '\u{303}' => tone = Some([0b01101, 0b10110]),
            '\u{309}' => tone = Some([0b01100, 0b00100]),
            '\u{323}' => bitmap.set(left + WIDTH / 2, DOT),
            _ => return None,
        }
    }
    if let Some(shape) = shape {
        rows(bitmap, left, SHAPE, &shape);
    }
    if let Some(tone) = tone {
        let top = if shape.is_some() { TONE } else { SHAPE };
        rows(bitmap, left, top, &tone);
    }
    Some(())
}

fn rows(bitmap: &mut Bitmap, left: usize, top: usize, rows: &[u8]) {
    for (y, bits) in rows.iter().enumerate() {
        for x in 0..WIDTH {
            if bits >> (WIDTH - 1 - x) & 1 == 1 {
                bitmap.set(left + x, top + y);
            }
        }
    }
}

#[rustfmt::skip]
fn glyph(letter: char) -> Option<[u8; 7]> {
    Some(match letter {
        ' ' => [0; 7],
        'A' => [0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11],
        'B' => [0x1e, 0x11, 0x11, 0x1e, 0x11, 0x11, 0x1e],
        'C' => [0x0e, 0x11, 0x10, 0x10, 0x10, 0x11, 0x0e],
        'D' => [0x1e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1e],
        'Đ' => [0x0e, 0x09, 0x09, 0x1d, 0x09, 0x09, 0x0e],
        'E' => [0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f],
        'F' => [0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x10],
        'G' => [0x0e, 0x11, 0x10, 0x17, 0x11, 0x11, 0x0e],
        'H' => [0x11, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11],
        'I' => [0x0e, 0x04, 0x04, 0x04, 0x04, 0x04, 0x0e],
        'J' => [0x07, 0x02, 0x02, 0x02, 0x02, 0x12, 0x0c],
        'K' => [0x11, 0x12, 0x14, 0x18, 0x14, 0x12, 0x11],
        'L' => [0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1f],
        'M' => [0x11, 0x1b, 0x15, 0x15, 0x11, 0x11, 0x11],
        'N' => [0x11, 0x19, 0x15, 0x13, 0x11, 0x11, 0x11],
        'O' => [0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e],
        'P' => [0x1e, 0x11, 0x11, 0x1e, 0x10, 0x10, 0x10],
        'Q' => [0x0e, 0x11, 0x11, 0x11, 0x15, 0x12, 0x0d],
        'R' => [0x1e, 0x11, 0x11, 0x1e, 0x14, 0x12, 0x11],
        'S' => [0x0f, 0x10, 0x10, 0x0e, 0x01, 0x01, 0x1e],
        'T' => [0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04],
        'U' => [0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e],
        'V' => [0x11, 0x11, 0x11, 0x11, 0x11, 0x0a, 0x04],
        'W' => [0x11, 0x11, 0x11, 0x15, 0x15, 0x1b, 0x11],
        'X' => [0x11, 0x11, 0x0a, 0x04, 0x0a, 0x11, 0x11],
        'Y' => [0x11, 0x11, 0x0a, 0x04, 0x04, 0x04, 0x04],
        'Z' => [0x1f, 0x01, 0x02, 0x04, 0x08, 0x10, 0x1f],
        '0' => [0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e],
        '1' => [0x04, 0x0c, 0x04, 0x04, 0x04, 0x04, 0x0e],
        '2' => [0x0e, 0x11, 0x01, 0x06, 0x08, 0x10, 0x1f],
        '3' => [0x0e, 0x11, 0x01, 0x06, 0x01, 0x11, 0x0e],
        '4' => [0x02, 0x06, 0x0a, 0x12, 0x1f, 0x02, 0x02],
        '5' => [0x1f, 0x10, 0x1e, 0x01, 0x01, 0x11, 0x0e],
        '6' => [0x06, 0x08, 0x10, 0x1e, 0x11, 0x11, 0x0e],
        '7' => [0x1f, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08],
        '8' => [0x0e, 0x11, 0x11, 0x0e, 0x11, 0x11, 0x0e],
        '9' => [0x0e, 0x11, 0x11, 0x0f, 0x01, 0x02, 0x0c],
        '/' => [0x01, 0x01, 0x02, 0x04, 0x08, 0x10, 0x10],
        '-' | '–' => [0x00, 0x00, 0x00, 0x1f, 0x00, 0x00, 0x00],
        '\'' | '’' => [0x04, 0x04, 0x08, 0x00, 0x00, 0x00, 0x00],
        '.' => [0x00, 0x00, 0x00, 0x00, 0x00, 0x0c, 0x0c],
        ',' => [0x00, 0x00, 0x00, 0x00, 0x0c, 0x04, 0x08],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vietnamese_letter_differs_from_every_other() {
        let mut letters: Vec<String> = ('A'..='Z').map(|c| c.to_string()).collect();
        letters.push("Đ".into());
        for vowel in ["A", "Ă", "Â", "E", "Ê", "I", "O", "Ô", "Ơ", "U", "Ư", "Y"] {
            for tone in ["\u{300}", "\u{301}", "\u{303}", "\u{309}", "\u{323}"] {
                letters.push(format!("{vowel}{tone}"));
            }
            letters.push(vowel.into());
        }
        letters.sort();
        letters.dedup();
        let mut seen = std::collections::BTreeMap::new();
        for letter in &letters {
            let mut bitmap = Bitmap::new(ADVANCE, ROWS);
            let composed: Vec<char> = letter.nfc().collect();
            let [c] = composed[..] else {
                panic!("{letter}")
            };
            put(&mut bitmap, 0, c).unwrap_or_else(|| panic!("no {letter}"));
            if let Some(other) = seen.insert(format!("{bitmap:?}"), letter) {
                panic!("{letter} looks like {other}");
            }
        }
        assert!(seen.len() > 85);
        assert_eq!(text("王"), None);
        assert_eq!(text("NO").map(|one| one.lines().len()), Some(4));
        assert_eq!(text("ễ").map(|one| one.lines().len()), Some(6));
    }
}
